//! `offcut slice`: meshes become printer G-code.

use super::{running, settings, text};
use crate::args::{PlacementArgs, Slice, UnitArg};
use crate::failure::Failure;
use crate::files::{self, Target};
use offcut::{Outcome, Placement, SliceJob, Unit};

/// Runs the command.
pub fn run(a: &Slice) -> Result<u8, Failure> {
    offcut::use_threads(a.run.threads);
    let resolved = settings::resolve(&a.settings)?;
    let placement = placement(&a.placement)?;
    let target = running::target(&a.output, &a.run, None, &a.models, "gcode")?;
    let models = a
        .models
        .iter()
        .map(|p| files::read(p))
        .collect::<Result<_, _>>()?;

    let job = SliceJob {
        models,
        placement,
        settings: resolved.settings,
        profiles: resolved.selection,
        warnings: resolved.warnings,
        ..SliceJob::default()
    };
    let outcome = running::with_progress(&a.run, |ctx| {
        target.write(|sink| Ok(offcut::slice(job, ctx, sink)?))
    })?;

    text::warn(&outcome.warnings);
    if a.run.json {
        let output = target.path().into();
        println!(
            "{:#}",
            offcut::document::done("slice", &outcome, &[("output", output)])?
        );
    } else if !a.run.quiet {
        summary(&outcome, &target);
    }
    Ok(0)
}

fn summary(o: &Outcome, target: &Target) {
    let place = target.path().unwrap_or_else(|| "standard output".into());
    eprintln!("{place}: {}, {}", text::count(o.layers, "layer"), o.time);
    let copies: usize = o.objects.iter().map(|b| b.copies).sum();
    let what = match &o.objects[..] {
        [one] if copies == 1 => text::size(one.size_mm),
        [one] => format!("{copies} times {}", text::size(one.size_mm)),
        _ => text::count(copies, "object"),
    };
    eprintln!(
        "  {} of {} ({} g{}), {}",
        if o.material.length_mm < 1000.0 {
            format!("{:.0} mm", o.material.length_mm)
        } else {
            format!("{:.2} m", o.material.length_mm / 1000.0)
        },
        o.material.name,
        text::short((o.material.grams * 100.0).round() / 100.0),
        if o.material.cost > 0.0 {
            format!(", {:.2}", o.material.cost)
        } else {
            String::new()
        },
        what,
    );
}

fn placement(a: &PlacementArgs) -> Result<Placement, Failure> {
    let mut p = Placement {
        copies: a.copies,
        unit: a.unit.map(|u| match u {
            UnitArg::Micron => Unit::Micron,
            UnitArg::Millimeter => Unit::Millimeter,
            UnitArg::Centimeter => Unit::Centimeter,
            UnitArg::Inch => Unit::Inch,
            UnitArg::Foot => Unit::Foot,
            UnitArg::Meter => Unit::Meter,
        }),
        ..Placement::default()
    };
    if let Some(t) = &a.scale {
        p.scale = scale(t)?;
    }
    if let Some(t) = &a.rotate {
        p.rotate = match text::numbers(t, "--rotate")?[..] {
            [z] => [0.0, 0.0, z],
            [x, y, z] => [x, y, z],
            _ => {
                return Err(Failure::usage(format!(
                    "--rotate {t}: one angle or three are needed, as 90,0,45"
                )));
            }
        };
    }
    if let Some(t) = &a.center {
        p.center = Some(text::pair(t, "--center")?);
    }
    p.check()?;
    Ok(p)
}

fn scale(t: &str) -> Result<[f64; 3], Failure> {
    let factors = t
        .split(',')
        .map(|f| match f.trim().strip_suffix('%') {
            Some(percent) => Ok(text::numbers(percent, "--scale")?[0] / 100.0),
            None => Ok(text::numbers(f.trim(), "--scale")?[0]),
        })
        .collect::<Result<Vec<f64>, Failure>>()?;
    match factors[..] {
        [f] => Ok([f; 3]),
        [x, y, z] => Ok([x, y, z]),
        _ => Err(Failure::usage(format!(
            "--scale {t}: one factor or three are needed, as 1,1,2"
        ))),
    }
}
