//! The order of an island's perimeters.
//!
//! In: the perimeters of an island, in any order, with their depth, and the seams of the external ones.
//! Out: groups that are printed as a unit (a hole with the loops around it, a thin wall, a contour with
//! the loops inside it), every loop with its seam. Holes come before contours.

use super::layer::chain_length;
use super::walk::Seam;
use crate::plan::{Bead, BeadSet, IslandPlan};
use offcut_geometry::loops::winding;
use offcut_geometry::{BBox, Point};
use offcut_settings::print::PerimeterOrder;
use std::ops::Range;

/// A bead with the place where it begins (loops only).
#[derive(Debug, Clone, Copy)]
pub(super) struct WallBead {
    pub bead: u32,
    pub seam: Option<Seam>,
}

/// Beads that are printed one after the other.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Range of [`Walls::sequence`].
    pub range: Range<u32>,
    /// Contours come last.
    pub contour: bool,
    /// Thin walls: a chain that may be run from either end.
    pub open: bool,
}

/// The groups of one island.
#[derive(Debug, Default)]
pub(super) struct Walls {
    pub sequence: Vec<WallBead>,
    pub groups: Vec<Group>,
    parent: Vec<u32>,
    boxes: Vec<BBox>,
    seams: Vec<Option<Seam>>,
    children: Vec<(u32, u32)>,
}

const NONE: u32 = u32::MAX;

impl Walls {
    /// Arranges the perimeters of `island`. `external` gives the seam of an external loop; `at` is where
    /// the nozzle stands: loops without a seam begin near it.
    pub fn arrange(
        &mut self,
        island: &IslandPlan,
        order: PerimeterOrder,
        mut external: impl FnMut(usize) -> Option<Seam>,
        at: Point,
    ) {
        let set = &island.perimeters;
        self.sequence.clear();
        self.groups.clear();
        self.nest(set);
        self.seams.clear();
        self.seams.extend((0..set.beads.len()).map(|i| {
            let b = &set.beads[i];
            (b.closed && b.depth == 0).then(|| external(i)).flatten()
        }));
        self.spread_seams(set, at);
        let outward = order == PerimeterOrder::InsideOut;
        let mut i = 0;
        while i < set.beads.len() {
            let b = &set.beads[i];
            let start = self.sequence.len() as u32;
            let mut next = i + 1;
            if !b.closed {
                let n = chain_length(set, i);
                next = i + n.max(1);
                self.sequence.extend((i..i + n).map(|k| WallBead {
                    bead: k as u32,
                    seam: None,
                }));
            } else if self.parent[i] == NONE {
                // The root of a hole's tree is its innermost loop in the material, that of a contour's
                // tree the external one.
                self.visit(i as u32, b.hole == outward);
            }
            let end = self.sequence.len() as u32;
            if start < end {
                self.groups.push(Group {
                    range: start..end,
                    contour: b.closed && !b.hole,
                    open: !b.closed,
                });
            }
            i = next;
        }
    }

    /// Finds the loop around (contours) or outside (holes) every loop.
    fn nest(&mut self, set: &BeadSet) {
        let n = set.beads.len();
        self.parent.clear();
        self.parent.resize(n, NONE);
        self.children.clear();
        // The usual island: one loop inside the other.
        let plain = |(i, b): (usize, &Bead)| b.closed && !b.hole && usize::from(b.depth) == i;
        if set.beads.iter().enumerate().all(plain) {
            for i in 1..n as u32 {
                self.parent[i as usize] = i - 1;
                self.children.push((i - 1, i));
            }
            return;
        }
        self.boxes.clear();
        self.boxes
            .extend(set.beads.iter().map(|b| BBox::of(set.points_of(b))));
        for (i, b) in set.beads.iter().enumerate() {
            let around = if b.hole {
                Some(b.depth + 1)
            } else {
                b.depth.checked_sub(1)
            };
            let (true, Some(depth)) = (b.closed, around) else {
                continue;
            };
            let candidate = |j: &usize| {
                let o = &set.beads[*j];
                o.closed
                    && o.hole == b.hole
                    && o.depth == depth
                    && self.boxes[*j].contains_box(&self.boxes[i])
            };
            let mut found = (0..n).filter(candidate);
            let Some(first) = found.next() else { continue };
            let p = set.points[b.start as usize];
            let holds = |j: usize| winding(set.points_of(&set.beads[j]), p) != 0;
            let j = match found.next() {
                // A contour lies in some loop of the depth before.
                None if !b.hole || holds(first) => Some(first),
                None => None,
                Some(second) => [first, second]
                    .into_iter()
                    .chain(found)
                    .filter(|&j| holds(j))
                    .min_by_key(|&j| self.boxes[j].max.x - self.boxes[j].min.x),
            };
            self.parent[i] = j.map_or(NONE, |j| j as u32);
        }
        self.children.extend(
            self.parent
                .iter()
                .enumerate()
                .filter(|&(_, &p)| p != NONE)
                .map(|(c, &p)| (p, c as u32)),
        );
        self.children.sort_unstable();
    }

    fn children(&self, i: u32) -> Range<usize> {
        let a = self.children.partition_point(|c| c.0 < i);
        a..a + self.children[a..].partition_point(|c| c.0 == i)
    }

    /// Inner loops begin beside the external one, so that the way from loop to loop is short.
    fn spread_seams(&mut self, set: &BeadSet, at: Point) {
        let deepest = set.beads.iter().filter(|b| b.closed).map(|b| b.depth).max();
        for depth in 0..=deepest.unwrap_or(0) {
            for (i, b) in set.beads.iter().enumerate() {
                if !b.closed || b.depth != depth || self.seams[i].is_some() {
                    continue;
                }
                let beside = if b.hole {
                    self.children(i as u32).next().map(|c| self.children[c].1)
                } else {
                    Some(self.parent[i]).filter(|&p| p != NONE)
                };
                let to = beside
                    .and_then(|j| self.seams[j as usize])
                    .map_or(at, |s| s.point);
                self.seams[i] = Some(Seam::nearest(set.points_of(b), to));
            }
        }
    }

    fn visit(&mut self, i: u32, before_children: bool) {
        let me = WallBead {
            bead: i,
            seam: self.seams[i as usize],
        };
        if before_children {
            self.sequence.push(me);
        }
        for c in self.children(i) {
            self.visit(self.children[c].1, before_children);
        }
        if !before_children {
            self.sequence.push(me);
        }
    }
}
