//! Open paths joined at their ends.
//!
//! Ends within the tolerance are one node. Where at most two ends meet, paths are chained. Where more meet, the
//! paths are the edges of a planar drawing: its inner faces become closed contours (a shared edge serves both
//! sides), dangling paths and bridges stay open.

use crate::contours::{Contour, Repairs};
use offcut_geometry::drawing::{self, Segment, Vec2};

/// An end of a path: index of the path, and whether it is its last point.
type End = (usize, bool);

/// Joins what fits; closed results move to `closed`, the rest stays in `open`.
pub(crate) fn join(
    open: &mut Vec<Contour>,
    closed: &mut Vec<Contour>,
    tolerance: f64,
    repairs: &mut Repairs,
) {
    let mut rest = std::mem::take(open);
    rest.retain(|c| !c.segments.is_empty());
    // Groups are few; their paths keep their order.
    let mut groups: Vec<_> = rest.iter().map(Contour::group).collect();
    groups.sort_unstable();
    groups.dedup();
    for g in groups {
        let (mine, others) = rest.into_iter().partition(|c| c.group() == g);
        rest = others;
        Graph::new(mine, tolerance).run(open, closed, tolerance, repairs);
    }
}

struct Graph {
    paths: Vec<Contour>,
    /// The node of each path's start and end.
    nodes: Vec<[usize; 2]>,
    /// The ends that meet at each node.
    ends: Vec<Vec<End>>,
    used: Vec<bool>,
}

