//! Progress bars on a terminal, a line a stage elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::told::printable;

/// A bar that counts `total` things; on no terminal it stays silent.
pub fn bar(stage: &str, total: u64, unit: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    let template = format!("{{msg:<28}} {{bar:32}} {{pos}}/{{len}} {unit} {{elapsed}} (ETA {{eta}})");
    bar.set_style(ProgressStyle::with_template(&template).expect("the template is a constant").progress_chars("━╸─"));
    bar.set_message(printable(stage).into_owned());
    if std::io::stderr().is_terminal() {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}

/// As [`bar`], counting bytes; `None` where their number is not known.
pub fn bytes(stage: &str, total: Option<u64>) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let template = "{msg:<28} {bar:32} {bytes}/{total_bytes} {bytes_per_sec} (ETA {eta})";
    bar.set_style(ProgressStyle::with_template(template).expect("the template is a constant").progress_chars("━╸─"));
    bar.set_message(printable(stage).into_owned());
    bar
}
