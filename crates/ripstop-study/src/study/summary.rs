//! `summary.json` and `claims.json`.

use ripstop::analysis::losses::Losses;
use ripstop::model::calendar::Day;
use ripstop::record::Detail;
use serde_json::{Map, Value, json};

use crate::study::ask::{Study, day_of};
use crate::study::numbers::{number, pieces};
use crate::study::series_out::cause_word;
use crate::study::{account_out, caught_out, figures_out};
use ripstop_case::{Case, StartState};

/// `summary.json` (docs/outputs.md); goods, money and jobs are as of the case's date.
pub fn summary(case: &Case, study: &Study, scenario: &str) -> Value {
    let (plan, losses, record) = (&study.outcome.plan, &study.losses, &study.outcome.scenario);
    let date = |step: Option<usize>| step.map_or(Value::Null, |t| json!(day_of(case, t).to_string()));
    let firms = case.table("firms");
    let by_owner: Map<String, Value> = losses.stranded_by_owner.iter().map(|(&f, &v)| (firms.key(f), number(v))).collect();
    let stopped: Map<String, Value> = losses.stopped_days.iter().map(|(&code, &d)| (cause_word(case, code), number(d))).collect();
    let named = |names: &[String], map: &std::collections::BTreeMap<u32, f64>| -> Map<String, Value> {
        map.iter().filter_map(|(&k, &v)| Some((names.get(k as usize)?.clone(), number(v)))).collect()
    };
    let (by_country, by_sector) = (named(&case.countries, &losses.value_added_by_country), named(&case.sectors, &losses.others_by_sector));
    let b = losses.bearers;
    let mut summary = json!({
        "case": case.meta.id, "scenario": scenario, "model": case.meta.model, "currency": case.meta.currency,
        "as_of": Day(case.meta.as_of).to_string(),
        "days": record.days, "firms": plan.network.firms.len(), "contracts": plan.network.contracts.len(), "order_lines": plan.orders.row.len(),
        "wall_seconds": study.wall_seconds, "days_per_second": study.simulated_days() / study.wall_seconds.max(1e-9),
        "state_hash": study.outcome.state_hash,
        "audit": {
            "goods_residual_max": record.goods_residual_max().max(study.outcome.counterfactual.goods_residual_max()),
            "money_residual_max": record.money_residual_max().max(study.outcome.counterfactual.money_residual_max()),
        },
        "losses": {
            "output_usd": number(losses.output), "value_added_usd": number(losses.value_added),
            "final_demand_unmet_usd": number(losses.final_demand_unmet),
            "direct_usd": number(losses.direct), "indirect_usd": number(losses.indirect),
            "peak_date": date(losses.peak), "recovered_date": date(losses.recovered),
        },
        "stranded": { "by_product": by_product(case, &losses.stranded_units), "pieces": number(pieces(case, &losses.stranded_units)), "value_usd": number(losses.stranded_by_owner.values().sum()), "by_owner": by_owner },
        "delayed": { "pieces": number(pieces(case, &losses.delayed_units)), "value_usd": number(losses.delayed_value) },
        "held": { "value_usd": number(losses.held_value) },
        "caught": caught_out::summary(case, study),
        "sent_into_shut": { "value_usd": sent_into_shut(study) },
        "unpaid": {
            "invoices_usd": number(losses.invoices), "overdue_usd": number(losses.overdue), "claims_usd": number(losses.claims),
            "wages_usd": number(losses.arrears), "worker_days": number(losses.arrears_days), "bad_debt_usd": number(losses.bad_debt),
            "by_age": account_out::owed_by_age(study),
        },
        "goods": account_out::goods(case, study), "seasons": account_out::seasons(case, study),
        "jobs": account_out::jobs(case, study),
        "seized": { "value_usd": number(losses.seized) }, "fines_usd": number(losses.fined),
        "spoilt": { "value_usd": number(losses.spoilt), "without_events_usd": number(losses.spoilt_without) }, "refused": { "value_usd": number(losses.refused) },
        "insolvent": insolvent(case, losses), "rescued_usd": number(losses.rescued),
        "deadlocks": deadlocks(case, plan, losses),
        "value_added_by_country_usd": by_country, "others_by_sector_usd": by_sector,
        "by_bearer": {
            "client": number(b.client), "factory": number(b.factory), "workers": number(b.workers), "state": number(b.state),
            "lost_on_the_way": number(b.lost_on_the_way), "others": number(b.others),
        },
        "stopped_days_by_cause": stopped,
        "prices_taken": prices_taken(case, plan),
        "places": who(case, &crate::study::who::by_place(case, study)),
        "groups": who(case, &crate::study::who::by_group(case, study)),
        "sectors": who(case, &crate::study::who::by_sector(case, study)),
        "recorded": record_word(Some(record.detail)),
        "claims": claim_counts(case, study),
        "findings": study.findings.as_ref().map(|told| crate::study::findings::counts(told)),
    });
    let settings = &plan.network.settings;
    summary["start"] = json!({ "state": start_word(case), "days_before": settings.days_before_start() });
    summary["lead"] = figures_out::lead(study).into();
    summary["draws"] = figures_out::draws(study);
    summary["starting_values"] = figures_out::starting_values(case, study);
    summary["rests_on"] = claims_recorded(study).then(|| figures_out::rests_on(case, study)).into();
    summary["moved_by"] = figures_out::moved_by(case, study);
    summary
}

