//! Run folders that other commands go on from: their manifest, the case they were made from, and whether either was changed since.

use std::path::{Path, PathBuf};

use ripstop_case::{Code, Loaded, load};
use ripstop_study::checkpoint::changed_files;
use ripstop_study::{inputs, output};
use serde_json::{Value, json};

use crate::terminal::say;
use crate::{Failure, named, problems};

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

/// A manifest that lacks a key.
pub fn broken(out: &Path, key: &str) -> Failure {
    Failure::Coded(Code::NotARun, format!("the manifest of {} has no `{key}`", out.display()))
}

/// The case a run was made from, without errors: the folder asked for, the copy in the run folder, or where the case was. Its files must be the same.
pub fn case_of(out: &Path, manifest: &Value, asked: Option<&Path>) -> Result<(PathBuf, Loaded), Failure> {
    let was = PathBuf::from(manifest["case_folder"].as_str().unwrap_or_default());
    let copy = out.join(inputs::FOLDER);
    let folder = match asked {
        Some(folder) => named::folder(folder)?,
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
