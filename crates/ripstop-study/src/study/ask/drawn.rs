//! Draws of a study: addressed by row, so that they can be made in parts, in any order and on any machine, and joined.

use std::ops::Range;

use ripstop::model::draws::uniform_rows;
use ripstop::plan::Plan;

use super::{Brief, Progress, Request, Runner, Stop, StudyError, keeps_daily};
use crate::study::figures::Figures;
use ripstop_case::map::network::Mapper;
use ripstop_case::{Case, ParamId, Parameter};

/// Finished draws of consecutive rows.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Rows; none where nothing is drawn.
    pub(super) rows: Range<usize>,
    /// One for each row.
    pub(super) briefs: Vec<Brief>,
}

/// Why parts are not the draws of one study.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// A row is missing, or there twice.
    #[error("draws {}..{} do not follow draws {}..{}: join the parts of one study in order", after.start, after.end, before.start, before.end)]
    Gap {
        /// Rows of one part.
        before: Range<usize>,
        /// Rows of the next.
        after: Range<usize>,
    },
    /// Parts of studies of different cases, or of different scenarios.
    #[error("draws {}..{} say {found} things, other runs of the study {expected}: join the parts of one study", rows.start, rows.end)]
    OtherStudy {
        /// Rows of the part.
        rows: Range<usize>,
        /// Figures, claims and observations it speaks of.
        found: usize,
        /// Those of the study.
        expected: usize,
    },
}

impl Drawn {
    /// Rows; none where nothing is drawn.
    pub fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }

    /// What each row's run says.
    pub fn briefs(&self) -> &[Brief] {
        &self.briefs
    }

    /// Joins parts in the order of their rows. The result has the bits of draws that were made at once.
    ///
    /// Errors: the parts do not follow each other; they are of different studies.
    pub fn join(case: &Case, parts: impl IntoIterator<Item = Drawn>) -> Result<Drawn, JoinError> {
        let mut parts = parts.into_iter();
        let Some(mut whole) = parts.next() else { return Ok(Drawn { rows: 0..0, briefs: Vec::new() }) };
        for part in parts {
            if part.rows.start != whole.rows.end {
                return Err(JoinError::Gap { before: whole.rows, after: part.rows });
            }
            let part = match whole.briefs.first() {
                Some(first) => part.fitting(first)?,
                None => part,
            };
            whole.rows.end = part.rows.end;
            whole.briefs.extend(part.briefs);
        }
        // A part may be small enough to keep every day where the whole is not.
        if !keeps_daily(case, whole.briefs.len()) {
            whole.briefs.iter_mut().for_each(|brief| brief.daily = Vec::new());
        }
        Ok(whole)
    }

    /// These draws, if they say of each claim, figure and observation what a run of their study says.
    pub(super) fn fitting(self, run: &Brief) -> Result<Drawn, JoinError> {
        let said = |brief: &Brief| [brief.headline.len(), brief.holds.len(), brief.evidence.len()];
        match self.briefs.iter().find(|brief| said(brief) != said(run)) {
            None => Ok(self),
            Some(other) => {
                let [found, expected] = [other, run].map(|brief| said(brief).iter().sum());
                Err(JoinError::OtherStudy { rows: self.rows, found, expected })
            }
        }
    }
}

/// Makes the draws of a request alone, without base run and sweep. [`Drawn::join`] joins such parts, [`super::study_of`] makes a study of them.
///
/// Errors: the network of the base run or of a draw is inconsistent; the error names the run.
pub fn draws(case: &Case, request: &Request, progress: Progress<'_>) -> Result<Drawn, StudyError> {
    let mapper = Mapper::new(case);
    let mut runner = Runner::new(case, &mapper, request, None);
    runner.figures = figures(&runner, case)?;
    runner.draw(request, progress).map_err(|stop| match stop {
        Stop::Failed(error) => error,
        Stop::Stopped | Stop::Checkpoint(_) | Stop::Drawn(_) => unreachable!("no keeper and no draws are handed in"),
    })
}

/// The headline figures, which hang on what the base network is made of.
fn figures(runner: &Runner<'_>, case: &Case) -> Result<Figures, StudyError> {
    let values = case.parameters.values_in(&case.scenarios[runner.scenario], &[]);
    let network = runner.mapper.network_in(&values, Some(runner.scenario));
    let events = runner.mapper.events(&network, &values, runner.scenario);
    let plan = Plan::new(network, events).map_err(|error| StudyError::new(case, "the base run".to_string(), error))?;
    Ok(Figures::of(case, &plan))
}

impl Runner<'_> {
    /// One draw per thread; results in order of the rows, whatever thread made them.
    pub(super) fn draw(&self, request: &Request, progress: Progress<'_>) -> Result<Drawn, Stop> {
        use rayon::prelude::*;
        let ranged = self.case.parameters.ranged_in(&self.case.scenarios[self.scenario]);
        let rows = if ranged.is_empty() { 0..0 } else { request.rows.clone() };
        let streams: Vec<u64> = ranged.iter().map(|&id| stream(&self.case.parameters.get(id).name)).collect();
        let sample = uniform_rows(request.seed, rows.clone(), &streams);
        let one = |number: usize| {
            let at = |d: usize| sample[number * ranged.len() + d];
            let set: Vec<(ParamId, f64)> =
                ranged.iter().enumerate().map(|(d, &id)| (id, between(self.case.parameters.get(id), at(d)))).collect();
            let brief = self.brief(number, &|| format!("draw {} of {}", rows.start + number + 1, rows.end), &set);
            progress();
            brief
        };
        let briefs = (0..rows.len()).into_par_iter().map(one).collect::<Result<_, Stop>>()?;
        Ok(Drawn { rows, briefs })
    }
}

/// The stream of a parameter: its name alone decides its draws.
fn stream(name: &str) -> u64 {
    let hash = blake3::hash(name.as_bytes());
    u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap_or_default())
}

/// The value at a part of the range; of dates, every day is as likely as any other.
fn between(parameter: &Parameter, part: f64) -> f64 {
    let (low, high) = range(parameter);
    if parameter.unit == "date" { day_between(low, high, part) } else { low + (high - low) * part }
}

fn day_between(low: f64, high: f64, part: f64) -> f64 {
    (low + (high - low + 1.0) * part).floor().min(high)
}

/// Both ends of a ranged parameter.
pub(super) fn range(parameter: &Parameter) -> (f64, f64) {
    (parameter.low.unwrap_or(f64::NAN), parameter.high.unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_a_range_of_dates_is_as_likely() {
        let days: Vec<f64> = (0..1000).map(|k| day_between(10.0, 13.0, f64::from(k) / 1000.0)).collect();
        for day in [10.0, 11.0, 12.0, 13.0] {
            assert_eq!(days.iter().filter(|&&d| d == day).count(), 250, "{day}");
        }
    }

    #[test]
    fn the_name_of_a_parameter_alone_decides_its_stream() {
        assert_eq!(stream("fee"), stream("fee"));
        assert_ne!(stream("fee"), stream("wage"));
    }
}
