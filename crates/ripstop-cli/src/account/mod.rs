//! The account of a run on a screen of 80 columns: headline, timeline, tables, claims, what it rests on, evidence if asked for, audit, files.

mod claims;
mod events;
mod evidence;
mod groups;
pub mod rules;
mod tables;
mod timeline;
pub mod words;

use std::fmt::Write;
use std::path::Path;

use ripstop_case::Case;
use ripstop_case::facts_out::ToldEvent;
use ripstop_case::study::{Study, day_of};

use words::{band, count, date, money, paragraph};

/// Columns of the screen.
pub const WIDTH: usize = 80;

/// The whole account; with the evidence where it was asked for.
pub fn account(case: &Case, study: &Study, scenario: usize, out: &Path, evidence: bool) -> String {
    let mut text = String::new();
    title(&mut text, case, scenario);
    headline(&mut text, case, study);
    text.push_str(&timeline::timeline(case, study));
    text.push_str(&tables::by_place_and_group(case, study));
    text.push_str(&groups::groups(case, study));
    text.push_str(&tables::losses(case, study));
    text.push_str(&rules::section(case, study));
    text.push_str(&claims::claims(case, study));
    text.push_str(&claims::rests_on(case, study));
    if evidence {
        text.push_str(&evidence::evidence(case, study));
    }
    closing(&mut text, case, study, out);
    text
}

/// What goods without price and value are counted at: that was taken from elsewhere.
fn prices_taken(case: &Case, study: &Study) -> Option<String> {
    use ripstop::prices::{Basis, taken};
    let plan = &study.outcome.plan;
    let list = taken(&plan.network, &plan.prices);
    let products = case.table("products");
    let one = |taken: &ripstop::prices::Taken| {
        let (low, high) = (words::plain(taken.price.0), words::plain(taken.price.1));
        let price = if low == high { low } else { format!("{low} to {high}") };
        format!("{} at {price} ({})", ripstop_case::who::name(products, taken.product.index()).to_lowercase(), taken.basis.words())
    };
    let invented: Vec<String> = list.iter().filter(|t| !matches!(t.basis, Basis::Value | Basis::Recipe)).map(one).collect();
    (!invented.is_empty()).then(|| format!("Sold without a price, and counted in {}: {}.", case.meta.currency, few(&invented)))
}

/// The events of the run, told for readers of its files.
pub fn told(case: &Case, study: &Study) -> Vec<ToldEvent> {
    let one = |e: events::Told| ToldEvent { day: e.from, text: e.text, background: e.background };
    events::tell(case, study).into_iter().map(one).collect()
}

/// A heading with a rule under the whole width.
pub fn heading(text: &mut String, title: &str) {
    let rule = "─".repeat(WIDTH.saturating_sub(title.chars().count() + 1));
    let _ = writeln!(text, "\n{title} {rule}");
}

fn title(text: &mut String, case: &Case, scenario: usize) {
    let spec = &case.scenarios[scenario];
    let _ = writeln!(text, "{}", case.meta.title);
    if let Some(question) = &case.meta.question {
        text.push_str(&paragraph(question, 0));
    }
    let title = if spec.title.is_empty() { String::new() } else { format!(": {}", spec.title) };
    text.push_str(&paragraph(&format!("Scenario {}{title}", spec.name), 0));
    if !spec.overrides.is_empty() {
        let names: Vec<&str> = spec.overrides.iter().map(|o| case.parameters.get(o.parameter).name.as_str()).collect();
        text.push_str(&paragraph(&format!("It sets {}, in its counterfactual too.", names.join(", ")), 0));
    }
}

fn headline(text: &mut String, case: &Case, study: &Study) {
    heading(text, &format!("By {}", date(day_of(case, study.losses.at))));
    let lines = if study.outcome.first_event >= study.outcome.scenario.days {
        vec!["The scenario has no event of its own: nothing differs from the counterfactual.".to_string()]
    } else {
        sentences(case, study)
    };
    for line in lines {
        text.push_str(&paragraph(&line, 2));
    }
    if study.bands.is_some() {
        let _ = writeln!(text, "  [in brackets: 5–95 % of {} draws over every number with a range]", study.draws);
    }
}

