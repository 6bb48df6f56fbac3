//! The words of observations.csv: what is measured, and how it is compared.

/// Kinds of numbers that are shown and never counted.
pub const WEAK: [&str; 3] = ["derived_weak", "reported_suspect", "upper_bound"];
/// The guess that is always at hand: nothing changes.
pub const NO_CHANGE: &str = "no change";
/// The benchmark that says what the events add: the same run without them.
pub const WITHOUT: &str = "the run without the events";

/// What of a run is set beside an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measured {
    /// Goods that pass crossings, value at cost, currency.
    PassedValue,
    /// Goods that arrive under contracts, value at cost, currency.
    DeliveredValue,
    /// Goods made, value at cost, currency.
    MadeValue,
    /// Units made by lines that need labour, per worker of their firms and 365 days.
    MadePerWorker,
}

impl Measured {
    /// The measure of that name in the schema.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "passed_value" => Self::PassedValue,
            "delivered_value" => Self::DeliveredValue,
            "made_value" => Self::MadeValue,
            "made_per_worker" => Self::MadePerWorker,
            _ => return None,
        })
    }

    /// Whether the measure is an amount of the case's currency.
    pub fn is_money(self) -> bool {
        self != Self::MadePerWorker
    }
}

/// How a run is compared with an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The run is a part of what was observed: it may not exceed it.
    Below,
    /// The period over the base period, observed and simulated.
    Ratio,
    /// The last month above a share of the base period's monthly mean.
    LastAbove,
    /// Side by side, for plausibility; no verdict.
    Size,
    /// Not at all.
    None,
}

impl Compare {
    /// The word of the schema; an unknown one is [`Compare::None`].
    pub fn of(word: &str) -> Self {
        match word {
            "below" => Self::Below,
            "ratio" => Self::Ratio,
            "last_above" => Self::LastAbove,
            "size" => Self::Size,
            _ => Self::None,
        }
    }
}

/// What one unit as published is in units of the measure; `None`: the two cannot be compared.
pub fn scale(unit: &str, compare: Compare, measure: Option<Measured>, currency: &str) -> Option<f64> {
    let relative = unit.split_whitespace().next().is_some_and(|word| matches!(word, "ratio" | "share"));
    if matches!(compare, Compare::Ratio | Compare::LastAbove) {
        return relative.then_some(1.0);
    }
    let rest: Vec<&str> = unit.split_whitespace().filter(|word| *word != currency).collect();
    let money = unit.split_whitespace().any(|word| word == currency);
    match measure {
        Some(measure) if measure.is_money() => match rest[..] {
            _ if !money => None,
            [] => Some(1.0),
            ["thousand"] => Some(1e3),
            ["million"] => Some(1e6),
            ["billion"] => Some(1e9),
            _ => None,
        },
        Some(_) => (!money && !relative).then_some(1.0),
        None => Some(1.0),
    }
}
