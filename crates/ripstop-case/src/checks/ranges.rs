//! Numbers that are fine in the base case, but not at an end of a range or in a scenario.

use super::Checker;
use super::reach::{Reach, Reckoned, Resting};
use super::values::{as_share, diagnosed, doubt, number_fault, value};
use crate::case::Scenario;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Bounds;
use crate::parameters::{ParamId, Parameters, Value, Values};
use crate::schema::{ColumnSpec, Kind};
use crate::table::NumberCell;
use std::collections::{BTreeMap, BTreeSet};

/// Formulas that are reckoned at ends of ranges: a second's work. Only those count that may leave their limits.
const TRIALS: usize = 20_000_000;

pub fn check(checker: &mut Checker) {
    let reach = Reach::new(checker);
    let state = Reckoned::base(&checker.case.parameters);
    let mut ranges = Ranges::new(checker, reach, state);
    ranges.over_ends(None);
    let scenarios = checker.scenarios.iter().filter(|scenario| !scenario.overrides.is_empty());
    scenarios.clone().for_each(|scenario| ranges.over_ends(Some(scenario)));
    let Ranges { mut reach, mut state, mut found, untried, .. } = ranges;
    found.extend(untried.map(|id| too_many(checker.case.parameters.get(id))));
    checker.diagnostics.extend(found);
    for scenario in scenarios {
        in_scenario(checker, &mut reach, &mut state, scenario);
    }
}

fn too_many(first: &crate::parameters::Parameter) -> Diagnostic {
    let message = format!(
        "from the range of `{}` on the ends of ranges were not tried: more than {TRIALS} formulas over them may leave their limits",
        first.name
    );
    Diagnostic::new(Code::RangesNotTried, &first.origin, message)
}

/// Tries the ends of ranges, one at a time: a run does so too.
struct Ranges<'a> {
    parameters: &'a Parameters,
    reach: Reach<'a>,
    state: Reckoned,
    /// Whether a number is a formula, or derived by one, and fine in the base case.
    eligible: Vec<bool>,
    told: BTreeSet<u32>,
    trials_left: usize,
    /// The first parameter whose ends were not tried.
    untried: Option<ParamId>,
    found: Vec<Diagnostic>,
}

impl<'a> Ranges<'a> {
    fn new(checker: &Checker<'a>, reach: Reach<'a>, state: Reckoned) -> Ranges<'a> {
        let parameters = &checker.case.parameters;
        let derived = |cell: &NumberCell| match cell {
            NumberCell::Formula(_) => true,
            NumberCell::Parameter(id) => matches!(parameters.get(*id).value, Value::Derived(_)),
            _ => false,
        };
        let eligible = reach.numbers.iter().map(|number| derived(number.cell) && fine(number, &checker.base)).collect();
        Ranges { parameters, reach, state, eligible, told: BTreeSet::new(), trials_left: TRIALS, untried: None, found: Vec::new() }
    }

    /// In the base case, or in a scenario: there only what its parameters reach can differ, and those it sets have no range.
    fn over_ends(&mut self, scenario: Option<&Scenario>) {
        let set = scenario.map(sets).unwrap_or_default();
        let ids: Vec<ParamId> = set.keys().copied().collect();
        let derived = self.reach.derived_from(&ids, |_| true);
        let numbers = match scenario {
            None => (0..self.reach.numbers.len() as u32).collect(),
            Some(_) => self.reach.numbers_with(&ids, &derived).into_iter().map(|(number, _)| number).collect(),
        };
        let values: Vec<_> = set.iter().map(|(id, set)| (*id, *set)).collect();
        let before = self.state.set(self.parameters, &values, &derived);
        self.doubtful(scenario, &|id| set.contains_key(&id), numbers);
        self.state.put_back(before);
    }

    /// Tries those that may leave their limits, by the bounds of all they rest on.
    fn doubtful(&mut self, scenario: Option<&Scenario>, set: &dyn Fn(ParamId) -> bool, mut numbers: Vec<u32>) {
        numbers.retain(|number| {
            let resting = &self.reach.numbers[*number as usize];
            self.eligible[*number as usize] && may_leave(resting, &self.state) && fine(resting, &self.state.values)
        });
        let uses = numbers.iter().flat_map(|number| super::values::uses(self.reach.numbers[*number as usize].cell));
        let uses: Vec<ParamId> = uses.collect();
        let mut behind = self.reach.behind(uses.into_iter(), set);
        behind.sort_unstable();
        let through = |id: ParamId| behind.binary_search(&id).is_ok() && !set(id);
        for &id in behind.iter().filter(|id| !set(**id)) {
            let Some((low, high)) = self.parameters.get(id).range() else { continue };
            if self.trials_left == 0 {
                self.untried.get_or_insert(id);
                return;
            }
            let derived = self.reach.derived_from(&[id], through);
            let mut tried = self.reach.numbers_with(&[id], &derived);
            tried.retain(|(number, _)| numbers.binary_search(number).is_ok() && !self.told.contains(number));
            self.trials_left = self.trials_left.saturating_sub(2 * (derived.len() + tried.len()));
            for (end, at) in [("low", low), ("high", high)] {
                let before = self.state.set(self.parameters, &[(id, at)], &derived);
                for (number, _) in &tried {
                    self.at_end(scenario, *number, id, end);
                }
                self.state.put_back(before);
            }
        }
    }

    fn at_end(&mut self, scenario: Option<&Scenario>, number: u32, id: ParamId, end: &str) {
        let resting = &self.reach.numbers[number as usize];
        let fault = value(resting.cell, &self.state.values).and_then(|value| number_fault(&over_range(resting, &self.state.values), value));
        if let Some((code, message)) = fault.filter(|_| self.told.insert(number)) {
            let of = scenario.map_or(String::new(), |scenario| format!(", in scenario {}", scenario.name));
            let message = format!("{message} (with `{}` at its {end} end{of})", self.parameters.get(id).name);
            let fault = Diagnostic::new(code, &resting.at.position(), message);
            self.found.push(fault.with_fix("narrow the range in parameters.csv, or change the formula"));
        }
    }
}

