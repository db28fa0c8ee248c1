//! A small program that uses every kind of step.
#![allow(dead_code)]

use offcut_gcode::program::{ArcMove, Extrusion, LayerMark, ObjectInstance, Program, Role, Step, Vertex};
use offcut_geometry::{Point, grid};
use offcut_settings::PrintSettings;

pub fn v(x: f64, y: f64, z: f64) -> Vertex {
    Vertex {
        x: grid(x),
        y: grid(y),
        z: grid(z),
    }
}

pub fn travel(p: &mut Program, to: &[Vertex]) {
    let path = p.add_path(to.iter().copied());
    p.steps.push(Step::Travel { path, speed: 150.0 });
}

pub fn extrude(p: &mut Program, role: Role, to: &[Vertex], speed: f32) {
    let path = p.add_path(to.iter().copied());
    let bead = Extrusion {
        role,
        mm3_per_mm: 0.09,
        width: 0.45,
        height: 0.2,
        speed,
    };
    p.steps.push(Step::Extrude { path, bead });
}

/// Two layers of two objects, with heaters, fans, retractions, a wipe, an arc and custom G-code.
pub fn sample() -> Program {
    let mut p = Program::default();
    for n in 0..2 {
        let o = 40.0 * f64::from(n);
        p.objects.push(ObjectInstance {
            name: "part a.stl".into(),
            object: 0,
            copy: n,
            hull: [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
                .iter()
                .map(|&(x, y)| Point::new(grid(x + 50.0 + o), grid(y + 50.0)))
                .collect(),
        });
    }
    p.steps.push(Step::Bed {
        celsius: 60,
        wait: false,
    });
    p.steps.push(Step::Hotend {
        celsius: 210,
        wait: true,
    });
    p.steps.push(Step::Custom("G28 ; home\nG1 Z5 F5000".into()));
    p.steps.push(Step::PressureAdvance(0.045));
    p.steps.push(Step::Fan(0.0));
    for layer in 0..2u32 {
        let z = 0.2 * f64::from(layer + 1);
        p.layers.push(LayerMark { z, height: 0.2 });
        p.steps.push(Step::Layer(layer));
        if layer == 1 {
            p.steps.push(Step::Custom("M117 layer 1".into()));
            p.steps.push(Step::Fan(50.0));
        }
        for n in 0..2u32 {
            let o = 50.0 + 40.0 * f64::from(n);
            p.steps.push(Step::ObjectStart(n));
            p.steps.push(Step::Acceleration(2000.0));
            travel(&mut p, &[v(o, 50.0, z)]);
            if layer + n > 0 {
                p.steps.push(Step::Unretract {
                    length: 0.8,
                    speed: 35.0,
                });
            }
            p.steps.push(Step::Acceleration(1000.0));
            extrude(
                &mut p,
                Role::ExternalPerimeter,
                &[v(o + 10.0, 50.0, z), v(o + 10.0, 60.0, z), v(o, 60.0, z)],
                30.0,
            );
            let end = p.vertices.len() as u32;
            extrude(&mut p, Role::ExternalPerimeter, &[v(o, 50.0, z)], 30.0);
            p.arcs.push(ArcMove {
                vertex: end,
                center: Point::new(grid(o), grid(55.0)),
                ccw: true,
            });
            extrude(&mut p, Role::SparseInfill, &[v(o + 5.0, 55.12345, z)], 80.123);
            p.steps.push(Step::Retract {
                length: 0.3,
                speed: 35.0,
            });
            let path = p.add_path([v(o + 3.0, 55.0, z)]);
            p.steps.push(Step::Wipe {
                path,
                speed: 100.0,
                length: 0.5,
            });
            p.steps.push(Step::ObjectEnd(n));
        }
    }
    p.steps.push(Step::Fan(0.0));
    p.steps.push(Step::Custom("M104 S0\nM140 S0\nM84".into()));
    p
}

pub fn settings() -> PrintSettings {
    PrintSettings {
        emit_machine_limits: true,
        ..PrintSettings::default()
    }
}
