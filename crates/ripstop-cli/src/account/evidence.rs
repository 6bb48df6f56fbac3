//! Evidence, like with like: what others published beside the run.

use std::fmt::Write;

use ripstop_case::Case;
use ripstop_study::evidence::{Below, Comparison, Evidence, Finding, LastAbove, Observation, Ratio, WITHOUT, exceeds};
use ripstop_study::study::Study;

use super::words::{hanging, left, money, paragraph, percent, period, plain, right, short_money};
use super::{WIDTH, heading};

/// The section.
pub fn evidence(case: &Case, study: &Study) -> String {
    let (mut text, evidence) = (String::new(), &study.evidence);
    heading(&mut text, "Evidence, like with like");
    if evidence.is_empty() {
        text.push_str(&paragraph("The case has no observations.csv: there is nothing to compare with.", 2));
        return text;
    }
    if !evidence.recorded {
        text.push_str(&paragraph(
            "Not recorded: nothing can be set beside observations without the days of every firm (--record full).",
            2,
        ));
        return text;
    }
    let draws = match study.draws {
        0 => "Base run only: without draws nothing is said of the doubt in it.".to_string(),
        draws => format!("[5–95 % of {draws} draws]"),
    };
    let about = "Numbers that others published, each beside the same quantity of this run; none of them is an input.";
    text.push_str(&paragraph(&format!("{about} {draws}"), 2));
    let all = evidence.comparisons();
    for comparison in &all {
        match &comparison.finding {
            Finding::Below(found) => below(&mut text, evidence, comparison, found),
            Finding::LastAbove(found) => last_above(&mut text, evidence, found),
            Finding::Ratio(found) => ratio(&mut text, evidence, found),
            Finding::Size(simulated, band) => {
                let rows: Vec<&Observation> = comparison.rows.iter().map(|&row| &evidence.rows[row]).collect();
                size(&mut text, case, &rows, *simulated, band.map(|band| band.outer));
            }
            Finding::Nothing => continue,
        }
        let limits = comparison.limits.join(" ");
        if !limits.is_empty() {
            text.push_str(&hanging(&format!("Limits: {limits}"), 4, 6));
        }
    }
    nothing(&mut text, evidence, &all);
    text
}

/// A series in words.
fn name(o: &Observation) -> String {
    o.series.replace('_', " ")
}

/// What of the run is meant.
fn asked(o: &Observation) -> String {
    let (measure, rest) = o.asked.split_once(' ').unwrap_or((&o.asked, ""));
    let words = match measure {
        "passed_value" => "goods passing crossings",
        "delivered_value" => "goods delivered",
        "made_value" => "goods made",
        "made_per_worker" => "units made per worker and year",
        other => other,
    };
    format!("{words} {rest}").trim_end().to_string()
}

/// `, not counted (derived weak)` for a weak number.
fn weak(o: &Observation) -> String {
    if o.is_sound() { String::new() } else { format!(", not counted ({})", o.kind.replace('_', " ")) }
}

/// What is compared with what, on a line of its own.
fn head(text: &mut String, words: &str) {
    let _ = writeln!(text);
    text.push_str(&hanging(words, 2, 4));
}

/// A verdict under its comparison.
fn verdict(text: &mut String, holds: Option<bool>, words: &str) {
    let sign = match holds {
        Some(true) => '✓',
        Some(false) => '✗',
        None => '·',
    };
    text.push_str(&hanging(&format!("{sign} {words}"), 4, 6));
}

/// The band in brackets; what no draw moves is said, it is no precision.
fn brackets(band: Option<(f64, f64)>, show: impl Fn(f64) -> String) -> String {
    match band.map(|(low, high)| (show(low), show(high))) {
        Some((low, high)) if low == high => " [the same in every draw]".to_string(),
        Some((low, high)) => format!(" [{low} – {high}]"),
        None => String::new(),
    }
}

fn of_draws(share: Option<f64>, words: &str) -> String {
    share.map_or(String::new(), |share| format!(" {words} in {} of draws.", percent(share)))
}

