//! What must hold of a network and events handed over by a program: every id is a row, every number can be reckoned with.
//!
//! Rows are taken apart field by field, so that a new field does not compile until it is decided here what it may be.

use crate::model::calendar::{Day, MonthDay};
use crate::model::compact::Compact;
use crate::model::error::NetworkError;
use crate::model::ids::*;
use crate::model::network::*;

use super::limits::{DAYS_MAX, RUN_DAYS_MAX};

mod events;
mod terms;

pub(crate) use events::check as events;

type Checked = Result<(), NetworkError>;

/// What a number may be.
#[derive(Clone, Copy)]
struct Domain {
    least: f64,
    most: f64,
    /// Whether it may be infinite: without limit, never.
    endless: bool,
    must: &'static str,
}

/// Largest amount. Products of several amounts must stay finite.
const LARGEST: f64 = 1e30;
const AMOUNT: Domain = Domain { least: 0.0, most: LARGEST, endless: false, must: "at least 0 and at most 1e30" };
// A day's need is met from the store, and what is ordered today comes tomorrow at the earliest: less can never be enough.
const COVER: Domain = Domain { least: 1.0, most: LARGEST, endless: false, must: "at least 1 and at most 1e30" };
const LIMIT: Domain = Domain { least: 0.0, most: LARGEST, endless: true, must: "at least 0, and infinite or at most 1e30" };
// Closing more than the whole gap in a day overshoots ever further.
const TIME_CONSTANT: Domain = Domain { least: 1.0, most: LARGEST, endless: true, must: "at least 1, and infinite or at most 1e30" };
const SHARE: Domain = Domain { least: 0.0, most: 1.0, endless: false, must: "from 0 to 1" };
/// Goods and money on the way hold a cell per day, so days have a limit.
const DAYS: Domain = Domain { least: 0.0, most: DAYS_MAX, endless: false, must: "from 0 to 10,000 days" };
/// Days from one to the next of something.
const INTERVAL: Domain = Domain { least: 1.0, most: 1e6, endless: false, must: "from 1 to 1,000,000" };
/// Something is divided by it.
const RATE: Domain = Domain { least: f64::MIN_POSITIVE, most: LARGEST, endless: false, must: "above 0 and at most 1e30" };

/// Most of what is only counted, such as classes: columns are as long.
const COUNT_MAX: u64 = 1 << 24;

