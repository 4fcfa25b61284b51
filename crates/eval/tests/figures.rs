//! Each figure is a file that a program can draw, whatever names are in it, and has its numbers.

use std::collections::BTreeSet;

use segno_eval::report::{Figure, build, figures};
use segno_raster::Rasterizer;

mod common;

fn of(input: &segno_eval::report::ReportInput) -> (Vec<Figure>, Vec<String>) {
    let report = build(input).unwrap();
    (figures(&report), report.banners)
}

#[test]
fn a_report_has_every_figure_once_and_each_has_its_numbers() {
    let (figures, _) = of(&common::two_tasks());
    let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
    for name in ["accuracy", "leak", "clips-and-tracks", "recall", "confusion", "reliability", "plane"] {
        for task in ["genre", "mood"] {
            assert!(names.contains(&format!("{name}-{task}").as_str()), "{name}-{task} is not among {names:?}");
        }
    }
    assert!(names.contains(&"distribution-valence") && names.contains(&"curves-lstm-2x250-published"));
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "one file a figure");
    for figure in &figures {
        let numbers = &figure.numbers;
        assert!(!numbers.rows.is_empty(), "{} has no numbers", figure.name);
        assert!(numbers.rows.iter().all(|row| row.len() == numbers.heads.len()), "{}: a cell a column", figure.name);
    }
}

#[test]
fn the_numbers_of_the_leak_are_those_of_the_table() {
    let report = build(&common::input()).unwrap();
    let leak = figures(&report).into_iter().find(|figure| figure.name == "leak-genre").unwrap();
    for (row, scores) in leak.numbers.rows.iter().zip(&report.tasks[0].tables[0].rows) {
        let mean = scores.leaks[0].summary.mean.unwrap();
        assert!(row[2].starts_with(&format!("{mean:.1}").replace('-', "−")), "{row:?}, expected {mean}");
    }
}

#[test]
fn every_file_can_be_drawn_and_carries_the_warning() {
    let (figures, banners) = of(&common::two_tasks());
    let raster = Rasterizer::new();
    for figure in &figures {
        let svg = figure.svg(&banners).unwrap();
        assert!(svg.contains("the paper's figures are not comparable"), "{}", figure.name);
        let picture = raster.png(&svg).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
        assert!(picture.len() > 3000, "{}: {} bytes", figure.name, picture.len());
    }
}

#[test]
fn hostile_names_are_drawn_as_text() {
    let bad = "</text><script>\u{1b}[31m\u{0}&\"'<image href='x'/>";
    let mut input = common::two_tasks();
    input.title = bad.into();
    for row in &mut input.rows {
        row.label = format!("{bad}{}", row.label);
    }
    for run in &mut input.runs {
        run.predictions.classes.get_mut("genre").unwrap()[0] = bad.into();
        run.predictions.rows.iter_mut().filter(|row| row.true_label == "rock").for_each(|row| row.true_label = format!("{bad}2"));
        run.train_predictions = None;
    }
    input.paper_corpus = Some(bad.into());
    let embedding = input.embedding.as_mut().unwrap();
    embedding.labels.values_mut().for_each(|labels| labels[0] = bad.into());
    input.histogram.as_mut().unwrap().classes[0] = bad.into();
    let (figures, banners) = of(&input);
    let raster = Rasterizer::new();
    for figure in &figures {
        let svg = figure.svg(&banners).unwrap();
        assert!(!svg.contains("<script") && !svg.contains("<image"), "{}", figure.name);
        raster.png(&svg).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
    }
}
