//! Entities of a DXF file as segments in their own space.

use super::tags::Tag;
use super::{Item, Reader, Space, aci, text};
use crate::Cause;
use offcut_geometry::drawing::{Affine, Color, Curve, Segment, Vec2, push_spline, push_through};

/// What colours an entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Hue {
    ByLayer,
    ByBlock,
    Own(Color),
}

/// What an entity says about its own look.
#[derive(Debug, Clone)]
pub(crate) struct Own {
    pub layer: String,
    pub color: Hue,
    pub invisible: bool,
    paper: bool,
}

/// A colour as 0xRRGGBB.
pub(super) fn true_color(tag: &Tag<'_>) -> Result<Color, Cause> {
    let v = tag.integer()?;
    Ok(Color((v >> 16) as u8, (v >> 8) as u8, v as u8))
}

/// The look of an entity and its place in messages.
fn own(kind: &str, groups: &[Tag<'_>], at: usize) -> Result<(Own, String), Cause> {
    let mut own = Own {
        layer: "0".to_owned(),
        color: Hue::ByLayer,
        invisible: false,
        paper: false,
    };
    let mut handle = String::new();
    for t in groups {
        match t.code {
            5 => handle = format!(" #{}", t.text()),
            8 => own.layer = t.text().into_owned(),
            60 => own.invisible = t.integer()? == 1,
            67 => own.paper = t.integer()? == 1,
            62 => match t.integer()? {
                0 => own.color = Hue::ByBlock,
                256 => {}
                // A negative number hides the entity's layer; of the entity it is only the colour.
                n => own.color = aci::color(n.abs()).map_or(own.color, Hue::Own),
            },
            420 => own.color = Hue::Own(true_color(t)?),
            _ => {}
        }
    }
    Ok((own, format!("{kind}{handle} at {at}")))
}

/// The numbers of an entity by code.
pub(super) struct Fields<'g, 'a>(&'g [Tag<'a>]);

impl Fields<'_, '_> {
    fn get(&self, code: i32) -> Result<Option<f64>, Cause> {
        self.0
            .iter()
            .find(|t| t.code == code)
            .map(Tag::number)
            .transpose()
    }

    pub(super) fn or(&self, code: i32, default: f64) -> Result<f64, Cause> {
        Ok(self.get(code)?.unwrap_or(default))
    }

    /// The point whose x has this code; a missing coordinate is 0.
    pub(super) fn point(&self, code: i32) -> Result<Vec2, Cause> {
        Ok(Vec2::new(self.or(code, 0.0)?, self.or(code + 10, 0.0)?))
    }

    pub(super) fn flags(&self, code: i32) -> Result<i64, Cause> {
        Ok(self.or(code, 0.0)? as i64)
    }

    /// The texts of a code in one.
    pub(super) fn text(&self, code: i32) -> String {
        let all = self.0.iter().filter(|t| t.code == code);
        all.map(|t| t.text().into_owned()).collect()
    }

    /// All points whose x has this code, in order.
    fn points(&self, code: i32) -> Result<Vec<Vec2>, Cause> {
        let mut out: Vec<Vec2> = Vec::new();
        for t in self.0 {
            if t.code == code {
                out.push(Vec2::new(t.number()?, 0.0));
            } else if t.code == code + 10
                && let Some(p) = out.last_mut()
            {
                p.y = t.number()?;
            }
        }
        Ok(out)
    }

    fn all(&self, code: i32) -> Result<Vec<f64>, Cause> {
        self.0
            .iter()
            .filter(|t| t.code == code)
            .map(Tag::number)
            .collect()
    }

    fn normal(&self) -> Result<[f64; 3], Cause> {
        let n = [self.or(210, 0.0)?, self.or(220, 0.0)?, self.or(230, 1.0)?];
        let len = (n[0] * n[0] + n[1] * n[1] + n[2] * n[2]).sqrt();
        Ok(if len > 0.0 {
            n.map(|v| v / len)
        } else {
            [0.0, 0.0, 1.0]
        })
    }

