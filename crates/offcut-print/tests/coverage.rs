//! Where plastic lies and where it is missing: planned layers drawn into a bitmap.
#![allow(clippy::unwrap_used)]

use offcut_gcode::Role;
use offcut_geometry::{Ctx, Loops, Point, UNITS_PER_MM};
use offcut_print::regions::plan_layers;
use offcut_print::{Bead, BeadSet, Layer, LayerPlan};
use offcut_settings::PrintSettings;

/// Side of a pixel, mm.
const PIXEL: f64 = 0.05;
const HEIGHT: f64 = 0.2;

fn disc(r: f64) -> Vec<Point> {
    (0..256)
        .map(|i| {
            let a = std::f64::consts::TAU * f64::from(i) / 256.0;
            Point::from_mm(r * a.cos(), r * a.sin()).unwrap()
        })
        .collect()
}

fn planned(outlines: &[Loops], s: &PrintSettings) -> Vec<LayerPlan> {
    let layers: Vec<Layer> = (1..)
        .zip(outlines)
        .map(|(k, outline)| Layer {
            z: HEIGHT * f64::from(k),
            height: HEIGHT,
            outline: outline.clone(),
        })
        .collect();
    plan_layers(&layers, s, &Ctx::quiet()).unwrap()
}

/// A field of pixels around the origin.
struct Bitmap {
    side: usize,
    at: Vec<f32>,
}

impl Bitmap {
    fn new(reach: f64) -> Self {
        let side = (2.0 * reach / PIXEL) as usize;
        Self {
            side,
            at: vec![0.0; side * side],
        }
    }

    /// The middle of a pixel, mm.
    fn middle(&self, i: usize) -> (f64, f64) {
        let c = |k: usize| (k as f64 + 0.5 - self.side as f64 / 2.0) * PIXEL;
        (c(i % self.side), c(i / self.side))
    }

    fn index(&self, v: f64) -> usize {
        ((v / PIXEL + self.side as f64 / 2.0).max(0.0) as usize).min(self.side)
    }

