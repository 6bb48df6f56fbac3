//! What a command line or a manifest names: the folder of a case, a scenario, what is recorded.

use std::path::{Path, PathBuf};

use ripstop::record::Detail;
use ripstop_case::{Case, Code, near_miss};
use ripstop_study::inputs::Inputs;

use crate::{Failure, bundled};

/// What is recorded under a word; `None`: by size.
pub fn detail_of(word: &str) -> Option<Detail> {
    match word {
        "totals" => Some(Detail::Totals),
        "sectors" => Some(Detail::Sectors),
        "full" => Some(Detail::Full),
        _ => None,
    }
}

/// The inputs of a case that has just been read.
pub fn inputs(case: &Case) -> Result<Inputs, Failure> {
    Inputs::of(case).map_err(|files| Failure::Coded(Code::InputsChanged, format!("changed while the case was read: {}", files.join(", "))))
}

/// The scenario asked for, or the case's own.
pub fn find_scenario(case: &Case, asked: Option<&str>) -> Result<usize, Failure> {
    let name = asked.unwrap_or(&case.meta.default_scenario);
    if name == "counterfactual" {
        return Err(anyhow::anyhow!(
            "a scenario cannot be called `counterfactual`: the series use the name for the run without the events"
        )
        .into());
    }
    if ["p05", "p50", "p95", "counterfactual_p50"].contains(&name) {
        return Err(anyhow::anyhow!("a scenario cannot be called `{name}`: the series use the name for quantiles of the draws").into());
    }
    if let Some(index) = case.scenarios.iter().position(|s| s.name == name) {
        return Ok(index);
    }
    let known: Vec<&str> = case.scenarios.iter().map(|s| s.name.as_str()).collect();
    let hint = near_miss(name, known.iter().copied()).map_or(".".to_string(), |word| format!("; did you mean `{word}`?"));
    Err(anyhow::anyhow!("the case has no scenario `{name}`{hint} It has: {}.", known.join(", ")).into())
}

/// The folder of a case; its `case.toml` names it too.
///
/// Errors: there is no such folder.
pub fn folder(case: &Path) -> Result<PathBuf, Failure> {
    if !case.exists() {
        let name = case.to_string_lossy();
        let hint = match (bundled::find(&name), bundled::near(&name)) {
            (Some(bundled), _) => format!("; a case of that name comes with ripstop: `ripstop new DIR --from {}` copies it", bundled.name),
            (None, Some(near)) => format!("; did you mean the bundled case `{near}`? `ripstop new DIR --from {near}` copies it"),
            (None, None) => "; `ripstop new DIR` makes a first case, `ripstop cases` lists those that come with it".to_owned(),
        };
        return Err(anyhow::anyhow!("there is no folder `{}`{hint}", case.display()).into());
    }
    Ok(match case.parent() {
        Some(parent) if case.file_name().is_some_and(|n| n == "case.toml") => {
            if parent.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                parent.to_path_buf()
            }
        }
        _ => case.to_path_buf(),
    })
}
