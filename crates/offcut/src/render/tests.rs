//! Pictures of bodies whose outline is known.

use super::*;
use offcut_gcode::Role;
use offcut_mesh::Mesh;

fn ball(radius: f32) -> Mesh {
    let (rows, cols) = (48, 96);
    let at = |i: usize, j: usize| {
        let (a, b) = (
            std::f32::consts::PI * i as f32 / rows as f32,
            std::f32::consts::TAU * (j % cols) as f32 / cols as f32,
        );
        [
            radius * a.sin() * b.cos(),
            radius * a.sin() * b.sin(),
            radius - radius * a.cos(),
        ]
    };
    let mut m = Mesh::default();
    for i in 0..rows {
        for j in 0..cols {
            m.triangles.push([at(i, j), at(i + 1, j + 1), at(i + 1, j)]);
            m.triangles.push([at(i, j), at(i, j + 1), at(i + 1, j + 1)]);
        }
    }
    assert!(m.volume() > 0.0);
    m
}

fn covered(p: &Picture) -> f64 {
    p.rgba.chunks(4).map(|c| f64::from(c[3]) / 255.0).sum()
}

#[test]
fn a_ball_covers_a_disc() {
    let m = ball(10.0);
    for view in [
        View::ISOMETRIC,
        View {
            azimuth: 0.0,
            elevation: 90.0,
        },
        View {
            azimuth: 200.0,
            elevation: 5.0,
        },
    ] {
        let options = Options {
            width: 200,
            height: 300,
            view,
            ground: false,
            bed: None,
        };
        let body = Body {
            mesh: &m,
            offset: [40.0, 3.0, 0.0],
            color: [255, 128, 0],
        };
        let p = draw_models(&[body], &options).unwrap();
        let scale = 200.0 * 0.94 / 20.0;
        let disc = std::f64::consts::PI * (10.0_f64 * scale).powi(2);
        let got = covered(&p);
        assert!(
            (got / disc - 1.0).abs() < 0.01,
            "{view:?}: {got} pixels, a disc has {disc}"
        );
    }
}

fn line(role: Option<Role>, width: f32, points: &[[f32; 2]]) -> LayerStrokes {
    LayerStrokes {
        z: 0.2,
        height: 0.2,
        strokes: vec![Stroke {
            role,
            width,
            start: 0,
            end: points.len() as u32,
        }],
        points: points.to_vec(),
    }
}

#[test]
fn a_bead_is_as_wide_as_it_says() {
    let l = line(Some(Role::Perimeter), 2.0, &[[0.0, 0.0], [18.0, 0.0]]);
    let options = LayerOptions {
        width: 220,
        height: 220,
        legend: false,
        travels: false,
    };
    let p = draw_layer(&l, 1, &options).unwrap();
    let bright = |x: usize, y: usize| p.rgba[(y * 220 + x) * 4] > 120;
    let wide = (0..220).filter(|&y| bright(110, y)).count() as f32;
    let long = (0..220).filter(|&x| bright(x, 110)).count() as f32;
    assert!((long / wide - 10.0).abs() < 1.2, "{long} × {wide}");
}

#[test]
fn travels_alone_are_no_picture() {
    let l = line(None, 0.0, &[[0.0, 0.0], [9.0, 9.0]]);
    assert!(draw_layer(&l, 1, &LayerOptions::default()).is_err());
    assert!(layer_svg(&l, 1, true).is_err());
    assert!(draw_preview(&[l], &Options::default()).is_err());
    let huge = Options {
        width: MAX_SIDE + 1,
        ..Options::default()
    };
    let m = ball(1.0);
    assert!(
        draw_models(
            &[Body {
                mesh: &m,
                offset: [0.0; 3],
                color: [0; 3]
            }],
            &huge
        )
        .is_err()
    );
}

#[test]
fn svg_says_width_and_role() {
    let l = line(Some(Role::Bridge), 0.42, &[[1.0, 2.0], [3.0, 4.5]]);
    let svg = layer_svg(&l, 7, false).unwrap();
    assert!(svg.contains("class=\"Bridge infill\"") && svg.contains("stroke-width=\"0.420\""));
    assert!(svg.contains("M1.000 -2.000 3.000 -4.500"));
}
