//! Headline figures in `summary.json`: starting values, bands of the draws, and what moves each.

use ripstop::model::calendar::Day;
use serde_json::{Map, Value, json};

use crate::study::ask::Study;
use crate::study::figures::{Figure, Quantiles, Unit};
use crate::study::numbers::number;
use crate::study::rests::RestsOn;
use ripstop_case::{Case, ParamId};

/// Rows that are told of each figure; `rests_on` has every figure of every row that matters.
const MOVED_BY_MAX: usize = 10;

/// What leads: the medians of the draws, or, where there are none or too few, the starting values.
pub fn lead(study: &Study) -> &'static str {
    if study.draws_lead() { "draws" } else { "starting_values" }
}

/// The word for what a figure counts.
pub fn unit<'a>(case: &'a Case, figure: &Figure) -> &'a str {
    let products = case.table("products");
    match figure.unit {
        Unit::Currency => "currency",
        Unit::WorkerDays => "worker-days",
        Unit::Persons => "persons",
        Unit::Pieces => "pieces",
        Unit::Product(p) => products.text(products.col("unit"), p).unwrap_or("units"),
        Unit::Firms => "firms",
    }
}

/// One entry per headline figure.
fn per_figure(study: &Study, one: impl Fn(usize, &Figure) -> Value) -> Value {
    Value::Object(study.figures.0.iter().enumerate().map(|(f, figure)| (figure.name.clone(), one(f, figure))).collect())
}

/// Every headline figure of the base run, with the events and without.
pub fn starting_values(case: &Case, study: &Study) -> Value {
    per_figure(study, |f, figure| {
        let (with, without) = (study.brief.headline[f], study.brief.without[f]);
        json!({ "unit": unit(case, figure), "value": number(with), "without": number(without), "difference": number(with - without) })
    })
}

/// Draws and their bands, beside the starting values (`base`).
pub fn draws(study: &Study) -> Value {
    let of = |base: f64, q: &Quantiles| {
        let [p05, p10, p50, p90, p95] = [q.p05, q.p10, q.p50, q.p90, q.p95].map(number);
        json!({ "base": number(base), "p05": p05, "p10": p10, "p50": p50, "p90": p90, "p95": p95 })
    };
    let band = |f: usize, _: &Figure| {
        let (with, without, spread) = (study.brief.headline[f], study.brief.without[f], &study.bands[f]);
        let mut band = of(with, &spread.with);
        band["without"] = of(without, &spread.without);
        band["difference"] = of(with - without, &spread.difference);
        band
    };
    let bands = if study.bands.is_empty() { Value::Object(Map::new()) } else { per_figure(study, band) };
    json!({ "n": study.draws, "seconds": study.draws_seconds, "bands": bands })
}

/// An end of a range; a date as a date.
fn end(unit: &str, value: Option<f64>) -> Value {
    match value {
        Some(days) if unit == "date" => json!(Day(days as i32).to_string()),
        Some(value) => number(value),
        None => Value::Null,
    }
}

/// A row by its name, unit, basis and range.
fn row(case: &Case, parameter: ParamId) -> Value {
    let p = case.parameters.get(parameter);
    json!({ "parameter": p.name, "unit": p.unit, "basis": p.basis, "low": end(p.unit.as_ref(), p.low), "high": end(p.unit.as_ref(), p.high) })
}

/// Rows that flip a claim or move a headline figure, with every figure at their low and at their high.
pub fn rests_on(case: &Case, study: &Study) -> Value {
    let one = |r: &RestsOn| {
        let flips: Vec<&str> = r.flips.iter().map(|&c| case.claims[c].id.as_str()).collect();
        let moves = (r.move_max > 0.0).then(|| study.figures.0[r.headline].name.as_str());
        let mut told = row(case, r.parameter);
        told["flips"] = json!(flips);
        told["moves"] = json!(moves);
        told["by_share"] = r.from_nothing_to.map_or(number(r.move_max), |_| Value::Null);
        told["from_nothing_to"] = json!(r.from_nothing_to.map(number));
        told["figures"] = per_figure(study, |f, _| json!({ "low": number(r.figures[0][f]), "high": number(r.figures[1][f]) }));
        told
    };
    study.rests_on.iter().map(one).collect()
}

/// Per headline figure the rows that move it most: what it is with the row at its low, and at its high.
pub fn moved_by(case: &Case, study: &Study) -> Value {
    per_figure(study, |f, _| {
        let one = |m: &crate::study::rests::Moved| {
            let mut told = row(case, m.parameter);
            told["at_low"] = number(m.low);
            told["at_high"] = number(m.high);
            told["by_share"] = json!(m.by_share.map(number));
            told
        };
        study.moved_by[f].iter().take(MOVED_BY_MAX).map(one).collect()
    })
}
