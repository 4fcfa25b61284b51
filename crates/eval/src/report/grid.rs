//! Rows that are the cells of a grid of settings, put back into their grid.

use std::collections::BTreeSet;

use serde::Serialize;

use super::input::{GridCell, RowFacts};

/// A grid of settings, as a paper prints a search over them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// Its name, as the paper has it.
    pub table: String,
    /// The settings of the lines, sorted.
    pub lines: Vec<String>,
    /// The settings of the columns, sorted.
    pub columns: Vec<String>,
    /// `cells[line][column]`: the `id` of the first such row; `None` where there is none.
    pub cells: Vec<Vec<Option<String>>>,
}

pub(super) fn grids(rows: &[RowFacts]) -> Vec<Grid> {
    let cells = || rows.iter().filter_map(|row| Some((row, row.cell.as_ref()?)));
    let tables: BTreeSet<&str> = cells().map(|(_, cell)| cell.table.as_str()).collect();
    let grid = |table: &str| {
        let here = || cells().filter(|(_, cell)| cell.table == table);
        let settings = |of: fn(&GridCell) -> &String| -> Vec<String> {
            let all: BTreeSet<&String> = here().map(|(_, cell)| of(cell)).collect();
            all.into_iter().cloned().collect()
        };
        let (lines, columns) = (settings(|cell| &cell.line), settings(|cell| &cell.column));
        let row = |line: &String, column: &String| here().find(|(_, cell)| cell.line == *line && cell.column == *column);
        let of_line = |line: &String| columns.iter().map(|column| row(line, column).map(|(row, _)| row.id.clone())).collect::<Vec<_>>();
        Grid { table: table.to_owned(), cells: lines.iter().map(of_line).collect(), lines, columns: columns.clone() }
    };
    tables.into_iter().map(grid).collect()
}
