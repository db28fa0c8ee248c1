//! Which faces meet at which edge.
//!
//! In: the faces of an indexed mesh. Out: every edge with its uses, sorted. Promised: linear but for vertices
//! with very many edges; no hashing; the same on any number of threads. Takes up to 2³⁰ faces.

/// One use of an edge by a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    /// The face.
    pub face: u32,
    /// Whether the face goes from the lower to the higher vertex.
    pub upward: bool,
}

/// An edge and the faces that meet at it, in ascending order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge<'a> {
    low: u32,
    keys: &'a [u64],
}

impl<'a> Edge<'a> {
    /// Lower and higher vertex.
    pub(crate) fn ends(&self) -> (u32, u32) {
        (self.low, self.keys.first().map_or(self.low, |k| (k >> 32) as u32))
    }

    /// How many faces meet.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The uses, by face.
    pub(crate) fn uses(&self) -> impl Iterator<Item = Use> + use<'a> {
        self.keys.iter().map(|k| Use {
            face: (*k as u32) >> 1,
            upward: k & 1 == 1,
        })
    }

    /// How many faces go from the lower to the higher vertex.
    pub(crate) fn upward(&self) -> usize {
        self.keys.iter().filter(|k| *k & 1 == 1).count()
    }

    /// The first face beside each of the others.
    pub(crate) fn neighbours(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        let first = self.uses().next().map_or(0, |u| u.face);
        self.uses().skip(1).map(move |u| (first, u.face))
    }

    /// Whether two faces meet that go opposite ways, as everywhere in a sound mesh.
    fn is_regular(&self) -> bool {
        self.len() == 2 && self.upward() == 1
    }
}

/// All edges between distinct vertices.
#[derive(Debug, Default)]
pub(crate) struct Edges {
    /// By lower vertex, `share` vertices each.
    parts: Vec<Part>,
    share: usize,
    /// The ends of the edges that aren't two faces' which go opposite ways, in ascending order.
    irregular: Vec<(u32, u32)>,
}

/// The edges of some vertices to higher ones.
#[derive(Debug, Default)]
struct Part {
    first: u32,
    /// Where each vertex' keys begin; one more than vertices.
    begins: Vec<u32>,
    /// A use in one number that sorts as it: higher vertex, face, direction.
    keys: Vec<u64>,
}

/// A face's edges: lower vertex and key.
fn keyed(face: usize, f: &[u32; 3]) -> impl Iterator<Item = (u32, u64)> + use<> {
    let edges = [(f[0], f[1]), (f[1], f[2]), (f[2], f[0])];
    edges.into_iter().filter(|(a, b)| a != b).map(move |(a, b)| {
        let key = u64::from(a.max(b)) << 32 | (face as u64) << 1 | u64::from(a < b);
        (a.min(b), key)
    })
}

impl Part {
    fn of(faces: &[[u32; 3]], first: usize, count: usize) -> Self {
        let mine = |v: u32| (v as usize).wrapping_sub(first);
        let mut begins = vec![0u32; count + 1];
        for f in faces {
            for (low, _) in keyed(0, f).filter(|(low, _)| mine(*low) < count) {
                begins[mine(low) + 1] += 1;
            }
        }
        for i in 1..begins.len() {
            begins[i] += begins[i - 1];
        }
        let mut keys = vec![0u64; begins[count] as usize];
        let mut next = begins.clone();
        for (i, f) in faces.iter().enumerate() {
            for (low, key) in keyed(i, f).filter(|(low, _)| mine(*low) < count) {
                let slot = &mut next[mine(low)];
                keys[*slot as usize] = key;
                *slot += 1;
            }
        }
        for pair in begins.windows(2) {
            keys[pair[0] as usize..pair[1] as usize].sort_unstable();
        }
        Self {
            first: first as u32,
            begins,
            keys,
        }
    }

    /// The keys of one vertex.
    fn at(&self, low: u32) -> &[u64] {
        let i = (low - self.first) as usize;
        &self.keys[self.begins[i] as usize..self.begins[i + 1] as usize]
    }

