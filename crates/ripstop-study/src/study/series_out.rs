//! The tidy series of a run: one row per date, level, entity and variable.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ripstop::plan::Plan;
use ripstop::record::groups::{LABOUR, SUMMED};
use ripstop::record::people::{PARTS, Parts, parts};
use ripstop::record::{Detail, Record, Totals};
use ripstop::rule::cause::{Cause, stopped};
use ripstop::run::Outcome;

use crate::study::caught_out;
use crate::study::daily::{DAILY, DailyBands, Total};
use ripstop_case::Case;
use ripstop_case::map::network::Mapper;

/// One series: a value per simulated day.
pub struct Series {
    /// `total`, `country`, `place`, `group`, `sector`, `product`, `crossing`, `market`, `firm`, `contract` or `store` (what an owner has at a site).
    pub level: Cow<'static, str>,
    /// Id of the entity; of crossings `id/towards country/class`; empty at level total.
    pub entity: String,
    /// Variable, unit last.
    pub variable: String,
    /// Unit.
    pub unit: String,
    /// Values, first day to last.
    pub values: Vec<f64>,
}

/// Series to be written.
struct Kept(Vec<Series>);

impl Kept {
    /// Adds one that is not zero on every day.
    fn push(&mut self, level: &'static str, entity: &str, variable: &str, unit: &str, values: Vec<f64>) {
        if values.iter().any(|&v| v != 0.0) {
            self.0.push(Series {
                level: level.into(),
                entity: entity.to_string(),
                variable: variable.to_string(),
                unit: unit.to_string(),
                values,
            });
        }
    }
}

/// Whether a spreadsheet would take a text for a formula, but for apostrophes before it.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A text as a cell of CSV: an apostrophe stands before what a spreadsheet would run. Numbers are never masked.
pub fn masked(text: &str) -> Cow<'_, str> {
    if is_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text a cell was made of.
pub fn spoken(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// The series of a scenario and of its counterfactual. Series that are zero on every day are left out, except totals.
pub fn both(case: &Case, mapper: &Mapper<'_>, outcome: &Outcome) -> [Vec<Series>; 2] {
    let mut scenario = Kept(series(case, mapper, &outcome.plan, &outcome.scenario));
    people(case, outcome, &mut scenario);
    [scenario.0, series(case, mapper, &outcome.plan, &outcome.counterfactual)]
}

/// All series of a record.
pub fn series(case: &Case, mapper: &Mapper<'_>, plan: &Plan, record: &Record) -> Vec<Series> {
    let mut list = Kept(totals(case, record));
    if record.detail != Detail::Full {
        groups(case, plan, record, &mut list);
        return list.0;
    }
    firms(case, plan, record, &mut list);
    products(case, plan, record, &mut list);
    crossings(case, mapper, plan, record, &mut list);
    markets(case, plan, record, &mut list);
    contracts(case, plan, record, &mut list);
    for (level, entity, variable, unit, values) in caught_out::series(case, mapper, plan, record) {
        list.push(level, &entity, &variable, if unit.is_empty() { &case.meta.currency } else { unit }, values);
    }
    list.0
}

/// Name, unit and value of a total.
type Variable<'a> = (&'a str, &'a str, fn(&Totals) -> f64);

/// The bands of a study as series: 5, 50 and 95 % of the draws, and the median of their counterfactuals, day by day.
pub fn bands(case: &Case, daily: &DailyBands) -> Vec<(&'static str, Vec<Series>)> {
    let of = |values: &dyn Fn(usize) -> Vec<f64>| {
        let one = |(v, (variable, _)): (usize, &Total)| Series {
            level: "total".into(),
            entity: String::new(),
            variable: (*variable).to_string(),
            unit: case.meta.currency.clone(),
            values: values(v),
        };
        DAILY.iter().enumerate().map(one).collect::<Vec<Series>>()
    };
    let quantiles = ["p05", "p50", "p95"].into_iter().enumerate();
    let with = quantiles.map(|(q, name)| (name, of(&|v| daily.with[v][q].clone())));
    with.chain([("counterfactual_p50", of(&|v| daily.without[v].clone()))]).collect()
}

fn totals(case: &Case, record: &Record) -> Vec<Series> {
    let money = case.meta.currency.as_str();
    let variables: [Variable<'_>; 18] = [
        ("output_value", money, |t| t.output_value),
        ("value_added", money, |t| t.value_added),
        ("final_demand_wanted", money, |t| t.demand_wanted),
        ("final_demand_met", money, |t| t.demand_met),
        ("stranded_value", money, |t| t.stranded_value),
        ("delayed_value", money, |t| t.delayed_value),
        ("held_value", money, |t| t.held_value),
        ("sent_into_shut_value", money, |t| t.sent_shut_value),
        ("wages_unpaid", money, |t| t.arrears),
        ("wages_unpaid_worker_days", "worker-days", |t| t.arrears_days),
        ("receivable", money, |t| t.receivable),
        ("receivable_overdue", money, |t| t.overdue),
        ("claims", money, |t| t.claims),
        ("labour_employed", "worker-days", |t| t.employed),
        ("labour_present", "worker-days", |t| t.present),
        ("labour_used", "worker-days", |t| t.used),
        ("goods_residual", "share", |t| t.goods_residual),
        ("money_residual", "share", |t| t.money_residual),
    ];
    let one = |(variable, unit, value): Variable<'_>| Series {
        level: "total".into(),
        entity: String::new(),
        variable: variable.to_string(),
        unit: unit.to_string(),
        values: record.totals.iter().map(value).collect(),
    };
    variables.into_iter().map(one).collect()
}

