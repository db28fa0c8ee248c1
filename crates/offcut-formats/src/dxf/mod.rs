//! DXF drawings, R12 to 2018, ASCII and binary.
//!
//! In: bytes. Out: the paths of model space in millimetres; blocks are placed, arcs stay arcs, texts
//! become outlines. What has no path (dimensions, hatches), is hidden or lies in paper space is listed as ignored. The reader is
//! tolerant where exporters are sloppy (missing header, tables or end mark) and strict where a shape would be
//! wrong (numbers, splines, loops of blocks). Group codes after Autodesk's "DXF Reference".

mod aci;
mod entity;
mod tags;
#[cfg(test)]
mod tests;
mod text;
mod unit;
mod write;

pub use write::write;

use crate::drawing::{DrawingFile, DrawingUnit};
use crate::{Cause, Limits};
use entity::Own;
use offcut_geometry::drawing::{Affine, Color, Layer, Paint, Path, Segment, Vec2};
use std::collections::BTreeMap;
use tags::{Tag, Tags};

/// Whether the bytes are certainly a DXF file.
pub(crate) fn detect(bytes: &[u8]) -> bool {
    if tags::is_binary(bytes) {
        return true;
    }
    let Some(head) = crate::sniff::text_head(bytes) else {
        return false;
    };
    let mut lines = head.lines().map(str::trim).filter(|l| !l.is_empty());
    while let (Some(code), Some(value)) = (lines.next(), lines.next()) {
        match code {
            "999" => {}
            "0" => return value.eq_ignore_ascii_case("SECTION"),
            _ => return false,
        }
    }
    false
}

/// A run of segments or a placed block, before placing.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Path {
        first: usize,
        count: usize,
        closed: bool,
        text: bool,
        own: Own,
        source: String,
    },
    Insert {
        block: String,
        /// From the block's coordinates to those around it, one for each copy.
        maps: Vec<Affine>,
        own: Own,
        source: String,
    },
}

/// Model space, paper space or a block.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub segments: Vec<Segment>,
    pub items: Vec<Item>,
    base: Vec2,
}

#[derive(Debug, Default)]
struct LayerEntry {
    color: Option<Color>,
    hidden: Option<&'static str>,
}

/// What the header says.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub version: String,
    pub insunits: Option<i64>,
    pub measurement: Option<i64>,
    pub comments: String,
}

struct Reader<'a> {
    tags: Tags<'a>,
    limits: &'a Limits,
    file: DrawingFile,
    header: Header,
    layers: BTreeMap<String, LayerEntry>,
    blocks: BTreeMap<String, Space>,
    model: Space,
    paper: Space,
    /// The groups of the entity that is being read.
    groups: Vec<Tag<'a>>,
    placed: usize,
    /// Layers of the drawing by name: a hostile file could have a new one for each entity.
    named: BTreeMap<String, u32>,
}

pub(crate) fn read(bytes: &[u8], unit: Option<DrawingUnit>, limits: &Limits) -> Result<DrawingFile, Cause> {
    let mut r = Reader {
        tags: Tags::new(bytes),
        limits,
        file: DrawingFile::new("dxf", ""),
        header: Header::default(),
        layers: BTreeMap::new(),
        blocks: BTreeMap::new(),
        model: Space::default(),
        paper: Space::default(),
        groups: Vec::new(),
        placed: 0,
        named: BTreeMap::new(),
    };
    r.sections()?;
    let release = match r.header.version.as_str() {
        "" => "without a version",
        "AC1006" => "R10",
        "AC1009" => "R12",
        "AC1012" => "R13",
        "AC1014" => "R14",
        "AC1015" => "R2000",
        "AC1018" => "R2004",
        "AC1021" => "R2007",
        "AC1024" => "R2010",
        "AC1027" => "R2013",
        "AC1032" => "R2018",
        other => other,
    };
    let kind = if tags::is_binary(bytes) { "binary" } else { "ascii" };
    r.file.variant = format!("{release} {kind}");
    r.finish(unit)
}

impl<'a> Reader<'a> {
    fn sections(&mut self) -> Result<(), Cause> {
        let mut ended = true;
        while let Some(tag) = self.tags.next()? {
            if tag.code == 999 {
                self.header.comments.push_str(&tag.text());
                continue;
            }
            if tag.is(0, "EOF") {
                return Ok(());
            }
            if !tag.is(0, "SECTION") {
                // Some writers leave stray groups between sections.
                continue;
            }
            let Some(name) = self.tags.next()? else {
                ended = false;
                break;
            };
            ended = match name.text().to_ascii_uppercase().as_str() {
                "HEADER" => self.header_section()?,
                "TABLES" => self.tables()?,
                "BLOCKS" => self.blocks()?,
                "ENTITIES" => self.entities()?,
                _ => self.skip_section()?,
            };
        }
        if ended {
            self.file.warn(
                "no-end-mark",
                "the file has no end mark; it may have been cut off",
            );
            return Ok(());
        }
        Err(Cause::Truncated("it ends within a section".to_owned()))
    }

