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
//! share of the line's capacity, so a line needs one.
//!
//! The authors' program departs from its description; with [`Compat::InoueTodo2019`] its departures are followed ([`Healing::theirs`]):
//!
//! | shape | δ(k) in the program, k ≥ 1; t the days since the damage, the forced stop among them |
//! |---|---|
//! | sudden (2) | 0, whatever c |
//! | geometric (3) | δ₀·max(0, 1 − c/δ₀)ᵏ: c and δ₀ have changed places, so it is 0 wherever c ≥ δ₀ |
//! | exponential (4) | δ₀·e^(−(t − 1)/c): a day late, and a forced stop puts nothing off |
//! | damped (5) | d is the mean δ of suppliers and clients, one by one in order of firm: those before it as they are today, the others as
//! they were the day before; who is both counts twice |
//!
//! During a forced stop the program leaves δ at δ₀.

use crate::model::events::{Change, Event};
use crate::model::ids::{FirmId, LineId};
use crate::model::network::{Compat, Network};

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

/// How the damage of one event heals.
#[derive(Clone, Copy, Debug)]
pub struct Healing {
    /// Shape of the recovery.
    pub shape: Recovery,
    /// c: recovery time, days; infinite: it does not heal.
    pub days: f64,
    /// Days of forced stop before the recovery begins.
    pub stop_days: u32,
    /// As the published program has it, not as it is described.
    pub theirs: bool,
}

impl Healing {
    /// What is lost `since` days after the recovery began, negative while the forced stop lasts, of `first` lost on the first day.
    /// [`Recovery::Damped`] depends on the neighbours and is carried along from day to day; here nobody else is damaged.
    pub fn lost(&self, first: f64, since: i32) -> f64 {
        match u32::try_from(since) {
            Err(_) => {
                if self.theirs {
                    first
                } else {
                    1.0
                }
            }
            Ok(k) if self.theirs && k > 0 => self.left_in_theirs(first, k),
            Ok(k) => left(self.shape, first, k, self.days),
        }
    }

    /// What is lost a day later of `lost`, where the share `d` of the neighbourhood is damaged.
    pub fn damped(&self, lost: f64, d: f64) -> f64 {
        lost * (1.0 - (1.0 - d) / self.days).max(0.0)
    }

    fn left_in_theirs(&self, first: f64, k: u32) -> f64 {
        if self.days.is_infinite() {
            return first;
        }
        match self.shape {
            Recovery::Sudden => 0.0,
            Recovery::Geometric if first > 0.0 => first * power((1.0 - self.days / first).max(0.0), k),
            Recovery::Exponential => left(Recovery::Exponential, first, self.stop_days + k - 1, self.days),
            shape => left(shape, first, k, self.days),
        }
    }
}

