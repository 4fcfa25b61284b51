//! The manifest: one row a track.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use arrow::{array::Float64Array, datatypes::DataType};

use crate::{
    DatasetError, Digest, Part, Selection, Track, digest_bytes,
    table::{self, CORPUS, SCHEMA_VERSION, optional_text_column, text_column},
};

const SELECTION: &str = "segno.selection";
const MANIFEST: &str = "tracks";
const LABEL_PREFIX: &str = "label:";
const VALUE_PREFIX: &str = "value:";

/// Every track of a corpus, those left out included, in the order of their ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// The corpus's name, e.g. `gtzan`.
    pub corpus: String,
    /// The tracks, sorted by `track_id`.
    pub tracks: Vec<Track>,
    /// What the tracks were drawn from, where the corpus is a draw.
    pub selection: Option<Selection>,
}

impl Manifest {
    /// Sorts `tracks` by name.
    ///
    /// # Errors
    /// [`DatasetError::TrackTwice`] where two tracks have one name.
    pub fn new(corpus: impl Into<String>, mut tracks: Vec<Track>) -> Result<Self, DatasetError> {
        let corpus = corpus.into();
        tracks.sort_by(|a, b| a.track_id.cmp(&b.track_id));
        match tracks.windows(2).find(|pair| pair[0].track_id == pair[1].track_id) {
            Some(pair) => Err(DatasetError::TrackTwice { corpus, track_id: pair[0].track_id.clone() }),
            None => Ok(Self { corpus, tracks, selection: None }),
        }
    }

    /// Digest of the contents: names, labels, values, checksums, splits, and what is left out; not the selection, which changes no track.
    pub fn digest(&self) -> Digest {
        let rows = serde_json::to_string(&self.tracks).expect("a track holds text and finite numbers");
        digest_bytes(format!("{SCHEMA_VERSION}\n{}\n{rows}", self.corpus).as_bytes())
    }

    /// The track of that name.
    pub fn track(&self, track_id: &str) -> Option<&Track> {
        self.tracks.binary_search_by(|track| track.track_id.as_str().cmp(track_id)).ok().map(|index| &self.tracks[index])
    }

