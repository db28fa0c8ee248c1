//! Fields against geometry that is known, and against a plain minimum over many places of the tool.

use super::*;
use crate::tools::Profile;
use proptest::prelude::*;

fn tools() -> Vec<Profile> {
    vec![
        Profile::flat(3.0),
        Profile::ball(3.0),
        Profile::bull(3.0, 1.0),
        Profile::cone(3.0, 0.3, 30f64.to_radians()),
        Profile::tapered(3.0, 1.0, 15f64.to_radians()),
    ]
}

fn body(profile: Profile) -> Body {
    Body {
        profile,
        above: Vec::new(),
    }
}

fn block(cell: f64) -> Field {
    Field::filled([0.0; 3], [30.0, 20.0, 10.0], cell, 10.0)
}

#[test]
fn a_slot_has_the_volume_of_a_slot() {
    let mut field = block(0.02);
    assert!((field.volume() - 6000.0).abs() < 1e-6);
    let sweep = Sweep {
        from: [8.0, 10.0, 6.0],
        to: [20.0, 10.0, 6.0],
    };
    let bite = field.cut(&body(Profile::flat(3.0)), &[sweep])[0];
    let want = 4.0 * (12.0 * 6.0 + std::f64::consts::PI * 9.0);
    assert!(
        (bite.volume - want).abs() < 2e-3 * want,
        "{} for {want}",
        bite.volume
    );
    assert!((bite.depth - 4.0).abs() < 1e-6);
    assert!((6000.0 - field.volume() - bite.volume).abs() < 1e-3);
    // Again: nothing.
    assert_eq!(field.cut(&body(Profile::flat(3.0)), &[sweep])[0], Bite::NONE);
    // The floor, the wall and what is beyond.
    assert_eq!(field.at(14.0, 10.0), 6.0);
    assert_eq!(field.at(14.0, 12.95), 6.0);
    assert_eq!(field.at(14.0, 13.05), 10.0);
    assert_eq!(field.at(-1.0, 3.0), 0.0);
    assert_eq!(field.highest([14.0, 10.0], [15.0, 10.0], 2.9), 6.0);
    assert_eq!(field.highest([14.0, 10.0], [15.0, 10.0], 3.1), 10.0);
}

#[test]
fn a_ball_leaves_a_ball_and_a_groove() {
    let mut field = block(0.05);
    let sweeps = [
        Sweep {
            from: [10.0, 10.0, 20.0],
            to: [10.0, 10.0, 8.0],
        },
        Sweep {
            from: [10.0, 10.0, 8.0],
            to: [20.0, 10.0, 8.0],
        },
    ];
    field.cut(&body(Profile::ball(3.0)), &sweeps);
    for i in 0..field.size()[0] {
        for j in 0..field.size()[1] {
            let [x, y] = field.center(i, j);
            let off = if x < 10.0 { 10.0 - x } else { (x - 20.0).max(0.0) };
            let rho2 = off * off + (y - 10.0) * (y - 10.0);
            let want = if rho2 <= 9.0 {
                (8.0 + 3.0 - (9.0 - rho2).sqrt()).min(10.0)
            } else {
                10.0
            };
            assert!((field.height(i, j) - want).abs() < 1e-5, "{x} {y}");
        }
    }
}

#[test]
fn shanks_that_hit_and_moves_in_air() {
    let mut field = block(0.1);
    let tool = Body {
        profile: Profile::flat(1.0),
        above: vec![(4.0, 5.0)],
    };
    let sweep = |z: f64| Sweep {
        from: [10.0, 10.0, z],
        to: [14.0, 10.0, z],
    };
    let bites = field.cut(&tool, &[sweep(12.0), sweep(6.0), sweep(4.5)]);
    assert_eq!(bites[0], Bite::NONE);
    assert_eq!(bites[1].hit, 0.0);
    assert!((bites[2].hit - 0.5).abs() < 1e-6);
    let off = (bites[2].hit_at[1] - 10.0).abs();
    assert!(off < 4.0, "{off}");
}

