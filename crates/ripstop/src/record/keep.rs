//! The record of a run: what is kept of every day.

use super::columns::{Columns, FirmDay};
use super::content;
use super::detail::{Counts, Detail};
use super::evenings::Evenings;
use super::groups::Groups;
use super::movements::Shipments;
use super::snapshot::Snapshot;
use super::tally::Tally;
use super::totals::{Totals, bulk_totals, sum_claims, sum_contracts, sum_firms, sum_made, totals};
use crate::plan::Plan;
use crate::plan::columns::{Cells, Column, RestoreError, refill};
use crate::plan::state::State;

/// Everything recorded of a run.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Days recorded.
    pub days: usize,
    /// Level of detail.
    pub detail: Detail,
    /// Totals per day.
    pub totals: Vec<Totals>,
    /// Daily columns.
    pub columns: Columns,
    /// What contracts have sent and cleared.
    pub shipments: Shipments,
    /// All goods of every evening (only with [`Detail::Full`], where they are asked for).
    pub evenings: Evenings,
    /// Sums by sector, place and cause (only with [`Detail::Sectors`]).
    pub groups: Groups,
    /// Sums so far; kept where a snapshot will ask for them.
    pub tally: Tally,
    /// Lines an event of the scenario hits directly.
    pub(crate) direct: Vec<u32>,
    /// Recorded step from which stopped lines count.
    pub(crate) first_event: usize,
    /// Steps after which the sums so far are kept too, sorted.
    pub marks: Vec<usize>,
    /// These sums.
    pub marked: Vec<Tally>,
    /// Steps at which snapshots are taken, sorted.
    pub probes: Vec<usize>,
    /// Snapshots taken.
    pub snapshots: Vec<Snapshot>,
    /// Currency → money of all accounts at the start.
    pub opening_money: Vec<f64>,
    /// Content per product at the start.
    pub opening_content: Vec<f64>,
    pub(crate) scratch: Vec<f64>,
    pub(crate) money_today: Vec<(f64, f64)>,
    pub(crate) gate_held_today: Vec<f64>,
    firm_day: FirmDay,
    /// Order line → made by the evening before, units (only with [`Detail::Full`]).
    made_before: Vec<f64>,
}

/// What the audit of a day found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Audit {
    /// Largest relative residual over all products.
    pub goods_residual: f64,
    /// The same over all currencies.
    pub money_residual: f64,
    /// Value held at crossings, currency 0.
    pub held_value: f64,
}

impl Record {
    /// An empty record with room for all days.
    pub fn new(plan: &Plan, state: &State, detail: Detail, probes: &[usize]) -> Self {
        let (products, firms) = (plan.network.products.len(), plan.network.firms.len());
        let mut probes = probes.to_vec();
        probes.sort_unstable();
        probes.dedup();
        let mut record = Self {
            detail,
            tally: if probes.is_empty() { Tally::default() } else { Tally::new(plan) },
            probes,
            opening_money: vec![0.0; plan.currencies],
            money_today: vec![(0.0, 0.0); plan.currencies],
            opening_content: vec![0.0; products],
            scratch: vec![0.0; products],
            gate_held_today: vec![0.0; plan.gates],
            firm_day: FirmDay { used: vec![0.0; firms], claims: vec![0.0; firms], rate: vec![1.0; firms], ..FirmDay::default() },
            ..Self::default()
        };
        record.open(plan, state);
        record.totals.reserve_exact(plan.calendar.len());
        if detail == Detail::Sectors {
            record.groups = Groups::new(plan);
        }
        if detail == Detail::Full {
            record.columns.reserve(plan, plan.calendar.len());
            record.firm_day.delivered = vec![0.0; plan.network.contracts.len()];
            record.firm_day.made = vec![0.0; plan.network.contracts.len()];
        }
        record
    }