    fn edges(&self) -> impl Iterator<Item = Edge<'_>> {
        (self.first..)
            .zip(self.begins.windows(2))
            .flat_map(|(low, pair)| {
                let keys = &self.keys[pair[0] as usize..pair[1] as usize];
                keys.chunk_by(|a, b| a >> 32 == b >> 32)
                    .map(move |keys| Edge { low, keys })
            })
    }

    /// Takes more keys, which are sorted.
    fn extend(&mut self, new: &[(u32, u64)]) {
        let mut keys = Vec::with_capacity(self.keys.len() + new.len());
        let mut done = 0;
        for (low, key) in new {
            let begin = self.begins[(low - self.first) as usize] as usize;
            let at = begin + self.at(*low).partition_point(|k| k < key);
            keys.extend_from_slice(&self.keys[done..at]);
            keys.push(*key);
            done = at;
        }
        keys.extend_from_slice(&self.keys[done..]);
        self.keys = keys;
        let mut more = new.iter().peekable();
        let mut added = 0;
        for (low, begin) in (self.first..).zip(&mut self.begins) {
            while more.next_if(|n| n.0 < low).is_some() {
                added += 1;
            }
            *begin += added;
        }
    }
}

impl Edges {
    /// The edges of some faces.
    pub(crate) fn of(faces: &[[u32; 3]]) -> Self {
        let vertices = faces.iter().flatten().max().map_or(0, |v| *v as usize + 1);
        // Each part reads all faces, so there are as many as threads.
        let share = if faces.len() < SMALL {
            vertices
        } else {
            vertices.div_ceil(threads())
        }
        .max(1);
        let firsts: Vec<usize> = (0..vertices).step_by(share).collect();
        let made = in_order(firsts, |first| {
            let part = Part::of(faces, first, share.min(vertices - first));
            let irregular = part.edges().filter(|e| !e.is_regular()).map(|e| e.ends());
            let irregular: Vec<(u32, u32)> = irregular.collect();
            (part, irregular)
        });
        let (parts, irregular): (Vec<Part>, Vec<_>) = made.into_iter().unzip();
        Self {
            parts,
            share,
            irregular: irregular.concat(),
        }
    }

    /// Takes the edges of the faces from a number on, which are between vertices that it knows.
    pub(crate) fn extend(&mut self, faces: &[[u32; 3]], from: usize) {
        let new = faces.iter().enumerate().skip(from).flat_map(|(i, f)| keyed(i, f));
        let mut new: Vec<(u32, u64)> = new.collect();
        new.sort_unstable();
        self.irregular
            .extend(new.iter().map(|(low, key)| (*low, (key >> 32) as u32)));
        self.irregular.sort_unstable();
        self.irregular.dedup();
        let mut rest = &new[..];
        for part in &mut self.parts {
            let end = part.first + (part.begins.len() - 1) as u32;
            let (mine, others) = rest.split_at(rest.partition_point(|n| n.0 < end));
            if !mine.is_empty() {
                part.extend(mine);
            }
            rest = others;
        }
        let candidates = std::mem::take(&mut self.irregular);
        self.irregular = candidates
            .into_iter()
            .filter(|ends| !self.at(*ends).is_regular())
            .collect();
    }

    /// All edges in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Edge<'_>> {
        self.parts.iter().flat_map(Part::edges)
    }

    /// The edges that aren't two faces' which go opposite ways, in ascending order.
    pub(crate) fn irregular(&self) -> impl Iterator<Item = Edge<'_>> {
        self.irregular.iter().map(|ends| self.at(*ends))
    }

    /// The edge between two vertices, the lower first; without uses when there is none.
    pub(crate) fn at(&self, ends: (u32, u32)) -> Edge<'_> {
        let all = self.parts[ends.0 as usize / self.share].at(ends.0);
        let begin = all.partition_point(|k| ((k >> 32) as u32) < ends.1);
        let end = all.partition_point(|k| (k >> 32) as u32 <= ends.1);
        Edge {
            low: ends.0,
            keys: &all[begin..end],
        }
    }
}

