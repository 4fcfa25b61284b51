//! What an error of `object_store` means.

use std::error::Error;

use object_store::client::{HttpError, HttpErrorKind};

use super::Bucket;
use crate::StoreError;

impl Bucket {
    /// The error of a request about `name`, or about the place itself.
    pub(super) fn fault(&self, name: Option<&str>, error: object_store::Error) -> StoreError {
        let place = name.map_or_else(|| self.place.clone(), |name| format!("{}/{name}", self.place));
        // Some kinds of requests keep the server's answer as text alone.
        let text = error.to_string();
        let unreachable = matches!(http_error(&error).map(HttpError::kind), Some(HttpErrorKind::Connect | HttpErrorKind::Timeout));
        match error {
            _ if text.contains("<Code>NoSuchBucket</Code>") => StoreError::NoBucket { place: self.place.clone() },
            object_store::Error::NotFound { .. } => {
                StoreError::Missing { place: self.place.clone(), name: name.unwrap_or_default().to_owned() }
            }
            object_store::Error::Precondition { .. } => {
                StoreError::Replaced { place: self.place.clone(), name: name.unwrap_or_default().to_owned() }
            }
            error if denied(&error, &text) => StoreError::Denied { place, source: error.into() },
            error if unreachable => StoreError::Unreachable { place, source: error.into() },
            error => StoreError::Remote { place, source: error.into() },
        }
    }
}

fn denied(error: &object_store::Error, text: &str) -> bool {
    use object_store::Error::{PermissionDenied, Unauthenticated};
    // Without keys, the machine's own are looked for at this address.
    let no_keys = text.contains("http://169.254.");
    no_keys
        || matches!(error, PermissionDenied { .. } | Unauthenticated { .. })
        || ["403 Forbidden", "401 Unauthorized"].iter().any(|status| text.contains(status))
}

/// The transport's error among the causes.
fn http_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a HttpError> {
    match error.downcast_ref() {
        Some(found) => Some(found),
        None => http_error(error.source()?),
    }
}
