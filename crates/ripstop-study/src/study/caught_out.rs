//! Goods caught, as part of `summary.json` and as series: where they are, whose, what, how they stand and why.

use std::collections::BTreeMap;

use ripstop::analysis::caught::stores;
use ripstop::model::ids::FirmId;
use ripstop::plan::Plan;
use ripstop::record::caught::{Goods, Reason, Site, Standing};
use ripstop::record::{Detail, Record};
use ripstop_case::Case;
use ripstop_case::network::Mapper;
use serde_json::{Map, Value, json};

use crate::study::ask::Study;
use crate::study::numbers::number;

/// The name of a gate: crossing, country it leads to, class.
pub fn gate_name(case: &Case, mapper: &Mapper<'_>, plan: &Plan, gate: usize) -> String {
    let classes = plan.network.classes as usize;
    let (crossing, backwards, class) = (gate / classes / 2, gate / classes % 2 == 1, gate % classes);
    let spec = &plan.network.crossings[crossing];
    let towards = if backwards { spec.country_a } else { spec.country_b };
    let country = case.countries.get(towards.index()).map_or("", String::as_str);
    format!("{}/{country}/{}", case.table("crossings").key(crossing), mapper.classes[class])
}

fn site_name(case: &Case, mapper: &Mapper<'_>, plan: &Plan, site: Site) -> String {
    match site {
        Site::Place(place) => case.table("places").key(place.index()),
        Site::Gate(gate) => gate_name(case, mapper, plan, gate as usize),
        Site::Road => "road".to_string(),
    }
}

/// Goods caught on the case's date, and what makers have kept so far: value at cost by reason, state, site, owner and product.
pub fn summary(case: &Case, study: &Study) -> Value {
    let (plan, mapper) = (&study.outcome.plan, Mapper::new(case));
    let Some(now) = study.outcome.scenario.snapshot(study.losses.at) else { return Value::Null };
    let value = |goods: &Goods| goods.units * plan.network.products[goods.key.product.index()].value_per_unit;
    let caught = || now.caught.iter().filter(|goods| goods.key.reason.is_some());
    let by = |name: &dyn Fn(&Goods) -> String| -> Map<String, Value> {
        let mut sums: BTreeMap<String, f64> = BTreeMap::new();
        caught().for_each(|goods| *sums.entry(name(goods)).or_default() += value(goods));
        sums.into_iter().map(|(name, sum)| (name, number(sum))).collect()
    };
    let firms = case.table("firms");
    let products = case.table("products");
    let sum = |keep: &dyn Fn(&Goods) -> bool| number(caught().filter(|goods| keep(goods)).map(value).sum());
    let by_reason: Map<String, Value> =
        Reason::ALL.iter().map(|&reason| (reason.word().to_string(), sum(&|goods| goods.key.reason == Some(reason)))).collect();
    let states = Standing::ALL.iter().filter(|&&standing| standing != Standing::Retained);
    let by_state: Map<String, Value> =
        states.map(|&standing| (standing.word().to_string(), sum(&|goods| goods.key.standing == standing))).collect();
    let mut units = vec![0.0; plan.network.products.len()];
    caught().for_each(|goods| units[goods.key.product.index()] += goods.units);
    let by_product: Map<String, Value> = units
        .iter()
        .enumerate()
        .filter(|(_, units)| **units > 0.0)
        .map(|(p, &u)| {
            let unit = products.text(products.col("unit"), p).unwrap_or("units");
            (products.key(p), json!({ "units": number(u), "unit": unit, "value_usd": number(u * plan.network.products[p].value_per_unit) }))
        })
        .collect();
    let kept: f64 = now.caught.iter().filter(|goods| goods.key.standing == Standing::Retained).map(value).sum();
    json!({
        "value_usd": sum(&|_| true), "pieces": number(crate::study::numbers::pieces(case, &units)),
        "by_reason": by_reason, "by_state": by_state,
        "by_site": by(&|goods| site_name(case, &mapper, plan, goods.key.site)),
        "by_owner": by(&|goods| firms.key(goods.key.owner.index())),
        "by_product": by_product, "retained_by_makers_usd": number(kept), "taken": taken(study),
    })
}

/// One series: level, entity, variable, unit, values.
pub type Told = (&'static str, String, String, &'static str, Vec<f64>);

