//! Where stock, input and fixtures lie in the program's coordinates.

use super::Inputs;
use super::file::{FixtureDoc, JobFile, OriginXy, OriginZ};
use crate::{Fixture, MillError, Stock, StockShape};
use offcut_geometry::drawing::{Affine, Drawing, Vec2};
use offcut_mesh::Mesh;

/// Thickness of stock that nothing gives, mm.
const THICKNESS: f64 = 12.0;
/// Margin around a drawing when nothing gives the stock, mm.
const MARGIN: f64 = 10.0;

/// Stock and input in the program's coordinates.
pub(super) struct Placed {
    pub stock: Stock,
    pub drawing: Option<Drawing>,
    pub model: Option<Mesh>,
}

impl Placed {
    /// A fixture of the file.
    pub fn fixture(&self, f: &FixtureDoc) -> Fixture {
        let o = self.stock.min;
        let min = [o[0] + f.at[0], o[1] + f.at[1], o[2]];
        Fixture {
            name: if f.name.is_empty() {
                "fixture".into()
            } else {
                f.name.clone()
            },
            min,
            max: [0, 1, 2].map(|k| min[k] + f.size[k]),
        }
    }
}

/// Drawing or model and its box.
type Turned = (Option<Drawing>, Option<Mesh>, [[f64; 3]; 2]);

/// The box of the input in its own coordinates, mm, after scaling and turning.
fn size_of(file: &JobFile, inputs: &Inputs) -> Result<Turned, MillError> {
    let i = &file.input;
    let scale = i.scale.unwrap_or(1.0);
    if !(scale.is_finite() && scale > 0.0) {
        return Err(MillError::Job("input.scale must be more than 0".into()));
    }
    let turn = i.rotate.unwrap_or(0.0).to_radians();
    if let Some(d) = &inputs.drawing {
        let map = Affine::rotate(turn).of(&Affine::scale(scale, scale));
        let d = d.mapped(&map);
        let b = d.bounds();
        if b.is_empty() {
            return Err(MillError::Job("the drawing holds no paths".into()));
        }
        return Ok((Some(d), None, [[b.min.x, b.min.y, 0.0], [b.max.x, b.max.y, 0.0]]));
    }
    if let Some(m) = &inputs.model {
        let m = turned(m, scale, turn);
        let Some((lo, hi)) = m.bounds() else {
            return Err(MillError::Job("the model holds no triangles".into()));
        };
        return Ok((None, Some(m), [lo.map(f64::from), hi.map(f64::from)]));
    }
    Ok((None, None, [[0.0; 3]; 2]))
}

fn turned(m: &Mesh, scale: f64, turn: f64) -> Mesh {
    if scale == 1.0 && turn == 0.0 {
        return m.clone();
    }
    let (sin, cos) = libm::sincos(turn);
    let mut out = m.clone();
    for v in out.triangles.as_flattened_mut() {
        let (x, y) = (f64::from(v[0]), f64::from(v[1]));
        *v = [
            (scale * (x * cos - y * sin)) as f32,
            (scale * (x * sin + y * cos)) as f32,
            (scale * f64::from(v[2])) as f32,
        ];
    }
    out
}

/// Places everything.
pub(super) fn place(file: &JobFile, inputs: &Inputs) -> Result<Placed, MillError> {
    let (drawing, model, [lo, hi]) = size_of(file, inputs)?;
    let s = &file.stock;
    let has_input = drawing.is_some() || model.is_some();
    let below = file.input.below.unwrap_or(0.0);
    let fail = |what: &str| Err(MillError::Job(what.into()));
    // The stock's lowest corner and size in the input's coordinates.
    let mut shape = StockShape::Box;
    let (corner, size) = if let Some(m) = &inputs.stock {
        let m = turned(
            m,
            file.input.scale.unwrap_or(1.0),
            file.input.rotate.unwrap_or(0.0).to_radians(),
        );
        let Some((a, b)) = m.bounds() else {
            return fail("the stock's model holds no triangles");
        };
        shape = StockShape::Mesh(m);
        let (a, b) = (a.map(f64::from), b.map(f64::from));
        (a, [0, 1, 2].map(|k| b[k] - a[k]))
    } else if let Some(size) = s.size.or(s.cylinder.map(|[d, h]| [d, d, h])) {
        if let Some([d, _]) = s.cylinder.filter(|_| s.size.is_none()) {
            shape = StockShape::Cylinder { radius: d / 2.0 };
        }
        let mut corner = [0.0; 3];
        for k in 0..2 {
            corner[k] = match file.input.at {
                Some(at) => lo[k] - at[k],
                None => (lo[k] + hi[k] - size[k]) / 2.0,
            };
        }
        if !has_input {
            corner = [0.0; 3];
        }
        corner[2] = hi[2] + below - size[2];
        (corner, size)
    } else if has_input {
        let m = s.margin.unwrap_or(if drawing.is_some() {
            [MARGIN, MARGIN, 0.0]
        } else {
            [0.0; 3]
        });
        let height = match (s.thickness, &drawing) {
            (Some(t), _) => t,
            (None, Some(_)) => THICKNESS,
            (None, None) => hi[2] - lo[2] + m[2] + below,
        };
        let top = hi[2] + if model.is_some() { m[2] + below } else { 0.0 };
        (
            [lo[0] - m[0], lo[1] - m[1], top - height],
            [hi[0] - lo[0] + 2.0 * m[0], hi[1] - lo[1] + 2.0 * m[1], height],
        )
    } else {
        return fail(
            "there is neither input nor stock; name a drawing or a model under [input], or a size under [stock]",
        );
    };
    if size.iter().any(|v| !v.is_finite() || *v <= 0.0) {
        return Err(MillError::Job(format!(
            "the stock has a size of {} × {} × {} mm; each must be more than 0",
            size[0], size[1], size[2]
        )));
    }
    let zero = [
        match file.origin.xy {
            OriginXy::Corner => corner[0],
            OriginXy::Center => corner[0] + size[0] / 2.0,
            OriginXy::File => 0.0,
        },
        match file.origin.xy {
            OriginXy::Corner => corner[1],
            OriginXy::Center => corner[1] + size[1] / 2.0,
            OriginXy::File => 0.0,
        },
        match file.origin.z {
            OriginZ::Top => corner[2] + size[2],
            OriginZ::Bed => corner[2],
            OriginZ::File => 0.0,
        },
    ];
    let min = [0, 1, 2].map(|k| corner[k] - zero[k]);
    let max = [0, 1, 2].map(|k| corner[k] + size[k] - zero[k]);
    let by = zero.map(|v| -v);
    let moved = |mut m: Mesh| {
        m.translate(by);
        m
    };
    if let StockShape::Mesh(m) = &mut shape {
        m.translate(by);
    }
    Ok(Placed {
        stock: Stock { min, max, shape },
        drawing: drawing.map(|d| d.mapped(&Affine::translate(Vec2::new(by[0], by[1])))),
        model: model.map(moved),
    })
}
