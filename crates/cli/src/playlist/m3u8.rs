//! Extended M3U in UTF-8.
//!
//! # References
//! RFC 8216 names the tags `#EXTM3U` and `#EXTINF` and the encoding; of a whole track, players write seconds, a comma, and `Artist - Title`.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use segno_tags::{Described, describe};

/// The two lines of a track: for how long it plays (-1 where its file does not say) with who plays what, and its absolute path, so that the
/// playlist may lie anywhere. A track without a title goes by its file's name.
///
/// # Errors
/// There is no such file from here; its path is no Unicode, or has an end of line in it, and would be two.
pub fn entry(track: &Path) -> Result<String> {
    let name = track.display();
    let path = std::path::absolute(track)?;
    let line = path.to_str().with_context(|| format!("{name}: a playlist is in Unicode, and this path is not"))?;
    ensure!(!line.contains(['\n', '\r']), "{:?}: a playlist has a line a track, and this name has more", track);
    ensure!(path.is_file(), "{name} is no file from here: go to the folder that it was named from, as a path");
    let Described { seconds, artist, title } = describe(&path);
    let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let shown = match (artist, title) {
        (Some(artist), Some(title)) => format!("{artist} - {title}"),
        (None, Some(title)) => title,
        _ => stem(),
    };
    let shown: String = shown.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let seconds = seconds.map_or(-1, |seconds| i64::try_from(seconds).unwrap_or(-1));
    // An absolute path does not begin with the `#` of a comment, whatever the file is called.
    Ok(format!("#EXTINF:{seconds},{shown}\n{line}\n"))
}

/// A playlist of entries.
pub fn m3u8<'a>(entries: impl IntoIterator<Item = &'a String>) -> String {
    entries.into_iter().fold("#EXTM3U\n".to_owned(), |text, entry| text + entry)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use segno_tags::{Field, Tagged};

    use super::*;

    /// The fixture with an artist and a title of many lines, under a name that would be a comment.
    #[test]
    fn a_track_is_two_lines_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let at = std::path::absolute(folder.path()).unwrap();
        let file = at.join("#EXTINF:1,no.flac");
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../audio-io/tests/fixtures/mono_22050.flac"), &file).unwrap();
        let seconds = entry(&file).unwrap();
        assert_eq!(seconds, format!("#EXTINF:1,#EXTINF:1,no\n{}\n", file.display()));
        let named = |name: &str, value: &str| (Field::from(name.to_owned()), vec![value.to_owned()]);
        let wanted = [named("TITLE", "Two\nlines\u{1b}[2J"), named("ARTIST", "Björk")];
        Tagged::read(&file).unwrap().plan(&wanted).unwrap().write(|_, _| Ok(())).unwrap();
        let entries = [entry(&file).unwrap()];
        assert_eq!(m3u8(&entries), format!("#EXTM3U\n#EXTINF:1,Björk - Two lines [2J\n{}\n", file.display()));
        assert!(entry(&at.join("gone.mp3")).unwrap_err().to_string().contains("is no file from here"));
        #[cfg(unix)]
        {
            let two = at.join("a\nb.mp3");
            fs::write(&two, "x").unwrap();
            assert!(entry(&two).unwrap_err().to_string().contains("a line a track"));
        }
    }
}
