//! `run --as-of`: results read on another day than the case's own.

use std::sync::Arc;

use ripstop_case::read_on::source;
use ripstop_case::{Loaded, Policy, Severity};

use crate::{Failure, problems};

/// Reads the results of a case on another day, where one is given.
///
/// Errors: it is no day of the case, or a claim cannot be measured on it; it has been said.
pub fn set(loaded: &mut Loaded, day: Option<&str>, policy: &Policy) -> Result<(), Failure> {
    let (Some(case), Some(day)) = (loaded.case.as_mut(), day) else { return Ok(()) };
    loaded.sources.push(Arc::new(source(day)));
    let mut doubts = case.read_on(day).map_err(|faults| {
        problems::print_with(&faults, &loaded.sources);
        Failure::Input
    })?;
    policy.apply(&mut doubts);
    problems::print_with(&doubts, &loaded.sources);
    if doubts.iter().any(|doubt| doubt.severity == Severity::Error) { Err(Failure::Input) } else { Ok(()) }
}

/// The last part of the folder of a run: that of its scenario, with the day where one is given.
pub fn folder(day: Option<&str>, scenario: &str) -> String {
    day.map_or_else(|| scenario.to_owned(), |day| format!("{scenario}-as-of-{day}"))
}
