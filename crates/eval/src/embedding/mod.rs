//! Features laid out in the plane: principal components first, then t-SNE.

mod neighbours;
mod pca;

pub use pca::principal_components;

use crate::EvalError;

/// How features are laid out.
///
/// | knob | default | purpose | range |
/// |---|---|---|---|
/// | `components` | 50 | principal components that t-SNE sees | 2 up to rows and columns |
/// | `perplexity` | 30 | about how many neighbours a clip has | at least 1; three times it below the rows |
/// | `epochs` | 1000 | steps | at least 1 |
/// | `seed` | 1 | of the random sketch that finds the components | any |
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)] // the table above
pub struct TsneConfig {
    pub components: usize,
    pub perplexity: f32,
    pub epochs: usize,
    pub seed: u64,
}

impl Default for TsneConfig {
    fn default() -> Self {
        Self { components: 50, perplexity: 30.0, epochs: 1000, seed: 1 }
    }
}

/// Opening angle of the Barnes-Hut approximation, as in the reference below.
const THETA: f32 = 0.5;
/// Neighbours a row has, as a multiple of the perplexity, as in the reference below.
const NEIGHBOURS: f32 = 3.0;
/// Standard deviation that the first two components are scaled to, to start from.
const START: f32 = 1e-4;

/// Lays rows out in the plane: close to each other where their features are; distances across the plane mean little.
///
/// It starts from the first two principal components, so that nothing but the sketch of the components is drawn at
/// random, and the same rows, settings and machine give the same points.
///
/// # Shapes
/// `features`: `[rows, columns]`, row-major. Returns one point a row.
///
/// # Errors
/// [`EvalError::Embedding`] if the values are no whole rows, not all finite, or too few for the settings.
///
/// # References
/// L. van der Maaten, Accelerating t-SNE using tree-based algorithms, JMLR 15, 2014;
/// D. Kobak and P. Berens, The art of using t-SNE for single-cell transcriptomics, Nature Communications 10, 2019.
pub fn tsne(features: &[f32], columns: usize, config: &TsneConfig) -> Result<Vec<[f32; 2]>, EvalError> {
    let rows = features.len().checked_div(columns).unwrap_or(0);
    let refuse = |reason: &str| Err(EvalError::Embedding { rows, columns, reason: reason.to_owned() });
    if rows * columns != features.len() || rows == 0 {
        return refuse("they are no whole rows: hand in rows · columns values");
    }
    if features.iter().any(|value| !value.is_finite()) {
        return refuse("a value is infinite or no number: extract the features again");
    }
    // A perplexity that is no number is in no range.
    let possible = 1.0..rows as f32 / 3.0;
    if !possible.contains(&config.perplexity) || config.epochs == 0 {
        return refuse(
            "the perplexity has to be at least 1 and below a third of the clips, epochs at least 1: change them or take more clips",
        );
    }
    let components = config.components.min(rows).min(columns);
    if components < 2 {
        return refuse("two components at least are needed: take more clips or values");
    }
    let reduced = principal_components(features, columns, components, config.seed);
    let spread = (reduced.iter().step_by(components).map(|value| value * value).sum::<f32>() / rows as f32).sqrt();
    if spread <= 0.0 {
        return refuse("all clips are alike: there is nothing to lay out");
    }
    let start: Vec<f32> = reduced.chunks_exact(components).flat_map(|row| [row[0], row[1]]).map(|value| value / spread * START).collect();
    // On one thread: on several, sums come out in whatever order the threads end, and the points drift apart.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let alone = alone.map_err(|error| EvalError::Embedding { rows, columns, reason: format!("no thread could be started: {error}") })?;
    let samples: Vec<&[f32]> = reduced.chunks_exact(components).collect();
    let neighbours = neighbours::nearest(&samples, (NEIGHBOURS * config.perplexity) as usize);
    let embedding = alone.install(|| {
        let mut fit = bhtsne::tSNE::<f32, &[f32], 2>::new(&samples);
        fit.perplexity(config.perplexity).epochs(config.epochs).initial_embedding(start);
        fit.barnes_hut_with_neighbors(THETA, &neighbours);
        fit.embedding()
    });
    Ok(embedding.chunks_exact(2).map(|point| [point[0], point[1]]).collect())
}
