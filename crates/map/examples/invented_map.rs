//! A map of invented tracks, to look at: `cargo run --release -p segno-map --example invented_map -- [tracks] > map.html`.
//!
//! Some of their names are as bad as names can be.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use segno_map::{Answer, Layout, Map, Task, Track};

const GENRES: [&str; 12] =
    ["blues", "classical", "country", "disco", "electronic", "folk", "hip hop", "jazz", "metal", "pop", "reggae", "rock"];
const MOODS: [&str; 4] = ["angry", "calm", "happy", "sad"];
const BAD: [&str; 5] = [
    "</script><script>alert(1)</script>",
    "\"quoted\" & 'quoted' <b>bold</b>",
    "\u{202e}gnorts si emanelif",
    "two\nlines\tand a tab",
    "a name that goes on and on and on, with no end to it, as names of classical recordings do (Live, Remastered 2011)",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n: usize = std::env::args().nth(1).map_or(Ok(10_000), |word| word.parse())?;
    let mut draw = ChaCha8Rng::seed_from_u64(1);
    let mut normal = || (0..12).map(|_| draw.random::<f32>()).sum::<f32>() - 6.0;
    let centre = |genre: usize, spread: f32| {
        let angle = genre as f32 * std::f32::consts::TAU / GENRES.len() as f32;
        [spread * angle.cos() * (1.0 + genre as f32 % 3.0 / 4.0), spread * angle.sin()]
    };
    let mut map = Map { title: format!("A library of {n} tracks"), made: "Invented: nothing here was heard".into(), ..Map::default() };
    let (mut apart, mut together, mut genres, mut moods) = (vec![], vec![], vec![], vec![]);
    for at in 0..n {
        let genre = at % GENRES.len();
        let point = |spread: f32, [x, y]: [f32; 2]| centre(genre, spread).iter().zip([x, y]).map(|(a, b)| a + b).collect::<Vec<_>>();
        let noise = [normal(), normal()];
        apart.push(<[f32; 2]>::try_from(point(6.0, noise)).expect("two"));
        together.push(<[f32; 2]>::try_from(point(1.5, noise)).expect("two"));
        let title = BAD.get(at).map_or_else(|| format!("{at:05} Title"), |bad| (*bad).to_owned());
        let near = (1..6).map(|step| ((at + step * GENRES.len()) % n, 1.0 - step as f64 / 50.0)).collect();
        map.tracks.push(Track { path: format!("/home/somebody/Music/Artist {:03}/Album {}/{title}.mp3", at % 300, at % 7), near });
        genres.push(match normal() {
            doubt if doubt > 1.5 => Answer::NotSure { reason: format!("{} 0.41, and a precision of 0.9 takes 0.7", GENRES[genre]) },
            doubt if doubt > 1.4 => Answer::Unknown,
            _ => Answer::Class { class: genre, confidence: Some(0.7 + (at % 30) as f32 / 100.0) },
        });
        moods.push(Answer::Class { class: usize::from(noise[0] > 0.0) + 2 * usize::from(noise[1] > 0.0), confidence: None });
    }
    map.layouts = vec![Layout { name: "t-SNE".into(), points: apart }, Layout { name: "Principal components".into(), points: together }];
    let task = |name: &str, classes: &[&str], answers| Task {
        name: name.into(),
        classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        answers,
    };
    map.tasks = vec![task("genre", &GENRES, genres), task("mood", &MOODS, moods)];
    print!("{}", map.html()?);
    Ok(())
}
