//! Sums so far, carried at every level of detail: what an account as of a date needs is the same whatever else is recorded.

use crate::plan::Plan;
use crate::plan::columns::columns;
use crate::plan::state::State;
use crate::rule::cause::{self, INPUT};

columns! {
    /// Sums from the first recorded day to today. Columns of what a network has none of are empty.
    pub struct Tally {
        /// Country → value added, currency.
        value_added: f64,
        /// Cause code ([`cause::Cause::code`]) → line-days stopped from the first event on.
        stopped: f64,
        /// The same of lines that need labour.
        stopped_labour: f64,
        /// Product → spoilt, units.
        spoilt: f64,
        /// Product → refused at inspection, units.
        refused: f64,
        /// Product → seized, units.
        seized: f64,
        /// One number: output of the lines an event hits directly, currency.
        direct_output: f64,
        /// Firm → labour used, worker-days; only of networks with labour, as the next.
        used: f64,
        /// Firm → labour of those employed, worker-days.
        employed: f64,
        /// Firm → output, currency; only of networks without labour.
        output: f64,
    }
}

impl Tally {
    /// Sums of nothing.
    pub fn new(plan: &Plan) -> Self {
        let network = &plan.network;
        let (firms, products, codes) = (network.firms.len(), network.products.len(), INPUT as usize + network.products.len());
        let countries = plan.firm_country.iter().max().map_or(0, |&last| last as usize + 1);
        let labour = has_labour(plan);
        Self {
            value_added: vec![0.0; countries],
            stopped: vec![0.0; codes],
            stopped_labour: vec![0.0; codes],
            spoilt: vec![0.0; products],
            refused: vec![0.0; products],
            seized: vec![0.0; products],
            direct_output: vec![0.0],
            used: vec![0.0; if labour { firms } else { 0 }],
            employed: vec![0.0; if labour { firms } else { 0 }],
            output: vec![0.0; if labour { 0 } else { firms }],
        }
    }

    /// Adds a day; stops count where `after_event`.
    pub(crate) fn add(&mut self, plan: &Plan, state: &State, direct: &[u32], after_event: bool) {
        let codes = self.stopped.len();
        for (l, &firm) in plan.line_firm.iter().enumerate() {
            self.value_added[plan.firm_country[firm as usize] as usize] += state.value_added[l];
            if after_event && cause::stopped(state.output[l], state.cause[l]) {
                let code = (state.cause[l] as usize).min(codes - 1);
                self.stopped[code] += 1.0;
                if plan.network.lines[l].labour_days_per_unit > 0.0 {
                    self.stopped_labour[code] += 1.0;
                }
            }
        }
        for (so_far, today) in [(&mut self.spoilt, &state.spoilt), (&mut self.refused, &state.refused), (&mut self.seized, &state.seized)] {
            so_far.iter_mut().zip(today).for_each(|(so_far, units)| *so_far += units);
        }
        self.direct_output[0] += direct.iter().map(|&l| state.output_value[l as usize]).sum::<f64>();
        let by_firm = |column: &mut [f64], of_lines: &[f64]| {
            for (&firm, value) in plan.line_firm.iter().zip(of_lines) {
                column[firm as usize] += value;
            }
        };
        if self.used.is_empty() {
            by_firm(&mut self.output, &state.output_value);
        } else {
            by_firm(&mut self.used, &state.labour_used);
            self.employed.iter_mut().zip(&state.employed).for_each(|(so_far, today)| *so_far += today);
        }
    }

    /// The sums of so many days like this one.
    pub(crate) fn times(&self, days: usize) -> Self {
        let mut all = self.clone();
        let factor = days as f64;
        for column in [&mut all.value_added, &mut all.stopped, &mut all.stopped_labour, &mut all.direct_output, &mut all.output] {
            column.iter_mut().for_each(|cell| *cell *= factor);
        }
        for column in [&mut all.spoilt, &mut all.refused, &mut all.seized, &mut all.used, &mut all.employed] {
            column.iter_mut().for_each(|cell| *cell *= factor);
        }
        all
    }
}

/// Whether anybody works: firms with workers decide whether work is labour or output.
pub fn has_labour(plan: &Plan) -> bool {
    plan.network.firms.iter().any(|firm| firm.workers > 0.0)
}
