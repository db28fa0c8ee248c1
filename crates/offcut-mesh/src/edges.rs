//! Which faces meet at which edge.
//!
//! In: the faces of an indexed mesh. Out: every edge with its uses, sorted. Promised: linear but for vertices
//! with very many edges; no hashing. Takes up to 2³¹ faces.

/// One use of an edge by a face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Use {
    /// Lower and higher vertex of the edge.
    pub edge: (u32, u32),
    /// The face.
    pub face: u32,
    /// Whether the face goes from the lower to the higher vertex.
    pub upward: bool,
}

/// All uses of all edges between distinct vertices, sorted by edge, then by face.
pub(crate) fn uses(faces: &[[u32; 3]]) -> Vec<Use> {
    let vertices = faces.iter().flatten().max().map_or(0, |v| *v as usize + 1);
    let edges = |f: &[u32; 3]| [(f[0], f[1]), (f[1], f[2]), (f[2], f[0])];
    // Counted by lower vertex; what is left to sort are the few edges of one vertex.
    let mut begins = vec![0u32; vertices + 1];
    for (a, b) in faces.iter().flat_map(edges).filter(|(a, b)| a != b) {
        begins[a.min(b) as usize + 1] += 1;
    }
    for i in 1..begins.len() {
        begins[i] += begins[i - 1];
    }
    // The rest of a use in one number that sorts as it: higher vertex, face, direction.
    let mut keys = vec![0u64; begins[vertices] as usize];
    let mut next = begins.clone();
    for (face, f) in faces.iter().enumerate() {
        for (a, b) in edges(f).into_iter().filter(|(a, b)| a != b) {
            let slot = &mut next[a.min(b) as usize];
            keys[*slot as usize] = u64::from(a.max(b)) << 32 | (face as u64) << 1 | u64::from(a < b);
            *slot += 1;
        }
    }
    let mut all = Vec::with_capacity(keys.len());
    for (low, pair) in begins.windows(2).enumerate() {
        let mine = &mut keys[pair[0] as usize..pair[1] as usize];
        mine.sort_unstable();
        all.extend(mine.iter().map(|k| Use {
            edge: (low as u32, (k >> 32) as u32),
            face: (*k as u32) >> 1,
            upward: k & 1 == 1,
        }));
    }
    all
}

/// The uses edge by edge.
pub(crate) fn by_edge(uses: &[Use]) -> impl Iterator<Item = &[Use]> {
    uses.chunk_by(|a, b| a.edge == b.edge)
}

/// Sets that merge, each known by its lowest member.
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

    /// The number of each member's set, counted from 0 by lowest member, and how many there are.
    pub(crate) fn numbered(mut self) -> (Vec<u32>, usize) {
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
