//! What a program hands over is checked: random networks with one id, number, day or event out of place are refused with an error that
//! names it. None panics, none is simulated as something else.

mod common;
mod random;

use proptest::prelude::*;
use ripstop::law::Enforcement;
use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::error::NetworkError;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;

use common::{Net, day, event};
use random::random_network;

const NAN: f64 = f64::NAN;
const INF: f64 = f64::INFINITY;
const AMOUNT: &[f64] = &[NAN, INF, -INF, -1.0, 2e18];
/// May be infinite.
const LIMIT: &[f64] = &[NAN, -INF, -1.0, 2e18];
/// At least one, may be infinite.
const TIME_CONSTANT: &[f64] = &[NAN, -INF, 0.0, 0.5, 2e6];
const INTERVAL: &[f64] = &[NAN, INF, 0.0, 0.5, 2e6];
const SHARE: &[f64] = &[NAN, INF, -0.1, 1.1];
const DAYS: &[f64] = &[NAN, INF, -1.0, 10_001.0, 4_294_967_297.0];
const LONG: &[u32] = &[10_001, 1 << 31, u32::MAX];
const NO_DAYS: [Day; 2] = [Day(i32::MIN), Day(i32::MAX)];
const NO_SEASONS: [(i8, i8); 5] = [(0, 1), (13, 1), (2, 30), (6, 31), (-1, -1)];

/// Networks and events with one fault each.
struct Faults<'a> {
    net: &'a Network,
    events: &'a [Event],
    /// Which row is spoilt.
    pick: usize,
    list: Vec<(&'static str, Network, Vec<Event>)>,
}

type Row<T> = fn(&mut Network) -> &mut Vec<T>;

impl Faults<'_> {
    fn spoil(&mut self, name: &'static str, change: impl FnOnce(&mut Network)) {
        let mut net = self.net.clone();
        change(&mut net);
        self.list.push((name, net, self.events.to_vec()));
    }

    /// A number of a row of a table.
    fn number<T>(&mut self, name: &'static str, table: Row<T>, wrong: &[f64], set: fn(&mut T, f64)) {
        self.each(name, table, wrong, |row, value| set(row, *value));
    }

    /// An id of a row of a table: the first that is not there, and the last of all.
    fn id<T>(&mut self, name: &'static str, table: Row<T>, count: usize, set: fn(&mut T, u32)) {
        self.each(name, table, &[count as u32, u32::MAX], |row, id| set(row, *id));
    }

    fn each<T, V>(&mut self, name: &'static str, table: Row<T>, wrong: &[V], set: impl Fn(&mut T, &V)) {
        for value in wrong {
            let mut net = self.net.clone();
            let rows = table(&mut net);
            if !rows.is_empty() {
                let row = self.pick % rows.len();
                set(&mut rows[row], value);
                self.list.push((name, net, self.events.to_vec()));
            }
        }
    }

    /// An event more.
    fn event(&mut self, name: &'static str, event: Event) {
        let mut events = self.events.to_vec();
        events.insert(self.pick % (events.len() + 1), event);
        self.list.push((name, self.net.clone(), events));
    }

    fn change(&mut self, name: &'static str, change: Change, value: f64) {
        self.event(name, Event { from: self.net.start, to: None, ..event(change, 0, 0, value) });
    }
}

fn of_network(faults: &mut Faults<'_>) {
    for wrong in NO_DAYS {
        faults.spoil("start", |net| net.start = wrong);
        faults.spoil("end", |net| net.end = wrong);
    }
    faults.spoil("end before start", |net| net.end = net.start.plus(-1));
    faults.spoil("too long", |net| net.end = net.start.plus(100_000));
    faults.spoil("warm-up that wraps", |net| {
        net.settings.start_state = StartState::WarmUp;
        net.settings.warm_up_days = u32::MAX;
    });
    for &wrong in TIME_CONSTANT {
        faults.spoil("expect_days", |net| net.settings.expect_days = wrong);
        faults.spoil("backlog_days", |net| net.settings.backlog_days = wrong);
    }
    faults.spoil("countries", |net| net.countries = 0);
    faults.spoil("classes", |net| net.classes = 0);
    faults.spoil("more gates than there are numbers", |net| net.classes = 1 << 31);
    faults.spoil("sectors", |net| net.sectors = u32::MAX);
    faults.spoil("groups", |net| net.groups = u32::MAX);
    faults.spoil("other_currencies", |net| net.other_currencies += 1);
    faults.spoil("other_currencies", |net| net.other_currencies = u32::MAX);
    for wrong in [faults.net.classes, u32::MAX] {
        faults.spoil("persons", |net| net.persons = Some(ClassId(wrong)));
    }
    faults.spoil("class_rank", |net| net.class_rank = vec![0]);
    let countries = faults.net.countries as usize;
    faults.id("place: country", |net| &mut net.places, countries, |row, id| row.country = CountryId(id));
    faults.id("crossing: country_a", |net| &mut net.crossings, countries, |row, id| row.country_a = CountryId(id));
    faults.id("crossing: country_b", |net| &mut net.crossings, countries, |row, id| row.country_b = CountryId(id));
    faults.number("crossing: tonnes", |net| &mut net.crossings, AMOUNT, |row, value| row.tonnes_per_day = Some(value));
}

