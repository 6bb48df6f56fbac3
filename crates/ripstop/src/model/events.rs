//! Events: what happens to the network from outside, as dated data.

use crate::model::calendar::Day;
use crate::model::damage::Recovery;
use crate::model::enforcement::Enforcement;
use crate::model::ids::*;
use crate::model::network::Direction;

/// What an event changes. Factors of several events multiply; open shares take the smallest; cuts compound.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Capacity factor of lines.
    Capacity(Vec<LineId>),
    /// Attendance factor of firms' workers.
    Attendance(Vec<FirmId>),
    /// Factor on final demand.
    Demand(Vec<DemandId>),
    /// Open share of crossings, per direction and class (`None`: all).
    OpenShare {
        /// The crossings.
        crossings: Vec<CrossingId>,
        /// One direction only.
        towards: Option<CountryId>,
        /// One class only.
        class: Option<ClassId>,
    },
    /// Share of the orders placed that is withheld.
    OrderCut(Vec<ContractId>),
    /// Unsent or unmade parts of open orders are cancelled on the first day; none is placed while it lasts.
    Cancel(Vec<ContractId>),
    /// Share of delivered goods refused at inspection; the largest counts, the terms' own included.
    Refusal(Vec<ContractId>),
    /// Factor on the value of currencies.
    ExchangeRate(Vec<CurrencyId>),
    /// From the first day on the firms pay, order and make nothing more; what they owe is lost to their creditors. It does not end.
    Default(Vec<FirmId>),
    /// A rule stops contracts: the share `value` of those who would order complies. That share of new orders is not placed; on the day of
    /// full strength that share of what is ordered and not made is cancelled, and of what is made it may not leave. Needs
    /// [`crate::model::network::Network::rules_act`].
    Forbid(Vec<ContractId>),
    /// Consignments under contracts may be found, with what follows. Where several watch a contract the most severe counts, of equal ones
    /// the first of the list.
    Enforce(Vec<ContractId>, Enforcement),
    /// Share of each line's capacity that is lost from the first day on, and how it heals ([`crate::model::damage`]). The event's value,
    /// last day and ramps are not read.
    Damage {
        /// Lines with the share each loses, 0 … 1.
        shares: Vec<(LineId, f64)>,
        /// How it heals.
        shape: Recovery,
        /// c: recovery time, days; infinite: it does not heal.
        recovery_days: f64,
        /// Days of forced stop before the recovery begins.
        stop_days: u32,
    },
    /// Places are out of reach from the first to the last day: no work, no arrival, no leaving. The event's value and ramps are not read.
    Freeze {
        /// The places.
        places: Vec<PlaceId>,
        /// What becomes of the goods found there when it ends.
        after: After,
    },
    /// The share `value` of what lies in the stores of places is destroyed on the first day.
    Destroy(Vec<PlaceId>),
    /// Each day the share `value` of what lies in the stores of places that are in reach is carried out to its owners.
    Evacuate(Vec<PlaceId>),
}

/// What becomes of the goods of a frozen place at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum After {
    /// They are their owners' again.
    #[default]
    Returned,
    /// They are gone.
    Lost,
    /// They have been sold by whoever held the place; their owners get nothing.
    Sold,
}

impl Change {
    /// The direction of a crossing that leads towards `country`.
    pub fn direction_towards(country: CountryId, country_a: CountryId) -> Direction {
        if country == country_a { Direction::BToA } else { Direction::AToB }
    }
}

/// A dated change.
#[derive(Clone, Debug)]
pub struct Event {
    /// What changes.
    pub change: Change,
    /// First day.
    pub from: Day,
    /// Last day at full strength; `None`: to the end.
    pub to: Option<Day>,
    /// Factor that remains, share that passes, or share cut.
    pub value: f64,
    /// Days until full strength, linear.
    pub ramp_in_days: u32,
    /// Days until it is gone after `to`, linear.
    pub ramp_out_days: u32,
    /// Holds in the counterfactual too.
    pub background: bool,
}