/// Column `entity` of a recorded matrix.
fn column(values: &[f64], count: usize, entity: usize) -> Vec<f64> {
    values.iter().skip(entity).step_by(count.max(1)).copied().collect()
}

fn add(sum: &mut Vec<f64>, values: &[f64]) {
    sum.resize(values.len(), 0.0);
    sum.iter_mut().zip(values).for_each(|(s, v)| *s += v);
}

/// Sums by sector, place and country, and stopped lines by cause, of a record that keeps no firms.
fn groups(case: &Case, plan: &Plan, record: &Record, list: &mut Kept) {
    let (groups, places) = (&record.groups, case.table("places"));
    if record.detail != Detail::Sectors {
        return;
    }
    let [sectors, place_count, codes] = groups.counts;
    for (number, variable) in SUMMED.iter().enumerate() {
        if groups.sectors[number].is_empty() {
            continue;
        }
        let unit = match *variable {
            "stopped_lines" => "lines",
            _ if number >= LABOUR => "worker-days",
            _ => case.meta.currency.as_str(),
        };
        for (sector, name) in case.sectors.iter().enumerate() {
            list.push("sector", name, variable, unit, column(&groups.sectors[number], sectors, sector));
        }
        let mut countries = vec![Vec::new(); case.countries.len()];
        for (place, about) in plan.network.places.iter().enumerate() {
            let values = column(&groups.places[number], place_count, place);
            if let Some(country) = countries.get_mut(about.country.index()) {
                add(country, &values);
            }
            list.push("place", &places.key(place), variable, unit, values);
        }
        for (name, values) in case.countries.iter().zip(countries) {
            list.push("country", name, variable, unit, values);
        }
    }
    for code in 0..codes {
        let word = || format!("stopped_lines:{}", cause_word(case, code as u32));
        let values = column(&groups.stopped, codes, code);
        if values.iter().any(|&lines| lines > 0.0) {
            list.push("total", "", &word(), "lines", values);
        }
    }
}

/// Who is without work because of the events, and extra work: in all, and of what is recorded.
fn people(case: &Case, outcome: &Outcome, list: &mut Kept) {
    let (plan, people) = (&outcome.plan, &outcome.people);
    for (part, variable) in PARTS.iter().enumerate() {
        list.push("total", "", variable, "worker-days", people.total(part));
    }
    match outcome.scenario.detail {
        Detail::Totals => {}
        Detail::Sectors => {
            let [(sectors, sector_count), (places, place_count)] = people.groups();
            for (part, variable) in PARTS.iter().enumerate() {
                let mut countries = vec![Vec::new(); case.countries.len()];
                for (place, about) in plan.network.places.iter().enumerate() {
                    let values = column(&places[part], place_count, place);
                    if let Some(country) = countries.get_mut(about.country.index()) {
                        add(country, &values);
                    }
                    list.push("place", &case.table("places").key(place), variable, "worker-days", values);
                }
                for (name, values) in case.countries.iter().zip(countries) {
                    list.push("country", name, variable, "worker-days", values);
                }
                for (sector, name) in case.sectors.iter().enumerate() {
                    list.push("sector", name, variable, "worker-days", column(&sectors[part], sector_count, sector));
                }
            }
        }
        Detail::Full => firms_without_work(case, outcome, list),
    }
}