fn of_routes(faults: &mut Faults<'_>) {
    let net = faults.net;
    let (crossings, classes, currencies) = (net.crossings.len(), net.classes as usize, 1 + net.other_currencies as usize);
    faults.id("traffic: crossing", |net| &mut net.traffic, crossings, |row, id| row.crossing = CrossingId(id));
    faults.id("traffic: class", |net| &mut net.traffic, classes, |row, id| row.class = ClassId(id));
    faults.number("traffic: tonnes", |net| &mut net.traffic, AMOUNT, |row, value| row.tonnes_per_day = value);
    faults.id("rate: currency", |net| &mut net.rates, currencies, |row, id| row.currency = CurrencyId(id));
    faults.each("rate: currency of the case", |net| &mut net.rates, &[()], |row, ()| row.currency = CurrencyId(0));
    faults.number("rate: value", |net| &mut net.rates, &[NAN, INF, 0.0, -1.0, 1e300], |row, value| row.value = value);
    faults.each("rate: from", |net| &mut net.rates, &NO_DAYS, |row, day| row.from = *day);
    faults.id("leg: crossing", |net| &mut net.routes, crossings, |row, id| row.legs[0].crossing = Some((CrossingId(id), Direction::AToB)));
    faults.each("leg: days", |net| &mut net.routes, LONG, |row, days| row.legs[0].days = *days);
    faults.each(
        "legs: days that wrap",
        |net| &mut net.routes,
        &[()],
        |row, ()| {
            row.legs = vec![Leg { days: 1 << 31, ..Leg::default() }, Leg { days: 1 << 31, ..Leg::default() }];
        },
    );
    faults.each("legs: none", |net| &mut net.routes, &[()], |row, ()| row.legs.clear());
    faults.number("leg: tonnes", |net| &mut net.routes, LIMIT, |row, value| row.legs[0].tonnes_per_day = value);
}

