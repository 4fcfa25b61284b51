//! A drawing in SVG becomes a PNG, the same bytes on every machine.
//!
//! Text is set in the one font that comes along, DejaVu Sans Condensed, whatever family the drawing asks for: a machine
//! without fonts draws the same picture as one with a thousand. It has Latin, Greek and Cyrillic letters and the marks of
//! legends; a letter that it lacks is a box. Its licence (Bitstream Vera's, with DejaVu's changes in the public domain) lets
//! it be passed on within programs.
//!
//! ```
//! let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><text x="2" y="15" font-size="14">LSTM</text></svg>"#;
//! let png = segno_raster::Rasterizer::new().png(svg)?;
//! assert!(png.starts_with(b"\x89PNG\r\n"));
//! # Ok::<(), segno_raster::RasterError>(())
//! ```
//!
//! This crate knows nothing of what is drawn, and loads nothing: neither fonts of the machine nor pictures that a drawing
//! names.

use std::sync::Arc;

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, Options, Tree, fontdb::Database},
};

/// The family name within the font.
const FAMILY: &str = "DejaVu Sans";
/// The most pixels across or down: 8 bytes and more a pixel are held at once.
const LARGEST: u32 = 16_384;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RasterError {
    /// Not SVG.
    #[error("the drawing is not read as SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// Nothing to draw on, or too much.
    #[error("the drawing is {width} × {height} pixels, expected 1 to {LARGEST} each way: draw it smaller")]
    Size {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The encoder refused.
    #[error("the picture could not be written as PNG: {reason}")]
    Png {
        /// Its reason.
        reason: String,
    },
}

/// Draws SVG into PNG; made once, since it reads its font.
#[derive(Debug)]
pub struct Rasterizer {
    options: Options<'static>,
}

impl Default for Rasterizer {
    fn default() -> Self {
        Self::new()
    }
}

impl Rasterizer {
    /// With its font, and no way to any other file.
    pub fn new() -> Self {
        let mut fonts = Database::new();
        fonts.load_font_data(dejavu::sans_condensed::regular().to_vec());
        fonts.set_sans_serif_family(FAMILY);
        let nothing = ImageHrefResolver { resolve_data: Box::new(|_, _, _| None), resolve_string: Box::new(|_, _| None) };
        let options =
            Options { fontdb: Arc::new(fonts), font_family: FAMILY.to_owned(), image_href_resolver: nothing, ..Options::default() };
        Self { options }
    }

    /// A picture of as many pixels as the drawing has units.
    ///
    /// # Errors
    /// The text is no SVG, or of a size that cannot be drawn.
    pub fn png(&self, svg: &str) -> Result<Vec<u8>, RasterError> {
        let tree = Tree::from_str(svg, &self.options)?;
        let size = tree.size().to_int_size();
        let (width, height) = (size.width(), size.height());
        let fits = (1..=LARGEST).contains(&width) && (1..=LARGEST).contains(&height);
        let mut picture = fits.then(|| Pixmap::new(width, height)).flatten().ok_or(RasterError::Size { width, height })?;
        resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
        picture.encode_png().map_err(|error| RasterError::Png { reason: error.to_string() })
    }
}