/// Value at cost of what events took out of stores up to the case's date; `null` where the days of every firm are not recorded.
fn taken(study: &Study) -> Value {
    let (plan, record) = (&study.outcome.plan, &study.outcome.scenario);
    if record.detail != Detail::Full {
        return Value::Null;
    }
    let products = &plan.network.products;
    let sum = |column: &[f64]| {
        let days = column.chunks(products.len().max(1)).take(study.losses.at + 1);
        number(days.flat_map(|day| day.iter().zip(products)).map(|(units, product)| units * product.value_per_unit).sum())
    };
    let c = &record.columns;
    json!({
        "destroyed_usd": sum(&c.product_destroyed), "carried_out_usd": sum(&c.product_carried_out),
        "forfeited_usd": sum(&c.product_forfeited), "sold_off_usd": sum(&c.product_sold_off),
    })
}

/// Sums of goods: how they stand ([`Standing::ALL`]), caught for any reason, caught for each ([`Reason::ALL`]).
const WHAT: usize = CAUGHT + 1 + Reason::ALL.len();
const CAUGHT: usize = Standing::ALL.len();

/// Sums day by day, those that are ever anything.
type Sums = Vec<Option<Vec<f64>>>;

/// Series of caught goods in all, of the stores of places and what is caught there, and of what every owner has at every site.
pub fn series(case: &Case, mapper: &Mapper<'_>, plan: &Plan, record: &Record) -> Vec<Told> {
    if !record.evenings.kept() {
        return Vec::new();
    }
    let mut sums: BTreeMap<(Option<Site>, Option<FirmId>), Sums> = BTreeMap::new();
    for t in 0..record.days {
        // Goods of one site and owner mostly come together: one look for each such group.
        for owned in record.evenings.on(t).chunk_by(|a, b| (a.key.site, a.key.owner) == (b.key.site, b.key.owner)) {
            let (site, owner) = (owned[0].key.site, owned[0].key.owner);
            let mut values = [0.0; WHAT];
            for goods in owned {
                let value = goods.units * plan.network.products[goods.key.product.index()].value_per_unit;
                values[goods.key.standing as usize] += value;
                if let Some(reason) = goods.key.reason {
                    values[CAUGHT] += value;
                    values[CAUGHT + 1 + reason as usize] += value;
                }
            }
            let mut add = |of: (Option<Site>, Option<FirmId>), from: usize, to: usize| {
                let columns = sums.entry(of).or_insert_with(|| vec![None; WHAT]);
                for what in (from..to).filter(|&what| values[what] != 0.0) {
                    columns[what].get_or_insert_with(|| vec![0.0; record.days])[t] += values[what];
                }
            };
            add((Some(site), Some(owner)), 0, CAUGHT + 1);
            if values[CAUGHT] != 0.0 {
                add((None, None), CAUGHT, WHAT);
                if matches!(site, Site::Place(_)) {
                    add((Some(site), None), CAUGHT, WHAT);
                }
            }
        }
    }
    let firms = case.table("firms");
    let mut list: Vec<Told> = Vec::new();
    for ((site, owner), columns) in sums {
        let name = site.map_or(String::new(), |site| site_name(case, mapper, plan, site));
        let (level, entity) = match owner {
            Some(owner) => ("store", format!("{name}/{}", firms.key(owner.index()))),
            None if site.is_some() => ("place", name),
            None => ("total", name),
        };
        for (what, values) in columns.into_iter().enumerate() {
            let variable = match what {
                CAUGHT => "caught_value".to_string(),
                above if above > CAUGHT => format!("caught_value:{}", Reason::ALL[above - CAUGHT - 1].word()),
                standing => format!("{}_value", Standing::ALL[standing].word()),
            };
            list.extend(values.map(|values| (level, entity.clone(), variable, "", values)));
        }
    }
    covers(case, plan, record, &mut list);
    list
}

/// Stores of places and of owners there, in days of cover; of places what they are worth too.
fn covers(case: &Case, plan: &Plan, record: &Record, list: &mut Vec<Told>) {
    let firms = case.table("firms");
    for ((place, owner), store) in stores(plan, record) {
        let place = case.table("places").key(place.index());
        let (level, entity) = match owner {
            Some(owner) => ("store", format!("{place}/{}", firms.key(owner.index()))),
            None => ("place", place),
        };
        for ((name, value), days) in ["inputs", "finished_not_due", "finished_due"].into_iter().zip(store.value).zip(store.cover_days) {
            list.push((
                level,
                entity.clone(),
                if name == "inputs" { "input_cover_days".to_string() } else { format!("{name}_cover_days") },
                "days",
                days,
            ));
            // What an owner has there stands above, with what no line uses.
            if owner.is_none() {
                list.push((level, entity.clone(), format!("{name}_value"), "", value));
            }
        }
    }
}
