//! Networks of firms as Inoue & Todo (2019) give them: who supplies whom with how much a day, final demand, sectors.
#![allow(dead_code, reason = "every test uses a part of it")]

use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;

/// Firms by their flows: `links` are (supplier, client, value a day).
pub struct Firms {
    pub links: Vec<(usize, usize, f64)>,
    pub final_demand: Vec<f64>,
    pub sector: Vec<usize>,
    pub stock_days: f64,
    pub by_supplier: bool,
    pub rationing: Rationing,
    pub plan_rate: PlanRate,
    pub compat: Option<Compat>,
}

impl Firms {
    pub fn new(sector: &[usize], final_demand: &[f64], links: &[(usize, usize, f64)]) -> Self {
        Self {
            links: links.to_vec(),
            final_demand: final_demand.to_vec(),
            sector: sector.to_vec(),
            stock_days: 15.0,
            by_supplier: true,
            rationing: Rationing::Proportional,
            plan_rate: PlanRate::Realised,
            compat: None,
        }
    }

    /// P = C + Σ A over the clients.
    pub fn output(&self) -> Vec<f64> {
        let mut output = self.final_demand.clone();
        for &(supplier, _, value) in &self.links {
            output[supplier] += value;
        }
        output
    }

    /// The network: one firm, line and final demand each; inputs are sectors, a unit is worth one.
    pub fn network(&self, days: i32) -> Network {
        let count = self.sector.len();
        let output = self.output();
        let sectors = self.sector.iter().max().map_or(0, |s| s + 1);
        let settings = Settings { plan_rate: self.plan_rate, compat: self.compat, ..Settings::default() };
        let mut net = Network { start: Day(0), end: Day(days - 1), settings, classes: 1, countries: 1, sectors: 1, ..Network::default() };
        net.places.push(Place::default());
        net.firms = vec![Firm::default(); count];
        net.products = vec![Product { value_per_unit: 1.0, ..Product::default() }; sectors];
        net.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }] });
        net.terms.push(Terms { stock_by_supplier: self.by_supplier, stock_days: self.stock_days, ..Terms::default() });
        let mut bought = vec![vec![0.0; sectors]; count];
        for &(supplier, client, value) in &self.links {
            bought[client][self.sector[supplier]] += value;
        }
        for firm in 0..count {
            let inputs: Vec<Input> = (0..sectors)
                .filter(|&s| bought[firm][s] > 0.0)
                .map(|s| Input { product: ProductId::from(s), per_unit: bought[firm][s] / output[firm], ..Input::default() })
                .collect();
            let line = net.add_line(FirmId::from(firm), ProductId::from(self.sector[firm]), output[firm], 0.0, &inputs);
            net.lines[line.index()].rationing = self.rationing;
            if self.final_demand[firm] > 0.0 {
                let quantity_per_day = self.final_demand[firm];
                net.demands.push(Demand { line, quantity_per_day, season: None, price_per_unit: 0.0, patience_days: 0 });
            }
        }
        for &(supplier, client, value) in &self.links {
            let share = value / bought[client][self.sector[supplier]];
            let (seller, buyer) = (LineId::from(supplier), FirmId::from(client));
            net.contracts.push(Contract { seller, buyer, share, ..Contract::default() });
        }
        net
    }
}

/// Damage on a day: (firm, share of capacity lost).
pub fn damage(day: i32, shares: &[(usize, f64)], shape: Recovery, recovery_days: f64, stop_days: u32) -> Event {
    let shares = shares.iter().map(|&(firm, share)| (LineId::from(firm), share)).collect();
    let change = Change::Damage { shares, shape, recovery_days, stop_days };
    Event { change, from: Day(day), to: None, value: 0.0, ramp_in_days: 0, ramp_out_days: 0, background: false }
}
