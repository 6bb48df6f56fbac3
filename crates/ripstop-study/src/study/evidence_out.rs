//! `evidence.json`: the observations of a case beside a run.

use ripstop::model::calendar::Day;
use serde_json::{Value, json};

use crate::study::evidence::{Band, Below, Compare, Comparison, Evidence, Finding, LastAbove, Period, Ratio};
use crate::study::numbers::number;
use ripstop_case::Case;

/// `evidence.json`. Values of rows are in units of the measure (the case's currency, not millions of it).
pub fn evidence(case: &Case, evidence: &Evidence, scenario: &str) -> Value {
    let all = evidence.comparisons();
    let (compared, nothing): (Vec<_>, Vec<_>) = all.iter().partition(|c| !matches!(c.finding, Finding::Nothing));
    json!({
        "case": case.meta.id, "scenario": scenario, "currency": case.meta.currency, "draws": evidence.draws.len(),
        "recorded": evidence.recorded,
        "comparisons": compared.into_iter().map(|c| comparison(evidence, c)).collect::<Vec<_>>(),
        "compared_with_nothing": nothing.into_iter().map(|c| apart(evidence, c)).collect::<Vec<_>>(),
    })
}

fn comparison(evidence: &Evidence, c: &Comparison) -> Value {
    let first = &evidence.rows[c.rows[0]];
    let counts = c.rows.iter().any(|&row| evidence.rows[row].is_sound()) && first.compare != Compare::Size;
    json!({
        "compare": word(first.compare), "run": first.asked, "counts": counts, "limits": c.limits,
        "finding": match &c.finding {
            _ if !evidence.recorded => Value::Null,
            Finding::Below(b) => below(evidence, b),
            Finding::Ratio(r) => ratio(r),
            Finding::LastAbove(l) => last_above(l),
            Finding::Size(simulated, band) => banded(json!({ "simulated": number(*simulated) }), *band),
            Finding::Nothing => Value::Null,
        },
        "observations": c.rows.iter().map(|&r| row(evidence, r)).collect::<Vec<_>>(),
    })
}

fn word(compare: Compare) -> &'static str {
    match compare {
        Compare::Below => "below",
        Compare::Ratio => "ratio",
        Compare::LastAbove => "last_above",
        Compare::Size => "size",
        Compare::None => "none",
    }
}

/// A period as it may be written: `2020-01-01` to `2020-01-31`.
fn span(period: Period) -> Value {
    json!([Day(period.0).to_string(), Day(period.1).to_string()])
}

/// Adds the band of a figure: `band` is 5 to 95 % of the draws, `band_10_90` 10 to 90 %.
fn banded(mut told: Value, band: Option<Band>) -> Value {
    let pair = |(low, high): (f64, f64)| json!([number(low), number(high)]);
    told["band"] = json!(band.map(|band| pair(band.outer)));
    told["band_10_90"] = json!(band.map(|band| pair(band.inner)));
    told
}

fn row(evidence: &Evidence, row: usize) -> Value {
    let o = &evidence.rows[row];
    let days = o.compare == Compare::LastAbove;
    let run = |value: f64| if days && value.is_finite() { json!(Day(value as i32).to_string()) } else { number(value) };
    let counts = o.is_sound() && !matches!(o.compare, Compare::Size | Compare::None);
    let holds =
        (o.compare == Compare::Below && evidence.recorded).then(|| !crate::study::evidence::exceeds(evidence.simulated[row], o.observed()));
    json!({
        "id": o.id, "series": o.series, "date": span(o.date), "value": number(o.value), "unit": o.unit, "kind": o.kind,
        "period": span(o.period), "base": o.base.map(span), "counts": counts, "observed": number(o.observed()),
        "simulated": run(evidence.simulated[row]), "without_events": run(evidence.without[row]), "holds": holds, "note": o.note,
    })
}

fn below(evidence: &Evidence, b: &Below) -> Value {
    let id = |row: usize| evidence.rows[row].id.clone();
    json!({
        "counted": b.counted, "hold": b.counted - b.fails.len(), "fails": b.fails.iter().map(|&r| id(r)).collect::<Vec<_>>(),
        "nothing_simulated": b.silent, "fails_without_events": b.fails_without, "share_of_draws": b.share_of_draws,
        "largest_share": b.largest.map(|(row, share)| banded(json!({ "id": id(row), "share": number(share) }), b.largest_band)),
    })
}

/// Every ratio is per day; the rows have the numbers as published.
fn ratio(r: &Ratio) -> Value {
    let relative = |error: f64| number(error / r.observed.abs());
    let guesses: Vec<Value> = r
        .guesses
        .iter()
        .map(|g| {
            let why = (!g.why.is_empty()).then_some(&g.why);
            json!({ "guess": g.name, "value": number(g.value), "error": number(g.error), "relative_error": relative(g.error), "why": why })
        })
        .collect();
    let closer = r.run_is_closer.map(|run| if run { "run".to_string() } else { r.best_guess().name.clone() });
    let told = json!({
        "per_day": true, "observed": number(r.observed), "simulated": number(r.simulated), "without_events": number(r.without),
        "error": number(r.error), "relative_error": relative(r.error), "guesses": guesses, "closer": closer,
        "share_of_draws_closer": r.share_of_draws,
    });
    banded(told, r.band)
}

fn last_above(l: &LastAbove) -> Value {
    let day = |day: Option<Day>| day.map(|d| d.to_string());
    let words = |(low, high): (Day, Day)| [low.to_string(), high.to_string()];
    json!({
        "observed": l.observed.to_string(), "simulated": day(l.simulated), "without_events": day(l.without),
        "band": l.band.map(|band| words(band.outer)), "band_10_90": l.band.map(|band| words(band.inner)),
        "share_of_draws": l.share_of_draws, "agrees": l.agrees,
    })
}

/// Rows that are compared with nothing, and why.
fn apart(evidence: &Evidence, c: &Comparison) -> Value {
    json!({ "why": evidence.rows[c.rows[0]].note, "observations": c.rows.iter().map(|&r| row(evidence, r)).collect::<Vec<_>>() })
}
