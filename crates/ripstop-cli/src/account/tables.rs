//! Who stopped, when and why: by place and by group; and who carries the loss.

use std::collections::BTreeMap;
use std::fmt::Write;

use ripstop::record::Detail;
use ripstop::record::tally::has_labour;
use ripstop::rule::cause::Cause;
use ripstop_case::Case;
use ripstop_study::study::{Study, day_of};
use ripstop_study::who::{self, Who};

use super::words::{count, date, hanging, left, percent, right, short_money};
use super::{heading, of_base};

/// Up to this many firms each has a row of its own.
const FIRMS_SHOWN: usize = 8;

/// Tables by place and by group (of a small network by firm) of the firms that have workers.
pub fn by_place_and_group(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    let (firms, days_recorded) = (who::firms_told(study), study.outcome.scenario.detail == Detail::Full);
    let labour = has_labour(&study.outcome.plan);
    // Of output alone the tables of sectors and places say more.
    if firms == 0 || !labour && !days_recorded {
        return text;
    }
    // A small network is told firm by firm.
    let lists = if firms <= FIRMS_SHOWN {
        vec![("firm", who::by_firm(case, study))]
    } else {
        vec![("place", who::by_place(case, study)), ("group", who::by_group(case, study))]
    };
    heading(&mut text, &of_base(study, "Who stopped, when, why"));
    for (title, list) in lists {
        if !list.is_empty() {
            let _ = writeln!(text, "  {}", header(title));
            list.iter().for_each(|row| text.push_str(&line(case, row)));
        }
    }
    let work = if labour { "labour used / employed" } else { "output / counterfactual" };
    let _ = writeln!(text, "  at work: {work}, year to the first event → last 28 days");
    if !days_recorded {
        text.push_str("  unrecorded: when and why is not recorded (--record full has it)\n");
    }
    text
}

fn header(first: &str) -> String {
    format!(
        "{} {} {} {} {} {}",
        left(first, 26),
        right("workers", 7),
        right("at work", 12),
        left("stopped", 11),
        right("owed", 8),
        right("stranded", 9)
    )
}

/// Since when it is stopped, or how long it was.
fn stop(case: &Case, who: &Who) -> String {
    if !who.days_recorded {
        return "unrecorded".to_string();
    }
    match (who.stopped_since, who.longest_stop.filter(|_| !who.causes.is_empty())) {
        (Some(t), _) => date(day_of(case, t)),
        (None, Some((from, to))) if from == to => "for 1 day".to_string(),
        (None, Some((from, to))) => format!("for {} days", to + 1 - from),
        (None, None) if who.at_work_now == 0.0 => "off-season".to_string(),
        (None, None) => "–".to_string(),
    }
}

fn line(case: &Case, who: &Who) -> String {
    let tight = |share| percent(share).replace(' ', "");
    let mut text = format!(
        "  {} {} {} {} {} {}\n",
        left(&who.name, 26),
        right(&if who.workers > 0.0 { count(who.workers) } else { "–".to_string() }, 7),
        right(&format!("{} → {}", tight(who.at_work_before), tight(who.at_work_now)), 12),
        left(&stop(case, who), 11),
        right(&short_money(who.wages_owed), 8),
        right(&short_money(who.stranded), 9)
    );
    if who.dismissed >= 0.5 {
        text.push_str(&hanging(&format!("of these workers {} are dismissed", count(who.dismissed)), 4, 6));
    }
    if !who.causes.is_empty() {
        let words: Vec<String> = who.causes.iter().map(|&(code, share)| format!("{} {}", word(case, code), percent(share))).collect();
        let when = who
            .longest_stop
            .map_or(String::new(), |(from, to)| format!("no output {} – {}, ", date(day_of(case, from)), date(day_of(case, to))));
        text.push_str(&hanging(&format!("{when}because of: {}", words.join(", ")), 4, 6));
    }
    text
}

/// A list of more words than this is one of a national economy: only so many of it are shown.
const WORDS_MAX: usize = 24;
const WORDS_SHOWN: usize = 10;

/// `word value` pairs, largest first.
fn sorted(mut words: Vec<(String, f64)>, show: &dyn Fn(f64) -> String, between: &str) -> String {
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
    if words.len() > WORDS_MAX {
        let rest: f64 = words[WORDS_SHOWN..].iter().map(|word| word.1).sum();
        let others = format!("{} others", words.len() - WORDS_SHOWN);
        words.truncate(WORDS_SHOWN);
        words.push((others, rest));
    }
    words.into_iter().map(|(word, value)| format!("{word} {}", show(value))).collect::<Vec<_>>().join(between)
}

/// A cause in words; a missing input by its product.
fn word(case: &Case, code: u32) -> String {
    match Cause::of(code) {
        Cause::Input(product) => format!("no {}", who::name(case.table("products"), product as usize).to_lowercase()),
        cause => cause.word().to_string(),
    }
}

/// Stranded goods by owner, losses by bearer, stopped days by cause (where lines need labour, of these: a shop without goods is no idle worker).
pub fn losses(case: &Case, study: &Study) -> String {
    let losses = &study.losses;
    if study.outcome.first_event >= study.outcome.scenario.days {
        return String::new();
    }
    let mut text = String::new();
    heading(&mut text, &of_base(study, "Whose goods, who bears it, what stopped the lines"));
    let firms = case.table("firms");
    let money = |v: f64| short_money(v);
    let owners = losses.stranded_by_owner.iter().map(|(&f, &v)| (who::name(firms, f), v)).collect();
    let b = losses.bearers;
    let bearers = vec![
        ("clients".to_string(), b.client),
        ("factories".to_string(), b.factory),
        ("workers".to_string(), b.workers),
        ("state and owners".to_string(), b.state),
    ];
    let others = losses.others_by_sector.iter().filter_map(|(&s, &v)| Some((case.sectors.get(s as usize)?.clone(), v)));
    let bearers: Vec<(String, f64)> = bearers.into_iter().chain(others).collect();
    let mut by_word: BTreeMap<String, f64> = BTreeMap::new();
    let any_labour = study.outcome.plan.network.lines.iter().any(|l| l.labour_days_per_unit > 0.0);
    for (&code, &days) in if any_labour { &losses.stopped_labour_days } else { &losses.stopped_days } {
        *by_word.entry(word(case, code)).or_default() += days;
    }
    let stopped = if any_labour { "line-days stopped, of lines with workers" } else { "line-days stopped" };
    for (label, line) in [
        ("stranded, by owner", sorted(owners, &money, " · ")),
        ("loss by bearer (gain: minus)", sorted(bearers.into_iter().filter(|(_, v)| v.abs() >= 0.5).collect(), &money, " · ")),
        (stopped, sorted(by_word.into_iter().collect(), &count, " · ")),
    ] {
        if !line.is_empty() {
            text.push_str(&hanging(&format!("{label}: {line}"), 2, 4));
        }
    }
    text.push_str(&match losses.peak {
        Some(_) if losses.recovered == Some(study.outcome.first_event) => {
            hanging("28-day output is never below 95 % of what it is without the events", 2, 4)
        }
        Some(peak) => {
            let end = date(day_of(case, study.outcome.scenario.days - 1));
            let recovered = losses.recovered.map_or("not within the run".to_string(), |t| format!("from {}", date(day_of(case, t))));
            let peak = date(day_of(case, peak));
            hanging(&format!("over the whole run, to {end}: worst 28 days of output end {peak}; 28-day output ≥ 95 % {recovered}"), 2, 4)
        }
        None => hanging("no output was lost", 2, 4),
    });
    text
}
