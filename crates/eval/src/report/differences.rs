//! What is done otherwise than in the paper, each sentence once.

use super::{input::RowFacts, model::Difference};

/// Sentences that the same rows share, together; those of every row first, then those of most rows.
pub(super) fn differences(rows: &[RowFacts]) -> Vec<Difference> {
    let mut sentences: Vec<(&str, Vec<String>)> = Vec::new();
    for row in rows {
        for text in &row.differs {
            match sentences.iter_mut().find(|(known, _)| known == text) {
                Some((_, ids)) if ids.contains(&row.id) => {}
                Some((_, ids)) => ids.push(row.id.clone()),
                None => sentences.push((text, vec![row.id.clone()])),
            }
        }
    }
    let mut groups: Vec<Difference> = Vec::new();
    for (text, ids) in sentences {
        match groups.iter_mut().find(|group| group.rows == ids) {
            Some(group) => group.texts.push(text.to_owned()),
            None => groups.push(Difference { every_row: ids.len() == rows.len(), rows: ids, texts: vec![text.to_owned()] }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.rows.len()));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, differs: &[&str]) -> RowFacts {
        RowFacts {
            id: id.to_owned(),
            label: id.to_owned(),
            family: String::new(),
            place: String::new(),
            paper: [].into(),
            paper_train: [].into(),
            cell: None,
            variant_of: None,
            differs: differs.iter().map(|&text| text.to_owned()).collect(),
            features: String::new(),
            training: String::new(),
        }
    }

    #[test]
    fn shared_sentences_are_merged_and_come_first() {
        let rows = [row("a", &["own", "all", "pair"]), row("b", &["all", "all", "pair"]), row("c", &["all too", "all"])];
        let found = differences(&rows);
        let short: Vec<_> = found.iter().map(|one| (one.every_row, one.rows.join("+"), one.texts.join("+"))).collect();
        let expected = [(true, "a+b+c", "all"), (false, "a+b", "pair"), (false, "a", "own"), (false, "c", "all too")];
        assert_eq!(short, expected.map(|(every, rows, texts)| (every, rows.to_owned(), texts.to_owned())));
    }
}