fn of_firms(faults: &mut Faults<'_>) {
    let net = faults.net;
    let (places, groups, sectors) = (net.places.len(), net.groups as usize, net.sectors as usize);
    let (firms, products, inputs) = (net.firms.len(), net.products.len(), net.inputs.len() as u32);
    faults.id("product: class", |net| &mut net.products, net.classes as usize, |row, id| row.class = ClassId(id));
    faults.number("product: value", |net| &mut net.products, AMOUNT, |row, value| row.value_per_unit = value);
    faults.number("product: retail price", |net| &mut net.products, AMOUNT, |row, value| row.retail_price_per_unit = value);
    faults.number("product: price after season", |net| &mut net.products, SHARE, |row, value| row.price_after_season_share = value);
    faults.number("product: kg", |net| &mut net.products, AMOUNT, |row, value| row.kg_per_unit = value);
    faults.number("product: spoilage", |net| &mut net.products, SHARE, |row, value| row.spoilage_share_per_day = value);
    faults.id("firm: place", |net| &mut net.firms, places, |row, id| row.place = PlaceId(id));
    faults.id("firm: group", |net| &mut net.firms, groups, |row, id| row.group = Some(GroupId(id)));
    faults.id("firm: sector", |net| &mut net.firms, sectors, |row, id| row.sector = SectorId(id));
    faults.id("firm: currency", |net| &mut net.firms, 1 + net.other_currencies as usize, |row, id| row.currency = CurrencyId(id));
    faults.number("firm: workers", |net| &mut net.firms, AMOUNT, |row, value| row.workers = value);
    faults.number("firm: wage", |net| &mut net.firms, AMOUNT, |row, value| row.wage_per_month = value);
    faults.number("firm: idle pay", |net| &mut net.firms, SHARE, |row, value| row.idle_pay_share = value);
    faults.number("firm: levy", |net| &mut net.firms, SHARE, |row, value| row.levy_share = value);
    faults.number("firm: keep months", |net| &mut net.firms, LIMIT, |row, value| row.keep_months = value);
    faults.number("firm: cash", |net| &mut net.firms, AMOUNT, |row, value| row.opening_cash = value);
    faults.each("firm: rest weekdays", |net| &mut net.firms, &[0x80, 0xff], |row, days| row.rest_weekdays = *days);
    faults.number("firm: hire days", |net| &mut net.firms, TIME_CONSTANT, |row, value| row.hire_days = value);
    faults.number("firm: fire days", |net| &mut net.firms, TIME_CONSTANT, |row, value| row.fire_days = value);
    faults.number("firm: insolvency days", |net| &mut net.firms, LIMIT, |row, value| row.insolvency_days = value);
    faults.number("firm: rescue months", |net| &mut net.firms, AMOUNT, |row, value| row.rescue_months = value);
    faults.id("line: firm", |net| &mut net.lines, firms, |row, id| row.firm = FirmId(id));
    faults.id("line: product", |net| &mut net.lines, products, |row, id| row.product = ProductId(id));
    faults.number("line: capacity", |net| &mut net.lines, LIMIT, |row, value| row.capacity_per_day = value);
    faults.number("line: labour", |net| &mut net.lines, AMOUNT, |row, value| row.labour_days_per_unit = value);
    faults.each("line: first input", |net| &mut net.lines, &[inputs + 1, u32::MAX], |row, at| row.first_input = *at);
    faults.each("line: last input", |net| &mut net.lines, &[inputs + 1, u32::MAX], |row, at| row.last_input = *at);
    if inputs > 0 {
        faults.spoil("lines: inputs of another", |net| {
            (net.lines[0].first_input, net.lines[0].last_input) = (0, 1);
            let other = net.lines.len() - 1;
            (net.lines[other].first_input, net.lines[other].last_input) = (0, inputs);
        });
    }
    faults.id("input: product", |net| &mut net.inputs, products, |row, id| row.product = ProductId(id));
    faults.number("input: per unit", |net| &mut net.inputs, AMOUNT, |row, value| row.per_unit = value);
    faults.number("input: waste", |net| &mut net.inputs, AMOUNT, |row, value| row.waste_share = value);
}

fn of_terms(faults: &mut Faults<'_>) {
    let crossings = faults.net.crossings.len();
    faults.id("terms: class", |net| &mut net.terms, faults.net.classes as usize, |row, id| row.class = Some(ClassId(id)));
    faults.id("terms: means", |net| &mut net.terms, crossings, |row, id| row.means = Means::Carried(CrossingId(id)));
    faults.id(
        "terms: compensation",
        |net| &mut net.terms,
        crossings,
        |row, id| {
            row.compensation_means = Some(Means::Carried(CrossingId(id)));
        },
    );
    let numbers: [TermNumber; 23] = [
        ("stock_days", AMOUNT, |terms, value| terms.stock_days = value),
        ("restock_days", TIME_CONSTANT, |terms, value| terms.restock_days = value),
        ("hold_patience_days", LIMIT, |terms, value| terms.hold_patience_days = value),
        ("lots_per_order", &[NAN, INF, 0.0, -1.0], |terms, value| terms.lots_per_order = value),
        ("collection_interval_days", INTERVAL, |terms, value| terms.collection_interval_days = value),
        ("prepaid_share", SHARE, |terms, value| terms.prepaid_share = value),
        ("season_settlement_share", SHARE, |terms, value| terms.season_settlement_share = value),
        ("inspection_days", DAYS, |terms, value| terms.inspection_days = value),
        ("net_days", DAYS, |terms, value| terms.net_days = value),
        ("theft_share", SHARE, |terms, value| terms.theft_share = value),
        ("retention_share", SHARE, |terms, value| terms.retention_share = value),
        ("over_shipment_share", AMOUNT, |terms, value| terms.over_shipment_share = value),
        ("purchase_lead_days", DAYS, |terms, value| terms.purchase_lead_days = value),
        ("input_window_days", DAYS, |terms, value| terms.input_window_days = value),
        ("input_lead_days", DAYS, |terms, value| terms.input_lead_days = value),
        ("consignment_interval_days", INTERVAL, |terms, value| terms.consignment_interval_days = value),
        ("slack_days", DAYS, |terms, value| terms.slack_days = value),
        ("ceiling_days", LIMIT, |terms, value| terms.ceiling_days = value),
        ("stop_after_days", LIMIT, |terms, value| terms.stop_after_days = value),
        ("grace_days", LIMIT, |terms, value| terms.grace_days = value),
        ("compensation_share", SHARE, |terms, value| terms.compensation_share = value),
        ("cancel_late_days", LIMIT, |terms, value| terms.cancel_late_days = value),
        ("moves_share", SHARE, |terms, value| terms.moves_share = value),
    ];
    for (name, wrong, set) in numbers {
        faults.number(name, |net| &mut net.terms, wrong, set);
    }
    faults.number("refused_share", |net| &mut net.terms, SHARE, |terms, value| terms.refused_share = value);
}

