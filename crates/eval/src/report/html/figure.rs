//! A figure on the page: drawing, legend, caption, numbers.

use segno_page::{Markup, figure, html, svg};

use crate::report::drawn::{Figure, Key, Numbers};

/// A figure below its title.
pub(crate) fn show(drawn: &Figure) -> Markup {
    html! { div.drawn { h3 { (drawn.title) } (body(drawn)) } }
}

/// A figure that stands under a heading already.
pub(super) fn body(drawn: &Figure) -> Markup {
    let panels = match &drawn.panels {
        Err(reason) => return html! { p.gap { "This could not be drawn: " (reason) } },
        Ok(panels) => panels,
    };
    let class = if panels.len() > 1 { "panel" } else { "plot" };
    let drawings = html! {
        @if let [only] = panels.as_slice() {
            @if let Some(name) = &only.name { span.panelname { (name) } }
            (svg(class, &drawn.title, [only.drawing.width, only.drawing.height], &only.drawing.elements))
        } @else {
            div.panels {
                @for panel in panels {
                    @let name = panel.name.as_deref().unwrap_or(&drawn.title);
                    div {
                        span.panelname { (name) }
                        (svg(class, &format!("{}: {name}", drawn.title), [panel.drawing.width, panel.drawing.height], &panel.drawing.elements))
                    }
                }
            }
        }
    };
    let caption = html! {
        @for key in &drawn.keys { (legend(key)) " " }
        @if !drawn.keys.is_empty() { br; }
        (drawn.caption)
    };
    figure(&drawn.title, &drawings, &caption, &table(&drawn.title, &drawn.numbers))
}

/// An entry of a legend.
pub(super) fn legend(key: &Key) -> Markup {
    html! { span class={ "key " (key.class) } { span aria-hidden="true" { (key.mark) } " " (key.text) } }
}

/// The numbers of a figure as a table.
fn table(title: &str, numbers: &Numbers) -> Markup {
    html! {
        table.long {
            caption { (title) }
            thead { tr { @for (column, head) in numbers.heads.iter().enumerate() { th.num[column >= numbers.texts] scope="col" { (head) } } } }
            tbody {
                @for row in &numbers.rows {
                    tr {
                        @for (column, cell) in row.iter().enumerate() {
                            @if column == 0 { th scope="row" { (cell) } }
                            @else { td.num[column >= numbers.texts] { (cell) } }
                        }
                    }
                }
            }
        }
    }
}
