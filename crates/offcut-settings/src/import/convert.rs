//! Conversions of single keys whose values mean something else here.

use super::ini::Preset;

/// One setting of ours, as text for its parser.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) to: &'static str,
    pub(super) value: String,
    /// What differs, if anything.
    pub(super) how: Option<String>,
}

/// What a key becomes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Set(Vec<Set>),
    Dropped(String),
}

pub(super) type Convert = fn(&str, &Preset) -> Outcome;

pub(super) fn exact(to: &'static str, value: impl Into<String>) -> Outcome {
    Outcome::Set(vec![Set {
        to,
        value: value.into(),
        how: None,
    }])
}

pub(super) fn nearly(to: &'static str, value: impl Into<String>, how: impl Into<String>) -> Outcome {
    Outcome::Set(vec![Set {
        to,
        value: value.into(),
        how: Some(how.into()),
    }])
}

pub(super) fn dropped(why: impl Into<String>) -> Outcome {
    Outcome::Dropped(why.into())
}

/// One key of theirs that is two of ours.
pub(super) fn both(a: Outcome, b: Outcome) -> Outcome {
    match (a, b) {
        (Outcome::Set(mut a), Outcome::Set(b)) => {
            a.extend(b);
            Outcome::Set(a)
        }
        (a, _) => a,
    }
}

/// The first of a list that holds one value for each extruder (or for normal and silent mode).
pub(super) fn first(value: &str) -> &str {
    value.split([',', ';']).next().unwrap_or(value).trim()
}

pub(super) fn is_on(preset: &Preset, key: &str) -> bool {
    preset.get(key).is_some_and(|v| first(v) == "1")
}

/// A text with its quotes and escapes undone; the first where there are several for several extruders.
pub(super) fn unescape(value: &str) -> String {
    let quoted = value.strip_prefix('"');
    let mut out = String::new();
    let mut chars = quoted.unwrap_or(value).chars();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted.is_some() => break,
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') | None => {}
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
            },
            _ => out.push(c),
        }
    }
    out
}

/// Heights in mm; the first layer's may be a share of the others'.
fn height(value: &str, preset: &Preset) -> Option<f64> {
    let layer = || {
        preset
            .get("layer_height")
            .and_then(|v| v.parse::<f64>().ok())
            .unwrap_or(0.3)
    };
    match value.strip_suffix('%') {
        Some(percent) => percent
            .trim()
            .parse::<f64>()
            .ok()
            .map(|p| rounded(layer() * p / 100.0)),
        None => value.parse().ok(),
    }
}

/// To a hundredth of a micrometre, so that 0.3 · 150 % is 0.45.
fn rounded(mm: f64) -> f64 {
    (mm * 1e5).round() / 1e5
}

pub(super) fn first_layer_height(value: &str, preset: &Preset) -> Outcome {
    match height(value, preset) {
        Some(h) if value.ends_with('%') => nearly(
            "first_layer_height",
            h.to_string(),
            "the share of layer_height as mm",
        ),
        Some(h) => exact("first_layer_height", h.to_string()),
        None => dropped("it is no height"),
    }
}

/// Widths are mm, or % of the layer's height there and of the nozzle here; 0 lets PrusaSlicer choose.
pub(super) fn width(to: &'static str, value: &str, preset: &Preset) -> Outcome {
    let first_layer = to == "first_layer_line_width";
    let base = preset.get(if first_layer {
        "first_layer_height"
    } else {
        "layer_height"
    });
    if let Some(percent) = value.strip_suffix('%') {
        let Some(h) = base.and_then(|b| height(b, preset)) else {
            return dropped("it is a share of a layer height that is not in the file");
        };
        return match percent.trim().parse::<f64>() {
            Ok(p) if p > 0.0 => nearly(
                to,
                rounded(h * p / 100.0).to_string(),
                "the share of the layer height as mm",
            ),
            _ => automatic_width(to, preset),
        };
    }
    match value.parse::<f64>() {
        Ok(0.0) => automatic_width(to, preset),
        _ => exact(to, value),
    }
}

/// What PrusaSlicer takes for a width of 0: the general width, else 1.125 nozzles (1.0 for top surfaces and
/// support).
fn automatic_width(to: &'static str, preset: &Preset) -> Outcome {
    if to == "line_width" {
        return exact(to, "112.5%");
    }
    let general = preset
        .get("extrusion_width")
        .is_some_and(|w| !matches!(w.as_str(), "0" | "0%"));
    let narrow = matches!(to, "top_solid_infill_line_width" | "support_line_width");
    match (general, narrow) {
        (false, true) => exact(to, "100%"),
        _ => exact(to, "auto"),
    }
}