    /// The map from the entity's own plane, seen from above (the "arbitrary axis" of the DXF Reference).
    pub(super) fn plane(&self, elevation: i32) -> Result<Affine, Cause> {
        let n = self.normal()?;
        if n[0] == 0.0 && n[1] == 0.0 {
            return Ok(Affine::scale(n[2].signum(), 1.0));
        }
        let z = self.or(elevation, 0.0)?;
        let ax = if n[0].abs() < 1.0 / 64.0 && n[1].abs() < 1.0 / 64.0 {
            [n[2], 0.0, -n[0]]
        } else {
            [-n[1], n[0], 0.0]
        };
        let len = (ax[0] * ax[0] + ax[1] * ax[1] + ax[2] * ax[2]).sqrt();
        let ax = ax.map(|v| v / len);
        let ay = [n[1] * ax[2] - n[2] * ax[1], n[2] * ax[0] - n[0] * ax[2]];
        Ok(Affine::new(ax[0], ax[1], ay[0], ay[1], n[0] * z, n[1] * z))
    }
}

/// Why an entity without a path is left out; `None` for those that nobody misses.
fn reason(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ATTDEF" => "it is the template of a text",
        "ARCALIGNEDTEXT" | "RTEXT" => "texts of this kind are not turned into outlines",
        "DIMENSION"
        | "LEADER"
        | "MULTILEADER"
        | "MLEADER"
        | "TOLERANCE"
        | "ARC_DIMENSION"
        | "LARGE_RADIAL_DIMENSION"
        | "ACAD_TABLE" => "it is an annotation",
        "HATCH" | "MPOLYGON" | "SOLID" | "TRACE" | "WIPEOUT" => "it is a filled area, not a path",
        "POINT" => "a point has no length",
        "IMAGE" | "OLE2FRAME" | "OLEFRAME" | "PDFUNDERLAY" | "DWFUNDERLAY" => "it is a linked picture",
        "3DFACE" | "3DSOLID" | "BODY" | "REGION" | "SURFACE" | "MESH" | "PLANESURFACE" => {
            "it is three-dimensional"
        }
        "RAY" | "XLINE" => "it has no end",
        "VIEWPORT" | "SEQEND" | "ENDBLK" | "VERTEX" => return None,
        _ => "offcut doesn't know it",
    })
}