/// Value at cost of what was sent into ways that were shut, up to the case's date.
fn sent_into_shut(study: &Study) -> Value {
    study.figures.find("sent_into_shut_value").map_or(Value::Null, |f| number(study.brief.headline[f]))
}

/// How the first day looks, in the words of case.toml.
fn start_word(case: &Case) -> &'static str {
    match case.settings.start_state {
        StartState::Steady => "steady",
        StartState::Empty => "empty",
        StartState::WarmUp => "warm_up",
        StartState::Settled => "settled",
    }
}

/// Goods sold without a price, and what they are counted at.
fn prices_taken(case: &Case, plan: &ripstop::plan::Plan) -> Value {
    let products = case.table("products");
    let one = |taken: &ripstop::plan::prices::Taken| {
        json!({
            "product": products.key(taken.product.index()), "price_usd": [number(taken.price.0), number(taken.price.1)],
            "from": taken.basis.word(), "contracts": taken.contracts, "demand_rows": taken.demands,
            "first_contract": taken.contract.map(|contract| case.contract_key(contract.index())),
        })
    };
    ripstop::plan::prices::taken(&plan.network, &plan.prices).iter().map(one).collect()
}

/// Firms whose liquidity is gone, and whether they stopped for good.
fn insolvent(case: &Case, losses: &Losses) -> Value {
    let firms = case.table("firms");
    losses.insolvent.iter().map(|&(firm, ended)| json!({ "firm": firms.key(firm), "stopped_for_good": ended })).collect()
}

/// Rings of lines that wait for each other: who lacks what, and who waits for the ring.
fn deadlocks(case: &Case, plan: &ripstop::plan::Plan, losses: &Losses) -> Value {
    /// Lines that are named of each ring; a ring of a national network may have thousands.
    const NAMED_MAX: usize = 1_000;
    let products = case.table("products");
    let key = |line: &ripstop::model::ids::LineId| case.line_key(&plan.network, line.index());
    let one = |ring: &ripstop::record::deadlock::Deadlock| {
        let members = ring.members.iter().take(NAMED_MAX);
        let members: Vec<Value> = members.map(|(line, lacks)| json!({ "line": key(line), "lacks": products.key(lacks.index()) })).collect();
        let waiting: Vec<String> = ring.waiting.iter().take(NAMED_MAX).map(key).collect();
        let mut told = json!({ "members": members, "waiting": waiting });
        if ring.members.len().max(ring.waiting.len()) > NAMED_MAX {
            told["members_in_all"] = json!(ring.members.len());
            told["waiting_in_all"] = json!(ring.waiting.len());
        }
        told
    };
    losses.deadlocks.iter().map(one).collect()
}

/// Who stopped, since when, why.
fn who(case: &Case, list: &[crate::study::who::Who]) -> Value {
    let one = |w: &crate::study::who::Who| {
        let causes: Map<String, Value> = w.causes.iter().map(|&(code, days)| (cause_word(case, code), number(days))).collect();
        json!({
            "id": w.id, "name": w.name, "workers": number(w.workers), "dismissed": number(w.dismissed),
            "at_work_before": number(w.at_work_before), "at_work_now": number(w.at_work_now),
            "stopped_since": w.stopped_since.map(|t| day_of(case, t).to_string()), "longest_stop": w.longest_stop.map(|(from, to)| [day_of(case, from).to_string(), day_of(case, to).to_string()]),
            "causes": w.days_recorded.then_some(causes),
            "wages_owed_usd": number(w.wages_owed), "stranded_usd": number(w.stranded),
            "cash_usd": number(w.cash), "wages_per_month_usd": number(w.wages_per_month),
        })
    };
    list.iter().map(one).collect()
}

