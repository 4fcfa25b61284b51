//! The record as Markdown.

use std::collections::{BTreeMap, BTreeSet};

use segno_bench::median;

use super::machine::Machine;
use super::record::{Measured, Record, Runs, range};
use super::rows::{Better, Description, Row};

/// Three digits that count.
pub fn number(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (2 - value.abs().log10().floor() as i32).clamp(0, 6) };
    format!("{value:.*}", digits as usize)
}

/// A value, and between what it lay.
fn spread(values: &[f64]) -> String {
    let [low, high] = range(values);
    format!("{} ({} to {})", number(median(values.iter().copied())), number(low), number(high))
}

/// Why a row has no figure.
fn missing(measured: Option<&Measured>) -> String {
    let reasons: BTreeSet<&str> = measured.iter().flat_map(|measured| measured.left_out.values()).map(String::as_str).collect();
    if reasons.is_empty() { "not measured".into() } else { format!("not measured: {}", reasons.into_iter().collect::<Vec<_>>().join("; ")) }
}

/// The rows that are held to something, and those by themselves.
pub fn claims(description: &Description, record: &Record) -> String {
    let mut text = "| | segno | the best peer | ratio | at least | aim |\n|---|---|---|---|---|---|\n".to_owned();
    for row in description.row.iter().filter(|row| row.roof.is_none()) {
        let measured = record.rows.get(&row.id);
        let title = format!("{}, {} (`{}`)", row.title, row.unit, row.id);
        let line = match measured.and_then(|measured| Some((measured, measured.ours()?))) {
            None => format!("| {title} | {} | | | {} |", missing(measured), bars(row)),
            Some((measured, ours)) => {
                let peer = measured.best_peer(row.better);
                let peer = peer.map_or_else(|| "none".into(), |peer| format!("{} {}", number(peer.median()), peer.name));
                let ratios = measured.ratios(row.better);
                let ratio = ratios.as_deref().map_or_else(String::new, bold);
                format!("| {title} | {} | {peer} | {ratio} | {} |", number(ours.median()), held(row, ours, ratios.as_deref()))
            }
        };
        text += &(line.replace("  ", " ") + "\n");
    }
    text
}

fn bold(ratios: &[f64]) -> String {
    let [low, high] = range(ratios);
    format!("**{:.2}** ({low:.2} to {high:.2})", median(ratios.iter().copied()))
}

/// The two last cells of an unmeasured row.
fn bars(row: &Row) -> String {
    let aim = row.bar.aim.map_or_else(String::new, |aim| aim.to_string());
    format!("{} | {aim}", bar(row))
}

fn bar(row: &Row) -> String {
    match (row.bar.ratio, row.bar.value) {
        (Some(ratio), _) => ratio.to_string(),
        (None, Some(value)) if row.better == Better::Lower => format!("under {value} {}", row.unit),
        (None, Some(value)) => format!("{value} {}", row.unit),
        (None, None) => String::new(),
    }
}

/// The two last cells of a row: what it is held to, and whether it is reached.
fn held(row: &Row, ours: &Runs, ratios: Option<&[f64]>) -> String {
    let ratio = ratios.map(|ratios| median(ratios.iter().copied()));
    let says = |is_reached: bool| if is_reached { "reached" } else { "**not reached**" };
    let least = match (row.bar.ratio, row.bar.value) {
        (Some(least), _) => ratio.map(|ratio| ratio >= least),
        (None, Some(value)) if row.better == Better::Lower => Some(ours.median() < value),
        (None, Some(value)) => Some(ours.median() >= value),
        (None, None) => None,
    };
    let least = least.map_or_else(|| bar(row), |is_reached| format!("{}: {}", bar(row), says(is_reached)));
    let aim = row.bar.aim.zip(ratio).map_or_else(String::new, |(aim, ratio)| format!("{aim}: {}", says(ratio >= aim)));
    format!("{least} | {aim}")
}

/// Every program of every row.
pub fn programs(description: &Description, record: &Record) -> String {
    let mut text = "| row | program | median (lowest to highest) | runs | peak MiB | version |\n|---|---|---|---|---|---|\n".to_owned();
    for row in &description.row {
        let Some(measured) = record.rows.get(&row.id) else {
            text += &format!("| `{}` | | not measured | | | |\n", row.id);
            continue;
        };
        for runs in &measured.programs {
            let peak = runs.peak_mib.map_or_else(|| "–".into(), |peak| format!("{peak:.0}"));
            let Runs { name, version, rounds, .. } = runs;
            text += &format!("| `{}` | {name} | {} {} | {} | {peak} | {version} |\n", row.id, spread(rounds), row.unit, rounds.len());
        }
        for (name, reason) in &measured.left_out {
            text += &format!("| `{}` | {name} | not measured: {} | | | |\n", row.id, reason.replace('|', "/"));
        }
    }
    text
}

/// Peak memory beside the lightest peer's.
pub fn memory(description: &Description, record: &Record) -> String {
    let at_most = description.memory.at_most;
    let mut text = format!("| row | segno | the lightest peer | ratio | at most {at_most} |\n|---|---|---|---|---|\n");
    for id in &description.memory.rows {
        let measured = record.rows.get(id);
        let ours = measured.and_then(Measured::ours).and_then(|runs| runs.peak_mib);
        let peers = measured.iter().flat_map(|measured| &measured.programs).filter(|runs| !runs.is_ours);
        let lightest = peers.filter_map(|runs| Some((runs.peak_mib?, &runs.name))).min_by(|a, b| a.0.total_cmp(&b.0));
        text += &match (ours, lightest) {
            (Some(ours), Some((peak, name))) => {
                let verdict = if ours / peak <= at_most { "reached" } else { "**not reached**" };
                format!("| `{id}` | {ours:.0} MiB | {peak:.0} MiB {name} | **{:.2}** | {verdict} |\n", ours / peak)
            }
            _ => format!("| `{id}` | not measured | | | |\n"),
        };
    }
    text
}

