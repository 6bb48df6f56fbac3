//! The account of a run on a screen of 80 columns: headline, timeline, tables, claims, what it rests on, evidence if asked for, audit, files.

mod claims;
mod events;
mod evidence;
mod groups;
mod headline;
mod lead;
pub mod rules;
mod tables;
mod timeline;
pub mod words;

use std::fmt::Write;
use std::path::Path;

use ripstop_case::Case;
use ripstop_study::facts_out::ToldEvent;
use ripstop_study::study::Study;

use words::{count, paragraph};

/// Columns of the screen.
pub const WIDTH: usize = 80;

/// The whole account; with the evidence where it was asked for.
pub fn account(case: &Case, study: &Study, scenario: usize, out: &Path, evidence: bool) -> String {
    let mut text = String::new();
    title(&mut text, case, scenario);
    headline::headline(&mut text, case, study, scenario);
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
    use ripstop::plan::prices::{Basis, taken};
    let plan = &study.outcome.plan;
    let list = taken(&plan.network, &plan.prices);
    let products = case.table("products");
    let one = |taken: &ripstop::plan::prices::Taken| {
        let (low, high) = (words::plain(taken.price.0), words::plain(taken.price.1));
        let price = if low == high { low } else { format!("{low} to {high}") };
        format!("{} at {price} ({})", ripstop_study::who::name(products, taken.product.index()).to_lowercase(), taken.basis.words())
    };
    let invented: Vec<String> = list.iter().filter(|t| !matches!(t.basis, Basis::Value | Basis::Recipe)).map(one).collect();
    (!invented.is_empty()).then(|| format!("Sold without a price, and counted in {}: {}.", case.meta.currency, few(&invented)))
}

/// The events of the run, told for readers of its files.
pub fn told(case: &Case, study: &Study) -> Vec<ToldEvent> {
    let one = |e: events::Told| ToldEvent { day: e.from, text: e.text, background: e.background };
    events::tell(case, study).into_iter().map(one).collect()
}

/// Marks a heading over numbers of the base run, where the medians of the draws lead elsewhere.
pub fn of_base(study: &Study, title: &str) -> String {
    if study.draws_lead() { format!("{title} (starting values)") } else { title.to_string() }
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

/// The first few of a list, and how many more there are.
fn few(list: &[String]) -> String {
    const SHOWN: usize = 4;
    let shown = list[..list.len().min(SHOWN)].join(", ");
    if list.len() > SHOWN { format!("{shown} and {} more", list.len() - SHOWN) } else { shown }
}

/// A unit as it is read after a quantity.
pub fn plural(unit: &str, quantity: f64) -> String {
    if unit == "piece" && quantity != 1.0 { "pieces".to_string() } else { unit.to_string() }
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
    let seconds = if study.wall_seconds < 0.001 { "< 0.001 s".to_string() } else { format!("{:.3} s", study.wall_seconds) };
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
