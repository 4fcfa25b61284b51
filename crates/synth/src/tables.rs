//! The corpus's tables: `tracks.csv` for whoever reads the corpus, `planted.csv` for whoever checks an audit.

use crate::track::SynthTrack;

/// `tracks.csv`: one row a track. `duplicate_of` names the track with the same bytes, and no other duplicate.
pub(crate) fn tracks_csv(tracks: &[SynthTrack]) -> String {
    let mut out = String::from("track_id,path,genre,mood,artist,title,duplicate_of\n");
    for track in tracks {
        let duplicate_of = track.duplicate_of().unwrap_or_default();
        row(&mut out, &[&track.track_id, &track.path, track.genre, track.mood.as_str(), &track.artist, &track.title, duplicate_of]);
    }
    out
}

/// `planted.csv`: the truth about every planted duplicate, to hold the findings of an audit against.
pub(crate) fn planted_csv(tracks: &[SynthTrack]) -> String {
    let mut out = String::from("track_id,duplicate_of,how\n");
    for track in tracks {
        if let Some(planted) = &track.planted {
            row(&mut out, &[&track.track_id, &planted.of, planted.how.as_str()]);
        }
    }
    out
}

/// Appends one row; a field with a comma, a quote or a line end is quoted as RFC 4180 has it.
fn row(out: &mut String, fields: &[&str]) {
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut out = String::new();
        row(&mut out, &["plain", "", "a, b", "my \"own\""]);
        assert_eq!(out, "plain,,\"a, b\",\"my \"\"own\"\"\"\n");
    }
}
