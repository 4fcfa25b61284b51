//! SHA-256 digests, as lower-case hexadecimal text.

use std::{fs::File, io, path::Path};

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest in lower-case hexadecimal.
pub type Digest = String;

/// Digest of `bytes`.
pub fn digest_bytes(bytes: &[u8]) -> Digest {
    hex(&Sha256::digest(bytes))
}

/// Digest of a file's contents, read in blocks.
///
/// # Errors
/// Whatever opening or reading the file gives.
pub fn digest_file(path: &Path) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok(hex(&hasher.finalize()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
