//! What a page is put together from.

use maud::{Markup, PreEscaped, html};

/// A table that scrolls sideways by itself, also from the keyboard; `name` is read to who cannot see it.
pub fn scrolling(name: &str, table: &Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(name) tabindex="0" { (table) } }
}

/// A drawing of SVG elements in a box of `[width, height]`, in the drawing's own units, with a name for who cannot see it.
///
/// `elements` go in as they are: they are written by a program, with every text in them escaped.
pub fn svg(class: &str, name: &str, [width, height]: [u32; 2], elements: &str) -> Markup {
    html! {
        svg class=(class) viewBox={ "0 0 " (width) " " (height) } role="img" aria-label=(name) xmlns="http://www.w3.org/2000/svg" {
            (PreEscaped(elements))
        }
    }
}

/// A drawing, which takes the width that there is, with its caption; below it the same as a table of numbers, folded.
pub fn figure(name: &str, drawing: &Markup, caption: &Markup, table: &Markup) -> Markup {
    html! {
        figure {
            (drawing)
            figcaption { (caption) }
            (numbers(name, table))
        }
    }
}

/// The numbers of a drawing, folded.
pub fn numbers(name: &str, table: &Markup) -> Markup {
    html! { details.numbers { summary { "The numbers" } (scrolling(&format!("{name}: the numbers"), table)) } }
}

/// Links to the sections of a page: `(id, name)`, in their order.
pub fn contents(sections: &[(String, String)]) -> Markup {
    html! {
        nav aria-label="Contents" {
            ul { @for (id, name) in sections { li { a href={ "#" (id) } { (name) } } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_within_its_attribute() {
        let table = html! { table { caption { "a" } } };
        let shown = scrolling("\" onclick=\"alert(1)", &table).into_string();
        assert!(shown.starts_with("<div class=\"scroll\" role=\"region\" aria-label=\"&quot; onclick=&quot;alert(1)\" tabindex=\"0\">"));
    }

    #[test]
    fn a_figure_has_its_numbers() {
        let table = html! { table { caption { "a" } } };
        let shown = figure("Clips", &svg("plot", "Clips", [3, 2], "<g/>"), &html! { "b" }, &table).into_string();
        assert!(shown.contains("viewBox=\"0 0 3 2\"") && shown.contains("<details class=\"numbers\">"));
        assert_eq!(shown.matches("tabindex=\"0\"").count(), 1, "the numbers scroll, the drawing fits");
    }
}
