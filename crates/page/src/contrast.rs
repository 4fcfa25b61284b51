//! How well one colour stands out from another.

/// The contrast ratio of two colours (red, green, blue), 1 to 21; text wants 4.5.
///
/// # References
/// Web Content Accessibility Guidelines 2.2, "contrast ratio" and "relative luminance".
pub fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let luminance = |color: [u8; 3]| {
        let [red, green, blue] = color.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CLASSES, STYLE};

    #[test]
    fn black_on_white_is_21_to_1() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9 && (contrast([9; 3], [9; 3]) - 1.0).abs() < 1e-9);
    }

    /// The custom properties of the style: (light, dark) of a name.
    fn property(name: &str) -> [[u8; 3]; 2] {
        let parsed: Vec<[u8; 3]> = STYLE
            .match_indices(&format!("--{name}:#"))
            .map(|(at, found)| {
                let hex = &STYLE[at + found.len()..][..6];
                [0, 2, 4].map(|place| u8::from_str_radix(&hex[place..place + 2], 16).expect("six hexadecimal digits"))
            })
            .collect();
        parsed.try_into().expect("a light and a dark value")
    }

    #[test]
    fn classes_stand_out_from_the_page_in_both_themes() {
        for (theme, ground) in property("page").into_iter().enumerate() {
            for class in CLASSES {
                let found = contrast(class[theme], ground);
                assert!(found >= 4.5, "{:02X?} in theme {theme}: {found}", class[theme]);
            }
        }
    }

    #[test]
    fn text_and_links_stand_out_from_the_page_in_both_themes() {
        let pages = property("page");
        for name in ["text", "soft", "link"] {
            for (theme, ground) in pages.iter().enumerate() {
                let found = contrast(property(name)[theme], *ground);
                assert!(found >= 4.5, "--{name} in theme {theme}: {found}");
            }
        }
        for (theme, ground) in property("warn").iter().enumerate() {
            assert!(contrast(property("onwarn")[theme], *ground) >= 4.5, "the banner in theme {theme}");
        }
    }
}
