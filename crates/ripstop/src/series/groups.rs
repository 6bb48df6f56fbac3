//! Sums by sector, by place and by cause, for networks too large to keep the days of every firm.

use crate::columns::{Cells, Column, RestoreError, refill};
use crate::network::Line;
use crate::plan::Plan;
use crate::state::State;

/// What is summed by sector and by place, in the order of [`Groups::sectors`]; all in currency but the last.
pub const SUMMED: [&str; 5] = ["output_value", "value_added", "final_demand_wanted", "final_demand_met", "stopped_lines"];

/// Daily sums by group; value of group `g` on day `t` at `t × count + g` of its variable.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// By sector, a column for each of [`SUMMED`].
    pub sectors: [Vec<f64>; SUMMED.len()],
    /// By place.
    pub places: [Vec<f64>; SUMMED.len()],
    /// Lines stopped by cause code ([`crate::cause::Cause::code`]): `t × codes + code`.
    pub stopped: Vec<f64>,
    /// Output of the lines an event hits directly, currency per day.
    pub direct_output: Vec<f64>,
    /// Number of sectors, places and cause codes.
    pub counts: [usize; 3],
    /// Line → sector and place.
    line: Vec<[u32; 2]>,
    /// Demand → price, currency per unit.
    price: Vec<f64>,
    /// Lines an event hits directly.
    direct: Vec<u32>,
}

impl Groups {
    /// Empty sums with room for all days.
    pub fn new(plan: &Plan) -> Self {
        let network = &plan.network;
        let counts = [network.sectors.max(1) as usize, network.places.len().max(1), crate::cause::INPUT as usize + network.products.len()];
        let of = |line: &Line| {
            let firm = &network.firms[line.firm.index()];
            [firm.sector.0, firm.place.0]
        };
        let mut groups = Self {
            counts,
            line: network.lines.iter().map(of).collect(),
            price: network.demands.iter().map(|demand| plan.demand_price(demand)).collect(),
            ..Self::default()
        };
        let days = plan.calendar.len();
        groups.sectors.iter_mut().for_each(|column| column.reserve_exact(days * counts[0]));
        groups.places.iter_mut().for_each(|column| column.reserve_exact(days * counts[1]));
        groups.stopped.reserve_exact(days * counts[2]);
        groups
    }

    /// As many copies of what was summed.
    pub(crate) fn repeat(&self, times: usize) -> Self {
        Self {
            sectors: self.sectors.each_ref().map(|column| column.repeat(times)),
            places: self.places.each_ref().map(|column| column.repeat(times)),
            stopped: self.stopped.repeat(times),
            direct_output: self.direct_output.repeat(times),
            ..self.clone()
        }
    }

    /// Says which lines the events of the scenario hit directly.
    pub fn set_direct(&mut self, direct: &[bool]) {
        self.direct = (0..direct.len() as u32).filter(|&line| direct[line as usize]).collect();
    }

    /// Adds the sums of a day.
    pub fn push(&mut self, plan: &Plan, state: &State) {
        let [sectors, places, codes] = self.counts;
        let rows = |columns: &mut [Vec<f64>; SUMMED.len()], count: usize| {
            columns.each_mut().map(|column| {
                column.resize(column.len() + count, 0.0);
                column.len() - count
            })
        };
        let (at_sector, at_place) = (rows(&mut self.sectors, sectors)[0], rows(&mut self.places, places)[0]);
        let at_code = self.stopped.len();
        self.stopped.resize(at_code + codes, 0.0);
        let mut add = |variable: usize, [sector, place]: [u32; 2], value: f64| {
            self.sectors[variable][at_sector + sector as usize] += value;
            self.places[variable][at_place + place as usize] += value;
        };
        for (l, &group) in self.line.iter().enumerate() {
            add(0, group, state.output_value[l]);
            add(1, group, state.value_added[l]);
            if state.output[l] <= 0.0 && crate::cause::Cause::of(state.cause[l]).stops() {
                add(4, group, 1.0);
                self.stopped[at_code + usize::from(state.cause[l]).min(codes - 1)] += 1.0;
            }
        }
        for (m, demand) in plan.network.demands.iter().enumerate() {
            let group = self.line[demand.line.index()];
            add(2, group, state.demand_wanted[m] * self.price[m]);
            add(3, group, state.demand_met[m] * self.price[m]);
        }
        self.direct_output.push(self.direct.iter().map(|&line| state.output_value[line as usize]).sum());
    }

    /// Shows what was summed so far, column by column.
    ///
    /// Errors: those of `write`.
    pub fn save<E>(&self, write: &mut impl FnMut(&str, Cells<'_>) -> Result<(), E>) -> Result<(), E> {
        for (number, name) in SUMMED.iter().enumerate() {
            write(&format!("sector.{name}"), Cells::F64(&self.sectors[number]))?;
            write(&format!("place.{name}"), Cells::F64(&self.places[number]))?;
        }
        write("stopped", Cells::F64(&self.stopped))?;
        write("direct_output", Cells::F64(&self.direct_output))
    }

    /// Takes what was summed from saved columns of `days` days.
    ///
    /// Errors: those of `read`; columns that are not those of this network.
    pub fn restore<E: From<RestoreError>>(&mut self, days: usize, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let [sectors, places, codes] = self.counts;
        for (number, name) in SUMMED.iter().enumerate() {
            let (sector, place) = (format!("sector.{name}"), format!("place.{name}"));
            refill(&sector, &read(&sector)?, Some(days * sectors), &mut self.sectors[number])?;
            refill(&place, &read(&place)?, Some(days * places), &mut self.places[number])?;
        }
        refill("stopped", &read("stopped")?, Some(days * codes), &mut self.stopped)?;
        refill("direct_output", &read("direct_output")?, Some(days), &mut self.direct_output)?;
        Ok(())
    }
}