/// The headline in sentences. What is a level, not a difference, says what it would be without the events.
fn sentences(case: &Case, study: &Study) -> Vec<String> {
    let (losses, currency) = (&study.losses, case.meta.currency.as_str());
    let b = |h: usize, show: &dyn Fn(f64) -> String| band(study.bands.as_deref(), h, show);
    let value = |v: f64| money(v, currency);
    let without = &study.outcome.counterfactual.totals[losses.at];
    let mut lines = Vec::new();
    if losses.workers_idle_peak >= 1.0 {
        let all: f64 = study.outcome.plan.network.firms.iter().map(|f| f.workers).sum();
        let (idle, all, band) = (count(losses.workers_idle_peak), count(all), b(6, &|v| count(v)));
        let who = losses.worst.map_or(String::new(), |(_, persons)| without_work(&persons));
        lines.push(format!("At the worst (mean of 28 days) {idle}{band} of {all} workers were without work because of the events{who}."));
    }
    if losses.without_work[3] >= 0.5 {
        lines.push(format!("Extra work, beyond what is done without the events: {} worker-days.", count(losses.without_work[3])));
    }
    let stranded: f64 = losses.stranded_by_owner.values().sum();
    if stranded > 0.0 {
        let units = units_of_products(case, &study.losses.stranded_units);
        lines.push(format!("Finished goods worth {}{} are stranded, no route is open: {units}.", value(stranded), b(2, &value)));
    }
    if losses.wages > 0.0 || without.arrears > 0.0 {
        let days = b(5, &|v| count(v));
        let else_owed = value(without.arrears);
        lines.push(format!(
            "Workers are owed {}{} to the last month end, {} worker-days{days}; without the events {else_owed}.",
            value(losses.wages),
            b(4, &value),
            count(losses.worker_days)
        ));
    }
    if losses.invoices > 0.0 {
        let claims = if losses.claims > 0.0 { format!(" {} is claimed in compensation.", value(losses.claims)) } else { String::new() };
        let (all, band) = (value(losses.invoices), b(3, &value));
        let (record_without, without) = (without, value(without.overdue));
        lines.push(if losses.overdue >= 0.5 {
            format!("Invoices over {} are overdue, of {all} open{band}; without the events {without}.{claims}", value(losses.overdue))
        } else {
            let open = value(record_without.receivable);
            format!("Invoices over {all}{band} are open, none overdue; without the events {open} would be open.{claims}")
        });
    }
    options(case, study, &mut lines);
    let lost = if losses.value_added < 0.0 { "Value added lost (minus: gained)" } else { "Value added lost" };
    lines.push(format!("{lost} since the first event: {}{}, {}.", value(losses.value_added), b(0, &value), by_country(case, study)));
    if losses.final_demand_unmet > 0.0 {
        lines.push(format!(
            "Final customers go without goods for {}{}, at what they would pay.",
            value(losses.final_demand_unmet),
            b(1, &value)
        ));
    }
    lines
}

/// Who of those without work was dismissed, absent or idle.
fn without_work(persons: &ripstop::people::Parts) -> String {
    let words = ["dismissed", "absent", "idle"].into_iter().zip(persons).filter(|(_, persons)| **persons >= 0.5);
    let words: Vec<String> = words.map(|(word, &persons)| format!("{} {word}", count(persons))).collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) }
}

/// What only some cases have: goods spoilt or refused, firms at the end of their money, dismissals, rings of lines that wait for each other.
fn options(case: &Case, study: &Study, lines: &mut Vec<String>) {
    let losses = &study.losses;
    let value = |v: f64| money(v, &case.meta.currency);
    let firms = case.table("firms");
    let worth_telling = |v: f64| v >= 0.5;
    if worth_telling(losses.spoilt + losses.spoilt_without) {
        let (all, without) = (value(losses.spoilt + losses.spoilt_without), value(losses.spoilt_without));
        let more = units_of_products(case, &losses.spoilt_units);
        let more = if more.is_empty() { more } else { format!("; more spoilt than without: {more}") };
        lines.push(format!("Goods worth {all} have spoilt; without the events {without}{more}."));
    }
    if worth_telling(losses.refused) {
        lines.push(format!("Goods worth {} were refused that would not have been.", value(losses.refused)));
    }
    let named = |ended: bool| -> Vec<String> {
        losses.insolvent.iter().filter(|i| i.1 == ended).map(|&(firm, _)| ripstop_case::who::name(firms, firm)).collect()
    };
    for (list, what) in [(named(true), "stopped for good: insolvent"), (named(false), "cannot pay what is due")] {
        if !list.is_empty() {
            lines.push(format!("{}: {what}.", few(&list)));
        }
    }
    if worth_telling(losses.bad_debt) {
        lines.push(format!("Claims over {} on insolvent firms are lost.", value(losses.bad_debt)));
    }
    if worth_telling(losses.rescued) {
        lines.push(format!("Owners have put in {} to rescue firms.", value(losses.rescued)));
    }
    if worth_telling(losses.dismissed) {
        let (all, without) = (count(losses.dismissed), count(losses.dismissed_without));
        lines.push(format!("{all} workers have been dismissed and not replaced; without the events {without}."));
    }
    for ring in &losses.deadlocks {
        let member = |&(line, lacks): &(ripstop::ids::LineId, ripstop::ids::ProductId)| {
            let firm = study.outcome.plan.network.lines[line.index()].firm.index();
            let product = ripstop_case::who::name(case.table("products"), lacks.index()).to_lowercase();
            format!("{} waits for {product}", ripstop_case::who::name(firms, firm))
        };
        let members: Vec<String> = ring.members.iter().map(member).collect();
        let others = if ring.waiting.is_empty() { String::new() } else { format!("; {} more lines wait for them", ring.waiting.len()) };
        lines.push(format!("Deadlock, none can start before the others: {}{others}.", few(&members)));
    }
}

