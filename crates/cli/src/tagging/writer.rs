//! Rows, written into the files that they are of, or told as what would be.

use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};
use segno_tags::{Change, Plan, TagError, Tagged, UndoFile};

use super::{Fields, same_audio};
use crate::listening::{Row, TaskRow, Verdict};
use crate::told::{show, tell};

/// How files are written to.
#[derive(Clone, Debug)]
pub struct Writing {
    /// Really, and not as a dry run.
    pub applies: bool,
    /// Leaves alone what has something already.
    pub keeps: bool,
    /// Where the way back is written down; none for the first free name in a folder.
    pub undo: Option<PathBuf>,
    /// The folder.
    pub folder: PathBuf,
    /// From which likelihood on a tagger's tags are written.
    pub least_likelihood: Option<f32>,
}

/// Writes row by row.
pub struct Writer {
    fields: Fields,
    how: Writing,
    undo: Option<UndoFile>,
    rows: usize,
    changed: usize,
    failed: usize,
}

/// What came of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Changed,
    AsItIs,
    Failed,
}

impl Writer {
    /// A writer that has written nothing.
    ///
    /// # Errors
    /// The undo file is there already.
    pub fn new(fields: Fields, how: Writing) -> Result<Self> {
        if let Some(undo) = &how.undo {
            ensure!(!undo.exists(), "--undo-file: {} is there already: take another name", undo.display());
        }
        Ok(Self { fields, how, undo: None, rows: 0, changed: 0, failed: 0 })
    }

    /// Writes a row into its file; whether the file is another now.
    ///
    /// # Errors
    /// The way back cannot be written down: no more files are to be touched then. A file that cannot be written is told, and counted.
    pub fn row(&mut self, row: &Row) -> Result<bool> {
        let came = self.came(row)?;
        self.rows += 1;
        self.changed += usize::from(came == Came::Changed);
        self.failed += usize::from(came == Came::Failed);
        Ok(self.how.applies && came == Came::Changed)
    }

    fn came(&mut self, row: &Row) -> Result<Came> {
        let file = row.file.display();
        let Ok(heard) = &row.heard else { return Ok(Came::AsItIs) };
        let doubts: Vec<String> = heard.tasks.iter().filter_map(doubt).collect();
        let groups = self.fields.of(heard, self.how.least_likelihood);
        if groups.is_empty() {
            let reason = if doubts.is_empty() { "no tag is likely enough".to_owned() } else { doubts.join("; ") };
            show!("{file}: nothing to write: {reason}");
            return Ok(Came::AsItIs);
        }
        let tagged = match Tagged::read(&row.file) {
            Ok(tagged) => tagged,
            Err(error) => return Ok(failed(&error)),
        };
        let (kept, written): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| self.how.keeps && !tagged.values(group.main()).is_empty());
        let kept = kept.iter().map(|group| format!("{} is kept: {}", group.main(), shown(&tagged.values(group.main()))));
        let remarks: Vec<String> = kept.chain(doubts).collect();
        let plan = match tagged.plan(&written.into_iter().flat_map(|group| group.fields).collect::<Vec<_>>()) {
            Ok(plan) => plan,
            Err(error) => return Ok(failed(&error)),
        };
        let is_same = plan.changes().is_empty();
        let state = if is_same { ": as it is" } else { "" };
        if self.how.applies && !is_same {
            self.keep(&plan)?;
            if let Err(error) = plan.write(same_audio) {
                return Ok(failed(&error));
            }
        }
        show!("{file}{state}{}", lines(plan.changes(), &remarks));
        Ok(if is_same { Came::AsItIs } else { Came::Changed })
    }

    /// Writes down the way back before it is needed.
    fn keep(&mut self, plan: &Plan) -> Result<()> {
        let undo = match &mut self.undo {
            Some(undo) => undo,
            None => self.undo.insert(begin(&self.how)?),
        };
        Ok(undo.keep(plan)?)
    }

    /// Tells what was done, and how to take it back.
    ///
    /// # Errors
    /// A file could not be written.
    pub fn end(&self) -> Result<()> {
        let Self { rows, changed, failed, .. } = self;
        match &self.undo {
            Some(undo) => tell!("tags: {changed} of {rows} files written; `segno tags undo {}` takes that back", undo.path().display()),
            None if self.how.applies => tell!("tags: {changed} of {rows} files written"),
            None => tell!("tags: a dry run: {changed} of {rows} files would be written, with --apply they are"),
        }
        ensure!(*failed == 0, "the tags of {failed} of {rows} files could not be written");
        Ok(())
    }
}

/// The undo file that is named, or the first free one of the folder.
fn begin(how: &Writing) -> Result<UndoFile> {
    if let Some(path) = &how.undo {
        return Ok(UndoFile::create(path)?);
    }
    for number in 1_u32.. {
        match UndoFile::create(&how.folder.join(format!("segno-undo-{number}.jsonl"))) {
            Err(TagError::UndoThere { .. }) => {}
            begun => return Ok(begun?),
        }
    }
    unreachable!("four billion undo files")
}

