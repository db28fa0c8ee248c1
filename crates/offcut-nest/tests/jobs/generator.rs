//! Random nesting jobs, the same for the same seed: parts with holes and notches, sheets of several kinds,
//! irregular ones with holes, defects and zones, distances, rotations, mirroring, grain, fillers.

use offcut_nest::rng::Rng;
use std::fmt::Write;

type Ring = Vec<[f64; 2]>;

/// One job as JSON.
pub fn job(seed: u64) -> String {
    let mut g = Generator(Rng::new(seed, 7));
    let items: Vec<String> = (0..1 + g.0.below(6)).map(|k| g.item(k)).collect();
    let mut out = format!(r#"{{"name": "job {seed}", "items": [{}]"#, items.join(","));
    for (key, least, most) in [
        ("spacing", 0.2, 3.0),
        ("margin", 0.2, 4.0),
        ("defect_margin", 0.0, 2.0),
    ] {
        if g.0.one_in(2) {
            let _ = write!(out, r#", "{key}": {:.2}"#, g.0.range(least, most));
        }
    }
    if g.0.one_in(4) {
        out.push_str(r#", "part_in_part": false"#);
    }
    if g.0.one_in(4) {
        let _ = write!(out, r#", "strip_height": {:.1}}}"#, g.0.range(60.0, 200.0));
    } else {
        let sheets: Vec<String> = (0..1 + g.0.below(3)).map(|k| g.sheet(k)).collect();
        let _ = write!(out, r#", "sheets": [{}]}}"#, sheets.join(","));
    }
    out
}

struct Generator(Rng);

impl Generator {
    /// Radii around a middle, with notches; on a grid of hundredths.
    fn star(&mut self, corners: usize, size: f64, rough: f64, at: [f64; 2]) -> Ring {
        (0..corners)
            .map(|k| {
                let a = k as f64 * std::f64::consts::TAU / corners as f64;
                let r = size * self.0.range(1.0 - rough, 1.0);
                let v = |x: f64| (100.0 * x).round() / 100.0;
                [v(at[0] + r * libm::cos(a)), v(at[1] + r * libm::sin(a))]
            })
            .collect()
    }

    fn rectangle(&mut self, at: [f64; 2], most: f64) -> Ring {
        let (w, h) = (self.0.range(0.2, 1.0) * most, self.0.range(0.2, 1.0) * most);
        let [x, y] = at;
        let v = |x: f64| (10.0 * x).round() / 10.0;
        let (w, h) = (v(w).max(0.1), v(h).max(0.1));
        vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
    }

    fn item(&mut self, id: usize) -> String {
        let size = self.0.range(4.0, 28.0);
        let at = [self.0.range(-50.0, 50.0), self.0.range(-50.0, 50.0)];
        let shape = match self.0.below(4) {
            0 => simple(&self.rectangle(at, 1.6 * size)),
            1 => {
                // A frame: no hole reaches beyond the least radius.
                let corners = 5 + self.0.below(8);
                let outer = self.star(corners, size, 0.2, at);
                let corners = 4 + self.0.below(4);
                let inner = self.star(corners, 0.6 * size, 0.3, at);
                with_holes(&outer, &[inner])
            }
            2 => {
                let corners = 3 + self.0.below(4);
                simple(&self.star(corners, size, 0.1, at))
            }
            _ => {
                let corners = 6 + self.0.below(12);
                simple(&self.star(corners, size, 0.75, at))
            }
        };
        let rotations = match self.0.below(6) {
            0 => "[]",
            1 => "[0, 180]",
            2 => "[0, 90, 180, 270]",
            3 => "[0, 30, 77.5]",
            4 => "null",
            _ => "[0, 45, 90, 135, 180, 225, 270, 315]",
        };
        let mut out = format!(
            r#"{{"id": "p{id}", "demand": {}, "shape": {shape}, "allowed_orientations": {rotations}"#,
            1 + self.0.below(6)
        );
        if self.0.one_in(3) {
            out.push_str(r#", "allow_mirror": true"#);
        }
        if self.0.one_in(4) {
            let _ = write!(out, r#", "min_quality": {}"#, self.0.below(3));
        }
        if self.0.one_in(5) {
            let _ = write!(out, r#", "grain": {}"#, [0, 90][self.0.below(2)]);
        }
        if self.0.one_in(4) {
            let _ = write!(out, r#", "priority": {}"#, self.0.below(3));
        }
        if id > 0 && self.0.one_in(6) {
            out.push_str(r#", "filler": true"#);
        }
        out.push('}');
        out
    }

    fn sheet(&mut self, id: usize) -> String {
        let size = self.0.range(40.0, 110.0);
        let at = [self.0.range(-100.0, 300.0), self.0.range(-100.0, 300.0)];
        let shape = match self.0.below(4) {
            0 => {
                let corners = 5 + self.0.below(6);
                let outer = self.star(corners, size, 0.35, at);
                let hole = self.star(5, 0.2 * size, 0.3, at);
                if self.0.one_in(2) {
                    with_holes(&outer, &[hole])
                } else {
                    simple(&outer)
                }
            }
            1 => {
                let [x, y] = at;
                let s = size;
                simple(&vec![
                    [x, y],
                    [x + 2.0 * s, y],
                    [x + 2.0 * s, y + 0.8 * s],
                    [x + 0.9 * s, y + 0.8 * s],
                    [x + 0.9 * s, y + 1.5 * s],
                    [x, y + 1.5 * s],
                ])
            }
            _ => simple(&self.rectangle(at, 2.0 * size)),
        };
        let stock = [-1, 1, 2, 5][self.0.below(4)];
        let mut out = format!(
            r#"{{"id": "s{id}", "stock": {stock}, "cost": {:.2}, "shape": {shape}"#,
            self.0.range(0.0, 3.0)
        );
        let near = |g: &mut Rng| {
            [
                at[0] + g.range(-0.3, 1.0) * size,
                at[1] + g.range(-0.3, 1.0) * size,
            ]
        };
        if self.0.one_in(2) {
            let spots: Vec<String> = (0..1 + self.0.below(2))
                .map(|_| {
                    let at = near(&mut self.0);
                    simple(&self.star(6, 0.08 * size, 0.4, at))
                })
                .collect();
            let _ = write!(out, r#", "defects": [{}]"#, spots.join(","));
        }
        if self.0.one_in(3) {
            let at = near(&mut self.0);
            let zone = simple(&self.rectangle(at, 0.5 * size));
            let quality = self.0.below(3);
            let _ = write!(out, r#", "zones": [{{"quality": {quality}, "shape": {zone}}}]"#);
        }
        if self.0.one_in(3) {
            let _ = write!(out, r#", "grain": {}"#, [0, 90][self.0.below(2)]);
        }
        out.push('}');
        out
    }
}

fn ring(r: &Ring) -> String {
    let points: Vec<String> = r.iter().map(|p| format!("[{:.4},{:.4}]", p[0], p[1])).collect();
    format!("[{}]", points.join(","))
}

fn simple(r: &Ring) -> String {
    format!(r#"{{"type": "simple_polygon", "data": {}}}"#, ring(r))
}

fn with_holes(outer: &Ring, holes: &[Ring]) -> String {
    let holes: Vec<String> = holes.iter().map(ring).collect();
    format!(
        r#"{{"type": "polygon", "data": {{"outer": {}, "inner": [{}]}}}}"#,
        ring(outer),
        holes.join(",")
    )
}
