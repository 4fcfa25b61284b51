//! Two rows held against each other, clip by clip and track by track, on the same test parts; rows that cut tracks
//! differently, into longer clips or not at all, are held against each other track by track.
//!
//! The numbers are those of [`crate::stats::paired`]; here they are put together with what a reader asks next: which
//! classes the difference is of, and which tracks one has right and the other wrong.

mod classes;
mod discordant;
mod html;
mod markdown;
mod model;

use std::collections::BTreeMap;

use segno_dataset::{Predictions, Protocol};

pub use classes::ClassDifference;
pub use discordant::Discordant;
pub use html::html;
pub use markdown::markdown;
pub use model::{COMPARISON_FORMAT, Comparison, Part, RunSource, SideFacts};

use crate::{
    EvalError,
    metrics::Level,
    report::text,
    stats::{Bootstrap, Paired, Pairing, paired},
};

/// What a comparison is made from.
#[derive(Clone, Debug)]
pub struct CompareInput {
    /// The command that makes it again.
    pub command: String,
    /// The corpus, by name.
    pub corpus: String,
    /// What a reader must know before any number.
    pub warnings: Vec<String>,
    /// The tasks compared.
    pub tasks: Vec<String>,
    /// The protocols compared, in their order.
    pub protocols: Vec<Protocol>,
    /// The two rows.
    pub sides: [Side; 2],
    /// Whether the two cut tracks into the same clips.
    pub pairing: Pairing,
    /// Track → artist and title, where they are known.
    pub names: BTreeMap<String, String>,
}

/// One row's predictions.
#[derive(Clone, Debug)]
pub struct Side {
    /// The row's `id`.
    pub row: String,
    /// As a reader knows it.
    pub label: String,
    /// The work folder's name, where the two sides are of two.
    pub folder: Option<String>,
    /// Predictions of the test part, with the file that they lie in, relative to the work folder.
    pub runs: Vec<(String, Predictions)>,
}

/// Compares two rows under each protocol and at each task.
///
/// # Errors
/// As [`paired`]: above all, if a seed's two sides did not test the same clips, or the same tracks.
pub fn compare(input: &CompareInput) -> Result<Comparison, EvalError> {
    let bootstrap = Bootstrap::default();
    let mut parts = vec![];
    for protocol in &input.protocols {
        let [a, b] = input.sides.each_ref().map(|side| -> Vec<&Predictions> {
            let all = side.runs.iter().map(|(_, predictions)| predictions);
            all.filter(|predictions| predictions.source.protocol == *protocol).collect()
        });
        for task in &input.tasks {
            let at = |level, a: &[_], b: &[_]| paired(a, b, task, level, input.pairing, &bootstrap);
            let track = at(Level::Track, &a, &b)?;
            let seeds: Vec<u64> = track.seeds.iter().map(|seed| seed.seed).collect();
            let (a, b) = (of_seeds(&a, &seeds), of_seeds(&b, &seeds));
            let clip = (input.pairing == Pairing::Clips).then(|| at(Level::Clip, &a, &b)).transpose()?;
            let finest = clip.as_ref().unwrap_or(&track);
            parts.push(Part {
                protocol: *protocol,
                task: task.clone(),
                finding: finding(input, finest, &track),
                classes: classes::differences(finest.level, &a, &b, task)?,
                discordant: discordant::tracks(&a, &b, task, &input.names)?,
                clip,
                track,
            });
        }
    }
    let [a, b] = input.sides.each_ref().map(SideFacts::of);
    Ok(Comparison {
        warnings: input.warnings.clone(),
        format: COMPARISON_FORMAT,
        command: input.command.clone(),
        corpus: input.corpus.clone(),
        a,
        b,
        bootstrap,
        parts,
    })
}

/// A side's predictions of these seeds, in the order of the seeds.
fn of_seeds<'a>(side: &[&'a Predictions], seeds: &[u64]) -> Vec<&'a Predictions> {
    let mut common = side.to_vec();
    common.retain(|predictions| seeds.contains(&predictions.source.seed));
    common.sort_by_key(|predictions| predictions.source.seed);
    common
}

/// The difference in a sentence, and what can be said of it.
fn finding(input: &CompareInput, finest: &Paired, track: &Paired) -> String {
    let [a, b] = input.sides.each_ref().map(Side::name);
    let ends = text::interval(finest.interval, 1).map_or_else(|| "no interval".to_owned(), |ends| format!("95 % interval {ends}"));
    let told = match finest.interval {
        Some(ends) if ends.contains(0.0) => "these tracks cannot tell them apart",
        Some(_) if finest.difference > 0.0 => "more than the choice of tracks accounts for",
        Some(_) => "less than the choice of tracks accounts for",
        None => "a single track tells nothing",
    };
    let p: Vec<f64> = track.seeds.iter().filter_map(|seed| seed.mcnemar).collect();
    let tests = p.iter().map(|p| text::p_value(*p)).collect::<Vec<_>>().join(", ");
    let by_track = if finest.level == Level::Track {
        "They are compared by track alone, for they cut tracks differently".to_owned()
    } else {
        format!("Track by track {} and {}", text::fraction(Some(track.accuracy_a)), text::fraction(Some(track.accuracy_b)))
    };
    format!(
        "{a} answers {} of the {} rightly, {b} {}: a difference of {} points ({ends} over {}): {told}. {by_track}; \
         McNemar’s p, a seed each: {tests}.",
        text::fraction(Some(finest.accuracy_a)),
        model::items(finest.level),
        text::fraction(Some(finest.accuracy_b)),
        text::decimals(finest.difference, 1),
        text::counted(usize::try_from(finest.n_tracks).unwrap_or(usize::MAX), "track", "tracks"),
    )
}

impl Side {
    /// Its label, with the folder where the two sides are of two.
    fn name(&self) -> String {
        name(&self.label, self.folder.as_deref())
    }
}

fn name(label: &str, folder: Option<&str>) -> String {
    folder.map_or_else(|| label.to_owned(), |folder| format!("{label} ({folder})"))
}