/// Fewer faces aren't worth a second reading.
const SMALL: usize = 10_000;

#[cfg(feature = "parallel")]
fn threads() -> usize {
    rayon::current_num_threads()
}

#[cfg(not(feature = "parallel"))]
fn threads() -> usize {
    1
}

fn in_order<T: Send>(firsts: Vec<usize>, f: impl Fn(usize) -> T + Send + Sync) -> Vec<T> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        firsts.into_par_iter().map(f).collect()
    }
    #[cfg(not(feature = "parallel"))]
    {
        firsts.into_iter().map(f).collect()
    }
}

/// Sets that merge, each known by its lowest member.
#[derive(Debug, Clone)]
pub(crate) struct Union(Vec<u32>);

impl Union {
    pub(crate) fn new(n: usize) -> Self {
        Self((0..n as u32).collect())
    }

    pub(crate) fn find(&mut self, mut i: u32) -> u32 {
        while self.0[i as usize] != i {
            self.0[i as usize] = self.0[self.0[i as usize] as usize];
            i = self.0[i as usize];
        }
        i
    }

    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b) as usize] = a.min(b);
    }

    /// Takes more members, each a set of its own, until there are `n`.
    pub(crate) fn grow(&mut self, n: usize) {
        self.0.extend(self.0.len() as u32..n as u32);
    }

    /// The number of each member's set, counted from 0 by lowest member, and how many there are.
    pub(crate) fn numbered(&mut self) -> (Vec<u32>, usize) {
        let mut numbers = vec![0u32; self.0.len()];
        let mut count = 0;
        for i in 0..self.0.len() as u32 {
            let root = self.find(i);
            if root == i {
                numbers[i as usize] = count;
                count += 1;
            } else {
                numbers[i as usize] = numbers[root as usize];
            }
        }
        (numbers, count as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lower end, higher end, face, upward: one for each use.
    fn listed(edges: &Edges) -> Vec<(u32, u32, u32, bool)> {
        let uses = |e: Edge<'_>| {
            let (low, high) = e.ends();
            e.uses()
                .map(move |u| (low, high, u.face, u.upward))
                .collect::<Vec<_>>()
        };
        edges.iter().flat_map(uses).collect()
    }

    proptest! {
        #[test]
        fn every_edge_is_there_however_the_faces_come(
            faces in prop::collection::vec(prop::array::uniform3(0u32..9), 1..40),
            from in 0usize..40,
        ) {
            let mut expected = Vec::new();
            for (i, f) in faces.iter().enumerate() {
                for (a, b) in [(f[0], f[1]), (f[1], f[2]), (f[2], f[0])] {
                    if a != b {
                        expected.push((a.min(b), a.max(b), i as u32, a < b));
                    }
                }
            }
            expected.sort_unstable();
            let whole = Edges::of(&faces);
            prop_assert_eq!(listed(&whole), expected.clone());
            let odd = expected.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|c| c.len() != 2 || c[0].3 == c[1].3);
            let odd: Vec<(u32, u32)> = odd.map(|c| (c[0].0, c[0].1)).collect();
            let irregular: Vec<_> = whole.irregular().map(|e| e.ends()).collect();
            prop_assert_eq!(irregular, odd.clone());
            // The first faces know all vertices.
            let from = from.min(faces.len() - 1);
            let most = faces.iter().flatten().max().copied().unwrap_or(0);
            let mut grown: Vec<[u32; 3]> = faces[..from].to_vec();
            grown.push([most; 3]);
            let mut edges = Edges::of(&grown);
            grown.pop();
            grown.extend(&faces[from..]);
            edges.extend(&grown, from);
            prop_assert_eq!(listed(&edges), expected);
            prop_assert_eq!(edges.irregular().map(|e| e.ends()).collect::<Vec<_>>(), odd);
        }
    }
}
