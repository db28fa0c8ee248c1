//! What is said of single parts and sheets, as text: `plate.svg:4,grain=90,filler`, `600x400:3,grain=0`.
//!
//! In: words behind commas, each an option or an option with its value. Out: the rules. Several numbers in one value
//! are separated by slashes.

use super::drawings::Turns;
use super::sheets::SheetRequest;
use crate::Error;
use offcut_geometry::{Loops, Point, to_grid};

/// What holds for the parts of one drawing and not for all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PartRules {
    /// Their own directions.
    pub turns: Option<Turns>,
    /// Whether they may be mirrored.
    pub mirror: Option<bool>,
    /// Direction of their grain as drawn, degrees: parallel to a sheet's.
    pub grain: Option<f64>,
    /// Higher ones are placed first when not all fit.
    pub priority: i32,
    /// They fill what room is left, and may be missing.
    pub filler: bool,
    /// The least quality of material that they take; the best everywhere when not said.
    pub quality: Option<u32>,
    /// Layers of the drawing that are left out, without regard to case.
    pub skip: Vec<String>,
}

/// A text as `plate.svg:4,grain=90` without its options, and the options (`grain=90`), which may be empty.
#[must_use]
pub fn split_options(text: &str) -> (&str, &str) {
    let starts_option = |rest: &str| {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-'));
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        !word.is_empty() && (after.is_empty() || after.starts_with([',', '=']))
    };
    let mut commas = text.match_indices(',').map(|(i, _)| i);
    match commas.find(|&i| starts_option(&text[i + 1..])) {
        Some(i) => (&text[..i], &text[i + 1..]),
        None => (text, ""),
    }
}

/// The options of a text, each with its value.
fn options(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let words = text.split(',').map(str::trim).filter(|w| !w.is_empty());
    words.map(|w| match w.split_once('=') {
        Some((key, value)) => (key.trim(), Some(value.trim())),
        None => (w, None),
    })
}

fn wrong(key: &str, value: Option<&str>, how: &str) -> Error {
    let value = value.map(|v| format!("={v}")).unwrap_or_default();
    Error::Usage(format!("{key}{value}: {how}"))
}

fn number<T: std::str::FromStr>(key: &str, value: Option<&str>, how: &str) -> Result<T, Error> {
    value
        .and_then(|v| v.parse().ok())
        .ok_or_else(|| wrong(key, value, how))
}

fn angle(key: &str, value: Option<&str>) -> Result<f64, Error> {
    const HOW: &str = "write the direction of the grain in degrees from the x axis, as grain=90";
    let v: f64 = number(key, value, HOW)?;
    if v.abs() <= 360.0 {
        Ok(v)
    } else {
        Err(wrong(key, value, HOW))
    }
}

fn switch(key: &str, value: Option<&str>) -> Result<bool, Error> {
    match value {
        None | Some("yes") => Ok(true),
        Some("no") => Ok(false),
        _ => Err(wrong(key, value, "yes or no")),
    }
}

impl PartRules {
    /// Reads options as `grain=90,rotations=0/180,mirror=no,priority=2,filler,quality=1,skip=notes`.
    ///
    /// # Errors
    /// [`Error::Usage`] says which options there are, or how one is written.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut r = Self::default();
        for (key, value) in options(text) {
            match key {
                "rotations" => r.turns = Some(Turns::parse(&value.unwrap_or_default().replace('/', ","))?),
                "mirror" => r.mirror = Some(switch(key, value)?),
                "grain" => r.grain = Some(angle(key, value)?),
                "priority" => {
                    r.priority = number(
                        key,
                        value,
                        "a whole number; parts with higher ones are placed first",
                    )?;
                }
                "filler" => r.filler = switch(key, value)?,
                "quality" => r.quality = Some(number(key, value, "a whole number from 0")?),
                "skip" => match value {
                    Some(layer) if !layer.is_empty() => r.skip.push(layer.to_lowercase()),
                    _ => return Err(wrong(key, value, "name a layer that is left out, as skip=notes")),
                },
                _ => {
                    return Err(Error::Usage(format!(
                        "{key}: is no option of parts; there are grain=DEGREES, rotations=0/90|N|free, mirror, \
                         priority=N, filler, quality=N, skip=LAYER"
                    )));
                }
            }
        }
        Ok(r)
    }
}

