//! Which layers are printed when.
//!
//! In: how high the layers of every object reach, and how many copies stand on the bed. Out: the turns of a
//! [`super::Planner`]. No layer has to be planned for that, so that they can be made just in time.

use super::Placed;
use super::sequence::one_by_one;
use crate::error::PrintError;
use offcut_settings::PrintSettings;
use offcut_settings::print::PrintOrder;

/// Layers of different objects at heights closer than this are one layer of the print, mm.
const SAME_HEIGHT: f64 = 1e-4;

/// What is printed next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// From now on only this copy of this object, from its first layer.
    Copy {
        /// Index of the object.
        object: usize,
        /// Which of its copies.
        copy: usize,
    },
    /// A layer of the print.
    Layer {
        /// What lies at its height: objects, and which of their layers.
        parts: Vec<(usize, usize)>,
        /// Which layer of the skirt is printed with it.
        skirt: Option<usize>,
    },
}

/// The turns of a print. `tops` are the heights of the layers of every object, bottom up, mm.
///
/// # Errors
/// When objects printed one by one stand in each other's way.
#[inline(never)]
pub fn schedule(
    objects: &[Placed],
    tops: &[Vec<f64>],
    settings: &PrintSettings,
) -> Result<Vec<Turn>, PrintError> {
    let mut turns = Vec::new();
    if settings.print_order == PrintOrder::ByObject {
        let heights: Vec<f64> = tops.iter().map(|t| t.last().copied().unwrap_or(0.0)).collect();
        for (n, one) in one_by_one(objects, &heights, settings)?.into_iter().enumerate() {
            turns.push(Turn::Copy {
                object: one.object,
                copy: one.copy,
            });
            turns.extend((0..tops[one.object].len()).map(|k| Turn::Layer {
                parts: vec![(one.object, k)],
                skirt: (n == 0).then_some(k),
            }));
        }
        return Ok(turns);
    }
    let mut next = vec![0usize; tops.len()];
    loop {
        let z = tops
            .iter()
            .zip(&next)
            .filter_map(|(t, &k)| t.get(k).copied())
            .fold(f64::INFINITY, f64::min);
        if !z.is_finite() {
            return Ok(turns);
        }
        let mut parts = Vec::new();
        for (object, t) in tops.iter().enumerate() {
            if t.get(next[object]).is_some_and(|&top| top <= z + SAME_HEIGHT) {
                parts.push((object, next[object]));
                next[object] += 1;
            }
        }
        let skirt = Some(turns.len());
        turns.push(Turn::Layer { parts, skirt });
    }
}
