//! A grid of numbers as cells of colour: SVG paths, one a colour.

use std::collections::BTreeMap;

use super::draw::Grid;

/// Cells of a drawing at most: more would be smaller than what a screen shows, and make a file of megabytes.
const MOST: [usize; 2] = [240, 96];
/// Steps of a ramp, on either side of its middle where it has two.
const STEPS: i32 = 15;

/// How numbers become colours.
#[derive(Clone, Copy)]
pub(super) enum Ramp {
    /// From the smallest to the largest, light to dark.
    Loudness,
    /// From minus to plus a largest size, which leaves out the last in a hundred: blue, white, red.
    Signed,
}

impl Grid {
    /// The mean over blocks of cells, so that there are no more than are drawn.
    pub(super) fn shrunk(&self) -> Self {
        let size = [0, 1].map(|axis| self.shape[axis].min(MOST[axis]));
        let ends = |axis: usize, cell: usize| [cell, cell + 1].map(|cell| cell * self.shape[axis] / size[axis]);
        let mut values = Vec::with_capacity(size[0] * size[1]);
        for column in 0..size[0] {
            let [left, right] = ends(0, column);
            for row in 0..size[1] {
                let [low, high] = ends(1, row);
                let block = (left..right).flat_map(|frame| &self.values[frame * self.shape[1]..][low..high]);
                values.push(block.sum::<f32>() / ((right - left) * (high - low)) as f32);
            }
        }
        Self { shape: size, values }
    }

    /// SVG elements that fill a box of [width, height], time across, the lowest bin at the bottom.
    pub(super) fn cells(&self, [width, height]: [u32; 2], ramp: Ramp) -> String {
        let Self { shape: [columns, rows], values } = self.shrunk();
        let step = steps(&values, ramp);
        let mut paths: BTreeMap<i32, String> = BTreeMap::new();
        for row in 0..rows {
            let mut column = 0;
            while column < columns {
                let color = step(values[column * rows + row]);
                let end = (column + 1..columns).find(|next| step(values[next * rows + row]) != color).unwrap_or(columns);
                let run = format!("M{} {}h{}v1h-{}z", column, rows - 1 - row, end - column, end - column);
                paths.entry(color).or_default().push_str(&run);
                column = end;
            }
        }
        let scale = [f64::from(width) / columns as f64, f64::from(height) / rows as f64];
        let drawn: String = paths.iter().map(|(step, d)| format!("<path fill=\"{}\" d=\"{d}\"/>", color(*step, ramp))).collect();
        format!("<g transform=\"scale({:.4} {:.4})\" shape-rendering=\"crispEdges\">{drawn}</g>", scale[0], scale[1])
    }
}

/// The step of the ramp that a value falls on.
fn steps(values: &[f32], ramp: Ramp) -> impl Fn(f32) -> i32 + use<> {
    let (zero, size) = match ramp {
        Ramp::Loudness => {
            let (low, high) =
                values.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
            (low, high - low)
        }
        Ramp::Signed => {
            let mut sizes: Vec<f32> = values.iter().map(|value| value.abs()).collect();
            sizes.sort_by(f32::total_cmp);
            (0.0, sizes[(sizes.len() - 1) * 99 / 100])
        }
    };
    move |value| if size > 0.0 { ((value - zero) / size * STEPS as f32).round().clamp(-STEPS as f32, STEPS as f32) as i32 } else { 0 }
}

/// Straight lines between white and the colours of the ends.
fn color(step: i32, ramp: Ramp) -> String {
    let (from, to) = match (ramp, step) {
        (Ramp::Loudness, _) => ([0xFA, 0xFB, 0xFC], [0x14, 0x1E, 0x2E]),
        (Ramp::Signed, 0..) => ([0xFF, 0xFF, 0xFF], [0xB0, 0x1F, 0x2E]),
        (Ramp::Signed, _) => ([0xFF, 0xFF, 0xFF], [0x00, 0x62, 0x9B]),
    };
    let share = f64::from(step.abs()) / f64::from(STEPS);
    let channel = |index: usize| {
        let (from, to): (i32, i32) = (from[index], to[index]);
        (f64::from(from) + share * f64::from(to - from)).round() as u8
    };
    format!("#{:02X}{:02X}{:02X}", channel(0), channel(1), channel(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_a_colour_are_one_piece_and_low_bins_lie_at_the_bottom() {
        // Two frames of two bins: the low bin loud in both, the high one in the second.
        let grid = Grid { shape: [2, 2], values: vec![1.0, 0.0, 1.0, 1.0] };
        let drawn = grid.cells([100, 50], Ramp::Loudness);
        assert_eq!(drawn.matches("<path").count(), 2);
        assert!(drawn.contains("scale(50.0000 25.0000)"));
        assert!(drawn.contains("M0 1h2v1h-2z") && drawn.contains("M1 0h1v1h-1z") && drawn.contains("M0 0h1v1h-1z"), "{drawn}");
    }

    #[test]
    fn a_large_grid_is_drawn_by_means() {
        let grid = Grid { shape: [480, 96], values: (0..480 * 96).map(|place| (place / 96 % 2) as f32).collect() };
        let shrunk = grid.shrunk();
        assert_eq!(shrunk.shape, [240, 96]);
        assert!(shrunk.values.iter().all(|value| *value == 0.5));
    }

    #[test]
    fn a_map_of_nothing_is_white() {
        let drawn = Grid { shape: [3, 3], values: vec![0.0; 9] }.cells([9, 9], Ramp::Signed);
        assert_eq!((drawn.matches("#FFFFFF").count(), drawn.matches("<path").count()), (1, 1));
    }
}
