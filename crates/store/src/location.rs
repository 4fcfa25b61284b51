//! Where a store is: a path, or a URL.

use std::path::PathBuf;

use object_store::path::Path;

use crate::StoreError;

/// A location, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A plain path.
    Folder(PathBuf),
    /// `file:///…`, from the root of the file system.
    Local(Path),
    /// `s3://bucket/prefix`.
    S3 { bucket: String, prefix: Path },
}

impl Location {
    pub(crate) fn parse(location: &str) -> Result<Self, StoreError> {
        let wrong = |found: String, expected| StoreError::Location { location: location.into(), found, expected };
        let Some((scheme, rest)) = location.split_once("://") else {
            return match location {
                "" => Err(wrong("nothing".into(), "a path, file:///path or s3://bucket/prefix")),
                path => Ok(Self::Folder(path.into())),
            };
        };
        match scheme {
            "file" => {
                let Some(path) = rest.strip_prefix('/') else {
                    return Err(wrong(format!("the host or relative path '{rest}'"), "file:/// and an absolute path"));
                };
                let path = Path::from_url_path(path).map_err(|error| wrong(error.to_string(), "file:/// and an absolute path"))?;
                Ok(Self::Local(path))
            }
            "s3" => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    return Err(wrong("no bucket".into(), "s3://bucket/prefix"));
                }
                let prefix = Path::parse(prefix).map_err(|error| wrong(error.to_string(), "s3://bucket/prefix"))?;
                Ok(Self::S3 { bucket: bucket.into(), prefix })
            }
            other => Err(wrong(format!("the scheme '{other}'"), "a path, file:///path or s3://bucket/prefix")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_taken_apart() {
        let s3 = |bucket: &str, prefix: &str| Location::S3 { bucket: bucket.into(), prefix: prefix.into() };
        for (text, expected) in [
            ("work/features", Location::Folder("work/features".into())),
            ("/tmp/a b", Location::Folder("/tmp/a b".into())),
            ("file:///tmp/a%20b/", Location::Local("tmp/a b".into())),
            ("s3://music", s3("music", "")),
            ("s3://music/", s3("music", "")),
            ("s3://music/irvin/shards/", s3("music", "irvin/shards")),
        ] {
            assert_eq!(Location::parse(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_names_no_place_is_refused() {
        for (text, found) in [
            ("", "nothing"),
            ("gs://music", "the scheme 'gs'"),
            ("s3://", "no bucket"),
            ("s3:///prefix", "no bucket"),
            ("s3://music/a//b", "empty"),
            ("s3://music/../x", ".."),
            ("file://host/path", "the host or relative path 'host/path'"),
            ("file://relative", "the host or relative path 'relative'"),
        ] {
            let error = Location::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("location '{text}': found ")) && error.contains(found), "{error}");
        }
    }
}
