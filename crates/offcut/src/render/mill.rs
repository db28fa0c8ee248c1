//! Stock after milling: what was cut is paler than what was not touched; ways of tools as lines over it.

use super::camera::Camera;
use super::frame::{Frame, Picture, SAMPLES};
use super::scene::{Body, Ground, Light, Options, check_size, draw_mesh};
use offcut_mesh::Mesh;

/// A straight piece of a way, mm.
pub type Piece = [[f32; 3]; 2];

/// The ways of tools.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ways {
    /// At feed, level or upwards.
    pub cuts: Vec<Piece>,
    /// At feed, downwards.
    pub plunges: Vec<Piece>,
    /// G0.
    pub rapids: Vec<Piece>,
}

const UNTOUCHED: [u8; 3] = [196, 148, 96];
const CUT: [u8; 3] = [233, 205, 160];
const CUTS: [u8; 3] = [24, 92, 180];
const PLUNGES: [u8; 3] = [226, 120, 10];
const RAPIDS: [u8; 3] = [205, 50, 60];
/// Lines lie so far before what is behind them, mm: a tool runs on the surface that it leaves.
const BEFORE: f32 = 0.35;

/// Draws a stock that stands on the ground, with the ways over it; `top` is where it ended before the job, mm.
///
/// # Errors
/// When there is nothing to draw or the size is impossible.
pub fn draw_stock(stock: &Mesh, top: f32, ways: &Ways, options: &Options) -> Result<Picture, crate::Error> {
    let size = check_size(options.width, options.height)?;
    let Some((lo, hi)) = stock.bounds() else {
        return Err(crate::Error::Render("there is nothing to draw".into()));
    };
    let up = -lo[2];
    let raised = |p: [f32; 3]| [p[0], p[1], p[2] + up];
    let all = [&ways.cuts, &ways.plunges, &ways.rapids];
    let camera = Camera::fit(options.view, size, 0.06, |see| {
        for k in 0..8 {
            let pick = |bit: usize, axis: usize| if k >> bit & 1 == 0 { lo[axis] } else { hi[axis] };
            see.add(raised([pick(0, 0), pick(1, 1), pick(2, 2)]));
        }
        for p in all.iter().flat_map(|w| w.iter()).flatten() {
            see.add(raised(*p));
        }
    });
    // What nothing has cut lies at the top, or on the sides.
    let (mut raw, mut cut) = (Mesh::default(), Mesh::default());
    for t in &stock.triangles {
        let top = t.iter().all(|v| v[2] >= top - 1e-4);
        let side = (0..2).any(|k| t.iter().all(|v| v[k] == lo[k]) || t.iter().all(|v| v[k] == hi[k]));
        if top || side {
            raw.triangles.push(*t)
        } else {
            cut.triangles.push(*t)
        }
    }
    let light = Light::new(&camera);
    let mut frame = Frame::new(size[0], size[1]);
    for (mesh, color) in [(&raw, UNTOUCHED), (&cut, CUT)] {
        let offset = [0.0, 0.0, up];
        draw_mesh(&mut frame, &camera, &light, &Body { mesh, offset, color }, true);
    }
    // Thin beside the picture, not thinner than a pixel.
    let wide = (size[0].min(size[1]) as f32 / 700.0).clamp(1.0, 3.0) * SAMPLES as f32;
    for (list, color, share) in [(all[0], CUTS, 1.0), (all[1], PLUNGES, 1.0), (all[2], RAPIDS, 0.7)] {
        for [a, b] in list {
            let ends = [camera.project(raised(*a)), camera.project(raised(*b))];
            line(&mut frame, ends, wide * share, BEFORE, color);
        }
    }
    if !options.ground {
        return Ok(frame.resolve(|_, _| None, Some(1.0 / camera.scale)));
    }
    let mut ground = Ground::new(&camera, options.bed, raised(lo), raised(hi));
    for t in &stock.triangles {
        ground.shadow(t.map(raised));
    }
    ground.soften();
    Ok(frame.resolve(|x, y| Some(ground.at(x, y)), Some(1.0 / camera.scale)))
}

/// Paints a line of a width in samples.
fn line(frame: &mut Frame, [a, b]: [[f32; 3]; 2], width: f32, before: f32, color: [u8; 3]) {
    let d = [b[0] - a[0], b[1] - a[1]];
    let len = (d[0] * d[0] + d[1] * d[1]).sqrt();
    // Along the view it is a dot.
    let u = if len > 1e-3 {
        [d[0] / len, d[1] / len]
    } else {
        [1.0, 0.0]
    };
    let h = width / 2.0;
    let corner = |p: [f32; 3], along: f32, side: f32| {
        [
            p[0] + h * (along * u[0] - side * u[1]),
            p[1] + h * (along * u[1] + side * u[0]),
            p[2] + before,
        ]
    };
    let q = [
        corner(a, -0.5, -1.0),
        corner(b, 0.5, -1.0),
        corner(b, 0.5, 1.0),
        corner(a, -0.5, 1.0),
    ];
    frame.triangle([q[0], q[1], q[2]], || color);
    frame.triangle([q[0], q[2], q[3]], || color);
}
