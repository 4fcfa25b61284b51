//! What is known of a file before it is downloaded.

use crate::FetchError;

/// A file at an address, and what is known of it beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// Where it is: `http://` or `https://`. The last part of its path is the name of the file on disk.
    pub url: String,
    /// Its length, where known.
    pub bytes: Option<u64>,
    /// Its MD5 in hexadecimal, where known.
    pub md5: Option<String>,
    /// Its SHA-1 in hexadecimal, where known.
    pub sha1: Option<String>,
    /// Its SHA-256 in hexadecimal, where known.
    pub sha256: Option<String>,
}

/// How far a stage has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes dealt with.
    pub done: u64,
    /// Bytes in all, where known.
    pub total: Option<u64>,
}

impl Archive {
    /// The file's name on disk.
    ///
    /// # Errors
    ///
    /// [`FetchError::BadDescription`] where the address has no usable last part.
    pub fn file_name(&self) -> Result<&str, FetchError> {
        let bad = |expected| FetchError::BadDescription { field: "url", found: self.url.clone(), expected };
        let rest = self.url.strip_prefix("https://").or_else(|| self.url.strip_prefix("http://"));
        let path = rest.ok_or_else(|| bad("an address that starts with https:// or http://"))?;
        let path = path.split(['?', '#']).next().unwrap_or_default();
        let name = path.split_once('/').and_then(|(_host, path)| path.rsplit('/').next()).unwrap_or_default();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-+=%~@".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
            return Err(bad("an address whose last part is a plain file name"));
        }
        Ok(name)
    }

    /// Refuses what would only show after hours of downloading: a checksum that no file can have.
    pub(crate) fn check(&self) -> Result<(), FetchError> {
        self.file_name()?;
        hexadecimal("md5", self.md5.as_deref(), 32, "32 hexadecimal digits")?;
        hexadecimal("sha1", self.sha1.as_deref(), 40, "40 hexadecimal digits")?;
        hexadecimal("sha256", self.sha256.as_deref(), 64, "64 hexadecimal digits")
    }

    /// Whether a wrong file would be noticed by its content.
    pub(crate) fn has_checksum(&self) -> bool {
        self.md5.is_some() || self.sha1.is_some() || self.sha256.is_some()
    }
}

fn hexadecimal(field: &'static str, value: Option<&str>, digits: usize, expected: &'static str) -> Result<(), FetchError> {
    match value {
        Some(text) if text.len() != digits || !text.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Err(FetchError::BadDescription { field, found: text.to_owned(), expected })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> Archive {
        Archive { url: url.to_owned(), bytes: None, md5: None, sha1: None, sha256: None }
    }

    #[test]
    fn the_name_is_the_last_part_of_the_path() {
        assert_eq!(at("https://host/data/genres.tar.gz").file_name().unwrap(), "genres.tar.gz");
        assert_eq!(at("http://host:80/a?download=true#x").file_name().unwrap(), "a");
    }

    #[test]
    fn addresses_without_a_name_are_refused() {
        for url in
            ["https://host", "https://host/", "https://host/a/..", "ftp://host/a", "https://host/a b", "https://host/.x", "https://h/a\\b"]
        {
            let error = at(url).file_name().unwrap_err();
            assert!(matches!(error, FetchError::BadDescription { field: "url", .. }), "{url}: {error}");
        }
    }

    #[test]
    fn checksums_no_file_can_have_are_refused() {
        let archive = Archive { md5: Some("abc".to_owned()), ..at("https://host/a") };
        assert!(matches!(archive.check(), Err(FetchError::BadDescription { field: "md5", .. })));
        let archive = Archive { sha1: Some("0".repeat(32)), ..at("https://host/a") };
        assert!(matches!(archive.check(), Err(FetchError::BadDescription { field: "sha1", .. })));
        let archive = Archive { sha256: Some("g".repeat(64)), ..at("https://host/a") };
        assert!(matches!(archive.check(), Err(FetchError::BadDescription { field: "sha256", .. })));
    }
}
