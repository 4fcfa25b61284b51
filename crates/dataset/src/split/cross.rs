//! Folds for models that choose among themselves on inner folds: every track is tested once, and none is set aside.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    LeftOutLabel, Protocol,
    folds::split_off_rare,
    groups::{Join, groups},
    share_out::{Group, share_out},
    shuffle,
};
use crate::{DatasetError, Duplicates, Manifest};

/// How to draw such folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CrossPlan<'a> {
    /// `track`: copies of a track stay together; `artist`: an artist's tracks and their copies do. `artist-once` and `fault-filtered` are
    /// for folds within one side of such a split, and keep together what `artist` does.
    pub protocol: Protocol,
    /// The seed of the draw.
    pub seed: u64,
    /// From 2.
    pub folds: usize,
    /// The task whose labels are shared out alike.
    pub task: &'a str,
    /// What the folds are for: folds within a fold are another draw than those around it.
    pub purpose: &'a str,
}

/// Which fold tests which track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossFolds {
    /// Track → its fold, counted from 0; a track of a label that is left out has none.
    pub fold_of: BTreeMap<String, usize>,
    /// The labels that fewer groups than folds have tracks of.
    pub left_out: Vec<LeftOutLabel>,
}

impl CrossFolds {
    /// Draws folds of `tracks`, those of a label of the task that too few groups have tracks of left out; equal for an equal
    /// plan, in whatever order the tracks come. Near duplicates of an audit stay together. Groups are shared out as
    /// [`Split::draw_folds`](super::Split::draw_folds) does it.
    ///
    /// # Errors
    /// The protocol is `published`, there are fewer than two folds, fewer than two labels are left, or a track
    /// has no label of the task.
    pub fn draw(plan: &CrossPlan<'_>, near: Option<&Duplicates>, manifest: &Manifest, tracks: &[&str]) -> Result<Self, DatasetError> {
        let fault = |found: String, expected: &str| DatasetError::Split {
            corpus: manifest.corpus.clone(),
            protocol: plan.protocol,
            found,
            expected: expected.to_owned(),
        };
        let join = match plan.protocol {
            Protocol::Track => Join::Copies,
            Protocol::Artist | Protocol::ArtistOnce | Protocol::FaultFiltered => Join::Artists,
            Protocol::Published => {
                return Err(fault(format!("the protocol '{}'", plan.protocol), "'track', 'artist', 'artist-once' or 'fault-filtered'"));
            }
        };
        if plan.folds < 2 {
            return Err(fault(format!("{} folds", plan.folds), "at least 2"));
        }
        let group_of = groups(manifest, join, near);
        let mut members: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for track in tracks {
            let (Some(group), Some(_)) = (group_of.get(track), manifest.label(track, plan.task)) else {
                return Err(fault(format!("track {track} without a {}", plan.task), "tracks of the manifest that have one"));
            };
            members.entry(group).or_default().insert(track);
        }
        let label = |track| manifest.label(track, plan.task).unwrap_or_default();
        let all = members.into_values().map(|tracks| Group::new(tracks.into_iter().collect(), label)).collect();
        let (mut groups, left_out) = split_off_rare(all, plan.folds, plan.task, label).map_err(|counts| {
            let what = if plan.protocol == Protocol::Track { "tracks, copies counted once" } else { "artists" };
            let fewer = if plan.folds > 2 { ", or ask for fewer folds" } else { "" };
            let expected = format!("two labels at least, each with {}, one a fold; add music{fewer}", plan.folds);
            fault(format!("{what}, of each {}: {counts}", plan.task), &expected)
        })?;
        let seed = plan.seed.to_string();
        let key = ["segno cross", "1", plan.protocol.name(), &manifest.corpus, plan.task, plan.purpose, &seed];
        shuffle::shuffle(&mut groups, &mut shuffle::keyed(key));
        let folds = share_out(&groups, &vec![1.0; plan.folds], false);
        let of_group =
            |(group, fold): (Group<'_>, usize)| group.tracks.into_iter().map(move |track| (track.to_owned(), fold)).collect::<Vec<_>>();
        Ok(Self { fold_of: groups.into_iter().zip(folds).flat_map(of_group).collect(), left_out })
    }
}
