//! The picture: what was heard, what the answer hangs on, and how far that is to be believed.

use segno_page::{Markup, PreEscaped, html};

use super::{
    Curves, Faithfulness,
    curves::{CHART, MAP, chance, chart},
    heat::Ramp,
};
use crate::{EvalError, report::wrapped};

/// Numbers over time and frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Frames, and bins of a frame, the lowest first.
    pub shape: [usize; 2],
    /// Row-major.
    pub values: Vec<f32>,
}

/// A mark on the frequency axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// How far up, from 0 to 1.
    pub share: f64,
    /// What stands there.
    pub label: String,
}

/// What an attention looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Attention {
    /// A weight a frame; those of a clip sum to 1.
    Frames(Vec<f32>),
    /// The weighted sum of feature maps over time and frequency, and how many maps share the weight.
    Maps {
        /// Clip by clip.
        sum: Grid,
        /// The exponential of the weights' entropy, the mean over clips: 1 where one map has all the weight.
        effective: f64,
        /// Maps there are.
        maps: usize,
    },
}

/// All that a picture of one file shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The file's name.
    pub title: String,
    /// What the model says of it.
    pub answer: String,
    /// Which answer is explained, how, and what stands for nothing.
    pub method: String,
    /// What must be known beside: shown below the picture.
    pub notes: Vec<String>,
    /// What was heard.
    pub heard: Grid,
    /// What the answer hangs on, of the same shape.
    pub map: Grid,
    /// What an attention looked at, where there is one.
    pub attention: Option<Attention>,
    /// Marks on the frequency axis.
    pub frequencies: Vec<Tick>,
    /// How long what is shown is.
    pub seconds: f64,
    /// Clips or patches that it consists of.
    pub clips: usize,
    /// How far the map is to be believed.
    pub faithfulness: Faithfulness,
}

pub(super) const WIDTH: u32 = 1040;
const LEFT: u32 = 90;
const PANEL: [u32; 2] = [910, 230];
const STRIP: u32 = 70;
const TEXT: u32 = 22;
const GROUND: &str = "#FFFFFF";
const STRONG: &str = "#1B2026";
const SOFT: &str = "#57606A";
const LINE: &str = "#8C959F";

impl Explanation {
    /// What the faithfulness comes to, in a sentence or two.
    pub fn verdict(&self) -> String {
        let Faithfulness { map, random, random_deletion: [low, high], random_insertion: [least, most] } = &self.faithfulness;
        let told = match self.faithfulness.beats_chance() {
            true => "The map beats every random order both ways.",
            false => "The map does not beat every random order both ways: do not believe it.",
        };
        format!(
            "Deletion area {:.3}, random {:.3} ({low:.3} to {high:.3}); insertion area {:.3}, random {:.3} ({least:.3} to {most:.3}). {told}",
            map.deletion_area(),
            random.deletion_area(),
            map.insertion_area(),
            random.insertion_area()
        )
    }

    /// The picture as a file of SVG.
    ///
    /// # Errors
    /// [`EvalError::Undrawn`].
    pub fn svg(&self) -> Result<String, EvalError> {
        let (height, elements) = self.elements()?;
        let whole = html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(WIDTH) height=(height) viewBox={ "0 0 " (WIDTH) " " (height) } font-family="sans-serif" {
                title { (self.title) }
                (elements)
            }
        };
        // Control characters of somebody's names have no place in XML.
        Ok(whole.into_string().chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect::<String>() + "\n")
    }

    /// Height, and the elements within a box of [`WIDTH`].
    pub(super) fn elements(&self) -> Result<(u32, Markup), EvalError> {
        let mut column = Column { y: 16, parts: vec![] };
        column.text(&self.title, 32, STRONG);
        column.text(&self.answer, 26, STRONG);
        column.text(&self.method, TEXT, SOFT);
        column.head("What was heard");
        column.grid(&self.heard.cells(PANEL, Ramp::Loudness), PANEL[1], &self.frequencies, self.clips);
        column.head("What the answer hangs on: red speaks for it, blue against it");
        column.grid(&self.map.cells(PANEL, Ramp::Signed), PANEL[1], &self.frequencies, self.clips);
        match &self.attention {
            Some(Attention::Frames(weights)) => {
                column.head("What the attention looks at: the weight of each frame");
                column.grid(&bars(weights), STRIP, &[], self.clips);
            }
            Some(Attention::Maps { sum, effective, maps }) => {
                column.head(&format!("What the attention gathers: the weighted sum of {maps} feature maps, of which {effective:.1} count"));
                column.grid(&sum.cells([PANEL[0], STRIP], Ramp::Loudness), STRIP, &[], self.clips);
            }
            None => {}
        }
        column.seconds(self.seconds);
        column.head("Does the answer fall as the map's cells are taken away, first the reddest?");
        let charts = [("deletion", chart(&self.faithfulness, deletion)), ("insertion", chart(&self.faithfulness, insertion))];
        for (index, (name, drawn)) in charts.into_iter().enumerate() {
            let undrawn = |reason| EvalError::Undrawn { name: name.to_owned(), reason };
            column.chart(index as u32, name, &drawn.map_err(undrawn)?.elements);
        }
        column.y += CHART[1] + 46;
        column.text(&self.verdict(), TEXT, STRONG);
        for note in &self.notes {
            column.text(note, TEXT, SOFT);
        }
        let height = column.y + 24;
        let parts = column.parts;
        Ok((height, html! { rect width=(WIDTH) height=(height) fill=(GROUND) {} @for part in &parts { (part) } }))
    }
}

