//! Checkpoints of TensorFlow, made by hand: what is read, and what is refused, by name.

use segno_models::musicnn::{Checkpoint, CheckpointError, parameters};

/// CRC-32C as the format has it (LevelDB's `doc/table_format.md`).
fn masked(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}

fn varint(mut n: usize) -> Vec<u8> {
    let mut bytes = vec![];
    while n > 127 {
        bytes.push((n & 127) as u8 | 128);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

/// Keys and values; how much each key shares with the one before is said with it.
fn block(pairs: &[(usize, &[u8], &[u8])]) -> Vec<u8> {
    let mut bytes = vec![];
    for (shared, key, value) in pairs {
        [*shared, key.len(), value.len()].iter().for_each(|size| bytes.extend(varint(*size)));
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
    }
    bytes.extend([0_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat()); // one restart, at the beginning
    bytes
}

/// A file of one block.
fn table(pairs: &[(usize, &[u8], &[u8])]) -> Vec<u8> {
    let mut file = vec![];
    let mut append = |block: Vec<u8>| {
        let handle = [varint(file.len()), varint(block.len())].concat();
        file.extend_from_slice(&block);
        file.push(0); // not compressed
        file.extend(masked(&[&block[..], &[0]].concat()).to_le_bytes());
        handle
    };
    let data = append(block(pairs));
    let index = append(block(&[(0, b"z", &data)]));
    let mut footer = [vec![0, 0], index].concat();
    footer.resize(40, 0);
    footer.extend(0xdb47_7524_8b80_fb57_u64.to_le_bytes());
    [file, footer].concat()
}

/// A `BundleEntryProto` of floats of shape [2] that lie at `offset`.
fn entry(dtype: u8, offset: u8, bytes: &[u8]) -> Vec<u8> {
    let mut entry = vec![0x08, dtype, 0x12, 4, 0x12, 2, 0x08, 2, 0x20, offset, 0x28, bytes.len() as u8, 0x35];
    entry.extend(masked(bytes).to_le_bytes());
    entry
}

fn floats(values: [f32; 2]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn told(error: CheckpointError) -> String {
    error.to_string()
}

#[test]
fn tensors_are_found_by_name_and_keys_share_their_beginnings() {
    let data = [floats([1.0, 2.0]), floats([3.0, 4.0])].concat();
    let [one, two] = [entry(1, 0, &data[..8]), entry(1, 8, &data[8..])];
    let index = table(&[(0, b"", b"\x08\x01"), (0, b"layer/bias", &one), (6, b"kernel", &two)]);
    let checkpoint = Checkpoint::open(&index, &data).unwrap();
    assert_eq!(checkpoint.tensor("layer/bias", &[2]).unwrap().values, [1.0, 2.0]);
    assert_eq!(checkpoint.tensor("layer/kernel", &[2]).unwrap().values, [3.0, 4.0]);
}

#[test]
fn what_is_of_something_else_is_named_with_both_sides() {
    let data = floats([1.0, 2.0]);
    let index = table(&[(0, b"a", &entry(1, 0, &data)), (0, b"half", &entry(19, 0, &data))]);
    let checkpoint = Checkpoint::open(&index, &data).unwrap();
    assert!(told(checkpoint.tensor("b", &[2]).unwrap_err()).contains("b: found none, expected [2]"));
    assert!(told(checkpoint.tensor("a", &[3]).unwrap_err()).contains("a: found [2] of type 1 in file 0, expected [3]"));
    assert!(told(checkpoint.tensor("half", &[2]).unwrap_err()).contains("of type 19"));
    assert!(told(parameters(&checkpoint).unwrap_err()).contains("not of this network: batch_normalization/gamma: found none"));
}

#[test]
fn damaged_data_is_refused() {
    let refused = |index_of: [f32; 2], data: &[u8], expected: &str| {
        let index = table(&[(0, b"a", &entry(1, 0, &floats(index_of)))]);
        let told = told(Checkpoint::open(&index, data).unwrap().tensor("a", &[2]).unwrap_err());
        assert!(told.contains(expected), "expected '{expected}' in: {told}");
    };
    refused([1.0, 2.0], &floats([1.0, 3.0]), "a: its checksum is not that of its bytes");
    refused([1.0, 2.0], &floats([1.0, 2.0])[..7], "a: it lies beyond the end");
    refused([1.0, f32::NAN], &floats([1.0, f32::NAN]), "a: it holds what is no number");
}

#[test]
fn a_damaged_index_is_refused() {
    let sound = table(&[(0, b"a", &entry(1, 0, &floats([1.0, 2.0])))]);
    Checkpoint::open(&sound, &[]).unwrap();
    for at in 0..sound.len() - 48 {
        let mut index = sound.clone();
        index[at] ^= 1;
        let told = told(Checkpoint::open(&index, &[]).unwrap_err());
        assert!(told.contains("the checkpoint's index is damaged"), "byte {at}: {told}");
    }
    for end in 0..sound.len() {
        Checkpoint::open(&sound[..end], &[]).unwrap_err();
    }
    let refused = |pairs: &[(usize, &[u8], &[u8])], expected: &str| {
        let told = told(Checkpoint::open(&table(pairs), &[]).unwrap_err());
        assert!(told.contains(expected), "expected '{expected}' in: {told}");
    };
    refused(&[(3, b"a", b"")], "a key shares more than there is");
    refused(&[(0, b"a", &[0x09])], "a field of kind 1");
    refused(&[(0, b"a", &[0x12, 9])], "it ends too early");
    refused(&[(0, b"a", &[0xff; 11])], "a number is longer than 64 bits");
}

/// Three bytes a pair can stand for a key of thousands: a file of 120 kB for 1.6 GB.
#[test]
fn keys_that_share_too_much_take_no_memory() {
    let long = [b'k'; 40_000];
    let mut pairs: Vec<(usize, &[u8], &[u8])> = vec![(40_000, b"", b""); 40_000];
    pairs[0] = (0, &long, b"");
    let told = told(Checkpoint::open(&table(&pairs), &[]).unwrap_err());
    assert!(told.contains("more memory than any index"), "{told}");
}
