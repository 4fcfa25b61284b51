//! What makes a crate fit to be packaged: its page, its licences, nothing taken from outside its folder, and no word of complaint from cargo.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::{Metadata, Package};

use super::sources::sources;
use crate::segno::repository;

const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];
/// Folders of a crate whose sources are compiled from its package.
const COMPILED: [&str; 3] = ["src", "examples", "benches"];

pub fn faults(metadata: &Metadata) -> Result<Vec<String>> {
    let (packaged, others): (Vec<_>, Vec<_>) = metadata.packages.iter().partition(|package| package.publish.is_none());
    let mut faults: Vec<String> = packaged.iter().flat_map(|package| incomplete(package)).collect();
    for package in &packaged {
        faults.extend(reaching_out(package)?);
    }
    let others: Vec<&str> = others.iter().map(|package| package.name.as_str()).collect();
    faults.extend(complaints(&others)?);
    Ok(faults)
}

/// Fields of the manifest and files beside it that a registry's page wants.
fn incomplete(package: &Package) -> Vec<String> {
    let fields = [
        ("description", package.description.is_some()),
        ("readme", package.readme.is_some()),
        ("license", package.license.is_some()),
        ("repository", package.repository.is_some()),
        ("keywords", !package.keywords.is_empty()),
        ("categories", !package.categories.is_empty()),
    ];
    let missing = fields.iter().filter(|(_, there)| !there).map(|(field, _)| format!("{}: no {field} in its manifest", package.name));
    let folder = folder(package);
    let licences =
        LICENCES.iter().filter(|file| !folder.join(file).is_file()).map(|file| format!("{}: no {file} in its folder", package.name));
    missing.chain(licences).collect()
}

fn folder(package: &Package) -> PathBuf {
    package.manifest_path.parent().expect("a manifest lies in a folder").as_std_path().to_owned()
}

/// Files taken into the sources from outside the crate's folder, which its package would lack.
fn reaching_out(package: &Package) -> Result<Vec<String>> {
    let root = folder(package);
    let mut faults = vec![];
    let folders = COMPILED.iter().map(|name| root.join(name)).filter(|folder| folder.is_dir()).collect();
    let mut files = sources(folders)?;
    // A crate whose library, or build script, lies beside its manifest.
    for path in package.targets.iter().map(|target| target.src_path.as_std_path()).filter(|path| path.parent() == Some(&root)) {
        files.push((path.to_owned(), std::fs::read_to_string(path).with_context(|| path.display().to_string())?));
    }
    for (path, text) in files {
        let depth = path.strip_prefix(&root).map_or(0, |inside| inside.components().count() - 1);
        let outside = taken_in(&text).filter(|taken| ups(taken) > depth);
        faults.extend(outside.map(|taken| format!("{} takes in {taken}, which its package lacks", path.display())));
    }
    Ok(faults)
}

/// The paths that `include_str!` and `include_bytes!` name.
fn taken_in(text: &str) -> impl Iterator<Item = &str> {
    text.split("include_").skip(1).filter_map(|rest| {
        let (name, argument) = rest.split_once("!(\"")?;
        ["str", "bytes"].contains(&name).then_some(argument.split_once('"')?.0)
    })
}

/// How many folders a relative path goes up.
fn ups(path: &str) -> usize {
    Path::new(path).components().take_while(|part| part.as_os_str() == "..").count()
}

/// What cargo says of the packages, without building them.
fn complaints(excluded: &[&str]) -> Result<Vec<String>> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(repository()).args(["package", "--workspace", "--no-verify", "--allow-dirty", "--exclude-lockfile", "--color=never"]);
    excluded.iter().for_each(|name| {
        cargo.args(["--exclude", name]);
    });
    let output = cargo.output().context("cannot start cargo package")?;
    let said = String::from_utf8_lossy(&output.stderr);
    let complaints = said.lines().filter(|line| line.starts_with("warning") || line.starts_with("error"));
    let mut faults: Vec<String> = complaints.map(|line| format!("cargo package: {line}")).collect();
    if !output.status.success() && faults.is_empty() {
        faults.push(format!("cargo package failed: {said}"));
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_folder_is_told_from_what_does_not() {
        let text = "const A: &str = include_str!(\"../../a.toml\");\nconst B: &[u8] = include_bytes!(\"b\"); // include_str! alone";
        assert_eq!(taken_in(text).collect::<Vec<_>>(), ["../../a.toml", "b"]);
        assert_eq!((ups("../../a.toml"), ups("b"), ups("b/../c")), (2, 0, 0));
    }
}
