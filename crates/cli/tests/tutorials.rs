//! The commands of `docs/tutorials` do what the pages say.
//!
//! | block | what is done with it |
//! |---|---|
//! | `sh` | run by bash, in a folder of the page's own, where `datasets` is the checkout's |
//! | `sh musicnn` | the same, where SEGNO_MUSICNN_WHEEL names the package's wheel |
//! | `sh ignore` | not run; its first line says why |
//! | `text` | what the block before it has to have printed, `…` being left out |
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, os::unix::fs::symlink};

const PAGES: [&str; 6] =
    ["reproduce-a-paper", "use-a-crate", "tag-a-library", "train-on-your-own-categories", "add-a-corpus", "add-a-model"];
const REASON: &str = "# not run by the tests: ";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

/// The fenced blocks of a page: what stands behind the fence, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = vec![];
    let mut inside = false;
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(kind) if !inside => {
                blocks.push((kind.to_owned(), String::new()));
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => blocks.last_mut().unwrap().1 += &format!("{line}\n"),
            None => {}
        }
    }
    assert!(!inside, "a block has no end");
    blocks
}

/// What of a page's output is nowhere in what was printed, in that order.
fn missing<'a>(expected: &'a str, printed: &str) -> Option<&'a str> {
    let mut rest = printed;
    let parts = expected.lines().flat_map(|line| line.split('…')).map(str::trim).filter(|part| !part.is_empty());
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return Some(part),
        }
    }
    None
}

/// A folder in which the commands of a page find what they name.
struct World {
    folder: tempfile::TempDir,
    wheel: Option<PathBuf>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        symlink(docs().join("../datasets").canonicalize().unwrap(), folder.path().join("datasets")).unwrap();
        let wheel = env::var_os("SEGNO_MUSICNN_WHEEL").map(|wheel| fs::canonicalize(wheel).unwrap());
        if let Some(wheel) = &wheel {
            symlink(wheel, folder.path().join(wheel.file_name().unwrap())).unwrap();
        }
        Self { folder, wheel }
    }

    /// What a block prints; it has to succeed.
    fn run(&self, script: &str) -> String {
        let programs = Path::new(env!("CARGO_BIN_EXE_segno")).parent().unwrap();
        let path = env::join_paths([programs.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap()))).unwrap();
        let output = Command::new("bash")
            .args(["-eu", "-o", "pipefail", "-c", &format!("exec 2>&1\n{script}")])
            .current_dir(self.folder.path())
            .envs([("PATH", path), ("SEGNO_HOME", self.folder.path().join("home").into())])
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}\n{script}\n{printed}", output.status);
        printed
    }
}

fn follow(page: &str) {
    let text = fs::read_to_string(docs().join("tutorials").join(format!("{page}.md"))).unwrap();
    let world = World::new();
    let mut printed = None;
    for (kind, block) in blocks(&text) {
        match kind.as_str() {
            "sh" => printed = Some(world.run(&block)),
            "sh musicnn" => printed = world.wheel.as_ref().map(|_| world.run(&block)),
            "sh ignore" => {
                assert!(block.starts_with(REASON), "no reason is given:\n{block}");
                printed = None;
            }
            "text" => {
                if let Some(printed) = &printed {
                    assert_eq!(missing(&block, printed), None, "not printed, or not in this place:\n{printed}");
                }
            }
            // Snippets are compiled and run by segno-tests.
            "rust" | "toml" => {}
            kind => panic!("a block of kind '{kind}'"),
        }
    }
}

#[test]
fn no_page_is_left_out() {
    let mut pages: Vec<String> = fs::read_dir(docs().join("tutorials"))
        .unwrap()
        .map(|page| page.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    pages.sort();
    let mut expected = PAGES.to_vec();
    expected.sort_unstable();
    assert_eq!(pages, expected);
}

#[test]
fn what_a_page_shows_has_to_be_printed_in_its_order() {
    assert_eq!(missing("a … c\n…\nd\n", "a b c\nx\nd"), None);
    assert_eq!(missing("a\nd\nc", "a b c\nx\nd"), Some("c"));
    assert_eq!(blocks("x\n```sh musicnn\na\nb\n```\ny\n"), [("sh musicnn".to_owned(), "a\nb\n".to_owned())]);
}

#[test]
fn reproduce_a_paper() {
    follow(PAGES[0]);
}

#[test]
fn use_a_crate() {
    follow(PAGES[1]);
}

#[test]
fn tag_a_library() {
    follow(PAGES[2]);
}

#[test]
fn train_on_your_own_categories() {
    follow(PAGES[3]);
}

#[test]
fn add_a_corpus() {
    follow(PAGES[4]);
}

#[test]
fn add_a_model() {
    follow(PAGES[5]);
}