    /// The tracks that take part, in order.
    pub fn present(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| track.left_out.is_none())
    }

    /// The tracks that take no part, with the reason.
    pub fn left_out(&self) -> impl Iterator<Item = (&Track, &str)> {
        self.tracks.iter().filter_map(|track| Some((track, track.left_out.as_deref()?)))
    }

    /// Every task that some track has a label for, sorted.
    pub fn tasks(&self) -> Vec<String> {
        let tasks: BTreeSet<&String> = self.tracks.iter().flat_map(|t| t.labels.keys()).collect();
        tasks.into_iter().cloned().collect()
    }

    /// The labels of a task among the tracks that take part, sorted.
    pub fn classes(&self, task: &str) -> Vec<String> {
        let labels: BTreeSet<&String> = self.present().filter_map(|t| t.labels.get(task)).collect();
        labels.into_iter().cloned().collect()
    }

    /// A track's label for a task, if it has one.
    pub fn label(&self, track_id: &str, task: &str) -> Option<&str> {
        self.track(track_id)?.labels.get(task).map(String::as_str)
    }

    /// Writes `tracks.parquet`.
    ///
    /// # Errors
    /// A value is not finite, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), DatasetError> {
        let tasks = self.tasks();
        let names: Vec<String> = tasks.iter().map(|t| format!("{LABEL_PREFIX}{t}")).collect();
        let text = |get: fn(&Track) -> &String| text_column(self.tracks.iter().map(|t| get(t).as_str()));
        let optional = |get: fn(&Track) -> Option<&str>| optional_text_column(self.tracks.iter().map(get));
        let mut columns = vec![
            ("track_id", text(|t| &t.track_id), false),
            ("path", text(|t| &t.path), false),
            ("checksum", optional(|t| t.checksum.as_deref()), true),
            ("artist", optional(|t| t.artist.as_deref()), true),
            ("title", optional(|t| t.title.as_deref()), true),
            ("licence", optional(|t| t.licence.as_deref()), true),
            ("public_split", optional(|t| t.public_split.map(Part::name)), true),
            ("duplicate_of", optional(|t| t.duplicate_of.as_deref()), true),
            ("left_out", optional(|t| t.left_out.as_deref()), true),
            ("note", optional(|t| t.note.as_deref()), true),
        ];
        for (task, name) in tasks.iter().zip(&names) {
            let labels = self.tracks.iter().map(|t| t.labels.get(task).map(String::as_str));
            columns.push((name, optional_text_column(labels), true));
        }
        let values: BTreeSet<&String> = self.tracks.iter().flat_map(|t| t.values.keys()).collect();
        let value_names: Vec<String> = values.iter().map(|value| format!("{VALUE_PREFIX}{value}")).collect();
        for (value, name) in values.into_iter().zip(&value_names) {
            let numbers: Float64Array = self.tracks.iter().map(|t| t.values.get(value).copied()).collect();
            if let Some(row) = numbers.iter().position(|number| number.is_some_and(|number| !number.is_finite())) {
                return Err(DatasetError::row(path, row, format!("{value} {}", numbers.value(row)), "a finite number"));
            }
            columns.push((name, Arc::new(numbers), true));
        }
        let mut metadata = vec![(CORPUS, self.corpus.clone())];
        if let Some(selection) = &self.selection {
            metadata.push((SELECTION, serde_json::to_string(selection).expect("a selection is text and numbers")));
        }
        table::write(path, MANIFEST, metadata, columns)
    }

    /// Reads `tracks.parquet`.
    ///
    /// # Errors
    /// The file is not there, not whole, or not a manifest of this version.
    pub fn read(path: &Path) -> Result<Self, DatasetError> {
        let table = table::read(path, MANIFEST)?;
        let track_ids = table.strings("track_id")?;
        let paths = table.strings("path")?;
        let mut tracks: Vec<Track> = track_ids
            .iter()
            .zip(paths)
            .map(|(track_id, path)| Track {
                track_id: track_id.unwrap_or_default().into(),
                path: path.unwrap_or_default().into(),
                ..Track::default()
            })
            .collect();
        type Cell = fn(&mut Track) -> &mut Option<String>;
        let cells: [(&str, Cell); 7] = [
            ("checksum", |t| &mut t.checksum),
            ("artist", |t| &mut t.artist),
            ("title", |t| &mut t.title),
            ("licence", |t| &mut t.licence),
            ("duplicate_of", |t| &mut t.duplicate_of),
            ("left_out", |t| &mut t.left_out),
            ("note", |t| &mut t.note),
        ];
        for (name, cell) in cells {
            for (track, value) in tracks.iter_mut().zip(table.optional_strings(name)?) {
                *cell(track) = value;
            }
        }
        for (row, value) in table.optional_strings("public_split")?.into_iter().enumerate() {
            let part =
                value.map(|name| name.parse::<Part>().map_err(|error| table.bad_row(row, error.to_string(), "train, valid or test")));
            tracks[row].public_split = part.transpose()?;
        }
        for field in table.batch.schema_ref().fields() {
            if let Some(task) = field.name().strip_prefix(LABEL_PREFIX) {
                for (track, label) in tracks.iter_mut().zip(table.optional_strings(field.name())?) {
                    track.labels.extend(label.map(|label| (task.to_owned(), label)));
                }
            } else if let Some(value) = field.name().strip_prefix(VALUE_PREFIX) {
                let numbers: &Float64Array = table.column(field.name(), &DataType::Float64, true)?;
                for (track, number) in tracks.iter_mut().zip(numbers) {
                    track.values.extend(number.map(|number| (value.to_owned(), number)));
                }
            }
        }
        let mut this = Self::new(table.metadata.text(CORPUS)?, tracks)?;
        if table.metadata.has(SELECTION) {
            this.selection = Some(table.metadata.json(SELECTION, "what tracks were drawn from")?);
        }
        Ok(this)
    }
}
