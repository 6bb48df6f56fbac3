//! The state at the end of a day, wherever it lies.

use crate::model::calendar::Day;
use crate::model::ids::{FirmId, LineId, ProductId};
use crate::plan::stocks;
use crate::record::Totals;
use crate::rule::cause::Cause;
use crate::run::Simulation;

/// The state at the end of the last simulated day. Ids are rows of the network; one that is not panics as an index does.
#[derive(Clone, Copy)]
pub struct View<'a> {
    run: &'a Simulation,
}

impl<'a> View<'a> {
    pub(super) fn of(run: &'a Simulation) -> Self {
        Self { run }
    }

    /// The last simulated day, if there is one.
    pub fn date(&self) -> Option<Day> {
        self.run.t.checked_sub(1).map(|t| self.run.plan.calendar.day(t))
    }

    /// A line.
    pub fn line(&self, line: LineId) -> LineView<'a> {
        LineView { run: self.run, line: line.index() }
    }

    /// What a firm has of a product in store to work on, to send on or to sell on, units. What its own lines have finished is
    /// [`LineView::finished`].
    pub fn stock(&self, firm: FirmId, product: ProductId) -> f64 {
        stocks::of_firm(&self.run.plan, &self.run.state, firm.index(), product.0)
    }

    /// Cash of a firm, its own currency.
    pub fn cash(&self, firm: FirmId) -> f64 {
        self.run.state.cash[firm.index()]
    }

    /// Wages a firm owes, its own currency.
    pub fn arrears(&self, firm: FirmId) -> f64 {
        self.run.state.arrears[firm.index()]
    }

    /// Totals of the last recorded day, with the residuals of its audit.
    pub fn totals(&self) -> Option<&'a Totals> {
        self.run.record.totals.last()
    }
}

/// A line at the end of a day.
#[derive(Clone, Copy)]
pub struct LineView<'a> {
    run: &'a Simulation,
    line: usize,
}

impl LineView<'_> {
    /// Made on the day, units.
    pub fn output(&self) -> f64 {
        self.run.state.output[self.line]
    }

    /// What bound the line on the day.
    pub fn cause(&self) -> Cause {
        Cause::of(self.run.state.cause[self.line])
    }

    /// Made and not sent: finished goods of standing business and of open order lines, units.
    pub fn finished(&self) -> f64 {
        let (plan, state) = (&self.run.plan, &self.run.state);
        let orders = plan.orders_of(plan.line_firm[self.line] as usize);
        let of_orders = orders.filter(|&order| plan.orders.line[order] as usize == self.line).map(|order| state.order_finished[order]);
        state.finished[self.line] + of_orders.sum::<f64>()
    }

    /// Share of the day's standing orders that was served.
    pub fn served_share(&self) -> f64 {
        self.run.state.served[self.line]
    }
}