fn find(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

impl Graph {
    fn new(paths: Vec<Contour>, tolerance: f64) -> Self {
        let points: Vec<Vec2> = paths
            .iter()
            .flat_map(|c| [c.segments[0].a, c.segments[c.segments.len() - 1].b])
            .collect();
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|a, b| points[*a].x.total_cmp(&points[*b].x).then(a.cmp(b)));
        let mut parent: Vec<usize> = (0..points.len()).collect();
        for (k, &i) in order.iter().enumerate() {
            for &j in &order[k + 1..] {
                if points[j].x > points[i].x + tolerance {
                    break;
                }
                // The two ends of one path are never one node: it would be a speck or is closed already.
                if i / 2 != j / 2 && points[i].dist(points[j]) <= tolerance {
                    let (a, b) = (find(&mut parent, i), find(&mut parent, j));
                    parent[a.max(b)] = a.min(b);
                }
            }
        }
        let mut number = vec![usize::MAX; points.len()];
        let mut ends: Vec<Vec<End>> = Vec::new();
        let mut nodes = vec![[0; 2]; paths.len()];
        for i in 0..points.len() {
            let root = find(&mut parent, i);
            if number[root] == usize::MAX {
                number[root] = ends.len();
                ends.push(Vec::new());
            }
            nodes[i / 2][i % 2] = number[root];
            ends[number[root]].push((i / 2, i % 2 == 1));
        }
        let used = vec![false; paths.len()];
        Self {
            paths,
            nodes,
            ends,
            used,
        }
    }

    fn run(
        mut self,
        open: &mut Vec<Contour>,
        closed: &mut Vec<Contour>,
        tolerance: f64,
        repairs: &mut Repairs,
    ) {
        repairs.branches += self.ends.iter().filter(|e| e.len() > 2).count();
        self.faces(closed, tolerance, repairs);
        // Chains first from their free ends, then loops.
        for free in [true, false] {
            for i in 0..self.paths.len() {
                for last in [false, true] {
                    let alone = self.free_ends(self.nodes[i][usize::from(last)]) == 1;
                    if !self.used[i] && (alone || !free) {
                        // Leave the free end: a path that is free at its end runs backwards.
                        self.chain((i, last), open, closed, tolerance, repairs);
                    }
                }
            }
        }
    }

    fn free_ends(&self, node: usize) -> usize {
        self.ends[node].iter().filter(|e| !self.used[e.0]).count()
    }

    /// The segments of a path as it leaves an end.
    fn leaving(&self, (i, last): End) -> Vec<Segment> {
        let mut run = self.paths[i].segments.clone();
        if last {
            drawing::reverse(&mut run);
        }
        run
    }

    /// Follows paths from an end as long as exactly one goes on.
    fn chain(
        &mut self,
        from: End,
        open: &mut Vec<Contour>,
        closed: &mut Vec<Contour>,
        tolerance: f64,
        repairs: &mut Repairs,
    ) {
        let start = self.nodes[from.0][usize::from(from.1)];
        let mut walk = vec![from];
        self.used[from.0] = true;
        let mut end = from;
        loop {
            let node = self.nodes[end.0][usize::from(!end.1)];
            if node == start && walk.len() > 1 {
                break;
            }
            let next: Vec<End> = self.ends[node]
                .iter()
                .copied()
                .filter(|e| !self.used[e.0])
                .collect();
            let [one] = next[..] else { break };
            self.used[one.0] = true;
            walk.push(one);
            end = one;
        }
        let is_closed = walk.len() > 1 && self.nodes[end.0][usize::from(!end.1)] == start;
        let mut changes = *repairs;
        let contour = self.weld(&walk, is_closed, &mut changes);
        if is_closed && drawing::area(&contour.segments).abs() <= tolerance * contour.length() {
            // There and back on the same line encloses nothing: copies of each other, not a contour.
            open.extend(walk.iter().map(|e| self.paths[e.0].clone()));
            return;
        }
        *repairs = changes;
        if is_closed {
            closed.push(contour);
        } else {
            open.push(contour);
        }
    }

    /// One contour of paths end to end; their ends are moved onto each other.
    fn weld(&self, walk: &[End], is_closed: bool, repairs: &mut Repairs) -> Contour {
        let mut segments: Vec<Segment> = Vec::new();
        for e in walk {
            let run = self.leaving(*e);
            if let (Some(before), Some(after)) = (segments.last_mut(), run.first()) {
                note(before, after.a, repairs);
            }
            segments.extend(run);
        }
        if is_closed {
            let first = segments[0].a;
            if let Some(last) = segments.last_mut() {
                note(last, first, repairs);
            }
        }
        Contour {
            segments,
            closed: is_closed,
            ..self.paths[walk[0].0].clone()
        }
    }

    /// Takes the inner faces of all places where more than two ends meet.
    fn faces(&mut self, closed: &mut Vec<Contour>, tolerance: f64, repairs: &mut Repairs) {
        if self.ends.iter().all(|e| e.len() <= 2) {
            return;
        }
        let mut part = vec![true; self.paths.len()];
        self.only_branching(&mut part);
        loop {
            self.prune(&mut part);
            let Some((faces, bridges)) = self.trace(&part) else {
                return;
            };
            // A path with the same face on both sides bounds nothing.
            if bridges.is_empty() {
                for face in faces {
                    let mut ignored = Repairs::default();
                    let contour = self.weld(&face, true, &mut ignored);
                    // The outer face runs clockwise; between two copies of a line lies only a sliver.
                    if drawing::area(&contour.segments) > tolerance * contour.length() {
                        self.weld(&face, true, repairs);
                        for e in &face {
                            if std::mem::replace(&mut self.used[e.0], true) {
                                repairs.shared_mm += self.paths[e.0].length();
                            }
                        }
                        closed.push(contour);
                    }
                }
                // Doubles of used paths have been served too.
                for (i, p) in part.iter().enumerate() {
                    self.used[i] |= *p;
                }
                return;
            }
            for i in bridges {
                part[i] = false;
            }
        }
    }

    /// Leaves out the components in which nothing branches.
    fn only_branching(&self, part: &mut [bool]) {
        let mut parent: Vec<usize> = (0..self.ends.len()).collect();
        for [a, b] in &self.nodes {
            let (a, b) = (find(&mut parent, *a), find(&mut parent, *b));
            parent[a.max(b)] = a.min(b);
        }
        let mut branching = vec![false; self.ends.len()];
        for (n, e) in self.ends.iter().enumerate() {
            if e.len() > 2 {
                branching[find(&mut parent, n)] = true;
            }
        }
        for (i, p) in part.iter_mut().enumerate() {
            *p = branching[find(&mut parent, self.nodes[i][0])];
        }
    }

    /// Leaves out paths with a free end, again and again.
    fn prune(&self, part: &mut [bool]) {
        let mut degree = vec![0; self.ends.len()];
        for (i, [a, b]) in self.nodes.iter().enumerate() {
            if part[i] {
                degree[*a] += 1;
                degree[*b] += 1;
            }
        }
        let mut stack: Vec<usize> = (0..degree.len()).filter(|n| degree[*n] == 1).collect();
        while let Some(n) = stack.pop() {
            for (i, _) in &self.ends[n] {
                if part[*i] && degree[n] == 1 {
                    part[*i] = false;
                    for m in self.nodes[*i] {
                        degree[m] -= 1;
                        if degree[m] == 1 {
                            stack.push(m);
                        }
                    }
                }
            }
        }
    }

    /// Goes around all faces, turning as far left as possible; tells also which paths have one face on both sides.
    fn trace(&self, part: &[bool]) -> Option<(Vec<Vec<End>>, Vec<usize>)> {
        // The ends at each node by the direction in which they leave.
        let mut fans: Vec<Vec<End>> = Vec::with_capacity(self.ends.len());
        for ends in &self.ends {
            let mut fan: Vec<(f64, End)> = ends
                .iter()
                .filter(|e| part[e.0])
                .map(|e| (self.heading(*e), *e))
                .collect();
            fan.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            fans.push(fan.into_iter().map(|f| f.1).collect());
        }
        let mut face_of = vec![[usize::MAX; 2]; self.paths.len()];
        let mut faces: Vec<Vec<End>> = Vec::new();
        for i in 0..self.paths.len() {
            for last in [false, true] {
                if !part[i] || face_of[i][usize::from(last)] != usize::MAX {
                    continue;
                }
                let mut face = Vec::new();
                let mut e = (i, last);
                while face_of[e.0][usize::from(e.1)] == usize::MAX {
                    face_of[e.0][usize::from(e.1)] = faces.len();
                    face.push(e);
                    let arrived = (e.0, !e.1);
                    let fan = &fans[self.nodes[e.0][usize::from(!e.1)]];
                    let k = fan.iter().position(|f| *f == arrived)?;
                    // The next one clockwise from where we came: the leftmost turn.
                    e = fan[(k + fan.len() - 1) % fan.len()];
                }
                faces.push(face);
            }
        }
        let same = |i: &usize| part[*i] && face_of[*i][0] == face_of[*i][1];
        let bridges = (0..self.paths.len()).filter(same).collect();
        Some((faces, bridges))
    }

    /// The angle in which a path leaves an end, a little away from it so that tangent neighbours differ.
    fn heading(&self, (i, last): End) -> f64 {
        let run = &self.paths[i].segments;
        let (from, to) = if last {
            let s = &run[run.len() - 1];
            (s.b, s.at(0.9))
        } else {
            (run[0].a, run[0].at(0.1))
        };
        let d = to - from;
        libm::atan2(d.y, d.x)
    }
}

/// Moves the end of a segment to where the next one begins.
fn note(s: &mut Segment, to: Vec2, repairs: &mut Repairs) {
    let gap = s.b.dist(to);
    if gap > 0.0 {
        repairs.joined_ends += 1;
        repairs.largest_gap_mm = repairs.largest_gap_mm.max(gap);
    }
    s.b = to;
}
