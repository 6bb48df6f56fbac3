//! Results read on another day than the case's own, checked as if `as_of` of case.toml said so.

use crate::language::diagnostic::{Diagnostic, Severity};
use crate::language::{dates, faults};
use crate::read::bytes::Source;
use crate::tables::case::Case;

/// What problems of the day name as their file.
pub const FILE: &str = "--as-of";

/// The day as a text, to show problems in.
pub fn source(day: &str) -> Source {
    Source::new(FILE, day.replace(['\n', '\r'], " "))
}

impl Case {
    /// Reads the results on another day. Every check that depends on `as_of` is made again; returns what has become doubtful.
    ///
    /// Errors: it is no day of the case, or a claim cannot be measured on it; then the case stays as it was.
    pub fn read_on(&mut self, day: &str) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        let source = source(day);
        let at = source.position(0..day.len());
        let Some(as_of) = dates::parse_date(day) else { return Err(vec![faults::date_fault(day, &at)]) };
        let was = (self.meta.as_of, self.places.as_of.clone());
        if as_of == was.0 {
            return Ok(Vec::new());
        }
        let known = self.faults();
        (self.meta.as_of, self.places.as_of) = (as_of, at);
        let mut found = self.faults();
        // What the case's own day has said already, whether it speaks of that day or not, is not said again.
        found.retain(|fault| !known.contains(fault));
        if found.iter().any(|fault| fault.severity == Severity::Error) {
            (self.meta.as_of, self.places.as_of) = was;
            return Err(found);
        }
        Ok(found)
    }

    fn faults(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        super::check(self, &self.places, &vec![false; self.tables.len()], &mut found);
        found
    }
}
