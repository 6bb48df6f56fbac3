//! What a value of an event may be, and the words of observations.

use super::{ColumnSpec, limits};

/// A value of an event: a factor or a share, by its kind; `None` where the kind takes none.
pub fn event_value(spec: &ColumnSpec, kind: &str) -> Option<ColumnSpec> {
    Some(match kind {
        "open_share" | "order_cut" | "refusal" | "damage" | "destroy" | "evacuate" => spec.within(limits::SHARE),
        "capacity" | "attendance" => spec.within(limits::FACTOR).likely(0.0, 2.0),
        "demand" => spec.within(limits::FACTOR).likely(0.0, 10.0),
        "exchange_rate" => spec.within(limits::RATE_FACTOR).likely(0.1, 10.0),
        _ => return None,
    })
}

/// How good an observed number is; from `derived_weak` on it is shown and never counted.
pub(super) const OBSERVED_KINDS: &[&str] = &["official", "reported", "derived", "derived_weak", "reported_suspect", "upper_bound"];

/// How a run is compared with an observation: it stays below; a ratio to an earlier time; the last month above a share of a mean;
/// the size, for plausibility; not at all.
pub(super) const COMPARISONS: &[&str] = &["below", "ratio", "last_above", "size", "none"];

/// What of a run an observation may be set beside: value at crossings, value delivered under contracts, value made, units made per worker.
pub(super) const OBSERVED: &[&str] = &["passed_value", "delivered_value", "made_value", "made_per_worker"];
