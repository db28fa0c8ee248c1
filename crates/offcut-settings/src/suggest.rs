//! Finds what somebody may have meant.

/// The most similar of some names, when it is similar enough to be a slip.
pub(crate) fn closest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // Long input is no slip of a key; the distance would cost its length squared.
    if word.len() > 100 {
        return None;
    }
    let limit = (word.chars().count() / 3).clamp(1, 5);
    names
        .map(|name| (distance(word, name), name))
        .filter(|(d, _)| *d <= limit)
        .min_by_key(|(d, _)| *d)
        .map(|(_, name)| name)
}

/// Edit distance with swaps of neighbours counted once (Damerau–Levenshtein, restricted).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = last;
        last = row;
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_of_the_textbook() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ca", "ac"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let names = ["layer_height", "perimeters", "brim_width"];
        assert_eq!(closest("layer_hieght", names.into_iter()), Some("layer_height"));
        assert_eq!(closest("perimeter", names.into_iter()), Some("perimeters"));
        assert_eq!(closest("flux_capacitor", names.into_iter()), None);
    }
}
