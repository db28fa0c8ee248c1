//! Texts of a DXF file as outlines of the bundled font: TEXT, ATTRIB and MTEXT.
//!
//! In: the groups of an entity. Out: closed runs of segments in the entity's coordinates, one for each contour of a
//! letter. Heights, turns, alignment, widths and line breaks are kept; the font, stacked fractions and underlines are not.
//! Group codes and format codes after Autodesk's "DXF Reference".

use super::entity::Fields;
use crate::font::Font;
use crate::{Cause, Limits};
use offcut_geometry::drawing::{Affine, Segment, Vec2};

/// Lines of a text with one look, and where they stand.
pub(super) struct Lines {
    lines: Vec<String>,
    /// From the em square of the first line's start (before alignment) to the entity's coordinates.
    place: Affine,
    /// Share of a line's width that lies left of its place: 0, ½ or 1.
    across: f64,
    /// How far the first baseline lies below the place, em.
    down: f64,
    /// From one baseline to the next, em.
    step: f64,
}

/// The contours of all letters, and how many letters the font doesn't have.
pub(super) fn outlines(text: &Lines, limits: &Limits) -> Result<(Vec<Vec<Segment>>, usize), Cause> {
    let (mut out, mut missing, mut count) = (Vec::new(), 0, 0);
    let Some(font) = Font::bundled(false) else {
        return Ok((out, missing));
    };
    for (i, line) in text.lines.iter().enumerate() {
        let mut pen = Vec2::new(-text.across * font.width(line), -text.down - text.step * i as f64);
        for c in line.chars() {
            let at = text.place.of(&Affine::translate(pen));
            match font.letter(c, &at) {
                Some(contours) => {
                    count += contours.iter().map(Vec::len).sum::<usize>();
                    if count > limits.segments {
                        return Err(Cause::TooManySegments(limits.segments));
                    }
                    out.extend(contours.into_iter().filter(|c| !c.is_empty()));
                }
                None => missing += 1,
            }
            pen.x += font.advance(c).unwrap_or(0.0);
        }
    }
    Ok((out, missing))
}

/// A TEXT or ATTRIB; `None` when it says nothing.
pub(super) fn single(f: &Fields<'_, '_>) -> Result<Option<Lines>, Cause> {
    let text = plain(&f.text(1));
    let height = f.or(40, 0.0)?;
    let Some(font) = Font::bundled(false).filter(|_| !text.trim().is_empty() && height > 0.0) else {
        return Ok(None);
    };
    let cap = font.cap_height();
    let mut em = height / cap;
    let mut stretch = f.or(41, 1.0)?;
    let (across, vertical) = (f.flags(72)?, f.flags(73)?);
    let (first, second) = (f.point(10)?, f.point(11)?);
    let mut angle = f.or(50, 0.0)?.to_radians();
    let mut at = if across == 0 && vertical == 0 {
        first
    } else {
        second
    };
    if matches!(across, 3 | 5) {
        // Between two points: as high as it comes out, or as high as it says.
        at = first;
        let d = second - first;
        let wide = font.width(&text) * em * stretch;
        if d.norm() > 0.0 && wide > 0.0 {
            angle = libm::atan2(d.y, d.x);
            if across == 3 {
                em *= d.norm() / wide;
            } else {
                stretch *= d.norm() / wide;
            }
        }
    }
    let mirror = f.flags(71)?;
    let flip = |bit: i64| if mirror & bit != 0 { -1.0 } else { 1.0 };
    let lean = libm::tan(f.or(51, 0.0)?.clamp(-85.0, 85.0).to_radians());
    let shape = Affine::new(em * stretch * flip(2), 0.0, em * lean, em * flip(4), 0.0, 0.0);
    let place = Affine::translate(at).of(&Affine::rotate(angle)).of(&shape);
    Ok(Some(Lines {
        lines: vec![text],
        place: f.plane(30)?.of(&place),
        across: match across {
            1 | 4 => 0.5,
            2 => 1.0,
            _ => 0.0,
        },
        down: match (across, vertical) {
            (4, _) | (_, 2) => cap / 2.0,
            (_, 3) => cap,
            // Below the letters that hang down, a fifth of the em.
            (_, 1) => -0.2,
            _ => 0.0,
        },
        step: 0.0,
    }))
}

