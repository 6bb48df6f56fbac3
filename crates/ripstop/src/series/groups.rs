//! Sums by sector, by place and by cause, for networks too large to keep the days of every firm.

use rayon::prelude::*;

use crate::cause::{Cause, INPUT};
use crate::columns::{Cells, Column, RestoreError, refill};
use crate::network::Line;
use crate::plan::{Plan, Stretch};
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
    /// Demand → sector and place of its line.
    demand: Vec<[u32; 2]>,
    /// Demand → price, currency per unit.
    price: Vec<f64>,
    /// Lines an event hits directly.
    direct: Vec<u32>,
}

/// Sums of one day over some lines; names as in [`Groups`].
struct Sums {
    sectors: [Vec<f64>; SUMMED.len()],
    places: [Vec<f64>; SUMMED.len()],
    stopped: Vec<f64>,
}

impl Sums {
    fn add(&mut self, variable: usize, [sector, place]: [u32; 2], value: f64) {
        self.sectors[variable][sector as usize] += value;
        self.places[variable][place as usize] += value;
    }
}

impl Groups {
    /// Empty sums with room for all days.
    pub fn new(plan: &Plan) -> Self {
        let network = &plan.network;
        let counts = [network.sectors.max(1) as usize, network.places.len().max(1), INPUT as usize + network.products.len()];
        let of = |line: &Line| {
            let firm = &network.firms[line.firm.index()];
            [firm.sector.0, firm.place.0]
        };
        let mut groups = Self {
            counts,
            demand: network.demands.iter().map(|demand| of(&network.lines[demand.line.index()])).collect(),
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

    /// Adds the sums of a day: stretch of lines by stretch, then in order of stretch.
    pub fn push(&mut self, plan: &Plan, state: &State) {
        let parts: Vec<Sums> = plan.plain.stretches.par_iter().map(|own| self.sum(state, own)).collect();
        let [sectors, places, codes] = self.counts;
        let add = |column: &mut Vec<f64>, count: usize, of: &dyn Fn(&Sums) -> &[f64]| {
            let first = column.len();
            column.resize(first + count, 0.0);
            for part in &parts {
                column[first..].iter_mut().zip(of(part)).for_each(|(sum, more)| *sum += more);
            }
        };
        for variable in 0..SUMMED.len() {
            add(&mut self.sectors[variable], sectors, &|part| &part.sectors[variable]);
            add(&mut self.places[variable], places, &|part| &part.places[variable]);
        }
        add(&mut self.stopped, codes, &|part| &part.stopped);
        self.direct_output.push(self.direct.iter().map(|&line| state.output_value[line as usize]).sum());
    }

    /// The sums of some lines and their final demands.
    fn sum(&self, state: &State, own: &Stretch) -> Sums {
        let [sectors, places, codes] = self.counts;
        let mut sums = Sums {
            sectors: std::array::from_fn(|_| vec![0.0; sectors]),
            places: std::array::from_fn(|_| vec![0.0; places]),
            stopped: vec![0.0; codes],
        };
        for l in own.lines.clone() {
            let group = self.line[l];
            sums.add(0, group, state.output_value[l]);
            sums.add(1, group, state.value_added[l]);
            if state.output[l] <= 0.0 && Cause::of(state.cause[l]).stops() {
                sums.add(4, group, 1.0);
                sums.stopped[state.cause[l] as usize] += 1.0;
            }
        }
        for m in own.demands.clone() {
            sums.add(2, self.demand[m], state.demand_wanted[m] * self.price[m]);
            sums.add(3, self.demand[m], state.demand_met[m] * self.price[m]);
        }
        sums
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
