//! `ripstop reproduce`: runs again what a run folder was made from, and compares the results bit by bit.

use std::path::{Path, PathBuf};

use anyhow::Context;
use ripstop_case::place::fresh_folder;
use ripstop_case::{Code, Loaded, Policy, load};
use ripstop_study::checkpoint::changed_files;
use ripstop_study::inputs;
use ripstop_study::output::{self, Format, RunFacts};
use ripstop_study::study::Request;
use serde_json::{Value, json};

use crate::terminal::say;
use crate::{Failure, ReproduceArgs, account, print, problems, run, what_if};

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
    let manifest = manifest(&arguments.out)?;
    let touched = changed(&arguments.out, &manifest);
    let (folder, mut loaded) = case_of(&arguments.out, &manifest, arguments.case.as_deref())?;
    let scenario = scenario_of(&arguments.out, &manifest, &mut loaded)?;
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let number = |key: &str| manifest[key].as_u64().ok_or_else(|| broken(&arguments.out, key));
    let record = manifest["record"].as_str().and_then(run::detail_of);
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
        inputs: &run::inputs(case)?,
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
        run::print_json(
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
        return run::find_scenario(case, manifest["scenario"].as_str());
    }
    let (of, set) = ripstop_case::what_if::of_manifest(manifest).ok_or_else(|| broken(out, "what_if"))?;
    let scenario = run::find_scenario(case, Some(&of))?;
    what_if::add(loaded, scenario, &set, &Policy::default())
}

/// The manifest of a run folder.
pub fn manifest(out: &Path) -> Result<Value, Failure> {
    output::manifest_of(out).ok_or_else(|| Failure::Coded(Code::NotARun, format!("{} is no run of ripstop", out.display())))
}

/// Files of a run folder that are not what the run wrote; told on standard error too.
pub fn changed(out: &Path, manifest: &Value) -> Vec<String> {
    let changed = ripstop_study::run_folder::changed(out, manifest);
    if !changed.is_empty() {
        let code = Code::ChangedSinceRun;
        say(&format!("warning[{}]: in {}: {}\n  help: {}", code.id(), out.display(), changed.join("; "), code.fix()));
    }
    changed
}

fn broken(out: &Path, key: &str) -> Failure {
    Failure::Coded(Code::NotARun, format!("the manifest of {} has no `{key}`", out.display()))
}

/// The case a run was made from, without errors: the folder asked for, the copy in the run folder, or where the case was. Its files must be the same.
pub fn case_of(out: &Path, manifest: &Value, asked: Option<&Path>) -> Result<(PathBuf, Loaded), Failure> {
    let was = PathBuf::from(manifest["case_folder"].as_str().unwrap_or_default());
    let copy = out.join(inputs::FOLDER);
    let folder = match asked {
        Some(folder) => run::folder(folder)?,
        None if copy.is_dir() => copy,
        None if was.is_dir() => was,
        None => return Err(Failure::Coded(Code::NoInputs, format!("there are no inputs in {}", out.display()))),
    };
    let changed = changed_files(&manifest["inputs_blake3"], &inputs::hashes(&folder, &manifest["inputs_blake3"]));
    let refused = |changed: Vec<(String, &str)>| {
        let list: Vec<String> = changed.into_iter().map(|(file, how)| format!("{file} {how}")).collect();
        Failure::Coded(Code::InputsChanged, format!("in {}: {}", folder.display(), list.join("; ")))
    };
    if !changed.is_empty() {
        return Err(refused(changed));
    }
    let mut loaded = load(&folder);
    let Some(case) = &mut loaded.case else {
        problems::print(&loaded);
        return Err(Failure::Input);
    };
    // A file the run did not have: the case reads it now.
    let now = case.files.iter().map(|(file, hash)| (file.clone(), json!(hash))).collect();
    let more = changed_files(&manifest["inputs_blake3"], &Value::Object(now));
    if !more.is_empty() {
        return Err(refused(more));
    }
    // A case without an id in case.toml is called after its folder.
    case.meta.id = manifest["case"].as_str().unwrap_or(&case.meta.id).to_string();
    Ok((folder, loaded))
}
