//! The document around a body.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest as _, Sha256};

/// The house's style: colours as custom properties (light and dark), text, tables, figures, phone, print.
///
/// | class | on | what it does |
/// |---|---|---|
/// | `num` | `td`, `th` | set to the right, never broken |
/// | `pinned` | `table` | on a narrow screen the first column stays in sight while the rest scrolls |
/// | `banner` | `p` | what must be read before anything else |
/// | `by` | `p` | the line below the title |
/// | `finding` | `p` | the main result |
/// | `gap` | `p`, `ul` | why something is not there |
/// | `tiles` | `div` | figures or tables side by side, as many as fit |
/// | `screen` | any | left out in print |
pub const STYLE: &str = include_str!("style.css");

/// A whole page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The title of the window; a heading is the body's own.
    pub title: String,
    /// Rules beside [`STYLE`], written by a program: never text from anywhere else.
    pub style: String,
    /// A script of the page's own, compiled in; empty is none. It alone runs: the policy names it by its digest.
    pub script: &'static str,
    /// Whether the page may play sound files that lie on the same machine.
    pub sound: bool,
    /// What stands within `<body>`.
    pub body: Markup,
}

impl Default for Page {
    fn default() -> Self {
        Self { title: String::new(), style: String::new(), script: "", sound: false, body: PreEscaped(String::new()) }
    }
}

/// Nothing may be loaded from anywhere and no script may run but the page's own, whatever a name in the body tries.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const SOUND: &str = "; media-src 'self' file:";

impl Page {
    /// The page as one file of HTML, with a line feed at the end.
    ///
    /// # Panics
    /// If `style` or `script` holds `</`, which would end it: it has been made of somebody's text.
    pub fn render(self) -> String {
        assert!(!self.style.contains("</"), "a rule of a style that ends the style");
        assert!(!self.script.contains("</"), "a script that ends itself");
        let script = if self.script.is_empty() { String::new() } else { script_policy(self.script) };
        let policy = [POLICY, &script, if self.sound { SOUND } else { "" }].concat();
        let whole = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) (PreEscaped(self.style)) }
                }
                body {
                    (self.body)
                    @if !self.script.is_empty() { script { (PreEscaped(self.script)) } }
                }
            }
        };
        whole.into_string() + "\n"
    }
}

/// That this script may run.
fn script_policy(script: &str) -> String {
    format!("; script-src 'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_end_itself() {
        let page = Page { title: "</title><script>".to_owned(), ..Page::default() }.render();
        assert!(!page.contains("<script>") && page.matches("</title>").count() == 1);
    }

    #[test]
    #[should_panic = "ends the style"]
    fn a_style_made_of_text_is_refused() {
        Page { style: "</style>".to_owned(), ..Page::default() }.render();
    }

    #[test]
    fn sound_is_let_in_on_request_alone() {
        assert!(!Page::default().render().contains("media-src"));
        assert!(Page { sound: true, ..Page::default() }.render().contains("media-src"));
    }

    #[test]
    fn no_script_runs_but_the_pages_own() {
        assert!(!Page::default().render().contains("script"));
        let page = Page { script: "1 < 2;", ..Page::default() }.render();
        // printf '1 < 2;' | openssl dgst -sha256 -binary | base64
        assert!(page.contains("script-src 'sha256-8kTqrHbqWDoSePfkruRpiulQK+Fpsgz44xv0/RyTtYs='"), "{page:.600}");
        assert!(page.ends_with("<script>1 < 2;</script></body></html>\n"), "as it is, at the end");
    }

    #[test]
    #[should_panic = "ends itself"]
    fn a_script_that_ends_itself_is_refused() {
        Page { script: "'</script>'", ..Page::default() }.render();
    }
}
