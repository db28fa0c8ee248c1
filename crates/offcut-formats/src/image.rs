//! PNG and JPEG as pixels, for engraving and for pictures.
//!
//! In: the bytes of a file. Out: an [`Image`] of 8 bits a channel, gray or coloured, with its resolution. Promised: sizes
//! are checked before memory is taken, and no input panics.

use crate::{Cause, Limits, raster};

/// How many numbers a pixel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// One: lightness.
    Gray,
    /// Three: red, green, blue.
    Rgb,
}

/// Decoded pixels, rows from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What a pixel has.
    pub channels: Channels,
    /// sRGB, 8 bits a channel.
    pub data: Vec<u8>,
    /// Opacity, one byte a pixel; `None` when all is opaque.
    pub alpha: Option<Vec<u8>>,
    /// Pixels to the inch, across and down, when the file states them.
    pub dpi: Option<[f64; 2]>,
}

impl Image {
    /// Lightness over white, one byte a pixel: what a laser sees. Weights after ITU-R BT.709, on the values as stored.
    #[must_use]
    pub fn gray(&self) -> Vec<u8> {
        let light = |i: usize| -> u32 {
            match self.channels {
                Channels::Gray => u32::from(self.data[i]) * 10_000,
                Channels::Rgb => {
                    let [r, g, b] = [0, 1, 2].map(|k| u32::from(self.data[3 * i + k]));
                    2126 * r + 7152 * g + 722 * b
                }
            }
        };
        let opacity = |i: usize| self.alpha.as_ref().map_or(255, |a| u32::from(a[i]));
        (0..self.pixels())
            .map(|i| {
                let (v, a) = (light(i), opacity(i));
                let over_white = (v * a + (255 - a) * 2_550_000) / 255;
                ((over_white + 5_000) / 10_000) as u8
            })
            .collect()
    }

    /// Red, green, blue and opacity, four bytes a pixel.
    #[must_use]
    pub fn rgba(&self) -> Vec<u8> {
        let color = |i: usize| -> [u8; 3] {
            match self.channels {
                Channels::Gray => [self.data[i]; 3],
                Channels::Rgb => [0, 1, 2].map(|k| self.data[3 * i + k]),
            }
        };
        (0..self.pixels())
            .flat_map(|i| {
                let [r, g, b] = color(i);
                [r, g, b, self.alpha.as_ref().map_or(255, |a| a[i])]
            })
            .collect()
    }

    /// Width and height at the stated resolution, mm; 96 pixels to the inch when none is stated.
    #[must_use]
    pub fn size_mm(&self) -> [f64; 2] {
        let dpi = self.dpi.unwrap_or([96.0, 96.0]);
        [
            f64::from(self.width) / dpi[0] * 25.4,
            f64::from(self.height) / dpi[1] * 25.4,
        ]
    }

    const fn pixels(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Splits interleaved bytes of 1 to 4 channels.
    fn of(size: [u32; 2], channels: usize, bytes: &[u8], dpi: Option<[f64; 2]>) -> Option<Self> {
        let count = size[0] as usize * size[1] as usize;
        if bytes.len() != count * channels {
            return None;
        }
        let colors = if channels < 3 { 1 } else { 3 };
        let (mut data, mut alpha) = (Vec::with_capacity(count * colors), Vec::new());
        for p in bytes.chunks_exact(channels) {
            data.extend(&p[..colors]);
            alpha.extend(p.get(colors));
        }
        Some(Self {
            width: size[0],
            height: size[1],
            channels: if colors == 1 {
                Channels::Gray
            } else {
                Channels::Rgb
            },
            data,
            alpha: (!alpha.is_empty() && alpha.iter().any(|a| *a != 255)).then_some(alpha),
            dpi,
        })
    }
}

/// Decodes a PNG or JPEG.
///
/// # Errors
/// When it is neither, broken, or has more pixels than allowed.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Image, Cause> {
    let head = raster::head(bytes).ok_or_else(|| Cause::Truncated("the picture has no size".to_owned()))?;
    let count = u64::from(head.pixels[0]) * u64::from(head.pixels[1]);
    if count > limits.pixels {
        return Err(Cause::Unsupported(format!(
            "a picture of {count} pixels (at most {} are read)",
            limits.pixels
        )));
    }
    let dpi = head.density.map(|d| d.map(|v| v * 25.4));
    let image = if head.format == "png" {
        png_pixels(bytes, head.pixels, dpi)?
    } else {
        jpeg_pixels(bytes, head.pixels, dpi)?
    };
    image.ok_or_else(|| Cause::Truncated("the picture has fewer pixels than it says".to_owned()))
}

