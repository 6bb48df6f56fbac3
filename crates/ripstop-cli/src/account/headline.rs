//! The headline: what happened, in sentences.

use ripstop_case::Case;
use ripstop_study::figures::Unit;
use ripstop_study::study::{Study, day_of};

use super::lead::{Lead, Show};
use super::words::{count, date, paragraph, short_money};
use super::{few, heading, plural};

/// The section: its heading says which values lead, its last line what stands in brackets.
pub fn headline(text: &mut String, case: &Case, study: &Study, scenario: usize) {
    let what = if study.draws_lead() { format!("medians of {} draws", count(study.draws as f64)) } else { "starting values".to_string() };
    heading(text, &format!("By {}: {what}", date(day_of(case, study.losses.at))));
    let lead = Lead::of(case, study);
    let lines = if study.outcome.first_event >= study.outcome.scenario.days {
        vec!["The scenario has no event of its own: nothing differs from the counterfactual.".to_string()]
    } else {
        sentences(case, study, &lead)
    };
    for line in lines {
        text.push_str(&paragraph(&line, 2));
    }
    let note = lead.note(case.parameters.ranged_in(&case.scenarios[scenario]).len());
    text.push_str(&paragraph(&format!("[{note}]"), 2));
}

/// The headline in sentences. What is a level, not a difference, says what it would be without the events.
fn sentences(case: &Case, study: &Study, lead: &Lead<'_>) -> Vec<String> {
    let value = |v: f64| lead.money(v);
    let mut lines = Vec::new();
    if lead.worth("workers_idle_peak") {
        let (idle, all) = (lead.with("workers_idle_peak", &count), lead.with("workers", &count));
        let of = count(lead.starting("workers"));
        let start = lead.start(&[("workers_idle_peak", &|v| format!("{} of {of}", count(v)))]);
        let who = without_work(lead);
        lines.push(format!("At the worst (mean of 28 days) {idle} of {all} workers were without work because of the events{who}{start}."));
    }
    if lead.worth("extra_worker_days") {
        let (extra, start) = (lead.with("extra_worker_days", &count), lead.start(&[("extra_worker_days", &count)]));
        lines.push(format!("Extra work, beyond what is done without the events: {extra} worker-days{start}."));
    }
    if lead.worth("stranded_value") {
        let (stranded, beside) = (lead.with("stranded_value", &value), beside_if_any(lead, "stranded_value", &value));
        let (units, start) = (units_of_products(case, study, lead), lead.start(&[("stranded_value", &value)]));
        lines.push(format!("Finished goods worth {stranded} are stranded, no route is open{beside}{units}{start}."));
    }
    if lead.worth("wages_unpaid") {
        let (wages, days) = (lead.with("wages_unpaid", &value), lead.with("worker_days_unpaid", &count));
        let start = lead.start(&[("wages_unpaid", &value), ("worker_days_unpaid", &|v| format!("{} worker-days", count(v)))]);
        let beside = lead.beside("wages_unpaid", &value);
        lines.push(format!("Workers are owed {wages} to the last month end, {days} worker-days{beside}{start}."));
    }
    invoices(lead, &mut lines);
    options(case, study, lead, &mut lines);
    let lost = if lead.value("value_added_lost") < 0.0 { "Value added lost (minus: gained)" } else { "Value added lost" };
    let (all, start) = (lead.with("value_added_lost", &value), lead.start(&[("value_added_lost", &value)]));
    lines.push(format!("{lost} since the first event: {all}{}{start}.", by_country(case, lead)));
    if lead.worth("final_demand_unmet") {
        let (unmet, start) = (lead.with("final_demand_unmet", &value), lead.start(&[("final_demand_unmet", &value)]));
        lines.push(format!("Final customers go without goods for {unmet}, at what they would pay{start}."));
    }
    lines
}

