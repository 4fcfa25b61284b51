//! The comparison as a page.

use segno_page::{Markup, Page, contents, html as page, scrolling};

use super::{ClassDifference, Comparison, Discordant, Part};
use crate::{
    report::{Figure, figure_markup, page_style, paired_figure, text},
    stats::PairedSeed,
};

/// The whole comparison as a self-contained HTML page.
pub fn html(comparison: &Comparison) -> String {
    let sections: Vec<(String, String)> = comparison
        .parts
        .iter()
        .enumerate()
        .map(|(index, part)| (anchor(index), heading(part)))
        .chain([("again".to_owned(), "Computing it again".to_owned())])
        .collect();
    let body = page! {
        @for warning in &comparison.warnings { p.banner role="note" { (warning) } }
        header {
            h1 { (comparison.title()) }
            p.by { (comparison.corpus) " · A: " (comparison.a.name()) " · B: " (comparison.b.name()) }
            @if comparison.parts.len() > 1 { (contents(&sections)) }
        }
        main {
            @for (index, part) in comparison.parts.iter().enumerate() { (section(comparison, index, part)) }
            (again(comparison))
        }
        footer { p { "Every number on this page was computed from the predictions listed above; the JSON file beside it holds them all." } }
    };
    Page { title: comparison.title(), style: page_style(), body, ..Page::default() }.render()
}

fn anchor(index: usize) -> String {
    format!("part-{}", index + 1)
}

fn heading(part: &Part) -> String {
    text::capitalised(&format!("{} under {}", part.task, part.protocol))
}

fn section(comparison: &Comparison, index: usize, part: &Part) -> Markup {
    let unpaired: Vec<String> = part.track.unpaired.iter().map(u64::to_string).collect();
    page! {
        section id=(anchor(index)) {
            h2 { (heading(part)) }
            p.finding { (part.finding) }
            @if !unpaired.is_empty() { p.gap { "Seeds that one side lacks, and that take no part: " (unpaired.join(", ")) "." } }
            (scrolling("Accuracies", &accuracies(part)))
            h3 { "Seed by seed" }
            (scrolling("Seed by seed", &seeds(part)))
            (figure_markup(&classes(comparison, part)))
            h3 { "Tracks that one has right and the other wrong" }
            @if part.discordant.is_empty() { p.gap { "There is none." } }
            @else {
                p {
                    "Track by track, by the mean of a track’s probabilities. A alone is right " (part.track.only_a) " times, B alone " (part.track.only_b)
                    " times, over all seeds; a track is listed once a seed."
                }
                (folded(part))
            }
        }
    }
}

fn accuracies(part: &Part) -> Markup {
    let ends = |ends| text::interval(ends, 1).unwrap_or_else(|| text::DASH.to_owned());
    page! {
        table.pinned {
            caption { "Accuracy: means over seeds; the difference in points, with 95 % intervals" }
            thead {
                tr {
                    th scope="col" { "Item" }
                    @for head in ["A", "B", "A − B", "Over tracks", "Over seeds"] { th.num scope="col" { (head) } }
                }
            }
            tbody {
                @for paired in part.levels() {
                    tr {
                        th scope="row" { (text::capitalised(paired.level.name())) }
                        td.num { (text::fraction(Some(paired.accuracy_a))) }
                        td.num { (text::fraction(Some(paired.accuracy_b))) }
                        td.num.leak { (text::mean_sd(&paired.by_seed, 1)) }
                        td.num title=[paired.interval_reason.as_deref()] { (ends(paired.interval)) }
                        td.num { (ends(paired.by_seed.interval)) }
                    }
                }
            }
        }
    }
}

fn seeds(part: &Part) -> Markup {
    page! {
        table.pinned {
            caption { "Tracks that both, one or neither has right; McNemar’s exact test, two-sided. Seeds overlap: their p values are not to be added up" }
            thead {
                tr {
                    th scope="col" { "Seed" }
                    @for head in ["Tracks", "Both", "A alone", "B alone", "Neither", "A", "B", "p"] { th.num scope="col" { (head) } }
                }
            }
            tbody { @for seed in &part.track.seeds { (seed_row(seed)) } }
        }
    }
}

