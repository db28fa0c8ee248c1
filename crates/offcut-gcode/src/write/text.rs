//! Decimal text from fixed-point integers, without `format!`.
//!
//! A word is assembled in a fixed array of bytes and copied to the output line by line. Digits come
//! from tables of three, so a coordinate costs two look-ups.

/// Largest line that moves can make, with room for eight-byte stores past its end.
const LINE: usize = 160;

/// `.ddd` of every thousandth, trailing zeros cut.
const FRACTION: ([[u8; 4]; 1000], [u8; 1000]) = fractions();
/// Three digits of every number below 1000, and how many leading zeros they have.
const DIGITS: [[u8; 4]; 1000] = digits();

const fn digits() -> [[u8; 4]; 1000] {
    let mut t = [[0u8; 4]; 1000];
    let mut i = 0;
    while i < 1000 {
        let skip = if i < 10 {
            2
        } else if i < 100 {
            1
        } else {
            0
        };
        t[i] = [
            b'0' + (i / 100) as u8,
            b'0' + (i / 10 % 10) as u8,
            b'0' + (i % 10) as u8,
            skip,
        ];
        i += 1;
    }
    t
}

const fn fractions() -> ([[u8; 4]; 1000], [u8; 1000]) {
    let mut t = [[0u8; 4]; 1000];
    let mut len = [0u8; 1000];
    let mut i = 0;
    while i < 1000 {
        t[i] = [
            b'.',
            b'0' + (i / 100) as u8,
            b'0' + (i / 10 % 10) as u8,
            b'0' + (i % 10) as u8,
        ];
        len[i] = if i == 0 {
            0
        } else if i % 100 == 0 {
            2
        } else if i % 10 == 0 {
            3
        } else {
            4
        };
        i += 1;
    }
    (t, len)
}

static FRACTIONS: [[u8; 4]; 1000] = FRACTION.0;
static FRACTION_LEN: [u8; 1000] = FRACTION.1;
static TRIPLES: [[u8; 4]; 1000] = DIGITS;

/// One line of G-code under construction.
pub(crate) struct Line {
    bytes: [u8; LINE],
    len: usize,
}

impl Line {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; LINE],
            len: 0,
        }
    }

    /// Begins a line with four bytes, of which `len` count.
    #[inline(always)]
    pub(crate) fn begin(&mut self, word: [u8; 4], len: usize) {
        self.bytes[..4].copy_from_slice(&word);
        self.len = len;
    }

    /// Adds ` L` and a number in thousandths.
    #[inline(always)]
    pub(crate) fn milli(&mut self, letter: u8, value: i64) {
        self.letter(letter, value < 0);
        let v = value.unsigned_abs();
        self.integer(v / 1000);
        self.fraction3((v % 1000) as usize);
    }

    /// Adds ` L` and a number in hundred-thousandths.
    #[inline(always)]
    pub(crate) fn e5(&mut self, letter: u8, value: i64) {
        self.letter(letter, value < 0);
        let v = value.unsigned_abs();
        self.integer(v / 100_000);
        let f = v % 100_000;
        let (hi, lo) = ((f / 100) as usize, f % 100);
        if lo == 0 {
            self.fraction3(hi);
        } else {
            let [_, a, b, c] = FRACTIONS[hi];
            let (d, e) = (b'0' + (lo / 10) as u8, b'0' + (lo % 10) as u8);
            let p = self.len;
            self.bytes[p..p + 8].copy_from_slice(&[b'.', a, b, c, d, e, 0, 0]);
            self.len = p + 5 + usize::from(e != b'0');
        }
    }

    /// Ends the line and appends it to `out`.
    #[inline(always)]
    pub(crate) fn end(&mut self, out: &mut Vec<u8>) {
        self.bytes[self.len] = b'\n';
        out.extend_from_slice(&self.bytes[..=self.len]);
    }

    #[inline(always)]
    fn letter(&mut self, letter: u8, negative: bool) {
        let p = self.len;
        self.bytes[p..p + 4].copy_from_slice(&[b' ', letter, b'-', 0]);
        self.len = p + 2 + usize::from(negative);
    }

    #[inline(always)]
    fn integer(&mut self, v: u64) {
        if v < 1000 {
            let [a, b, c, skip] = TRIPLES[v as usize];
            let word = u32::from_le_bytes([a, b, c, 0]) >> (8 * u32::from(skip));
            let p = self.len;
            self.bytes[p..p + 4].copy_from_slice(&word.to_le_bytes());
            self.len = p + 3 - usize::from(skip);
        } else {
            self.large(v);
        }
    }

    #[cold]
    fn large(&mut self, v: u64) {
        let mut rest = v;
        let mut digits = [0u8; 20];
        let mut n = 0;
        while rest > 0 {
            digits[n] = b'0' + (rest % 10) as u8;
            rest /= 10;
            n += 1;
        }
        for i in (0..n).rev() {
            self.bytes[self.len] = digits[i];
            self.len += 1;
        }
    }

    #[inline(always)]
    fn fraction3(&mut self, f: usize) {
        let p = self.len;
        self.bytes[p..p + 4].copy_from_slice(&FRACTIONS[f]);
        self.len = p + usize::from(FRACTION_LEN[f]);
    }
}