fn below(text: &mut String, evidence: &Evidence, comparison: &Comparison, found: &Below) {
    let first = &evidence.rows[comparison.rows[0]];
    head(text, &format!("{}: {} must stay below. Run / record in {}, and the share:", name(first), asked(first), first.unit));
    months(text, evidence, &comparison.rows);
    let held = found.counted - found.fails.len();
    let largest = found.largest.map_or(String::new(), |(row, share)| {
        let when = period(evidence.rows[row].date);
        format!(" Largest share {}{}, in {when}.", times(share), brackets(found.largest_band.map(|band| band.outer), times))
    });
    let draws = of_draws(found.share_of_draws, "All stay below");
    let silent =
        if found.silent > 0 { format!(" In {} the run has nothing (–), so they cannot fail.", found.silent) } else { String::new() };
    let without = format!(" Without the events {} fail.", found.fails_without);
    verdict(
        text,
        (found.counted > 0).then_some(found.fails.is_empty()),
        &format!("{held} of {} stay below.{silent}{largest}{draws}{without}", found.counted),
    );
    let shown: Vec<String> = comparison.rows.iter().map(|&row| &evidence.rows[row]).filter(|o| !o.is_sound()).map(apart).collect();
    if !shown.is_empty() {
        text.push_str(&hanging(&format!("· Shown, not counted: {}.", shown.join("; ")), 4, 6));
    }
}

/// A weak row and why it is weak.
fn apart(o: &Observation) -> String {
    let note = o.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
    format!("{} ({}{note})", period(o.date), o.kind.replace('_', " "))
}

/// A share, from ten on as a multiple: `31 %`, `286 times`.
fn times(share: f64) -> String {
    if share >= 10.0 { format!("{share:.0} times") } else { percent(share) }
}

/// Row by row `✓ Feb 2019 27.7/89.0 31%`, as many in a line as there is room for.
fn months(text: &mut String, evidence: &Evidence, rows: &[usize]) {
    let small = |value: f64| if value > 0.0 && value < 1.0 { format!("{value:.2}") } else { plain(value) };
    let parts: Vec<[String; 4]> = rows
        .iter()
        .map(|&row| {
            let (o, simulated) = (&evidence.rows[row], evidence.simulated[row]);
            let sign = match (o.is_sound(), exceeds(simulated, o.observed())) {
                (false, _) => "·",
                (true, true) => "✗",
                (true, false) if simulated == 0.0 => "–",
                (true, false) => "✓",
            };
            let share = simulated / o.observed();
            let share = if share >= 10.0 { ">999%".to_string() } else { percent(share).replace(' ', "") };
            [sign.to_string(), period(o.date), format!("{}/{}", small(simulated / o.scale), small(o.value)), share]
        })
        .collect();
    let width = |part: usize| parts.iter().map(|cell| cell[part].chars().count()).max().unwrap_or(0);
    let (name, values, share) = (width(1), width(2), width(3));
    let cell = |p: &[String; 4]| format!("{} {} {} {}", p[0], left(&p[1], name), right(&p[2], values), right(&p[3], share));
    let room = WIDTH - 4;
    let a_line = ((room + 1) / (name + values + share + 5)).max(1);
    for line in parts.chunks(a_line) {
        let cells: Vec<String> = line.iter().map(cell).collect();
        let _ = writeln!(text, "    {}", cells.join(" "));
    }
}

fn last_above(text: &mut String, evidence: &Evidence, found: &LastAbove) {
    let o = &evidence.rows[found.row];
    let base = o.base.map_or(String::new(), period);
    let above = format!("{} of the daily mean of {base}", percent(o.value));
    head(text, &format!("{}: the last month above {above}, beside {}{}:", name(o), asked(o), weak(o)));
    let month = |day: ripstop::model::calendar::Day| {
        let first = day.date().first_of_month();
        period((ripstop::model::calendar::Day::from_date(first).0, ripstop::model::calendar::Day::from_date(first.last_of_month()).0))
    };
    let run = |day: Option<ripstop::model::calendar::Day>| day.map_or("none".to_string(), month);
    let band = found
        .band
        .map(|band| band.outer)
        .filter(|(low, high)| low != high)
        .map_or(String::new(), |(low, high)| format!(" [{} – {}]", month(low), month(high)));
    let draws = of_draws(found.share_of_draws, "The same month");
    verdict(
        text,
        found.agrees,
        &format!("record {}, run {}{band}, without the events {}.{draws}", month(found.observed), run(found.simulated), run(found.without)),
    );
}

