//! The account of a run on a screen of 80 columns: headline, timeline, tables, claims, what it rests on, audit, files.

mod claims;
mod events;
mod tables;
mod timeline;
pub mod words;

use std::fmt::Write;
use std::path::Path;

use ripstop_case::Case;
use ripstop_case::output::pieces;
use ripstop_case::study::{Study, day_of};

use words::{band, count, date, money, paragraph};

/// Columns of the screen.
pub const WIDTH: usize = 80;

/// The whole account.
pub fn account(case: &Case, study: &Study, scenario: usize, out: &Path) -> String {
    let mut text = String::new();
    title(&mut text, case, scenario);
    headline(&mut text, case, study);
    text.push_str(&timeline::timeline(case, study, scenario));
    text.push_str(&tables::by_place_and_group(case, study));
    text.push_str(&tables::losses(case, study));
    text.push_str(&claims::claims(case, study));
    text.push_str(&claims::rests_on(case, study));
    closing(&mut text, study, out);
    text
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
}

fn headline(text: &mut String, case: &Case, study: &Study) {
    let (losses, currency) = (&study.losses, case.meta.currency.as_str());
    heading(text, &format!("By {}", date(day_of(case, losses.at))));
    let b = |h: usize, show: &dyn Fn(f64) -> String| band(study.bands.as_deref(), h, show);
    let value = |v: f64| money(v, currency);
    let mut lines = Vec::new();
    if study.outcome.first_event >= study.outcome.scenario.days {
        lines.push("The scenario has no event of its own: nothing differs from the counterfactual.".to_string());
    } else {
        lines.push(format!(
            "{} of value added is lost{}, against the same days without the scenario's events.",
            value(losses.value_added),
            b(0, &value)
        ));
    }
    let stranded: f64 = losses.stranded_by_owner.values().sum();
    if stranded > 0.0 {
        let units = pieces(case, &losses.stranded_units);
        let units = if units > 0.0 { format!(" ({} pieces)", count(units)) } else { String::new() };
        lines.push(format!("Finished goods worth {}{} are stranded{units}: no route is open.", value(stranded), b(2, &value)));
    }
    if losses.wages > 0.0 {
        let days = b(5, &|v| count(v));
        lines.push(format!("Workers are owed {}{}, {} worker-days{days}.", value(losses.wages), b(4, &value), count(losses.worker_days)));
    }
    if losses.workers_idle_peak >= 1.0 {
        lines.push(format!("At the worst, {} more workers{} stood idle.", count(losses.workers_idle_peak), b(6, &|v| count(v))));
    }
    if losses.invoices > 0.0 {
        let claims = if losses.claims > 0.0 { format!("; {} is claimed in compensation", value(losses.claims)) } else { String::new() };
        lines.push(format!("{} of invoices{} are open, {} overdue{claims}.", value(losses.invoices), b(3, &value), value(losses.overdue)));
    }
    if losses.final_demand_unmet > 0.0 {
        lines.push(format!("Final customers go without {} of goods{}.", value(losses.final_demand_unmet), b(1, &value)));
    }
    for line in lines {
        text.push_str(&paragraph(&line, 2));
    }
    if study.bands.is_some() {
        let _ = writeln!(text, "  [in brackets: 5–95 % of {} draws over every uncertain number]", study.draws);
    }
}

/// A residual: `0`, `8e-15`.
fn tiny(value: f64) -> String {
    if value == 0.0 { "0".to_string() } else { format!("{value:.0e}") }
}

fn closing(text: &mut String, study: &Study, out: &Path) {
    heading(text, "Audit and files");
    let (record, without) = (&study.outcome.scenario, &study.outcome.counterfactual);
    let goods = record.goods_residual_max().max(without.goods_residual_max());
    let money = record.money_residual_max().max(without.money_residual_max());
    let _ = writeln!(text, "  What enters equals what leaves, every day: residual goods {}, money {}", tiny(goods), tiny(money));
    let rate = study.simulated_days() / study.wall_seconds.max(1e-9);
    let draws = if study.draws > 0 { format!(", {} draws in {:.1} s", study.draws, study.draws_seconds) } else { String::new() };
    let _ = writeln!(text, "  {} days with counterfactual in {:.3} s ({} days/s){draws}", record.days, study.wall_seconds, count(rate));
    let _ = writeln!(text, "  State hash {}…", &study.outcome.state_hash[..16]);
    let _ = writeln!(text, "  {}/: summary.json, claims.json, manifest.json, series", out.display());
    text.push_str(&paragraph(
        "ripstop does not know: prices do not respond, substitution is only what the case declares, there is no household income feedback.",
        2,
    ));
}