/// Who of those without work was dismissed, absent or idle.
fn without_work(lead: &Lead<'_>) -> String {
    let parts = ["dismissed", "absent", "idle"].map(|part| (part, format!("workers_idle_peak:{part}")));
    let words: Vec<String> =
        parts.iter().filter(|(_, name)| lead.worth(name)).map(|(part, name)| format!("{} {part}", lead.with(name, &count))).collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

/// Open invoices beside open ones, overdue beside overdue.
fn invoices(lead: &Lead<'_>, lines: &mut Vec<String>) {
    let value = |v: f64| lead.money(v);
    for (name, what) in [("invoices_overdue", "are overdue"), ("invoices_unpaid", "are open, overdue or not")] {
        if lead.worth(name) {
            let (all, beside, start) = (lead.with(name, &value), lead.beside(name, &value), lead.start(&[(name, &value)]));
            lines.push(format!("Invoices over {all} {what}{beside}{start}."));
        } else if name == "invoices_overdue" && lead.worth("invoices_unpaid") {
            lines.push("No invoices are overdue.".to_string());
        }
    }
    if lead.worth("claims_unpaid") {
        let beside = beside_if_any(lead, "claims_unpaid", &value);
        let (claims, start) = (lead.with("claims_unpaid", &value), lead.start(&[("claims_unpaid", &value)]));
        lines.push(format!("{claims} is claimed in compensation and not paid{beside}{start}."));
    }
}

/// What a level is without the events, where it is anything.
fn beside_if_any(lead: &Lead<'_>, name: &str, show: Show<'_>) -> String {
    let beside = lead.beside(name, show);
    if beside == format!("; without the events {}", show(0.0)) { String::new() } else { beside }
}

/// What only some cases have: goods held, spoilt or refused, firms at the end of their money, dismissals, rings of lines that wait for each
/// other.
fn options(case: &Case, study: &Study, lead: &Lead<'_>, lines: &mut Vec<String>) {
    let losses = &study.losses;
    let value = |v: f64| lead.money(v);
    let firms = case.table("firms");
    let mut tell = |name: &str, say: &dyn Fn(&str) -> String, show: Show<'_>| {
        if lead.worth(name) {
            let (text, beside) = (say(&lead.with(name, show)), lead.beside(name, show));
            lines.push(format!("{text}{beside}{}.", lead.start(&[(name, show)])));
        }
    };
    tell("held_value", &|v| format!("Goods worth {v} are held at crossings"), &value);
    // Where all that is caught is stranded or held it has been told.
    if ["frozen", "shut_in"].iter().any(|why| lead.worth(&format!("caught_value:{why}"))) {
        let parts = ["frozen", "held", "stranded", "shut_in"].map(|why| (why.replace('_', " "), format!("caught_value:{why}")));
        let parts = parts.iter().filter(|(_, name)| lead.worth(name)).map(|(why, name)| format!("{why} {}", lead.with(name, &value)));
        let parts = parts.collect::<Vec<_>>().join(", ");
        tell("caught_value", &|v| format!("Caught in all, inputs included: {v} ({parts})"), &value);
    }
    tell("spoilt_value", &|v| format!("Goods worth {v} have spoilt"), &value);
    tell("refused_value", &|v| format!("Goods worth {v} were refused"), &value);
    tell("seized_value", &|v| format!("Goods worth {v} were seized"), &value);
    tell("fines", &|v| format!("Fines of {v} were paid"), &value);
    tell("insolvent_firms", &|v| format!("{v} firms cannot pay what is due, or have stopped for good"), &count);
    tell("bad_debt", &|v| format!("Claims over {v} on insolvent firms are lost"), &value);
    tell("rescued", &|v| format!("Owners have put in {v} to rescue firms"), &value);
    tell("dismissed", &|v| format!("{v} workers have been dismissed and not replaced"), &count);
    // What has a name is told of the base run: no median has one.
    let at_start = if study.draws_lead() { "With the starting values: " } else { "" };
    let named = |ended: bool| -> Vec<String> {
        losses.insolvent.iter().filter(|i| i.1 == ended).map(|&(firm, _)| ripstop_study::who::name(firms, firm)).collect()
    };
    for (list, what) in [(named(true), "stopped for good: insolvent"), (named(false), "cannot pay what is due")] {
        if !list.is_empty() {
            lines.push(format!("{at_start}{}: {what}.", few(&list)));
        }
    }
    for ring in &losses.deadlocks {
        let member = |&(line, lacks): &(ripstop::model::ids::LineId, ripstop::model::ids::ProductId)| {
            let firm = study.outcome.plan.network.lines[line.index()].firm.index();
            let product = ripstop_study::who::name(case.table("products"), lacks.index()).to_lowercase();
            format!("{} waits for {product}", ripstop_study::who::name(firms, firm))
        };
        let members: Vec<String> = ring.members.iter().map(member).collect();
        let others = if ring.waiting.is_empty() { String::new() } else { format!("; {} more lines wait for them", ring.waiting.len()) };
        lines.push(format!("{at_start}Deadlock, none can start before the others: {}{others}.", few(&members)));
    }
}

/// Stranded goods by product, those worth most first: pieces, pairs and tonnes have no other common measure.
fn units_of_products(case: &Case, study: &Study, lead: &Lead<'_>) -> String {
    const SHOWN: usize = 4;
    let products = case.table("products");
    let one = |figure: &ripstop_study::figures::Figure| match figure.unit {
        Unit::Product(p) => Some((p, lead.value(&figure.name))).filter(|(_, units)| *units > 0.0),
        _ => None,
    };
    let mut list: Vec<(usize, f64)> = study.figures.0.iter().filter_map(one).collect();
    let worth = |&(p, units): &(usize, f64)| units * study.outcome.plan.network.products[p].value_per_unit;
    list.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    let unit = |p: usize| products.text(products.col("unit"), p).unwrap_or("units");
    let words = |&(p, units): &(usize, f64)| {
        format!("{} {} of {}", count(units), plural(unit(p), units), ripstop_study::who::name(products, p).to_lowercase())
    };
    let mut words: Vec<String> = list.iter().take(SHOWN).map(words).collect();
    if list.len() > SHOWN {
        words.push("others".to_string());
    }
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

/// Where the value added is lost; of many countries the first few.
fn by_country(case: &Case, lead: &Lead<'_>) -> String {
    const SHOWN: usize = 6;
    let name = |country: &str| format!("value_added_lost:{country}");
    let mut list: Vec<&str> = case.countries.iter().map(String::as_str).filter(|country| lead.worth(&name(country))).collect();
    list.sort_by(|a, b| lead.value(&name(b)).abs().total_cmp(&lead.value(&name(a)).abs()));
    let word = |country: &&str| format!("{country} {}", lead.with(&name(country), &short_money));
    let mut words: Vec<String> = list.iter().take(SHOWN).map(word).collect();
    if list.len() > SHOWN {
        words.push(format!("{} others", list.len() - SHOWN));
    }
    if words.is_empty() { String::new() } else { format!(", in {}", words.join(", ")) }
}
