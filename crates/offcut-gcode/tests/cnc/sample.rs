//! Small programs that use everything.

use offcut_gcode::Program;
use offcut_gcode::cnc::{Machine, dialect};
use offcut_gcode::program::{ArcMove, Beam, Coolant, Cut, CutRole, DrillCycle, Step, ToolMark, Vertex};
use offcut_geometry::{Point, grid};
use offcut_settings::CncFlavor;

pub fn machine(flavor: CncFlavor, laser: bool) -> Machine {
    let d = dialect(flavor);
    Machine {
        flavor,
        laser,
        s_max: d.s_max,
        room: [[0.0, 0.0, -20.0], [400.0, 400.0, 30.0]],
        z_axis: !laser,
        arcs: d.arcs,
        ..Machine::default()
    }
}

pub fn v(x: f64, y: f64, z: f64) -> Vertex {
    Vertex::new(Point::new(grid(x), grid(y)), grid(z))
}

pub fn cut(role: CutRole, feed: f32, power: f32) -> Cut {
    Cut { role, feed, power }
}

pub fn travel(p: &mut Program, x: f64, y: f64, z: f64) {
    let path = p.add_path([v(x, y, z)]);
    p.steps.push(Step::Travel { path, speed: 100.0 });
}

fn arc(p: &mut Program, center: (f64, f64), ccw: bool) {
    p.arcs.push(ArcMove {
        vertex: p.vertices.len() as u32 - 1,
        center: Point::new(grid(center.0), grid(center.1)),
        ccw,
    });
}

/// A square with a rounded corner, a full circle, a score at less power, a line of a picture.
pub fn laser() -> Program {
    let mut p = Program::default();
    p.steps.push(Step::Coolant(Coolant::Air));
    p.steps.push(Step::Beam(Beam::Dynamic));
    travel(&mut p, 10.0, 10.0, 0.0);
    let path = p.add_path([v(30.0, 10.0, 0.0), v(30.0, 25.0, 0.0), v(25.0, 30.0, 0.0)]);
    arc(&mut p, (25.0, 25.0), true);
    p.add_path([v(10.0, 30.0, 0.0), v(10.0, 10.0, 0.0)]);
    let path = offcut_gcode::program::Path {
        start: path.start,
        end: p.vertices.len() as u32,
    };
    let how = cut(CutRole::Cut, 10.0, 0.8);
    p.steps.push(Step::Cut { path, cut: how });
    p.steps.push(Step::Beam(Beam::Constant));
    travel(&mut p, 60.0, 20.0, 0.0);
    let path = p.add_path([v(60.0, 20.0, 0.0)]);
    arc(&mut p, (50.0, 20.0), false);
    p.steps.push(Step::Cut { path, cut: how });
    travel(&mut p, 100.0, 20.0, 0.0);
    let path = p.add_path([v(120.0, 20.0005, 0.0)]);
    p.steps.push(Step::Cut {
        path,
        cut: cut(CutRole::Score, 25.5, 0.125),
    });
    p.steps.push(Step::Dwell(0.25));
    p.steps.push(Step::Comment("a picture\nof (two) lines".into()));
    for (k, powers) in [[0, 32_768, 65_535, 0], [0, 1, 40_000, 0]].iter().enumerate() {
        let y = 50.0 + 0.1 * k as f64;
        travel(&mut p, 10.0, y, 0.0);
        let path = p.add_path([12.0, 12.5, 13.0, 15.0].map(|x| v(x, y, 0.0)));
        let first = p.powers.len() as u32;
        p.powers.extend_from_slice(powers);
        p.steps.push(Step::Raster {
            path,
            powers: first,
            feed: 50.0,
        });
    }
    p.steps.push(Step::Coolant(Coolant::Off));
    p.steps.push(Step::Beam(Beam::Off));
    travel(&mut p, 0.0, 0.0, 0.0);
    p
}

pub const DRILLING: [DrillCycle; 4] = {
    let plain = DrillCycle {
        retract: 200_000,
        bottom: -500_000,
        peck: 0,
        chip_break: false,
        dwell: 0.0,
        feed: 2.5,
    };
    [
        plain,
        DrillCycle { dwell: 0.5, ..plain },
        DrillCycle {
            peck: 200_000,
            ..plain
        },
        DrillCycle {
            peck: 200_000,
            chip_break: true,
            ..plain
        },
    ]
};

/// A pocket's helix, a contour, drilling in all ways, two tools.
pub fn mill() -> Program {
    let mut p = Program {
        tools: vec![
            ToolMark {
                number: 1,
                name: "end mill 6 mm".into(),
                diameter: 6.0,
            },
            ToolMark {
                number: 5,
                name: "drill (HSS)".into(),
                diameter: 3.3,
            },
        ],
        ..Program::default()
    };
    p.steps.push(Step::Tool(0));
    p.steps.push(Step::Spindle {
        rpm: 12_000.0,
        ccw: false,
    });
    p.steps.push(Step::Coolant(Coolant::Mist));
    p.steps.push(Step::Dwell(2.0));
    p.steps.push(Step::Height {
        z: grid(15.0),
        speed: 20.0,
    });
    travel(&mut p, 50.0, 40.0, 15.0);
    travel(&mut p, 50.0, 40.0, 1.0);
    let path = p.add_path([v(50.0, 40.0, -1.0)]);
    arc(&mut p, (40.0, 40.0), true);
    p.steps.push(Step::Cut {
        path,
        cut: cut(CutRole::Ramp, 5.0, 1.0),
    });
    let path = p.add_path([v(30.0, 40.0, -1.0)]);
    arc(&mut p, (40.0, 40.0), true);
    p.steps.push(Step::Cut {
        path,
        cut: cut(CutRole::Finish, 15.0, 1.0),
    });
    travel(&mut p, 30.0, 40.0, 15.0);
    p.steps.push(Step::Spindle { rpm: 0.0, ccw: false });
    p.steps.push(Step::Tool(1));
    p.steps.push(Step::Spindle {
        rpm: 3000.0,
        ccw: false,
    });
    for (k, cycle) in DRILLING.into_iter().enumerate() {
        let y = 10.0 + 10.0 * k as f64;
        let at = p.add_path([v(100.0, y, 10.0), v(110.0, y, 10.0)]);
        p.steps.push(Step::Cycle { at, cycle });
    }
    p.steps.push(Step::Coolant(Coolant::Off));
    p.steps.push(Step::Spindle { rpm: 0.0, ccw: false });
    travel(&mut p, 0.0, 0.0, 15.0);
    p
}