pub(super) fn infill_pattern(value: &str, _: &Preset) -> Outcome {
    let to = "infill_pattern";
    match value {
        "rectilinear" | "grid" | "triangles" | "stars" | "cubic" | "line" | "concentric" | "honeycomb"
        | "gyroid" => exact(to, value),
        "alignedrectilinear" => exact(to, "aligned_rectilinear"),
        "3dhoneycomb" => exact(to, "3d_honeycomb"),
        "hilbertcurve" => exact(to, "hilbert"),
        "archimedeanchords" => exact(to, "archimedean"),
        "octagramspiral" => exact(to, "octagram"),
        "monotonic" | "monotoniclines" | "zigzag" => {
            nearly(to, "rectilinear", format!("{value} is not there yet"))
        }
        "adaptivecubic" | "supportcubic" => nearly(
            to,
            "cubic",
            format!("{value} is not there yet: the same density everywhere"),
        ),
        "lightning" => nearly(
            to,
            "rectilinear",
            "lightning is not there yet: this takes more material",
        ),
        _ => dropped(format!("the pattern {value} is not known here")),
    }
}

pub(super) fn surface_pattern(to: &'static str, value: &str) -> Outcome {
    match value {
        "monotonic" | "rectilinear" | "concentric" => exact(to, value),
        "monotoniclines" => exact(to, "monotonic_lines"),
        "alignedrectilinear" => exact(to, "aligned_rectilinear"),
        "hilbertcurve" => exact(to, "hilbert"),
        "archimedeanchords" => exact(to, "archimedean"),
        "octagramspiral" => exact(to, "octagram"),
        _ => nearly(to, "monotonic", format!("{value} is not there for surfaces")),
    }
}

pub(super) fn brim_type(value: &str, _: &Preset) -> Outcome {
    match value {
        "no_brim" => exact("brim_width", "0"),
        "outer_only" => exact("brim_type", "outer"),
        "inner_only" => exact("brim_type", "inner"),
        "outer_and_inner" => exact("brim_type", "both"),
        _ => dropped("it is not known here"),
    }
}

pub(super) fn brim_width(value: &str, preset: &Preset) -> Outcome {
    let none = preset.get("brim_type").is_some_and(|t| t == "no_brim");
    exact("brim_width", if none { "0" } else { value })
}

pub(super) fn support(_: &str, preset: &Preset) -> Outcome {
    let to = "support";
    if !is_on(preset, "support_material") {
        return exact(to, "none");
    }
    if preset.get("support_material_auto").is_some_and(|v| v == "0") {
        return nearly(to, "none", "support only where it is painted is not there yet");
    }
    match preset
        .get("support_material_style")
        .map_or("grid", String::as_str)
    {
        "snug" => exact(to, "snug"),
        "tree" | "organic" => nearly(to, "snug", "branches are not there yet"),
        _ => exact(to, "grid"),
    }
}

/// A switch of ours that says the contrary.
pub(super) fn inverted(to: &'static str, value: &str) -> Outcome {
    exact(to, if first(value) == "1" { "false" } else { "true" })
}

/// Corners as `0x0,250x0,250x210,0x210`; many corners are a circle.
pub(super) fn bed_shape(value: &str, _: &Preset) -> Outcome {
    let corner = |c: &str| {
        c.split_once('x')
            .and_then(|(x, y)| Some((x.trim().parse::<f64>().ok()?, y.trim().parse::<f64>().ok()?)))
    };
    let Some(corners) = value.split(',').map(corner).collect::<Option<Vec<_>>>() else {
        return dropped("it is no list of corners");
    };
    let (mut lo, mut hi) = (
        (f64::INFINITY, f64::INFINITY),
        (f64::NEG_INFINITY, f64::NEG_INFINITY),
    );
    for (x, y) in &corners {
        lo = (lo.0.min(*x), lo.1.min(*y));
        hi = (hi.0.max(*x), hi.1.max(*y));
    }
    let size = (rounded(hi.0 - lo.0), rounded(hi.1 - lo.1));
    let radius = size.0 / 2.0;
    let center = (lo.0 + radius, lo.1 + size.1 / 2.0);
    let on_circle = |(x, y): &(f64, f64)| ((x - center.0).hypot(y - center.1) - radius).abs() < radius * 0.02;
    let round = corners.len() >= 8 && corners.iter().all(on_circle);
    let rectangle = corners
        .iter()
        .all(|(x, y)| (*x == lo.0 || *x == hi.0) && (*y == lo.1 || *y == hi.1));
    let how = (!round && !rectangle).then(|| "the rectangle around the bed's shape".to_string());
    // The corners of a circle's polygon may miss its extremes: the diameter is the same in both directions.
    let size = if round {
        (size.0.max(size.1), size.0.max(size.1))
    } else {
        size
    };
    Outcome::Set(vec![
        Set {
            to: "bed_size",
            value: format!("{}x{}", size.0, size.1),
            how: how.clone(),
        },
        Set {
            to: "bed_origin",
            value: format!("{}x{}", rounded(lo.0), rounded(lo.1)),
            how,
        },
        Set {
            to: "bed_round",
            value: round.to_string(),
            how: None,
        },
    ])
}

