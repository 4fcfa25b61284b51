//! `segno predict`: audio files and one model file → what the model says of each.

mod after;

use std::path::{Path, PathBuf};

use after::{After, AfterArgs, Model};
use anyhow::{Result, bail, ensure};
use segno_dataset::DatasetError;
use segno_models::AnyModel;

use super::make_room;
use crate::Device;
use crate::answer::{Answers, HeadAnswers, Tagger, Trained};
use crate::device::on_device;
use crate::heads::left_out;
use crate::library::Library;
use crate::listening::write::Form;
use crate::listening::{Journal, Judge, Outcome, Row, listen};
use crate::progress;
use crate::stop::{self, Finishing};
use crate::told::tell;
use crate::walk::audio_files;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
The model file says what features it wants; the files may have any rate and any format that `segno extract` reads. A probability is
the mean over a file's clips, or, of a head, of the whole file. That of a head is calibrated on tracks that it was not fitted on; those
of other networks are what they say: do not take them for a confidence.

A file without sound has no answer, with the reason; with --timeline, neither has a silent moment of a file (no sample above one step of 16
bits, or a summary in which nothing changes). In the mean over a file its silent moments take part.

With --out, what was heard is kept in FILE.journal as it comes: the same command goes on where another was cut off, and hears what is
new or has changed alone.

With --write-tags nothing is written yet: what would be is printed, in place of the table (which --out has). --apply writes it into copies
beside the files, has them decoded and compared, and replaces the files by them; all other tags stay as they are. What a model is not sure of
is never written.

Examples:
  segno predict music/
  segno predict --model work/models/cnn-attention/track-1.safetensors *.mp3
  segno predict --model musicnn-msd.safetensors --format csv --out tags.csv music/
  segno predict --model mine --min-precision 0.9 music/
  segno predict --model mine --min-precision 0.9 --write-tags --keep music/
  segno predict --model mine --min-precision 0.9 --playlist lists --playlist-by genre music/
  segno predict --model mine.safetensors --backbone musicnn-msd.safetensors --timeline song.mp3")]
pub struct Args {
    /// Model file, as `segno train`, `segno head train` or `segno model import` writes it, or a name of the library [default: the
    /// model in use: see `segno model list`]
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Pre-trained network that a head listens with, where neither its file nor the library has it
    #[arg(long, value_name = "FILE")]
    backbone: Vec<PathBuf>,
    /// Audio files, and folders of them
    #[arg(required = true, value_name = "AUDIO")]
    files: Vec<PathBuf>,
    /// Say "not sure" below the confidence at which a share of the answers is right, as measured when the head was trained
    #[arg(long, value_name = "SHARE")]
    min_precision: Option<f64>,
    /// Over time too: patch by patch or clip by clip; of a head, whole stretches of fifteen seconds as if each were a track, and
    /// nothing of what is left at the end
    #[arg(long)]
    timeline: bool,
    /// Form of what is said
    #[arg(long, default_value = "table", conflicts_with = "json")]
    format: Form,
    /// The same as --format jsonl
    #[arg(long)]
    json: bool,
    /// File to write instead of printing
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// `cpu`, `ndarray`, `cuda` or `cuda-mixed`, with `:` and a number for another than the first GPU
    #[arg(long, default_value = "cpu")]
    device: Device,
    #[command(flatten)]
    after: AfterArgs,
}

pub fn run(args: &Args) -> Result<()> {
    args.device.check()?;
    let form = if args.json { Form::Jsonl } else { args.format };
    ensure!(form != Form::Parquet || args.out.is_some(), "--format parquet is no text: name a file with --out");
    ensure!(
        !args.after.write_tags || args.out.is_some() || form == Form::Table,
        "--write-tags prints what would be written: name a file for the answers with --out"
    );
    let path = Library::model_file(args.model.as_deref())?;
    let files = audio_files(&args.files)?;
    ensure!(!files.is_empty(), "no audio file in the paths given");
    let model = AnyModel::read(&path)?;
    ensure!(args.backbone.is_empty() || matches!(model, AnyModel::Head(_)), "--backbone: {} is no head", path.display());
    if let Some(precision) = args.min_precision {
        ensure!(precision > 0.0 && precision < 1.0, "--min-precision {precision}: expected a share above 0 and below 1, as 0.9");
        ensure!(
            matches!(model, AnyModel::Head(_)),
            "--min-precision: {} is no head, and nobody has measured what its confidence is worth",
            path.display()
        );
    }
    let digest = model.digest();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let model_name = format!("{stem} {digest:.12}");
    let run = Run { args, form, files, digest, model_name, is_calibrated: matches!(model, AnyModel::Head(_)) };
    match &model {
        AnyModel::Trained(model) => on_device!(args.device, B, at => {
            run.over(&Judge::new(Trained::<B>::labels(model)), || Trained::<B>::new(model, &path, &at))
        }),
        AnyModel::Backbone(backbone) => {
            let tagger = Tagger::new(backbone)?;
            run.over(&Judge::new(Tagger::labels(backbone)), || Ok(tagger.clone()))
        }
        AnyModel::Head(head) => {
            let answers = HeadAnswers::new(head, &path, &args.backbone)?;
            let judge = Judge::new(answers.labels());
            let judge = args.min_precision.map_or(judge.clone(), |precision| judge.asking(precision, &head.card.tasks));
            for task in head.card.tasks.iter().filter(|task| !task.measured.left_out.is_empty()) {
                tell!("{}: no class of this head, {}", task.task.task, left_out(&head.card, task));
            }
            judge.silent().for_each(|task| tell!("{task}: no confidence of this model promises that precision: nothing is answered"));
            run.over(&judge, || Ok(answers.clone()))
        }
    }
}

