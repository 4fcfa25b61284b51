//! Text comes out, nothing is loaded, and what is no drawing is refused.

use segno_raster::{RasterError, Rasterizer};

fn svg(inner: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" height=\"60\">{inner}</svg>")
}

/// How long a picture of one text is as PNG: letters take more bytes than nothing.
fn bytes(inner: &str) -> usize {
    Rasterizer::new().png(&svg(inner)).unwrap().len()
}

#[test]
fn text_of_any_family_is_drawn() {
    let empty = bytes("");
    let text = |family: &str| bytes(&format!("<text x=\"5\" y=\"40\" font-size=\"30\" font-family=\"{family}\">LSTM 2×250</text>"));
    assert!(text("sans-serif") > empty + 500, "{} bytes with text, {empty} without", text("sans-serif"));
    assert_eq!(text("sans-serif"), text("No Such Font, system-ui, sans-serif"));
}

#[test]
fn letters_and_marks_of_legends_are_in_the_font() {
    // A letter that a font lacks is the same box for all: these are all different.
    let shapes = ["●", "▲", "✕", "■", "━", "❙", "↳", "○", "λ", "Ж", "ö", "ł", "−", "\u{10FFFD}"];
    let pictures: Vec<Vec<u8>> = shapes
        .iter()
        .map(|shape| Rasterizer::new().png(&svg(&format!("<text x=\"5\" y=\"40\" font-size=\"30\">{shape}</text>"))).unwrap())
        .collect();
    for (index, picture) in pictures.iter().enumerate() {
        assert!(pictures[index + 1..].iter().all(|other| other != picture), "{} is drawn as another", shapes[index]);
    }
}

#[test]
fn the_same_drawing_is_the_same_bytes() {
    let drawing = svg("<circle cx=\"30\" cy=\"30\" r=\"9\"/><text x=\"60\" y=\"40\">a</text>");
    assert_eq!(Rasterizer::new().png(&drawing).unwrap(), Rasterizer::new().png(&drawing).unwrap());
}

#[test]
fn a_picture_that_a_drawing_names_is_not_loaded() {
    let named = "<image href=\"/etc/hostname.png\" width=\"50\" height=\"50\"/>";
    let inline = "<image width=\"50\" height=\"50\" href=\"data:image/png;base64,\
                  iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==\"/>";
    assert_eq!([bytes(named), bytes(inline)], [bytes(""), bytes("")]);
}

#[test]
fn what_is_no_drawing_is_refused() {
    let raster = Rasterizer::new();
    assert!(matches!(raster.png("<svg"), Err(RasterError::Svg(_))));
    let large = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"20000\" height=\"10\"/>";
    assert!(matches!(raster.png(large), Err(RasterError::Size { width: 20_000, height: 10 })));
}