pub(super) fn gcode_flavor(value: &str, preset: &Preset) -> Outcome {
    let to = "gcode_flavor";
    let model = preset.get("printer_model").map_or("", String::as_str);
    let prusa = ["MK2", "MK3", "MK4", "MINI", "XL", "COREONE"]
        .iter()
        .any(|m| model.starts_with(m));
    match value {
        "marlin" | "marlin2" if prusa => nearly(to, "prusa", "Prusa's own firmware has a dialect here"),
        "marlin" | "marlin2" | "klipper" => exact(to, value),
        "reprapfirmware" => exact(to, value),
        "reprap" | "repetier" | "smoothie" => nearly(to, "marlin", format!("{value} understands most of it")),
        _ => dropped(format!("the dialect {value} is not there")),
    }
}

/// G-code; its placeholders are PrusaSlicer's.
pub(super) fn gcode(to: &'static str, value: &str) -> Outcome {
    let text = unescape(value);
    if text.contains(['[', '{']) {
        nearly(
            to,
            text,
            "placeholders that are not known here are an error when the job is made",
        )
    } else {
        exact(to, text)
    }
}

/// Pressure advance stands in the filament's start G-code.
pub(super) fn filament_start(value: &str, _: &Preset) -> Outcome {
    let text = unescape(value);
    let number_after = |line: &str, word: &str, letter: &str| {
        let rest = line.trim().strip_prefix(word)?;
        let rest = &rest[rest.find(letter)? + letter.len()..];
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        rest[..end]
            .parse::<f64>()
            .ok()
            .filter(|_| !rest[end..].starts_with('{'))
    };
    let advance = text
        .lines()
        .map(|l| l.split(';').next().unwrap_or(""))
        .find_map(|line| {
            number_after(line, "M900", "K")
                .or_else(|| number_after(line, "M572", "S"))
                .or_else(|| number_after(line, "SET_PRESSURE_ADVANCE", "ADVANCE="))
        });
    match advance {
        // Marlin's first linear advance had factors above 10 in another unit.
        Some(k) if k <= 2.0 => nearly(
            "pressure_advance",
            k.to_string(),
            "the rest of the filament's start G-code is left out",
        ),
        _ if text
            .lines()
            .all(|l| l.trim().is_empty() || l.trim().starts_with(';')) =>
        {
            dropped("it holds comments only")
        }
        _ => dropped("add it to start_gcode, and set pressure_advance"),
    }
}

/// `WxH` or `WxH/FORMAT`; only PNG is written here.
pub(super) fn thumbnails(value: &str, preset: &Preset) -> Outcome {
    let fallback = preset.get("thumbnails_format").map_or("PNG", String::as_str);
    let items = value.split(',').map(str::trim).filter(|t| !t.is_empty());
    let (png, other): (Vec<&str>, Vec<&str>) = items.partition(|t| {
        t.split_once('/')
            .map_or(fallback, |(_, f)| f)
            .eq_ignore_ascii_case("PNG")
    });
    let list: Vec<_> = png
        .iter()
        .map(|t| format!("{}/PNG", t.split('/').next().unwrap_or(t)))
        .collect();
    match (list.is_empty(), other.is_empty()) {
        (true, false) => dropped("only PNG thumbnails are written"),
        (_, true) => exact("thumbnails", list.join(", ")),
        (_, false) => nearly(
            "thumbnails",
            list.join(", "),
            format!("only PNG is written, not {}", other.join(", ")),
        ),
    }
}