impl Event {
    /// A change at full strength from a day to the end, by which nothing is left: of capacity, attendance, demand, an open share or a value no
    /// share remains ([`Event::value`] 0). Of cuts, refusals and rules, whose value is the share cut, say how much with [`Event::value`].
    pub fn new(change: Change, from: Day) -> Self {
        Self { change, from, to: None, value: 0.0, ramp_in_days: 0, ramp_out_days: 0, background: false }
    }

    /// The factor that remains, the share that passes, or the share cut.
    #[must_use]
    pub fn value(self, value: f64) -> Self {
        Self { value, ..self }
    }

    /// The last day at full strength.
    #[must_use]
    pub fn until(self, last: Day) -> Self {
        Self { to: Some(last), ..self }
    }

    /// Days until it is at full strength, and until it is gone after its last day.
    #[must_use]
    pub fn ramps(self, in_days: u32, out_days: u32) -> Self {
        Self { ramp_in_days: in_days, ramp_out_days: out_days, ..self }
    }

    /// Holds in the counterfactual too.
    #[must_use]
    pub fn in_background(self) -> Self {
        Self { background: true, ..self }
    }

    /// Strength on a day, 0 … 1: `(t − from + 1)/(ramp_in + 1)` rising, `1 − (t − to)/(ramp_out + 1)` falling.
    pub fn strength(&self, day: Day) -> f64 {
        if day < self.from {
            return 0.0;
        }
        let rising = f64::from(day.0 - self.from.0 + 1) / f64::from(self.ramp_in_days + 1);
        let falling = match self.to {
            Some(to) if day > to => 1.0 - f64::from(day.0 - to.0) / f64::from(self.ramp_out_days + 1),
            _ => 1.0,
        };
        rising.min(falling).clamp(0.0, 1.0)
    }

    /// Whether what the event does on a day may differ from the day before.
    pub fn moves_on(&self, day: Day) -> bool {
        if day < self.from {
            return false;
        }
        match self.change {
            Change::Damage { recovery_days, stop_days, .. } => {
                recovery_days.is_finite() || day == self.from || day == self.from.plus(stop_days as i32)
            }
            // It takes a share of what is left on every day.
            Change::Evacuate(_) => self.strength(day) > 0.0,
            // Exact comparison: a strength that did not change is the same number.
            _ => day == self.from || self.strength(day.plus(-1)) != self.strength(day),
        }
    }

    /// First day after which the event has no effect any more; `None` if it lasts to the end.
    pub fn over(&self) -> Option<Day> {
        self.to.map(|to| to.plus(self.ramp_out_days as i32 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(from: i32, to: Option<i32>, ramp_in_days: u32, ramp_out_days: u32) -> Event {
        let change = Change::Capacity(Vec::new());
        Event { change, from: Day(from), to: to.map(Day), value: 0.0, ramp_in_days, ramp_out_days, background: false }
    }

    fn strengths(event: &Event, days: std::ops::RangeInclusive<i32>) -> Vec<f64> {
        days.map(|d| event.strength(Day(d))).collect()
    }

    #[test]
    fn strength_rises_stays_and_falls() {
        assert_eq!(strengths(&event(5, Some(6), 0, 0), 4..=7), [0.0, 1.0, 1.0, 0.0]);
        assert_eq!(strengths(&event(5, Some(9), 3, 1), 4..=11), [0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 0.5, 0.0]);
        // It ends before it is at full strength: the lower of the two lines.
        assert_eq!(strengths(&event(5, Some(5), 3, 3), 4..=9), [0.0, 0.25, 0.5, 0.5, 0.25, 0.0]);
        assert_eq!(strengths(&event(5, None, 0, 0), 999..=999), [1.0]);
    }

    #[test]
    fn an_event_is_over_after_its_ramp() {
        assert_eq!(event(5, Some(9), 0, 1).over(), Some(Day(11)));
        assert_eq!(event(5, None, 0, 1).over(), None);
    }
}
