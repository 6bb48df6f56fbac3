//! Who lost output, by sector and place, of a run that keeps sums instead of firms.

use std::fmt::Write;

use ripstop::record::{Detail, Record};
use ripstop_case::Case;
use ripstop_study::study::{Study, day_of};
use ripstop_study::who;

use super::words::{date, left, percent, right, short_money};
use super::{heading, of_base};

/// Rows of each table.
const SHOWN: usize = 8;

/// A sector or place: what it lost, of what it would have made, and its worst day.
struct Row {
    name: String,
    lost: f64,
    without: f64,
    worst: usize,
    worst_share: f64,
}

/// Tables of the sectors and places that lost most; nothing where nothing differs.
pub fn groups(case: &Case, study: &Study) -> String {
    let mut text = String::new();
    let outcome = &study.outcome;
    if outcome.scenario.detail != Detail::Sectors || outcome.first_event >= outcome.scenario.days {
        return text;
    }
    let (products, places) = (case.table("products"), case.table("places"));
    let title =
        |row: usize| products.row_of(&case.sectors[row]).map_or_else(|| case.sectors[row].clone(), |p| who::name(products, p as usize));
    heading(&mut text, &of_base(study, "Who lost output"));
    for (level, word, list) in [
        (0, "sector", rows(study, 0, case.sectors.len(), title)),
        (1, "place", rows(study, 1, places.rows(), |row| who::name(places, row))),
    ] {
        if level == 1 && list.len() < 2 {
            continue;
        }
        let _ = writeln!(text, "  {} {} {} {} worst day", left(word, 38), right("lost", 9), right("of output", 10), right("worst", 6));
        for row in list.iter().take(SHOWN) {
            let _ = writeln!(
                text,
                "  {} {} {} {} {}",
                left(&row.name, 38),
                right(&short_money(row.lost), 9),
                right(&percent(row.lost / row.without), 10),
                right(&percent(row.worst_share), 6),
                date(day_of(case, row.worst))
            );
        }
        if list.len() > SHOWN {
            let rest: f64 = list[SHOWN..].iter().map(|row| row.lost).sum();
            let _ = writeln!(text, "  {} {}", left(&format!("{} others", list.len() - SHOWN), 38), right(&short_money(rest), 9));
        }
    }
    text.push_str("  lost: output against the counterfactual, from the first event to the date\n");
    text
}

fn rows(study: &Study, level: usize, count: usize, name: impl Fn(usize) -> String) -> Vec<Row> {
    let (with, cf) = (&study.outcome.scenario, &study.outcome.counterfactual);
    let days = study.outcome.first_event..study.losses.at + 1;
    let value = |record: &Record, t: usize, row: usize| {
        let columns = if level == 0 { &record.groups.sectors } else { &record.groups.places };
        columns[0][t * record.groups.counts[level] + row]
    };
    let one = |row: usize| {
        let mut found = Row { name: name(row), lost: 0.0, without: 0.0, worst: days.start, worst_share: 0.0 };
        for t in days.clone() {
            let (s, c) = (value(with, t, row), value(cf, t, row));
            found.lost += c - s;
            found.without += c;
            if c > 0.0 && (c - s) / c > found.worst_share {
                (found.worst, found.worst_share) = (t, (c - s) / c);
            }
        }
        found
    };
    let mut list: Vec<Row> = (0..count).map(one).filter(|row| row.lost.abs() > 1e-9 * row.without.max(1e-300)).collect();
    list.sort_by(|a, b| b.lost.total_cmp(&a.lost).then(a.name.cmp(&b.name)));
    list
}
