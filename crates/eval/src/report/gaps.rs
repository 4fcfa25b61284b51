//! Why some numbers of a table are not there: each reason once, with the places.

use super::{input::RowFacts, scores::ScoreRow};

/// Columns, each with the labels of its rows.
type Places<'a> = Vec<(&'a str, Vec<&'a str>)>;

/// Each reason once, with where it applies: `track, leak: every row`, `fault-filtered: RNN 1×125`, `artist: every row but 60 MFCC numbers`.
pub(super) fn gaps(rows: &[ScoreRow], facts: &[RowFacts]) -> Vec<(String, String)> {
    let mut reasons: Vec<(&str, Places<'_>)> = Vec::new();
    for (row, facts) in rows.iter().zip(facts) {
        for cell in row.cells.iter().chain(&row.leaks) {
            for reason in [&cell.reason, &cell.over_tracks_reason].into_iter().flatten().map(String::as_str) {
                let columns = match reasons.iter().position(|(known, _)| *known == reason) {
                    Some(index) => &mut reasons[index].1,
                    None => {
                        reasons.push((reason, Vec::new()));
                        let last = reasons.len() - 1;
                        &mut reasons[last].1
                    }
                };
                match columns.iter_mut().find(|(column, _)| *column == cell.column) {
                    Some((_, labels)) => labels.push(&facts.label),
                    None => columns.push((&cell.column, vec![&facts.label])),
                }
            }
        }
    }
    let all: Vec<&str> = facts.iter().map(|row| row.label.as_str()).collect();
    reasons
        .into_iter()
        .map(|(reason, columns)| {
            let mut places: Vec<(String, Vec<&str>)> = Vec::new();
            for (column, ids) in columns {
                let ids = named(&ids, &all);
                match places.iter_mut().find(|(known, _)| *known == ids) {
                    Some((_, columns)) => columns.push(column),
                    None => places.push((ids, vec![column])),
                }
            }
            let places: Vec<String> = places.into_iter().map(|(ids, columns)| format!("{}: {ids}", columns.join(", "))).collect();
            (reason.to_owned(), places.join("; "))
        })
        .collect()
}

/// The rows, or all but those left out, whichever is the shorter list.
fn named(labels: &[&str], all: &[&str]) -> String {
    let others: Vec<&str> = all.iter().copied().filter(|label| !labels.contains(label)).collect();
    match others.len() {
        0 => "every row".to_owned(),
        few if few < labels.len() => format!("every row but {}", others.join(", ")),
        _ => labels.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_shorter_list_is_told() {
        let all = ["a", "b", "c", "d"];
        assert_eq!(named(&["a", "b", "c", "d"], &all), "every row");
        assert_eq!(named(&["a", "c", "d"], &all), "every row but b");
        assert_eq!(named(&["a", "c"], &all), "a, c");
    }
}