    /// Takes the state as the one the recorded days start from.
    pub(crate) fn open(&mut self, plan: &Plan, state: &State) {
        content::tally(plan, state, &mut self.opening_content, &mut self.gate_held_today);
        state.money(plan, &mut self.money_today);
        self.opening_money.iter_mut().zip(&self.money_today).for_each(|(opening, &(sum, _))| *opening = sum);
        if self.detail == Detail::Full {
            self.made_before.clone_from(&state.made);
        }
    }

    pub(crate) fn push(&mut self, plan: &Plan, state: &State, audit: Audit) {
        if self.detail == Detail::Full || plan.currencies > 1 {
            sum_firms(plan, state, &mut self.firm_day);
        }
        if !plan.order_firms.is_empty() {
            sum_claims(plan, state, &mut self.firm_day);
        }
        let mut totals = if plan.only_bulk { bulk_totals(state) } else { totals(plan, state, &self.firm_day) };
        if plan.network.settings.compat.is_some() {
            let values = plan.network.products.iter().map(|product| product.value_per_unit);
            totals.misallocated_value = state.misallocated.iter().zip(values).map(|(units, value)| units.abs() * value).sum();
        }
        totals.goods_residual = audit.goods_residual;
        totals.money_residual = audit.money_residual;
        totals.held_value = audit.held_value;
        self.totals.push(totals);
        if !self.probes.is_empty() {
            self.tally.add(plan, state, &self.direct, self.days >= self.first_event);
            if self.marks.binary_search(&self.days).is_ok() {
                self.marked.push(self.tally.clone());
            }
        }
        if self.detail == Detail::Sectors {
            self.groups.push(plan, state);
        }
        if self.detail == Detail::Full {
            sum_contracts(plan, state, &mut self.firm_day.delivered);
            sum_made(plan, state, &mut self.made_before, &mut self.firm_day.made);
            self.evenings.push(plan, state);
            self.columns.push(state, &self.firm_day, &self.gate_held_today);
            self.shipments.push(self.days, state);
        }
        self.days += 1;
    }