fn of_contracts(faults: &mut Faults<'_>) {
    let net = faults.net;
    let (count, pick) = (net.contracts.len(), faults.pick);
    if count == 0 {
        return;
    }
    let at = pick % count;
    for off in [0, u32::MAX] {
        let wrong = |count: usize| if off == 0 { count as u32 } else { off };
        faults.spoil("contract: seller", |net| net.contracts.seller[at] = LineId(wrong(net.lines.len())));
        faults.spoil("contract: buyer", |net| net.contracts.buyer[at] = FirmId(wrong(net.firms.len())));
        faults.spoil("contract: terms", |net| net.contracts.terms[at] = TermsId(wrong(net.terms.len())));
        faults.spoil("contract: route", |net| net.contracts.route[at] = RouteId(wrong(net.routes.len())));
        faults.spoil("contract: input_route", |net| net.contracts.input_route[at] = RouteId(wrong(net.routes.len())));
    }
    for &value in AMOUNT {
        faults.spoil("contract: price", |net| net.contracts.price_per_unit[at] = value);
        faults.spoil("contract: share", |net| net.contracts.share[at] = value);
        // More than an interval puts the first collection later.
        faults.spoil("contract: phase", |net| net.contracts.collection_phase_share[at] = value);
    }
    faults.spoil("contracts: a column too short", |net| {
        net.contracts.buyer.pop();
    });
    faults.spoil("contracts: a column too long", |net| net.contracts.share.push(0.5));
    faults.spoil("extras: of no contract", |net| net.contracts.extras.push((ContractId(count as u32), Extras::default())));
    faults.spoil("extras: twice", |net| {
        net.contracts.extras = vec![(ContractId(at as u32), Extras::default()), (ContractId(at as u32), Extras::default())];
    });
    if count > 1 {
        faults.spoil("extras: out of order", |net| {
            net.contracts.extras = vec![(ContractId(1), Extras::default()), (ContractId(0), Extras::default())];
        });
    }
    let mut extras = |name, set: &dyn Fn(&mut Extras)| {
        let mut extras = Extras::default();
        set(&mut extras);
        faults.spoil(name, |net| net.contracts.extras = vec![(ContractId(at as u32), extras)]);
    };
    extras("extras: currency", &|extras| extras.currency = CurrencyId(net.other_currencies + 1));
    extras("extras: route", &|extras| extras.alternative_routes = vec![RouteId(net.routes.len() as u32)]);
    extras("extras: input route", &|extras| extras.alternative_input_routes = vec![RouteId(u32::MAX)]);
    SHARE.iter().for_each(|value| extras("extras: standby", &|extras| extras.standby_share = *value));
    LIMIT.iter().for_each(|value| extras("extras: credit", &|extras| extras.credit_limit = *value));
    SHARE.iter().for_each(|value| extras("extras: switch share", &|extras| extras.switch.share = *value));
    LIMIT.iter().for_each(|value| extras("extras: after", &|extras| extras.switch.after_days = *value));
    LIMIT.iter().for_each(|value| extras("extras: switch days", &|extras| extras.switch.days = *value));
    LIMIT.iter().for_each(|value| extras("extras: return", &|extras| extras.switch.return_days = Some(*value)));
}

