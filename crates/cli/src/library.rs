//! Models by name, in the user's data folder.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use segno_models::{AnyModel, Backbone};

use crate::commands::write_whole;

/// | what | where |
/// |---|---|
/// | the folder | `$SEGNO_HOME`; else `$XDG_DATA_HOME/segno` or `~/.local/share/segno`, `~/Library/Application Support/segno` (macOS), `%APPDATA%\segno` (Windows) |
/// | a model | `models/<name>.safetensors` |
/// | the name of the one in use | `in-use` |
#[derive(Clone, Debug)]
pub struct Library {
    folder: PathBuf,
}

const EXTENSION: &str = "safetensors";

/// How to come by a first model, in one screen.
pub const NONE_YET: &str = "no model is in use yet

MusiCNN's fifty tags (genres, moods, instruments), from its authors' package, 29 MB:
  pip download --no-deps musicnn==0.1.0 && segno model import musicnn musicnn-0.1.0-py3-none-any.whl
  segno predict music/

a head of your own: a folder of audio files a class, some tens of files in each:
  segno head train --corpus my-classes --model musicnn-msd --mfcc --work work --out mine.safetensors
  segno model import file mine.safetensors && segno model use mine
  segno predict music/

a model file that is not in the library: segno predict --model FILE music/";

impl Library {
    /// The user's library, which need not be there yet.
    ///
    /// # Errors
    /// The system names no folder for it.
    pub fn of_user() -> Result<Self> {
        let folder = folder(|name| env::var_os(name).filter(|value| !value.is_empty()), env::consts::OS);
        folder.map(|folder| Self { folder }).context("no folder for models: set SEGNO_HOME to one")
    }

    /// A library in a folder.
    #[cfg(test)]
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where the model of a name lies, or would.
    ///
    /// # Errors
    /// It is no name.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let is_name = !name.is_empty() && !name.starts_with('.') && name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
        ensure!(is_name, "'{name}' is no name for a model: letters, digits, `-`, `_` and `.` make one");
        Ok(self.folder.join("models").join(format!("{name}.{EXTENSION}")))
    }

    /// Names and files of all models, sorted.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(&self) -> Result<Vec<(String, PathBuf)>> {
        let folder = self.folder.join("models");
        if !folder.exists() {
            return Ok(vec![]);
        }
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut found = vec![];
        for entry in entries.with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                found.extend(path.file_stem().and_then(|stem| stem.to_str()).map(|name| (name.to_owned(), path.clone())));
            }
        }
        found.sort();
        Ok(found)
    }

    /// The name of the model in use.
    pub fn in_use(&self) -> Option<String> {
        let name = fs::read_to_string(self.folder.join("in-use")).ok()?.trim().to_owned();
        self.path(&name).ok()?.is_file().then_some(name)
    }

    /// Puts a model of the library into use.
    ///
    /// # Errors
    /// There is none of that name; the disk refuses.
    pub fn put_into_use(&self, name: &str) -> Result<()> {
        ensure!(self.path(name)?.is_file(), "no model '{name}': {}", self.contents()?);
        write_whole(&self.folder.join("in-use"), format!("{name}\n").as_bytes())
    }

    /// What it has, in words.
    fn contents(&self) -> Result<String> {
        let names: Vec<String> = self.list()?.into_iter().map(|(name, _)| name).collect();
        let names = if names.is_empty() { "no models".to_owned() } else { names.join(", ") };
        Ok(format!("the library {} has {names}", self.folder.display()))
    }

    /// Takes a model file in under a name, and into use where none is.
    ///
    /// # Errors
    /// The file is none of ours or damaged, or another model has the name; the disk refuses.
    pub fn take_in(&self, name: &str, file: &Path) -> Result<PathBuf> {
        let model = AnyModel::read(file)?;
        let path = self.path(name)?;
        if path.is_file() {
            let there = AnyModel::read(&path).map(|there| there.digest());
            ensure!(
                there.is_ok_and(|there| there == model.digest()),
                "{}: another model has the name: take another by --name, or remove that file",
                path.display()
            );
        } else {
            let bytes = fs::read(file).with_context(|| file.display().to_string())?;
            write_whole(&path, &bytes)?;
        }
        if self.in_use().is_none() {
            self.put_into_use(name)?;
        }
        Ok(path)
    }

    /// What a person names by `--model`: a file, or a model of the library; without a word, the one in use.
    ///
    /// # Errors
    /// There is none.
    pub fn find(&self, named: Option<&Path>) -> Result<PathBuf> {
        let Some(named) = named else {
            return self.in_use().map_or_else(|| bail!(NONE_YET), |name| self.path(&name));
        };
        if is_file(named) {
            return Ok(named.to_owned());
        }
        let of_name = named.to_str().and_then(|name| self.path(name).ok()).filter(|path| path.is_file());
        of_name.map_or_else(|| bail!("no model '{}': no such file, and {}", named.display(), self.contents()?), Ok)
    }

    /// As [`Library::find`], in the user's library; a file that is there wants no library.
    ///
    /// # Errors
    /// As [`Library::find`], or there is no place for a library.
    pub fn model_file(named: Option<&Path>) -> Result<PathBuf> {
        match named {
            Some(file) if is_file(file) => Ok(file.to_owned()),
            named => Self::of_user()?.find(named),
        }
    }

    /// The pre-trained network of a digest, with the file that it lies in.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn backbone(&self, digest: &str) -> Result<Option<(Backbone, PathBuf)>> {
        for (_, path) in self.list()? {
            // What is damaged or of another kind is not the one that is looked for.
            if let Ok(AnyModel::Backbone(backbone)) = AnyModel::read(&path)
                && backbone.digest() == digest
            {
                return Ok(Some((backbone, path)));
            }
        }
        Ok(None)
    }
}

