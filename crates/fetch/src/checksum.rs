//! Whether a file on disk is the one described.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::{Archive, FetchError};

/// Reads the file at `path` once and holds it against everything `archive` says of it.
///
/// # Errors
///
/// [`FetchError::WrongSize`] or [`FetchError::WrongChecksum`] where it is another file; [`FetchError::Io`] where it
/// cannot be read.
pub fn verify(archive: &Archive, path: &Path) -> Result<(), FetchError> {
    let mut file = File::open(path).map_err(FetchError::io("open", path))?;
    let found = file.metadata().map_err(FetchError::io("read", path))?.len();
    if let Some(expected) = archive.bytes.filter(|&expected| expected != found) {
        return Err(FetchError::WrongSize { url: archive.url.clone(), found, expected });
    }
    if !archive.has_checksum() {
        return Ok(());
    }
    let mut md5 = archive.md5.as_ref().map(|_| Md5::new());
    let mut sha1 = archive.sha1.as_ref().map(|_| Sha1::new());
    let mut sha256 = archive.sha256.as_ref().map(|_| Sha256::new());
    let mut buffer = vec![0; 1 << 18];
    loop {
        let n = match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(FetchError::io("read", path)(error)),
        };
        if let Some(md5) = &mut md5 {
            md5.update(&buffer[..n]);
        }
        if let Some(sha1) = &mut sha1 {
            sha1.update(&buffer[..n]);
        }
        if let Some(sha256) = &mut sha256 {
            sha256.update(&buffer[..n]);
        }
    }
    compare(archive, "md5", archive.md5.as_deref(), md5.map(|md5| hex(&md5.finalize())))?;
    compare(archive, "sha1", archive.sha1.as_deref(), sha1.map(|sha1| hex(&sha1.finalize())))?;
    compare(archive, "sha256", archive.sha256.as_deref(), sha256.map(|sha256| hex(&sha256.finalize())))
}

fn compare(archive: &Archive, kind: &'static str, expected: Option<&str>, found: Option<String>) -> Result<(), FetchError> {
    match (expected, found) {
        (Some(expected), Some(found)) if !expected.eq_ignore_ascii_case(&found) => {
            Err(FetchError::WrongChecksum { url: archive.url.clone(), kind, found, expected: expected.to_owned() })
        }
        _ => Ok(()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_standards() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        // RFC 1321, appendix A.5, and FIPS 180-2, appendices A.1 and B.1.
        let mut archive = Archive {
            url: "https://host/abc".to_owned(),
            bytes: Some(3),
            md5: Some("900150983CD24FB0d6963f7d28e17f72".to_owned()),
            sha1: Some("a9993e364706816aba3e25717850c26c9cd0d89d".to_owned()),
            sha256: Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned()),
        };
        verify(&archive, &path).unwrap();
        archive.md5 = Some("0".repeat(32));
        assert!(matches!(verify(&archive, &path), Err(FetchError::WrongChecksum { kind: "md5", .. })));
        (archive.md5, archive.sha1) = (None, Some("0".repeat(40)));
        assert!(matches!(verify(&archive, &path), Err(FetchError::WrongChecksum { kind: "sha1", .. })));
        archive.bytes = Some(4);
        assert!(matches!(verify(&archive, &path), Err(FetchError::WrongSize { found: 3, expected: 4, .. })));
    }
}