/// Files, and what is to be done with what is said of them.
struct Run<'a> {
    args: &'a Args,
    form: Form,
    files: Vec<PathBuf>,
    digest: String,
    model_name: String,
    is_calibrated: bool,
}

impl Run<'_> {
    fn over<A: Answers>(&self, judge: &Judge, begin: impl Fn() -> Result<A> + Sync) -> Result<()> {
        let model = Model { name: self.model_name.clone(), is_calibrated: self.is_calibrated, labels: judge.labels() };
        let mut after = After::new(&self.args.after, model, self.args.out.as_deref())?;
        let failed = match &self.args.out {
            Some(out) => self.kept(out, judge, begin, &mut after)?,
            None => self.printed(judge, begin, &mut after)?,
        };
        after.end()?;
        ensure!(failed == 0, "{failed} of {} files have no answer", self.files.len());
        Ok(())
    }

    /// Prints rows in the order of the files, each as soon as those before it are there; how many have no answer.
    fn printed<A: Answers>(&self, judge: &Judge, begin: impl Fn() -> Result<A> + Sync, after: &mut After) -> Result<usize> {
        let Some(mut printer) = self.form.printer(judge.labels(), &self.files) else { bail!("a form that is no text") };
        let _finishing = Finishing::begin();
        let bar = progress::bar("listen", self.files.len() as u64, "files");
        let mut waiting: Vec<Option<Outcome>> = self.files.iter().map(|_| None).collect();
        let (mut next, mut failed) = (0, 0);
        let prints = !after.prints();
        if prints {
            bar.suspend(|| printer.begin());
        }
        listen(&self.files, self.args.timeline, begin, |index, outcome| {
            waiting[index] = Some(outcome);
            while let Some(outcome) = waiting.get_mut(next).and_then(Option::take) {
                let row = judge.row(&self.files[next], outcome);
                bar.suspend(|| {
                    failed += usize::from(told_of(&row));
                    let done = after.row(&row);
                    if prints {
                        printer.row(row);
                    }
                    done
                })?;
                next += 1;
            }
            bar.inc(1);
            Ok(())
        })?;
        bar.finish_and_clear();
        self.ended(next)?;
        if prints {
            printer.end(judge.labels());
        }
        Ok(failed)
    }

    /// Hears what the journal lacks, writes what is said of all of it, and does what is to be done then; how many have no answer.
    fn kept<A: Answers>(&self, out: &Path, judge: &Judge, begin: impl Fn() -> Result<A> + Sync, after: &mut After) -> Result<usize> {
        make_room(out)?;
        let mut journal = Journal::open(out, &self.digest, self.args.timeline)?;
        let _finishing = Finishing::begin();
        let outcomes = self.heard(&mut journal, begin)?;
        let rows: Vec<Row> = self.files.iter().zip(&outcomes).map(|(file, outcome)| judge.row(file, outcome.clone())).collect();
        self.form.write(out, judge.labels(), &rows)?;
        for (done, (row, outcome)) in rows.iter().zip(&outcomes).enumerate() {
            if after.prints() && stop::asked() {
                return Err(DatasetError::Stopped { written: done, parts: rows.len() }.into());
            }
            if after.row(row)? {
                // It sounds as it did: the next run need not hear it again for its new tags.
                journal.keep(&row.file, outcome)?;
            }
        }
        Ok(rows.iter().filter(|row| told_of(row)).count())
    }

    /// What is heard of all files: of those that the journal lacks, now.
    fn heard<A: Answers>(&self, journal: &mut Journal, begin: impl Fn() -> Result<A> + Sync) -> Result<Vec<Outcome>> {
        let mut outcomes: Vec<Option<Outcome>> = self.files.iter().map(|file| journal.outcome(file)).collect();
        let missing: Vec<usize> = (0..self.files.len()).filter(|at| outcomes[*at].is_none()).collect();
        let files: Vec<PathBuf> = missing.iter().map(|at| self.files[*at].clone()).collect();
        let bar = progress::bar("listen", self.files.len() as u64, "files");
        bar.inc((self.files.len() - missing.len()) as u64);
        listen(&files, self.args.timeline, begin, |index, outcome| {
            journal.keep(&files[index], &outcome)?;
            outcomes[missing[index]] = Some(outcome);
            bar.inc(1);
            Ok(())
        })?;
        bar.finish_and_clear();
        let done = outcomes.iter().flatten().count();
        tell!("predict: {} files, {} of them heard now", self.files.len(), done + missing.len() - self.files.len());
        self.ended(done)?;
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// An error where the person ended it before all files were heard.
    fn ended(&self, done: usize) -> Result<()> {
        if done < self.files.len() && stop::asked() {
            return Err(DatasetError::Stopped { written: done, parts: self.files.len() }.into());
        }
        Ok(())
    }
}

/// Tells of a file without an answer; whether it is one.
fn told_of(row: &Row) -> bool {
    if let Err(reason) = &row.heard {
        tell!("segno: {reason}");
    }
    row.heard.is_err()
}