fn seed_row(seed: &PairedSeed) -> Markup {
    page! {
        tr {
            th scope="row" { (seed.seed) }
            @for count in [seed.n, seed.both, seed.only_a, seed.only_b, seed.neither] { td.num { (count) } }
            td.num { (text::fraction(Some(seed.accuracy_a))) }
            td.num { (text::fraction(Some(seed.accuracy_b))) }
            td.num title=[seed.mcnemar_reason.as_deref()] { (seed.mcnemar.map_or_else(|| text::DASH.to_owned(), text::p_value)) }
        }
    }
}

fn classes(comparison: &Comparison, part: &Part) -> Figure {
    let row = |class: &ClassDifference| {
        let shares = [class.recall_a, class.recall_b].map(text::fraction);
        let points = class.recall_points.map_or_else(|| text::DASH.to_owned(), |points| text::decimals(points, 1));
        let f1 = [class.f1_a, class.f1_b].map(text::fraction);
        [class.class.clone(), class.items.to_string()].into_iter().chain(shares).chain([points]).chain(f1).collect()
    };
    let items = text::capitalised(part.items());
    let heads = ["Class", &items, "Recall of A", "Recall of B", "A − B, points", "F1 of A", "F1 of B"].map(str::to_owned);
    let lines = part.classes.iter().filter_map(|class| Some((class.class.clone(), class.recall_a?, class.recall_b?)));
    paired_figure(
        ["Recall of each class", &format!("{items} of all seeds added up.")],
        [&comparison.a.name(), &comparison.b.name()],
        &lines.collect::<Vec<_>>(),
        heads.into(),
        part.classes.iter().map(row).collect(),
    )
}

/// As many lines as are read at a glance; more are folded.
const SHOWN: usize = 20;

fn folded(part: &Part) -> Markup {
    let table = scrolling("Discordant tracks", &discordant(&part.discordant));
    if part.discordant.len() <= SHOWN {
        return table;
    }
    page! { details { summary { "All " (part.discordant.len()) " of them" } (table) } }
}

fn discordant(tracks: &[Discordant]) -> Markup {
    page! {
        table.long {
            caption { "Discordant tracks, a line a seed" }
            thead { tr { @for head in ["Track", "True label", "A", "B", "Right", "Seed"] { th scope="col" { (head) } } } }
            tbody {
                @for track in tracks {
                    tr {
                        th scope="row" { (track.track_id) @if let Some(name) = &track.name { small { (name) } } }
                        td { (track.true_label) }
                        td { (track.a) }
                        td { (track.b) }
                        td { @if track.a_is_right { "A" } @else { "B" } }
                        td { (track.seed) }
                    }
                }
            }
        }
    }
}

fn again(comparison: &Comparison) -> Markup {
    let runs = [("A", &comparison.a), ("B", &comparison.b)];
    let table = page! {
        table.runs.long {
            caption { "The predictions compared" }
            thead { tr { @for head in ["Side", "Protocol", "Seed", "Predictions", "Model", "Split"] { th scope="col" { (head) } } } }
            tbody {
                @for (side, facts) in runs {
                    @for run in &facts.runs {
                        tr {
                            th scope="row" { (side) }
                            td { (run.protocol) }
                            td { (run.seed) }
                            td { code { (run.file) } }
                            @for digest in [&run.model_digest, &run.split_digest] { td { code title=(digest) { (text::short(digest)) } } }
                        }
                    }
                }
            }
        }
    };
    page! {
        section id="again" {
            h2 { "Computing it again" }
            pre { code { (comparison.command) } }
            p {
                "Intervals over tracks: " (comparison.bootstrap.resamples) " resamples of whole tracks, with all their clips under all seeds and in both "
                "models, drawn from seed " (comparison.bootstrap.seed) "; percentiles. They tell how far the difference would move with other tracks of this "
                "kind, the models being as they are."
            }
            details { summary { "The predictions compared" } (scrolling("The predictions compared", &table)) }
        }
    }
}
