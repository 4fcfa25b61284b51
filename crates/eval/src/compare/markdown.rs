//! The comparison as Markdown.

use super::{Comparison, Part};
use crate::report::{
    markdown::{escape, fenced, pipe_table},
    text,
};

/// The whole comparison as GitHub-flavoured Markdown; names are escaped.
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = String::new();
    for warning in &comparison.warnings {
        out += &format!("**{}**\n\n", escape(warning));
    }
    out += &format!("# {}\n\n", escape(&comparison.title()));
    out += &format!("{}. A: {}; B: {}.\n\n", escape(&comparison.corpus), escape(&comparison.a.name()), escape(&comparison.b.name()));
    out.extend(comparison.parts.iter().map(section));
    out + &format!("## Computing it again\n\n{}", fenced(&comparison.command))
}

fn section(part: &Part) -> String {
    let mut out = format!("## {} under {}\n\n{}\n\n", escape(&text::capitalised(&part.task)), part.protocol, escape(&part.finding));
    let ends = |ends| text::interval(ends, 1).map_or_else(|| text::DASH.to_owned(), |ends| escape(&ends));
    let accuracies = part.levels().map(|paired| {
        let [a, b] = [paired.accuracy_a, paired.accuracy_b].map(|value| text::fraction(Some(value)));
        vec![paired.level.name().to_owned(), a, b, text::mean_sd(&paired.by_seed, 1), ends(paired.interval), ends(paired.by_seed.interval)]
    });
    out += &pipe_table(1, &heads(&["accuracy", "A", "B", "A − B, points", "over tracks", "over seeds"]), &accuracies.collect::<Vec<_>>());
    let seeds = part.track.seeds.iter().map(|seed| {
        let counts = [seed.seed, seed.n, seed.both, seed.only_a, seed.only_b, seed.neither].map(|count| count.to_string());
        let p = seed.mcnemar.map_or_else(|| text::DASH.to_owned(), text::p_value);
        counts.into_iter().chain([p]).collect()
    });
    let names = ["seed", "tracks", "both right", "A alone", "B alone", "neither", "McNemar’s p"];
    out += &format!("\n{}", pipe_table(0, &heads(&names), &seeds.collect::<Vec<_>>()));
    let classes = part.classes.iter().map(|class| {
        let points = class.recall_points.map_or_else(|| text::DASH.to_owned(), |points| text::decimals(points, 1));
        let [a, b, f1_a, f1_b] = [class.recall_a, class.recall_b, class.f1_a, class.f1_b].map(text::fraction);
        vec![escape(&class.class), class.items.to_string(), a, b, points, f1_a, f1_b]
    });
    let names = ["class", part.items(), "recall of A", "recall of B", "A − B, points", "F1 of A", "F1 of B"];
    out += &format!("\n{}", pipe_table(1, &heads(&names), &classes.collect::<Vec<_>>()));
    let discordant = part.discordant.iter().map(|track| {
        let name = track.name.as_deref().unwrap_or(text::DASH);
        let right = if track.a_is_right { "A" } else { "B" };
        let texts = [track.track_id.as_str(), name, &track.true_label, &track.a, &track.b].map(escape);
        texts.into_iter().chain([right.to_owned(), track.seed.to_string()]).collect()
    });
    let names = ["track", "name", "true label", "A", "B", "right", "seed"];
    out + &format!("\n{}\n", pipe_table(6, &heads(&names), &discordant.collect::<Vec<_>>()))
}

fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
