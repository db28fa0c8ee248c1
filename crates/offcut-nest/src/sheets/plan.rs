//! Which sheets could do with less cost.

use crate::problem::Problem;

/// How many sheets of every ground.
pub type Plan = Vec<u32>;

/// Plans looked at, at most.
const LIMIT: u32 = 20_000;
/// Plans that would have to be filled more than this aren't tried.
const FULLEST: f64 = 0.97;

/// Cost of a plan.
#[must_use]
pub fn cost(problem: &Problem, plan: &[u32]) -> f64 {
    let each = plan.iter().zip(&problem.grounds);
    each.map(|(&n, g)| f64::from(n) * g.cost).sum()
}

/// What parts may take of a plan's sheets.
#[must_use]
pub fn capacity(problem: &Problem, plan: &[u32]) -> f64 {
    let each = plan.iter().zip(&problem.grounds);
    each.map(|(&n, g)| f64::from(n) * g.capacity).sum()
}

/// Every plan that costs less than `now` (within rounding) and has room for `needed` area, with at least
/// `least` sheets of every ground.
#[must_use]
pub fn cheaper(problem: &Problem, now: f64, needed: f64, least: &[u32]) -> Vec<Plan> {
    let mut out = Vec::new();
    let mut plan = least.to_vec();
    let mut looks = 0;
    // Cheap material first, so that a cut-off list holds the likely ones.
    let mut order: Vec<usize> = (0..plan.len()).collect();
    let price = |g: usize| problem.grounds[g].cost / problem.grounds[g].area.max(1.0);
    order.sort_by(|&a, &b| price(a).total_cmp(&price(b)).then(a.cmp(&b)));
    let most = now - 1e-9 * now.abs();
    extend(problem, most, needed, &order, &mut plan, &mut looks, &mut out);
    out
}

fn extend(
    problem: &Problem,
    most: f64,
    needed: f64,
    order: &[usize],
    plan: &mut Plan,
    looks: &mut u32,
    out: &mut Vec<Plan>,
) {
    *looks += 1;
    if *looks > LIMIT || cost(problem, plan) >= most {
        return;
    }
    let Some((&g, rest)) = order.split_first() else {
        if needed <= FULLEST * capacity(problem, plan) {
            out.push(plan.clone());
        }
        return;
    };
    let ground = &problem.grounds[g];
    let start = plan[g];
    // One more than it takes for all parts, that their shapes may have it.
    let enough = (needed / (FULLEST * ground.capacity.max(1.0))).ceil() as u32 + 1;
    let limit = ground.stock.unwrap_or(u32::MAX).min(enough).max(start);
    for n in (start..=limit).rev() {
        plan[g] = n;
        extend(problem, most, needed, rest, plan, looks, out);
    }
    plan[g] = start;
}
