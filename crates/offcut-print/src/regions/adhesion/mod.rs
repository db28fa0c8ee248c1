//! What holds a print to the bed: skirt, draft shield, brim, raft.
//!
//! In: what the first layers of all objects cover, in bed coordinates. Out: beads. Promised: brim
//! lines stay away from all objects and are not printed twice where the brims of neighbours meet;
//! the skirt encloses everything; neither leaves the bed.

mod bed;
mod brim;
mod raft;
pub(crate) mod skirt;
#[cfg(test)]
mod tests;

pub use brim::brim;
pub use raft::{Raft, raft};
pub use skirt::skirt;

use crate::plan::BeadSet;
use crate::plate::Notice;
use bed::Bed;
use offcut_geometry::{Loops, Point, UNITS_PER_MM};
use offcut_settings::PrintSettings;

/// What covers the bed, in bed coordinates, all copies of all objects together.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// The first layer of the objects (or of their rafts): a valid polygon set.
    pub objects: Loops,
    /// The first layer of their support: a valid polygon set.
    pub support: Loops,
    /// Points around which the skirt goes, beside the above: what higher layers reach, as far as
    /// the skirt is high.
    pub others: Vec<Point>,
}

/// Skirt, draft shield and brim: one set of beads for every layer of the print that has some, from
/// the first on, in bed coordinates; and what the bed has no room for. `heights` are the thicknesses of the
/// print's layers, mm.
#[must_use]
#[inline(never)]
pub fn adhesion(ground: &Ground, heights: &[f64], settings: &PrintSettings) -> (Vec<BeadSet>, Vec<Notice>) {
    let mut notices = Vec::new();
    let Some(&first) = heights.first() else {
        return (Vec::new(), notices);
    };
    let bed = Bed::of(settings);
    let with_brim = settings.raft_layers == 0;
    let mut brim = if with_brim {
        brim(&ground.objects, &ground.support, first, settings)
    } else {
        BeadSet::default()
    };
    let shortest = 2.0 * brim.beads.first().map_or(0.0, |b| f64::from(b.width)) * UNITS_PER_MM;
    if bed.clip(&mut brim, shortest) {
        notices.push(Notice::BrimCut);
    }
    let mut points = ground.others.clone();
    for p in [&ground.objects.points, &ground.support.points, &brim.points] {
        points.extend_from_slice(p);
    }
    let mut layers = skirt(&points, heights, settings);
    let of = layers.first().map_or(0, |l| l.beads.len());
    let mut dropped = layers.iter_mut().map(|l| bed.drop_leaving(l));
    // The first layer has all loops.
    if let Some(loops @ 1..) = dropped.next() {
        notices.push(Notice::SkirtLeftOut { loops, of });
    }
    dropped.for_each(drop);
    if !brim.beads.is_empty() {
        if layers.is_empty() {
            layers.push(BeadSet::default());
        }
        for b in &brim.beads {
            layers[0].push(brim.points_of(b), *b);
        }
    }
    (layers, notices)
}