fn deletion(curves: &Curves) -> &Vec<f64> {
    &curves.deletion
}

fn insertion(curves: &Curves) -> &Vec<f64> {
    &curves.insertion
}

/// A bar a frame, the highest as high as the strip.
fn bars(weights: &[f32]) -> String {
    let highest = weights.iter().fold(f32::MIN_POSITIVE, |highest, weight| highest.max(*weight));
    let wide = PANEL[0] as f32 / weights.len() as f32;
    let bar = |(frame, weight): (usize, &f32)| {
        let tall = weight / highest * STRIP as f32;
        format!("M{:.2} {STRIP}h{:.2}v{:.2}h-{:.2}z", frame as f32 * wide, wide * 0.9, -tall, wide * 0.9)
    };
    let bars: String = weights.iter().enumerate().map(bar).collect();
    format!("<path fill=\"{STRONG}\" d=\"{bars}\"/>")
}

/// What stands one below the other, and where the next goes.
struct Column {
    y: u32,
    parts: Vec<Markup>,
}

impl Column {
    fn text(&mut self, text: &str, size: u32, color: &str) {
        for line in wrapped(text, size, WIDTH - 60) {
            self.y += size + size / 3;
            self.parts.push(html! { text x="30" y=(self.y) font-size=(size) fill=(color) { (line) } });
        }
    }

    fn head(&mut self, text: &str) {
        self.y += 14;
        self.text(text, TEXT, STRONG);
        self.y += 18; // the highest mark of an axis reaches above its panel
    }

    /// A panel with its frame, the marks of the frequency axis, and a line where clips meet.
    fn grid(&mut self, elements: &str, tall: u32, ticks: &[Tick], clips: usize) {
        let (wide, y) = (PANEL[0], self.y);
        self.parts.push(html! {
            g transform={ "translate(" (LEFT) " " (y) ")" } { (PreEscaped(elements)) }
            rect x=(LEFT) y=(y) width=(wide) height=(tall) fill="none" stroke=(LINE) {}
            @for clip in 1..clips {
                @let x = LEFT + (f64::from(wide) * clip as f64 / clips as f64) as u32;
                line x1=(x) x2=(x) y1=(y) y2=(y + tall) stroke=(LINE) stroke-dasharray="3 5" {}
            }
            @for tick in ticks {
                @let at = y + (f64::from(tall) * (1.0 - tick.share)) as u32;
                line x1=(LEFT - 6) x2=(LEFT) y1=(at) y2=(at) stroke=(LINE) {}
                text x=(LEFT - 10) y=(at + 6) font-size="18" fill=(SOFT) text-anchor="end" { (tick.label) }
            }
        });
        self.y += tall;
    }

    fn seconds(&mut self, seconds: f64) {
        let step = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0].into_iter().find(|step| seconds / step <= 12.0).unwrap_or(300.0);
        let marks: Vec<f64> = (0..).map(|mark| f64::from(mark) * step).take_while(|at| *at <= seconds).collect();
        self.y += 24;
        self.parts.push(html! {
            @for at in marks {
                @let x = LEFT + (f64::from(PANEL[0]) * at / seconds) as u32;
                text x=(x) y=(self.y) font-size="18" fill=(SOFT) text-anchor="middle" { (at) " s" }
            }
        });
    }

    /// A chart beside the one before it; the column goes on below them all.
    fn chart(&mut self, index: u32, name: &str, elements: &str) {
        let (x, y) = (30 + index * (CHART[0] + 30), self.y + 24);
        let map = format!("#{:02X}{:02X}{:02X}", MAP.0, MAP.1, MAP.2);
        self.parts.push(html! {
            text x=(x + 56) y=(y) font-size="20" fill=(STRONG) { (name) }
            text x=(x + 200) y=(y) font-size="20" fill=(map) { "— the map" }
            text x=(x + 320) y=(y) font-size="20" fill=(chance()) { "— at random" }
            svg x=(x) y=(y) width=(CHART[0]) height=(CHART[1]) { (PreEscaped(elements)) }
        });
    }
}
