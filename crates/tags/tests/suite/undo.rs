//! The way back.

use std::{fs, path::PathBuf};

use segno_tags::{Field, Plan, TagError, Tagged, UndoFile, Undone, read_undo};

use super::{
    files::{Files, all, audio, same_audio, wanted},
    hostile::alike,
};

#[test]
fn an_undo_gives_back_the_same_items_and_a_second_one_nothing() {
    let files = Files::new();
    let undo = files.folder().join("undo.jsonl");
    let mut kept = UndoFile::create(&undo).unwrap();
    let paths = files.all();
    let items = |path: &PathBuf| Tagged::read(path).unwrap().items().to_vec();
    let before: Vec<_> = paths.iter().map(items).collect();
    let sounds: Vec<_> = paths.iter().map(|path| audio(path)).collect();
    for path in &paths {
        let plan = Tagged::read(path).unwrap().plan(&wanted()).unwrap();
        kept.keep(&plan).unwrap();
        plan.write(same_audio).unwrap();
    }
    let plans = read_undo(&undo).unwrap();
    assert_eq!(plans.iter().map(Plan::file).collect::<Vec<_>>(), paths.iter().rev().collect::<Vec<_>>());
    for expected in [Undone::Restored, Undone::Already] {
        assert!(plans.iter().all(|plan| plan.undo(same_audio).unwrap() == expected));
        for ((path, before), sound) in paths.iter().zip(&before).zip(&sounds) {
            assert!(items(path) == *before && audio(path) == *sound, "{}", path.display());
        }
    }
}

#[test]
fn what_somebody_else_wrote_since_is_left() {
    let files = Files::new();
    let path = files.put(all()[3].0, &all()[3].1);
    let plan = Tagged::read(&path).unwrap().plan(&wanted()).unwrap();
    plan.write(same_audio).unwrap();
    let other = [(Field::Mood, vec!["angry".into()])];
    Tagged::read(&path).unwrap().plan(&other).unwrap().write(same_audio).unwrap();
    assert!(matches!(plan.undo(same_audio), Err(TagError::Changed { what, .. }) if what == "MOOD"));
    assert!(matches!(plan.write(same_audio), Err(TagError::Changed { .. })));
    assert_eq!(Tagged::read(&path).unwrap().values(&Field::Mood), ["angry"]);
}

/// Another program has made the tag one of a later version: the values are what goes back.
#[test]
fn into_a_tag_of_another_version_the_values_go_back() {
    let files = Files::new();
    let (_, old) = &all()[2];
    let path = files.put("a.mp3", old);
    let wanted = [(Field::Genre, vec!["jazz".into()])];
    let plan = Tagged::read(&path).unwrap().plan(&wanted).unwrap();
    let (_, bare) = &all()[0];
    fs::write(&path, bare).unwrap();
    Tagged::read(&path).unwrap().plan(&wanted).unwrap().write(same_audio).unwrap();
    assert_eq!(plan.undo(same_audio).unwrap(), Undone::Restored);
    assert_eq!(Tagged::read(&path).unwrap().values(&Field::Genre), ["(17)"]);
}

#[test]
fn an_undo_file_is_never_written_over_and_a_half_line_is_no_plan() {
    let files = Files::new();
    let path = files.put(all()[0].0, &all()[0].1);
    let plan = Tagged::read(&path).unwrap().plan(&wanted()).unwrap();
    let undo = files.folder().join("undo.jsonl");
    UndoFile::create(&undo).unwrap().keep(&plan).unwrap();
    assert!(matches!(UndoFile::create(&undo), Err(TagError::UndoThere { .. })));
    let text = fs::read_to_string(&undo).unwrap();
    fs::write(&undo, text.clone() + &text.lines().nth(1).unwrap()[..40]).unwrap();
    assert_eq!(read_undo(&undo).unwrap(), [plan]);
    for (bytes, expected) in [(text.replace("hex", "hax"), "line 2"), ("{}\n".into(), "no undo file"), (String::new(), "no undo file")] {
        fs::write(&undo, bytes).unwrap();
        let told = read_undo(&undo).unwrap_err().to_string();
        assert!(told.contains(expected), "{told}");
    }
}

/// Copies of files that people have, whatever is in their tags: written and undone, or refused with a reason and left.
#[test]
#[ignore = "needs a folder of music (SEGNO_MUSIC)"]
fn music_of_ones_own_comes_back_as_it_was() {
    let files = Files::new();
    let mut folders = vec![PathBuf::from(std::env::var_os("SEGNO_MUSIC").expect("SEGNO_MUSIC names a folder"))];
    let mut counts = std::collections::BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let copy = files.put(path.file_name().unwrap().to_str().unwrap(), &fs::read(&path).unwrap());
            let came = Tagged::read(&copy).and_then(|tagged| {
                let plan = tagged.plan(&wanted())?;
                plan.write(alike)?;
                plan.undo(alike)?;
                assert!(Tagged::read(&copy)?.items() == tagged.items(), "{}", path.display());
                Ok(format!("{}, {} items", plan.tag(), if tagged.items().is_empty() { "no" } else { "some" }))
            });
            if came.is_err() {
                assert!(fs::read(&copy).unwrap() == fs::read(&path).unwrap(), "{}", path.display());
            }
            let came = came.unwrap_or_else(|error| error.to_string().replace(copy.to_str().unwrap(), "refused"));
            *counts.entry(came).or_insert(0) += 1;
            fs::remove_file(copy).unwrap();
        }
    }
    println!("{counts:#?}");
}
