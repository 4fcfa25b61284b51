//! A figure as a file: with its title, its legend and what a reader must know, on a light ground.

use segno_page::{PreEscaped, html};

use super::{Figure, Key, Panel};
use crate::EvalError;

const PAD: u32 = 36;
const TITLE: u32 = 36;
const SMALL: u32 = 26;
/// How wide a letter is beside its height, at most: so that no line is cut.
const LETTER: f64 = 0.5;
const NARROWEST: u32 = 900;
const GROUND: &str = "#FFFFFF";
const STRONG: &str = "#1B2026";
const SOFT: &str = "#57606A";

/// A line of text, or of a legend.
struct Row {
    y: u32,
    size: u32,
    color: &'static str,
    text: String,
}

impl Figure {
    /// The figure as a file of SVG; `warnings` are what a reader must know before any number.
    ///
    /// # Errors
    /// [`EvalError::Undrawn`] if it could not be drawn.
    pub fn svg(&self, warnings: &[String]) -> Result<String, EvalError> {
        let undrawn = |reason: &String| EvalError::Undrawn { name: self.name.clone(), reason: reason.clone() };
        let panels = self.panels.as_ref().map_err(undrawn)?;
        let (placed, [width, tall]) = placed(panels);
        let inner = width - 2 * PAD;
        let mut rows: Vec<Row> = vec![];
        let mut y = PAD;
        let mut add = |size: u32, color, text: &str| {
            for line in wrapped(text, size, inner) {
                y += size + size / 3;
                rows.push(Row { y, size, color, text: line });
            }
            y
        };
        add(TITLE, STRONG, &self.title);
        for warning in warnings {
            add(SMALL, SOFT, warning);
        }
        let top = add(SMALL, SOFT, &self.caption) + SMALL / 2;
        let legend = legend(&self.keys, inner);
        let lines = legend.last().map_or(0, |last| last.1 + 1);
        let top_of_panels = top + lines * 40 + SMALL;
        let height = top_of_panels + tall + PAD;
        let drawn = html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } font-family="sans-serif" {
                title { (self.title) }
                rect width=(width) height=(height) fill=(GROUND) {}
                @for row in &rows { text x=(PAD) y=(row.y) font-size=(row.size) fill=(row.color) { (row.text) } }
                @for (x, line, key) in &legend {
                    @let baseline = top + line * 40 + SMALL;
                    text x=(PAD + x) y=(baseline) font-size=(SMALL) fill=(key.color) { (key.mark) }
                    text x=(PAD + x + 34) y=(baseline) font-size=(SMALL) fill=(STRONG) { (key.text) }
                }
                @for (panel, [x, y]) in panels.iter().zip(&placed) {
                    @let drawing = &panel.drawing;
                    @if let Some(name) = &panel.name {
                        text x=(PAD + x + 12) y=(top_of_panels + y - 12) font-size=(SMALL) fill=(STRONG) { (name) }
                    }
                    svg x=(PAD + x) y=(top_of_panels + y) width=(drawing.width) height=(drawing.height) {
                        (PreEscaped(&drawing.elements))
                    }
                }
            }
        };
        // Control characters of somebody's names have no place in XML.
        let text = drawn.into_string();
        Ok(text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect::<String>() + "\n")
    }
}

/// Where each panel stands, side by side and then below, and the size of all with the margins.
fn placed(panels: &[Panel]) -> (Vec<[u32; 2]>, [u32; 2]) {
    let widest = panels.iter().map(|panel| panel.drawing.width).max().unwrap_or(0);
    let tallest = panels.iter().map(|panel| panel.drawing.height).max().unwrap_or(0);
    let named = panels.iter().any(|panel| panel.name.is_some());
    let (across, along) = (widest + 20, tallest + if named { 2 * SMALL } else { 20 });
    let columns = match panels.len() {
        0 | 1 => 1,
        n => u32::try_from(n).unwrap_or(3).min((1400 / across).max(2)),
    };
    let head = if named { SMALL + 12 } else { 0 };
    let place = |index: usize| {
        let index = u32::try_from(index).unwrap_or(0);
        [index % columns * across, head + index / columns * along]
    };
    let lines = u32::try_from(panels.len()).unwrap_or(0).div_ceil(columns);
    ((0..panels.len()).map(place).collect(), [(columns * across).max(NARROWEST) + 2 * PAD, head + lines * along])
}

fn width_of(text: &str, size: u32) -> u32 {
    (text.chars().count() as f64 * f64::from(size) * LETTER) as u32
}

/// The text in lines that fit, broken at spaces.
pub(crate) fn wrapped(text: &str, size: u32, width: u32) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width_of(line, size) + width_of(word, size) + size / 2 <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Each key with its place: how far from the left, and in which line.
fn legend(keys: &[Key], width: u32) -> Vec<(u32, u32, &Key)> {
    let (mut x, mut line) = (0, 0);
    let mut places = vec![];
    for key in keys {
        let wide = 34 + width_of(&key.text, SMALL) + 30;
        if x > 0 && x + wide > width {
            (x, line) = (0, line + 1);
        }
        places.push((x, line, key));
        x += wide;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_where_it_would_be_cut() {
        assert_eq!(wrapped("one two three", 26, 120), ["one two", "three"]);
        assert!(wrapped("", 26, 120).is_empty());
    }
}
