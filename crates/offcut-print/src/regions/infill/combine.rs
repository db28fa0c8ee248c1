//! Sparse infill of several layers printed as one thicker layer.

/// Which layers print sparse infill, and of how many layers: entry `i` is 0 where a layer above
/// prints the infill of layer `i`, otherwise the number of layers, `i` and those below it, whose
/// infill it prints at once. `heights` in mm from the bed up. At most `every` layers are combined
/// and not more than `nozzle` (mm) in height; the first layer never is.
#[must_use]
pub fn combine(heights: &[f64], every: u32, nozzle: f64) -> Vec<u32> {
    let mut out = vec![0; heights.len()];
    let (mut count, mut sum) = (0u32, 0.0);
    for (i, &h) in heights.iter().enumerate() {
        // Layer 0 stands alone.
        if i > 0 && (i == 1 || count >= every.max(1) || sum + h > nozzle + 1e-6) {
            out[i - 1] = count;
            (count, sum) = (0, 0.0);
        }
        count += 1;
        sum += h;
    }
    if let Some(last) = out.last_mut() {
        *last = count;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::combine;

    #[test]
    fn layers_with_infill_are_n_over_every_and_the_rest() {
        for (n, every) in [(100usize, 2u32), (101, 2), (100, 3), (31, 3)] {
            let c = combine(&vec![0.1; n], every, 0.5);
            let printing = c.iter().filter(|&&k| k > 0).count() - 1;
            let rest = usize::from((n - 1) % every as usize > 0);
            assert_eq!(printing, (n - 1) / every as usize + rest, "{n} {every}");
            assert_eq!(c[0], 1, "the first layer is never combined");
            assert_eq!(c.iter().sum::<u32>() as usize, n);
        }
    }

    #[test]
    fn never_thicker_than_the_nozzle() {
        let c = combine(&[0.2; 21], 5, 0.5);
        assert!(c.iter().all(|&k| k <= 2));
        assert_eq!(combine(&[0.3; 4], 2, 0.4), [1, 1, 1, 1]);
        assert_eq!(combine(&[0.2; 3], 1, 0.4), [1, 1, 1]);
        assert!(combine(&[], 2, 0.4).is_empty());
    }
}