/// Rounds to the nearest integer, ties to even, for |v| < 2⁵¹. A library call would cost more than
/// the rest of a move.
#[inline(always)]
pub(crate) fn nearest(v: f64) -> i64 {
    const MAGIC: f64 = 6_755_399_441_055_744.0;
    ((v + MAGIC) - MAGIC) as i64
}

/// A number in thousandths as text, trailing zeros cut.
pub(crate) fn milli_text(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let v = value.unsigned_abs();
    let mut s = format!("{sign}{}.{:03}", v / 1000, v % 1000);
    while s.ends_with('0') {
        s.pop();
    }
    if s.ends_with('.') {
        s.pop();
    }
    s
}

/// A length, speed or factor as text with up to five decimals, trailing zeros cut.
pub(crate) fn decimal(v: f64) -> String {
    let mut s = format!("{v:.5}");
    while s.ends_with('0') {
        s.pop();
    }
    if s.ends_with('.') {
        s.pop();
    }
    if s == "-0" { "0".into() } else { s }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(f: impl Fn(&mut Line)) -> String {
        let mut l = Line::new();
        l.begin(*b"G1  ", 2);
        f(&mut l);
        let mut out = Vec::new();
        l.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_read_as_written_by_hand() {
        assert_eq!(line(|l| l.milli(b'X', 0)), "G1 X0\n");
        assert_eq!(line(|l| l.milli(b'X', -1)), "G1 X-0.001\n");
        assert_eq!(line(|l| l.milli(b'X', 123_450)), "G1 X123.45\n");
        assert_eq!(line(|l| l.milli(b'Y', -1_005_000)), "G1 Y-1005\n");
        assert_eq!(line(|l| l.e5(b'E', 100_001)), "G1 E1.00001\n");
        assert_eq!(line(|l| l.e5(b'E', 12_345_670)), "G1 E123.4567\n");
        assert_eq!(line(|l| l.e5(b'E', -80_000)), "G1 E-0.8\n");
        assert_eq!(line(|l| l.e5(b'E', 1_234_567_800_010)), "G1 E12345678.0001\n");
    }

    #[test]
    fn every_digit_group_agrees_with_format() {
        for v in (0..2_000_000i64).step_by(37) {
            let want = format!("{:.5}", v as f64 / 1e5);
            let want = want.trim_end_matches('0').trim_end_matches('.');
            assert_eq!(line(|l| l.e5(b'E', v)), format!("G1 E{want}\n"));
        }
    }

    #[test]
    fn nearest_rounds_half_to_even() {
        assert_eq!(nearest(2.5), 2);
        assert_eq!(nearest(-0.6), -1);
        assert_eq!(nearest(1e12 + 0.75), 1_000_000_000_001);
    }
}
