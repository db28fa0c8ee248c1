//! Fillers, which go where a finished layout has room.

use crate::problem::Problem;
use crate::rng::Rng;
use crate::search::{ABSENT, Search};
use crate::sheets::plane;
use crate::state::State;

/// Samples for every filler and sheet.
const SAMPLES: usize = 150;
/// How often a kind of filler may find no room before it is left.
const TRIES: u32 = 2;

/// The layout with as many fillers as were found room for, the largest first; `None` when there are none.
/// The leftover that makes the layout's worth is left alone.
#[must_use]
pub fn fill(problem: &Problem, state: &State, rng: Rng) -> Option<State> {
    let kind = |i: usize| &problem.kinds[problem.parts[i] as usize];
    let mut fillers: Vec<usize> = (0..problem.parts.len())
        .filter(|&i| kind(i).filler && state.spots[i].bin == ABSENT)
        .collect();
    if fillers.is_empty() {
        return None;
    }
    fillers.sort_by(|&a, &b| kind(b).area.total_cmp(&kind(a).area).then(a.cmp(&b)));
    let mut bins = state.bins.clone();
    // A strip's bin ends where its parts do.
    if problem.grounds.first().is_some_and(|g| g.kind.is_some()) {
        let left = plane::leftovers(problem, &bins, &state.spots);
        let best = left.iter().copied().max_by(|a, b| a.area.total_cmp(&b.area));
        if let Some(l) = best.filter(|l| l.area > 0.0) {
            let b = &mut bins[l.bin as usize];
            b.hi[l.axis] = b.at[l.axis] + l.end;
        }
    }
    let mut search = Search::new(problem, bins, rng);
    search.set_parts(&state.spots);
    search.refresh();
    let all: Vec<u32> = (0..state.bins.len() as u32).collect();
    let mut failed = vec![0; problem.kinds.len()];
    for part in fillers {
        let f = &mut failed[problem.parts[part] as usize];
        if *f < TRIES && !search.insert(part, &all, SAMPLES) {
            *f += 1;
        }
    }
    Some(State {
        spots: search.parts().to_vec(),
        ..state.clone()
    })
}
