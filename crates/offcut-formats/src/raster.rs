//! Pictures as drawings: PNG and JPEG, kept encoded, with their size from pixels per inch.

use crate::Cause;
use crate::drawing::{DrawingFile, DrawingUnit, Reading, UnitReading};
use offcut_geometry::drawing::{Affine, Picture};

/// What the head of a picture says.
pub(crate) struct Head {
    pub format: &'static str,
    pub pixels: [u32; 2],
    /// Pixels in a millimetre, across and down.
    pub density: Option<[f64; 2]>,
}

/// The pixels per millimetre of pictures that state none: 96 to the inch.
const USUAL: f64 = 96.0 / 25.4;

pub(crate) fn read(bytes: &[u8]) -> Result<DrawingFile, Cause> {
    let head = head(bytes).ok_or_else(|| Cause::Truncated("the picture has no size".to_owned()))?;
    let mut file = DrawingFile::new(head.format, "picture");
    let reading = |density: f64, evidence: &str| Reading {
        unit: "px".to_owned(),
        millimetres: 1.0 / density,
        evidence: evidence.to_owned(),
    };
    let density = head.density.unwrap_or([USUAL, USUAL]);
    file.unit = if head.density.is_some() {
        UnitReading::stated(reading(density[0], "the picture's resolution"))
    } else {
        let px = DrawingUnit {
            name: "px",
            millimetres: 1.0 / USUAL,
        };
        file.warn(
            "unit",
            "the picture states no resolution; 96 pixels to the inch were assumed",
        );
        UnitReading::assumed(Reading::new(px, "96 pixels to the inch are usual"))
    };
    let size = [0, 1].map(|k| f64::from(head.pixels[k]) / density[k]);
    file.drawing.page = Some(size);
    let layer = file.drawing.layer("");
    file.drawing.pictures.push(Picture {
        format: head.format.to_owned(),
        pixels: head.pixels,
        frame: Affine::scale(size[0], size[1]),
        layer,
        bytes: bytes.to_vec(),
    });
    Ok(file)
}

/// Reads size and resolution of a PNG or JPEG.
pub(crate) fn head(bytes: &[u8]) -> Option<Head> {
    let head = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes)
    } else if bytes.starts_with(b"\xff\xd8") {
        jpeg(bytes)
    } else {
        None
    }?;
    head.pixels.iter().all(|p| *p > 0).then_some(head)
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn png(bytes: &[u8]) -> Option<Head> {
    let mut head = Head {
        format: "png",
        pixels: [be32(bytes, 16)?, be32(bytes, 20)?],
        density: None,
    };
    // pHYs comes before the image data.
    let mut at = 8;
    while let (Some(len), Some(kind)) = (be32(bytes, at), bytes.get(at + 4..at + 8)) {
        if kind == b"IDAT" {
            break;
        }
        if kind == b"pHYs" && bytes.get(at + 16) == Some(&1) {
            let per = [be32(bytes, at + 8)?, be32(bytes, at + 12)?];
            if per.iter().all(|p| *p > 0) {
                head.density = Some(per.map(|p| f64::from(p) / 1000.0));
            }
        }
        at = at.checked_add(len as usize)?.checked_add(12)?;
    }
    Some(head)
}

fn jpeg(bytes: &[u8]) -> Option<Head> {
    let be16 = |at: usize| Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
    let mut density = None;
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        let len = usize::from(be16(at + 2)?);
        match marker {
            0xff => {
                at += 1;
                continue;
            }
            0xe0 if bytes.get(at + 4..at + 9) == Some(b"JFIF\0") => {
                let per = [be16(at + 12)?, be16(at + 14)?].map(f64::from);
                let unit = match bytes.get(at + 11)? {
                    1 => Some(25.4),
                    2 => Some(10.0),
                    _ => None,
                };
                density = unit
                    .filter(|_| per[0] > 0.0 && per[1] > 0.0)
                    .map(|u| per.map(|p| p / u));
            }
            // Start of frame, but not the tables that share its range.
            0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                return Some(Head {
                    format: "jpeg",
                    pixels: [be16(at + 7)?.into(), be16(at + 5)?.into()],
                    density,
                });
            }
            0xd9 | 0xda => return None,
            _ => {}
        }
        at += 2 + len;
    }
}
