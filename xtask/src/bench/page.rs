//! The parts of `docs/performance.md` that are written by `cargo xtask bench`; the prose around them stays.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::record::Record;
use super::rows::Description;
use super::{roof, tables};
use crate::segno::repository;

const END: &str = "<!-- bench:end -->";

pub fn path() -> PathBuf {
    repository().join("docs/performance.md")
}

/// Writes the tables into the page anew.
pub fn write(path: &Path, description: &Description, record: &Record) -> Result<()> {
    let page = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let page = filled(&page, description, record).with_context(|| path.display().to_string())?;
    fs::write(path, page).with_context(|| path.display().to_string())
}

/// A page with its tables made anew.
fn filled(page: &str, description: &Description, record: &Record) -> Result<String> {
    let blocks = [
        ("claims", tables::claims(description, record)),
        ("programs", tables::programs(description, record)),
        ("memory", tables::memory(description, record)),
        ("machine", tables::machines(record)),
        ("roof", roof::table(description, record)),
    ];
    blocks.iter().try_fold(page.to_owned(), |page, (name, text)| replaced(&page, name, text))
}

/// A page with the text between `<!-- bench:NAME -->` and the end mark replaced.
fn replaced(page: &str, name: &str, text: &str) -> Result<String> {
    let mark = format!("<!-- bench:{name} -->");
    ensure!(page.matches(&mark).count() == 1, "expected one mark '{mark}', found {}", page.matches(&mark).count());
    let (before, rest) = page.split_once(&mark).context("the mark was found")?;
    let (old, after) = rest.split_once(END).with_context(|| format!("mark '{mark}' has no '{END}' behind it"))?;
    ensure!(!old.contains("<!-- bench:"), "mark '{mark}' has no '{END}' before the next mark");
    Ok(format!("{before}{mark}\n{}\n{END}{after}", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_around_the_marks_stays() {
        let page = "a\n<!-- bench:x -->\nold\n<!-- bench:end -->\nb\n";
        let new = replaced(page, "x", "new\n").unwrap();
        assert_eq!(new, "a\n<!-- bench:x -->\nnew\n<!-- bench:end -->\nb\n");
        assert_eq!(replaced(&new, "x", "new\n").unwrap(), new);
    }

    #[test]
    fn a_page_without_its_marks_is_refused() {
        assert!(replaced("a\n", "x", "").unwrap_err().to_string().contains("found 0"));
        let open = "<!-- bench:x -->\n<!-- bench:y -->\n<!-- bench:end -->\n";
        assert!(replaced(open, "x", "").unwrap_err().to_string().contains("before the next mark"));
    }

    #[test]
    fn the_page_says_what_the_record_says() {
        let page = fs::read_to_string(path()).unwrap();
        let record = Record::read(&Record::path()).unwrap();
        let filled = filled(&page, &Description::read().unwrap(), &record).unwrap();
        assert!(page == filled, "docs/performance.md differs from docs/performance.json: run cargo xtask bench --page");
    }
}
