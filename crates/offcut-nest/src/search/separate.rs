//! Rounds of moves until nothing overlaps, or it seems hopeless.

use super::{Search, Spot};

/// Factors on the weight of pairs that overlap, the least and the most, and of pairs that don't.
const RISE: (f64, f64) = (1.2, 2.0);
const FALL: f64 = 0.95;
/// Progress that counts, as a share of what is left.
const PROGRESS: f64 = 0.98;

/// How patient a separation is.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Rounds without progress that make a strike.
    pub rounds: u32,
    /// Strikes that end the separation.
    pub strikes: u32,
    /// With more overlap than this one strike is enough.
    pub hopeless: f64,
    /// Rounds without progress that make this one.
    pub hurry: u32,
}

impl Patience {
    /// While layouts still shrink in large steps.
    pub const COARSE: Self = Self::new(40, 1);
    /// Afterwards.
    pub const FINE: Self = Self::new(100, 2);
    /// In the compression at the end.
    pub const LAST: Self = Self::new(100, 5);

    /// So many rounds without progress make a strike, and so many strikes end it.
    pub const fn new(rounds: u32, strikes: u32) -> Self {
        Self {
            rounds,
            strikes,
            hopeless: f64::INFINITY,
            hurry: rounds,
        }
    }
}

/// The first step by which a layout shrinks, and the smallest one before dead ends are disturbed; shares.
pub const STEPS: (f64, f64) = (0.04, 0.001);
/// Steps of the compression at the end, from and to.
pub const SQUEEZE: (f64, f64) = (0.0005, 0.000_01);

/// How a separation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing overlaps any more.
    Valid,
    /// The least overlap found is in place.
    Stuck,
    /// The budget ended.
    Stopped,
}

impl Search<'_> {
    /// Moves parts until nothing overlaps. `stop` is asked once per round, with the work done so far.
    pub fn separate(&mut self, patience: Patience, stop: &dyn Fn(u64) -> bool) -> Ending {
        let mut least = self.total_loss();
        if least == 0.0 {
            return Ending::Valid;
        }
        let mut best: Vec<Spot> = self.parts().to_vec();
        let mut strikes = 0;
        while strikes < patience.strikes {
            let at_start = least;
            let mut idle = 0;
            while idle < patience.rounds && (idle < patience.hurry || least <= patience.hopeless) {
                self.round();
                let loss = self.total_loss();
                if loss == 0.0 {
                    return Ending::Valid;
                }
                if loss < least {
                    if loss < PROGRESS * least {
                        idle = 0;
                    }
                    least = loss;
                    best.copy_from_slice(self.parts());
                } else {
                    idle += 1;
                }
                self.adjust_weights();
                if stop(self.work) {
                    self.restore(&best);
                    return Ending::Stopped;
                }
            }
            if least < PROGRESS * at_start {
                strikes = 0;
            } else {
                strikes += 1;
            }
            self.restore(&best);
            if least > patience.hopeless {
                break;
            }
        }
        Ending::Stuck
    }

    /// Goes back to earlier spots; the weights stay.
    fn restore(&mut self, spots: &[Spot]) {
        for (part, &s) in spots.iter().enumerate() {
            if self.spots[part] != s {
                self.set(part, s);
            }
        }
    }

    /// Moves every part that overlaps, in any order.
    fn round(&mut self) {
        let mut moving = std::mem::take(&mut self.moving);
        moving.clear();
        moving.extend((0..self.count() as u32).filter(|&i| self.part_loss(i as usize) > 0.0));
        self.rng.shuffle(&mut moving);
        for &i in &moving {
            if self.part_loss(i as usize) > 0.0 {
                self.relocate(i as usize);
            }
        }
        self.moving = moving;
    }

    fn adjust_weights(&mut self) {
        // Never NaN: so it becomes one instruction for several.
        let most = self.loss.iter().fold(0.0, |a, &l| if l > a { l } else { a });
        let slope = (RISE.1 - RISE.0) / most.max(f64::MIN_POSITIVE);
        for (w, &l) in self.weights.iter_mut().zip(&self.loss) {
            let factor = if l > 0.0 { RISE.0 + slope * l } else { FALL };
            *w = (*w * factor).max(1.0);
        }
    }
}
