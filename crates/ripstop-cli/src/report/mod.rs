//! `report.html`: one page that holds its data, its style and its script, made from run folders.

mod pack;
mod trim;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ripstop_case::run_folder::{RunFolder, read};
use serde_json::{Value, json};

use crate::{Failure, ReportArgs, print, reproduce};

/// The page without its data; built from `report/` at the top of the project, where a check holds both together.
const TEMPLATE: &str = include_str!("../../assets/report.html");

/// Where the data goes.
const PLACE: &str = "@DATA@";

/// The page of several runs of one case, each with the folder it came from; the first is shown first.
pub fn page(runs: &[(&RunFolder, &Path)], boundaries: Option<&Value>) -> String {
    let runs: Vec<Value> = runs.iter().map(|(run, dir)| one(run, dir)).collect();
    let data = json!({ "format": 2, "runs": runs, "boundaries": boundaries });
    let (before, after) = TEMPLATE.split_once(PLACE).unwrap_or((TEMPLATE, ""));
    format!("{before}{}{after}", in_markup(&data.to_string()))
}

/// JSON that cannot end the element it stands in, nor begin another.
fn in_markup(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn one(run: &RunFolder, dir: &Path) -> Value {
    let scenario = &run.facts["scenario"];
    let days = run.summary["days"].as_u64().unwrap_or(0) as usize;
    let (series, chosen) = pack::series(&run.series, scenario["name"].as_str().unwrap_or(""), days);
    json!({
        "folder": dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy(),
        "scenario": scenario["name"], "title": scenario["title"], "about": scenario["about"], "events": scenario["events"],
        "case": trim::trimmed(&run.facts, &chosen), "shown": chosen.shown(),
        "summary": without_tables(&run.summary), "claims": run.claims, "evidence": run.evidence, "findings": Value::Null, "findings_packed": run.findings.as_ref().map(|found| pack::deflated(found.to_string().as_bytes())), "manifest": run.manifest,
        "days": days, "series": series,
    })
}

/// The summary without the table of every figure under every row: the page shows `moved_by`.
fn without_tables(summary: &Value) -> Value {
    let mut summary = summary.clone();
    let rows = summary.get_mut("rests_on").and_then(Value::as_array_mut).into_iter().flatten();
    rows.filter_map(Value::as_object_mut).for_each(|row| drop(row.shift_remove("figures")));
    summary
}

/// Rebuilds the page of one run folder, or makes one page of several.
pub fn report(arguments: &ReportArgs) -> Result<(), Failure> {
    // A folder that is no run is said to be none, as by `diff` and `cite`.
    arguments.runs.iter().try_for_each(|dir| reproduce::manifest(dir).map(|_| ()))?;
    let runs = arguments.runs.iter().map(|dir| read(dir)).collect::<Result<Vec<_>, _>>().map_err(anyhow::Error::from)?;
    let case = |run: &RunFolder| run.facts["id"].as_str().unwrap_or("").to_string();
    if let Some((dir, other)) = arguments.runs.iter().zip(&runs).find(|(_, run)| case(run) != case(&runs[0])) {
        let (first, second) = (case(&runs[0]), case(other));
        return Err(anyhow::anyhow!(
            "{} is a run of the case `{second}`, the first is of `{first}`: one report shows runs of one case",
            dir.display()
        )
        .into());
    }
    let boundaries = arguments.boundaries.as_deref().map(borders).transpose()?;
    let shown: Vec<(&RunFolder, &Path)> = runs.iter().zip(&arguments.runs).map(|(run, dir)| (run, dir.as_path())).collect();
    let text = page(&shown, boundaries.as_ref());
    let out = arguments.out.clone().unwrap_or_else(|| target(&arguments.runs));
    write_whole(&out, &text).with_context(|| format!("cannot write {}", out.display()))?;
    print(&format!("{} ({} kB): open it in a browser; it needs no network.\n", out.display(), text.len() / 1000));
    Ok(())
}

/// In the folder of the only run, or beside the folders of several.
fn target(runs: &[PathBuf]) -> PathBuf {
    match runs {
        [only] => only.join("report.html"),
        several => several.first().and_then(|dir| dir.parent()).unwrap_or(Path::new(".")).join("report.html"),
    }
}

/// Borders to draw in place of the built-in ones.
///
/// Errors: the file cannot be read, or is no GeoJSON collection of features.
fn borders(path: &Path) -> Result<Value, Failure> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let value: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    if value["type"] != "FeatureCollection" || !value["features"].is_array() {
        return Err(anyhow::anyhow!(
            "{} is no GeoJSON FeatureCollection; export the borders as GeoJSON with longitude and latitude",
            path.display()
        )
        .into());
    }
    Ok(value)
}

/// Writes next to the place and moves it there, so that a reader sees the old page or the new one.
fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let name = path.file_name().map_or_else(|| "report.html".into(), |n| n.to_string_lossy().into_owned());
    let fresh = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let done = fs::write(&fresh, text).and_then(|()| fs::rename(&fresh, path));
    if done.is_err() {
        // Best effort: the error that matters is the one already found.
        let _ = fs::remove_file(&fresh);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_cannot_leave_its_element() {
        let text = in_markup(&json!({ "title": "</script><script>alert(1)</script> & <!--" }).to_string());
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&'));
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back["title"], "</script><script>alert(1)</script> & <!--");
    }

    #[test]
    fn the_template_has_one_place_for_data_and_asks_for_nothing() {
        assert_eq!(TEMPLATE.matches(PLACE).count(), 1);
        assert!(TEMPLATE.contains("default-src 'none'"));
        for request in ["<link", "<img", "<iframe", "src=\"http", "@import", "url(http"] {
            assert!(!TEMPLATE.contains(request), "{request}");
        }
    }
}
