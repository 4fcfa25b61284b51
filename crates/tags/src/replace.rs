//! A file with another tag takes the place of a file.

use std::{
    fs::{self, File},
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use tempfile::NamedTempFile;

use crate::{Field, Item, TagError, Tagged, error::Fault, tag::Tag, tagged::Stamp};

/// Writes a file beside it with other items for some fields, reads it back, has the audio compared, and renames it over the old one,
/// whose permissions and owner it gets. On any error the file is as it was, and nothing is left beside it.
pub fn replace(
    tagged: Tagged,
    new: Vec<(Field, Vec<Item>)>,
    same_audio: impl FnOnce(&Path, &Path) -> Result<(), String>,
) -> Result<(), TagError> {
    let Tagged { file: path, container, tag: old, stamp } = &tagged;
    let io = |what: &'static str| move |source: io::Error| TagError::Io { path: path.clone(), what, source };
    let metadata = fs::metadata(path).map_err(io("cannot be read"))?;
    if metadata.permissions().readonly() {
        return Err(TagError::Protected { path: path.clone(), why: "the file is read-only" });
    }
    // Who may write into the folder, but not into the file, is not to replace it either.
    let mut source = File::options().read(true).write(true).open(path).map_err(io("cannot be written"))?;

    let mut tag = old.clone();
    new.iter().for_each(|(field, items)| tag.replace(field, items.clone()));
    let folder = path.parent().expect("a file by its absolute path lies in a folder");
    let beside = tempfile::Builder::new().prefix(".segno-").suffix(".partial").tempfile_in(folder);
    let mut beside = beside.map_err(io("no file can be made beside it"))?;
    let written = contained(|| container.write(&mut source, &tag, beside.as_file_mut()));
    written.map_err(|fault| fault.of(path.clone()))?;
    let kept = contained(|| container.read(&mut File::open(beside.path())?)).map_err(|fault| fault.of(path.clone()))?;
    same(old, &kept, &new).map_err(|what| TagError::NotKept { path: path.clone(), what })?;
    same_audio(path, beside.path()).map_err(|reason| TagError::Audio { path: path.clone(), reason })?;

    dress(&beside, &metadata).map_err(io("its owner and permissions cannot be kept"))?;
    beside.as_file().sync_all().map_err(io("the new file cannot be written"))?;
    if Stamp::of(path).map_err(io("cannot be read"))? != *stamp {
        return Err(TagError::Changed { path: path.clone(), what: "the file".to_owned() });
    }
    beside.persist(path).map_err(|error| io("cannot be replaced")(error.error))?;
    Ok(())
}

/// A panic in a library that a hostile file brings about is an error of that file alone.
fn contained<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let ended = catch_unwind(AssertUnwindSafe(work));
    ended.unwrap_or_else(|_| Err(Fault::Malformed("it was too much for the library that writes it".to_owned())))
}

/// Whether the fields are what they were to be, and all else is what it was, in the same order; if not, what is otherwise.
fn same(old: &Tag, kept: &Tag, new: &[(Field, Vec<Item>)]) -> Result<(), String> {
    for (field, items) in new {
        if kept.of(field) != *items {
            return Err(format!("{field} into something else"));
        }
    }
    let fields: Vec<&Field> = new.iter().map(|(field, _)| field).collect();
    let (old, kept) = (old.rest(&fields), kept.rest(&fields));
    match old.iter().zip(&kept).find(|(old, kept)| old != kept) {
        Some((old, _)) => Err(format!("{:?}", old.key)),
        None if old.len() != kept.len() => Err(format!("its other items, of which there are {}", old.len())),
        None => Ok(()),
    }
}

/// Permissions and owner of the old file for the new one.
fn dress(beside: &NamedTempFile, old: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let new = beside.as_file().metadata()?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(beside.as_file(), Some(old.uid()), Some(old.gid()))?;
        }
    }
    beside.as_file().set_permissions(old.permissions())
}
