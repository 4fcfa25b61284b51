//! The edit list of an MP4 file, which Symphonia parses and does not apply.
//!
//! An AAC encoder puts a frame or two of start-up in front of the audio and pads the last frame;
//! the edit list says where the audio itself begins and how long it is.
//!
//! # References
//! ISO/IEC 14496-12, 8.6.6 (edit list), 8.3.2 (track header), 8.2.2 (movie header).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// What the first edit of a track says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Edits {
    /// Where the audio begins, in ticks of the track's own time base.
    pub(crate) media_start_ticks: u64,
    /// How long it is, in ticks of `movie_ticks_per_s`; 0 is "to the end".
    pub(crate) length_movie_ticks: u64,
    pub(crate) movie_ticks_per_s: u32,
    /// A fragmented file counts its samples in its fragments: the counts in front mean nothing.
    pub(crate) is_fragmented: bool,
}

/// Reads the edit of the track `track_id`; the default where there is none.
pub(crate) fn read(path: &Path, track_id: u32) -> io::Result<Edits> {
    let mut file = File::open(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    let mut edits = Edits::default();
    let Some(movie) = find(&mut file, (0, end), b"moov")? else { return Ok(edits) };
    edits.is_fragmented = find(&mut file, movie, b"mvex")?.is_some();
    if let Some(header) = find(&mut file, movie, b"mvhd")? {
        edits.movie_ticks_per_s = after_dates(&mut file, header)?;
    }
    let mut from = movie;
    while let Some(track) = find(&mut file, from, b"trak")? {
        from.0 = track.1;
        let Some(header) = find(&mut file, track, b"tkhd")? else { continue };
        if after_dates(&mut file, header)? != track_id {
            continue;
        }
        if let Some(edit_box) = find(&mut file, track, b"edts")?
            && let Some(list) = find(&mut file, edit_box, b"elst")?
        {
            read_first_edit(&mut file, list, &mut edits)?;
        }
    }
    Ok(edits)
}

/// The body of the first box of a kind between two bytes of the file.
type Span = (u64, u64);

fn find(file: &mut File, (mut at, end): Span, kind: &[u8; 4]) -> io::Result<Option<Span>> {
    while at.saturating_add(8) <= end {
        file.seek(SeekFrom::Start(at))?;
        let size = u64::from(u32::from_be_bytes(take(file)?));
        let found: [u8; 4] = take(file)?;
        let (header, size) = match size {
            0 => (8, end - at),
            1 => (16, u64::from_be_bytes(take(file)?)),
            size => (8, size),
        };
        let next = at.saturating_add(size);
        if size < header || next > end {
            return Ok(None);
        }
        if &found == kind {
            return Ok(Some((at + header, next)));
        }
        at = next;
    }
    Ok(None)
}

/// The word behind version, flags and the two dates: a track's number, or ticks a second.
fn after_dates(file: &mut File, body: Span) -> io::Result<u32> {
    file.seek(SeekFrom::Start(body.0))?;
    let [version, ..]: [u8; 4] = take(file)?;
    file.seek(SeekFrom::Current(if version == 1 { 16 } else { 8 }))?;
    Ok(u32::from_be_bytes(take(file)?))
}

/// The first edit that shows media (an edit of silence has the time -1).
fn read_first_edit(file: &mut File, body: Span, edits: &mut Edits) -> io::Result<()> {
    file.seek(SeekFrom::Start(body.0))?;
    let [version, ..]: [u8; 4] = take(file)?;
    let count = u32::from_be_bytes(take(file)?);
    let entry_bytes = if version == 1 { 20 } else { 12 };
    let fits = (body.1 - body.0).saturating_sub(8) / entry_bytes;
    for _ in 0..u64::from(count).min(fits) {
        let (length, start) = if version == 1 {
            (u64::from_be_bytes(take(file)?), i64::from_be_bytes(take(file)?))
        } else {
            let length = u32::from_be_bytes(take(file)?);
            (u64::from(length), i64::from(i32::from_be_bytes(take(file)?)))
        };
        let _rate: [u8; 4] = take(file)?;
        if let Ok(start) = u64::try_from(start) {
            edits.media_start_ticks = start;
            edits.length_movie_ticks = length;
            break;
        }
    }
    Ok(())
}

fn take<const N: usize>(file: &mut File) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