#[test]
fn stocks_of_other_forms() {
    let mut setup = Setup {
        stock: crate::Stock {
            min: [0.0; 3],
            max: [20.0, 20.0, 10.0],
            shape: StockShape::Cylinder { radius: 10.0 },
        },
        fixtures: Vec::new(),
        safe: 1.0,
        clearance: 15.0,
        spoil: 0.0,
        tolerance: 0.01,
    };
    let bar = Field::of(&setup, 0.05).volume();
    assert!((bar - std::f64::consts::PI * 1000.0).abs() < 5.0, "{bar}");
    let wedge = [
        [[0.0, 0.0, 0.0], [20.0, 0.0, 10.0], [20.0, 20.0, 10.0]],
        [[0.0, 0.0, 0.0], [20.0, 20.0, 10.0], [0.0, 20.0, 0.0]],
    ];
    setup.stock.shape = StockShape::Mesh(Mesh {
        triangles: wedge.to_vec(),
    });
    let field = Field::of(&setup, 0.05);
    assert!((field.volume() - 2000.0).abs() < 1e-2);
    assert!((field.at(13.0, 4.0) - 6.5).abs() < 0.03);
    let solid = field.solid(100);
    assert!((solid.volume() - 2000.0).abs() < 20.0);
    assert!(solid.bounds().unwrap().1[2] < 10.01);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// Every column is as low as the lowest of many places of the tool, and not lower than the finest of them allow.
    #[test]
    fn envelopes_are_minima(
        a in prop::array::uniform3(2.0f64..18.0),
        b in prop::array::uniform3(2.0f64..18.0),
        tool in 0usize..5,
    ) {
        let p = tools()[tool];
        let mut field = Field::filled([0.0; 3], [20.0, 20.0, 10.0], 0.5, 10.0);
        let z = |v: f64| v * 0.4 + 1.0;
        let (a, b) = ([a[0], a[1], z(a[2])], [b[0], b[1], z(b[2])]);
        field.cut(&body(p), &[Sweep { from: a, to: b }]);
        let n = 4000;
        for i in 0..40 {
            for j in 0..40 {
                let [x, y] = field.center(i, j);
                let (mut low, mut near) = (10.0f64, f64::INFINITY);
                for k in 0..=n {
                    let t = f64::from(k) / f64::from(n);
                    let c: [f64; 3] = std::array::from_fn(|q| a[q] + (b[q] - a[q]) * t);
                    let rho = ((x - c[0]).powi(2) + (y - c[1]).powi(2)).sqrt();
                    near = near.min((rho - p.radius).abs());
                    if rho <= p.radius {
                        low = low.min(c[2] + p.height(rho));
                    }
                }
                let h = field.height(i, j);
                prop_assert!(h <= low + 1e-6, "{:?} at {} {}: {} above {}", p, x, y, h, low);
                // Places are up to 6 µm apart; a column at the very rim is between two of them.
                if near > 0.02 {
                    prop_assert!(h >= low - 0.02, "{:?} at {} {}: {} below {}", p, x, y, h, low);
                }
            }
        }
    }

    /// Cutting move by move, all at once, and skipping what lies behind come to the same field.
    #[test]
    fn joined_moves_leave_the_same(
        places in prop::collection::vec(prop::array::uniform3(0.0f64..20.0), 3..9),
        tool in 0usize..5,
    ) {
        let tool = body(tools()[tool]);
        let start = Field::filled([0.0; 3], [20.0, 20.0, 10.0], 0.3, 10.0);
        let sweeps: Vec<Sweep> = places
            .windows(2)
            .map(|w| {
                let at = |p: [f64; 3]| [p[0], p[1], (p[2] * 0.3).round() + 2.0];
                Sweep { from: at(w[0]), to: at(w[1]) }
            })
            .collect();
        let (mut one, mut all) = (start.clone(), start.clone());
        let bites = all.cut(&tool, &sweeps);
        for s in &sweeps {
            let probe = one.probe(&tool, s);
            let bite = one.cut(&tool, std::slice::from_ref(s))[0];
            prop_assert!((probe.depth - bite.depth).abs() < 1e-5);
            prop_assert!((probe.volume - bite.volume).abs() < 1e-3);
        }
        let gone: f64 = bites.iter().map(|b| b.volume).sum();
        prop_assert!((start.volume() - all.volume() - gone).abs() < 0.05);
        for i in 0..one.size()[0] {
            for j in 0..one.size()[1] {
                prop_assert!((one.height(i, j) - all.height(i, j)).abs() < 1e-5);
            }
        }
    }
}