/// The same per firm, and its sums by place, group, sector and country.
fn firms_without_work(case: &Case, outcome: &Outcome, list: &mut Kept) {
    let (plan, with, without) = (&outcome.plan, &outcome.scenario, &outcome.counterfactual);
    let names = Keys::of(case, "firms");
    let mut sums: BTreeMap<(&'static str, String, usize), Vec<f64>> = BTreeMap::new();
    for firm in (0..plan.network.firms.len()).filter(|&f| plan.workers[f] > 0.0) {
        let day = |t: usize| parts(with.hands(plan, firm, t), without.hands(plan, firm, t));
        let days: Vec<Parts> = (0..with.days).map(day).collect();
        for (part, variable) in PARTS.iter().enumerate() {
            let values: Vec<f64> = days.iter().map(|day| day[part]).collect();
            if values.iter().any(|&v| v > 0.0) {
                for (level, entity) in parents(case, plan, firm) {
                    add(sums.entry((level, entity, part)).or_default(), &values);
                }
                list.push("firm", &names.0[firm], variable, "worker-days", values);
            }
        }
    }
    for ((level, entity, part), values) in sums {
        list.push(level, &entity, PARTS[part], "worker-days", values);
    }
}

/// Firm series, and their sums by place, group, sector and country.
fn firms(case: &Case, plan: &Plan, record: &Record, list: &mut Kept) {
    let names = Keys::of(case, "firms");
    let mut sums: BTreeMap<(&'static str, String, String), (String, Vec<f64>)> = BTreeMap::new();
    for firm in 0..plan.network.firms.len() {
        for (variable, unit, values) in firm_variables(case, plan, record, firm) {
            if values.iter().all(|&v| v == 0.0) {
                continue;
            }
            for (level, entity) in parents(case, plan, firm) {
                let sum = sums.entry((level, entity, variable.clone())).or_insert_with(|| (unit.clone(), Vec::new()));
                add(&mut sum.1, &values);
            }
            list.push("firm", &names.0[firm], &variable, &unit, values);
        }
    }
    for ((level, entity, variable), (unit, values)) in sums {
        list.push(level, &entity, &variable, &unit, values);
    }
}

fn parents(case: &Case, plan: &Plan, firm: usize) -> Vec<(&'static str, String)> {
    let spec = &plan.network.firms[firm];
    let place = spec.place.index();
    let mut parents = vec![("place", case.table("places").key(place))];
    if let Some(country) = case.countries.get(plan.network.places[place].country.index()) {
        parents.push(("country", country.clone()));
    }
    if let Some(group) = spec.group {
        parents.push(("group", case.table("groups").key(group.index())));
    }
    if let Some(sector) = case.sectors.get(spec.sector.index()) {
        parents.push(("sector", sector.clone()));
    }
    parents
}

fn firm_variables(case: &Case, plan: &Plan, record: &Record, firm: usize) -> Vec<(String, String, Vec<f64>)> {
    let money = case.meta.currency.as_str();
    let (firms, lines, c) = (plan.network.firms.len(), plan.network.lines.len(), &record.columns);
    let own = |values: &[f64]| column(values, firms, firm);
    let of_lines = |values: &[f64], weight: &dyn Fn(usize) -> f64| {
        let mut sum = vec![0.0; record.days];
        for &l in plan.lines_of(firm) {
            let l = l as usize;
            sum.iter_mut().zip(values.iter().skip(l).step_by(lines)).for_each(|(s, v)| *s += v * weight(l));
        }
        sum
    };
    let value = |l: usize| plan.network.products[plan.network.lines[l].product.index()].value_per_unit;
    let mut list = vec![
        ("output_value", money, of_lines(&c.line_output_value, &|_| 1.0)),
        ("value_added", money, of_lines(&c.line_value_added, &|_| 1.0)),
        ("waiting_value", money, of_lines(&c.line_waiting, &value)),
        ("stranded_value", money, of_lines(&c.line_stranded, &value)),
        ("delayed_value", money, of_lines(&c.line_delayed, &value)),
        ("labour_employed", "worker-days", own(&c.firm_employed)),
        ("labour_present", "worker-days", own(&c.firm_present)),
        ("labour_used", "worker-days", own(&c.firm_used)),
        ("cash", money, own(&c.firm_cash)),
        ("wages_unpaid", money, own(&c.firm_arrears)),
        ("wages_unpaid_worker_days", "worker-days", own(&c.firm_arrears_days)),
        ("receivable", money, own(&c.firm_receivable)),
        ("receivable_overdue", money, own(&c.firm_overdue)),
        ("claims", money, own(&c.firm_claims)),
        ("bad_debt", money, own(&c.firm_bad_debt)),
        ("dismissed", "workers", dismissed(plan, &own(&c.firm_workforce), firm)),
        ("insolvent", "firms", own_flags(&c.firm_condition, firms, firm)),
    ];
    let stops = stopped_lines(plan, record, firm);
    let mut all: Vec<(String, String, Vec<f64>)> = list.drain(..).map(|(v, u, x)| (v.to_string(), u.to_string(), x)).collect();
    all.extend(stops.into_iter().map(|(code, days)| (format!("stopped_lines:{}", cause_word(case, code)), "lines".to_string(), days)));
    all
}

/// Workers a firm has dismissed, per day.
fn dismissed(plan: &Plan, workforce: &[f64], firm: usize) -> Vec<f64> {
    workforce.iter().map(|now| plan.network.firms[firm].workers - now).collect()
}

/// 1 on days on which a firm is insolvent or has stopped for good.
fn own_flags(conditions: &[u16], firms: usize, firm: usize) -> Vec<f64> {
    conditions.iter().skip(firm).step_by(firms.max(1)).map(|&c| f64::from(u8::from(c != 0))).collect()
}

/// Lines of a firm stopped per day, by cause code.
fn stopped_lines(plan: &Plan, record: &Record, firm: usize) -> BTreeMap<u32, Vec<f64>> {
    let lines = plan.network.lines.len();
    let mut stops: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for &l in plan.lines_of(firm) {
        for t in 0..record.days {
            let cell = t * lines + l as usize;
            let code = record.columns.line_cause[cell];
            if stopped(record.columns.line_output[cell], code) {
                stops.entry(code).or_insert_with(|| vec![0.0; record.days])[t] += 1.0;
            }
        }
    }
    stops
}

/// The words of a cause code; an input with its product's id.
pub fn cause_word(case: &Case, code: u32) -> String {
    match Cause::of(code) {
        Cause::Input(product) => format!("input {}", case.table("products").key(product as usize)),
        cause => cause.word().to_string(),
    }
}

fn products(case: &Case, plan: &Plan, record: &Record, list: &mut Kept) {
    let table = case.table("products");
    let (count, lines, c) = (plan.network.products.len(), plan.network.lines.len(), &record.columns);
    for p in 0..count {
        let (id, unit) = (table.key(p), table.text(table.col("unit"), p).unwrap_or("units"));
        let of = |values: &[f64], counts: &dyn Fn(usize) -> bool| {
            let mut sum = vec![0.0; record.days];
            for l in (0..lines).filter(|&l| plan.network.lines[l].product.index() == p && counts(l)) {
                sum.iter_mut().zip(values.iter().skip(l).step_by(lines)).for_each(|(s, v)| *s += v);
            }
            sum
        };
        let of_lines = |values: &[f64]| of(values, &|_| true);
        for (variable, values) in [
            ("in_system", column(&c.product_content, count, p)),
            ("produced", column(&c.product_produced, count, p)),
            ("made", of(&c.line_output, &|l| !plan.network.resells(l))),
            ("resold", of(&c.line_output, &|l| plan.network.resells(l))),
            ("used", column(&c.product_used, count, p)),
            ("sold", column(&c.product_sold, count, p)),
            ("sent_into_shut", column(&c.product_sent_shut, count, p)),
            ("lost", column(&c.product_lost, count, p)),
            ("spoilt", column(&c.product_spoilt, count, p)),
            ("refused", column(&c.product_refused, count, p)),
            ("seized", column(&c.product_seized, count, p)),
            ("written_off", column(&c.product_written_off, count, p)),
            ("retained", column(&c.product_retained, count, p)),
            ("waiting", of_lines(&c.line_waiting)),
            ("stranded", of_lines(&c.line_stranded)),
            ("delayed", of_lines(&c.line_delayed)),
        ] {
            list.push("product", &id, variable, unit, values);
        }
        if plan.takes_goods {
            let taken = [
                ("destroyed", &c.product_destroyed),
                ("carried_out", &c.product_carried_out),
                ("forfeited", &c.product_forfeited),
                ("sold_off", &c.product_sold_off),
            ];
            for (variable, values) in taken {
                list.push("product", &id, variable, unit, column(values, count, p));
            }
        }
        if plan.newcomer_cells > 0 {
            list.push("product", &id, "imported", unit, column(&c.product_imported, count, p));
        }
    }
}

fn crossings(case: &Case, mapper: &Mapper<'_>, plan: &Plan, record: &Record, list: &mut Kept) {
    let (money, c) = (case.meta.currency.as_str(), &record.columns);
    for gate in 0..plan.gates {
        let entity = caught_out::gate_name(case, mapper, plan, gate);
        list.push("crossing", &entity, "passed_value", money, column(&c.gate_passed, plan.gates, gate));
        list.push("crossing", &entity, "held_value", money, column(&c.gate_held, plan.gates, gate));
        let open = column(&c.gate_open, plan.gates, gate);
        if open.iter().any(|&share| share != 1.0) {
            list.push("crossing", &entity, "open_share", "share", open);
        }
    }
}

fn markets(case: &Case, plan: &Plan, record: &Record, list: &mut Kept) {
    let table = case.table("demand");
    let (count, c) = (plan.network.demands.len(), &record.columns);
    let mut sums: BTreeMap<(String, &str), Vec<f64>> = BTreeMap::new();
    for m in 0..count {
        let market = if m < table.rows() {
            table.text(table.col("market"), m).unwrap_or("").to_string()
        } else {
            let firm = plan.network.lines[plan.network.demands[m].line.index()].firm.index();
            case.table("places").key(plan.network.firms[firm].place.index())
        };
        let demand = &plan.network.demands[m];
        let price = plan.demand_price(demand);
        for (variable, values) in [("demand_wanted", &c.demand_wanted), ("demand_met", &c.demand_met), ("demand_lost", &c.demand_lost)] {
            let priced: Vec<f64> = column(values, count, m).iter().map(|v| v * price).collect();
            add(sums.entry((market.clone(), variable)).or_default(), &priced);
        }
    }
    for ((market, variable), values) in sums {
        list.push("market", &market, variable, &case.meta.currency, values);
    }
}

fn contracts(case: &Case, plan: &Plan, record: &Record, list: &mut Kept) {
    let products = case.table("products");
    let count = plan.network.contracts.len();
    for c in 0..count {
        let product = plan.network.lines[plan.network.contracts.seller[c].index()].product.index();
        let unit = products.text(products.col("unit"), product).unwrap_or("units");
        list.push("contract", &case.contract_key(c), "delivered", unit, column(&record.columns.contract_delivered, count, c));
    }
}

/// Keys of all rows of a table.
pub struct Keys(pub Vec<String>);

impl Keys {
    /// Reads them once.
    pub fn of(case: &Case, table: &str) -> Self {
        let table = case.table(table);
        Self((0..table.rows()).map(|row| table.key(row)).collect())
    }
}

#[cfg(test)]
mod masks {
    use super::{masked, spoken};

    #[test]
    fn what_a_spreadsheet_would_run_is_masked_and_read_back() {
        for text in ["=1+1", "+a", "-a", "@sum", "\tx", "\rx", "'=x", "''-x", "＝x"] {
            assert!(masked(text).starts_with('\''), "{text:?}");
            assert_eq!(spoken(&masked(text)), text);
        }
        for text in ["", "a=b", "'", "'quoted'", "3-4", "신의주"] {
            assert_eq!((&*masked(text), spoken(text)), (text, text));
        }
    }
}
