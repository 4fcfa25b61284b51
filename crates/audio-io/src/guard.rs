//! Calls into decoders and demuxers, with their panics contained.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::AudioError;

/// Runs `call`; a panic in it becomes [`AudioError::DecoderPanicked`].
///
/// Whoever gets that error must not touch the decoder again: its state may be broken.
pub(crate) fn contain<T>(path: &Path, call: impl FnOnce() -> T) -> Result<T, AudioError> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let message = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        AudioError::DecoderPanicked { path: path.to_owned(), message }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_names_file_and_message() {
        let error = contain(Path::new("bad.mp3"), || panic!("index {} out of range", 7)).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("bad.mp3") && text.contains("index 7 out of range"), "{text}");
    }
}
