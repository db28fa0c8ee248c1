//! Grey becomes burnt and not burnt, with the same mean.
//!
//! Error diffusion: R. Floyd and L. Steinberg 1976; J. Jarvis, C. Judice and W. Ninke 1976; P. Stucki 1981; D. Burkes
//! 1988; F. Sierra 1989; B. Atkinson (Macintosh). Ordered: B. Bayer 1973. Newsprint: a screen at 45° whose threshold
//! tile holds every level equally often.

/// How grey becomes burnt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Dither {
    /// It stays grey.
    Grayscale,
    /// Darker than a threshold.
    Threshold,
    /// Ordered, 8 x 8.
    Bayer,
    /// Floyd and Steinberg.
    #[default]
    FloydSteinberg,
    /// Jarvis, Judice and Ninke.
    Jarvis,
    /// Stucki.
    Stucki,
    /// Atkinson.
    Atkinson,
    /// Burkes.
    Burkes,
    /// Sierra.
    Sierra,
    /// Round dots.
    Newsprint,
}

/// Where the error of a pixel goes: columns ahead, rows down, parts.
type Kernel = &'static [(isize, usize, i32)];

/// The kernel of an error diffusion and its whole.
fn kernel(d: Dither) -> Option<(Kernel, i32)> {
    Some(match d {
        Dither::FloydSteinberg => (&[(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)], 16),
        Dither::Jarvis => (
            &[
                (1, 0, 7),
                (2, 0, 5),
                (-2, 1, 3),
                (-1, 1, 5),
                (0, 1, 7),
                (1, 1, 5),
                (2, 1, 3),
                (-2, 2, 1),
                (-1, 2, 3),
                (0, 2, 5),
                (1, 2, 3),
                (2, 2, 1),
            ],
            48,
        ),
        Dither::Stucki => (
            &[
                (1, 0, 8),
                (2, 0, 4),
                (-2, 1, 2),
                (-1, 1, 4),
                (0, 1, 8),
                (1, 1, 4),
                (2, 1, 2),
                (-2, 2, 1),
                (-1, 2, 2),
                (0, 2, 4),
                (1, 2, 2),
                (2, 2, 1),
            ],
            42,
        ),
        Dither::Atkinson => (
            &[(1, 0, 1), (2, 0, 1), (-1, 1, 1), (0, 1, 1), (1, 1, 1), (0, 2, 1)],
            8,
        ),
        Dither::Burkes => (
            &[
                (1, 0, 8),
                (2, 0, 4),
                (-2, 1, 2),
                (-1, 1, 4),
                (0, 1, 8),
                (1, 1, 4),
                (2, 1, 2),
            ],
            32,
        ),
        Dither::Sierra => (
            &[
                (1, 0, 5),
                (2, 0, 3),
                (-2, 1, 2),
                (-1, 1, 4),
                (0, 1, 5),
                (1, 1, 4),
                (2, 1, 2),
                (-1, 2, 2),
                (0, 2, 3),
                (1, 2, 2),
            ],
            32,
        ),
        _ => return None,
    })
}

/// Columns beside a row that kernels reach.
const SIDE: usize = 2;

/// Makes darkness (0 to 255, `width` a row) burnt (255) or not (0). `threshold` is the least darkness that burns;
/// `cell` the distance of newsprint dots in pixels.
pub fn dither(dark: &mut [u8], width: usize, d: Dither, threshold: u8, cell: f64) {
    if width == 0 {
        return;
    }
    if let Some((kernel, whole)) = kernel(d) {
        return diffuse(dark, width, kernel, whole);
    }
    match d {
        Dither::Threshold => {
            let least = threshold.max(1);
            dark.iter_mut()
                .for_each(|v| *v = if *v >= least { 255 } else { 0 });
        }
        Dither::Bayer => {
            let n = 8;
            let tile: Vec<u32> = (0..n * n)
                .map(|i| bayer((i % n) as u32, (i / n) as u32))
                .collect();
            ordered(dark, width, &tile, n);
        }
        Dither::Newsprint => {
            // Two dots in a tile whose side is the diagonal of the screen at 45°.
            let n = ((cell * std::f64::consts::SQRT_2).round() as usize).clamp(2, 128);
            ordered(dark, width, &screen(n), n);
        }
        _ => {}
    }
}

fn diffuse(dark: &mut [u8], width: usize, kernel: Kernel, whole: i32) {
    // Errors of this row and the next two, in parts of `whole`; the division is made once, where a pixel is judged.
    let stride = width + 2 * SIDE;
    let mut errors: [Vec<i32>; 3] = [(); 3].map(|()| vec![0; stride]);
    let mut rest = 0;
    for (r, row) in dark.chunks_exact_mut(width).enumerate() {
        let back = r % 2 == 1;
        for i in 0..width {
            let k = if back { width - 1 - i } else { i };
            let v = i32::from(row[k]) * whole + errors[0][k + SIDE] + rest;
            let (level, burnt) = if v * 2 >= 255 * whole {
                (255 * whole, 255)
            } else {
                (0, 0)
            };
            let error = v - level;
            row[k] = burnt;
            // Parts are whole numbers of 1/whole: what their division leaves goes to the next pixel.
            let part = error / whole;
            rest = error % whole;
            for (dx, dy, w) in kernel {
                let x = if back { k as isize - dx } else { k as isize + dx };
                errors[*dy][(x + SIDE as isize) as usize] += part * w;
            }
        }
        // What fell beside the row comes back to its edge pixels.
        for e in &mut errors[1..] {
            for s in 0..SIDE {
                e[SIDE] += std::mem::take(&mut e[s]);
                let right = stride - 1 - s;
                e[stride - 1 - SIDE] += std::mem::take(&mut e[right]);
            }
        }
        errors.rotate_left(1);
        errors[2].fill(0);
    }
}

/// Rank of a place in the 8 x 8 matrix, 0 to 63: its bits interleaved.
fn bayer(x: u32, y: u32) -> u32 {
    let v = x ^ y;
    (0..3).fold(0, |m, b| {
        m | (v >> b & 1) << (5 - 2 * b) | (y >> b & 1) << (4 - 2 * b)
    })
}

/// Ranks of a tile with two round dots, by how near a place is to a dot's middle.
fn screen(n: usize) -> Vec<u32> {
    let turn = std::f64::consts::TAU / n as f64;
    let spot = |x: usize, y: usize| {
        let (u, v) = ((x as f64 + 0.5) * turn, (y as f64 + 0.5) * turn);
        libm::cos(u) * libm::cos(v)
    };
    let mut order: Vec<usize> = (0..n * n).collect();
    order.sort_by(|a, b| {
        let (p, q) = (spot(a % n, a / n), spot(b % n, b / n));
        q.total_cmp(&p).then(a.cmp(b))
    });
    let mut rank = vec![0; n * n];
    for (r, i) in order.into_iter().enumerate() {
        rank[i] = r as u32;
    }
    rank
}

/// Burns where the darkness is above the level of the tile's rank.
fn ordered(dark: &mut [u8], width: usize, tile: &[u32], n: usize) {
    let levels: Vec<f32> = tile
        .iter()
        .map(|r| (*r as f32 + 0.5) * 255.0 / (n * n) as f32)
        .collect();
    for (y, row) in dark.chunks_exact_mut(width).enumerate() {
        let levels = &levels[y % n * n..][..n];
        for (x, v) in row.iter_mut().enumerate() {
            *v = if f32::from(*v) > levels[x % n] { 255 } else { 0 };
        }
    }
}
