//! How far a row is from what the machine can do at all.

use segno_bench::median;

use super::record::Record;
use super::rows::{Better, Description, Roof, Row, Work};
use super::tables::number;

/// The machine's best on a number of threads: 10⁹ operations and 10⁹ bytes a second.
#[derive(Clone, Copy)]
struct Peak {
    matrix: f64,
    memory: f64,
}

/// The best of all programs of the rows that measure the machine with as many threads.
fn peak(description: &Description, record: &Record, threads: Option<usize>) -> Option<Peak> {
    let all = super::machine::processors;
    let best = |roof: Roof| {
        let rows =
            description.row.iter().filter(|row| row.roof == Some(roof) && row.threads.unwrap_or_else(all) == threads.unwrap_or_else(all));
        let programs = rows.filter_map(|row| record.rows.get(&row.id)).flat_map(|measured| &measured.programs);
        programs.map(|runs| median(runs.rounds.iter().copied())).reduce(f64::max)
    };
    Some(Peak { matrix: best(Roof::Matrix)?, memory: best(Roof::Memory)? })
}

/// Milliseconds that an item takes at least, and what binds it.
fn floor_ms(work: Work, peak: Peak) -> (f64, &'static str) {
    let (operations, bytes) = (work.mega_operations / peak.matrix, work.megabytes / peak.memory);
    if operations >= bytes { (operations, "arithmetic") } else { (bytes, "memory") }
}

/// Values a row would have at the roof, and has.
fn values(row: &Row, floor_ms: f64) -> f64 {
    if row.better == Better::Lower { floor_ms } else { 1e3 / floor_ms }
}

pub fn table(description: &Description, record: &Record) -> String {
    let mut text =
        "| row | operations, 10⁶ | bytes, 10⁶ | bound by | at the roof | segno | share of the roof |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for row in &description.row {
        let Some(work) = row.work else { continue };
        let ours = record.rows.get(&row.id).and_then(|measured| measured.ours()).map(|runs| runs.median());
        let peak = peak(description, record, row.threads);
        let start = format!("| `{}` | {} | {} |", row.id, work.mega_operations, work.megabytes);
        text += &match peak.map(|peak| floor_ms(work, peak)) {
            None => format!("{start} | not measured | {} | |\n", ours.map_or_else(|| "not measured".into(), number)),
            Some((floor, bound)) => {
                let roof = values(row, floor);
                let share = |ours: f64| if row.better == Better::Lower { roof / ours } else { ours / roof };
                let told = ours.map_or_else(|| "not measured |".into(), |ours| format!("{} | {:.0} %", number(ours), share(ours) * 100.0));
                format!("{start} {bound} | {} {} | {told} |\n", number(roof), row.unit)
            }
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::{measured, runs};
    use super::*;

    #[test]
    fn the_roof_is_what_binds_first() {
        let peak = Peak { matrix: 100.0, memory: 10.0 };
        assert_eq!(floor_ms(Work { mega_operations: 200.0, megabytes: 1.0 }, peak), (2.0, "arithmetic"));
        assert_eq!(floor_ms(Work { mega_operations: 0.0, megabytes: 20.0 }, peak), (2.0, "memory"));
    }

    #[test]
    fn a_share_is_of_the_best_matrix_product() {
        let one = |rounds: f64| measured(vec![runs("segno", true, &[rounds], 1.0)]);
        let two = measured(vec![runs("segno", true, &[50.0], 1.0), runs("numpy", false, &[78.1], 1.0)]);
        let rows = [("matrix", two), ("triad", one(10.0)), ("lstm-1x250", one(250.0))];
        let record = Record { rows: rows.into_iter().map(|(id, measured)| (id.to_owned(), measured)).collect() };
        let text = table(&Description::read().unwrap(), &record);
        // 78.1 million operations a clip at 78.1 · 10⁹ a second: 1000 clips/s.
        let line = text.lines().find(|line| line.contains("`lstm-1x250`")).unwrap();
        assert!(line.ends_with("| arithmetic | 1000 clips/s | 250 | 25 % |"), "{line}");
        let line = text.lines().find(|line| line.contains("`mel-samples`")).unwrap();
        assert!(line.contains("not measured"), "one core's roof is another: {line}");
    }
}
