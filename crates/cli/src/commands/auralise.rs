//! `segno auralise`: a trained network and a class → the sound that it takes for it, or what of a track it hangs on.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use burn::backend::Flex;
use hound::{SampleFormat, WavSpec, WavWriter};
use segno_audio_io::{LoadOptions, load};
use segno_features::FeatureSpec;
use segno_models::{AnyModel, ModelFile};
use serde_json::{Value, json};

use super::{print_json, write_whole};
use crate::answer::{Answers, Trained, features_of, mean_over_clips};
use crate::auralising::{Climb, Clips, Goal, Search, noise, quantised, weigh};
use crate::explaining::{Saliency, Wanted};
use crate::library::Library;
use crate::progress;
use crate::told::show;

#[derive(clap::Args, Debug)]
#[command(after_help = "\
Sound is made for a network trained by `segno train`, at the rate that it listens at; MusiCNN and heads over it are not made sound of. What is printed
of the file was heard by the model as `segno predict` hears any file.

Exit status 5: the file is there, but the model does not take it for the class.

Examples:
  segno auralise --class jazz --model work/models/lstm-attention/track-1.safetensors --out jazz.wav
  segno auralise --class jazz --from blues.wav --model lstm --naturalness 3 --out more-jazz.wav
  segno auralise --resynthesise song.mp3 --model lstm --out what-it-heard.wav")]
pub struct Args {
    /// The class that is made sound of [with --resynthesise: by default the likeliest]
    #[arg(long, required_unless_present = "resynthesise")]
    class: Option<String>,
    /// The task that the class is of [default: the model's first]
    #[arg(long)]
    task: Option<String>,
    /// Model file, or a name of the library [default: the model in use]
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Begin with a track, instead of with noise
    #[arg(long, value_name = "AUDIO")]
    from: Option<PathBuf>,
    /// Instead of a search: a track, each cell of its spectrogram as loud as it speaks for the class
    #[arg(long, value_name = "AUDIO", conflicts_with_all = ["from", "rounds", "enough", "naturalness", "seed"])]
    resynthesise: Option<PathBuf>,
    /// Clips of sound, from a track's first on
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    clips: u16,
    /// Sounds that are tried, at most
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
    /// The probability at which the search ends
    #[arg(long, default_value_t = 0.9)]
    enough: f32,
    /// How near to the start it stays: no cell changes by more than 1 / NATURALNESS deviations, of 0 by anything
    #[arg(long, default_value_t = 1.0)]
    naturalness: f32,
    /// Of the noise
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The sound: WAV, 16 bits, mono
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Print a JSON object
    #[arg(long)]
    json: bool,
}

/// The model does not take the sound for what it was made for.
#[derive(Debug)]
pub struct NotHeard(String);

impl std::fmt::Display for NotHeard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotHeard {}

pub fn run(args: &Args) -> Result<()> {
    ensure!((0.0..=1.0).contains(&args.enough), "--enough {}: expected a probability, 0 to 1", args.enough);
    let most = Climb::MOST_NATURAL;
    ensure!((0.0..=most).contains(&args.naturalness), "--naturalness {}: expected 0 to {most}", args.naturalness);
    let path = Library::model_file(args.model.as_deref())?;
    let AnyModel::Trained(model) = AnyModel::read(&path)? else {
        bail!("{}: no network of `segno train`; sound is made of these alone", path.display());
    };
    let spec = features_of(&model, &path)?;
    let clips = Clips::new(&spec).with_context(|| path.display().to_string())?;
    let most = spec.max_clips.unwrap_or(usize::MAX);
    ensure!(usize::from(args.clips) <= most, "--clips {}: the model hears {most} of a track, and no more", args.clips);
    let work = Work { args, path: &path, model: &model, spec: &spec, clips };
    match &args.resynthesise {
        Some(track) => work.resynthesise(track),
        None => work.search(),
    }
}

struct Work<'a> {
    args: &'a Args,
    path: &'a Path,
    model: &'a ModelFile,
    spec: &'a FeatureSpec,
    clips: Clips,
}

