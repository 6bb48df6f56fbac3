//! Parts of `summary.json` that look into a sum: what is owed by its age, where each product is, what each season left behind.

use ripstop::record::AGES;
use ripstop::record::people::without_work;
use serde_json::{Map, Value, json};

use crate::study::ask::{Study, day_of};
use crate::study::numbers::number;
use ripstop_case::Case;

/// What firms are owed by its age, currency; the parts add up to the open invoices.
pub fn owed_by_age(study: &Study) -> Value {
    let Some(now) = study.outcome.scenario.snapshot(study.losses.at) else { return Value::Null };
    let parts: Map<String, Value> = AGES.iter().zip(&now.owed_by_age).map(|(age, &owed)| (format!("{age}_usd"), number(owed))).collect();
    Value::Object(parts)
}

/// Where the units of each product are: finished at the maker, on the way (held at crossings among them), in stores. Products of which there
/// is nothing are left out.
pub fn goods(case: &Case, study: &Study) -> Value {
    let (table, count) = (case.table("products"), study.outcome.plan.network.products.len());
    let Some(now) = study.outcome.scenario.snapshot(study.losses.at) else { return Value::Null };
    let at_maker = &now.at_maker;
    let one = |p: usize| {
        let all = now.content[p];
        let stores = (all - at_maker[p] - now.in_transit[p]).max(0.0);
        // What is left when nearly equal numbers are taken from each other is rounding.
        let stores = if stores > 1e-9 * all { stores } else { 0.0 };
        (all > 0.0).then(|| {
            let parts = json!({
                "unit": table.text(table.col("unit"), p).unwrap_or("units"), "in_system": number(all),
                "at_maker": number(at_maker[p]), "on_the_way": number(now.in_transit[p]), "in_stores": number(stores),
            });
            (table.key(p), parts)
        })
    };
    Value::Object((0..count).filter_map(one).collect())
}

/// What was made for each season, and what of it still lies at the maker.
pub fn seasons(case: &Case, study: &Study) -> Value {
    let products = case.table("products");
    let one = |(&(product, end), season): (&(usize, i32), &ripstop::analysis::losses::Season)| {
        json!({
            "product": products.key(product), "unit": products.text(products.col("unit"), product).unwrap_or("units"),
            "season_end": day_of(case, end.max(0) as usize).to_string(), "made": number(season.made), "at_maker": number(season.at_maker),
            "at_maker_usd": number(season.at_cost), "marked_down_usd": number(season.marked_down),
        })
    };
    study.losses.seasons.iter().map(one).collect()
}

/// Who is without work because of the events, and extra work.
pub fn jobs(case: &Case, study: &Study) -> Value {
    let losses = &study.losses;
    let split = |parts: &ripstop::record::people::Parts| json!({ "all": number(without_work(parts)), "dismissed": number(parts[0]), "absent": number(parts[1]), "idle": number(parts[2]) });
    let worst = losses.worst.map(|(t, persons)| {
        let mut worst = split(&persons);
        worst["last_day"] = json!(day_of(case, t).to_string());
        worst
    });
    json!({
        "idle_worker_days": number(losses.idle_worker_days), "workers_idle_peak": number(losses.workers_idle_peak),
        "without_work_worker_days": split(&losses.without_work), "without_work_at_worst": worst,
        "extra_worker_days": number(losses.without_work[3]),
        "dismissed": number(losses.dismissed), "dismissed_without_events": number(losses.dismissed_without),
    })
}
