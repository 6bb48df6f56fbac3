//! Stepping with an observer, and an answer to what it sees: when the store runs low, the buyer's own sales are cut for a fortnight.

use std::sync::{Arc, Mutex};

use ripstop::{Change, Contract, Day, Demand, DemandId, Event, Firm, Input, Network, NetworkError, Product, Simulation, Terms};

fn main() -> Result<(), NetworkError> {
    let mut network = Network::new(Day(0), Day(59));
    let (dairy, cheesery) = (network.add_firm(Firm::default()), network.add_firm(Firm::default()));
    let milk = network.add_product(Product { value_per_unit: 0.5, ..Product::default() });
    let cheese = network.add_product(Product { value_per_unit: 8.0, ..Product::default() });
    let milks = network.add_line(dairy, milk, 1000.0, 0.0, &[]);
    let ripens = network.add_line(cheesery, cheese, f64::INFINITY, 0.0, &[Input { product: milk, per_unit: 10.0, ..Input::default() }]);
    let terms = network.add_terms(Terms { stock_days: 6.0, ..Terms::default() });
    network.contracts.push(Contract { seller: milks, buyer: cheesery, share: 1.0, terms, ..Contract::default() });
    network.demands.push(Demand::new(ripens, 80.0));

    let drought = Event::new(Change::Capacity(vec![milks]), Day(10)).value(0.6).until(Day(40));
    let mut simulation = Simulation::new(network, vec![drought])?;
    let lowest = Arc::new(Mutex::new(f64::INFINITY));
    let seen = Arc::clone(&lowest);
    simulation.observe(move |view| {
        if let Ok(mut lowest) = seen.lock() {
            *lowest = lowest.min(view.stock(cheesery, milk));
        }
    });
    let mut rationed = false;
    while simulation.step() {
        let (date, store) = (simulation.view().date().unwrap_or_default(), simulation.view().stock(cheesery, milk));
        if !rationed && store < 2000.0 {
            rationed = true;
            println!("{date}: {store:.0} litres left, sales are cut to 60 %");
            simulation.apply(Event::new(Change::Demand(vec![DemandId(0)]), date.plus(1)).value(0.6).until(date.plus(14)))?;
        }
    }
    println!("lowest store {:.0} litres", lowest.lock().map_or(f64::NAN, |lowest| *lowest));
    println!("final demand met {:.0}", simulation.record().totals.iter().map(|day| day.demand_met).sum::<f64>());
    Ok(())
}