fn of_newcomers(faults: &mut Faults<'_>) {
    let net = faults.net;
    let good = Newcomer {
        buyer: FirmId(0),
        product: ProductId(0),
        switch: Switch::default(),
        price_per_unit: 1.0,
        capacity_per_day: f64::INFINITY,
        travel_days: 1,
    };
    let mut newcomer = |name, set: &dyn Fn(&mut Newcomer)| {
        let mut one = good.clone();
        set(&mut one);
        faults.spoil(name, |net| net.newcomers = vec![one]);
    };
    newcomer("newcomer: buyer", &|one| one.buyer = FirmId(net.firms.len() as u32));
    newcomer("newcomer: product", &|one| one.product = ProductId(u32::MAX));
    SHARE.iter().for_each(|value| newcomer("newcomer: share", &|one| one.switch.share = *value));
    AMOUNT.iter().for_each(|value| newcomer("newcomer: price", &|one| one.price_per_unit = *value));
    LIMIT.iter().for_each(|value| newcomer("newcomer: capacity", &|one| one.capacity_per_day = *value));
    [0, u32::MAX].iter().for_each(|days| newcomer("newcomer: travel", &|one| one.travel_days = *days));
}

fn of_sales(faults: &mut Faults<'_>) {
    let net = faults.net;
    faults.id("order: contract", |net| &mut net.orders, net.contracts.len(), |row, id| row.contract = ContractId(id));
    faults.number("order: quantity", |net| &mut net.orders, AMOUNT, |row, value| row.quantity = value);
    faults.each("order: due", |net| &mut net.orders, &NO_DAYS, |row, day| row.due = *day);
    faults.each("order: season end", |net| &mut net.orders, &NO_DAYS, |row, day| row.season_end = Some(*day));
    let restocks = |row: &usize| net.terms[net.contracts.terms[*row].index()].ordering != Ordering::Schedule;
    if let Some(row) = (0..net.contracts.len()).find(restocks) {
        faults.each(
            "order: of a contract that restocks",
            |net| &mut net.orders,
            &[row],
            |order, row| order.contract = ContractId::from(*row),
        );
    }
    faults.id("demand: line", |net| &mut net.demands, net.lines.len(), |row, id| row.line = LineId(id));
    faults.number("demand: quantity", |net| &mut net.demands, AMOUNT, |row, value| row.quantity_per_day = value);
    faults.number("demand: price", |net| &mut net.demands, AMOUNT, |row, value| row.price_per_unit = value);
    faults.each("demand: season", |net| &mut net.demands, &NO_SEASONS, |row, wrong| row.season = Some((*wrong, (12, 31))));
    faults.each("demand: season", |net| &mut net.demands, &NO_SEASONS, |row, wrong| row.season = Some(((2, 29), *wrong)));
    faults.each("demand: patience", |net| &mut net.demands, LONG, |row, days| row.patience_days = *days);
}