    fn skip_section(&mut self) -> Result<bool, Cause> {
        while let Some(tag) = self.tags.next()? {
            if tag.is(0, "ENDSEC") {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn header_section(&mut self) -> Result<bool, Cause> {
        let mut name = String::new();
        while let Some(tag) = self.tags.next()? {
            if tag.is(0, "ENDSEC") {
                return Ok(true);
            }
            if tag.code == 9 {
                name = tag.text().to_ascii_uppercase();
                continue;
            }
            match name.as_str() {
                "$ACADVER" => self.header.version = tag.text().into_owned(),
                // A header value that is no number says nothing; the shapes don't depend on it.
                "$INSUNITS" => self.header.insunits = tag.integer().ok(),
                "$MEASUREMENT" => self.header.measurement = tag.integer().ok(),
                _ => {}
            }
        }
        Ok(false)
    }

    /// Reads the groups up to the next code 0 into `groups`.
    fn collect(&mut self) -> Result<(), Cause> {
        self.groups.clear();
        while let Some(tag) = self.tags.next()? {
            if tag.code == 0 {
                self.tags.unread(tag);
                return Ok(());
            }
            self.groups.push(tag);
        }
        Ok(())
    }

    fn tables(&mut self) -> Result<bool, Cause> {
        while let Some(tag) = self.tags.next()? {
            if tag.is(0, "ENDSEC") {
                return Ok(true);
            }
            if !tag.is(0, "LAYER") {
                continue;
            }
            self.collect()?;
            let find = |code: i32| self.groups.iter().find(|t| t.code == code);
            let Some(name) = find(2).map(|t| t.text().into_owned()) else {
                continue;
            };
            let flags = find(70).map_or(Ok(0), Tag::integer)?;
            let number = find(62).map_or(Ok(7), Tag::integer)?;
            let hidden = if flags & 1 != 0 {
                Some("its layer is frozen")
            } else if number < 0 {
                Some("its layer is off")
            } else {
                None
            };
            let color = find(420).map(entity::true_color).transpose()?;
            let entry = LayerEntry {
                color: color.or_else(|| aci::color(number.abs())),
                hidden,
            };
            if self.layers.len() < self.limits.entries {
                self.layers.insert(name.to_uppercase(), entry);
            }
        }
        Ok(false)
    }

    fn blocks(&mut self) -> Result<bool, Cause> {
        while let Some(tag) = self.tags.next()? {
            if tag.is(0, "ENDSEC") {
                return Ok(true);
            }
            if !tag.is(0, "BLOCK") {
                continue;
            }
            self.collect()?;
            let mut block = Space::default();
            let mut name = String::new();
            for t in &self.groups {
                match t.code {
                    2 => name = t.text().to_uppercase(),
                    10 => block.base.x = t.number()?,
                    20 => block.base.y = t.number()?,
                    _ => {}
                }
            }
            loop {
                let Some(tag) = self.tags.next()? else {
                    return Ok(false);
                };
                if tag.is(0, "ENDBLK") {
                    break;
                }
                if tag.is(0, "ENDSEC") {
                    self.tags.unread(tag);
                    break;
                }
                if tag.code == 0 {
                    self.entity(&tag, &mut block, true)?;
                }
            }
            // R12 files keep paper space in a block of its own.
            if name.starts_with("*PAPER_SPACE") || name.starts_with("$PAPER_SPACE") {
                append(&mut self.paper, block);
            } else {
                self.blocks.insert(name, block);
            }
        }
        Ok(false)
    }

    fn entities(&mut self) -> Result<bool, Cause> {
        let mut model = std::mem::take(&mut self.model);
        let mut ended = false;
        while let Some(tag) = self.tags.next()? {
            if tag.is(0, "ENDSEC") {
                ended = true;
                break;
            }
            if tag.is(0, "EOF") {
                self.tags.unread(tag);
                ended = true;
                break;
            }
            if tag.code == 0 {
                self.entity(&tag, &mut model, false)?;
            }
        }
        self.model = model;
        Ok(ended)
    }

    fn finish(mut self, unit: Option<DrawingUnit>) -> Result<DrawingFile, Cause> {
        let mut space = std::mem::take(&mut self.model);
        if space.items.is_empty() && !self.paper.items.is_empty() {
            self.file.warn(
                "paper-space",
                "model space is empty; what lies in paper space was taken",
            );
            space = std::mem::take(&mut self.paper);
        }
        for item in std::mem::take(&mut self.paper.items) {
            if let Item::Path { .. } = item {
                self.file.ignore("path", "it lies in paper space");
            }
        }
        self.place(&space, &Affine::IDENTITY, None, 0)?;
        self.file.unit = unit::reading(&self.header, &self.file.drawing, unit);
        let scale = self.file.unit.reading.millimetres;
        if scale != 1.0 {
            self.file.drawing = self.file.drawing.mapped(&Affine::scale(scale, scale));
        }
        unit::warn(&mut self.file);
        Ok(self.file)
    }

    /// Adds what a space holds to the drawing. `outer` is the look of the insert that places it.
    fn place(
        &mut self,
        space: &Space,
        map: &Affine,
        outer: Option<&Look>,
        depth: usize,
    ) -> Result<(), Cause> {
        if depth > self.limits.depth.min(64) {
            return Err(Cause::TooDeep {
                what: "blocks",
                limit: self.limits.depth.min(64),
            });
        }
        for item in &space.items {
            match item {
                Item::Path {
                    first,
                    count,
                    closed,
                    text,
                    own,
                    source,
                } => {
                    let Some(look) = self.look(own, outer, "path") else {
                        continue;
                    };
                    let d = &mut self.file.drawing;
                    let start = d.segments.len();
                    for s in &space.segments[*first..first + count] {
                        s.push_mapped(map, &mut d.segments);
                    }
                    self.limits.segment_count(&d.segments)?;
                    let layer = match self.named.get(&look.layer) {
                        Some(layer) => *layer,
                        None => {
                            d.layers.push(Layer::new(&look.layer));
                            let layer = d.layers.len() as u32 - 1;
                            self.named.insert(look.layer.clone(), layer);
                            layer
                        }
                    };
                    d.sources.push(source.clone());
                    let path = Path {
                        first: start as u32,
                        count: (d.segments.len() - start) as u32,
                        closed: *closed,
                        layer,
                        color: Some(look.color),
                        paint: if *text { Paint::Fill } else { Paint::Stroke },
                        text: *text,
                        source: d.sources.len() as u32 - 1,
                    };
                    if d.layers[layer as usize].color.is_none() {
                        let key = look.layer.to_uppercase();
                        d.layers[layer as usize].color = self.layers.get(&key).and_then(|l| l.color);
                    }
                    d.paths.push(path);
                }
                Item::Insert {
                    block,
                    maps,
                    own,
                    source,
                } => {
                    let Some(look) = self.look(own, outer, "block") else {
                        continue;
                    };
                    // Taken out while it is placed: a block that places itself isn't found.
                    let Some(inner) = self.blocks.remove(block) else {
                        let name: String = block.chars().take(40).collect();
                        return Err(Cause::Dangling {
                            place: source.clone(),
                            what: format!("block '{}' (or it contains itself)", name.escape_debug()),
                        });
                    };
                    for m in maps {
                        self.placed += 1;
                        if self.placed > self.limits.instances {
                            return Err(Cause::TooManyInstances(self.limits.instances));
                        }
                        let inner_map = map.of(m).of(&Affine::translate(-inner.base));
                        self.place(&inner, &inner_map, Some(&look), depth + 1)?;
                    }
                    self.blocks.insert(block.clone(), inner);
                }
            }
        }
        Ok(())
    }

    /// Layer and colour of an item; `None` (and reported) when it is hidden.
    fn look(&mut self, own: &Own, outer: Option<&Look>, what: &str) -> Option<Look> {
        let layer = match outer {
            // Layer 0 of a block is the layer of its insert.
            Some(o) if own.layer == "0" => o.layer.clone(),
            _ => own.layer.clone(),
        };
        let entry = self.layers.get(&layer.to_uppercase());
        if let Some(why) = entry.and_then(|e| e.hidden) {
            self.file.ignore(what, why);
            return None;
        }
        if own.invisible {
            self.file.ignore(what, "it is hidden");
            return None;
        }
        let color = match own.color {
            entity::Hue::Own(c) => c,
            entity::Hue::ByBlock => outer.map_or(Color(0, 0, 0), |o| o.color),
            entity::Hue::ByLayer => entry.and_then(|e| e.color).unwrap_or(Color(0, 0, 0)),
        };
        Some(Look { layer, color })
    }
}

/// How an item looks where it is placed.
struct Look {
    layer: String,
    color: Color,
}

fn append(to: &mut Space, from: Space) {
    let shift = to.segments.len();
    to.segments.extend(from.segments);
    to.items.extend(from.items.into_iter().map(|item| match item {
        Item::Path {
            first,
            count,
            closed,
            text,
            own,
            source,
        } => Item::Path {
            first: first + shift,
            count,
            closed,
            text,
            own,
            source,
        },
        other => other,
    }));
}
