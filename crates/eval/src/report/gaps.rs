//! Why some numbers of a table are not there: each reason once, with the places.

use super::{input::RowFacts, scores::ScoreRow};

/// Columns, each with the ids of its rows.
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
                    Some((_, ids)) => ids.push(&facts.id),
                    None => columns.push((&cell.column, vec![&facts.id])),
                }
            }
        }
    }
    let all: Vec<[&str; 2]> = facts.iter().map(|row| [&*row.id, &*row.label]).collect();
    reasons
        .into_iter()
        .map(|(reason, columns)| {
            let mut places: Vec<(String, Vec<&str>)> = Vec::new();
            for (column, ids) in columns {
                let rows = named(&ids, &all);
                match places.iter_mut().find(|(known, _)| *known == rows) {
                    Some((_, columns)) => columns.push(column),
                    None => places.push((rows, vec![column])),
                }
            }
            let places: Vec<String> = places.into_iter().map(|(rows, columns)| format!("{}: {rows}", columns.join(", "))).collect();
            (reason.to_owned(), places.join("; "))
        })
        .collect()
}

/// The labels of these rows, or of all but those left out, whichever is the shorter list; `all` are ids with their labels.
fn named(ids: &[&str], all: &[[&str; 2]]) -> String {
    let labels = |those: bool| all.iter().filter(|[id, _]| ids.contains(id) == those).map(|[_, label]| *label).collect::<Vec<_>>();
    let [these, others] = [true, false].map(labels);
    match others.len() {
        0 => "every row".to_owned(),
        few if few < these.len() => format!("every row but {}", others.join(", ")),
        _ => these.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn the_shorter_list_is_told() {
        let all = [["a", "A"], ["b", "B"], ["c", "C"], ["d", "A"]];
        assert_eq!(named(&["a", "b", "c", "d"], &all), "every row");
        assert_eq!(named(&["a", "c", "d"], &all), "every row but B");
        assert_eq!(named(&["a", "c"], &all), "A, C");
        assert_eq!(named(&["a", "b", "c"], &all), "every row but A", "labels may be alike");
    }
}
