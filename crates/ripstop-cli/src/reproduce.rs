//! `ripstop reproduce`: runs again what a run folder was made from, and compares the results bit by bit.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ripstop_case::place::fresh_folder;
use ripstop_case::{Code, Loaded, Policy};
use ripstop_study::output::{self, Format, RunFacts};
use ripstop_study::study::Request;
use serde_json::{Value, json};

use crate::{Failure, ReproduceArgs, account, made, named, print, read_on, run, terminal, what_if};

/// A folder that is removed in the end.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // Best effort: it lies among the temporary files of the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Repeats a run.
pub fn reproduce(arguments: &ReproduceArgs) -> Result<(), Failure> {
    let started = jiff::Timestamp::now().to_string();
    let manifest = made::manifest(&arguments.out)?;
    let touched = made::changed(&arguments.out, &manifest);
    let (folder, mut loaded) = made::case_of(&arguments.out, &manifest, arguments.case.as_deref())?;
    let scenario = scenario_of(&arguments.out, &manifest, &mut loaded)?;
    // Runs of versions before `--as-of` say nothing: they were read on the case's own day.
    read_on::set(&mut loaded, manifest["as_of"].as_str(), &Policy::default())?;
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let number = |key: &str| manifest[key].as_u64().ok_or_else(|| made::broken(&arguments.out, key));
    let record = manifest["record"].as_str().and_then(named::detail_of);
    let request = Request { scenario, rows: 0..number("draws")? as usize, seed: number("seed")?, sweep: manifest["sweep"] == true, record };
    let done = run::with_progress(case, &request, None).map_err(|stop| run::unfinished(stop, &loaded, None))?;
    let parquet = arguments.out.join("series.parquet").exists();
    let facts = RunFacts {
        scenario: &case.scenarios[scenario].name,
        seed: request.seed,
        threads: rayon::current_num_threads(),
        arguments: Vec::new(),
        finished: jiff::Timestamp::now().to_string(),
        started,
        format: if parquet { Format::Parquet } else { Format::Csv },
        sweep: request.sweep,
        inputs: &named::inputs(case)?,
        scenario_index: scenario,
        events: account::told(case, &done),
    };
    let scratch = Scratch(fresh_folder(&std::env::temp_dir()).context("cannot make a folder for the results")?);
    let again = scratch.0.join("run");
    output::write(&output::take_place(&again)?, case, &done, &facts, None)?;
    let compared = output::same_results(&arguments.out, &again)?;
    let same = compared.iter().all(|(_, same)| *same);
    if arguments.json {
        let list: Vec<Value> = compared.iter().map(|(what, same)| json!({ "what": what, "same": same })).collect();
        terminal::print_json(
            &json!({ "reproduced": same, "inputs": folder.display().to_string(), "compared": list, "changed_since_run": touched }),
        )?;
    } else {
        let lines = compared.iter().map(|(what, same)| format!("{} {what}\n", if *same { "✓ same bits:" } else { "✗ differs:  " }));
        let touched: String = touched.iter().map(|one| format!("! since the run: {one}\n")).collect();
        print(&format!("Run again from {}\n{touched}{}", folder.display(), lines.collect::<String>()));
    }
    let versions = [manifest["ripstop"].as_str().unwrap_or_default(), env!("CARGO_PKG_VERSION")];
    let note =
        if versions[0] == versions[1] { String::new() } else { format!(" (it was made with {}, this is {})", versions[0], versions[1]) };
    if same { Ok(()) } else { Err(Failure::Coded(Code::NotReproduced, format!("the run is not reproduced{note}"))) }
}

/// The scenario of a run: one of the case, or what a reader made of it.
fn scenario_of(out: &Path, manifest: &Value, loaded: &mut Loaded) -> Result<usize, Failure> {
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    if manifest["what_if"].is_null() {
        return named::find_scenario(case, manifest["scenario"].as_str());
    }
    let (of, set) = ripstop_case::what_if::of_manifest(manifest).ok_or_else(|| made::broken(out, "what_if"))?;
    let scenario = named::find_scenario(case, Some(&of))?;
    what_if::add(loaded, scenario, &set, &Policy::default())
}