/// A row that is checked.
#[derive(Clone, Copy)]
struct At(&'static str, usize);

impl At {
    fn refer(self, target: &'static str, found: usize, count: usize) -> Checked {
        if found < count { Ok(()) } else { Err(NetworkError::Dangling { table: self.0, row: self.1, target, found, count }) }
    }

    fn number(self, field: &'static str, value: f64, domain: Domain) -> Checked {
        let fits = (domain.least..=domain.most).contains(&value) || domain.endless && value == f64::INFINITY;
        let wrong = NetworkError::BadNumber { table: self.0, row: self.1, field, value, must: domain.must };
        if fits { Ok(()) } else { Err(wrong) }
    }

    /// A day of a calendar of years −9999 to 9999.
    fn day(self, field: &'static str, day: Day) -> Checked {
        let civil = Domain { least: -4_371_587.0, most: 2_932_896.0, endless: false, must: "a day from the year -9999 to 9999" };
        self.number(field, f64::from(day.0), civil)
    }

    fn month_day(self, field: &'static str, (month, day): MonthDay) -> Checked {
        let days = match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let value = f64::from(month) + f64::from(day) / 100.0;
        let wrong = NetworkError::BadNumber { table: self.0, row: self.1, field, value, must: "a month and a day of it" };
        if (1..=days).contains(&day) { Ok(()) } else { Err(wrong) }
    }

    fn fits(self, fits: bool, why: &'static str) -> Checked {
        if fits { Ok(()) } else { Err(NetworkError::Misfit { table: self.0, row: self.1, why }) }
    }
}

/// A count that columns are made of.
pub(crate) fn at_most(what: &'static str, count: u64, max: u64) -> Checked {
    if count <= max { Ok(()) } else { Err(NetworkError::TooLarge { what, count, max }) }
}

/// Refuses what cannot be simulated.
pub(crate) fn network(network: &Network) -> Checked {
    let Network {
        start: _,
        end: _,
        settings,
        countries,
        classes,
        persons,
        sectors,
        groups,
        other_currencies: _,
        rates,
        class_rank,
        traffic,
        places,
        crossings,
        routes,
        products,
        firms,
        lines,
        inputs,
        terms,
        contracts,
        orders,
        demands,
        // Any will do: events say whether they need the first.
        rules_act: _,
        enforcement_seed: _,
    } = network;
    span(network)?;
    setting(settings)?;
    for (what, count) in [("countries", countries), ("classes", classes), ("sectors", sectors), ("groups", groups)] {
        at_most(what, u64::from(*count), COUNT_MAX)?;
    }
    at_most("gates (crossings in two directions, by class)", 2 * crossings.len() as u64 * u64::from(*classes), COUNT_MAX)?;
    if let Some(persons) = persons {
        At("network", 0).refer("class", persons.index(), *classes as usize)?;
    }
    At("network", 0)
        .fits(class_rank.is_empty() || class_rank.len() == *classes as usize, "class_rank has a rank for every class, or none")?;
    each(places, |row, place| self::place(network, row, place))?;
    each(crossings, |row, one| crossing(network, row, one))?;
    currencies(network, rates)?;
    each(traffic, |row, one| self::traffic(network, row, one))?;
    each(routes, |row, one| route(network, row, one))?;
    each(products, |row, one| product(network, row, one))?;
    each(firms, |row, one| firm(network, row, one))?;
    each(inputs, |row, one| input(network, row, one))?;
    self::lines(network, lines)?;
    each(terms, |row, one| terms::check(network, row, one))?;
    self::contracts(network, contracts)?;
    each(orders, |row, one| order(network, row, one))?;
    each(demands, |row, one| demand(network, row, one))?;
    if settings.start_state == StartState::Steady && !orders.is_empty() {
        return Err(NetworkError::SteadyOrders);
    }
    Ok(())
}

/// Calls `check` for every row.
fn each<T>(rows: &[T], check: impl Fn(usize, &T) -> Checked) -> Checked {
    rows.iter().enumerate().try_for_each(|(row, one)| check(row, one))
}

/// The first and the last day.
fn span(network: &Network) -> Checked {
    let at = At("network", 0);
    at.day("start", network.start)?;
    at.day("end", network.end)?;
    if network.end < network.start {
        return Err(NetworkError::NoDays);
    }
    let warm_up = if network.settings.start_state == StartState::WarmUp { network.settings.warm_up_days } else { 0 };
    let days = i64::from(network.end.0 - network.start.0) + 1 + i64::from(warm_up);
    if days > i64::from(RUN_DAYS_MAX) {
        return Err(NetworkError::TooManyDays { days: i32::try_from(days).unwrap_or(i32::MAX) });
    }
    at.day("start", network.start.plus(-(warm_up as i32)))
}

fn setting(settings: &Settings) -> Checked {
    // The days of a warm-up are part of the span.
    let Settings { start_state: _, plan_rate: _, expect_days, backlog_days, warm_up_days: _, compat: _ } = settings;
    let at = At("settings", 0);
    at.number("expect_days", *expect_days, TIME_CONSTANT)?;
    at.number("backlog_days", *backlog_days, TIME_CONSTANT)
}

fn place(network: &Network, row: usize, place: &Place) -> Checked {
    let Place { country } = place;
    At("place", row).refer("country", country.index(), network.countries as usize)
}

fn crossing(network: &Network, row: usize, crossing: &Crossing) -> Checked {
    let Crossing { country_a, country_b, tonnes_per_day } = crossing;
    let at = At("crossing", row);
    at.refer("country", country_a.index(), network.countries as usize)?;
    at.refer("country", country_b.index(), network.countries as usize)?;
    at.number("tonnes_per_day", tonnes_per_day.unwrap_or(0.0), AMOUNT)
}

/// Rates: each currency but the first has one, and they stand in order.
fn currencies(network: &Network, rates: &[Rate]) -> Checked {
    let currencies = 1 + network.other_currencies as usize;
    let mut next = 1;
    for (row, rate) in rates.iter().enumerate() {
        let Rate { currency, from, value } = rate;
        let at = At("rate", row);
        at.refer("currency", currency.index(), currencies)?;
        at.fits(currency.index() > 0, "currency 0 is the case's own and has no rate")?;
        at.day("from", *from)?;
        at.number("value", *value, RATE)?;
        let before = row.checked_sub(1).map(|row| &rates[row]);
        let ordered = before.is_none_or(|before| (before.currency, before.from) <= (*currency, *from));
        at.fits(ordered, "rates stand in order of currency, then date")?;
        if currency.index() > next {
            return Err(NetworkError::NoRate { currency: next });
        }
        next = next.max(currency.index() + 1);
    }
    if next < currencies {
        return Err(NetworkError::NoRate { currency: next });
    }
    let shared = super::accounts::Account::ALL.len() as u64 + u64::from(network.groups);
    at_most("accounts (groups by currency)", currencies as u64 * shared, 4 * COUNT_MAX)
}

fn traffic(network: &Network, row: usize, traffic: &Traffic) -> Checked {
    let Traffic { crossing, direction: _, class, tonnes_per_day } = traffic;
    let at = At("traffic", row);
    at.refer("crossing", crossing.index(), network.crossings.len())?;
    at.refer("class", class.index(), network.classes as usize)?;
    at.number("tonnes_per_day", *tonnes_per_day, AMOUNT)
}

fn route(network: &Network, row: usize, route: &Route) -> Checked {
    let Route { legs } = route;
    let at = At("route", row);
    let mut travel = 0.0;
    for leg in legs {
        let Leg { crossing, days, tonnes_per_day } = leg;
        at.number("days", f64::from(*days), DAYS)?;
        at.number("tonnes_per_day", *tonnes_per_day, LIMIT)?;
        let mut limited = false;
        if let Some((crossing, _)) = crossing {
            at.refer("crossing", crossing.index(), network.crossings.len())?;
            limited = network.crossings[crossing.index()].tonnes_per_day.is_some();
        }
        // A leg that begins with a limit takes a day at least, and has one limit.
        let own = tonnes_per_day.is_finite();
        if (own || limited) && *days == 0 || own && limited {
            return Err(NetworkError::LimitedLeg { route: row });
        }
        travel += f64::from(*days);
    }
    if travel == 0.0 {
        return Err(NetworkError::NoLead { route: row });
    }
    at.number("days", travel, DAYS)
}

fn product(network: &Network, row: usize, product: &Product) -> Checked {
    let Product {
        class,
        value_per_unit,
        value_from: _,
        retail_price_per_unit,
        price_after_season_share,
        kg_per_unit,
        spoilage_share_per_day,
    } = product;
    let at = At("product", row);
    at.refer("class", class.index(), network.classes as usize)?;
    at.number("value_per_unit", *value_per_unit, AMOUNT)?;
    at.number("retail_price_per_unit", *retail_price_per_unit, AMOUNT)?;
    at.number("price_after_season_share", *price_after_season_share, SHARE)?;
    at.number("kg_per_unit", *kg_per_unit, AMOUNT)?;
    at.number("spoilage_share_per_day", *spoilage_share_per_day, SHARE)
}

fn firm(network: &Network, row: usize, firm: &Firm) -> Checked {
    let Firm {
        place,
        group,
        sector,
        workers,
        wage_per_month,
        idle_pay_share,
        levy_share,
        keep_months,
        opening_cash,
        rest_weekdays,
        currency,
        hire_days,
        fire_days,
        insolvency_days,
        when_insolvent: _,
        rescue_months,
    } = firm;
    let at = At("firm", row);
    at.refer("place", place.index(), network.places.len())?;
    if let Some(group) = group {
        at.refer("group", group.index(), network.groups as usize)?;
    }
    // A network that counts no sectors has one.
    at.refer("sector", sector.index(), network.sectors.max(1) as usize)?;
    at.refer("currency", currency.index(), 1 + network.other_currencies as usize)?;
    at.fits(*rest_weekdays < 1 << 7, "rest_weekdays has a bit for each of seven days")?;
    for (field, value, domain) in [
        ("workers", *workers, AMOUNT),
        ("wage_per_month", *wage_per_month, AMOUNT),
        ("idle_pay_share", *idle_pay_share, SHARE),
        ("levy_share", *levy_share, SHARE),
        ("keep_months", *keep_months, LIMIT),
        ("opening_cash", *opening_cash, AMOUNT),
        ("hire_days", *hire_days, TIME_CONSTANT),
        ("fire_days", *fire_days, TIME_CONSTANT),
        ("insolvency_days", *insolvency_days, LIMIT),
        ("rescue_months", *rescue_months, AMOUNT),
    ] {
        at.number(field, value, domain)?;
    }
    Ok(())
}

fn input(network: &Network, row: usize, input: &Input) -> Checked {
    let Input { product, per_unit, waste_share, supplied_by: _, importance: _ } = input;
    let at = At("input", row);
    at.refer("product", product.index(), network.products.len())?;
    at.number("per_unit", *per_unit, AMOUNT)?;
    at.number("waste_share", *waste_share, AMOUNT)
}

/// Lines, and that an input is of one line only.
fn lines(network: &Network, lines: &[Line]) -> Checked {
    let (mut end, mut in_order) = (0, true);
    for (row, line) in lines.iter().enumerate() {
        let Line { firm, product, capacity_per_day, labour_days_per_unit, first_input, last_input, rationing: _ } = line;
        let at = At("line", row);
        at.refer("firm", firm.index(), network.firms.len())?;
        at.refer("product", product.index(), network.products.len())?;
        at.number("capacity_per_day", *capacity_per_day, LIMIT)?;
        at.number("labour_days_per_unit", *labour_days_per_unit, AMOUNT)?;
        at.fits(first_input <= last_input, "its inputs end before they begin")?;
        at.fits(*last_input as usize <= network.inputs.len(), "its inputs go beyond the last")?;
        if first_input < last_input {
            in_order &= *first_input >= end;
            end = *last_input;
        }
    }
    if in_order { Ok(()) } else { apart(lines) }
}

/// That no two lines have an input in common, in whatever order their inputs stand.
fn apart(lines: &[Line]) -> Checked {
    let mut spans: Vec<(u32, u32, usize)> = lines.iter().enumerate().map(|(row, line)| (line.first_input, line.last_input, row)).collect();
    spans.retain(|(first, last, _)| first < last);
    spans.sort_unstable();
    spans.windows(2).try_for_each(|pair| At("line", pair[1].2).fits(pair[0].1 <= pair[1].0, "its inputs are another line's"))
}

/// Contracts, column by column: a column of like values is looked at once.
fn contracts(network: &Network, contracts: &Contracts) -> Checked {
    let Contracts { seller, buyer, kind, terms, route, input_route, price_per_unit, share, collection_phase_share, extras } = contracts;
    let count = seller.len();
    for (column, found) in [
        ("buyer", buyer.len()),
        ("kind", kind.len()),
        ("terms", terms.len()),
        ("route", route.len()),
        ("input_route", input_route.len()),
        ("price_per_unit", price_per_unit.len()),
        ("share", share.len()),
        ("collection_phase_share", collection_phase_share.len()),
    ] {
        if found != count {
            return Err(NetworkError::Uneven { column, found, count });
        }
    }
    each(seller, |row, line| At("contract", row).refer("line", line.index(), network.lines.len()))?;
    each(buyer, |row, firm| At("contract", row).refer("firm", firm.index(), network.firms.len()))?;
    column(terms, |row, terms| At("contract", row).refer("terms", terms.index(), network.terms.len()))?;
    column(route, |row, route| At("contract", row).refer("route", route.index(), network.routes.len()))?;
    column(input_route, |row, route| At("contract", row).refer("route", route.index(), network.routes.len()))?;
    column(price_per_unit, |row, price| At("contract", row).number("price_per_unit", price, AMOUNT))?;
    column(share, |row, share| At("contract", row).number("share", share, AMOUNT))?;
    column(collection_phase_share, |row, share| At("contract", row).number("collection_phase_share", share, AMOUNT))?;
    let mut before = None;
    for (contract, extra) in extras {
        let at = At("contract", contract.index());
        at.refer("contract", contract.index(), count)?;
        at.fits(before < Some(*contract), "extras stand in order of contract, once for each")?;
        before = Some(*contract);
        extras_of(network, at, extra)?;
    }
    Ok(())
}

/// Calls `check` for every value of a column, once where all are alike.
fn column<T: Copy>(column: &Compact<T>, check: impl Fn(usize, T) -> Checked) -> Checked {
    match column {
        Compact::Alike(_, 0) => Ok(()),
        Compact::Alike(value, _) => check(0, *value),
        Compact::Each(values) => each(values, |row, value| check(row, *value)),
    }
}

fn extras_of(network: &Network, at: At, extras: &Extras) -> Checked {
    let Extras { currency, standby_share, credit_limit, alternative_routes, alternative_input_routes } = extras;
    at.refer("currency", currency.index(), 1 + network.other_currencies as usize)?;
    at.number("standby_share", *standby_share, SHARE)?;
    at.number("credit_limit", *credit_limit, LIMIT)?;
    for route in alternative_routes.iter().chain(alternative_input_routes) {
        at.refer("route", route.index(), network.routes.len())?;
    }
    Ok(())
}

fn order(network: &Network, row: usize, order: &Order) -> Checked {
    let Order { contract, quantity, due, season_end } = order;
    let at = At("order", row);
    at.refer("contract", contract.index(), network.contracts.len())?;
    let terms = &network.terms[network.contracts.terms[contract.index()].index()];
    at.fits(terms.ordering == Ordering::Schedule, "its contract orders by itself; order lines need terms of ordering `schedule`")?;
    at.number("quantity", *quantity, AMOUNT)?;
    at.day("due", *due)?;
    season_end.map_or(Ok(()), |day| at.day("season_end", day))
}

fn demand(network: &Network, row: usize, demand: &Demand) -> Checked {
    let Demand { line, quantity_per_day, season, price_per_unit, patience_days } = demand;
    let at = At("demand", row);
    at.refer("line", line.index(), network.lines.len())?;
    at.number("quantity_per_day", *quantity_per_day, AMOUNT)?;
    if let Some((from, to)) = season {
        at.month_day("season", *from)?;
        at.month_day("season", *to)?;
    }
    at.number("price_per_unit", *price_per_unit, AMOUNT)?;
    at.number("patience_days", f64::from(*patience_days), DAYS)
}
