//! The figures of a report as files: SVG, and PNG on request.

use std::path::Path;

use anyhow::{Context, Result};
use segno_eval::report::{Report, figures};
use segno_raster::Rasterizer;

use super::write_whole;

/// Writes every figure into `folder` and says how many; `png` draws each as pixels too.
///
/// # Errors
/// A figure cannot be drawn, or a file not be written.
pub fn write(report: &Report, folder: &Path, png: bool) -> Result<usize> {
    let figures = figures(report);
    let raster = png.then(Rasterizer::new);
    for figure in &figures {
        let svg = figure.svg(&report.banners)?;
        write_whole(&folder.join(format!("{}.svg", figure.name)), svg.as_bytes())?;
        if let Some(raster) = &raster {
            let picture = raster.png(&svg).with_context(|| format!("figure {}", figure.name))?;
            write_whole(&folder.join(format!("{}.png", figure.name)), &picture)?;
        }
    }
    Ok(figures.len())
}
