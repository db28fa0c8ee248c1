//! Whether a job fits into the memory that there is, before any work.
//!
//! Measured with meshes of 10 thousand to 300 thousand triangles: the peak is 2 to 3.5 times a binary STL, and
//! what is planned of the paths comes on top.

use crate::{Error, Input};

/// What a 32-bit address space leaves, bytes; without a limit elsewhere. A memory that threads share has half of it.
pub(super) const ROOM: u64 = if cfg!(all(target_family = "wasm", target_feature = "atomics")) {
    1_800_000_000
} else if usize::BITS == 32 {
    3_500_000_000
} else {
    u64::MAX
};

/// Bytes needed for each byte of a file of that name.
fn factor(name: &str) -> u64 {
    match name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
        .as_str()
    {
        // Compressed about ten times, and read as text.
        "3mf" => 30,
        "obj" | "amf" => 6,
        _ => 4,
    }
}

/// Refuses inputs that don't fit into `room` bytes.
///
/// # Errors
/// [`Error::Memory`] with the estimate.
pub(super) fn check(inputs: &[Input], room: u64) -> Result<(), Error> {
    let need: u64 = inputs
        .iter()
        .map(|i| factor(&i.name) * i.bytes.len() as u64)
        .sum();
    if need <= room {
        return Ok(());
    }
    let gb = |v: u64| v as f64 / 1e9;
    Err(Error::Memory(format!(
        "job: needs about {:.1} GB of memory, and {:.1} GB are there; reduce the models or slice fewer at once, or \
         use the command line",
        gb(need),
        gb(room)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_an_estimate() {
        let input = |name: &str, size: usize| Input {
            name: name.into(),
            bytes: vec![0; size],
        };
        let job = [input("a.STL", 1_000_000), input("b.3mf", 100_000)];
        assert!(check(&job, 7_000_000).is_ok());
        let e = check(&job, 6_999_999).unwrap_err();
        assert_eq!((e.kind(), e.exit_code()), ("memory", 1));
        assert!(e.to_string().contains("needs about 0.0 GB"), "{e}");
    }
}
