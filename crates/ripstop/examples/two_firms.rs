//! Two firms by hand: a spinner sells yarn to a weaver; the spinner stops, and the weaver lives on its store.

use ripstop::{Change, Contract, Day, Demand, Event, Firm, Input, Network, NetworkError, Product, Simulation, Terms};

fn main() -> Result<(), NetworkError> {
    let start = Day::from_civil(2024, 1, 1).unwrap_or_default();
    let mut network = Network::new(start, start.plus(29));
    let (spinner, weaver) = (network.add_firm(Firm::default()), network.add_firm(Firm::default()));
    let yarn = network.add_product(Product { value_per_unit: 1.0, ..Product::default() });
    let cloth = network.add_product(Product { value_per_unit: 3.0, ..Product::default() });
    let spins = network.add_line(spinner, yarn, f64::INFINITY, 0.0, &[]);
    let of_yarn = Input { product: yarn, per_unit: 1.0, ..Input::default() };
    let weaves = network.add_line(weaver, cloth, f64::INFINITY, 0.0, &[of_yarn]);
    // The weaver keeps four days of yarn and closes a gap over two.
    let terms = network.add_terms(Terms { stock_days: 4.0, restock_days: 2.0, ..Terms::default() });
    network.contracts.push(Contract { seller: spins, buyer: weaver, share: 1.0, terms, ..Contract::default() });
    network.demands.push(Demand::new(weaves, 10.0));

    let stop = Event::new(Change::Capacity(vec![spins]), start.plus(5)).until(start.plus(14));
    let mut simulation = Simulation::new(network, vec![stop])?;
    println!("date        yarn in store kg  cloth m  why not more");
    while simulation.step() {
        let view = simulation.view();
        let (line, date) = (view.line(weaves), view.date().unwrap_or_default());
        println!("{date}  {:16.1}  {:7.1}  {}", view.stock(weaver, yarn), line.output(), line.cause().word());
    }
    Ok(())
}
