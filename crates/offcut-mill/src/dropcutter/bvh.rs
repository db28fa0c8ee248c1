//! A tree of boxes over triangles, four children a node.
//!
//! In: indexed triangles. Out: nodes, and the triangles in the order of the tree's leaves. Promised: a child's box
//! holds its triangles after rounding to `f32`; depth is at most log₂ of the count plus one.

use offcut_mesh::Indexed;

/// Marks a child that is a triangle, not a node.
pub(crate) const LEAF: u32 = 1 << 31;
/// No child.
pub(crate) const EMPTY: u32 = u32::MAX;

/// Four children side by side; coordinates relative to the middle of the mesh, rounded outwards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub min_x: [f32; 4],
    pub max_x: [f32; 4],
    pub min_y: [f32; 4],
    pub max_y: [f32; 4],
    /// Highest point.
    pub top: [f32; 4],
    /// Index of a node, or [`LEAF`] and the index of a triangle, or [`EMPTY`].
    pub child: [u32; 4],
}

struct Item {
    face: u32,
    min: [f32; 3],
    max: [f32; 3],
}

impl Item {
    fn middle(&self, axis: usize) -> f32 {
        self.min[axis] + self.max[axis]
    }
}

/// Builds the tree over the faces `used`.
pub(crate) fn build(mesh: &Indexed, used: Vec<u32>, center: [f64; 3]) -> (Vec<Node>, Vec<u32>) {
    let mut items: Vec<Item> = used
        .into_iter()
        .map(|face| {
            let t = mesh.triangle(&mesh.faces[face as usize]);
            let (mut min, mut max) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
            for k in 0..3 {
                for corner in &t {
                    let v = f64::from(corner[k]) - center[k];
                    min[k] = min[k].min((v as f32).next_down());
                    max[k] = max[k].max((v as f32).next_up());
                }
            }
            Item { face, min, max }
        })
        .collect();
    let mut nodes = Vec::with_capacity(items.len() / 2 + 1);
    split_four(&mut items, 0, &mut nodes);
    (nodes, items.into_iter().map(|i| i.face).collect())
}

/// Makes the node of some items, the first of which has index `base`.
fn split_four(items: &mut [Item], base: u32, nodes: &mut Vec<Node>) -> u32 {
    let index = nodes.len();
    nodes.push(Node {
        min_x: [f32::INFINITY; 4],
        max_x: [f32::NEG_INFINITY; 4],
        min_y: [f32::INFINITY; 4],
        max_y: [f32::NEG_INFINITY; 4],
        top: [f32::NEG_INFINITY; 4],
        child: [EMPTY; 4],
    });
    let half = halve(items);
    let quarter = halve(&mut items[..half]);
    let three = half + halve(&mut items[half..]);
    for (k, (from, to)) in [(0, quarter), (quarter, half), (half, three), (three, items.len())]
        .into_iter()
        .enumerate()
    {
        let part = &mut items[from..to];
        if part.is_empty() {
            continue;
        }
        let node = &mut nodes[index];
        for i in part.iter() {
            node.min_x[k] = node.min_x[k].min(i.min[0]);
            node.max_x[k] = node.max_x[k].max(i.max[0]);
            node.min_y[k] = node.min_y[k].min(i.min[1]);
            node.max_y[k] = node.max_y[k].max(i.max[1]);
            node.top[k] = node.top[k].max(i.max[2]);
        }
        let first = base + from as u32;
        let child = if part.len() == 1 {
            LEAF | first
        } else {
            split_four(part, first, nodes)
        };
        nodes[index].child[k] = child;
    }
    index as u32
}

/// Parts items by the median along the axis on which their middles spread most; returns where.
fn halve(items: &mut [Item]) -> usize {
    let half = items.len().div_ceil(2);
    if half == items.len() {
        return half;
    }
    let mut spread = [0.0; 3];
    for (axis, spread) in spread.iter_mut().enumerate() {
        let (mut lo, mut hi) = (f32::INFINITY, f32::NEG_INFINITY);
        for i in items.iter() {
            lo = lo.min(i.middle(axis));
            hi = hi.max(i.middle(axis));
        }
        *spread = hi - lo;
    }
    let axis = (0..3).fold(0, |a, b| if spread[b] > spread[a] { b } else { a });
    items.select_nth_unstable_by(half, |a, b| {
        a.middle(axis)
            .total_cmp(&b.middle(axis))
            .then(a.face.cmp(&b.face))
    });
    half
}