fn of_events(faults: &mut Faults<'_>) {
    let net = faults.net;
    for out in [0, u32::MAX] {
        let wrong = |count: usize| if out == 0 { count as u32 } else { out };
        let contracts = || vec![ContractId(wrong(net.contracts.len()))];
        let crossings = vec![CrossingId(wrong(net.crossings.len()))];
        faults.change("capacity: line", Change::Capacity(vec![LineId(wrong(net.lines.len()))]), 0.5);
        faults.change("attendance: firm", Change::Attendance(vec![FirmId(wrong(net.firms.len()))]), 0.5);
        faults.change("default: firm", Change::Default(vec![FirmId(wrong(net.firms.len()))]), 0.5);
        faults.change("demand: demand", Change::Demand(vec![DemandId(wrong(net.demands.len()))]), 0.5);
        faults.change("order cut: contract", Change::OrderCut(contracts()), 0.5);
        faults.change("cancel: contract", Change::Cancel(contracts()), 0.5);
        faults.change("refusal: contract", Change::Refusal(contracts()), 0.5);
        faults.change("forbid: contract", Change::Forbid(contracts()), 0.5);
        faults.change("enforce: contract", Change::Enforce(contracts(), Enforcement::default()), 0.5);
        faults.change("rate: currency", Change::ExchangeRate(vec![CurrencyId(wrong(1 + net.other_currencies as usize))]), 0.5);
        faults.change("open share: crossing", Change::OpenShare { crossings, towards: None, class: None }, 0.5);
        let open = |towards, class| Change::OpenShare { crossings: vec![CrossingId(0)], towards, class };
        faults.change("open share: class", open(None, Some(ClassId(wrong(net.classes as usize)))), 0.5);
        faults.change("open share: country", open(Some(CountryId(wrong(net.countries as usize))), None), 0.5);
        let shares = vec![(LineId(wrong(net.lines.len())), 0.5)];
        faults.change("damage: line", Change::Damage { shares, shape: Recovery::Linear, recovery_days: 3.0, stop_days: 0 }, 0.5);
    }
    faults.change("rate of the case's currency", Change::ExchangeRate(vec![CurrencyId(0)]), 0.5);
    let beside = |crossing: &Crossing| (0..net.countries).map(CountryId).find(|c| *c != crossing.country_a && *c != crossing.country_b);
    if let Some(towards) = beside(&net.crossings[0]) {
        let change = Change::OpenShare { crossings: vec![CrossingId(0)], towards: Some(towards), class: None };
        faults.change("open share: towards a country elsewhere", change, 0.5);
    }
    if !net.rules_act {
        faults.change("forbid without rules", Change::Forbid(Vec::new()), 0.5);
        faults.change("enforce without rules", Change::Enforce(Vec::new(), Enforcement::default()), 0.5);
    }
}

fn of_event_numbers(faults: &mut Faults<'_>) {
    for &value in AMOUNT {
        faults.change("capacity", Change::Capacity(Vec::new()), value);
        faults.change("attendance", Change::Attendance(Vec::new()), value);
        faults.change("demand", Change::Demand(Vec::new()), value);
    }
    for &value in SHARE {
        faults.change("open share", Change::OpenShare { crossings: Vec::new(), towards: None, class: None }, value);
        faults.change("order cut", Change::OrderCut(Vec::new()), value);
        faults.change("refusal", Change::Refusal(Vec::new()), value);
        faults.change("forbid", Change::Forbid(Vec::new()), value);
        for field in 0..3 {
            let mut terms = Enforcement::default();
            *[&mut terms.detection_share, &mut terms.seized_share, &mut terms.ends_share][field] = value;
            faults.change("enforce", Change::Enforce(Vec::new(), terms), 0.0);
        }
        let damage = |share| Change::Damage { shares: vec![(LineId(0), share)], shape: Recovery::Step, recovery_days: 3.0, stop_days: 0 };
        faults.change("damage", damage(value), 0.0);
    }
    for value in [NAN, -1.0, INF] {
        let terms = Enforcement { fine_per_value: value, ..Enforcement::default() };
        faults.change("enforce: fine", Change::Enforce(Vec::new(), terms), 0.0);
    }
    for value in [NAN, INF] {
        faults.change("cancel", Change::Cancel(Vec::new()), value);
        faults.change("default", Change::Default(Vec::new()), value);
    }
    for value in [NAN, INF, 0.0, -1.0] {
        faults.change("exchange rate", Change::ExchangeRate(Vec::new()), value);
    }
    for recovery_days in [NAN, 0.0, -1.0, -INF] {
        let change = Change::Damage { shares: Vec::new(), shape: Recovery::Geometric, recovery_days, stop_days: 0 };
        faults.change("damage: recovery days", change, 0.0);
    }
    let plain = Event { from: faults.net.start, to: None, ..event(Change::Capacity(Vec::new()), 0, 0, 0.5) };
    for &days in LONG {
        let change = Change::Damage { shares: Vec::new(), shape: Recovery::Step, recovery_days: 2.0, stop_days: days };
        faults.change("damage: stop days", change, 0.0);
        faults.event("ramp in", Event { ramp_in_days: days, ..plain.clone() });
        faults.event("ramp out", Event { ramp_out_days: days, ..plain.clone() });
    }
    for day in NO_DAYS {
        faults.event("from", Event { from: day, ..plain.clone() });
        faults.event("to", Event { to: Some(day), ..plain.clone() });
    }
    faults.event("ends before it begins", Event { to: Some(plain.from.plus(-1)), ..plain });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn one_thing_out_of_place_is_refused(seed in any::<u64>(), firms in 3..9_usize, pick in 0..1000_usize) {
        let (net, events) = random_network(seed, firms, 40);
        prop_assert!(Plan::new(net.clone(), events.clone()).is_ok(), "without a fault");
        let mut faults = Faults { net: &net, events: &events, pick, list: Vec::new() };
        for of in [of_network, of_routes, of_firms, of_terms, of_contracts, of_newcomers, of_sales, of_events, of_event_numbers] {
            of(&mut faults);
        }
        prop_assert!(faults.list.len() > 300, "{}", faults.list.len());
        for (name, net, events) in faults.list {
            let found = Plan::new(net.clone(), events.clone());
            prop_assert!(found.is_err(), "{name} passed");
            prop_assert!(Plan::general(net, events).is_err(), "{name} passed by the general rules");
        }
    }
}