impl Reader<'_> {
    /// Reads the entity that begins with `tag` into a space.
    pub(super) fn entity(&mut self, tag: &Tag<'_>, space: &mut Space, in_block: bool) -> Result<(), Cause> {
        let kind = tag.text().to_ascii_uppercase();
        self.collect()?;
        let place = format!("line {}", tag.at);
        let groups = std::mem::take(&mut self.groups);
        let f = Fields(&groups);
        let (own, source) = own(&kind, &groups, tag.at)?;
        let first = space.segments.len();
        let mut closed = false;
        let out = &mut space.segments;
        match kind.as_str() {
            "LINE" => {
                let (a, b) = (f.point(10)?, f.point(11)?);
                if a != b {
                    out.push(Segment::line(a, b));
                }
            }
            "ARC" | "CIRCLE" => {
                let (center, r) = (f.point(10)?, f.or(40, 0.0)?.abs());
                let frame = f.plane(30)?.of(&circle(center, r));
                let (start, sweep) = if kind == "ARC" {
                    let (from, to) = (f.or(50, 0.0)?, f.or(51, 360.0)?);
                    let sweep = (to - from).rem_euclid(360.0);
                    (from, if sweep == 0.0 { 360.0 } else { sweep })
                } else {
                    (0.0, 360.0)
                };
                closed = sweep == 360.0;
                if r > 0.0 {
                    Segment::push_ellipse(&frame, start.to_radians(), sweep.to_radians(), out);
                }
            }
            "ELLIPSE" => {
                let (center, major) = (f.point(10)?, f.point(11)?);
                let (n, mz, ratio) = (f.normal()?, f.or(31, 0.0)?, f.or(40, 1.0)?);
                let minor = Vec2::new(n[1] * mz - n[2] * major.y, n[2] * major.x - n[0] * mz) * ratio;
                let (from, to) = (f.or(41, 0.0)?, f.or(42, std::f64::consts::TAU)?);
                let mut sweep = (to - from).rem_euclid(std::f64::consts::TAU);
                if sweep < 1e-9 {
                    sweep = std::f64::consts::TAU;
                }
                closed = sweep > std::f64::consts::TAU - 1e-9;
                if major.norm() > 0.0 {
                    Segment::push_ellipse(&Affine::frame(center, major, minor), from, sweep, out);
                }
            }
            "LWPOLYLINE" => {
                let mut vertices: Vec<(Vec2, f64)> = Vec::new();
                for t in &groups {
                    match (t.code, vertices.last_mut()) {
                        (10, _) => vertices.push((Vec2::new(t.number()?, 0.0), 0.0)),
                        (20, Some(v)) => v.0.y = t.number()?,
                        (42, Some(v)) => v.1 = t.number()?,
                        _ => {}
                    }
                }
                closed = f.flags(70)? & 1 != 0;
                polyline(&vertices, closed, &f.plane(38)?, out);
            }
            "POLYLINE" => {
                let flags = f.flags(70)?;
                let vertices = self.vertices(flags & 8 == 0)?;
                if flags & (16 | 64) != 0 {
                    self.file.ignore("POLYLINE mesh", "it is three-dimensional");
                } else {
                    closed = flags & 1 != 0;
                    let plane = if flags & 8 == 0 {
                        f.plane(30)?
                    } else {
                        Affine::IDENTITY
                    };
                    polyline(&vertices, closed, &plane, out);
                }
            }
            "SPLINE" | "HELIX" => {
                let points = f.points(10)?;
                if points.is_empty() {
                    let tangent = |code: i32| -> Result<Option<Vec2>, Cause> {
                        f.get(code)?.is_some().then(|| f.point(code)).transpose()
                    };
                    push_through(&f.points(11)?, [tangent(12)?, tangent(13)?], out);
                } else {
                    let degree = f.or(71, 3.0)?.max(0.0) as usize;
                    push_spline(degree, &points, &f.all(40)?, &f.all(41)?, out)
                        .map_err(|e| Cause::syntax(&place, format!("SPLINE: {e}")))?;
                }
            }
            "TEXT" | "ATTRIB" | "MTEXT" => {
                let lines = match kind.as_str() {
                    "ATTRIB" if f.flags(70)? & 1 != 0 => None,
                    "MTEXT" => text::many(&f)?,
                    _ => text::single(&f)?,
                };
                if let Some(lines) = lines {
                    self.letters(&lines, &own, &source, space, in_block)?;
                }
                self.groups = groups;
                return Ok(());
            }
            "INSERT" => {
                self.insert(&f, own, source, space, in_block)?;
                self.groups = groups;
                return Ok(());
            }
            _ => {
                if let Some(why) = reason(&kind) {
                    self.file.ignore(&kind, why);
                }
            }
        }
        let out = &mut space.segments;
        if out[first..].iter().any(|s| !s.is_finite()) {
            return Err(Cause::NotFinite(place));
        }
        self.limits.segment_count(out)?;
        if let (Some(s), Some(e)) = (out.get(first), out.last())
            && out.len() > first
        {
            let size = s.a.norm().max(e.b.norm());
            closed |= out.len() - first > 1 && s.a.dist(e.b) <= 1e-12 * size + 1e-9;
            closed |= out.len() - first == 1 && matches!(s.curve, Curve::Cubic(..)) && s.a == e.b;
            let item = Item::Path {
                first,
                count: out.len() - first,
                closed,
                text: false,
                own,
                source,
            };
            self.keep(item, space, first, in_block);
        }
        self.groups = groups;
        Ok(())
    }

    /// Adds the letters of a text, each contour as a path.
    fn letters(
        &mut self,
        lines: &text::Lines,
        own: &Own,
        source: &str,
        space: &mut Space,
        in_block: bool,
    ) -> Result<(), Cause> {
        let (contours, missing) = text::outlines(lines, self.limits)?;
        for _ in 0..missing.min(1000) {
            self.file.ignore("letter", "the bundled font doesn't have it");
        }
        for c in contours {
            if c.iter().any(|s| !s.is_finite()) {
                return Err(Cause::NotFinite(source.to_owned()));
            }
            let first = space.segments.len();
            let item = Item::Path {
                first,
                count: c.len(),
                closed: true,
                text: true,
                own: own.clone(),
                source: source.to_owned(),
            };
            space.segments.extend(c);
            self.limits.segment_count(&space.segments)?;
            self.keep(item, space, first, in_block);
        }
        Ok(())
    }

    /// Adds an item to its space, or to paper space when it belongs there.
    fn keep(&mut self, item: Item, space: &mut Space, first: usize, in_block: bool) {
        let paper = match &item {
            Item::Path { own, .. } | Item::Insert { own, .. } => own.paper && !in_block,
        };
        if !paper {
            space.items.push(item);
            return;
        }
        let moved = Space {
            segments: space.segments.split_off(first),
            ..Space::default()
        };
        let start = self.paper.segments.len();
        super::append(&mut self.paper, moved);
        self.paper.items.push(match item {
            Item::Path {
                count,
                closed,
                text,
                own,
                source,
                ..
            } => Item::Path {
                first: start,
                count,
                closed,
                text,
                own,
                source,
            },
            insert => insert,
        });
    }

    /// The vertices of an old polyline up to its end mark.
    fn vertices(&mut self, flat: bool) -> Result<Vec<(Vec2, f64)>, Cause> {
        let mut out = Vec::new();
        while let Some(tag) = self.tags.next()? {
            if tag.code != 0 {
                continue;
            }
            if tag.is(0, "SEQEND") {
                self.collect()?;
                break;
            }
            if !tag.is(0, "VERTEX") {
                self.tags.unread(tag);
                break;
            }
            self.collect()?;
            let f = Fields(&self.groups);
            // Control points of a fitted curve aren't on it.
            if f.flags(70)? & 16 == 0 {
                let bulge = if flat { f.or(42, 0.0)? } else { 0.0 };
                out.push((f.point(10)?, bulge));
            }
        }
        Ok(out)
    }

    fn insert(
        &mut self,
        f: &Fields<'_, '_>,
        own: Own,
        source: String,
        space: &mut Space,
        in_block: bool,
    ) -> Result<(), Cause> {
        let name =
            f.0.iter()
                .find(|t| t.code == 2)
                .map_or(String::new(), |t| t.text().to_uppercase());
        let at = Affine::translate(f.point(10)?);
        let turn = Affine::rotate(f.or(50, 0.0)?.to_radians());
        let scale = Affine::scale(f.or(41, 1.0)?, f.or(42, 1.0)?);
        let (columns, rows) = (f.or(70, 1.0)?.max(1.0) as usize, f.or(71, 1.0)?.max(1.0) as usize);
        let (dx, dy) = (f.or(44, 0.0)?, f.or(45, 0.0)?);
        if columns.saturating_mul(rows) > self.limits.instances {
            return Err(Cause::TooManyInstances(self.limits.instances));
        }
        let outside = f.plane(30)?.of(&at).of(&turn);
        let mut maps = Vec::with_capacity(columns * rows);
        for row in 0..rows {
            for column in 0..columns {
                let step = Vec2::new(dx * column as f64, dy * row as f64);
                maps.push(outside.of(&Affine::translate(step)).of(&scale));
            }
        }
        if maps.iter().any(|m| !m.is_finite()) {
            return Err(Cause::NotFinite(source));
        }
        let item = Item::Insert {
            block: name,
            maps,
            own,
            source,
        };
        let first = space.segments.len();
        self.keep(item, space, first, in_block);
        Ok(())
    }
}

fn circle(center: Vec2, r: f64) -> Affine {
    Affine::frame(center, Vec2::new(r, 0.0), Vec2::new(0.0, r))
}

fn polyline(vertices: &[(Vec2, f64)], closed: bool, plane: &Affine, out: &mut Vec<Segment>) {
    let mut run = Vec::new();
    let ends = vertices.iter().cycle().skip(1);
    let legs = if closed {
        vertices.len()
    } else {
        vertices.len().saturating_sub(1)
    };
    for ((a, bulge), (b, _)) in vertices.iter().zip(ends).take(legs) {
        if a != b {
            Segment::push_arc(*a, *b, *bulge, &mut run);
        }
    }
    for s in &run {
        s.push_mapped(plane, out);
    }
}
