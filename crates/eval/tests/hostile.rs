//! Names come from other people's files: none of them may become markup.

use segno_eval::report::{LeftOut, ReportInput, html, markdown};

mod common;

use common::build;

const HOSTILE: &str =
    "\"><script>alert('x')</script><img src=x onerror=alert(1)></style></title></svg> & `|`\n\n# Not a heading\n\n| a | b |\n";

/// The small report with a hostile string wherever a string can be handed in.
fn hostile() -> ReportInput {
    let mut input = common::small();
    let bad = || HOSTILE.to_owned();
    input.title = bad();
    input.command = bad();
    input.corpus.name = bad();
    input.corpus.citation = bad();
    input.corpus.licence = bad();
    input.corpus.left_out =
        (0..20).map(|index| LeftOut { track_id: format!("{HOSTILE}{index}"), label: Some(bad()), reason: bad() }).collect();
    for row in &mut input.rows {
        row.label = bad();
        row.family = bad();
        row.place = bad();
        row.differs = vec![bad()];
        row.features = bad();
        row.training = bad();
    }
    for protocol in &mut input.protocols {
        protocol.description = bad();
        protocol.notes = vec![bad()];
    }
    for row in &mut input.open_rows {
        row.label = bad();
        row.place = bad();
        row.comes_with = bad();
    }
    for run in &mut input.runs {
        run.predictions_file = bad();
        run.predictions.source.model_digest = bad();
        for row in &mut run.predictions.rows {
            row.track_id += HOSTILE;
            if row.true_label == "rock" {
                row.true_label = bad();
            }
        }
        let classes = run.predictions.classes.get_mut("genre").unwrap();
        classes[0] = format!("{HOSTILE} too");
    }
    input.stages = vec![(bad(), 1.0)];
    input.environment = vec![(bad(), bad())];
    input
}

/// Every tag of a page, from `<` to `>`; attribute values that the page escapes hold neither.
fn tags(page: &str) -> Vec<&str> {
    page.match_indices('<').map(|(at, _)| &page[at..=at + page[at..].find('>').expect("a tag ends")]).collect()
}

#[test]
fn nothing_hostile_becomes_a_tag_or_an_attribute() {
    let (calm, page) = (html(&build(&common::small()).unwrap()), html(&build(&hostile()).unwrap()));
    assert!(!page.contains(HOSTILE) && !page.contains("<script") && !page.contains("<img"));
    assert!(page.contains("&quot;&gt;&lt;script&gt;"), "the names are there, as text");
    for tag in tags(&page) {
        assert!(!tag.contains("onerror") || tag.contains("&lt;img src=x onerror"), "an attribute slipped in: {tag}");
    }
    let closings = |page: &str| (page.matches("</style>").count(), page.matches("</title>").count());
    assert_eq!(closings(&calm), (1, 1));
    assert_eq!(closings(&page), (1, 1));
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    let page = html(&build(&common::input()).unwrap());
    assert!(page.contains("default-src 'none'"));
    for tag in tags(&page) {
        assert!(!tag.starts_with("<script") && !tag.starts_with("<link") && !tag.starts_with("<img"), "{tag}");
        assert!(!tag.contains(" src=") && !tag.contains("url("), "{tag}");
        assert!(!tag.contains("href=") || tag.contains("href=\"#"), "a link leads out of the page: {tag}");
    }
    assert!(!page.contains("@import") && !page.contains("url("));
}

#[test]
fn tables_say_what_they_are_and_what_heads_what() {
    let page = html(&build(&common::input()).unwrap());
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count(), "a table without a caption");
    for tag in tags(&page).into_iter().filter(|tag| *tag == "<th>" || tag.starts_with("<th ")) {
        assert!(tag.contains("scope="), "a heading without a scope: {tag}");
    }
    for tag in tags(&page).into_iter().filter(|tag| tag.starts_with("<svg")) {
        assert!(tag.contains("role=\"img\"") && tag.contains("aria-label="), "a drawing without a name: {tag}");
    }
}

#[test]
fn nor_does_a_page_of_two_tasks() {
    let mut input = common::two_tasks();
    input.notes = vec![HOSTILE.to_owned()];
    input.paper_corpus = Some(HOSTILE.to_owned());
    let embedding = input.embedding.as_mut().unwrap();
    embedding.made = HOSTILE.to_owned();
    embedding.clip_ids[0] = HOSTILE.to_owned();
    embedding.labels.values_mut().for_each(|labels| labels[0] = HOSTILE.to_owned());
    let histogram = input.histogram.as_mut().unwrap();
    histogram.name = HOSTILE.to_owned();
    histogram.classes[0] = HOSTILE.to_owned();
    for row in &mut input.rows {
        let cell = row.cell.as_mut().unwrap();
        (cell.table, cell.line, cell.column) = (HOSTILE.to_owned(), HOSTILE.to_owned(), HOSTILE.to_owned());
    }
    let page = html(&build(&input).unwrap());
    assert!(!page.contains(HOSTILE) && !page.contains("<script") && !page.contains("<img"));
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count(), "a table without a caption");
}

#[test]
fn markdown_keeps_names_as_text() {
    let text = markdown(&build(&hostile()).unwrap());
    let outside: String = text.split("```").enumerate().filter(|(index, _)| index % 2 == 0).map(|(_, part)| part).collect();
    assert!(!outside.contains("<script") && !outside.contains("<img"));
    assert!(outside.contains("Not a heading"));
    for line in outside.lines() {
        assert!(!line.starts_with("# Not a heading") && !line.starts_with("| a "), "a name began a line: {line}");
    }
    let tables: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    for pair in tables.windows(2) {
        // A table's lines follow each other; its rule is the second.
        if pair[1].starts_with("| ---") {
            assert_eq!(cells(pair[0]), cells(pair[1]), "a name ended a cell: {}", pair[0]);
        }
    }
}
