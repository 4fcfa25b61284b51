//! The pages: every link leads somewhere, every page of docs/ stands in its SUMMARY.md, and none links to where the book has nothing.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};

use crate::segno::repository;

/// What lies outside docs/ is named by its address, so that the book's links work too.
const ADDRESSES: [&str; 2] = ["https://github.com/segno-rs/segno/blob/main/", "https://github.com/segno-rs/segno/tree/main/"];
/// Folders that hold no pages of ours.
const SKIPPED: [&str; 4] = ["target", "runs", ".git", "shared"];

pub fn faults() -> Result<Vec<String>> {
    let root = repository();
    let docs = root.join("docs");
    let pages = pages(&root)?;
    let mut faults = vec![];
    for page in &pages {
        let text = fs::read_to_string(page).with_context(|| page.display().to_string())?;
        for link in links(&text) {
            if let Some(fault) = fault(&root, page, &link)? {
                faults.push(format!("{}: {link}: {fault}", page.strip_prefix(&root).unwrap_or(page).display()));
            }
        }
    }
    let summary = fs::read_to_string(docs.join("SUMMARY.md")).context("docs/SUMMARY.md")?;
    let chapters: Vec<PathBuf> = links(&summary).iter().map(|link| docs.join(link)).collect();
    let missing = pages.iter().filter(|page| page.starts_with(&docs) && !page.ends_with("SUMMARY.md") && !chapters.contains(page));
    faults.extend(missing.map(|page| format!("docs/SUMMARY.md does not name {}", page.display())));
    Ok(faults)
}

/// The Markdown files of a folder and below.
fn pages(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() && !SKIPPED.contains(&name) {
            found.extend(pages(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Why a link leads nowhere.
fn fault(root: &Path, page: &Path, link: &str) -> Result<Option<&'static str>> {
    let inside = ADDRESSES.iter().find_map(|address| link.strip_prefix(address));
    if inside.is_none() && (link.contains("://") || link.starts_with("mailto:")) {
        return Ok(None);
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = match inside {
        Some(_) => root.join(inside.and_then(|inside| inside.split('#').next()).unwrap_or_default()),
        None if path.is_empty() => page.to_owned(),
        None => plain(&page.parent().expect("a page lies in a folder").join(path)),
    };
    let docs = root.join("docs");
    Ok(if !target.exists() {
        Some("there is no such file")
    } else if inside.is_none() && page.starts_with(&docs) && !target.starts_with(&docs) {
        Some("the book lacks what lies outside docs/: link to https://github.com/segno-rs/segno/blob/main/…")
    } else if let Some(anchor) = anchor {
        let text = fs::read_to_string(&target).with_context(|| target.display().to_string())?;
        (!headings(&text).any(|heading| heading == anchor)).then_some("there is no such heading")
    } else {
        None
    })
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        if part == Component::ParentDir {
            _ = plain.pop()
        } else if part != Component::CurDir {
            plain.push(part)
        }
        plain
    })
}

/// The lines of a page outside fenced blocks and comments.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let (mut fenced, mut comment) = (false, false);
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        let begins = line.contains("<!--");
        comment |= begins;
        let keep = !fence && !fenced && !comment;
        fenced ^= fence;
        comment &= !line.contains("-->");
        keep
    })
}

/// Where the links and pictures of a page lead.
fn links(text: &str) -> Vec<String> {
    let of_line = |line: &str| {
        // Every second piece lies between two backticks.
        let said: String = line.split('`').enumerate().map(|(index, piece)| if index % 2 == 0 { piece } else { "" }).collect();
        said.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect::<Vec<_>>()
    };
    prose(text).flat_map(of_line).collect()
}

/// The anchors of a page's headings, as its readers' programs name them.
fn headings(text: &str) -> impl Iterator<Item = String> {
    prose(text).filter(|line| line.starts_with('#')).map(|line| {
        let title = line.trim_start_matches('#').trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_those_of_the_prose() {
        let text = "[a](b.md) and ![c](d.png#e), `[no](x)`\n```sh\n[no](y)\n```\n<!-- ![no](z) -->\n## What it does, \"not\" sure\n";
        assert_eq!(links(text), ["b.md", "d.png#e"]);
        assert_eq!(headings(text).collect::<Vec<_>>(), ["what-it-does-not-sure"]);
    }

    #[test]
    fn a_link_leads_to_a_file_and_a_heading() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("docs")).unwrap();
        fs::write(root.join("README.md"), "# A door\n").unwrap();
        let page = root.join("docs/a.md");
        fs::write(&page, "# Here\n").unwrap();
        let fault = |link: &str| fault(root, &page, link).unwrap();
        for good in ["#here", "a.md", "https://example.org/x", "https://github.com/segno-rs/segno/blob/main/README.md#a-door"] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in ["#there", "b.md", "../README.md", "https://github.com/segno-rs/segno/blob/main/b.md", "a.md#there"] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
