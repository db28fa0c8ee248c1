//! Triangles on the same three corners.

use super::{RepairReport, Work};
use crate::measure::sorted;

/// Keeps one of equal triangles, or none of a pair that turns either way, whichever leaves fewer faults.
#[inline(never)]
pub(super) fn remove(work: &mut Work, report: &mut RepairReport) {
    // Where there are two of a triangle that has neighbours, more than two meet at its edges.
    if work.faults.1 == 0 {
        return;
    }
    let groups = groups(&work.m.faces);
    if groups.len() == work.m.faces.len() {
        return;
    }
    let keep = |rule: fn(&[u32], &[[u32; 3]]) -> usize| {
        let mut kept: Vec<u32> = groups
            .iter()
            .flat_map(|g| &g[..rule(g, &work.m.faces)])
            .copied()
            .collect();
        kept.sort_unstable();
        kept.into_iter()
            .map(|i| work.m.faces[i as usize])
            .collect::<Vec<_>>()
    };
    let one = keep(|_, _| 1);
    let cancelled = keep(|group, faces| if opposed(group, faces) { 0 } else { group.len() });
    for candidate in [one, cancelled] {
        let gone = work.m.faces.len() - candidate.len();
        if work.improve(candidate) {
            report.duplicates_removed += gone;
            return;
        }
    }
}

/// Face numbers by set of corners, in the order of their first face.
fn groups(faces: &[[u32; 3]]) -> Vec<Vec<u32>> {
    let mut keys: Vec<([u32; 3], u32)> = faces
        .iter()
        .enumerate()
        .map(|(i, f)| (sorted(*f), i as u32))
        .collect();
    keys.sort_unstable();
    keys.chunk_by(|a, b| a.0 == b.0)
        .map(|g| g.iter().map(|k| k.1).collect())
        .collect()
}

/// Whether as many of the triangles turn one way as the other.
fn opposed(group: &[u32], faces: &[[u32; 3]]) -> bool {
    // Seen from its lowest corner on, a triangle goes up or down.
    let turns = |i: &u32| match faces[*i as usize] {
        [a, b, c] if a < b && a < c => b < c,
        [a, b, c] if b < a && b < c => c < a,
        [a, b, _] => a < b,
    };
    group.iter().filter(|i| turns(i)).count() * 2 == group.len()
}
