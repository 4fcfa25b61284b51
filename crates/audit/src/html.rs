//! The audit as a page, with the pairs to listen to.

use segno_page::{Markup, Page, contents, html as page_of, scrolling};

use crate::Kind;
use crate::model::{Alignment, Audit, Pair, Siblings, SplitAudit, TrackFacts};
use crate::terminal::counted;

/// Pairs shown on the page; `audit.json` has all.
const MOST_PAIRS: usize = 300;

/// What browsers play: the endings of files.
const PLAYABLE: [&str; 9] = ["wav", "wave", "mp3", "flac", "ogg", "oga", "m4a", "mp4", "aac"];

/// Where the audio lies, seen from the page.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// A relative link to the corpus root, percent-encoded, ending in `/`; `None` where the audio is not at hand.
    pub root: Option<String>,
}

impl Links {
    /// A link to the corpus root by the names of folders from the page's folder on, `..` among them.
    pub fn to<'a>(folders: impl IntoIterator<Item = &'a str>) -> Self {
        Self { root: Some(folders.into_iter().map(|folder| encoded(folder) + "/").collect()) }
    }

    fn link(&self, path: &str) -> Option<String> {
        let parts: Vec<String> = path.split('/').map(encoded).collect();
        Some(format!("{}{}", self.root.as_ref()?, parts.join("/")))
    }
}

/// A name as a part of a link.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

const STYLE: &str = "audio{width:100%;max-width:26rem;display:block;margin:.3rem 0}\
.pair{border-top:1px solid var(--line);padding:.75rem 0}.pair h3{margin-top:.25rem}.pair .tiles{gap:.75rem 2rem}";

/// The audit as one page of HTML that needs nothing else but the sound files it links to.
pub fn page(audit: &Audit, links: &Links) -> String {
    let sections =
        [("splits", "On two sides of a split"), ("pairs", "Pairs to listen to"), ("undecodable", "Not decoded"), ("terms", "Terms")];
    let sections = sections.map(|(id, name)| (id.to_owned(), name.to_owned()));
    let title = format!("Audit of {}", audit.corpus);
    let body = page_of! {
        header {
            h1 { (title) }
            p.by { (audit.tracks) " tracks, " (audit.heard) " listened to, " (audit.undecodable.len()) " not decoded" }
            p.finding { (finding(audit)) }
            (contents(&sections))
        }
        main {
            (splits(audit))
            (pairs(audit, links))
            (undecodable(audit))
            (terms(audit))
        }
        footer { p { "audit.json holds everything on this page, and every pair." } }
    };
    Page { title, style: STYLE.to_owned(), sound: true, body, ..Page::default() }.render()
}

fn finding(audit: &Audit) -> String {
    let found: Vec<String> = Kind::DUPLICATES.iter().map(|&kind| format!("{} of {}", counted(audit, kind), spoken(kind))).collect();
    let worst = audit.splits.iter().max_by_key(|split| (split.recording.train_tracks * 1000).checked_div(split.test_tracks));
    let cost = worst.filter(|split| split.recording.train_tracks > 0).map(|split| {
        format!(
            " In the split {}, {} of {} test tracks have the same recording in training.",
            split.name, split.recording.train_tracks, split.test_tracks
        )
    });
    let none = " No split that was looked at has one recording in training and in the test part.";
    let cost = cost.unwrap_or_else(|| if audit.splits.is_empty() { String::new() } else { none.to_owned() });
    format!("{}.{cost}", found.join(", "))
}

fn spoken(kind: Kind) -> &'static str {
    match kind {
        Kind::IdenticalBytes => "identical bytes",
        Kind::IdenticalAudio => "identical audio under other bytes",
        _ => "near duplicates",
    }
}

fn splits(audit: &Audit) -> Markup {
    let cell = |siblings: &Siblings, of: &SplitAudit| {
        page_of! {
            td.num {
                (siblings.train_tracks)
                @if siblings.train_tracks > 0 {
                    " (" (percent(siblings.train_tracks, of.test_tracks)) ")"
                    small { (siblings.train_clips) " clips" }
                }
                @if siblings.valid_tracks > 0 { small { "valid: " (siblings.valid_tracks) } }
            }
        }
    };
    let table = page_of! {
        table.pinned {
            caption { "Test tracks with a sibling in training, and the clips that they are cut into; below, where there are any, test tracks with one in validation. A kind of duplicate counts the stricter kinds too." }
            thead { tr {
                th scope="col" { "Split" }
                th.num scope="col" { "Test tracks" }
                @for kind in Kind::SIDES { th.num scope="col" { (kind.name()) } }
                th.num scope="col" { "the recording" }
                th.num scope="col" { "anything" }
            } }
            tbody { @for split in &audit.splits { tr {
                th scope="row" { (split.name) }
                td.num { (split.test_tracks) small { (split.test_clips) " clips" } }
                @for touched in &split.kinds { (cell(&touched.siblings, split)) }
                (cell(&split.recording, split))
                (cell(&split.any, split))
            } } }
        }
    };
    page_of! {
        section id="splits" {
            h2 { "On two sides of a split" }
            @if audit.splits.is_empty() { p.gap { "No split was looked at: draw one with `segno split`." } }
            @else { (scrolling("Test tracks with a sibling in training", &table)) }
        }
    }
}

