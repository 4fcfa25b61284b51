//! What a playlist says of a file.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use lofty::{
    file::{AudioFile, TaggedFileExt},
    probe::Probe,
    tag::Accessor,
};

/// Who plays what, and for how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// Seconds, rounded, and at least one; none where the file does not say.
    pub seconds: Option<u64>,
    /// The artist's name.
    pub artist: Option<String>,
    /// The track's title.
    pub title: Option<String>,
}

/// What a file says of itself; nothing where it says nothing, or cannot be read.
pub fn describe(path: &Path) -> Described {
    // Lofty meets files here that nobody has looked at before.
    catch_unwind(AssertUnwindSafe(|| said(path))).ok().flatten().unwrap_or_default()
}

fn said(path: &Path) -> Option<Described> {
    let file = Probe::open(path).ok()?.guess_file_type().ok()?.read().ok()?;
    let duration = file.properties().duration();
    let tag = file.primary_tag().or_else(|| file.first_tag());
    let of = |text: Option<std::borrow::Cow<'_, str>>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Some(Described {
        seconds: (!duration.is_zero()).then(|| (duration.as_secs_f64().round() as u64).max(1)),
        artist: of(tag.and_then(Accessor::artist)),
        title: of(tag.and_then(Accessor::title)),
    })
}
