//! Nothing is allocated from clip to clip, nor from frame to frame.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use common::test_signal;
use segno_features::{FeatureSpec, MfccSpec, Padding, Representation, StftConfig, SummarySpec};

/// The system's allocator, counting this thread's calls.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[allow(unsafe_code, reason = "an allocator cannot be written without")]
// SAFETY: every call goes to the system's allocator as it came; counting neither allocates nor
// unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn extracting_allocates_nothing() {
    let padded = |n_fft| FeatureSpec {
        representation: Representation::Spectrogram(StftConfig { padding: Padding::Reflect, ..StftConfig::new(n_fft, 100) }.into()),
        ..FeatureSpec::irvin()
    };
    let mfcc = FeatureSpec { representation: Representation::Mfcc(MfccSpec::librosa(512, 128)), ..FeatureSpec::irvin() };
    let summary = FeatureSpec { representation: Representation::Summary(SummarySpec::mfcc()), ..FeatureSpec::li() };
    // A power of two, an odd length, and a prime, whose plan needs the most scratch; mel, MFCC and their summary.
    for spec in [FeatureSpec::irvin(), padded(600 + 1), padded(1009), FeatureSpec::li(), mfcc, summary] {
        let clip = test_signal(spec.clip_samples().unwrap());
        let mut extractor = spec.extractor().unwrap();
        let mut out = vec![0.0; spec.shape().iter().product()];
        let before = ALLOCATIONS.get();
        assert!(before > 0, "the counter does not count");
        extractor.extract(&clip, &mut out).unwrap();
        assert_eq!(ALLOCATIONS.get(), before, "{spec:?}");
    }
}

#[test]
fn a_track_no_longer_than_the_one_before_allocates_nothing() {
    let track = test_signal(50_000);
    let mut extractor = FeatureSpec::mfcc_summary().track_extractor().unwrap();
    let mut out = [0.0; 60];
    let mut allocated = || {
        let before = ALLOCATIONS.get();
        track.chunks(1152).for_each(|block| extractor.push(block).unwrap());
        extractor.finish(&mut out).unwrap();
        ALLOCATIONS.get() - before
    };
    assert!(allocated() > 0, "the counter does not count");
    assert_eq!(allocated(), 0);
}
