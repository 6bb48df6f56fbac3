//! Spans that results look back over.

/// Days of "lately".
pub(crate) const MONTH: usize = 28;
/// Days of "before": a year, so that seasons even out.
pub(crate) const YEAR: usize = 365;

/// Recorded steps after which the sums so far are needed.
pub fn marks(first_event: usize, at: usize) -> Vec<usize> {
    let event = first_event.min(at);
    let before = [event.saturating_sub(YEAR), event, (at + 1).saturating_sub(MONTH), at + 1];
    before.into_iter().filter_map(|day| day.checked_sub(1)).collect()
}