fn pairs(audit: &Audit, links: &Links) -> Markup {
    page_of! {
        section id="pairs" {
            h2 { "Pairs to listen to" }
            @if audit.pairs.is_empty() { p.gap { "No duplicates were found." } }
            @if audit.pairs.len() > MOST_PAIRS { p.gap { "The first " (MOST_PAIRS) " of " (audit.pairs.len()) ": those that a split has on two sides come first." } }
            @if links.root.is_none() && !audit.pairs.is_empty() {
                p.gap { "The audio was not at hand (no --root was given), so there is nothing to play here." }
            }
            @for pair in audit.pairs.iter().take(MOST_PAIRS) { (one_pair(audit, pair, links)) }
        }
    }
}

fn one_pair(audit: &Audit, pair: &Pair, links: &Links) -> Markup {
    let starts = pair.alignment.map_or([0.0; 2], |alignment| [alignment.start_seconds, alignment.other_start_seconds]);
    page_of! {
        div.pair {
            h3 { (pair.track_id) " and " (pair.other_track_id) }
            p.by { (pair.kind.meaning()) @if let Some(alignment) = &pair.alignment { ": " (described(alignment)) } }
            @for conflict in &pair.conflicts {
                p.banner { (conflict.task) " differs: " (conflict.label) " and " (conflict.other_label) }
            }
            @if !pair.crosses.is_empty() { p { "In training and in the test part: " (pair.crosses.join(", ")) } }
            div.tiles {
                @for (track, start) in [&pair.track_id, &pair.other_track_id].into_iter().zip(starts) {
                    (one_track(track, &audit.facts[track], start, links))
                }
            }
        }
    }
}

fn described(alignment: &Alignment) -> String {
    let apart = alignment.start_seconds - alignment.other_start_seconds;
    let shift = match apart {
        late if late > 0.05 => format!("the second begins {late:.1} s into the first"),
        early if early < -0.05 => format!("the first begins {:.1} s into the second", -early),
        _ => "no shift in time".to_owned(),
    };
    let (overlap, wrong) = (alignment.overlap_seconds, 100.0 * alignment.bit_error_rate);
    format!("{shift}; alike for {overlap:.1} s, with {wrong:.1} % of the fingerprint's bits differing")
}

fn one_track(track_id: &str, facts: &TrackFacts, start: f64, links: &Links) -> Markup {
    let ending = facts.path.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase());
    let link = links.link(&facts.path);
    let labels: Vec<String> = facts.labels.iter().map(|(task, label)| format!("{task}: {label}")).collect();
    page_of! {
        div {
            p {
                strong { (track_id) }
                @if facts.artist.is_some() || facts.title.is_some() {
                    br; (facts.artist.as_deref().unwrap_or("unknown artist")) " – " (facts.title.as_deref().unwrap_or("no title"))
                }
                @if !labels.is_empty() { br; (labels.join(" · ")) }
            }
            @if let Some(link) = link {
                @if PLAYABLE.contains(&ending.as_str()) {
                    audio.screen controls preload="none" aria-label=(track_id) src=(from(&link, start)) {}
                } @else {
                    p.gap { "Browsers do not play ." (ending) " files: open it in a player." }
                }
                p.ids { a href=(link) { (facts.path) } }
            } @else {
                p.ids { (facts.path) }
            }
        }
    }
}

/// A link that plays from `start` seconds on.
fn from(link: &str, start: f64) -> String {
    if start > 0.0 { format!("{link}#t={start:.2}") } else { link.to_owned() }
}

fn undecodable(audit: &Audit) -> Markup {
    page_of! {
        section id="undecodable" {
            h2 { "Not decoded" }
            @if audit.undecodable.is_empty() {
                p.gap { @if audit.heard == 0 { "No track was listened to." } @else { "Every track was decoded." } }
            } @else {
                ul { @for track in &audit.undecodable { li { strong { (track.track_id) } ": " (track.reason) } } }
            }
            @if audit.too_short > 0 { p { (audit.too_short) " tracks are too short for a fingerprint, and were compared by their samples alone." } }
        }
    }
}

fn terms(audit: &Audit) -> Markup {
    page_of! {
        section id="terms" {
            h2 { "Terms" }
            dl { @for kind in Kind::ALL {
                dt { (kind.name()) }
                dd { (kind.meaning()) @if kind != Kind::SameTrack { "; in the corpus: " (counted(audit, kind)) } }
            }
            dt { "the recording" } dd { "clips of one track, identical bytes, identical audio or near duplicates" }
            dt { "anything" } dd { "any of these" } }
            p { (audit.without_artist) " tracks have no artist and " (audit.without_title) " no title: nothing is said of those." }
        }
    }
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.0} %", 100.0 * part as f64 / whole as f64)
}