/// What a scenario sets parameters to; the last word counts.
fn sets(scenario: &Scenario) -> BTreeMap<ParamId, f64> {
    scenario.overrides.iter().map(|set| (set.parameter, set.value)).collect()
}

fn fine(number: &Resting, values: &Values) -> bool {
    value(number.cell, values).is_none_or(|found| number_fault(&number.spec(values), found).is_none())
}

/// What a number may be at an end of a range: counts are rounded by the model, and a phase of more than an interval puts the first
/// collection later.
fn over_range(number: &Resting, values: &Values) -> ColumnSpec {
    let spec = number.spec(values);
    let max = spec.max.filter(|_| spec.name != "collection_phase_share");
    ColumnSpec { kind: Kind::Number, max, ..spec }
}

/// Whether a number can leave its limits at all. Bounds around zero hold numbers too small to reckon with.
fn may_leave(number: &Resting, state: &Reckoned) -> bool {
    let Bounds { low, high } = match number.cell {
        NumberCell::Parameter(id) => state.bounds[id.0 as usize],
        NumberCell::Formula(expr) => expr.bounds(&state.bounds),
        NumberCell::Blank | NumberCell::Value(_) => return false,
    };
    let spec = over_range(number, &state.values);
    let around_zero = low <= 0.0 && high >= 0.0 && low < high;
    around_zero || number_fault(&spec, low).is_some() || number_fault(&spec, high).is_some()
}

/// Numbers that are fine in the base case but not with a scenario's parameters.
fn in_scenario(checker: &mut Checker, reach: &mut Reach, state: &mut Reckoned, scenario: &Scenario) {
    let parameters = &checker.case.parameters;
    let ids: Vec<ParamId> = scenario.overrides.iter().map(|set| set.parameter).collect();
    let derived = reach.derived_from(&ids, |_| true);
    let values: Vec<_> = scenario.overrides.iter().map(|set| (set.parameter, set.value)).collect();
    let before = state.set(parameters, &values, &derived);
    let mut doubted = BTreeSet::new();
    for (number, set) in reach.numbers_with(&ids, &derived) {
        one_in_scenario(checker, &reach.numbers[number as usize], (scenario, set), &state.values, &mut doubted);
    }
    state.put_back(before);
}

/// One of them; `set`: the scenario, and which of its words reaches the number.
fn one_in_scenario(
    checker: &mut Checker,
    number: &Resting,
    (scenario, set): (&Scenario, usize),
    values: &Values,
    doubted: &mut BTreeSet<ParamId>,
) {
    let (Some(base), Some(found)) = (value(number.cell, &checker.base), value(number.cell, values)) else { return };
    let [before, now] = [&checker.base, values].map(|values| number.spec(values));
    let same = base.to_bits() == found.to_bits() && before.min == now.min && before.max == now.max;
    if same || number_fault(&before, base).is_some() {
        return;
    }
    let set = &scenario.overrides[set];
    // What the scenario it is like sets is told there.
    if scenario.like.first().is_some_and(|&like| checker.case.scenarios[like].overrides.contains(set)) {
        return;
    }
    let place = number.at.words();
    if let Some((code, message)) = number_fault(&now, found) {
        let near = if now.max == Some(1.0) && matches!(number.cell, NumberCell::Parameter(_)) { as_share(found) } else { None };
        let message = format!("in scenario {}, {message} ({place})", scenario.name);
        checker.diagnostics.push(diagnosed(code, &set.position, &now, message).suggest(near));
    } else if doubt(&before, base).is_none()
        && let Some(message) = doubt(&now, found).filter(|_| doubted.insert(set.parameter))
    {
        checker.fault(Code::SizeDoubtful, &set.position, format!("in scenario {}, {message} ({place})", scenario.name));
    }
}