/// What is lost `k` days after the recovery began, of `first` lost on the first day; `days` is the recovery time c, infinite for damage
/// that stays.
pub fn left(shape: Recovery, first: f64, k: u32, days: f64) -> f64 {
    let passed = f64::from(k);
    match shape {
        Recovery::Linear => first * (1.0 - passed / days).max(0.0),
        Recovery::Step => (first - passed / days).max(0.0),
        Recovery::Sudden if passed < days => first,
        Recovery::Sudden => 0.0,
        Recovery::Geometric | Recovery::Damped => first * power((1.0 - 1.0 / days).max(0.0), k),
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
    /// Entry → share lost on the first day; what damage from before the run has left on its first day is reckoned from it.
    pub share: Vec<f64>,
    /// Event → first entry; the same number twice for events without.
    pub first_of_event: Vec<u32>,
    /// Entries of every event in the order in which they heal, counted from the event's first: as they are, or in the published program by
    /// firm.
    pub turn: Vec<u32>,
    first: Vec<u32>,
    firms: Vec<FirmId>,
    theirs: bool,
}

impl Neighbours {
    /// Finds the suppliers and clients of every line with damped damage.
    pub fn new(network: &Network, events: &[Event]) -> Self {
        let mut found = Self { theirs: network.settings.compat == Some(Compat::InoueTodo2019), ..Self::default() };
        let firm_of = |line: LineId| network.lines[line.index()].firm;
        for event in events {
            found.first_of_event.push(found.line.len() as u32);
            if let Change::Damage { shares, shape: Recovery::Damped, .. } = &event.change {
                found.line.extend(shares.iter().map(|&(line, _)| line));
                found.share.extend(shares.iter().map(|&(_, share)| share));
                let mut turn: Vec<u32> = (0..shares.len() as u32).collect();
                if found.theirs {
                    turn.sort_by_key(|&at| firm_of(shares[at as usize].0));
                }
                found.turn.extend(turn);
            }
        }
        if found.line.is_empty() {
            return found;
        }
        let pairs = found.pairs(network);
        for line in &found.line {
            let firm = firm_of(*line);
            let at = pairs.partition_point(|&(f, ..)| f < firm)..pairs.partition_point(|&(f, ..)| f <= firm);
            found.first.push(found.firms.len() as u32);
            found.firms.extend(pairs[at].iter().map(|&(_, other, _)| other));
        }
        found.first.push(found.firms.len() as u32);
        found
    }

    /// Firms with damped damage and each supplier and client, sorted. In the published program who is both stands twice, and a firm that
    /// buys from itself is its own neighbour.
    fn pairs(&self, network: &Network) -> Vec<(FirmId, FirmId, bool)> {
        let mut damped: Vec<FirmId> = self.line.iter().map(|line| network.lines[line.index()].firm).collect();
        damped.sort_unstable();
        damped.dedup();
        let contracts = &network.contracts;
        let mut pairs = Vec::new();
        for row in 0..contracts.len() {
            let (seller, buyer) = (network.lines[contracts.seller[row].index()].firm, contracts.buyer[row]);
            for (firm, other, sells) in [(seller, buyer, true), (buyer, seller, false)] {
                if (self.theirs || firm != other) && damped.binary_search(&firm).is_ok() {
                    pairs.push((firm, other, self.theirs && sells));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// d of an entry, by what each firm lacked the day before and, in the published program, lacks today: the share of its suppliers and
    /// clients that were damaged, or their mean damage.
    pub fn damage_around(&self, entry: usize, yesterday: &[f64], today: &[f64], own: FirmId) -> f64 {
        let firms = &self.firms[self.first[entry] as usize..self.first[entry + 1] as usize];
        if firms.is_empty() {
            return 0.0;
        }
        let damage = |firm: &FirmId| match (self.theirs, *firm < own) {
            (true, true) => today[firm.index()],
            (true, false) => yesterday[firm.index()],
            (false, _) => f64::from(u8::from(yesterday[firm.index()] > DAMAGED)),
        };
        firms.iter().map(damage).sum::<f64>() / firms.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_program_departs_from_its_description() {
        let course = |shape, days: f64, stop_days, last| {
            let healing = Healing { shape, days, stop_days, theirs: true };
            (-(stop_days as i32)..=last).map(|since| healing.lost(0.5, since)).collect::<Vec<f64>>()
        };
        assert_eq!(course(Recovery::Linear, 4.0, 2, 3), [0.5, 0.5, 0.5, 0.375, 0.25, 0.125], "during a stop it stays");
        assert_eq!(course(Recovery::Step, 4.0, 1, 2), [0.5, 0.5, 0.25, 0.0]);
        assert_eq!(course(Recovery::Sudden, 4.0, 1, 2), [0.5, 0.5, 0.0, 0.0]);
        assert_eq!(course(Recovery::Geometric, 4.0, 0, 2), [0.5, 0.0, 0.0]);
        assert_eq!(course(Recovery::Geometric, 0.25, 0, 3), [0.5, 0.25, 0.125, 0.0625], "1 − 0.25/0.5 a day");
        let late = course(Recovery::Exponential, 2.0, 0, 3);
        assert_eq!(late[..2], [0.5, 0.5]);
        assert!((late[3] / (0.5 * 0.367_879_441_171_442_33) - 1.0).abs() < 1e-15);
        // Held for two days it is where it would have been without.
        let held = course(Recovery::Exponential, 2.0, 2, 1);
        assert_eq!((held[2], held[3]), (0.5, late[3]));
        for shape in [Recovery::Linear, Recovery::Step, Recovery::Sudden, Recovery::Geometric, Recovery::Exponential] {
            assert_eq!(course(shape, f64::INFINITY, 1, 9), [0.5; 11], "{shape:?} without end stays");
        }
    }

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
