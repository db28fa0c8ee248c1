//! One rectangular sheet by the strip packer: a strip as high as the sheet that is no longer than it.

use crate::Ctx;
use offcut_geometry::{Loops, loops::area2};
use offcut_nest::{Instance, Layout, NestError, Options, Target};

pub(super) fn solve(
    instance: &Instance,
    options: &Options,
    ctx: &Ctx,
    on_density: &mut dyn FnMut(f64),
) -> Result<Layout, NestError> {
    let direct = offcut_nest::nest(instance, options, ctx, &mut |i| on_density(i.density));
    let (Err(NestError::NoLayout), Target::Sheets(kinds)) = (&direct, &instance.target) else {
        return direct;
    };
    let Some(sheet) = kinds.first().filter(|s| is_box(&s.outline)) else {
        return direct;
    };
    let box_ = sheet.outline.bbox();
    let strip = Instance {
        target: Target::Strip {
            height: i64::from(box_.max.y),
        },
        ..instance.clone()
    };
    let mut layout = offcut_nest::nest(&strip, options, ctx, &mut |i| on_density(i.density))?;
    if layout.strip_width(&strip) > i64::from(box_.max.x) {
        return direct;
    }
    layout.sheets = vec![0];
    Ok(layout)
}

fn is_box(outline: &Loops) -> bool {
    let b = outline.bbox();
    let area = 2 * i64::from(b.max.x - b.min.x) * i64::from(b.max.y - b.min.y);
    outline.len() == 1 && area2(outline.get(0)) == area && b.min.x == 0 && b.min.y == 0
}
