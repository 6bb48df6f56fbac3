//! Claims with ✓ or ✗ and their share of draws, and what the results rest on.

use std::fmt::Write;

use ripstop::calendar::Day;
use ripstop::series::Detail;
use ripstop_case::study::{ClaimAnswer, HEADLINES, RestsOn, Study};
use ripstop_case::{Case, ClaimKind, Parameter};

use super::words::{count, date, hanging, left, percent, right};
use super::{WIDTH, heading};

/// Claims, outcomes first, premises apart.
pub fn claims(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    if study.claims.is_empty() {
        return text;
    }
    let of = |kind| study.claims.iter().filter(move |c| case.claims[c.claim].kind == kind);
    heading(&mut text, "What sources say, and whether the run agrees");
    let recorded = study.outcome.scenario.detail == Detail::Full;
    if !recorded {
        text.push_str(&hanging("Not recorded: statements are measured on the days of every firm (--record full).", 2, 2));
    }
    if study.draws > 0 && recorded {
        let _ = writeln!(text, "{}", right("share of draws (without the events)", WIDTH));
    }
    of(ClaimKind::Outcome).for_each(|c| row(&mut text, case, c));
    if of(ClaimKind::Premise).next().is_some() {
        let _ = writeln!(text, "  Premises (what the case was built on; agreement proves nothing):");
        of(ClaimKind::Premise).for_each(|c| row(&mut text, case, c));
    }
    if !recorded {
        return text;
    }
    let asked: Vec<&ClaimAnswer> = of(ClaimKind::Outcome).filter(|c| c.holds.is_some()).collect();
    let hold = asked.iter().filter(|c| c.holds == Some(true)).count();
    let given =
        study.joint_share_given_premises.map_or(String::new(), |s| format!(", in {} of those in which the premises do", percent(s)));
    let joint = study.joint_share.map_or(String::new(), |share| {
        let (all, draws) = (asked.len(), study.draws);
        format!(" All {all} together hold in {} of {draws} draws{given}: that share, not the base run, is the evidence.", percent(share))
    });
    text.push_str(&hanging(&format!("{hold} of the {} outcomes that can be tested hold in the base run.{joint}", asked.len()), 2, 2));
    text
}

fn row(text: &mut String, case: &Case, answer: &ClaimAnswer) {
    let claim = &case.claims[answer.claim];
    let sign = match answer.holds {
        Some(true) => '✓',
        Some(false) => '✗',
        None => '·',
    };
    let share = match (&claim.needs, answer.share_of_draws) {
        (Some(needs), _) => {
            if needs.is_empty() {
                String::new()
            } else {
                "not tested yet".to_string()
            }
        }
        (None, Some(share)) => {
            let without = answer.share_without_events.map_or(String::new(), |w| format!("({})", percent(w)));
            format!("{} {}", percent(share), right(&without, 7))
        }
        (None, None) => String::new(),
    };
    // Long claims wrap under themselves; the share stands at the end of the first line.
    let wrapped = hanging(&format!("{} {}", claim.id, claim.text), 4, 8);
    let mut lines = wrapped.lines().map(str::to_string).collect::<Vec<_>>();
    let room = WIDTH - 15;
    if lines[0].chars().count() > room {
        lines = rewrap(&claim.id, &claim.text, room);
    }
    for (at, line) in lines.iter().enumerate() {
        if at == 0 {
            let _ = writeln!(text, "  {sign} {} {}", left(line.trim_start(), room - 4), right(&share, 14));
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
}

fn rewrap(id: &str, claim: &str, room: usize) -> Vec<String> {
    let mut lines = vec![format!("    {id}")];
    for word in claim.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].chars().count() + 1 + word.chars().count() > room {
            lines.push(format!("        {word}"));
        } else {
            lines[last].push(' ');
            lines[last].push_str(word);
        }
    }
    lines
}

/// The five rows the results rest on most.
pub fn rests_on(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    if study.rests_on.is_empty() {
        return text;
    }
    heading(&mut text, "What this rests on (each row of no source set to its low and its high)");
    if study.outcome.scenario.detail != Detail::Full && !study.claims.is_empty() {
        text.push_str(&hanging("Not recorded: what flips a statement is measured on the days of every firm (--record full).", 2, 2));
        return text;
    }
    let guessed = |rests: &&RestsOn| case.parameters.get(rests.parameter).basis != Some("sourced");
    for rests in study.rests_on.iter().filter(guessed).take(5) {
        let parameter = case.parameters.get(rests.parameter);
        let outcome = |c: &&usize| case.claims[**c].kind == ClaimKind::Outcome;
        let flips: Vec<&str> = rests.flips.iter().filter(outcome).map(|&c| case.claims[c].id.as_str()).collect();
        let flips = if flips.is_empty() { String::new() } else { format!("flips {}; ", flips.join(" ")) };
        let what = HEADLINES[rests.headline].0.replace('_', " ");
        let moves = match rests.from_nothing_to {
            // A share of nothing is no number.
            Some(value) => format!("moves {what} from 0 to {}", count(value)),
            None => format!("moves {what} by {}", percent(rests.move_max)),
        };
        let basis = parameter.basis.unwrap_or("assumed");
        text.push_str(&hanging(&format!("{} {} ({basis}): {flips}{moves}", parameter.name, range(parameter)), 2, 6));
    }
    let more = study.rests_on.iter().filter(guessed).count().saturating_sub(5);
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more rows (summary.json, rests_on)");
    }
    text
}

fn range(parameter: &Parameter) -> String {
    let show = |value: f64| {
        if parameter.unit == "date" { date(Day(value.round() as i32)) } else { format!("{}", (value * 1e6).round() / 1e6) }
    };
    let unit = if parameter.unit == "date" { String::new() } else { format!(" {}", parameter.unit) };
    format!("{} … {}{unit}", show(parameter.low.unwrap_or(f64::NAN)), show(parameter.high.unwrap_or(f64::NAN)))
}
