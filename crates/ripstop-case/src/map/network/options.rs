//! What few cases have: other currencies, limits in tonnes, other ways, standby and credit.

use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{After, Change, Event};
use ripstop::model::fields;
use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::Mapper;
use crate::{Col, Selector, Table, Values};

/// What a unit of each currency is worth on the first day, in the case's currency, by currency id.
pub(crate) type FirstRates = Vec<f64>;

impl Mapper<'_> {
    /// Exchange rates by currency, then date.
    pub(super) fn rates(&self, values: &Values) -> Vec<Rate> {
        let table = self.case.table("exchange_rates");
        let (name, from, value) = (table.col("currency"), table.col("from"), table.col("usd_per_unit"));
        let mut rates: Vec<Rate> = (0..table.rows())
            .map(|row| Rate {
                currency: self.currency(table.text(name, row)),
                from: table.date(from, row, values).map_or(Day(self.case.meta.start), Day),
                value: table.number(value, row, values).unwrap_or(1.0),
            })
            .collect();
        rates.sort_by_key(|rate| (rate.currency, rate.from));
        rates
    }

    /// The rates that hold on a day; before the first of a currency the first holds.
    pub(crate) fn rates_on(&self, rates: &[Rate], day: Day) -> FirstRates {
        let mut values = vec![1.0; self.currencies.len()];
        for (currency, value) in values.iter_mut().enumerate().skip(1) {
            let mut own = rates.iter().filter(|rate| rate.currency.index() == currency);
            let first = own.clone().next();
            let last = own.rfind(|rate| rate.from <= day);
            *value = last.or(first).map_or(1.0, |rate| rate.value);
        }
        values
    }

    /// A currency by name; the case's if blank.
    pub(super) fn currency(&self, name: Option<&str>) -> CurrencyId {
        name.and_then(|n| self.places.currencies.get(n).copied()).map_or(CurrencyId(0), CurrencyId::from)
    }

    /// Class → rank; empty when no class comes first.
    pub(super) fn class_rank(&self) -> Vec<u32> {
        let first = &self.case.settings.class_priority;
        if first.is_empty() {
            return Vec::new();
        }
        let ranks = super::place_of(first);
        self.classes.iter().map(|class| ranks.get(class.as_str()).copied().unwrap_or(first.len()) as u32).collect()
    }

    /// Tonnes a day of a crossing that has a capacity.
    pub(super) fn crossing_limit(&self, row: usize, values: &Values) -> Option<f64> {
        let crossings = self.case.table("crossings");
        let capacity = crossings.enumeration(crossings.col("mode"), row, values) == Some("capacity");
        crossings.number(crossings.col("tonnes_per_day"), row, values).filter(|_| capacity)
    }

    /// Other traffic over crossings that have a capacity.
    pub(super) fn traffic(&self, network: &Network, values: &Values) -> Vec<Traffic> {
        let table = self.case.table("traffic");
        let [crossing, toward, class, tonnes] = ["crossing", "toward", "class", "tonnes_per_day"].map(|name| table.col(name));
        let traffic = |row| {
            let crossing = CrossingId(table.reference(crossing, row)?);
            let at = &network.crossings[crossing.index()];
            at.tonnes_per_day?;
            Some(Traffic {
                crossing,
                direction: Change::direction_towards(self.country(table.text(toward, row))?, at.country_a),
                class: self.class(table.text(class, row))?,
                tonnes_per_day: table.number(tonnes, row, values).unwrap_or(0.0),
            })
        };
        (0..table.rows()).filter_map(traffic).collect()
    }

    /// How each line shares out, by row.
    pub(super) fn rationing(&self, row: usize, values: &Values) -> Rationing {
        let lines = self.case.table("lines");
        rule(lines.enumeration(lines.col("rationing"), row, values).unwrap_or(self.case.settings.rationing))
    }

    /// How lines share out that do not say it themselves.
    pub(super) fn usual_rationing(&self) -> Rationing {
        rule(self.case.settings.rationing)
    }

    /// Adds the damage of a row to that of rows that heal alike from the same day on, or as an event of its own.
    pub(super) fn damage(
        &self,
        network: &Network,
        list: &mut Vec<Event>,
        (row, from, background): (usize, Day, bool),
        selector: &Selector,
        values: &Values,
    ) {
        let events = self.case.table("events");
        let number = |col: &str| events.number(events.col(col), row, values);
        let lost = number("value").unwrap_or(0.0);
        let hit = self.lines_in(network, selector).into_iter().map(|line| (line, lost));
        let change = Change::Damage {
            shares: hit.collect(),
            shape: recovery(events.enumeration(events.col("shape"), row, values)),
            recovery_days: number("recovery_days").unwrap_or(f64::INFINITY),
            stop_days: number("stop_days").unwrap_or(fields::STOP_DAYS.default).round() as u32,
        };
        let alike = |event: &&mut Event| event.from == from && event.background == background && heals_alike(&event.change, &change);
        match (list.iter_mut().find(alike).map(|event| &mut event.change), change) {
            (Some(Change::Damage { shares, .. }), Change::Damage { shares: more, .. }) => shares.extend(more),
            (_, change) => list.push(Event { change, from, to: None, value: 1.0 - lost, ramp_in_days: 0, ramp_out_days: 0, background }),
        }
    }

    /// What a contract has beyond the columns.
    pub(super) fn extras(&self, contracts: &Table, cols: &ExtraCols, row: usize, first: &FirstRates, values: &Values) -> Extras {
        let routes = |col| contracts.references(col, row).iter().copied().map(RouteId).collect();
        let currency = self.currency(contracts.text(cols.currency, row));
        Extras {
            currency,
            standby_share: contracts.number(cols.standby_share, row, values).unwrap_or(fields::STANDBY_SHARE.default),
            credit_limit: contracts.number(cols.credit_limit, row, values).unwrap_or(fields::CREDIT_LIMIT.default)
                / first[currency.index()],
            alternative_routes: routes(cols.routes),
            alternative_input_routes: routes(cols.input_routes),
            switch: switch(contracts, cols.switch, row, values),
        }
    }

    /// New sellers outside the case.
    pub(super) fn newcomers(&self, values: &Values) -> Vec<Newcomer> {
        let table = self.case.table("switches");
        let [buyer, product, price, capacity, travel] =
            ["buyer", "product", "price_usd_per_unit", "capacity_per_day", "travel_days"].map(|name| table.col(name));
        let cols = ["share", "after_days", "ramp_days", "return_days"].map(|name| table.col(name));
        let newcomer = |row| Newcomer {
            buyer: FirmId(table.referred(buyer, row)),
            product: ProductId(table.referred(product, row)),
            switch: switch(table, cols, row, values),
            price_per_unit: table.number(price, row, values).unwrap_or(0.0),
            capacity_per_day: table.number(capacity, row, values).unwrap_or(f64::INFINITY),
            travel_days: table.number(travel, row, values).unwrap_or(1.0).round() as u32,
        };
        (0..table.rows()).map(newcomer).collect()
    }
}