/// An MTEXT; `None` when it says nothing.
pub(super) fn many(f: &Fields<'_, '_>) -> Result<Option<Lines>, Cause> {
    let text = format!("{}{}", f.text(3), f.text(1));
    let height = f.or(40, 0.0)?;
    let Some(font) = Font::bundled(false).filter(|_| height > 0.0) else {
        return Ok(None);
    };
    let cap = font.cap_height();
    let em = height / cap;
    let room = f.or(41, 0.0)? / em;
    let mut lines = Vec::new();
    for paragraph in paragraphs(&text) {
        wrap(&font, &paragraph, room, &mut lines);
    }
    if lines.iter().all(|l| l.trim().is_empty()) {
        return Ok(None);
    }
    let along = f.point(11)?;
    let angle = if along.norm() > 0.0 {
        libm::atan2(along.y, along.x)
    } else {
        f.or(50, 0.0)?.to_radians()
    };
    // Three from baseline to baseline for five of height, times the factor.
    let step = 5.0 / 3.0 * cap * f.or(44, 1.0)?.clamp(0.1, 10.0);
    let tall = cap + step * (lines.len() - 1) as f64;
    let corner = f.flags(71)?.clamp(1, 9) - 1;
    let place = Affine::translate(f.point(10)?)
        .of(&Affine::rotate(angle))
        .of(&Affine::scale(em, em));
    Ok(Some(Lines {
        lines,
        place: f.plane(30)?.of(&place),
        across: [0.0, 0.5, 1.0][(corner % 3) as usize],
        down: cap - tall * [0.0, 0.5, 1.0][(corner / 3) as usize],
        step,
    }))
}

/// Codes for signs that keyboards lack: `%%d` °, `%%c` ⌀, `%%p` ±, `\U+00B0`; toggles for lines are taken out.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(code) = rest.strip_prefix("%%").and_then(|r| r.chars().next()) {
            match code.to_ascii_lowercase() {
                'd' => out.push('°'),
                'c' => out.push('Ø'),
                'p' => out.push('±'),
                '%' => out.push('%'),
                'u' | 'o' | 'k' => {}
                other => out.push(other),
            }
            rest = &rest[2 + code.len_utf8()..];
        } else if let Some((c, after)) = unicode(rest) {
            out.push(c);
            rest = after;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// A letter written as `\U+00B0`, and what follows.
fn unicode(text: &str) -> Option<(char, &str)> {
    let hex = text.strip_prefix("\\U+")?.get(..4)?;
    let c = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
    Some((c, &text[7..]))
}

/// The paragraphs of an MTEXT without its format codes.
fn paragraphs(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut rest = text;
    let add = |out: &mut Vec<String>, c: char| {
        if let Some(l) = out.last_mut() {
            l.push(c);
        }
    };
    while let Some(c) = rest.chars().next() {
        if let Some((c, after)) = unicode(rest) {
            add(&mut out, c);
            rest = after;
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '{' | '}' => {}
            '\\' => {
                let Some(code) = rest.chars().next() else { break };
                rest = &rest[code.len_utf8()..];
                match code {
                    'P' | 'N' | 'X' => out.push(String::new()),
                    '~' => add(&mut out, ' '),
                    '\\' | '{' | '}' => add(&mut out, code),
                    'L' | 'l' | 'O' | 'o' | 'K' | 'k' => {}
                    'S' => {
                        // A stack is written in a row: 1/2.
                        let end = rest.find(';').unwrap_or(rest.len());
                        for c in rest[..end].chars() {
                            add(&mut out, if matches!(c, '^' | '#') { '/' } else { c });
                        }
                        rest = rest.get(end + 1..).unwrap_or_default();
                    }
                    // Font, height, colour and the like reach to the semicolon.
                    _ => {
                        let end = rest.find(';').unwrap_or(rest.len());
                        rest = rest.get(end + 1..).unwrap_or_default();
                    }
                }
            }
            '^' if rest.starts_with('J') => {
                rest = &rest[1..];
                out.push(String::new());
            }
            '^' if rest.starts_with('I') => {
                rest = &rest[1..];
                add(&mut out, ' ');
            }
            c => add(&mut out, if c.is_control() { ' ' } else { c }),
        }
    }
    out.into_iter().map(|l| plain(&l)).collect()
}

/// Breaks a paragraph between words into lines of at most `room` em; 0 is without limit.
fn wrap(font: &Font, paragraph: &str, room: f64, out: &mut Vec<String>) {
    if room <= 0.0 || font.width(paragraph) <= room {
        out.push(paragraph.to_owned());
        return;
    }
    let (mut line, mut wide) = (String::new(), 0.0);
    for word in paragraph.split_inclusive(' ') {
        let own = font.width(word.trim_end());
        if wide + own > room && !line.is_empty() {
            out.push(line.trim_end().to_owned());
            (line, wide) = (String::new(), 0.0);
        }
        line.push_str(word);
        wide += font.width(word);
    }
    out.push(line.trim_end().to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_taken_out() {
        assert_eq!(plain("%%c20 %%p0.1 45%%d %%uA%%u 50%%%"), "Ø20 ±0.1 45° A 50%");
        assert_eq!(plain("\\U+00B5m"), "µm");
        assert_eq!(
            paragraphs("{\\fArial|b1;Top}\\PA\\~B \\S1/2; \\H2.5x;big\\\\^Jlast"),
            ["Top", "A B 1/2 big\\", "last"]
        );
        assert_eq!(paragraphs("end\\"), ["end"]);
        assert_eq!(paragraphs("\\fopen"), [""]);
    }

    #[test]
    fn lines_are_broken_between_words() {
        let font = Font::bundled(false).unwrap();
        let mut out = Vec::new();
        wrap(&font, "one two three", font.width("one two "), &mut out);
        assert_eq!(out, ["one two", "three"]);
    }
}
