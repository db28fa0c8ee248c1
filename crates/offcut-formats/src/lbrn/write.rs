//! Writes LightBurn projects.
//!
//! In: a drawing. Out: the text of a `.lbrn2` file.

use offcut_geometry::drawing::{Curve, CutSetting, Drawing, Operation, Segment, Vec2};
use std::fmt::Write;

/// Writes a drawing as a LightBurn project. Layers become cut settings, arcs become curves within 10⁻⁷ of their
/// radius; pictures are left out.
#[must_use]
pub fn write(drawing: &Drawing) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<LightBurnProject AppVersion=\"1.0.06\" FormatVersion=\"1\" MaterialHeight=\"0\" MirrorX=\"False\" MirrorY=\"False\">\n");
    let index = |layer: usize| layer % 30;
    for (i, layer) in drawing.layers.iter().enumerate().take(30) {
        let kind = match layer.operation {
            Some(Operation::Engrave) => "Scan",
            Some(Operation::Skip) => "Tool",
            _ => "Cut",
        };
        let name = crate::xml::escaped(&layer.name);
        let _ = writeln!(
            out,
            "<CutSetting type=\"{kind}\"><index Value=\"{}\"/><name Value=\"{name}\"/>{}</CutSetting>",
            index(i),
            values(layer.setting.unwrap_or_default(), i)
        );
    }
    for path in &drawing.paths {
        let _ = writeln!(
            out,
            "<Shape Type=\"Path\" CutIndex=\"{}\">",
            index(path.layer as usize)
        );
        out.push_str("<XForm>1 0 0 1 0 0</XForm>\n<VertList>");
        let mut run = Vec::new();
        for s in drawing.run(path) {
            match s.curve {
                Curve::Arc(_) => push_cubics(s, &mut run),
                _ => run.push(*s),
            }
        }
        let n = run.len();
        let closes = path.closed && n > 1;
        let count = if closes { n } else { n + 1 };
        let mut legs = String::new();
        for i in 0..count {
            let before = if i > 0 {
                Some(&run[i - 1])
            } else if closes {
                run.last()
            } else {
                None
            };
            let at = run.get(i).map_or_else(|| run[n - 1].b, |s| s.a);
            let _ = write!(out, "V{} {}", at.x, at.y);
            match run.get(i).map(|s| s.curve) {
                Some(Curve::Cubic(c, _)) => {
                    let _ = write!(out, "c0x{}c0y{}", c.x, c.y);
                }
                _ => out.push_str("c0x1"),
            }
            match before.map(|s| s.curve) {
                Some(Curve::Cubic(_, c)) => {
                    let _ = write!(out, "c1x{}c1y{}", c.x, c.y);
                }
                _ => out.push_str("c1x1"),
            }
        }
        for (i, s) in run.iter().enumerate() {
            let kind = if s.curve == Curve::Line { 'L' } else { 'B' };
            let to = if closes && i + 1 == n { 0 } else { i + 1 };
            let _ = write!(legs, "{kind}{i} {to}");
        }
        let _ = writeln!(out, "</VertList>\n<PrimList>{legs}</PrimList>\n</Shape>");
    }
    out.push_str("</LightBurnProject>\n");
    out
}

/// What a layer says about power, speed and the like, as elements; `place` orders layers that say nothing about it.
fn values(s: CutSetting, place: usize) -> String {
    let number = |v: f64| v.to_string();
    let percent = |v: f64| ((v * 1e8).round() / 1e6).to_string();
    let whole = s.priority.unwrap_or(place as i32).to_string();
    let all = [
        ("minPower", s.min_power.map(percent)),
        ("maxPower", s.power.map(percent)),
        ("speed", s.speed.map(number)),
        ("numPasses", s.passes.map(|v| v.to_string())),
        ("interval", s.interval.map(number)),
        ("kerf", s.kerf.map(number)),
        ("runBlower", s.air.map(|v| u8::from(v).to_string())),
        ("priority", Some(whole)),
    ];
    let given = all.iter().filter_map(|(name, v)| Some((name, v.as_ref()?)));
    given
        .map(|(name, v)| format!("<{name} Value=\"{v}\"/>"))
        .collect()
}

/// An arc as cubics.
fn push_cubics(arc: &Segment, out: &mut Vec<Segment>) {
    let Some(c) = arc.circle() else {
        out.push(Segment::line(arc.a, arc.b));
        return;
    };
    let first = out.len();
    let n = (c.sweep.abs() / std::f64::consts::FRAC_PI_8).ceil().max(1.0);
    let step = c.sweep / n;
    let k = 4.0 / 3.0 * libm::tan(step / 4.0) * c.radius;
    for i in 0..n as usize {
        let (u, v) = (c.start + step * i as f64, c.start + step * (i + 1) as f64);
        let (u, v) = (Vec2::at_angle(u), Vec2::at_angle(v));
        let (a, b) = (c.center + u * c.radius, c.center + v * c.radius);
        let curve = Curve::Cubic(a + u.left() * k, b - v.left() * k);
        out.push(Segment { a, b, curve });
    }
    if let Some(s) = out.get_mut(first) {
        s.a = arc.a;
    }
    if let Some(s) = out.last_mut() {
        s.b = arc.b;
    }
}
