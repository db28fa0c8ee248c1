//! Grey pictures at another size: every new pixel is the mean of the area that it covers, or lies between the old
//! ones where the picture grows.

/// Grey pixels, rows from the top; 0 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// One byte a pixel.
    pub data: Vec<u8>,
}

impl Gray {
    /// The grey between pixels, at shares of width and height from the upper left corner.
    #[inline]
    pub(super) fn between(&self, u: f64, v: f64) -> u8 {
        let place = |t: f64, n: usize| {
            let x = (t * n as f64 - 0.5).clamp(0.0, (n - 1) as f64);
            let i = x as usize;
            (i, (i + 1).min(n - 1), x - i as f64)
        };
        let (x0, x1, fx) = place(u, self.width);
        let (y0, y1, fy) = place(v, self.height);
        let at = |x: usize, y: usize| f64::from(self.data[y * self.width + x]);
        let top = at(x0, y0) + (at(x1, y0) - at(x0, y0)) * fx;
        let low = at(x0, y1) + (at(x1, y1) - at(x0, y1)) * fx;
        (top + (low - top) * fy + 0.5) as u8
    }
}

/// Shares of old pixels in one new one.
struct Share {
    first: usize,
    weights: Vec<f32>,
}

fn shares(old: usize, new: usize) -> Vec<Share> {
    let k = old as f64 / new as f64;
    (0..new)
        .map(|i| {
            if k <= 1.0 {
                // Growing: between the two nearest.
                let x = ((i as f64 + 0.5) * k - 0.5).clamp(0.0, (old - 1) as f64);
                let first = (x as usize).min(old - 1);
                let f = (x - first as f64) as f32;
                let weights = if first + 1 < old {
                    vec![1.0 - f, f]
                } else {
                    vec![1.0]
                };
                return Share { first, weights };
            }
            let (lo, hi) = (i as f64 * k, (i + 1) as f64 * k);
            let first = lo as usize;
            let end = (hi.ceil() as usize).min(old);
            let weights = (first..end)
                .map(|j| ((hi.min(j as f64 + 1.0) - lo.max(j as f64)) / k) as f32)
                .collect();
            Share { first, weights }
        })
        .collect()
}

/// A picture at another size.
#[must_use]
pub fn resample(p: &Gray, width: usize, height: usize) -> Gray {
    if (p.width, p.height) == (width, height) || p.width == 0 || p.height == 0 || width == 0 || height == 0 {
        return p.clone();
    }
    let (across, down) = (shares(p.width, width), shares(p.height, height));
    let mut data = vec![0u8; width * height];
    let one = |share: &Share, out: &mut [u8]| {
        // The rows first, summed at the old width, then the columns.
        let mut sum = vec![0.0f32; p.width];
        for (j, w) in share.weights.iter().enumerate() {
            let row = &p.data[(share.first + j) * p.width..][..p.width];
            for (s, v) in sum.iter_mut().zip(row) {
                *s += w * f32::from(*v);
            }
        }
        for (o, c) in out.iter_mut().zip(&across) {
            let v: f32 = c.weights.iter().zip(&sum[c.first..]).map(|(w, s)| w * s).sum();
            *o = (v + 0.5) as u8;
        }
    };
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        data.par_chunks_exact_mut(width)
            .zip(down.par_iter())
            .for_each(|(out, share)| one(share, out));
    }
    #[cfg(not(feature = "parallel"))]
    data.chunks_exact_mut(width)
        .zip(&down)
        .for_each(|(out, share)| one(share, out));
    Gray { width, height, data }
}
