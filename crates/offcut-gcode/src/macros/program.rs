//! Expands the custom G-code of a whole program.

use super::{MacroError, Vars, expand};
use crate::program::{Program, Step};
use offcut_geometry::{BBox, to_mm};
use offcut_settings::PrintSettings;

/// Replaces the templates in all [`Step::Custom`] by their text, with everything that the job knows:
/// the layer, the height of the print, the box of the first layer. Texts that hold no placeholder
/// stay as they are, so that expanding twice does no harm.
///
/// # Errors
/// [`MacroError`] with the name of the setting, when the text is one of the settings.
pub fn expand_program(program: &mut Program, settings: &PrintSettings) -> Result<(), MacroError> {
    let templated = |s: &Step| matches!(s, Step::Custom(t) if t.contains(['{', '[']));
    if !program.steps.iter().any(templated) {
        return Ok(());
    }
    let mut vars = Vars::new(settings);
    let top = program.layers.iter().map(|l| l.z).fold(0.0, f64::max);
    vars.set("max_layer_z", top);
    vars.set("total_layer_count", program.layers.len() as i64);
    vars.set("num_objects", program.objects.len() as i64);
    vars.set_layer(0, 0.0);
    let (lo, hi) = first_layer(program);
    vars.set("first_layer_print_min", lo);
    vars.set("first_layer_print_max", hi);
    vars.set("first_layer_print_size", [hi[0] - lo[0], hi[1] - lo[1]]);
    let fields = [
        ("start_gcode", &settings.start_gcode),
        ("end_gcode", &settings.end_gcode),
        ("before_layer_gcode", &settings.before_layer_gcode),
        ("layer_gcode", &settings.layer_gcode),
        ("between_objects_gcode", &settings.between_objects_gcode),
    ];
    for step in &mut program.steps {
        match step {
            Step::Layer(n) => {
                let z = program.layers.get(*n as usize).map_or(0.0, |l| l.z);
                vars.set_layer(*n, z);
            }
            Step::Custom(text) if text.contains(['{', '[']) => {
                let field = fields
                    .iter()
                    .find(|(_, t)| *t == text)
                    .map_or("custom G-code", |f| f.0);
                *text = expand(field, text, &mut vars)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The box of the first layer's extrusions, mm.
fn first_layer(program: &Program) -> ([f64; 2], [f64; 2]) {
    let mut b = BBox::EMPTY;
    let mut layers = 0;
    for step in &program.steps {
        match step {
            Step::Layer(_) => layers += 1,
            Step::Extrude { path, .. } => program
                .vertices
                .get(path.start as usize..path.end as usize)
                .unwrap_or(&[])
                .iter()
                .for_each(|v| b.add(v.xy())),
            _ => {}
        }
        if layers > 1 {
            break;
        }
    }
    if b.is_empty() {
        return ([0.0; 2], [0.0; 2]);
    }
    ([to_mm(b.min.x), to_mm(b.min.y)], [to_mm(b.max.x), to_mm(b.max.y)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::LayerMark;

    #[test]
    fn layer_numbers_grow_by_one_and_counters_persist() {
        let s = PrintSettings {
            layer_gcode: "{global n = 0}{n = n + 1};[layer_num] {layer_z} {n}/{total_layer_count}".into(),
            ..PrintSettings::default()
        };
        let mut p = Program::default();
        for k in 0..3u32 {
            p.layers.push(LayerMark {
                z: 0.2 * f64::from(k + 1),
                height: 0.2,
            });
            p.steps.push(Step::Layer(k));
            p.steps.push(Step::Custom(s.layer_gcode.clone()));
        }
        expand_program(&mut p, &s).unwrap();
        let texts: Vec<&str> = p
            .steps
            .iter()
            .filter_map(|s| {
                if let Step::Custom(t) = s {
                    Some(t.as_str())
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(texts, [";0 0.2 1/3", ";1 0.4 2/3", ";2 0.6 3/3"]);
        p.steps.push(Step::Custom(";{oops}".into()));
        let s = PrintSettings {
            end_gcode: ";{oops}".into(),
            ..s
        };
        let e = expand_program(&mut p, &s).unwrap_err();
        assert_eq!((e.field.as_str(), e.line, e.column), ("end_gcode", 1, 3));
    }
}
