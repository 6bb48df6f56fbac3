//! Sums by sector, by place and by cause, for networks too large to keep the days of every firm.

use rayon::prelude::*;

use crate::model::network::Line;
use crate::plan::columns::{Cells, Column, RestoreError, refill};
use crate::plan::state::State;
use crate::plan::{Chunk, Plan};
use crate::rule::cause::{self, INPUT};

/// What is summed by sector and by place, in the order of [`Groups::sectors`]: currency, lines, worker-days.
pub const SUMMED: [&str; 8] = [
    "output_value",
    "value_added",
    "final_demand_wanted",
    "final_demand_met",
    "stopped_lines",
    "labour_employed",
    "labour_present",
    "labour_used",
];
/// The first of [`SUMMED`] that are worker-days.
pub const LABOUR: usize = 5;

/// Daily sums by group; value of group `g` on day `t` at `t × count + g` of its variable.
#[derive(Clone, Debug, Default)]
pub struct Groups {
    /// By sector, a column for each of [`SUMMED`].
    pub sectors: [Vec<f64>; SUMMED.len()],
    /// By place.
    pub places: [Vec<f64>; SUMMED.len()],
    /// Lines stopped by cause code ([`crate::rule::cause::Cause::code`]): `t × codes + code`.
    pub stopped: Vec<f64>,
    /// Number of sectors, places and cause codes.
    pub counts: [usize; 3],
    /// Line → sector and place.
    line: Vec<[u32; 2]>,
    /// Demand → sector and place of its line.
    demand: Vec<[u32; 2]>,
    /// Demand → price, currency per unit.
    price: Vec<f64>,
    /// Firms with workers, and the sector and place of each; without any, labour is not summed.
    workers: Vec<(u32, [u32; 2])>,
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
            workers: Self::with_workers(plan),
            ..Self::default()
        };
        let days = plan.calendar.len();
        for variable in 0..groups.kept() {
            groups.sectors[variable].reserve_exact(days * counts[0]);
            groups.places[variable].reserve_exact(days * counts[1]);
        }
        groups.stopped.reserve_exact(days * counts[2]);
        groups
    }

    fn with_workers(plan: &Plan) -> Vec<(u32, [u32; 2])> {
        let firms = plan.network.firms.iter().enumerate().filter(|(_, firm)| firm.workers > 0.0);
        firms.map(|(row, firm)| (row as u32, [firm.sector.0, firm.place.0])).collect()
    }

    /// How many of [`SUMMED`] are kept.
    fn kept(&self) -> usize {
        if self.workers.is_empty() { LABOUR } else { SUMMED.len() }
    }

    /// As many copies of what was summed.
    pub(crate) fn repeat(&self, times: usize) -> Self {
        Self {
            sectors: self.sectors.each_ref().map(|column| column.repeat(times)),
            places: self.places.each_ref().map(|column| column.repeat(times)),
            stopped: self.stopped.repeat(times),
            ..self.clone()
        }
    }

    /// Adds the sums of a day: chunk of lines by chunk, then in order of chunk.
    pub fn push(&mut self, plan: &Plan, state: &State) {
        let parts: Vec<Sums> = plan.bulk.chunks.par_iter().map(|own| self.sum(state, own)).collect();
        let [sectors, places, codes] = self.counts;
        let add = |column: &mut Vec<f64>, count: usize, of: &dyn Fn(&Sums) -> &[f64]| {
            let first = column.len();
            column.resize(first + count, 0.0);
            for part in &parts {
                column[first..].iter_mut().zip(of(part)).for_each(|(sum, more)| *sum += more);
            }
        };
        for variable in 0..self.kept() {
            add(&mut self.sectors[variable], sectors, &|part| &part.sectors[variable]);
            add(&mut self.places[variable], places, &|part| &part.places[variable]);
        }
        add(&mut self.stopped, codes, &|part| &part.stopped);
        self.push_labour(plan, state);
    }

    /// Labour of the day, into the last row of each column.
    fn push_labour(&mut self, plan: &Plan, state: &State) {
        let [sectors, places, _] = self.counts;
        for &(firm, [sector, place]) in &self.workers {
            let firm = firm as usize;
            let used: f64 = plan.lines_of(firm).iter().map(|&l| state.labour_used[l as usize]).sum();
            for (number, worker_days) in [state.employed[firm], state.present[firm], used].into_iter().enumerate() {
                let (by_sector, by_place) = (&mut self.sectors[LABOUR + number], &mut self.places[LABOUR + number]);
                let (first_sector, first_place) = (by_sector.len() - sectors, by_place.len() - places);
                by_sector[first_sector + sector as usize] += worker_days;
                by_place[first_place + place as usize] += worker_days;
            }
        }
    }

    /// The sums of some lines and their final demands.
    fn sum(&self, state: &State, own: &Chunk) -> Sums {
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
            if cause::stopped(state.output[l], state.cause[l]) {
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
        for (number, name) in SUMMED.iter().enumerate().take(self.kept()) {
            write(&format!("sector.{name}"), Cells::F64(&self.sectors[number]))?;
            write(&format!("place.{name}"), Cells::F64(&self.places[number]))?;
        }
        write("stopped", Cells::F64(&self.stopped))
    }

    /// Takes what was summed from saved columns of `days` days.
    ///
    /// Errors: those of `read`; columns that are not those of this network.
    pub fn restore<E: From<RestoreError>>(&mut self, days: usize, read: &mut impl FnMut(&str) -> Result<Column, E>) -> Result<(), E> {
        let ([sectors, places, codes], kept) = (self.counts, self.kept());
        for (number, name) in SUMMED.iter().enumerate().take(kept) {
            let (sector, place) = (format!("sector.{name}"), format!("place.{name}"));
            refill(&sector, &read(&sector)?, Some(days * sectors), &mut self.sectors[number])?;
            refill(&place, &read(&place)?, Some(days * places), &mut self.places[number])?;
        }
        refill("stopped", &read("stopped")?, Some(days * codes), &mut self.stopped)?;
        Ok(())
    }
}