/// What passed, and what it did: each is now an error that says what is wrong.
#[test]
fn what_used_to_alias_or_panic() {
    let refused = |change: &dyn Fn(&mut Network, &mut Vec<Event>)| {
        let mut net = Net::new(10);
        let product = net.product(1.0);
        let line = net.maker(product, 5.0);
        net.demand(line, 1.0);
        let (mut network, mut events) = (net.0, Vec::new());
        change(&mut network, &mut events);
        Plan::new(network, events).map(|_| ()).unwrap_err().to_string()
    };
    let capacity = |line| event(Change::Capacity(vec![LineId(line)]), 0, 5, 0.0);
    let faults: [Said<'_>; 6] = [
        ("route 0 refers to crossing 7, but there are 1", &|net, _| {
            net.routes.push(Route { legs: vec![Leg { crossing: Some((CrossingId(7), Direction::AToB)), days: 1, ..Leg::default() }] });
        }),
        ("product 0 refers to class 5, but there are 2", &|net, _| net.products[0].class = ClassId(5)),
        ("firm 0 refers to group 0, but there are 0", &|net, _| net.firms[0].group = Some(GroupId(0))),
        ("event 0 refers to line 9, but there are 1", &|_, events| events.push(capacity(9))),
        ("terms 0: theft_share is NaN, must be from 0 to 1", &|net, _| {
            net.terms.push(Terms { theft_share: f64::NAN, ..Terms::default() });
        }),
        ("event 0: value is NaN, must be from 0 to 1000", &|_, events| {
            events.push(Event { value: f64::NAN, ..capacity(0) });
        }),
    ];
    for (said, change) in faults {
        assert_eq!(refused(change), said);
    }
}

/// More cells than their numbers can name: they wrapped, and flows shared them.
#[test]
fn cells_never_wrap() {
    let mut net = Net::new(10);
    let product = net.product(1.0);
    let line = net.maker(product, 5.0);
    for _ in 0..450_000 {
        net.demands.push(Demand { line, quantity_per_day: 1.0, season: None, price_per_unit: 0.0, patience_days: 10_000 });
    }
    assert!(matches!(Plan::new(net.0, Vec::new()), Err(NetworkError::TooLarge { count: 4_500_000_000, .. })));
}

/// Days far from the run are no fault: an order may be due, and an event may begin, at any date.
#[test]
fn far_days_are_allowed() {
    let mut net = Net::empty(10);
    let product = net.product(1.0);
    let line = net.maker(product, 5.0);
    let buyer = net.firm();
    let (terms, route) = (net.terms(Terms { ordering: Ordering::Schedule, ..Terms::default() }), net.route(&[(None, 1)]));
    let contract = net.buys(buyer, line, terms, route, 1.0);
    for due in [-4_371_587, 2_932_896] {
        net.orders.push(Order { contract, quantity: 1.0, due: Day(due), season_end: Some(Day(due)) });
    }
    let ancient = Event { from: Day(-4_371_587), to: Some(day(3)), ..event(Change::Capacity(vec![line]), 0, 0, 0.5) };
    common::run(&net, &[ancient]);
}

/// A field of terms, numbers it may not be, and how it is set.
type TermNumber = (&'static str, &'static [f64], fn(&mut Terms, f64));

/// What is said of a fault, and how it is made.
type Said<'a> = (&'a str, &'a dyn Fn(&mut Network, &mut Vec<Event>));
