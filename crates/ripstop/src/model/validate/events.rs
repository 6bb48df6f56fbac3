//! Events: their targets, days and values, and whether the kind fits.

use super::*;
use crate::model::enforcement::Enforcement;
use crate::model::events::{Change, Event};
use crate::model::limits;

/// What is not read must still be a number.
const UNREAD: Limits = Limits { low: -AMOUNT_MAX, above: false, high: AMOUNT_MAX, endless: false };

/// Refuses events that name what is not there, or whose numbers do not fit their kind.
pub(crate) fn check(network: &Network, events: &[Event]) -> Checked {
    each(events, |row, event| check_event(network, At("event", row), event))
}

fn check_event(network: &Network, at: At, event: &Event) -> Checked {
    let Event { change, from, to, value, ramp_in_days, ramp_out_days, background: _ } = event;
    at.day("from", *from)?;
    if let Some(to) = to {
        at.day("to", *to)?;
        at.fits(from <= to, "it ends before it begins")?;
    }
    at.number(fields::RAMP_IN_DAYS, f64::from(*ramp_in_days))?;
    at.number(fields::RAMP_OUT_DAYS, f64::from(*ramp_out_days))?;
    at.within("value", *value, value_of(change))?;
    check_change(network, at, change)
}

/// What the value of an event may be.
fn value_of(change: &Change) -> Limits {
    match change {
        Change::Capacity(_) | Change::Attendance(_) | Change::Demand(_) => limits::FACTOR,
        Change::OpenShare { .. }
        | Change::OrderCut(_)
        | Change::Refusal(_)
        | Change::Forbid(_)
        | Change::Destroy(_)
        | Change::Evacuate(_) => limits::SHARE,
        Change::ExchangeRate(_) => limits::RATE_FACTOR,
        Change::Cancel(_) | Change::Default(_) | Change::Enforce(..) | Change::Damage { .. } | Change::Freeze { .. } => UNREAD,
    }
}

fn check_change(network: &Network, at: At, change: &Change) -> Checked {
    let firms = |firms: &[FirmId]| firms.iter().try_for_each(|firm| at.refer("firm", firm.index(), network.firms.len()));
    let contracts =
        |list: &[ContractId]| list.iter().try_for_each(|contract| at.refer("contract", contract.index(), network.contracts.len()));
    match change {
        Change::Capacity(lines) => lines.iter().try_for_each(|line| at.refer("line", line.index(), network.lines.len())),
        Change::Attendance(list) | Change::Default(list) => firms(list),
        Change::Demand(demands) => demands.iter().try_for_each(|demand| at.refer("demand", demand.index(), network.demands.len())),
        Change::OpenShare { crossings, towards, class } => {
            if let Some(class) = class {
                at.refer("class", class.index(), network.classes as usize)?;
            }
            crossings.iter().try_for_each(|crossing| open_share(network, at, *crossing, *towards))
        }
        Change::OrderCut(list) | Change::Cancel(list) | Change::Refusal(list) => contracts(list),
        Change::Forbid(list) => {
            at.fits(network.rules_act, "it is of a rule, but no rule acts in this network")?;
            contracts(list)
        }
        Change::Enforce(list, enforcement) => {
            at.fits(network.rules_act, "it is of a rule, but no rule acts in this network")?;
            check_enforcement(at, enforcement)?;
            contracts(list)
        }
        Change::Freeze { places, after: _ } | Change::Destroy(places) | Change::Evacuate(places) => {
            places.iter().try_for_each(|place| at.refer("place", place.index(), network.places.len()))
        }
        Change::ExchangeRate(currencies) => currencies.iter().try_for_each(|currency| {
            at.refer("currency", currency.index(), 1 + network.other_currencies as usize)?;
            at.fits(currency.index() > 0, "currency 0 is the case's own; its rate cannot change")
        }),
        Change::Damage { shares, shape: _, recovery_days, stop_days } => {
            at.number(fields::RECOVERY_DAYS, *recovery_days)?;
            at.number(fields::STOP_DAYS, f64::from(*stop_days))?;
            shares.iter().try_for_each(|(line, share)| {
                at.refer("line", line.index(), network.lines.len())?;
                at.within("value", *share, limits::SHARE)
            })
        }
    }
}

/// A crossing, and a direction it has: towards a country of neither side there is none.
fn open_share(network: &Network, at: At, crossing: CrossingId, towards: Option<CountryId>) -> Checked {
    at.refer("crossing", crossing.index(), network.crossings.len())?;
    let Some(country) = towards else { return Ok(()) };
    at.refer("country", country.index(), network.countries as usize)?;
    let Crossing { country_a, country_b, .. } = network.crossings[crossing.index()];
    at.fits(country == country_a || country == country_b, "it opens or shuts a crossing towards a country that lies on neither side")
}

fn check_enforcement(at: At, enforcement: &Enforcement) -> Checked {
    let Enforcement { detection_share, seized_share, fine_per_value, ends_share } = enforcement;
    at.number(fields::DETECTION_SHARE, *detection_share)?;
    at.number(fields::SEIZED_SHARE, *seized_share)?;
    at.number(fields::FINE_PER_VALUE, *fine_per_value)?;
    at.number(fields::ENDS_SHARE, *ends_share)
}
