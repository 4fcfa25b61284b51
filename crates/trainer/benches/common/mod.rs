//! What the benches share: a job's epochs, timed on the device that the command line names.

use std::time::Instant;

use burn::backend::{Autodiff, Flex};
use segno_models::ops::TrainBackend;
use segno_trainer::{Event, Flow, Job, train};

/// Clips a second, on `cpu` if the arguments name no device: the median of all epochs but the first, which warms up.
pub fn rate(job: Job<'_>) -> f64 {
    let named = |device: &str| std::env::args().any(|argument| argument == device);
    #[cfg(feature = "cuda")]
    if named("cuda") {
        return rate_on::<Autodiff<burn::backend::Cuda>>(job);
    }
    #[cfg(feature = "cuda")]
    if named("cuda-mixed") {
        return rate_on::<Autodiff<segno_models::ops::CudaMixed>>(job);
    }
    assert!(!named("cuda") && !named("cuda-mixed"), "this bench was built without its feature cuda");
    rate_on::<Autodiff<Flex>>(job)
}

fn rate_on<B: TrainBackend>(job: Job<'_>) -> f64 {
    let clips = job.train.len() as f64;
    let (mut rates, mut start) = (vec![], Instant::now());
    train::<B>(job, &Default::default(), &mut |event| {
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