/// The first few of a list, and how many more there are.
fn few(list: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown = list[..list.len().min(SHOWN)].join(", ");
    if list.len() > SHOWN { format!("{shown} and {} more", list.len() - SHOWN) } else { shown }
}

/// Goods by product, most first.
fn units_of_products(case: &Case, units: &[f64]) -> String {
    let products = case.table("products");
    let unit = |p: usize| products.text(products.col("unit"), p).unwrap_or("units").to_string();
    let mut list: Vec<(usize, f64)> = units.iter().copied().enumerate().filter(|&(_, u)| u > 0.0).collect();
    list.sort_by(|a, b| b.1.total_cmp(&a.1));
    let shown = 4.min(list.len());
    let mut words: Vec<String> = list[..shown]
        .iter()
        .map(|&(p, u)| format!("{} {} of {}", count(u), plural(&unit(p), u), ripstop_case::who::name(products, p).to_lowercase()))
        .collect();
    if list.len() > shown {
        words.push("others".to_string());
    }
    words.join(", ")
}

/// A unit as it is read after a quantity.
pub fn plural(unit: &str, quantity: f64) -> String {
    if unit == "piece" && quantity != 1.0 { "pieces".to_string() } else { unit.to_string() }
}

/// Where the value added is lost.
fn by_country(case: &Case, study: &Study) -> String {
    let mut list: Vec<(&str, f64)> =
        study.losses.value_added_by_country.iter().filter_map(|(&c, &v)| Some((case.countries.get(c as usize)?.as_str(), v))).collect();
    list.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let words: Vec<String> = list.iter().filter(|(_, v)| v.abs() >= 0.5).map(|(c, v)| format!("{c} {}", words::short_money(*v))).collect();
    if words.is_empty() { "nowhere".to_string() } else { format!("in {}", words.join(", ")) }
}

/// A residual: `0`, `8e-15`.
fn tiny(value: f64) -> String {
    if value == 0.0 { "0".to_string() } else { format!("{value:.0e}") }
}

fn closing(text: &mut String, case: &Case, study: &Study, out: &Path) {
    heading(text, "Audit and files");
    let (record, without) = (&study.outcome.scenario, &study.outcome.counterfactual);
    let goods = record.goods_residual_max().max(without.goods_residual_max());
    let money = record.money_residual_max().max(without.money_residual_max());
    let verdict = if study.residual_max <= 1e-9 { "What enters equals what leaves, every day" } else { "DOES NOT BALANCE" };
    let _ = writeln!(text, "  {verdict}: residual goods {}, money {}", tiny(goods), tiny(money));
    if study.draws > 0 {
        let _ = writeln!(text, "  largest residual of all draws {}", tiny(study.residual_max));
    }
    let rate = study.simulated_days() / study.wall_seconds.max(1e-9);
    let seconds = if study.wall_seconds < 0.001 { "less than 0.001 s".to_string() } else { format!("{:.3} s", study.wall_seconds) };
    let draws = if study.draws > 0 { format!(", {} draws in {:.1} s", study.draws, study.draws_seconds) } else { String::new() };
    let _ = writeln!(text, "  {} days with counterfactual in {seconds} ({} days/s){draws}", record.days, count(rate));
    let _ = writeln!(text, "  State hash {}…", &study.outcome.state_hash[..16]);
    let _ = writeln!(text, "  Files in {}:", out.display());
    if out.join("report.html").exists() {
        text.push_str("  report.html: the page to open and send on\n");
    }
    let found = if study.findings.is_some() { " findings.json," } else { "" };
    let observed = if study.evidence.is_empty() { "" } else { " evidence.json," };
    text.push_str(&paragraph(&format!("summary.json, claims.json,{observed}{found} manifest.json, series (see docs/outputs.md)"), 2));
    if let Some(words) = prices_taken(case, study) {
        text.push_str(&paragraph(&words, 2));
    }
    text.push_str(&paragraph(
        "ripstop does not know how prices, substitutes beyond those the case declares, or household incomes respond: they do not.",
        2,
    ));
}
