//! `ripstop diff`: what differs between two run folders, on a screen of 80 columns or as JSON.

use std::fmt::Write as _;

use ripstop_case::Code;
use ripstop_study::compare::compare;
use serde_json::{Value, json};

use crate::cite::wrap;
use crate::{DiffArgs, Failure, made, print, terminal};

const WIDTH: usize = 80;
/// Rows of one file that are shown; `--json` has them all.
const ROWS_SHOWN: usize = 12;
/// Parts of the summary that are shown; `--json` has them all.
const SHOWN: [&str; 10] = ["losses", "stranded", "delayed", "held", "unpaid", "jobs", "spoilt", "refused", "rescued_usd", "by_bearer"];

/// Compares two runs.
pub fn diff(arguments: &DiffArgs) -> Result<(), Failure> {
    let (a, b) = (made::manifest(&arguments.a)?, made::manifest(&arguments.b)?);
    let found = compare((&arguments.a, &a), (&arguments.b, &b));
    let mut found = found.map_err(|error| Failure::Coded(Code::NotARun, error.to_string()))?;
    let changed = [(&arguments.a, &a), (&arguments.b, &b)].map(|(dir, manifest)| made::changed(dir, manifest));
    if arguments.json {
        found["changed_since_run"] = json!({ "a": changed[0], "b": changed[1] });
        let names = json!({ "a": arguments.a.display().to_string(), "b": arguments.b.display().to_string() });
        found["runs"] = names;
        return terminal::print_json(&found);
    }
    let mut out = format!("A  {}\nB  {}\n", arguments.a.display(), arguments.b.display());
    for (name, changed) in ["A", "B"].into_iter().zip(&changed) {
        changed.iter().for_each(|one| line(&mut out, &format!("!  since run {name} was made: {one}")));
    }
    if found["same"] == true {
        out.push_str("\nNothing differs: the same inputs, the same results.\n");
    } else {
        settings(&mut out, &found["settings"]);
        inputs(&mut out, &found["inputs"]);
        figures(&mut out, &found["results"]["figures"]);
        claims(&mut out, &found["results"]["claims"]);
        series(&mut out, &found["results"]["series"]);
    }
    print(&out);
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A line, cut to the width of the screen.
fn line(out: &mut String, text: &str) {
    let text = text.replace('\n', " ");
    if text.chars().count() > WIDTH {
        let cut: String = text.chars().take(WIDTH - 1).collect();
        let _ = writeln!(out, "{cut}…");
    } else {
        let _ = writeln!(out, "{text}");
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "–".to_string(),
        Value::String(text) => text.clone(),
        Value::Number(number) => short(number.as_f64().unwrap_or(f64::NAN)),
        other => other.to_string(),
    }
}

/// A number in five figures, with k, M or G for thousands, millions and milliards.
fn short(value: f64) -> String {
    let size = value.abs();
    let (part, unit) = match size {
        s if s >= 1e9 => (value / 1e9, " G"),
        s if s >= 1e6 => (value / 1e6, " M"),
        s if s >= 1e4 => (value / 1e3, " k"),
        _ => (value, ""),
    };
    if size != 0.0 && size < 1e-3 {
        return format!("{value:.1e}");
    }
    let decimals = (4 - part.abs().max(1.0).to_string().split('.').next().map_or(1, str::len) as i32).max(0) as usize;
    let text = format!("{part:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    format!("{text}{unit}")
}

fn settings(out: &mut String, found: &Value) {
    for one in list(found) {
        // A seed or a number of draws is a name rather than an amount: to the last digit.
        let exact = |value: &Value| if value.is_number() { value.to_string() } else { plain(value) };
        line(out, &format!("   {}: {} → {}", plain(&one["what"]), exact(&one["a"]), exact(&one["b"])));
    }
}

fn inputs(out: &mut String, found: &Value) {
    out.push_str("\nInputs\n");
    if list(found).is_empty() {
        out.push_str("  the same files\n");
    }
    for file in list(found) {
        let rows = list(&file["rows"]);
        let how = match &file["rows"] {
            Value::Array(rows) if rows.is_empty() => "changed, but no cell of it".to_string(),
            Value::Array(rows) => format!("{} {}", rows.len(), if rows.len() == 1 { "difference" } else { "differences" }),
            _ => plain(&file["how"]),
        };
        line(out, &format!("  {}: {how}", plain(&file["file"])));
        rows.iter().take(ROWS_SHOWN).for_each(|row| line(out, &one_row(row)));
        if rows.len() > ROWS_SHOWN {
            line(out, &format!("    and {} more (--json)", rows.len() - ROWS_SHOWN));
        }
    }
}

fn one_row(row: &Value) -> String {
    let at = row["line_a"].as_u64().or(row["line_b"].as_u64()).map_or(String::new(), |number| format!("line {number}, "));
    let name = plain(&row["row"]);
    match (&row["a"], &row["b"], row["column"].as_str()) {
        (a, b, Some(column)) => format!("    {at}{name}: {column} {} → {}", plain(a), plain(b)),
        (_, Value::Null, None) => format!("    {at}{name}: only in A"),
        (Value::Null, _, None) => format!("    {at}{name}: only in B"),
        (a, b, None) => format!("    {at}{name}: {} → {}", plain(a), plain(b)),
    }
}

fn figures(out: &mut String, found: &Value) {
    let shown = |one: &&Value| {
        let path = one["what"].as_str().unwrap_or_default();
        let part = path.split('/').next().unwrap_or_default();
        SHOWN.contains(&part) && !path.contains("by_product") && !path.contains("by_owner")
    };
    let rows: Vec<&Value> = list(found).iter().filter(shown).collect();
    if list(found).is_empty() {
        out.push_str("\nFigures of the summary: the same\n");
        return;
    }
    let medians: Vec<(&str, &Value)> = list(found).iter().filter_map(|one| Some((median_of(one)?, one))).collect();
    table(out, "Medians of the draws", medians.iter().copied());
    table(out, "Figures (starting values)", rows.iter().map(|one| (one["what"].as_str().unwrap_or_default(), *one)));
    let more = list(found).len() - rows.len() - medians.len();
    if more > 0 {
        line(out, &format!("  and {more} finer ones (--json)"));
    }
}

/// The headline figure whose median an entry is.
fn median_of(one: &Value) -> Option<&str> {
    one["what"].as_str()?.strip_prefix("draws/bands/")?.strip_suffix("/p50").filter(|name| !name.contains(['/', ':']))
}

/// Figures by name, of both runs; nothing where there are none.
fn table<'a>(out: &mut String, title: &str, rows: impl Iterator<Item = (&'a str, &'a Value)>) {
    for (at, (name, one)) in rows.enumerate() {
        if at == 0 {
            let _ = writeln!(out, "\n{title:<35} {:>14} {:>14} {:>14}", "A", "B", "B − A");
        }
        let gap = one["a"].as_f64().zip(one["b"].as_f64()).map_or(String::new(), |(a, b)| short(b - a));
        line(out, &format!("  {name:<33} {:>14} {:>14} {gap:>14}", plain(&one["a"]), plain(&one["b"])));
    }
}

fn claims(out: &mut String, found: &Value) {
    if list(found).is_empty() {
        out.push_str("\nClaims: the same\n");
        return;
    }
    out.push_str("\nClaims\n");
    let mut finer = 0;
    for one in list(found) {
        let side = |side: &Value| {
            if side.is_null() {
                return "not there".to_string();
            }
            let sign = match side["holds"].as_bool() {
                Some(true) => "✓",
                Some(false) => "✗",
                None => "?",
            };
            let values: Vec<String> = list(&side["simulated"]).iter().map(plain).collect();
            let share = side["share_of_draws"].as_f64().map_or(String::new(), |share| format!(", {:.0} % of draws", 100.0 * share));
            format!("{sign} {}{share}", values.join(" and "))
        };
        if side(&one["a"]) == side(&one["b"]) {
            finer += 1;
            continue;
        }
        let flips = if one["a"]["holds"] == one["b"]["holds"] { " " } else { "!" };
        let text = one["a"]["text"].as_str().or(one["b"]["text"].as_str()).unwrap_or_default();
        line(out, &format!("{flips} {} {text}", plain(&one["id"])));
        line(out, &format!("    {} → {}", side(&one["a"]), side(&one["b"])));
    }
    if finer > 0 {
        let _ = writeln!(out, "  {finer} move by less than is shown (--json)");
    }
}

fn series(out: &mut String, found: &Value) {
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    if count(&found["differ"]) == 0 {
        let _ = writeln!(out, "\nSeries: all {} the same", count(&found["compared"]));
        return;
    }
    let levels = found["by_level"].as_object().into_iter().flatten().map(|(level, number)| format!("{level} {number}"));
    let _ = writeln!(out, "\nSeries: {} of {} differ", count(&found["differ"]), count(&found["compared"]));
    wrap(out, "  ", &levels.collect::<Vec<_>>().join(", "));
    let residual = |one: &&Value| one["variable"].as_str().is_some_and(|name| name.ends_with("_residual"));
    let total = |one: &&Value| one["level"] == "total" && one["run"] == "scenario" && !residual(one);
    let totals: Vec<&Value> = list(&found["list"]).iter().filter(total).collect();
    if totals.is_empty() {
        return;
    }
    let _ = writeln!(out, "{:<26} {:>9} {:>9}  {:<10} {:>9} {:>9}", "  total of the scenario", "max A", "max B", "widest on", "A", "B");
    for one in totals {
        let (widest, n) = (&one["widest"], |value: &Value| short(value.as_f64().unwrap_or(f64::NAN)));
        let cells = [n(&one["max_a"]), n(&one["max_b"]), n(&widest["a"]), n(&widest["b"])];
        let name = plain(&one["variable"]);
        line(out, &format!("  {name:<24} {:>9} {:>9}  {:<10} {:>9} {:>9}", cells[0], cells[1], plain(&widest["date"]), cells[2], cells[3]));
    }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn numbers_are_short() {
        for (value, text) in
            [(0.0, "0"), (1.0, "1"), (0.12345, "0.123"), (-853.0, "-853"), (12_345.0, "12.35 k"), (2.5e9, "2.5 G"), (1e-7, "1.0e-7")]
        {
            assert_eq!(short(value), text);
        }
    }
}
