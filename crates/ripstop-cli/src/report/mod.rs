//! `report.html`: one page that holds its data, its style and its script, made from run folders.

mod pack;
mod trim;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ripstop_case::place::{check_file, write_file};
use ripstop_study::output::note_page;
use ripstop_study::run_folder::{RunFolder, read};
use serde_json::{Value, json};

use crate::{Failure, ReportArgs, made, print};

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

/// A page with a warning on top that nobody can overlook, on screen and on paper, with and without scripts.
fn with_warning(page: &str, changed: &[String]) -> String {
    const BODY: &str = "<body>";
    let Some((before, after)) = page.split_once(BODY) else { return page.to_owned() };
    let list: String = changed.iter().map(|one| format!("<li>{}</li>", in_text(one))).collect();
    format!(
        "{before}{BODY}<div role=\"alert\" style=\"background:#fdf4e7;color:#1b1f24;border:3px solid #b93a22;padding:.5rem 1.25rem\">\
         <strong>This page shows files that are not what the run wrote.</strong> They differ from the hashes of its manifest:\
         <ul>{list}</ul><code>ripstop reproduce</code> says what the inputs give.</div>{after}"
    )
}

/// Text that is no markup.
fn in_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
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
        "summary": without_tables(&run.summary), "claims": run.claims, "evidence": run.evidence, "findings": Value::Null, "findings_packed": run.findings.as_ref().map(|found| pack::deflated(found.to_string().as_bytes())), "manifest": for_scripts(&run.manifest),
        "days": days, "series": series,
    })
}

/// The manifest with its seed as text: scripts have no whole numbers above 2⁵³.
fn for_scripts(manifest: &Value) -> Value {
    let mut manifest = manifest.clone();
    if let Some(seed) = manifest["seed"].as_u64().filter(|&seed| seed > 1 << 53) {
        manifest["seed"] = json!(seed.to_string());
    }
    manifest
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
    arguments.runs.iter().try_for_each(|dir| made::manifest(dir).map(|_| ()))?;
    let out = arguments.out.clone().unwrap_or_else(|| target(&arguments.runs));
    check_file(&out, &is_page)?;
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
    let changed = changed(&shown);
    let mut text = page(&shown, boundaries.as_ref());
    if !changed.is_empty() {
        text = with_warning(&text, &changed);
    }
    write_file(&out, text.as_bytes(), &is_page)?;
    if let [only] = &arguments.runs[..]
        && out == only.join("report.html")
    {
        note_page(only)?;
    }
    let warning = if changed.is_empty() { "" } else { "It shows files that are not what the run wrote, and says so on top.\n" };
    print(&format!("{} ({} kB): open it in a browser; it needs no network.\n{warning}", out.display(), text.len() / 1000));
    Ok(())
}

/// What is not as the runs wrote it, with the folder where several are shown; told on standard error too.
fn changed(runs: &[(&RunFolder, &Path)]) -> Vec<String> {
    let several = runs.len() > 1;
    let mut all = Vec::new();
    for (run, dir) in runs {
        let changed = made::changed(dir, &run.manifest);
        all.extend(changed.into_iter().map(|one| if several { format!("{}: {one}", dir.display()) } else { one }));
    }
    all
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

/// Whether a file begins as the pages of ripstop do.
fn is_page(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&head[..head.len().min(4096)]);
    head.starts_with("<!doctype html>") && head.contains("<title>ripstop report</title>")
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
