//! What is written is what others read, and the audio is what it was.

use std::fs;

use lofty::{
    file::TaggedFileExt,
    probe::Probe,
    tag::{ItemKey, ItemValue},
};
use segno_tags::{Field, Tagged, describe};

use super::files::{Files, audio, same_audio, wanted};

#[test]
fn fields_are_written_into_every_kind_of_file_and_the_audio_stays() {
    let files = Files::new();
    for path in files.all() {
        let name = path.display().to_string();
        let sound = audio(&path);
        let plan = Tagged::read(&path).unwrap().plan(&wanted()).unwrap();
        assert_eq!(plan.changes().len(), 3, "{name}");
        plan.write(same_audio).unwrap();
        assert!(audio(&path) == sound, "{name}");
        let written = Tagged::read(&path).unwrap();
        let is_old = name.contains("v22") || name.contains("v23") || name.ends_with("tagged.wav");
        let genres = if is_old { vec!["Drum & Bass/日本"] } else { vec!["Drum & Bass", "日本"] };
        assert_eq!(written.values(&Field::Genre), genres, "{name}");
        assert_eq!(written.values(&Field::Mood), ["happy"], "{name}");
        assert_eq!(written.values(&Field::own("SEGNO_GENRE_CONFIDENCE")), ["0.93"], "{name}");
        assert!(written.plan(&wanted()).unwrap().changes().is_empty(), "{name}: nothing is left to do");
        // Lofty's own readers, which only MP4 is written with.
        let read = Probe::open(&path).unwrap().guess_file_type().unwrap().read().unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let tag = read.primary_tag().unwrap();
        let texts = |key: ItemKey| tag.get_strings(key).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(texts(ItemKey::Genre), genres, "{name}");
        let mood = if is_old { vec![] } else { vec!["happy".to_owned()] };
        assert_eq!(texts(ItemKey::Mood), mood, "{name}: 2.3 has it as a text of one's own");
    }
    assert_eq!(files.names().len(), files.all().len());
}

#[test]
fn a_field_is_taken_out_and_a_tag_with_nothing_in_it_too() {
    let files = Files::new();
    for path in files.all() {
        let bytes = fs::read(&path).unwrap();
        let had = Tagged::read(&path).unwrap();
        let none: Vec<_> = wanted().into_iter().map(|(field, _)| (field, vec![])).collect();
        let had_any = none.iter().any(|(field, _)| !had.values(field).is_empty());
        Tagged::read(&path).unwrap().plan(&wanted()).unwrap().write(same_audio).unwrap();
        Tagged::read(&path).unwrap().plan(&none).unwrap().write(same_audio).unwrap();
        let left = Tagged::read(&path).unwrap();
        assert!(none.iter().all(|(field, _)| left.values(field).is_empty()));
        if path.ends_with("bare.mp3") || path.ends_with("bare.aiff") {
            assert!(!had_any && fs::read(&path).unwrap() == bytes, "{} had no tag, and has none", path.display());
        }
    }
}

#[test]
fn what_fits_into_the_padding_moves_no_audio() {
    let files = Files::new();
    for (name, bytes) in super::files::all().into_iter().filter(|(name, _)| ["v23.mp3", "tagged.flac", "tagged.wav"].contains(name)) {
        let path = files.put(name, &bytes);
        let short = [(Field::Genre, vec!["Jazz".into()])];
        Tagged::read(&path).unwrap().plan(&short).unwrap().write(same_audio).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), bytes.len() as u64, "{name}");
    }
}

#[test]
fn a_playlist_learns_who_plays_and_for_how_long() {
    let files = Files::new();
    let flac = files.all().into_iter().find(|path| path.ends_with("tagged.flac")).unwrap();
    let said = describe(&flac);
    assert_eq!((said.artist.as_deref(), said.title.as_deref(), said.seconds), (Some("A"), Some("One"), Some(1)));
    assert_eq!(describe(&files.put("no.mp3", b"nothing")), segno_tags::Described::default());
    assert!(matches!(
        Probe::open(&flac).unwrap().guess_file_type().unwrap().read().unwrap().primary_tag().unwrap().get(ItemKey::TrackTitle).unwrap().value(),
        ItemValue::Text(title) if title == "One"
    ));
}
