//! What events do to capacity and final demand on a day.

use super::calendar::Day;
use super::damage::Healing;
use super::events::{Change, Event};
use super::network::{Compat, Network};

/// Puts what an event does to capacity and final demand on a day into their factors: capacity, damage that heals by itself, demand.
pub(crate) fn factors(network: &Network, event: &Event, day: Day, capacity: &mut [f64], demand: &mut [f64]) {
    let factor = 1.0 + (event.value - 1.0) * event.strength(day);
    match &event.change {
        Change::Capacity(lines) => scale(capacity, lines.iter().map(|l| l.index()), factor),
        Change::Demand(demands) => scale(demand, demands.iter().map(|d| d.index()), factor),
        Change::Damage { shares, shape, recovery_days, stop_days } if day >= event.from => {
            let healing = Healing { shape: *shape, days: *recovery_days, stop_days: *stop_days, theirs: theirs(network) };
            let since = since_recovery(event, *stop_days, day);
            for &(line, first) in shares {
                capacity[line.index()] *= 1.0 - healing.lost(first, since);
            }
        }
        _ => {}
    }
}

/// Whether damage heals as in the published program.
pub(crate) fn theirs(network: &Network) -> bool {
    network.settings.compat == Some(Compat::InoueTodo2019)
}

/// Days since the recovery from an event began; negative while the forced stop lasts.
pub(crate) fn since_recovery(event: &Event, stop_days: u32, day: Day) -> i32 {
    day.0 - event.from.0 - stop_days as i32
}

/// Multiplies some rows of a column.
pub(crate) fn scale(column: &mut [f64], rows: impl Iterator<Item = usize>, factor: f64) {
    for row in rows {
        column[row] *= factor;
    }
}
