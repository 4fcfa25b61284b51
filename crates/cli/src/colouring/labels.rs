//! What a corpus says of its own tracks, and where they lie.

use std::path::Path;

use anyhow::{Context, Result};
use segno_dataset::Manifest;
use segno_map::{Answer, Task};

/// A task a label of the manifest; a track that lacks it has no answer.
pub fn of_labels(manifest: &Manifest, tracks: &[String]) -> Vec<Task> {
    let of_task = |task: String| {
        let classes = manifest.classes(&task);
        let answer = |track: &String| {
            let label = manifest.label(track, &task)?;
            Some(Answer::Class { class: classes.iter().position(|class| class == label)?, confidence: None })
        };
        let answers = tracks.iter().map(|track| answer(track).unwrap_or(Answer::Unknown)).collect();
        Task { name: format!("{task} (label)"), answers, classes }
    };
    manifest.tasks().into_iter().map(of_task).collect()
}

/// The files of tracks that were embedded from a manifest.
///
/// # Errors
/// One of them is not in it.
pub fn files(manifest: &Manifest, root: &Path, tracks: &[String]) -> Result<Vec<String>> {
    let file = |track: &String| {
        let found = manifest
            .track(track)
            .with_context(|| format!("{track}: no track of corpus {}: name the work folder that was embedded", manifest.corpus))?;
        Ok(root.join(&found.path).to_string_lossy().into_owned())
    };
    tracks.iter().map(file).collect()
}