fn ratio(text: &mut String, evidence: &Evidence, found: &Ratio) {
    let o = &evidence.rows[found.row];
    let base = o.base.map_or(String::new(), period);
    head(text, &format!("{}: {} / {base}, per day, beside {}{}:", name(o), period(o.period), asked(o), weak(o)));
    let _ = writeln!(text, "    {}{}{}{}", left("", 32), right("ratio", 9), right("error", 9), right("relative", 10));
    let line = |label: &str, value: f64, error: Option<f64>| {
        let error = error.map_or((String::new(), String::new()), |e| (plain(e), percent(e / found.observed.abs())));
        let line = format!("    {}{}{}{}", left(label, 32), right(&plain(value), 9), right(&error.0, 9), right(&error.1, 10));
        format!("{}\n", line.trim_end())
    };
    text.push_str(&line("record", found.observed, None));
    let band = brackets(found.band.map(|band| band.outer), plain);
    text.push_str(&line(&format!("run{band}"), found.simulated, Some(found.error)));
    for one in &found.guesses {
        let label = if one.name == WITHOUT { "run without the events".to_string() } else { format!("guess: {}", one.name) };
        text.push_str(&line(&label, one.value, Some(one.error)));
    }
    let draws = found.share_of_draws.map_or(String::new(), |share| format!(" The run is closer in {} of draws.", percent(share)));
    let words = match found.run_is_closer {
        Some(true) => format!("The run is closer than the run without the events and every guess.{draws}"),
        Some(false) if found.best_guess().name == WITHOUT => {
            format!("The run without the events is closer than the run, or as close.{draws}")
        }
        Some(false) => format!("The guess `{}` is closer than the run, or as close.{draws}", found.best_guess().name),
        None => "Shown, not counted.".to_string(),
    };
    verdict(text, found.run_is_closer, &words);
}

fn size(text: &mut String, case: &Case, rows: &[&Observation], simulated: f64, band: Option<(f64, f64)>) {
    let first = rows[0];
    let is_money = first.measure.is_some_and(|measure| measure.is_money());
    let show = |value: f64| if is_money { short_money(value) } else { plain(value) };
    let value = if is_money { money(simulated, &case.meta.currency) } else { plain(simulated) };
    let run = format!("{}, {}: {value}{}", asked(first), period(first.period), brackets(band, show));
    head(text, &format!("Plausible? Run: {run}. Beside it, without a verdict:"));
    for o in rows {
        let _ = writeln!(
            text,
            "    {} {} {} {}",
            left(&period(o.date), 8),
            left(&format!("{}{}", name(o), weak(o)), 40),
            right(&show(o.observed()), 8),
            right(&format!("run / it {}", plain(simulated / o.observed())), WIDTH - 4 - 8 - 40 - 8 - 3)
        );
    }
}

/// Rows that are compared with nothing, and why.
fn nothing(text: &mut String, evidence: &Evidence, all: &[Comparison]) {
    let rows: Vec<&Comparison> = all.iter().filter(|c| matches!(c.finding, Finding::Nothing)).collect();
    if rows.is_empty() {
        return;
    }
    head(text, "Compared with nothing:");
    for comparison in rows {
        let first = &evidence.rows[comparison.rows[0]];
        let mut told: Vec<String> = Vec::new();
        for (at, &row) in comparison.rows.iter().enumerate() {
            let o = &evidence.rows[row];
            let again = at > 0 && evidence.rows[comparison.rows[at - 1]].series == o.series;
            told.push(if again { period(o.date) } else { format!("{} {}", name(o), period(o.date)) });
        }
        let why = first.note.as_deref().unwrap_or("no reason is given");
        text.push_str(&hanging(&format!("{}: {why}", told.join(", ")), 4, 6));
    }
}
