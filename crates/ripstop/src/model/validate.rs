//! What must hold of a network and events handed over by a program: every id is a row, every number can be reckoned with.
//!
//! Rows are taken apart field by field, so that a new field does not compile until it is decided here what it may be.

use crate::model::calendar::{Day, MonthDay};
use crate::model::compact::Compact;
use crate::model::error::NetworkError;
use crate::model::ids::*;
use crate::model::network::*;

use super::fields::{self, Field};
use super::limits::{AMOUNT_MAX, Limits, RUN_DAYS_MAX};

mod events;
mod terms;

pub(crate) use events::check as events;

type Checked = Result<(), NetworkError>;

/// Most of what is only counted, such as classes: columns are as long.
const COUNT_MAX: u64 = 1 << 24;

/// A row that is checked.
#[derive(Clone, Copy)]
struct At(&'static str, usize);

impl At {
    fn refer(self, target: &'static str, found: usize, count: usize) -> Checked {
        if found < count { Ok(()) } else { Err(NetworkError::Dangling { table: self.0, row: self.1, target, found, count }) }
    }

    fn number(self, field: Field, value: f64) -> Checked {
        self.within(field.name, value, field.limits)
    }

    fn numbers(self, all: &[(Field, f64)]) -> Checked {
        all.iter().try_for_each(|&(field, value)| self.number(field, value))
    }

    fn within(self, field: &'static str, value: f64, limits: Limits) -> Checked {
        if limits.hold(value) { Ok(()) } else { self.wrong(field, value, limits.to_string()) }
    }

    fn wrong(self, field: &'static str, value: f64, must: String) -> Checked {
        Err(NetworkError::BadNumber { table: self.0, row: self.1, field, value, must })
    }

    /// A day of a calendar of years −9999 to 9999.
    fn day(self, field: &'static str, day: Day) -> Checked {
        let civil = (-4_371_587..=2_932_896).contains(&day.0);
        if civil { Ok(()) } else { self.wrong(field, f64::from(day.0), "a day from the year -9999 to 9999".to_owned()) }
    }

    fn month_day(self, field: &'static str, (month, day): MonthDay) -> Checked {
        let days = match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let value = f64::from(month) + f64::from(day) / 100.0;
        if (1..=days).contains(&day) { Ok(()) } else { self.wrong(field, value, "a month and a day of it".to_owned()) }
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
        newcomers,
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
    for (row, one) in newcomers.iter().enumerate() {
        newcomer(network, row, one)?;
    }
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
    let warm_up = network.settings.days_before_start();
    let days = i64::from(network.end.0 - network.start.0) + 1 + i64::from(warm_up);
    if days > i64::from(RUN_DAYS_MAX) {
        return Err(NetworkError::TooManyDays { days: i32::try_from(days).unwrap_or(i32::MAX) });
    }
    at.day("start", network.start.plus(-(warm_up as i32)))
}

fn setting(settings: &Settings) -> Checked {
    // The days of a warm-up are part of the span.
    let Settings {
        start_state: _,
        plan_rate: _,
        expect_days,
        backlog_days,
        warm_up_days: _,
        settle_tolerance_share,
        settle_max_days: _,
        compat: _,
        shares: _,
    } = settings;
    let at = At("settings", 0);
    at.number(fields::SETTLE_TOLERANCE, *settle_tolerance_share)?;
    at.number(fields::EXPECT_DAYS, *expect_days)?;
    at.number(fields::BACKLOG_DAYS, *backlog_days)
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
    tonnes_per_day.map_or(Ok(()), |tonnes| at.number(fields::CROSSING_TONNES, tonnes))
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
        at.number(fields::RATE, *value)?;
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
    at.number(fields::TRAFFIC_TONNES, *tonnes_per_day)
}

fn route(network: &Network, row: usize, route: &Route) -> Checked {
    let Route { legs } = route;
    let at = At("route", row);
    let mut travel = 0.0;
    for leg in legs {
        let Leg { crossing, days, tonnes_per_day } = leg;
        at.number(fields::LEG_DAYS, f64::from(*days))?;
        at.number(fields::LEG_TONNES, *tonnes_per_day)?;
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
    at.number(fields::LEG_DAYS, travel)
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
    at.number(fields::VALUE, *value_per_unit)?;
    at.number(fields::RETAIL_PRICE, *retail_price_per_unit)?;
    at.number(fields::PRICE_AFTER_SEASON, *price_after_season_share)?;
    at.number(fields::KG, *kg_per_unit)?;
    at.number(fields::SPOILAGE, *spoilage_share_per_day)
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
    for (field, value) in [
        (fields::WORKERS, *workers),
        (fields::WAGE, *wage_per_month),
        (fields::IDLE_PAY, *idle_pay_share),
        (fields::LEVY, *levy_share),
        (fields::KEEP_MONTHS, *keep_months),
        (fields::OPENING_CASH, *opening_cash),
        (fields::HIRE_DAYS, *hire_days),
        (fields::FIRE_DAYS, *fire_days),
        (fields::INSOLVENCY_DAYS, *insolvency_days),
        (fields::RESCUE_MONTHS, *rescue_months),
    ] {
        at.number(field, value)?;
    }
    Ok(())
}

fn input(network: &Network, row: usize, input: &Input) -> Checked {
    let Input { product, per_unit, waste_share, supplied_by: _, importance: _ } = input;
    let at = At("input", row);
    at.refer("product", product.index(), network.products.len())?;
    at.number(fields::PER_UNIT, *per_unit)?;
    at.number(fields::WASTE, *waste_share)
}

/// Lines, and that an input is of one line only.
fn lines(network: &Network, lines: &[Line]) -> Checked {
    let (mut end, mut in_order) = (0, true);
    for (row, line) in lines.iter().enumerate() {
        let Line { firm, product, capacity_per_day, labour_days_per_unit, first_input, last_input, rationing: _ } = line;
        let at = At("line", row);
        at.refer("firm", firm.index(), network.firms.len())?;
        at.refer("product", product.index(), network.products.len())?;
        at.number(fields::CAPACITY, *capacity_per_day)?;
        at.number(fields::LABOUR, *labour_days_per_unit)?;
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
    column(price_per_unit, |row, price| At("contract", row).number(fields::PRICE, price))?;
    column(share, |row, share| At("contract", row).number(fields::SHARE_OF_NEED, share))?;
    column(collection_phase_share, |row, share| At("contract", row).number(fields::COLLECTION_PHASE, share))?;
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
    let Extras { currency, standby_share, credit_limit, alternative_routes, alternative_input_routes, switch } = extras;
    at.refer("currency", currency.index(), 1 + network.other_currencies as usize)?;
    at.number(fields::STANDBY_SHARE, *standby_share)?;
    at.number(fields::CREDIT_LIMIT, *credit_limit)?;
    switches(at, switch)?;
    for route in alternative_routes.iter().chain(alternative_input_routes) {
        at.refer("route", route.index(), network.routes.len())?;
    }
    Ok(())
}

fn switches(at: At, switch: &Switch) -> Checked {
    let Switch { share, after_days, days, return_days } = switch;
    at.number(fields::SWITCH_SHARE, *share)?;
    at.number(fields::SWITCH_AFTER_DAYS, *after_days)?;
    at.number(fields::SWITCH_DAYS, *days)?;
    at.number(fields::RETURN_DAYS, return_days.unwrap_or(0.0))
}

fn newcomer(network: &Network, row: usize, newcomer: &Newcomer) -> Checked {
    let Newcomer { buyer, product, switch, price_per_unit, capacity_per_day, travel_days } = newcomer;
    let at = At("newcomer", row);
    at.refer("buyer", buyer.index(), network.firms.len())?;
    at.refer("product", product.index(), network.products.len())?;
    switches(at, switch)?;
    at.number(fields::PRICE, *price_per_unit)?;
    at.number(fields::NEWCOMER_CAPACITY, *capacity_per_day)?;
    at.number(fields::NEWCOMER_TRAVEL, f64::from(*travel_days))
}

fn order(network: &Network, row: usize, order: &Order) -> Checked {
    let Order { contract, quantity, due, season_end } = order;
    let at = At("order", row);
    at.refer("contract", contract.index(), network.contracts.len())?;
    let terms = &network.terms[network.contracts.terms[contract.index()].index()];
    at.fits(terms.ordering == Ordering::Schedule, "its contract orders by itself; order lines need terms of ordering `schedule`")?;
    at.number(fields::ORDER_QUANTITY, *quantity)?;
    at.day("due", *due)?;
    season_end.map_or(Ok(()), |day| at.day("season_end", day))
}

fn demand(network: &Network, row: usize, demand: &Demand) -> Checked {
    let Demand { line, quantity_per_day, season, price_per_unit, patience_days } = demand;
    let at = At("demand", row);
    at.refer("line", line.index(), network.lines.len())?;
    at.number(fields::DEMAND_QUANTITY, *quantity_per_day)?;
    if let Some((from, to)) = season {
        at.month_day("season", *from)?;
        at.month_day("season", *to)?;
    }
    at.number(fields::PRICE, *price_per_unit)?;
    at.number(fields::PATIENCE_DAYS, f64::from(*patience_days))
}
