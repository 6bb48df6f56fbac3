//! A spinner sells yarn to a weaver, and stops: the program of the README.

use ripstop::{Change, Contract, Day, Demand, Detail, Event, Firm, Input, Network, NetworkError, Pair, Product, Simulation, Terms};

fn main() -> Result<(), NetworkError> {
    let mut network = Network::new(Day(0), Day(29));
    let (spinner, weaver) = (network.add_firm(Firm::default()), network.add_firm(Firm::default()));
    let yarn = network.add_product(Product { value_per_unit: 1.0, ..Product::default() });
    let cloth = network.add_product(Product { value_per_unit: 3.0, ..Product::default() });
    let spins = network.add_line(spinner, yarn, f64::INFINITY, 0.0, &[]);
    let weaves = network.add_line(weaver, cloth, f64::INFINITY, 0.0, &[Input { product: yarn, per_unit: 1.0, ..Input::default() }]);
    let terms = network.add_terms(Terms { stock_days: 4.0, ..Terms::default() });
    network.contracts.push(Contract { seller: spins, buyer: weaver, share: 1.0, terms, ..Contract::default() });
    network.demands.push(Demand::new(weaves, 10.0));
    let stop = Event::new(Change::Capacity(vec![spins]), Day(5));

    let mut simulation = Simulation::new(network.clone(), vec![stop.clone()])?;
    simulation.until(Day(9));
    println!("{}", simulation.view().line(weaves).cause().word()); // input: four days of stock have lasted through day 8
    println!("{}", Pair::run(network, vec![stop], Detail::Totals)?.losses().output);
    Ok(())
}