/// Whether a file is there, be it a pipe. A folder is none: one's music may lie in a folder that is named as the model is.
fn is_file(path: &Path) -> bool {
    path.exists() && !path.is_dir()
}

/// The folder that a system's variables name.
fn folder(variable: impl Fn(&str) -> Option<OsString>, system: &str) -> Option<PathBuf> {
    if let Some(folder) = variable("SEGNO_HOME") {
        return Some(folder.into());
    }
    let below = |name: &str, rest: &str| variable(name).map(|folder| PathBuf::from(folder).join(rest));
    match system {
        "windows" => below("APPDATA", "segno"),
        "macos" => below("HOME", "Library/Application Support/segno"),
        _ => below("XDG_DATA_HOME", "segno").or_else(|| below("HOME", ".local/share/segno")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_has_a_folder_and_segno_home_comes_first() {
        let of = |set: &[(&str, &str)], system| {
            folder(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)), system)
        };
        assert_eq!(of(&[("HOME", "/h")], "linux"), Some("/h/.local/share/segno".into()));
        assert_eq!(of(&[("HOME", "/h"), ("XDG_DATA_HOME", "/d")], "linux"), Some("/d/segno".into()));
        assert_eq!(of(&[("HOME", "/h")], "macos"), Some("/h/Library/Application Support/segno".into()));
        assert_eq!(of(&[("SEGNO_HOME", "/s"), ("HOME", "/h"), ("XDG_DATA_HOME", "/d")], "linux"), Some("/s".into()));
        assert_eq!(of(&[], "linux"), None);
    }

    #[test]
    fn a_name_leads_out_of_no_folder() {
        let library = Library::at(Path::new("/l"));
        for name in ["", "../x", "a/b", ".hidden", "a b"] {
            assert!(library.path(name).unwrap_err().to_string().contains("is no name for a model"), "{name}");
        }
        assert_eq!(library.path("musicnn-msd").unwrap(), Path::new("/l/models/musicnn-msd.safetensors"));
    }

    #[test]
    fn a_folder_does_not_hide_the_model_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let library = Library::at(folder.path());
        let model = library.path("src").unwrap();
        let src = Path::new("src");
        assert!(src.is_dir(), "tests run in the crate's folder");
        let told = library.find(Some(src)).unwrap_err().to_string();
        assert!(told.contains("no model 'src': no such file, and the library") && told.contains("has no models"), "{told}");
        fs::create_dir_all(model.parent().unwrap()).unwrap();
        fs::write(&model, "a model").unwrap();
        assert_eq!(library.find(Some(src)).unwrap(), model);
        let file = Path::new("Cargo.toml");
        assert_eq!(library.find(Some(file)).unwrap(), file);
    }

    #[test]
    fn without_a_model_one_screen_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let told = Library::at(folder.path()).find(None).unwrap_err().to_string();
        assert!(told.contains("segno model import musicnn") && told.contains("segno head train") && told.lines().count() < 24, "{told}");
        let told = Library::at(folder.path()).put_into_use("mine").unwrap_err().to_string();
        assert!(told.contains("no model 'mine'") && told.contains("has no models"), "{told}");
    }
}
