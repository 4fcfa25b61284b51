//! Matching of fingerprints whose truth is known.

use segno_audit::{Matching, near_duplicates};

use crate::world::bits;

fn found(fingerprints: &[Vec<u32>]) -> Vec<(usize, usize, i64, usize, usize)> {
    let items: Vec<&[u32]> = fingerprints.iter().map(Vec::as_slice).collect();
    let pairs = near_duplicates(&items, &Matching::default()).unwrap();
    pairs.iter().map(|pair| (pair.first, pair.second, pair.offset_items, pair.start_item, pair.items)).collect()
}

#[test]
fn a_part_is_found_where_it_lies() {
    let whole: Vec<u32> = bits(1).take(200).collect();
    let stranger: Vec<u32> = bits(2).take(200).collect();
    let part = whole[70..120].to_vec();
    assert_eq!(found(&[whole.clone(), stranger.clone(), part.clone()]), [(0, 2, 70, 70, 50)]);
    assert_eq!(found(&[part, stranger, whole]), [(0, 2, -70, 0, 50)], "the other way round");
}

#[test]
fn a_shared_part_within_two_recordings_is_found_alone() {
    let shared: Vec<u32> = bits(3).take(60).collect();
    let around =
        |seed: u64, before: usize| bits(seed).take(before).chain(shared.clone()).chain(bits(seed + 1).take(80)).collect::<Vec<u32>>();
    let pairs = found(&[around(10, 90), around(20, 40)]);
    // Chance may agree with the shared part by an item or two on either side.
    assert!(matches!(pairs[..], [(0, 1, 50, 88..=90, 60..=63)]), "{pairs:?}");
}

#[test]
fn bits_in_error_are_borne_up_to_the_stated_rate() {
    let whole: Vec<u32> = bits(4).take(240).collect();
    // Every fourth item is whole, the others have `wrong` bits turned.
    let damaged = |wrong: u32| {
        let turned = |(at, item): (usize, &u32)| if at % 4 == 0 { *item } else { item ^ ((1 << wrong) - 1) };
        whole.iter().enumerate().map(turned).collect::<Vec<u32>>()
    };
    // 3/4 · 8/32 = 0.19, and 3/4 · 9/32 = 0.21.
    assert_eq!(found(&[whole.clone(), damaged(8)]).len(), 1);
    assert_eq!(found(&[whole.clone(), damaged(9)]).len(), 0);
}

#[test]
fn three_seconds_are_enough_and_less_is_not() {
    let whole: Vec<u32> = bits(5).take(200).collect();
    assert_eq!(found(&[whole.clone(), whole[100..124].to_vec()]).len(), 1);
    assert_eq!(found(&[whole.clone(), whole[100..123].to_vec()]).len(), 0);
}

#[test]
fn silence_and_held_tones_are_not_alike() {
    for n_held in [24, 30, 150] {
        let held = |seed: u64| [bits(seed).take(50).collect(), vec![0x1234_5678; n_held], bits(seed + 1).take(100).collect()].concat();
        assert_eq!(found(&[held(10), held(20)]), [], "{n_held} items");
    }
}

#[test]
fn what_agrees_a_moment_later_as_well_is_no_duplicate() {
    // Of 32 bits two change every second item, one after the other: a drone. The other has four bits turned in eight items of nine.
    let drone: Vec<u32> = (0..120_u32).map(|at| u32::MAX.unbounded_shl(at / 2 % 32)).collect();
    let other: Vec<u32> = drone.iter().enumerate().map(|(at, item)| if at % 9 == 0 { *item } else { item ^ 0b1111 }).collect();
    assert_eq!(found(&[drone.clone(), other]), []);
    assert_eq!(found(&[drone.clone(), drone]).len(), 1, "a copy of a drone is one");
}

#[test]
fn nothing_is_no_duplicate_of_nothing() {
    assert_eq!(found(&[]), []);
    assert_eq!(found(&[vec![], vec![], bits(8).take(100).collect()]), []);
}

#[test]
fn more_copies_than_places_looked_at_still_hang_together() {
    let copies: Vec<Vec<u32>> = (0..200).map(|_| bits(9).take(60).collect()).collect();
    let pairs = found(&copies);
    for track in 1..200 {
        assert!(pairs.iter().any(|&(_, second, ..)| second == track), "copy {track} hangs on an earlier one");
    }
}