impl Work<'_> {
    fn search(mut self) -> Result<()> {
        let goal = self.goal(None)?;
        let start = match &self.args.from {
            Some(track) => self.samples_of(track)?,
            None => self.noise()?,
        };
        let search = Search { rounds: self.args.rounds.into(), enough: self.args.enough, naturalness: self.args.naturalness };
        let bar = progress::bar("auralise", search.rounds as u64, "sounds");
        let found = search.run(self.model, &mut self.clips, goal, &start, |round, _| bar.set_position(round as u64))?;
        bar.finish_and_clear();
        self.write(&found.steps)?;
        let heard = self.read_back()?;
        let [began, inside, probability] = [found.from, found.inside, heard[goal.task][goal.class]];
        let name = self.name(goal);
        if self.args.json {
            print_json(&json!({
                "file": self.args.out, "task": self.model.card.signature.tasks[goal.task].task, "class": name,
                "probability": probability, "probability_of_start": began, "probability_of_features": inside,
                "change": found.change, "consistency_error": found.consistency_error, "rounds": found.rounds, "heard": self.shares(&heard),
            }));
        } else {
            show!("{}: {name} {probability:.3}, read back; it began with {began:.3}", self.args.out.display());
            match found.rounds {
                0 => show!("it is what it began with: no sound that was tried is more like it"),
                rounds => {
                    show!("the features alone: {inside:.3}; changed by {:.2} deviations in {rounds} sounds", found.change);
                    show!("consistency error {:.3} ({:.1} dB)", found.consistency_error, 20.0 * found.consistency_error.log10());
                }
            }
        }
        let likeliest = likeliest(&heard[goal.task]);
        if likeliest != goal.class {
            let other = self.name(Goal { class: likeliest, ..goal });
            let advice = "allow more --rounds, less --naturalness, or begin --from a track";
            return Err(NotHeard(format!("{}: heard as {other}, not as {name}: {advice}", self.args.out.display())).into());
        }
        Ok(())
    }

    fn resynthesise(mut self, track: &Path) -> Result<()> {
        let samples = self.samples_of(track)?;
        let features = self.clips.features(&samples)?;
        let device = Default::default();
        let answerer = segno_eval::Answerer::<Flex>::new(self.model, &device)?;
        let signature = &self.model.card.signature;
        let before = mean_over_clips(&signature.tasks, &answerer.probabilities(features.clone()));
        let goal = self.goal(Some(&before))?;
        let map = Saliency::of(self.model, &features, goal.task, goal.class)?.map;
        let weighed = weigh(&mut self.clips, &samples, &map, signature.input)?;
        self.write(&quantised(&weighed.samples).0)?;
        let heard = self.read_back()?;
        let [began, probability] = [&before, &heard].map(|shares| shares[goal.task][goal.class]);
        let name = self.name(goal);
        if self.args.json {
            print_json(&json!({
                "file": self.args.out, "track": track, "task": signature.tasks[goal.task].task, "class": name,
                "probability": probability, "probability_of_track": began, "power": weighed.power,
                "consistency_error": weighed.consistency_error, "heard": self.shares(&heard),
            }));
            return Ok(());
        }
        show!("{}: {name} {probability:.3}, read back; the track itself {began:.3}", self.args.out.display());
        show!("{:.1} % of the track's power; consistency error {:.3}", 100.0 * weighed.power, weighed.consistency_error);
        Ok(())
    }

    /// The class asked for, or else the likeliest of what the model says.
    fn goal(&self, says: Option<&[Vec<f32>]>) -> Result<Goal> {
        let tasks = &self.model.card.signature.tasks;
        let wanted = Wanted { task: self.args.task.as_deref(), class: self.args.class.as_deref(), clips: self.args.clips.into() };
        let nothing: Vec<Vec<f32>> = tasks.iter().map(|task| vec![0.0; task.classes.len()]).collect();
        let (task, class, _) = wanted.choose(tasks, says.unwrap_or(&nothing))?;
        Ok(Goal { task, class })
    }

    fn name(&self, goal: Goal) -> &str {
        &self.model.card.signature.tasks[goal.task].classes[goal.class]
    }

    /// The first clips of a track.
    fn samples_of(&self, track: &Path) -> Result<Vec<f32>> {
        let wanted = usize::from(self.args.clips) * self.clips.samples;
        let rate = self.spec.sample_rate_hz;
        let duration_s = Some((wanted + 1) as f64 / f64::from(rate));
        let mut samples = load(track, &LoadOptions { sample_rate_hz: Some(rate), duration_s, ..LoadOptions::default() })?.samples;
        let whole = wanted.min(samples.len() / self.clips.samples * self.clips.samples);
        ensure!(whole > 0, "{}: shorter than one clip of the model's", track.display());
        samples.truncate(whole);
        Ok(samples)
    }

    /// Noise with the spectrum of the clips that the model was trained on, on average, where it knows that; or else pink.
    fn noise(&mut self) -> Result<Vec<f32>> {
        let n_clips = usize::from(self.args.clips);
        let pink = noise(n_clips * self.clips.samples, self.args.seed)?;
        let normaliser = &self.model.normaliser;
        if !normaliser.has_statistics() {
            return Ok(pink);
        }
        let frames = n_clips * self.model.card.signature.input[0];
        Ok(self.clips.sound(&normaliser.mean.repeat(frames), &pink)?.0)
    }

    fn write(&self, steps: &[i16]) -> Result<()> {
        let spec = WavSpec { channels: 1, sample_rate: self.spec.sample_rate_hz, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut file = Cursor::new(vec![]);
        let mut writer = WavWriter::new(&mut file, spec)?;
        steps.iter().try_for_each(|step| writer.write_sample(*step))?;
        writer.finalize()?;
        write_whole(&self.args.out, file.get_ref())
    }

    /// What the model says of the file that was written.
    fn read_back(&self) -> Result<Vec<Vec<f32>>> {
        let device = Default::default();
        Ok(Trained::<Flex>::new(self.model, self.path, &device)?.answer(&self.args.out, false)?.tasks)
    }

    fn shares(&self, heard: &[Vec<f32>]) -> Value {
        let shares =
            |classes: &[String], shares: &[f32]| classes.iter().cloned().zip(shares.iter().map(|share| json!(share))).collect::<Value>();
        self.model.card.signature.tasks.iter().zip(heard).map(|(task, heard)| (task.task.clone(), shares(&task.classes, heard))).collect()
    }
}

fn likeliest(shares: &[f32]) -> usize {
    (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).expect("a task has classes")
}
