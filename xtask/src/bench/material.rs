//! What the programs work on: real audio where it was named, else a synthetic corpus; and what is made of it beforehand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::build::Built;
use crate::segno::repository;

/// Files of a kind that are measured, at most; spread evenly over those there are.
const FILES: usize = 100;
/// Tracks whose samples are written out.
const SAMPLED: usize = 20;
/// A synthetic corpus like GTZAN's clips: ten genres, tracks of 30 s.
const SYNTHETIC: [&str; 4] = ["--tracks-per-genre", "10", "--seconds", "30"];

/// The material, made when it is asked for.
pub struct Material {
    /// Folder with gtzan/ and 4qaed/, if real audio was named.
    data: Option<PathBuf>,
    /// Where what is made lies.
    folder: PathBuf,
    made: BTreeMap<&'static str, Vec<String>>,
}

impl Material {
    pub fn new(data: Option<&Path>, folder: &Path) -> Self {
        Self { data: data.map(Path::to_owned), folder: folder.to_owned(), made: BTreeMap::new() }
    }

    /// What the figures say about the audio.
    pub fn told(&self) -> &'static str {
        if self.data.is_some() { "GTZAN (WAV) and 4QAED (mp3), real tracks" } else { "a synthetic corpus" }
    }

    /// Arguments with what stands in braces replaced.
    pub fn arguments(&mut self, arguments: &[String], built: &mut Built) -> Result<Vec<String>> {
        let mut all = vec![];
        for argument in arguments {
            match argument.as_str() {
                "{wav}" => all.extend(self.once("wav", built, |own, built| own.files("gtzan", "wav", built))?),
                "{mp3}" => all.extend(self.once("mp3", built, |own, built| own.files("4qaed", "mp3", built))?),
                "{one}" => all.extend(self.once("wav", built, |own, built| own.files("gtzan", "wav", built))?.first().cloned()),
                "{samples}" => all.extend(self.once("samples", built, Self::samples)?),
                "{shards}" => all.extend(self.once("shards", built, Self::shards)?),
                "{extract}" => all.extend(self.once("extract", built, Self::extract)?),
                "{wheel}" => all.extend(self.once("wheel", built, |own, _| own.wheel())?),
                "{backbone}" => all.extend(self.once("backbone", built, Self::backbone)?),
                "{model}" => all.extend(self.once("model", built, Self::model)?),
                other => all.push(self.path(other)),
            }
        }
        Ok(all)
    }

    /// A path with `{work}` replaced.
    pub fn path(&self, path: &str) -> String {
        path.replace("{work}", &self.folder.join("work").to_string_lossy())
    }

    fn once(
        &mut self,
        name: &'static str,
        built: &mut Built,
        make: impl FnOnce(&mut Self, &mut Built) -> Result<Vec<String>>,
    ) -> Result<Vec<String>> {
        if !self.made.contains_key(name) {
            let made = make(self, built)?;
            self.made.insert(name, made);
        }
        Ok(self.made[name].clone())
    }

    /// The folder of a corpus, or of the synthetic one in its place.
    fn corpus(&mut self, real: &str, built: &mut Built) -> Result<PathBuf> {
        if let Some(data) = &self.data {
            let folder = data.join(real);
            ensure!(folder.is_dir(), "{}: no such folder, expected the tracks of {real}", folder.display());
            return Ok(folder);
        }
        let folder = self.folder.join("synthetic");
        let made = self.once("synthetic", built, |_, built| {
            let segno = built.path("segno-cli", "bin", "segno")?;
            run(Command::new(segno).args(["corpus", "synth"]).arg(&folder).args(SYNTHETIC))?;
            Ok(vec![folder.to_string_lossy().into_owned()])
        })?;
        Ok(PathBuf::from(&made[0]))
    }

    /// Files of a kind, read once so that they are in the page cache.
    fn files(&mut self, corpus: &str, extension: &str, built: &mut Built) -> Result<Vec<String>> {
        let folder = self.corpus(corpus, built)?;
        let mut all = vec![];
        search(&folder, extension, &mut all)?;
        if all.is_empty() {
            bail!("{} has no {extension} files; --data names a folder with gtzan/ and 4qaed/", self.told());
        }
        all.sort();
        let taken = all.len().min(FILES);
        let chosen: Vec<PathBuf> = (0..taken).map(|i| all[i * all.len() / taken].clone()).collect();
        chosen.iter().try_for_each(|file| fs::read(file).map(drop)).context("a file of the corpus")?;
        Ok(chosen.iter().map(|file| file.to_string_lossy().into_owned()).collect())
    }

    /// Raw samples of some tracks at 22 050 Hz.
    fn samples(&mut self, built: &mut Built) -> Result<Vec<String>> {
        let files = self.arguments(&["{wav}".to_owned()], built)?;
        let path = self.folder.join("samples.f32");
        let decode = built.path("segno-audio-io", "example", "decode")?;
        let out = fs::File::create(&path).with_context(|| path.display().to_string())?;
        run(Command::new(decode).args(["--raw", "--rate", "22050"]).args(files.iter().take(SAMPLED)).stdout(out))?;
        Ok(vec![path.to_string_lossy().into_owned()])
    }

    /// A folder of shards.
    fn shards(&mut self, built: &mut Built) -> Result<Vec<String>> {
        let path = self.folder.join("shards");
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        let bench = built.path("segno-dataset", "bench", "shards")?;
        run(Command::new(bench).arg("write").arg(&path).stdout(Stdio::null()))?;
        Ok(vec![path.to_string_lossy().into_owned()])
    }

    /// A corpus with its manifest, and what `segno extract` has to be told to make mel slices of it.
    fn extract(&mut self, built: &mut Built) -> Result<Vec<String>> {
        let root = self.corpus("4qaed", built)?.to_string_lossy().into_owned();
        let (corpus, experiment, row) = match self.data {
            Some(_) => ("4qaed", "datasets/4qaed/experiments/li-2019-budget.toml", "cnn"),
            None => ("synthetic", "datasets/synthetic/experiments/regress-li.toml", "cnn"),
        };
        let work = self.path("{work}");
        let segno = built.path("segno-cli", "bin", "segno")?;
        run(Command::new(segno).args(["corpus", "index", corpus, "--root", &root, "--work", &work]).stdout(Stdio::null()))?;
        let experiment = repository().join(experiment).to_string_lossy().into_owned();
        Ok(["--root", &root, "--work", &work, "--experiment", &experiment, "--row", row].map(str::to_owned).into())
    }

    /// The package musicnn, as it is published.
    fn wheel(&mut self) -> Result<Vec<String>> {
        let folder = self.folder.to_string_lossy().into_owned();
        run(Command::new("python3").args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest", &folder, "musicnn==0.1.0"]))?;
        Ok(vec![self.folder.join("musicnn-0.1.0-py3-none-any.whl").to_string_lossy().into_owned()])
    }

    /// Its network as our model file.
    fn backbone(&mut self, built: &mut Built) -> Result<Vec<String>> {
        let wheel = self.once("wheel", built, |own, _| own.wheel())?;
        let path = self.folder.join("musicnn-msd.safetensors");
        let segno = built.path("segno-cli", "bin", "segno")?;
        run(Command::new(segno).args(["model", "import", "musicnn"]).args(wheel).arg("--out").arg(&path).stdout(Stdio::null()))?;
        Ok(vec![path.to_string_lossy().into_owned()])
    }

    /// A model file of Li's attention CNN: one epoch on a few synthetic tracks, for what it answers is not measured.
    fn model(&mut self, built: &mut Built) -> Result<Vec<String>> {
        let segno = built.path("segno-cli", "bin", "segno")?;
        let [audio, work, file] = ["model-audio", "model-work", "model.toml"].map(|name| self.folder.join(name));
        let paper = fs::read_to_string(repository().join("datasets/fma/experiments/li-2019.toml"))?;
        let small = paper.replace("corpus = \"fma\"", "corpus = \"synthetic\"").replace("max_epochs = 70", "max_epochs = 1");
        fs::write(&file, small).with_context(|| file.display().to_string())?;
        let quietly = |words: &[&str]| run(Command::new(&segno).args(words).stdout(Stdio::null()).stderr(Stdio::null()));
        let [audio, work, file] = [&audio, &work, &file].map(|path| path.to_string_lossy().into_owned());
        quietly(&["corpus", "synth", &audio, "--tracks-per-genre", "3", "--seconds", "30"])?;
        quietly(&["corpus", "index", "synthetic", "--root", &audio, "--work", &work])?;
        let place = ["--work", &work, "--experiment", &file];
        quietly(&[&["extract", "--root", &audio, "--row", "cnn-attention"][..], &place].concat())?;
        let of_run = [&place[..], &["--protocol", "published", "--seed", "1"]].concat();
        quietly(&[&["split"][..], &of_run].concat())?;
        quietly(&[&["train", "--row", "cnn-attention"][..], &of_run].concat())?;
        Ok(vec![Path::new(&work).join("models/cnn-attention/published-1.safetensors").to_string_lossy().into_owned()])
    }
}

fn search(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            search(&path, extension, found)?;
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    ensure!(status.success(), "{} failed ({status}) while the material of the benches was made", command.get_program().display());
    Ok(())
}
