//! What a run has heard so far, so that another goes on from there.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::ask::Outcome;
use crate::answer::Answer;

/// A file beside the one that is written: a line that says of what model it is, then a line a file that was heard, in the order in
/// which that was done. A line that a killed run left half is taken off.
///
/// It holds numbers and not what is made of them: with another `--min-precision` or form nothing is heard again.
pub struct Journal {
    path: PathBuf,
    file: File,
    heard: HashMap<String, Entry>,
}

/// The first line.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// Version of this layout: 2, since silent moments have no answer.
    segno_journal: u32,
    /// Digest of the model's file.
    model: String,
    /// Version of the program.
    segno: String,
    /// Whether answers have a timeline.
    timeline: bool,
}

/// A file that was heard.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    file: String,
    /// Size and time of its last change, in nanoseconds since 1970: another file under the name is heard anew.
    bytes: u64,
    changed_ns: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Answer>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<String>,
}

impl Journal {
    /// Opens the journal beside `out`, or begins it.
    ///
    /// # Errors
    /// It is of another model or other settings; the disk refuses.
    pub fn open(out: &Path, model: &str, timeline: bool) -> Result<Self> {
        let path = Self::path(out);
        let opening = Opening { segno_journal: 2, model: model.to_owned(), segno: env!("CARGO_PKG_VERSION").to_owned(), timeline };
        let cannot = || format!("cannot keep {}", path.display());
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path).with_context(cannot)?;
        ensure!(file.try_lock().is_ok(), "{}: held by another run: wait until it has ended, or take another --out", path.display());
        let (mut heard, mut whole) = (HashMap::new(), 0);
        let mut lines = BufReader::new(&file);
        let mut line = vec![];
        while lines.read_until(b'\n', &mut line).with_context(cannot)? > 0 && line.ends_with(b"\n") {
            if whole == 0 {
                let found = serde_json::from_slice::<Opening>(&line).ok();
                ensure!(
                    found.is_some_and(|found| found == opening),
                    "{}: of another model, version or --timeline than this run: remove it to begin anew, or take another --out",
                    path.display()
                );
            } else {
                let entry: Entry = serde_json::from_slice(&line)
                    .with_context(|| format!("{}: a line is damaged: remove it to begin anew", path.display()))?;
                heard.insert(entry.file.clone(), entry);
            }
            whole += line.len() as u64;
            line.clear();
        }
        // What a killed run left half.
        file.set_len(whole).with_context(cannot)?;
        file.seek(SeekFrom::End(0)).with_context(cannot)?;
        let mut this = Self { path, file, heard };
        if whole == 0 {
            this.append(&serde_json::to_string(&opening)?)?;
        }
        Ok(this)
    }

    /// The journal's file.
    pub fn path(out: &Path) -> PathBuf {
        let mut name = out.as_os_str().to_owned();
        name.push(".journal");
        name.into()
    }

    /// What was heard of a file, if it is the same file still.
    pub fn outcome(&self, file: &Path) -> Option<Outcome> {
        let (bytes, changed_ns) = stamp(file).ok()?;
        let entry = self.heard.get(file.to_str()?).filter(|entry| (entry.bytes, entry.changed_ns) == (bytes, changed_ns))?;
        match (&entry.answer, &entry.failed) {
            (Some(answer), _) => Some(Ok(answer.clone())),
            (None, Some(reason)) => Some(Err(reason.clone())),
            (None, None) => None,
        }
    }

    /// Keeps what was heard of a file. One whose name is no Unicode is heard by every run.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn keep(&mut self, file: &Path, outcome: &Outcome) -> Result<()> {
        let (Some(name), Ok((bytes, changed_ns))) = (file.to_str(), stamp(file)) else { return Ok(()) };
        let (answer, failed) = (outcome.as_ref().ok().cloned(), outcome.as_ref().err().cloned());
        self.append(&serde_json::to_string(&Entry { file: name.to_owned(), bytes, changed_ns, answer, failed })?)
    }

    fn append(&mut self, line: &str) -> Result<()> {
        let written = self.file.write_all(format!("{line}\n").as_bytes());
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }
}

fn stamp(file: &Path) -> Result<(u64, u64)> {
    let metadata = fs::metadata(file)?;
    let changed = metadata.modified()?.duration_since(UNIX_EPOCH)?;
    Ok((metadata.len(), u64::try_from(changed.as_nanos())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(clips: usize) -> Answer {
        Answer {
            clips,
            tasks: vec![vec![0.1, 0.9]],
            tags: vec![1.0 / 3.0],
            distance: Some(0.7),
            timeline: vec![],
            note: Some("odd".into()),
        }
    }

    #[test]
    fn a_second_run_knows_what_the_first_heard_and_not_what_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let [out, song, other, broken] = ["o.csv", "song.wav", "other.wav", "broken.wav"].map(|name| folder.path().join(name));
        for file in [&song, &other, &broken] {
            fs::write(file, "sound").unwrap();
        }
        let mut first = Journal::open(&out, "digest", false).unwrap();
        first.keep(&song, &Ok(answer(1))).unwrap();
        first.keep(&other, &Ok(answer(2))).unwrap();
        first.keep(&broken, &Err("broken.wav: no sound".into())).unwrap();
        drop(first);
        fs::write(&other, "another sound").unwrap();
        // What a kill leaves.
        let path = Journal::path(&out);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], b"{\"file\":\"so"].concat()).unwrap();
        let second = Journal::open(&out, "digest", false).unwrap();
        assert_eq!(second.outcome(&song), Some(Ok(answer(1))));
        assert_eq!(second.outcome(&other), None);
        assert_eq!(second.outcome(&broken), Some(Err("broken.wav: no sound".into())));
        assert_eq!(fs::read(&path).unwrap(), whole);
    }

    #[test]
    fn a_journal_of_another_model_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("o.csv");
        drop(Journal::open(&out, "digest", false).unwrap());
        for (model, timeline) in [("another", false), ("digest", true)] {
            let told = Journal::open(&out, model, timeline).err().unwrap().to_string();
            assert!(told.contains("o.csv.journal: of another model"), "{told}");
        }
    }
}