fn failed(error: &TagError) -> Came {
    tell!("segno: {error}");
    Came::Failed
}

fn doubt(task: &TaskRow) -> Option<String> {
    match &task.verdict {
        Verdict::Sure { .. } => None,
        Verdict::NotSure { reason } => Some(format!("{}: not sure: {reason}", task.task)),
    }
}

/// A line a change and a remark, each after an end of line.
fn lines(changes: &[Change], remarks: &[String]) -> String {
    let width = changes.iter().map(|change| change.field.name().len()).max().unwrap_or_default();
    let mut lines = String::new();
    for Change { field, before, after } in changes {
        let _ = write!(lines, "\n  {:<width$}  {} → {}", field.name(), shown(&before.values), shown(&after.values));
    }
    remarks.iter().for_each(|remark| lines += &format!("\n  {remark}"));
    lines
}

/// Values of a field for people, in one line.
pub fn shown(values: &[String]) -> String {
    let text = values.join("; ").replace(['\n', '\r', '\t'], " ");
    if text.is_empty() { "nothing".to_owned() } else { text }
}

/// The folder of a file that is written; without one, the one at hand, which has no name.
pub fn folder_of(out: Option<&Path>) -> PathBuf {
    let folder = out.and_then(Path::parent).filter(|folder| !folder.as_os_str().is_empty());
    folder.map(Path::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use segno_models::TaskClasses;
    use segno_tags::{Field, read_undo};

    use super::*;
    use crate::answer::Labels;
    use crate::listening::Heard;
    use crate::tagging::Roles;

    /// A track of which a model says jazz, and of the mood nothing.
    fn row(file: &Path) -> Row {
        let task = |task: &str, verdict: Verdict| TaskRow { task: task.into(), classes: vec![], verdict };
        let sure = Verdict::Sure { class: "jazz".into(), confidence: 0.9 };
        let tasks = vec![task("genre", sure), task("mood", Verdict::NotSure { reason: "far away".into() })];
        Row { file: file.to_owned(), heard: Ok(Heard { clips: 1, tasks, tags: vec![], timeline: vec![], note: None }) }
    }

    fn writer(folder: &Path, applies: bool, keeps: bool) -> Writer {
        let of = |task: &str| TaskClasses { task: task.into(), classes: vec!["jazz".into()] };
        let labels = Labels { tasks: vec![of("genre"), of("mood")], tags: vec![] };
        let fields = Fields::new(Roles::default(), "mine 12".into(), true, &labels).unwrap();
        Writer::new(fields, Writing { applies, keeps, undo: None, folder: folder.to_owned(), least_likelihood: None }).unwrap()
    }

    fn genre(file: &Path) -> Vec<String> {
        Tagged::read(file).unwrap().values(&Field::Genre)
    }

    #[test]
    fn a_dry_run_writes_nothing_and_each_run_that_writes_has_an_undo_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let file = at.join("a.flac");
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio-io/tests/fixtures/mono_22050.flac"), &file).unwrap();
        let bytes = fs::read(&file).unwrap();
        assert!(!writer(at, false, false).row(&row(&file)).unwrap());
        assert!(fs::read(&file).unwrap() == bytes);
        assert!(writer(at, true, false).row(&row(&file)).unwrap());
        assert_eq!(genre(&file), ["jazz"]);
        assert!(!writer(at, true, false).row(&row(&file)).unwrap(), "it is so already");
        let theirs = [(Field::Genre, vec!["blues".into()])];
        Tagged::read(&file).unwrap().plan(&theirs).unwrap().write(same_audio).unwrap();
        assert!(!writer(at, true, true).row(&row(&file)).unwrap());
        assert_eq!(genre(&file), ["blues"]);
        assert!(writer(at, true, false).row(&row(&file)).unwrap());
        let undone = |number: u32| read_undo(&at.join(format!("segno-undo-{number}.jsonl"))).unwrap()[0].changes()[0].before.values.clone();
        assert_eq!((undone(1), undone(2)), (vec![], vec!["blues".to_owned()]));
        assert!(!at.join("segno-undo-3.jsonl").exists());
        fs::write(at.join("b.mp3"), "no audio").unwrap();
        let mut failing = writer(at, true, false);
        assert!(!failing.row(&row(&at.join("b.mp3"))).unwrap() && failing.end().unwrap_err().to_string().contains("1 of 1 files"));
    }

    #[test]
    fn a_change_is_a_line() {
        let state = |values: &[&str]| segno_tags::State { values: values.iter().map(|value| (*value).to_owned()).collect(), items: vec![] };
        let change = |field: &str, before, after| Change { field: Field::from(field.to_owned()), before, after };
        let changes = [change("GENRE", state(&["a\nb", "c"]), state(&["d"])), change("SEGNO_X", state(&["e"]), state(&[]))];
        let expected = "\n  GENRE    a b; c → d\n  SEGNO_X  e → nothing\n  so";
        assert_eq!(lines(&changes, &["so".to_owned()]), expected);
    }
}
