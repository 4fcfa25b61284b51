//! The page around the canvas.

use maud::{Markup, PreEscaped, html};
use segno_page::Page;

use crate::{Map, MapError};

const SCRIPT: &str = include_str!("map.js");
const STYLE: &str = include_str!("map.css");

impl Map {
    /// The map as a page that needs nothing else.
    ///
    /// # Errors
    /// [`MapError`]: its parts do not belong together.
    pub fn html(&self) -> Result<String, MapError> {
        self.check()?;
        let body = html! {
            h1 { (self.title) }
            p.by { (self.made) }
            noscript { p.banner { "The map is drawn by a script of this page, which loads nothing: allow it to run." } }
            (self.controls())
            div.stage {
                (self.view())
                div.side {
                    section #results-part aria-labelledby="results-name" hidden { h2 #results-name { "Found" } ul #results {} }
                    section aria-labelledby="which" { h2 #which { "Track" } div #track {} }
                    section #legend-part aria-labelledby="legend-name" hidden { h2 #legend-name { "Classes" } ul #legend {} }
                }
            }
            p #said.unseen role="status" {}
            script #data type="application/json" { (PreEscaped(self.json()?)) }
        };
        Ok(Page { title: self.title.clone(), style: STYLE.to_owned(), script: SCRIPT, body, ..Page::default() }.render())
    }

    fn controls(&self) -> Markup {
        html! {
            form #controls role="search" {
                div.find {
                    label for="search" { "Search" }
                    input #search type="search" autocomplete="off" spellcheck="false" placeholder="name, folder or class";
                    output #count for="search" {}
                }
                (choice("layout", "Layout", self.layouts.iter().map(|layout| layout.name.as_str())))
                (choice("task", "Colour", self.tasks.iter().map(|task| task.name.as_str())))
            }
        }
    }

    fn view(&self) -> Markup {
        html! {
            div.view {
                canvas #map tabindex="0" role="application" aria-label={ "Map of " (self.tracks.len()) " tracks" } aria-describedby="keys" {}
                div #tip hidden {}
                div.foot {
                    div.zoom {
                        button #closer type="button" aria-label="Closer" title="Closer" { "+" }
                        button #farther type="button" aria-label="Farther" title="Farther" { "−" }
                        button #whole type="button" aria-label="The whole map" title="The whole map" { "⤢" }
                    }
                    p #keys.by {
                        "Tracks that lie together sound alike. With the map in focus the arrow keys go to the nearest track that way, "
                        kbd { "Enter" } " copies its path, " kbd { "+" } " and " kbd { "−" } " zoom, " kbd { "0" } " shows all, "
                        kbd { "Esc" } " lets go. The pointer drags, the wheel zooms."
                    }
                }
            }
        }
    }
}

/// Names of which one is chosen; of one alone there is nothing to choose.
fn choice<'a>(id: &str, legend: &str, names: impl ExactSizeIterator<Item = &'a str>) -> Markup {
    html! {
        @if names.len() > 1 {
            fieldset {
                legend { (legend) }
                @for (index, name) in names.enumerate() {
                    label { input type="radio" name=(id) value=(index) checked[index == 0]; (name) }
                }
            }
        }
    }
}