/// How much a row takes over, and how long that takes: share, days until it begins, to all, and back.
fn switch(table: &Table, [share, after, days, back]: [Col; 4], row: usize, values: &Values) -> Switch {
    Switch {
        share: table.number(share, row, values).unwrap_or(0.0),
        after_days: table.number(after, row, values).unwrap_or(0.0),
        days: table.number(days, row, values).unwrap_or(0.0),
        return_days: table.number(back, row, values),
    }
}

/// Columns of contracts behind [`Extras`], looked up once.
pub(super) struct ExtraCols {
    currency: Col,
    standby_share: Col,
    switch: [Col; 4],
    credit_limit: Col,
    routes: Col,
    input_routes: Col,
}

impl ExtraCols {
    pub(super) fn of(contracts: &Table) -> Self {
        Self {
            currency: contracts.col("currency"),
            standby_share: contracts.col("standby_share"),
            switch: ["switch_share", "switch_after_days", "switch_days", "return_days"].map(|name| contracts.col(name)),
            credit_limit: contracts.col("credit_limit_usd"),
            routes: contracts.col("alternative_routes"),
            input_routes: contracts.col("alternative_input_routes"),
        }
    }
}

/// An amount in the row's own currency if it is given there, else the one in the case's, changed at the first day's rate.
pub(super) fn own_amount(table: &Table, row: usize, [own, usd]: [Col; 2], rate: f64, values: &Values) -> f64 {
    table.number(own, row, values).unwrap_or_else(|| table.number(usd, row, values).unwrap_or(0.0) / rate)
}

fn heals_alike(one: &Change, other: &Change) -> bool {
    match (one, other) {
        (
            Change::Damage { shape, recovery_days, stop_days, .. },
            Change::Damage { shape: shape_b, recovery_days: recovery_b, stop_days: stop_b, .. },
        ) => shape == shape_b && recovery_days == recovery_b && stop_days == stop_b,
        _ => false,
    }
}

fn rule(word: &str) -> Rationing {
    match word {
        "least_served" => Rationing::LeastServed,
        "class_priority" => Rationing::ClassPriority,
        "oldest" => Rationing::Oldest,
        "market_last" => Rationing::MarketLast,
        "least_served_market_last" => Rationing::LeastServedMarketLast,
        _ => Rationing::Proportional,
    }
}

fn recovery(word: Option<&str>) -> Recovery {
    match word {
        Some("step") => Recovery::Step,
        Some("sudden") => Recovery::Sudden,
        Some("geometric") => Recovery::Geometric,
        Some("exponential") => Recovery::Exponential,
        Some("damped") => Recovery::Damped,
        _ => Recovery::Linear,
    }
}

/// What becomes of the goods of a frozen place at its end.
pub(super) fn after(word: Option<&str>) -> After {
    match word {
        Some("lost") => After::Lost,
        Some("sold") => After::Sold,
        _ => After::Returned,
    }
}

/// How an input binds.
pub(super) fn importance(word: Option<&str>) -> Importance {
    match word {
        Some("important") => Importance::Important,
        Some("other") => Importance::Other,
        _ => Importance::Critical,
    }
}

/// What happens to a firm that is insolvent.
pub(super) fn when_insolvent(word: Option<&str>) -> WhenInsolvent {
    match word {
        Some("stop") => WhenInsolvent::Stop,
        Some("rescue") => WhenInsolvent::Rescue,
        _ => WhenInsolvent::Continue,
    }
}

/// Whether a crossing has a side in a country.
pub(super) fn leads_to(crossing: &Crossing, country: CountryId) -> bool {
    country == crossing.country_a || country == crossing.country_b
}
