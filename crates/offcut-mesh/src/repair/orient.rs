//! Neighbouring triangles made to turn the same way.

use super::{RepairReport, Work};
use crate::edges::Union;

/// Turns triangles until neighbours agree; of the two ways for each patch the one that turns fewer.
#[inline(never)]
pub(super) fn agree(work: &mut Work, report: &mut RepairReport) {
    if !work.edges.irregular().any(|e| e.len() == 2) {
        return;
    }
    let pairs = work.edges.iter().filter(|e| e.len() == 2);
    let pairs = pairs.flat_map(|e| e.neighbours().map(move |(a, b)| (a, b, e.upward() != 1)));
    let pairs: Vec<(u32, u32, bool)> = pairs.collect();
    let mut faces = work.m.faces.clone();
    // Neighbours of each face in one array, found by where each face's begin.
    let mut begins = vec![0usize; faces.len() + 1];
    for (a, b, _) in &pairs {
        begins[*a as usize + 1] += 1;
        begins[*b as usize + 1] += 1;
    }
    for i in 1..begins.len() {
        begins[i] += begins[i - 1];
    }
    let mut fill = begins.clone();
    let mut neighbours = vec![(0u32, false); pairs.len() * 2];
    let mut patches = Union::new(faces.len());
    for &(a, b, against) in &pairs {
        for (from, to) in [(a, b), (b, a)] {
            neighbours[fill[from as usize]] = (to, against);
            fill[from as usize] += 1;
        }
        patches.join(a, b);
    }
    let mut turned: Vec<Option<bool>> = vec![None; faces.len()];
    let mut stack = Vec::new();
    for start in 0..faces.len() {
        if turned[start].is_some() {
            continue;
        }
        turned[start] = Some(false);
        stack.push(start as u32);
        while let Some(face) = stack.pop() {
            let state = turned[face as usize] == Some(true);
            for &(next, against) in &neighbours[begins[face as usize]..begins[face as usize + 1]] {
                if turned[next as usize].is_none() {
                    turned[next as usize] = Some(state ^ against);
                    stack.push(next);
                }
            }
        }
    }
    let (patch, count) = patches.numbered();
    let mut balance = vec![0i64; count];
    for (face, turn) in turned.iter().enumerate() {
        balance[patch[face] as usize] += if *turn == Some(true) { 1 } else { -1 };
    }
    let is_turned =
        |face: u32| (turned[face as usize] == Some(true)) != (balance[patch[face as usize] as usize] > 0);
    report.unorientable_edges = pairs
        .iter()
        .filter(|(a, b, against)| is_turned(*a) ^ is_turned(*b) ^ against)
        .count();
    for face in 0..faces.len() as u32 {
        if is_turned(face) {
            faces[face as usize].swap(1, 2);
            report.triangles_turned += 1;
        }
    }
    work.replace(faces);
}