/// Sets what the options of a sheet say: `grain=0,cost=12.5,defect=120/80/15`. A defect is a circle (x/y/radius) or
/// a rectangle (x/y/width/height), mm from the sheet's lower left corner.
///
/// # Errors
/// [`Error::Usage`] says which options there are, or how one is written.
pub fn apply_to_sheet(text: &str, sheet: &mut SheetRequest) -> Result<(), Error> {
    for (key, value) in options(text) {
        match key {
            "grain" => sheet.grain = Some(angle(key, value)?),
            "cost" => {
                const HOW: &str = "a number above 0 is needed";
                sheet.cost = number(key, value, HOW)?;
                if !(sheet.cost.is_finite() && sheet.cost > 0.0) {
                    return Err(wrong(key, value, HOW));
                }
            }
            "defect" => sheet.defects.push(defect(key, value)?),
            _ => {
                return Err(Error::Usage(format!(
                    "{key}: is no option of sheets; there are grain=DEGREES, cost=NUMBER, defect=X/Y/RADIUS, \
                     defect=X/Y/WIDTH/HEIGHT"
                )));
            }
        }
    }
    Ok(())
}

/// Corners of the polygon around a round defect.
const CORNERS: u32 = 48;

fn defect(key: &str, value: Option<&str>) -> Result<Loops, Error> {
    let unreadable = || {
        wrong(
            key,
            value,
            "write a circle as x/y/radius or a rectangle as x/y/width/height, mm",
        )
    };
    let numbers: Option<Vec<f64>> = value
        .unwrap_or_default()
        .split('/')
        .map(|t| t.trim().parse().ok().filter(|v: &f64| v.is_finite()))
        .collect();
    let corners: Vec<[f64; 2]> = match numbers.as_deref() {
        Some(&[x, y, r]) if r > 0.0 => {
            let step = std::f64::consts::TAU / f64::from(CORNERS);
            // Around the circle, not in it.
            let r = r / libm::cos(0.5 * step);
            let corner = |k| {
                [
                    x + r * libm::cos(f64::from(k) * step),
                    y + r * libm::sin(f64::from(k) * step),
                ]
            };
            (0..CORNERS).map(corner).collect()
        }
        Some(&[x, y, w, h]) if w > 0.0 && h > 0.0 => vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]],
        _ => return Err(unreadable()),
    };
    let point = |c: &[f64; 2]| Ok(Point::new(to_grid(c[0])?, to_grid(c[1])?));
    let points: Result<Vec<Point>, offcut_geometry::GridError> = corners.iter().map(point).collect();
    let mut out = Loops::new();
    out.push(&points.map_err(|_| unreadable())?);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_told_from_names() {
        assert_eq!(
            split_options("a.svg:4,grain=90,filler"),
            ("a.svg:4", "grain=90,filler")
        );
        assert_eq!(split_options("a,b.svg"), ("a,b.svg", ""));
        assert_eq!(split_options("x/a,b/c.svg:2,mirror"), ("x/a,b/c.svg:2", "mirror"));
        assert_eq!(split_options("600x400"), ("600x400", ""));
        assert_eq!(split_options("a.svg,12"), ("a.svg,12", ""));
    }

    #[test]
    fn rules_of_parts() {
        let r =
            PartRules::parse("grain=90,rotations=0/180,mirror=no,priority=-2,filler,quality=1,skip=My notes");
        assert_eq!(
            r.ok(),
            Some(PartRules {
                turns: Some(Turns::Set(vec![0.0, 180.0])),
                mirror: Some(false),
                grain: Some(90.0),
                priority: -2,
                filler: true,
                quality: Some(1),
                skip: vec!["my notes".to_owned()],
            })
        );
        assert_eq!(PartRules::parse("").ok(), Some(PartRules::default()));
        for bad in [
            "grain",
            "grain=a",
            "grain=400",
            "mirror=x",
            "priority=1.5",
            "quality=-1",
            "fill",
            "rotations=x",
            "skip=",
        ] {
            assert!(PartRules::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rules_of_sheets() -> Result<(), Error> {
        let mut s = super::super::sheets::rectangle("s", [100.0, 100.0], None)?;
        apply_to_sheet("grain=0,cost=12.5,defect=50/40/10,defect=0/0/5/8", &mut s)?;
        assert_eq!((s.grain, s.cost, s.defects.len()), (Some(0.0), 12.5, 2));
        // The polygon holds the circle, and is hardly larger.
        let round = s.defects[0].area_mm2() / (100.0 * std::f64::consts::PI);
        assert!(round > 1.0 && round < 1.003, "{round}");
        assert!((s.defects[1].area_mm2() - 40.0).abs() < 1e-9);
        for bad in [
            "grain=x",
            "cost=0",
            "cost=nan",
            "defect=1/2",
            "defect=1/2/-3",
            "defect=1/2/1e99",
            "hole",
        ] {
            assert!(apply_to_sheet(bad, &mut s).is_err(), "{bad}");
        }
        Ok(())
    }
}
