//! What was written wrong is found.
#![allow(clippy::unwrap_used)]

use super::super::emit::Emitter;
use super::super::{Carry, Chunk, Machine};
use super::compare;
use crate::program::{Coolant, Cut, CutRole, DrillCycle, Program, Step, ToolMark, Vertex};
use offcut_geometry::{Point, grid};
use offcut_settings::CncFlavor;

fn v(x: f64, z: f64) -> Vertex {
    Vertex::new(Point::new(grid(x), 0), grid(z))
}

fn program() -> Program {
    let mut p = Program::default();
    for number in [3, 5] {
        p.tools.push(ToolMark {
            number,
            name: "flat".into(),
            diameter: 3.0,
        });
    }
    p.steps = vec![
        Step::Tool(0),
        Step::Spindle {
            rpm: 9000.0,
            ccw: false,
        },
        Step::Coolant(Coolant::Mist),
        Step::Dwell(1.5),
    ];
    let path = p.add_path([v(1.0, 5.0)]);
    p.steps.push(Step::Travel { path, speed: 50.0 });
    let path = p.add_path([v(9.0, -1.0)]);
    let cut = Cut {
        role: CutRole::Cut,
        feed: 10.0,
        power: 0.0,
    };
    p.steps.push(Step::Cut { path, cut });
    let at = p.add_path([v(20.0, 5.0)]);
    let cycle = DrillCycle {
        retract: grid(2.0),
        bottom: grid(-3.0),
        peck: 0,
        chip_break: false,
        dwell: 0.25,
        feed: 2.0,
    };
    p.steps.push(Step::Cycle { at, cycle });
    p.steps.push(Step::Tool(1));
    p.steps.push(Step::Spindle {
        rpm: 4000.0,
        ccw: true,
    });
    let path = p.add_path([v(0.0, 5.0)]);
    p.steps.push(Step::Travel { path, speed: 50.0 });
    p.steps.push(Step::Coolant(Coolant::Off));
    p
}

fn check(flavor: CncFlavor, change: impl Fn(String) -> String) -> Result<(), String> {
    let p = program();
    let m = Machine {
        flavor,
        laser: false,
        z_axis: true,
        changer: flavor == CncFlavor::Linuxcnc,
        ..Machine::default()
    };
    let chunk = Chunk {
        steps: 0..p.steps.len(),
        carry: Carry::default(),
    };
    let mut e = Emitter::new(&p, &m, chunk.carry, Vec::new());
    e.steps(chunk.steps.clone()).unwrap();
    let text = change(String::from_utf8(e.finish()).unwrap());
    compare(&p, &m, &chunk, text.as_bytes()).map_err(|e| e.to_string())
}

#[test]
fn waits_coolant_tools_and_turns_are_compared() {
    for flavor in CncFlavor::ALL {
        check(*flavor, |t| t).unwrap();
    }
    for (from, to) in [
        ("S9000", "S900"),
        ("M4 S4000", "M3 S4000"),
        ("G4 P1.5", "G4 P15"),
        ("G4 P1.5\n", ""),
        ("M7\n", ""),
        ("M7\n", "M8\n"),
        ("M9\n", ""),
        ("T5 M6", "T4 M6"),
        ("T5 M6\n", ""),
        ("G80\n", "G80\nM0\n"),
        ("P0.25", "P0.5"),
        ("G82", "G81"),
    ] {
        let changed = check(CncFlavor::Linuxcnc, |t| {
            assert!(t.contains(from), "{from} in {t}");
            t.replacen(from, to, 1)
        });
        assert!(changed.is_err(), "{from} became {to} unseen");
    }
    for (from, to) in [("M0\n", ""), ("G4 P0.25\n", ""), ("M9\n", "M9\nM8\n")] {
        let changed = check(CncFlavor::Grbl, |t| {
            assert!(t.contains(from), "{from} in {t}");
            t.replacen(from, to, 1)
        });
        assert!(changed.is_err(), "{from} became {to} unseen");
    }
    let fan = |t: String| t.replacen("SET_PIN PIN=mist VALUE=1", "SET_PIN PIN=air VALUE=1", 1);
    assert!(check(CncFlavor::Klipper, fan).is_err());
}