/// Units by product, each in the product's own unit; what is zero is left out.
fn by_product(case: &Case, units: &[f64]) -> Value {
    let products = case.table("products");
    let unit = |p: usize| products.text(products.col("unit"), p).unwrap_or("units");
    let one = |(p, &u): (usize, &f64)| (u > 0.0).then(|| (products.key(p), json!({ "units": number(u), "unit": unit(p) })));
    Value::Object(units.iter().enumerate().filter_map(one).collect())
}

/// Whether claims could be measured: they need the days of every firm.
fn claims_recorded(study: &Study) -> bool {
    study.claims.is_empty() || study.outcome.scenario.detail == ripstop::record::Detail::Full
}

fn claim_counts(case: &Case, study: &Study) -> Value {
    let kind = |c: &&crate::study::ask::ClaimAnswer, kind| case.claims[c.claim].kind == kind && c.holds.is_some();
    let outcomes: Vec<_> = study.claims.iter().filter(|c| kind(c, ripstop_case::ClaimKind::Outcome)).collect();
    let premises = study.claims.iter().filter(|c| kind(c, ripstop_case::ClaimKind::Premise));
    if !claims_recorded(study) {
        let keys = [
            "outcomes_hold",
            "outcomes_total",
            "outcomes_untested",
            "premises_total",
            "joint_share_of_draws",
            "joint_share_given_premises",
        ];
        return keys.into_iter().map(|key| (key.to_string(), Value::Null)).collect::<Map<_, _>>().into();
    }
    json!({
        "outcomes_hold": outcomes.iter().filter(|c| c.holds == Some(true)).count(),
        "outcomes_total": outcomes.len(),
        "outcomes_untested": study.claims.iter().filter(|c| c.holds.is_none() && case.claims[c.claim].kind == ripstop_case::ClaimKind::Outcome).count(),
        "premises_total": premises.count(),
        "joint_share_of_draws": study.joint_share,
        "joint_share_given_premises": study.joint_share_given_premises,
    })
}

/// `claims.json`.
pub fn claims(case: &Case, study: &Study) -> Value {
    let one = |answer: &crate::study::ask::ClaimAnswer| {
        let claim = &case.claims[answer.claim];
        let sources: Vec<String> = claim.sources.iter().map(|&s| case.table("sources").key(s as usize)).collect();
        let simulated: Vec<Value> = answer.answers.iter().map(|a| number(a.value)).collect();
        let required: Vec<Value> = claim.parts.iter().map(|p| json!(format!("{} {}", p.measure, bounds_text(p)))).collect();
        json!({
            "id": claim.id, "kind": if claim.kind == ripstop_case::ClaimKind::Outcome { "outcome" } else { "premise" },
            "text": claim.text, "source": sources, "grade": claim.grade,
            "date": Day(claim.date.unwrap_or(case.meta.as_of)).to_string(),
            "holds": answer.holds, "needs": claim.needs, "simulated": claims_recorded(study).then_some(simulated), "required": required,
            "share_of_draws": answer.share_of_draws, "share_without_events": answer.share_without_events,
        })
    };
    study.claims.iter().map(one).collect()
}

/// The bounds of a condition in words.
pub fn bounds_text(part: &ripstop_case::ClaimPart) -> String {
    let bounds = [("≥", part.at_least), ("≤", part.at_most), (">", part.above), ("<", part.below)];
    let words: Vec<String> = bounds.into_iter().filter_map(|(sign, bound)| bound.map(|b| format!("{sign} {b}"))).collect();
    words.join(" and ")
}

/// A summary without the times its run took.
pub fn without_times(summary: &[u8]) -> Value {
    let mut summary: Value = serde_json::from_slice(summary).unwrap_or_default();
    for (part, key) in [("", "wall_seconds"), ("", "days_per_second"), ("/draws", "seconds")] {
        if let Some(part) = summary.pointer_mut(part).and_then(Value::as_object_mut) {
            part.shift_remove(key);
        }
    }
    summary
}

/// The word for what is recorded.
pub fn record_word(record: Option<Detail>) -> &'static str {
    match record {
        None => "by size",
        Some(Detail::Totals) => "totals",
        Some(Detail::Sectors) => "sectors",
        Some(Detail::Full) => "full",
    }
}
