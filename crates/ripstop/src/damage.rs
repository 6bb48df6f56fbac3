//! Damage to the capacity of single lines, and how it heals (Inoue & Todo 2019: δ and its recovery).
//!
//! With δ₀ the share of capacity lost on the first day, c the recovery time and k the days since recovery began, what is lost on day k is
//!
//! | shape | δ(k) |
//! |---|---|
//! | linear (0) | δ₀·max(0, 1 − k/c) |
//! | step (1) | max(0, δ₀ − k/c): everybody regains the same part of capacity a day |
//! | sudden (2) | δ₀ until day c, then nothing |
//! | geometric (3) | δ₀·(1 − 1/c)ᵏ |
//! | exponential (4) | δ₀·e^(−k/c) |
//! | damped (5) | δ(k) = δ(k−1)·(1 − (1 − d)/c), d the share of the firm's suppliers and clients that were damaged the day before |
//!
//! A forced stop of some days may come first: capacity is nothing, then the damage counts as on its first day. Capacity that is lost is a
//! share of the line's capacity, so a line needs one. The shapes follow the description of the authors' program; no output of it exists
//! for them, so they are tested on networks worked by hand.

use crate::ids::{FirmId, LineId};
use crate::network::Network;
use crate::scenario::{Change, Event};

/// A firm counts as damaged while it lacks more than this share of its capacity: a geometric recovery never ends.
pub const DAMAGED: f64 = 0.01;

/// How damage heals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recovery {
    /// Shape 0: in equal parts of the damage, all at the same time.
    #[default]
    Linear,
    /// Shape 1: in equal parts of capacity.
    Step,
    /// Shape 2: at once, after the recovery time.
    Sudden,
    /// Shape 3: a fixed share of what is left each day.
    Geometric,
    /// Shape 4: by the exponential function.
    Exponential,
    /// Shape 5: as [`Recovery::Geometric`], slower the more suppliers and clients are damaged.
    Damped,
}

/// What is lost `k` days after the recovery began, of `first` lost on the first day; `days` is the recovery time c, infinite for damage
/// that stays. [`Recovery::Damped`] depends on the neighbours and is carried along from day to day.
pub fn left(shape: Recovery, first: f64, k: u32, days: f64) -> f64 {
    let passed = f64::from(k);
    match shape {
        Recovery::Linear => first * (1.0 - passed / days).max(0.0),
        Recovery::Step => (first - passed / days).max(0.0),
        Recovery::Sudden if passed < days => first,
        Recovery::Sudden => 0.0,
        Recovery::Geometric | Recovery::Damped => first * power(1.0 - 1.0 / days, k),
        Recovery::Exponential => first * power(exp_minus(1.0 / days), k),
    }
}

/// e^(−x) for x ≥ 0, from a series and a whole power: the same bits everywhere.
pub(crate) fn exp_minus(x: f64) -> f64 {
    let parts = x.ceil().max(1.0);
    power(exp_small(-x / parts), parts as u32)
}

/// `base` to a whole power, by squaring: the same bits everywhere.
fn power(base: f64, mut k: u32) -> f64 {
    let (mut result, mut square) = (1.0, base);
    while k > 0 {
        if k & 1 == 1 {
            result *= square;
        }
        square *= square;
        k >>= 1;
    }
    result
}

/// eˣ for −1 ≤ x ≤ 0 by its series: the function of the standard library differs between platforms in the last bit.
fn exp_small(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for n in 1..30 {
        term *= x / f64::from(n);
        sum += term;
    }
    sum
}

/// Lines with damped damage, and the firms whose damage slows them.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// Entry → its line; entries in order of event, then of line in the event.
    pub line: Vec<LineId>,
    /// Event → first entry; the same number twice for events without.
    pub first_of_event: Vec<u32>,
    first: Vec<u32>,
    firms: Vec<FirmId>,
}

impl Neighbours {
    /// Finds the suppliers and clients of every line with damped damage.
    pub fn new(network: &Network, events: &[Event]) -> Self {
        let mut found = Self::default();
        for event in events {
            found.first_of_event.push(found.line.len() as u32);
            if let Change::Damage { shares, shape: Recovery::Damped, .. } = &event.change {
                found.line.extend(shares.iter().map(|&(line, _)| line));
            }
        }
        if found.line.is_empty() {
            return found;
        }
        let mut damped: Vec<FirmId> = found.line.iter().map(|line| network.lines[line.index()].firm).collect();
        damped.sort_unstable();
        damped.dedup();
        let contracts = &network.contracts;
        let mut pairs: Vec<(FirmId, FirmId)> = Vec::new();
        for row in 0..contracts.len() {
            let (seller, buyer) = (network.lines[contracts.seller[row].index()].firm, contracts.buyer[row]);
            for (firm, other) in [(seller, buyer), (buyer, seller)] {
                if firm != other && damped.binary_search(&firm).is_ok() {
                    pairs.push((firm, other));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for line in &found.line {
            let firm = network.lines[line.index()].firm;
            let at = pairs.partition_point(|&(f, _)| f < firm)..pairs.partition_point(|&(f, _)| f <= firm);
            found.first.push(found.firms.len() as u32);
            found.firms.extend(pairs[at].iter().map(|&(_, other)| other));
        }
        found.first.push(found.firms.len() as u32);
        found
    }

    /// d: share of an entry's suppliers and clients that were damaged, by what each firm lacked the day before.
    pub fn damaged_share(&self, entry: usize, firm_damage: &[f64]) -> f64 {
        let firms = &self.firms[self.first[entry] as usize..self.first[entry + 1] as usize];
        if firms.is_empty() {
            return 0.0;
        }
        firms.iter().filter(|firm| firm_damage[firm.index()] > DAMAGED).count() as f64 / firms.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_by_hand() {
        let course = |shape| [0, 1, 2, 4, 5].map(|k| left(shape, 0.8, k, 4.0));
        assert_eq!(course(Recovery::Linear), [0.8, 0.8 * 0.75, 0.4, 0.0, 0.0]);
        assert_eq!(course(Recovery::Step), [0.8, 0.8 - 0.25, 0.8 - 0.5, 0.0, 0.0]);
        assert_eq!(course(Recovery::Sudden), [0.8, 0.8, 0.8, 0.0, 0.0]);
        let geometric = course(Recovery::Geometric);
        assert!((geometric[4] - 0.8 * 0.2373046875).abs() < 1e-15, "0.75^5");
        let exponential = left(Recovery::Exponential, 1.0, 8, 4.0);
        assert!((exponential - 0.135_335_283_236_612_7).abs() < 1e-15, "e^-2: {exponential}");
        for shape in [Recovery::Linear, Recovery::Step, Recovery::Sudden, Recovery::Geometric, Recovery::Exponential] {
            assert_eq!(left(shape, 0.8, 1000, f64::INFINITY), 0.8, "{shape:?} without end stays");
        }
    }
}
