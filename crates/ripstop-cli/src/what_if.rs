//! `run --set`: a scenario with parameters that the reader sets.

use std::sync::Arc;

use ripstop_case::what_if::{in_words, source};
use ripstop_case::{Case, Loaded, Policy, Setting, Severity};

use crate::{Failure, problems};

/// `NAME=VALUE` of the command line.
pub fn setting(text: &str) -> Result<(String, Setting), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, such as lead_days=5")?;
    let (name, value) = (name.trim().trim_start_matches('$'), value.trim());
    if name.is_empty() || value.is_empty() {
        return Err("write NAME=VALUE, such as lead_days=5; `none` is no limit where a column allows it".to_owned());
    }
    Ok((name.to_owned(), Setting::from(value)))
}

/// The scenario with what the reader sets, as one more of the case; the scenario itself where nothing is set.
///
/// Errors: a parameter or a value is wrong; it has been said.
pub fn add(loaded: &mut Loaded, scenario: usize, set: &[(String, Setting)], policy: &Policy) -> Result<usize, Failure> {
    let Some(case) = loaded.case.as_mut().filter(|_| !set.is_empty()) else { return Ok(scenario) };
    loaded.sources.push(Arc::new(source(set)));
    let what_if = match case.with(&case.scenarios[scenario].name, set) {
        Ok(what_if) => what_if,
        Err(faults) => {
            problems::print_with(&faults, &loaded.sources);
            return Err(Failure::Input);
        }
    };
    let mut doubts = case.doubts(&what_if);
    policy.apply(&mut doubts);
    problems::print_with(&doubts, &loaded.sources);
    if doubts.iter().any(|doubt| doubt.severity == Severity::Error) {
        return Err(Failure::Input);
    }
    Ok(case.add(what_if))
}

/// The last part of the folder of a run: the scenario's name, and of a what-if also some digits that stand for what is set.
pub fn folder(case: &Case, scenario: usize) -> String {
    let row = &case.scenarios[scenario];
    if row.changed.is_empty() {
        return row.name.clone();
    }
    let mut changed = row.changed.clone();
    // The same what-if, in whatever order it is said.
    changed.sort_by(|a, b| a.name.cmp(&b.name));
    format!("{}-{:08x}", row.name, fnv(&in_words(&changed)))
}

/// FNV-1a, 32 bits: a short name for a text; nothing rests on it but where results lie by default.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