/// What the rows of one run share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Run<'a> {
    date: &'a str,
    commit: &'a str,
    command: &'a str,
    audio: &'a str,
    machine: &'a Machine,
}

/// What measured, when, and how quiet it was.
pub fn machines(record: &Record) -> String {
    let mut runs: BTreeMap<Run<'_>, Vec<(&str, &Measured)>> = BTreeMap::new();
    for (id, measured) in &record.rows {
        let Measured { machine, date, commit, command, audio, .. } = measured;
        runs.entry(Run { date, commit, command, audio, machine }).or_default().push((id, measured));
    }
    if runs.is_empty() {
        return "Nothing has been measured yet.".into();
    }
    runs.into_iter().map(|(run, rows)| told(run, &rows)).collect::<Vec<_>>().join("\n")
}

fn told(Run { date, commit, command, audio, machine }: Run<'_>, rows: &[(&str, &Measured)]) -> String {
    let Machine { processor, cores, instructions, memory_gib, system, rustc, gpu } = machine;
    let gpu = gpu.as_ref().map_or_else(String::new, |gpu| format!(", {gpu}"));
    let names: Vec<String> = rows.iter().map(|(id, _)| format!("`{id}`")).collect();
    let minutes = rows.iter().map(|(_, measured)| measured.seconds).sum::<f64>() / 60.0;
    let load = rows.iter().filter_map(|(_, measured)| measured.disturbance.load).fold(0.0, f64::max);
    let loud: Vec<String> = rows
        .iter()
        .filter(|(_, measured)| measured.disturbance.is_loud())
        .map(|(id, measured)| {
            let percent = |share: Option<f64>| share.unwrap_or(0.0) * 100.0;
            let quiet = &measured.disturbance;
            format!("`{id}` ({:.0} % used by others before a round, {:.0} % stolen)", percent(quiet.busy), percent(quiet.stolen))
        })
        .collect();
    let quiet = if loud.is_empty() { "no row was disturbed".to_owned() } else { format!("**disturbed**: {}", loud.join(", ")) };
    format!(
        "- {date}, commit {commit}, `{command}`, {audio}: {processor}, {cores} cores, {instructions}, {memory_gib} GiB{gpu}, {system}, \
         rustc {rustc}; {minutes:.0} minutes; load average before it {load:.2}; {quiet}. Rows: {}.\n",
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::{measured, runs};
    use super::*;

    fn table(make: fn(&Description, &Record) -> String, id: &str, measured: Option<Measured>) -> String {
        let record = Record { rows: measured.into_iter().map(|measured| (id.to_owned(), measured)).collect() };
        let text = make(&Description::read().unwrap(), &record);
        text.lines().find(|line| line.contains(&format!("`{id}`"))).unwrap().to_owned()
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        let all = [1234.5, 123.4, 12.34, 1.234, 0.1234, 0.004_56, 0.0].map(number);
        assert_eq!(all, ["1234", "123", "12.3", "1.23", "0.123", "0.00456", "0"]);
    }

    #[test]
    fn a_ratio_below_its_bar_is_not_reached() {
        let slow = measured(vec![runs("segno", true, &[10.0, 11.0], 1.0), runs("librosa", false, &[20.0, 33.0], 1.0)]);
        let line = table(claims, "irvin", Some(slow));
        assert!(line.contains("| 10.5 | 26.5 librosa | **2.50** (2.00 to 3.00) | 3: **not reached** | 6: **not reached** |"), "{line}");
        let fast = measured(vec![runs("segno", true, &[10.0], 1.0), runs("librosa", false, &[40.0], 1.0)]);
        assert!(table(claims, "irvin", Some(fast)).contains("3: reached | 6: **not reached**"));
    }

    #[test]
    fn a_row_without_figures_says_so() {
        assert!(table(claims, "irvin", None).contains("not measured"));
        let mut left_out = measured(vec![]);
        left_out.left_out.insert("segno predict".into(), "there is no `segno predict` yet".into());
        assert!(table(claims, "answer", Some(left_out)).contains("not measured: there is no `segno predict` yet"));
    }

    #[test]
    fn a_value_is_held_by_itself() {
        let shards = |gigabytes| Some(measured(vec![runs("segno", true, &[gigabytes], 1.0)]));
        assert!(table(claims, "shards", shards(1.6)).contains("1.5 GB/s: reached"));
        assert!(table(claims, "shards", shards(1.4)).contains("1.5 GB/s: **not reached**"));
    }

    #[test]
    fn memory_is_held_against_the_lightest_peer() {
        let peaks = |ours| {
            let peers = [runs("torch", false, &[1.0], 1000.0), runs("TensorFlow", false, &[1.0], 2000.0)];
            Some(measured([runs("segno", true, &[1.0], ours)].into_iter().chain(peers).collect()))
        };
        assert!(table(memory, "cnn-32", peaks(600.0)).contains("1000 MiB torch | **0.60** | reached"));
        assert!(table(memory, "cnn-32", peaks(700.0)).contains("**not reached**"));
    }
}
