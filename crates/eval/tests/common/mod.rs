//! An invented report: ten genres, the paper's rows, three protocols, probabilities from a seeded generator.
//!
//! The numbers mean nothing; they are shaped like real ones so that the page can be looked at.

// Each test takes what it needs of these.
#![allow(dead_code)]

use std::collections::BTreeMap;

use segno_dataset::{Curves, EpochRow, Part, Prediction, PredictionSource, Predictions, Protocol};
use segno_eval::{
    EvalError,
    report::{
        CorpusFacts, EmbeddingFacts, GridCell, HistogramFacts, LeftOut, OpenRow, ProtocolFacts, Report, ReportInput, RowFacts, Run,
        build_with,
    },
    stats::Bootstrap,
};

/// A bootstrap of few resamples: most tests do not look at what it gives.
pub const QUICK: Bootstrap = Bootstrap { resamples: 40, seed: 1 };

/// A report by [`QUICK`].
pub fn build(input: &ReportInput) -> Result<Report, EvalError> {
    build_with(input, &QUICK)
}

pub const GENRES: [&str; 10] = ["blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock"];

/// A linear congruence (Knuth's MMIX constants), upper bits.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        let mut draw = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
        // Neighbouring seeds start alike: walk away from each other first.
        for _ in 0..16 {
            draw.unit();
        }
        draw
    }

    pub fn unit(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// Answers that are right about as often as `skill` says, `tracks` tracks of six clips.
pub fn predictions(row: &str, protocol: Protocol, seed: u64, skill: f32, tracks: usize) -> Predictions {
    let mut draw = Draw::new(seed * 31 + protocol as u64 * 7 + row.bytes().map(u64::from).sum::<u64>() * 1009);
    let mut rows = Vec::new();
    for track in 0..tracks {
        let genre = track % GENRES.len();
        // A track is easy or hard as a whole.
        let track_skill = if draw.unit() < skill { 0.6 + 0.4 * skill } else { 0.5 * skill };
        for clip in 0..6 {
            // Mistakes lean to the neighbour in the list and to rock.
            let answer = match (draw.unit() < track_skill, draw.unit()) {
                (true, _) => genre,
                (false, at) if at < 0.35 => (genre + 1) % GENRES.len(),
                (false, at) if at < 0.55 => GENRES.len() - 1,
                (false, _) => (draw.unit() * 10.0) as usize % GENRES.len(),
            };
            let mut probabilities: Vec<f32> = (0..GENRES.len()).map(|_| 0.02 + 0.08 * draw.unit()).collect();
            probabilities[answer] += 0.3 + draw.unit();
            let sum: f32 = probabilities.iter().sum();
            probabilities.iter_mut().for_each(|value| *value /= sum);
            let track_id = format!("{}.{:05}", GENRES[genre], track / GENRES.len());
            let clip_id = format!("gtzan:{track_id}#{clip}");
            rows.push(Prediction { clip_id, track_id, task: "genre".into(), true_label: GENRES[genre].into(), probabilities });
        }
    }
    let digest = |kind: &str| segno_dataset::digest_bytes(format!("{kind} {row} {protocol:?} {seed}").as_bytes());
    let source = PredictionSource {
        experiment: row.into(),
        protocol,
        seed,
        fold: None,
        part: Part::Test,
        code_version: "0.1.0".into(),
        model_digest: digest("model"),
        split_digest: digest("split"),
        shards_digest: segno_dataset::digest_bytes(b"shards"),
    };
    let classes = BTreeMap::from([("genre".to_owned(), GENRES.map(str::to_owned).to_vec())]);
    Predictions { source, classes, rows }
}

fn curves(seed: u64, skill: f32) -> Curves {
    let mut draw = Draw::new(seed + (skill * 1000.0) as u64);
    let n = 26 + (draw.unit() * 14.0) as u32;
    let epochs = (1..=n)
        .map(|epoch| {
            let learned = 1.0 - (-(epoch as f32) / 9.0).exp();
            let over = (epoch as f32 / n as f32).powi(3) * 0.25;
            EpochRow {
                epoch,
                train_loss: 2.3 * (1.0 - 0.93 * learned) + 0.04 * draw.unit(),
                train_accuracy: vec![0.1 + 0.88 * learned - 0.03 * draw.unit()],
                valid_loss: 2.3 * (1.0 - skill * learned) + over + 0.12 * draw.unit(),
                valid_accuracy: vec![(0.1 + (skill - 0.1) * learned - 0.06 * draw.unit()).max(0.0)],
            }
        })
        .collect();
    Curves { tasks: vec!["genre".into()], best_epoch: n - 6, epochs }
}

pub fn row(id: &str, label: &str, family: &str, place: &str, paper_accuracy: Option<f64>) -> RowFacts {
    let mut differs = vec![
        "log compression of the magnitudes and standardisation per bin with statistics of the training part: the paper says nothing of scaling".to_owned(),
        "early stopping after 10 epochs without a better validation loss: the paper does not state its patience".to_owned(),
    ];
    if label.starts_with("RNN") {
        differs.push("tanh and recurrence in every layer: the paper’s printed first layer lacks the recurrence".to_owned());
    }
    RowFacts {
        id: id.into(),
        label: label.into(),
        family: family.into(),
        place: place.into(),
        paper: paper_accuracy.map(|accuracy| ("genre".to_owned(), accuracy)).into_iter().collect(),
        paper_train: BTreeMap::new(),
        cell: None,
        variant_of: None,
        differs,
        features: "22 × 513 log magnitudes: 4000 Hz, FFT 1024, hop 896, Tukey 0.25, constant detrend".into(),
        training: "SGD, learning rate 1, batch 128, gradient norm 5, dropout 0.2".into(),
    }
}

/// The whole paper on a hundred of a thousand tracks, three seeds.
pub fn input() -> ReportInput {
    let rows = vec![
        (row("logistic", "Multinomial logistic regression", "baseline", "Figure 3", Some(0.3892)), 0.66, 0.48),
        (row("mlp-relu", "2-layer network, ReLU", "baseline", "Figure 3", Some(0.68)), 0.74, 0.46),
        (row("mlp-sigmoid", "2-layer network, sigmoid", "baseline", "Figure 3", Some(0.7)), 0.76, 0.5),
        (row("rnn-1x125", "RNN 1×125", "recurrent", "Figure 5", Some(0.54)), 0.7, 0.43),
        (row("rnn-2x125", "RNN 2×125", "recurrent", "Figure 5", Some(0.655)), 0.77, 0.44),
        (row("lstm-1x250", "LSTM 1×250", "recurrent", "Figure 5", Some(0.745)), 0.86, 0.5),
        (row("lstm-2x250", "LSTM 2×250", "recurrent", "Figure 5", Some(0.79)), 0.9, 0.52),
        (
            RowFacts {
                variant_of: Some("lstm-2x250".into()),
                ..row("lstm-2x250-raw", "LSTM 2×250, raw magnitudes", "recurrent", "Figure 5", None)
            },
            0.5,
            0.38,
        ),
        (row("attention-1x500", "LSTM + attention 1×500", "attention", "Figure 5", Some(0.7316)), 0.85, 0.5),
        (row("attention-2x60", "LSTM + attention 2×60", "attention", "Figure 5", Some(0.758)), 0.8, 0.49),
    ];
    let mut runs = Vec::new();
    for (facts, published, track) in &rows {
        for (protocol, skill, tracks) in
            [(Protocol::Published, *published, 20), (Protocol::Track, *track, 20), (Protocol::FaultFiltered, *track + 0.03, 30)]
        {
            // The raw variant was not run under every protocol.
            if facts.variant_of.is_some() && protocol == Protocol::FaultFiltered {
                continue;
            }
            for seed in 1..=3 {
                let name = format!("{protocol:?}").to_lowercase();
                runs.push(Run {
                    row: facts.id.clone(),
                    protocol,
                    seed,
                    predictions_file: format!("runs/{}/{name}-{seed}/predictions.parquet", facts.id),
                    predictions: predictions(&facts.id, protocol, seed, skill, tracks),
                    train_predictions: None,
                    curves: (facts.id != "logistic").then(|| curves(seed, skill)),
                });
            }
        }
    }
    let missing = (100..1000).map(|index| LeftOut {
        track_id: format!("{}.{:05}", GENRES[index % 10], index / 10),
        label: Some(GENRES[index % 10].into()),
        reason: "no file of this name in the corpus folder".into(),
    });
    let describe = |protocol, description: &str, notes: &[&str]| ProtocolFacts {
        protocol,
        description: description.into(),
        notes: notes.iter().map(|&note| note.to_owned()).collect(),
    };
    ReportInput {
        title: "Irvin, Chartock and Hollander 2016, reproduced".into(),
        command: "cargo xtask reproduce-gtzan --data DIR --device cpu --seeds 3".into(),
        corpus: CorpusFacts {
            name: "GTZAN".into(),
            citation: "G. Tzanetakis and P. Cook, Musical genre classification of audio signals, IEEE TSAP 10(5), 2002".into(),
            licence: "none stated; for research".into(),
            expected_tracks: Some(1000),
            tracks_used: 100,
            synthetic: false,
            left_out: missing.collect(),
        },
        tasks: vec!["genre".into()],
        paper_corpus: None,
        histogram: None,
        embedding: None,
        notes: vec![],
        rows: rows.into_iter().map(|(facts, ..)| facts).collect(),
        protocols: vec![
            describe(
                Protocol::Published,
                "as the paper drew it: clips at random, whatever track they come from",
                &["98 of 98 test tracks have a clip in training"],
            ),
            describe(
                Protocol::Track,
                "no track, nor its byte-identical copy, on two sides; stratified by genre",
                &["on these hundred tracks three genres have one artist each: this partly measures who plays"],
            ),
            describe(Protocol::FaultFiltered, "the public split of 443, 197 and 290 tracks without faulty ones", &[]),
        ],
        runs,
        open_rows: vec![
            OpenRow {
                label: "SVM, RBF kernel, one-vs-rest".into(),
                place: "Figure 3".into(),
                paper: [("genre".to_owned(), 0.405)].into(),
                comes_with: "comes with the classical baselines".into(),
            },
            OpenRow {
                label: "Logistic regression, one-vs-rest".into(),
                place: "Figure 3".into(),
                paper: [("genre".to_owned(), 0.3825)].into(),
                comes_with: "comes with the classical baselines".into(),
            },
        ],
        stages: vec![
            ("corpus".into(), 0.84),
            ("extract".into(), 3.1),
            ("split".into(), 0.05),
            ("train".into(), 1472.0),
            ("predict".into(), 21.7),
            ("report".into(), 0.9),
        ],
        environment: vec![
            ("date".into(), "2026-11-22".into()),
            ("machine".into(), "2 cores, x86-64, AVX2".into()),
            ("segno".into(), "0.1.0".into()),
        ],
    }
}

/// Two rows, two protocols, two seeds, a dozen tracks, two of them left out: small enough to read.
pub fn small() -> ReportInput {
    let mut input = input();
    input.rows.retain(|row| ["logistic", "lstm-2x250"].contains(&row.id.as_str()));
    input.protocols.truncate(2);
    input.open_rows.truncate(1);
    input.runs.retain(|run| input.rows.iter().any(|row| row.id == run.row) && run.protocol != Protocol::FaultFiltered && run.seed < 3);
    for run in &mut input.runs {
        run.predictions.rows.truncate(72);
    }
    input.corpus.expected_tracks = Some(102);
    input.corpus.left_out.truncate(2);
    input
}

pub const MOODS: [&str; 3] = ["Happy", "Neutral", "Sad"];

/// Two tasks: the small report with a mood beside each genre, grid cells, training predictions and figures.
pub fn two_tasks() -> ReportInput {
    let mut input = small();
    input.tasks = vec!["genre".into(), "mood".into()];
    input.title = "Li 2019, reproduced".into();
    input.protocols.push(ProtocolFacts {
        protocol: Protocol::ArtistOnce,
        description: "No artist on two sides.".into(),
        notes: vec!["seed 1: 90 / 5 / 5 clips".into()],
    });
    input.open_rows.clear();
    for (index, row) in input.rows.iter_mut().enumerate() {
        row.paper = [("genre".to_owned(), 0.889 - 0.02 * index as f64), ("mood".to_owned(), 0.808)].into();
        row.paper_train = [("genre".to_owned(), 0.908)].into();
        let (line, column) = (format!("λ {}", 0.001 * (index + 1) as f64), "rate 0.001, batch 200".to_owned());
        row.cell = Some(GridCell { table: "Table 1".into(), line, column });
    }
    let strict: Vec<Run> = input.runs.iter().filter(|run| run.protocol == Protocol::Track).cloned().collect();
    input.runs.extend(strict.into_iter().map(|mut run| {
        run.protocol = Protocol::ArtistOnce;
        run.predictions.source.protocol = Protocol::ArtistOnce;
        run
    }));
    for run in &mut input.runs {
        add_moods(&mut run.predictions);
        let mut train = run.predictions.clone();
        train.source.part = Part::Train;
        run.train_predictions = Some(train);
        if let Some(curves) = &mut run.curves {
            curves.tasks.push("mood".into());
            for epoch in &mut curves.epochs {
                epoch.train_accuracy.push(epoch.train_accuracy[0] * 0.9);
                epoch.valid_accuracy.push(epoch.valid_accuracy[0] * 0.9);
            }
        }
    }
    let mut draw = Draw::new(5);
    let values: Vec<f64> = (0..100).map(|_| f64::from(draw.unit() * draw.unit().sqrt())).collect();
    let (cuts, classes) = (vec![0.3, 0.6], ["Sad", "Neutral", "Happy"].map(str::to_owned).into());
    input.histogram = Some(HistogramFacts { name: "valence".into(), range: [0.0, 1.0], values, cuts, classes });
    let clips = 300;
    let class = |index: usize| index % GENRES.len();
    let mut around = |middle: f32| middle + 12.0 * (draw.unit() + draw.unit() - 1.0);
    let points = (0..clips).map(|index| [around(class(index) as f32 * 6.0 - 30.0), around((class(index) * 7 % 10) as f32 * 5.0)]).collect();
    input.embedding = Some(EmbeddingFacts {
        made: "300 of 720 clips, every second one; t-SNE of 50 principal components, perplexity 30, 1000 epochs, seed 1.".into(),
        clip_ids: (0..clips).map(|index| format!("gtzan:{}.{:05}#0", GENRES[class(index)], index / 10)).collect(),
        points,
        labels: [
            ("genre".to_owned(), (0..clips).map(|index| GENRES[class(index)].to_owned()).collect()),
            ("mood".to_owned(), (0..clips).map(|index| MOODS[class(index) % 3].to_owned()).collect()),
        ]
        .into(),
    });
    input
}

fn add_moods(predictions: &mut Predictions) {
    predictions.classes.insert("mood".into(), MOODS.map(str::to_owned).to_vec());
    let moods: Vec<Prediction> = predictions
        .rows
        .iter()
        .map(|row| {
            let genre = GENRES.iter().position(|genre| *genre == row.true_label).unwrap_or(0);
            let mut probabilities = vec![0.2; 3];
            probabilities[(genre + usize::from(row.argmax() != genre)) % 3] = 0.6;
            Prediction { task: "mood".into(), true_label: MOODS[genre % 3].into(), probabilities, ..row.clone() }
        })
        .collect();
    predictions.rows.extend(moods);
}