    /// Marks every pixel whose middle lies within half a `width` of the segment.
    fn stroke(&mut self, a: (f64, f64), b: (f64, f64), width: f64) {
        let r = width / 2.0;
        let (d, len2) = ((b.0 - a.0, b.1 - a.1), (b.0 - a.0).powi(2) + (b.1 - a.1).powi(2));
        for y in self.index(a.1.min(b.1) - r)..(self.index(a.1.max(b.1) + r) + 1).min(self.side) {
            for x in self.index(a.0.min(b.0) - r)..(self.index(a.0.max(b.0) + r) + 1).min(self.side) {
                let i = y * self.side + x;
                let p = self.middle(i);
                let t = if len2 > 0.0 {
                    (((p.0 - a.0) * d.0 + (p.1 - a.1) * d.1) / len2).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let (ex, ey) = (p.0 - a.0 - t * d.0, p.1 - a.1 - t * d.1);
                if ex * ex + ey * ey <= r * r {
                    self.at[i] = 1.0;
                }
            }
        }
    }

    fn beads(&mut self, set: &BeadSet, wanted: impl Fn(&Bead) -> bool) {
        for b in set.beads.iter().filter(|b| wanted(b)) {
            let mut points: Vec<Point> = set.points_of(b).to_vec();
            if b.closed {
                points.push(points[0]);
            }
            for w in points.windows(2) {
                self.stroke(w[0].mm(), w[1].mm(), f64::from(b.width));
            }
        }
    }

    /// All that is solid of a layer.
    fn solid(plan: &LayerPlan, reach: f64) -> Self {
        let mut b = Self::new(reach);
        for island in &plan.islands {
            for set in [&island.perimeters, &island.gaps, &island.infill] {
                b.beads(set, |b| b.role != Role::SparseInfill);
            }
        }
        b
    }
}

/// The largest square, mm, that fits in pixels which `open` names.
fn largest_square(bitmap: &Bitmap, open: impl Fn(usize) -> bool) -> f64 {
    let n = bitmap.side;
    let mut size = vec![0u32; n * n];
    let mut most = 0;
    for i in 0..n * n {
        if open(i) {
            size[i] = 1 + if i % n == 0 || i < n {
                0
            } else {
                size[i - 1].min(size[i - n]).min(size[i - n - 1])
            };
            most = most.max(size[i]);
        }
    }
    f64::from(most) * PIXEL
}

#[test]
fn narrow_bands_of_a_shell_are_covered_all_around() {
    // A dome whose wall leans so that the fourth layer above lies 1.2 to 1.3 mm farther in: beside two
    // walls of 0.9 mm in all a narrow ring is left to the shell.
    let s = PrintSettings {
        perimeters: 2,
        top_solid_layers: 4,
        top_solid_min_thickness: 0.0,
        bottom_solid_layers: 0,
        bottom_solid_min_thickness: 0.0,
        ..PrintSettings::default()
    };
    let radii: Vec<f64> = (0..20).map(|k| 13.0 - 0.31 * f64::from(k)).collect();
    let outlines: Vec<Loops> = radii.iter().map(|&r| [disc(r)].into_iter().collect()).collect();
    let plans = planned(&outlines, &s);
    for k in 4..12 {
        let bitmap = Bitmap::solid(&plans[k], 14.0);
        let exposed = |i: usize| {
            let (x, y) = bitmap.middle(i);
            let r = x.hypot(y);
            r < radii[k] - 0.1 && r > radii[k + 4]
        };
        let all = (0..bitmap.at.len()).filter(|&i| exposed(i)).count();
        let bare = |i: usize| exposed(i) && bitmap.at[i] == 0.0;
        let open = (0..bitmap.at.len()).filter(|&i| bare(i)).count();
        let share = open as f64 / all as f64;
        assert!(share < 0.02, "layer {k}: {share}");
        let square = largest_square(&bitmap, bare);
        assert!(square < 0.35, "layer {k}: a square of {square} mm is open");
    }
}

#[test]
fn strokes_have_their_area() {
    // The tests above rest on this drawing.
    let mut b = Bitmap::new(2.0);
    b.stroke((-1.0, 0.0), (1.0, 0.0), 0.5);
    let area = b.at.iter().sum::<f32>() * (PIXEL * PIXEL) as f32;
    assert!((area - 1.196).abs() < 0.03, "{area}");
}

#[test]
fn a_gap_in_a_large_part_is_filled() {
    // A plate with an arm whose width takes two pairs of loops and a gap of 0.38 mm.
    let s = PrintSettings {
        perimeters: 3,
        ..PrintSettings::default()
    };
    let arm = 2.05;
    let outline: Vec<Point> = [
        (-60.0, -60.0),
        (-20.0, -60.0),
        (-20.0, 0.0),
        (-4.0, 0.0),
        (-4.0, arm),
        (-20.0, arm),
        (-20.0, 60.0),
        (-60.0, 60.0),
    ]
    .map(|(x, y)| Point::from_mm(x, y).unwrap())
    .to_vec();
    let outlines = vec![[outline].into_iter().collect::<Loops>(); 3];
    let bitmap = Bitmap::solid(&planned(&outlines, &s)[1], 22.0);
    let open = |i: usize| {
        let (x, y) = bitmap.middle(i);
        (-18.0..-4.1).contains(&x) && (0.1..arm - 0.1).contains(&y) && bitmap.at[i] == 0.0
    };
    let square = largest_square(&bitmap, open);
    assert!(square < 0.2, "a square of {square} mm is open");
}

#[test]
fn walls_along_the_lines_leave_no_strip_beside_them() {
    // A plate turned by 45°, its walls along the lines of solid infill: the last line lies anywhere up to a
    // line's distance away from them, as the size of the plate has it.
    let s = PrintSettings {
        perimeters: 2,
        ..PrintSettings::default()
    };
    for half in [6.0, 6.07, 6.14, 6.21, 6.27, 6.35] {
        let reach = half * std::f64::consts::SQRT_2;
        let diamond: Vec<Point> = [(reach, 0.0), (0.0, reach), (-reach, 0.0), (0.0, -reach)]
            .map(|(x, y)| Point::from_mm(x, y).unwrap())
            .to_vec();
        let outline: Loops = [diamond].into_iter().collect();
        let plans = planned(&vec![outline; 3], &s);
        for plan in &plans {
            let bitmap = Bitmap::solid(plan, reach + 1.0);
            let bare = |i: usize| {
                let (x, y) = bitmap.middle(i);
                x.abs() + y.abs() < reach - 0.15 && bitmap.at[i] == 0.0
            };
            let square = largest_square(&bitmap, bare);
            assert!(square < 0.2, "half a side of {half} mm: {square} mm is open");
        }
    }
}

#[test]
fn narrow_rests_between_walls_are_one_line_not_dashes() {
    // Between a hole and the border of a plate: two pairs of loops of 0.41 mm and a rest.
    let s = PrintSettings {
        perimeters: 2,
        ..PrintSettings::default()
    };
    for rest in [0.45, 0.57, 0.65, 0.73] {
        let side = 4.0 * 0.407 + rest;
        let plate = [(-20.0, -20.0), (20.0, -20.0), (20.0, 20.0), (-20.0, 20.0)];
        let hole = [
            (-8.0, -10.0),
            (-8.0, 20.0 - side),
            (8.0, 20.0 - side),
            (8.0, -10.0),
        ];
        let outline: Loops = [plate, hole]
            .map(|l| l.map(|(x, y)| Point::from_mm(x, y).unwrap()).to_vec())
            .into_iter()
            .collect();
        let plans = planned(&vec![outline; 3], &s);
        let between = |p: &Point| {
            let (x, y) = p.mm();
            x.abs() < 7.0 && y > 20.0 - side
        };
        for island in plans.iter().flat_map(|p| &p.islands) {
            let dashes = island.infill.points.iter().filter(|p| between(p)).count();
            assert_eq!(dashes, 0, "a rest of {rest} mm");
            let longest = island.gaps.beads.iter().map(|b| {
                let points = island.gaps.points_of(b);
                points.windows(2).map(|w| w[0].dist(w[1])).sum::<f64>() / UNITS_PER_MM
            });
            assert!(longest.fold(0.0, f64::max) > 14.0, "a rest of {rest} mm");
        }
    }
}
