//! What the benches share: a job's epochs, timed.

use std::time::Instant;

use burn::backend::{Autodiff, Flex};
use segno_trainer::{Event, Flow, Job, train};

/// Clips a second: the median of all epochs but the first, which warms up.
pub fn rate(job: Job<'_>) -> f64 {
    let clips = job.train.len() as f64;
    let (mut rates, mut start) = (vec![], Instant::now());
    train::<Autodiff<Flex>>(job, &Default::default(), &mut |event| {
        if let Event::Epoch { row, .. } = event {
            if row.epoch > 1 {
                rates.push(clips / start.elapsed().as_secs_f64());
            }
            start = Instant::now();
        }
        Flow::Continue
    })
    .expect("a bench's job is sound");
    segno_bench::median(rates)
}