fn png_pixels(bytes: &[u8], size: [u32; 2], dpi: Option<[f64; 2]>) -> Result<Option<Image>, Cause> {
    let broken = |e: png::DecodingError| Cause::syntax("the PNG", e.to_string());
    let mut d = png::Decoder::new(std::io::Cursor::new(bytes));
    // Palettes, 1 to 4 and 16 bits become 8 bits a channel.
    d.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = d.read_info().map_err(broken)?;
    let Some(room) = reader.output_buffer_size() else {
        return Ok(None);
    };
    let mut buffer = vec![0; room];
    let info = reader.next_frame(&mut buffer).map_err(broken)?;
    buffer.truncate(info.buffer_size());
    Ok(Image::of(size, info.color_type.samples(), &buffer, dpi))
}

fn jpeg_pixels(bytes: &[u8], size: [u32; 2], dpi: Option<[f64; 2]>) -> Result<Option<Image>, Cause> {
    use zune_jpeg::zune_core::bytestream::ZCursor;
    use zune_jpeg::zune_core::colorspace::ColorSpace;
    use zune_jpeg::zune_core::options::DecoderOptions;
    let broken = |e: zune_jpeg::errors::DecodeErrors| Cause::syntax("the JPEG", e.to_string());
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut d = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let pixels = d.decode().map_err(broken)?;
    let gray = d.input_colorspace() == Some(ColorSpace::Luma);
    let image = Image::of(size, 3, &pixels, dpi);
    Ok(image.map(|mut i| {
        if gray {
            i.data = i.data.iter().step_by(3).copied().collect();
            i.channels = Channels::Gray;
        }
        i
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(color: png::ColorType, depth: png::BitDepth, data: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut e = png::Encoder::new(&mut out, 2, 2);
        e.set_color(color);
        e.set_depth(depth);
        e.set_pixel_dims(Some(png::PixelDimensions {
            xppu: 10_000,
            yppu: 20_000,
            unit: png::Unit::Meter,
        }));
        let mut w = e.write_header().unwrap();
        w.write_image_data(data).unwrap();
        w.finish().unwrap();
        out
    }

    #[test]
    fn pixels_of_png() {
        use png::{BitDepth as D, ColorType as C};
        let i = decode(
            &png(C::Grayscale, D::Eight, &[0, 50, 200, 255]),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(
            (i.channels, &i.data[..]),
            (Channels::Gray, &[0, 50, 200, 255][..])
        );
        assert_eq!(i.gray(), [0, 50, 200, 255]);
        // 10 and 20 pixels a millimetre.
        let s = i.size_mm();
        assert!((s[0] - 0.2).abs() < 1e-12 && (s[1] - 0.1).abs() < 1e-12);
        let i = decode(
            &png(C::Grayscale, D::One, &[0b0100_0000, 0b1000_0000]),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(i.gray(), [0, 255, 255, 0]);
        let rgba = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0];
        let i = decode(&png(C::Rgba, D::Eight, &rgba), &Limits::default()).unwrap();
        // Weights of BT.709; what is transparent is white.
        assert_eq!(i.gray(), [54, 182, 18, 255]);
        assert_eq!(i.rgba(), rgba);
    }

    /// The smallest gray JPEG: 8 x 8 pixels of one DC value.
    fn jpeg() -> Vec<u8> {
        let mut b = vec![0xff, 0xd8, 0xff, 0xe0, 0, 16];
        b.extend(b"JFIF\0\x01\x01\x01\0\x64\0\x64\0\0");
        b.extend([0xff, 0xdb, 0, 67, 0]);
        b.extend([1; 64]);
        b.extend([0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
        // One DC code: 0 is "no difference"; one AC code: 0 is "end of block".
        for class in [0x00, 0x10] {
            b.extend([0xff, 0xc4, 0, 20, class, 1]);
            b.extend([0; 15]);
            b.push(0);
        }
        b.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0b0011_1111, 0xff, 0xd9]);
        b
    }

    #[test]
    fn pixels_of_jpeg() {
        let i = decode(&jpeg(), &Limits::default()).unwrap();
        assert_eq!((i.width, i.height, i.channels), (8, 8, Channels::Gray));
        // No difference from the middle of the range.
        assert_eq!(i.gray(), [128; 64]);
        assert!(i.dpi.is_some_and(|d| (d[0] - 100.0).abs() < 1e-9));
    }

    #[test]
    fn what_is_broken_or_huge_is_refused() {
        let good = png(
            png::ColorType::Grayscale,
            png::BitDepth::Eight,
            &[0, 50, 200, 255],
        );
        for n in 0..good.len() - 12 {
            assert!(decode(&good[..n], &Limits::default()).is_err(), "{n}");
        }
        let few = Limits {
            pixels: 3,
            ..Limits::default()
        };
        assert!(decode(&good, &few).is_err());
        for n in 0..40 {
            assert!(decode(&jpeg()[..n], &Limits::default()).is_err(), "{n}");
        }
    }
}
