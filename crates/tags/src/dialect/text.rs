//! The strings of ID3v2 frames.

/// The strings in bytes of an encoding (a frame's first byte), which nulls separate; what is no text in it becomes U+FFFD.
pub fn strings(encoding: u8, bytes: &[u8]) -> Vec<String> {
    match encoding {
        1 | 2 => {
            let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            // Each string may have its mark of order; one without is as the one before.
            let mut is_little = encoding == 1;
            units.split(|unit| *unit == 0).map(|units| utf16(units, &mut is_little)).collect()
        }
        0 => bytes.split(|byte| *byte == 0).map(|part| part.iter().map(|byte| char::from(*byte)).collect()).collect(),
        _ => bytes.split(|byte| *byte == 0).map(|part| String::from_utf8_lossy(part).into_owned()).collect(),
    }
}

/// Units that were read as big-endian.
fn utf16(units: &[u16], is_little: &mut bool) -> String {
    let units = match units.first() {
        Some(0xfffe) => {
            *is_little = true;
            &units[1..]
        }
        Some(0xfeff) => {
            *is_little = false;
            &units[1..]
        }
        _ => units,
    };
    let units = units.iter().map(|unit| if *is_little { unit.swap_bytes() } else { *unit });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Strings with a null between them and their encoding before them: UTF-8 where the version has it, else Latin-1 of what is ASCII,
/// and UTF-16 of all else.
pub fn encoded(has_utf8: bool, strings: &[&str]) -> Vec<u8> {
    if has_utf8 || strings.iter().all(|text| text.is_ascii()) {
        let encoding = if has_utf8 { 3 } else { 0 };
        return [&[encoding], strings.join("\0").as_bytes()].concat();
    }
    let one = |text: &&str| {
        let units = [0xfeff].into_iter().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    [&[1][..], &strings.iter().map(one).collect::<Vec<_>>().join(&[0, 0][..])].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_from_every_encoding() {
        assert_eq!(strings(0, b"caf\xe9\0b\0"), ["café", "b", ""]);
        assert_eq!(strings(1, b"\xff\xfea\0\0\0\xfe\xff\0b"), ["a", "b"]);
        assert_eq!(strings(1, b"\xff\xfea\0\0\0b\0"), ["a", "b"]);
        assert_eq!(strings(2, b"\0a\0\0\0b"), ["a", "b"]);
        assert_eq!(strings(3, "é\0ü".as_bytes()), ["é", "ü"]);
        for has_utf8 in [true, false] {
            for texts in [&["a", "b"][..], &["Ä", "日本"]] {
                let bytes = encoded(has_utf8, texts);
                assert_eq!(strings(bytes[0], &bytes[1..]), texts);
            }
        }
    }
}
