//! The frame of a page that needs nothing else: one file, nothing loaded from anywhere, no script but one that is compiled
//! in; dark and light, on a phone, on a desk and in print.
//!
//! - [`Page`]: title and body become the whole document, with the house's style and a policy that loads nothing.
//! - [`scrolling`]: a table that scrolls sideways by itself, so that the page never does.
//! - [`figure`]: a drawing, what it shows, and its numbers as a table.
//! - [`contents`]: links to the sections.
//! - [`CLASSES`]: colours that tell classes apart, on a light page and on a dark one.
//!
//! Text comes in through [`html!`], which escapes it: a name from somebody's file stays a name. The macro names the crate
//! `maud` in what it expands to; who writes pages depends on `maud` too, and on nothing else of it than this crate shows.
//!
//! ```
//! use segno_page::{Markup, Page, figure, html, scrolling, svg};
//!
//! let table: Markup = html! {
//!     table {
//!         caption { "Clips a class" }
//!         thead { tr { th scope="col" { "Class" } th.num scope="col" { "Clips" } } }
//!         tbody { tr { th scope="row" { "<blues>" } td.num { (12) } } }
//!     }
//! };
//! let drawing = svg("plot", "Clips a class, drawn", [100, 10], "<rect width=\"12\" height=\"10\"/>");
//! let body = html! {
//!     h1 { "Clips" }
//!     (scrolling("Clips a class", &table))
//!     (figure("Clips a class, drawn", &drawing, &html! { "Bars are clips." }, &table))
//! };
//! let page = Page { title: "Clips".to_owned(), body, ..Page::default() }.render();
//! assert!(page.starts_with("<!DOCTYPE html>") && page.contains("&lt;blues&gt;"));
//! ```
//!
//! This crate knows nothing of music, of scores, or of files.

mod classes;
mod contrast;
mod page;
mod parts;

pub use classes::{CLASSES, Color};
pub use contrast::contrast;
pub use maud::{Markup, PreEscaped, html};
pub use page::{Page, STYLE};
pub use parts::{contents, figure, numbers, scrolling, svg};