    /// Shows everything recorded so far, column by column. What a day fills anew is left out.
    ///
    /// Errors: those of `write`.
    pub fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        write("days", Cells::U32(&[self.days as u32]))?;
        write("snapshots", Cells::U32(&[self.snapshots.len() as u32]))?;
        write("opening_money", Cells::F64(&self.opening_money))?;
        write("opening_content", Cells::F64(&self.opening_content))?;
        write("made_before", Cells::F64(&self.made_before))?;
        Totals::save(&self.totals, &mut |name, cells| write(&format!("totals.{name}"), cells))?;
        self.tally.save(&mut |name, cells| write(&format!("tally.{name}"), cells))?;
        self.columns.save(write)?;
        self.shipments.save(write)?;
        self.evenings.save(write)?;
        if self.detail == Detail::Sectors {
            self.groups.save(&mut |name, cells| write(&format!("groups.{name}"), cells))?;
        }
        for (number, marked) in self.marked.iter().enumerate() {
            marked.save(&mut |name, cells| write(&format!("marked.{number}.{name}"), cells))?;
        }
        for (number, snapshot) in self.snapshots.iter().enumerate() {
            snapshot.save(&mut |name, cells| write(&format!("snapshot.{number}.{name}"), cells))?;
        }
        Ok(())
    }

    /// Takes what was recorded from saved columns; `self` is an empty record of the same plan, detail and probes.
    ///
    /// Errors: those of `read`; columns that are not those of this plan.
    pub fn restore<E: From<RestoreError>>(&mut self, plan: &Plan, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let counts = Counts::of(plan);
        let mut number: Vec<u32> = Vec::new();
        refill("days", &read("days")?, Some(1), &mut number)?;
        self.days = number[0] as usize;
        if self.days + plan.warm_up > plan.calendar.len() {
            return Err(RestoreError::Value { column: "days".to_string(), found: self.days as u64 }.into());
        }
        refill("snapshots", &read("snapshots")?, Some(1), &mut number)?;
        let snapshots = self.probes.iter().filter(|&&probe| probe < self.days).count();
        if number[0] as usize != snapshots {
            return Err(RestoreError::Length { column: "snapshots".to_string(), found: number[0] as usize, wanted: snapshots }.into());
        }
        refill("opening_money", &read("opening_money")?, Some(counts.currencies), &mut self.opening_money)?;
        refill("opening_content", &read("opening_content")?, Some(counts.products), &mut self.opening_content)?;
        let orders = if self.detail == Detail::Full { counts.orders } else { 0 };
        refill("made_before", &read("made_before")?, Some(orders), &mut self.made_before)?;
        Totals::restore(&mut self.totals, self.days, &mut |name: &str| read(&format!("totals.{name}")))?;
        self.tally.restore(&mut |name: &str| read(&format!("tally.{name}")))?;
        let days = if self.detail == Detail::Full { self.days } else { 0 };
        self.columns.restore(&counts, days, read)?;
        self.shipments.restore(plan, days, read)?;
        self.evenings.restore(plan, days, read)?;
        if self.detail == Detail::Sectors {
            self.groups.restore(self.days, &mut |name: &str| read(&format!("groups.{name}")))?;
        }
        for number in 0..self.marks.iter().filter(|&&mark| mark < self.days).count() {
            let mut marked = Tally::new(plan);
            marked.restore(&mut |name: &str| read(&format!("marked.{number}.{name}")))?;
            self.marked.push(marked);
        }
        for number in 0..snapshots {
            self.snapshots.push(Snapshot::restore(plan, &mut |name: &str| read(&format!("snapshot.{number}.{name}")))?);
        }
        Ok(())
    }

    /// The record of a run in which every day is like the one recorded in `day`, over the days and probes of this record.
    pub(crate) fn calm(&self, plan: &Plan, day: &Self) -> Self {
        let snapshot = |&t: &usize| day.snapshots.first().map(|first| Snapshot { t, tally: first.tally.times(t + 1), ..first.clone() });
        let mut calm = Self {
            totals: vec![day.totals[0]; self.days],
            columns: day.columns.repeat(self.days),
            groups: day.groups.repeat(self.days),
            probes: self.probes.clone(),
            snapshots: self.probes.iter().filter(|&&t| t < self.days).filter_map(snapshot).collect(),
            marks: self.marks.clone(),
            marked: self.marks.iter().filter(|&&t| t < self.days).map(|t| day.tally.times(t + 1)).collect(),
            days: self.days,
            ..day.clone()
        };
        // The first day opens as this record does.
        calm.opening_content.clone_from(&self.opening_content);
        debug_assert!(plan.only_bulk, "where money moves no day is like another");
        calm
    }

    /// Asks for all goods of every evening. Call before the first day.
    pub fn keep_evenings(&mut self) {
        self.evenings.asked = true;
    }

    /// Asks for the sums so far after some steps; of no effect where no snapshot is asked for. Call before the first day.
    pub fn mark(&mut self, steps: &[usize]) {
        self.marks = steps.to_vec();
        self.marks.sort_unstable();
        self.marks.dedup();
    }

    /// The sums up to and including step `t`, if they were asked for.
    pub fn so_far(&self, t: usize) -> Option<&Tally> {
        self.marked.get(self.marks.binary_search(&t).ok()?)
    }

    /// The snapshot of step `t`, if one was asked for.
    pub fn snapshot(&self, t: usize) -> Option<&Snapshot> {
        self.snapshots.iter().find(|s| s.t == t)
    }

    /// Largest relative goods residual of all days.
    pub fn goods_residual_max(&self) -> f64 {
        self.totals.iter().map(|t| t.goods_residual).fold(0.0, f64::max)
    }

    /// Largest relative money residual of all days.
    pub fn money_residual_max(&self) -> f64 {
        self.totals.iter().map(|t| t.money_residual).fold(0.0, f64::max)
    }
}
