//! The timeline: output, stranded goods and unpaid wages over the whole run, with the events marked.

use std::fmt::Write;

use ripstop::model::calendar::Day;
use ripstop::record::{Record, Totals};
use ripstop_case::Case;
use ripstop_study::study::{Study, day_of};

use super::words::{date, hanging, left, right, short_money};
use super::{WIDTH, events, heading};

const LABEL: usize = 14;
const SCALE: usize = 10;
const BARS: usize = WIDTH - LABEL - SCALE - 4;
const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// What a row of bars shows: a total of each day, and how a bar sums those of its days.
#[derive(Clone, Copy)]
struct Shown {
    value: fn(&Totals) -> f64,
    sum: fn(&[f64]) -> f64,
}

/// The timeline of a study.
pub fn timeline(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    let span = format!("{} – {}", date(Day(case.meta.start)), date(Day(case.meta.end)));
    let start = if study.draws_lead() { "starting values, " } else { "" };
    heading(&mut text, &format!("Timeline, {span} ({start}{}; highest at right)", case.meta.currency));
    let (record, without) = (&study.outcome.scenario, &study.outcome.counterfactual);
    // Output is lumpy from day to day; a bar shows the mean of its days. Stocks show their highest.
    let output = Shown { value: |t| t.output_value, sum: mean };
    let top = scale(record, output).max(scale(without, output));
    row(&mut text, "output a day", record, output, top);
    if study.outcome.first_event < record.days {
        row(&mut text, "  without", without, output, top);
    }
    for (label, value) in [
        ("stranded", (|t: &Totals| t.stranded_value) as fn(&Totals) -> f64),
        ("held, border", |t| t.held_value),
        ("wages owed", |t| t.arrears),
    ] {
        let shown = Shown { value, sum: most };
        let top = scale(record, shown);
        if top > 0.0 {
            row(&mut text, label, record, shown, top);
        }
    }
    marks(&mut text, case, study, record.days);
    text
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn most(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// Days of bar `k`.
fn span(days: usize, k: usize) -> std::ops::Range<usize> {
    let bars = BARS.min(days.max(1));
    k * days / bars..((k + 1) * days / bars).max(k * days / bars + 1).min(days)
}

fn bars(record: &Record, shown: Shown) -> Vec<f64> {
    let all: Vec<f64> = record.totals.iter().map(shown.value).collect();
    (0..BARS.min(all.len())).map(|k| (shown.sum)(&all[span(all.len(), k)])).collect()
}

fn scale(record: &Record, shown: Shown) -> f64 {
    most(&bars(record, shown))
}

fn row(text: &mut String, label: &str, record: &Record, shown: Shown, top: f64) {
    let own = scale(record, shown);
    let line: String = bars(record, shown)
        .iter()
        .map(|&v| if v <= 0.0 || top <= 0.0 { LEVELS[0] } else { LEVELS[((v / top * 8.0).ceil() as usize).clamp(1, 8)] })
        .collect();
    let _ = writeln!(text, "  {} {} {}", left(label, LABEL), left(&line, BARS), right(&short_money(own), SCALE));
}

/// Letters under the day of each event, years along the axis, and what the letters say.
fn marks(text: &mut String, case: &Case, study: &Study, days: usize) {
    let bars = BARS.min(days.max(1));
    let mut line = vec![' '; BARS];
    let told = events::tell(case, study);
    let mut legend = String::new();
    let mut letter_of: Vec<(usize, char)> = Vec::new();
    for event in told.iter().filter(|e| e.from < days) {
        let column = (event.from * bars / days).min(bars - 1);
        // Events under the same bar share a letter.
        let letter = match letter_of.iter().find(|(c, _)| *c == column) {
            Some(&(_, letter)) => letter,
            None => {
                let letter = (b'a' + (letter_of.len() % 26) as u8) as char;
                letter_of.push((column, letter));
                letter
            }
        };
        line[column] = letter;
        let background = if event.background { ", in the counterfactual too" } else { "" };
        legend.push_str(&hanging(&format!("{letter} {}: {}{background}", date(day_of(case, event.from)), event.text), 2, 17));
    }
    let now = (study.losses.at * bars / days).min(bars - 1);
    if study.losses.at + 1 < days && line[now] == ' ' {
        line[now] = '▲';
        legend.push_str(&hanging(&format!("▲ {}: the date of this account", date(day_of(case, study.losses.at))), 2, 17));
    }
    let marks: String = line.iter().collect();
    if !legend.is_empty() {
        let _ = writeln!(text, "  {} {}", " ".repeat(LABEL), marks.trim_end());
    }
    let _ = writeln!(text, "  {} {}", " ".repeat(LABEL), axis(case, days, bars));
    text.push_str(&legend);
}

/// The first year and every New Year that has room.
fn axis(case: &Case, days: usize, bars: usize) -> String {
    let mut line: Vec<char> = Vec::new();
    let mut put = |column: usize, word: &str| {
        if column >= line.len() && column + word.chars().count() <= bars {
            line.resize(column, ' ');
            line.extend(word.chars());
            line.push(' ');
        }
    };
    put(0, &format!("│{}", day_of(case, 0).date().year()));
    for t in 1..days {
        let day = day_of(case, t);
        if day.date().day_of_year() == 1 {
            put(t * bars / days, &format!("│{}", day.date().year()));
        }
    }
    line.into_iter().collect::<String>().trim_end().to_string()
}
