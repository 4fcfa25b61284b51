//! SHA-256 digests, as lower-case hexadecimal text.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as Hasher, Sha256};

/// A SHA-256 digest in lower-case hexadecimal.
pub type Digest = String;

/// Digest of `bytes`.
pub fn digest_bytes(bytes: &[u8]) -> Digest {
    hex(&Sha256::digest(bytes))
}

/// Digest of a list of fields, each preceded by its length, so that no two lists share their bytes.
pub fn digest_fields<'a>(fields: impl IntoIterator<Item = &'a str>) -> Digest {
    hex(&hash_fields(fields))
}

/// As [`digest_fields`], as bytes.
pub(crate) fn hash_fields<'a>(fields: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for field in fields {
        hasher.update((field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    hasher.finalize().into()
}

/// Digest of a file's contents, read in blocks.
///
/// # Errors
/// Whatever opening or reading the file gives.
pub fn digest_file(path: &Path) -> io::Result<Digest> {
    hash_file::<Sha256>(path)
}

/// MD5 of a file's contents: what the public lists of GTZAN's `.wav` copies are made of.
pub(crate) fn md5_file(path: &Path) -> io::Result<String> {
    hash_file::<Md5>(path)
}

/// SHA-1 of a file's contents: what FMA publishes of its tables.
pub(crate) fn sha1_file(path: &Path) -> io::Result<String> {
    hash_file::<Sha1>(path)
}

fn hash_file<H: Hasher>(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = H::new();
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(n) => hasher.update(&block[..n]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // FIPS 180-2, appendices B.1 and A.1, and RFC 1321, appendix A.5.
    #[test]
    fn known_answers() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, b"abc").unwrap();
        let sha = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest_bytes(b"abc"), sha);
        assert_eq!(digest_file(&path).unwrap(), sha);
        assert_eq!(md5_file(&path).unwrap(), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(sha1_file(&path).unwrap(), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    #[test]
    fn fields_do_not_run_together() {
        assert_ne!(digest_fields(["ab", "c"]), digest_fields(["a", "bc"]));
        assert_ne!(digest_fields(["a", ""]), digest_fields(["a"]));
    }
}
