//! A closure with its counterfactual: cloth crosses a border to a maker; the border shuts for six weeks.

use ripstop::{Change, Contract, Crossing, CrossingId, Day, Demand, Detail, Direction, Event, Firm, Input, Leg, Network};
use ripstop::{CountryId, NetworkError, Pair, Place, PlaceId, Product, Route, RouteId, Terms};

fn main() -> Result<(), NetworkError> {
    let start = Day::from_civil(2024, 1, 1).unwrap_or_default();
    let mut network = Network::new(start, start.plus(179));
    network.countries = 2;
    network.places.push(Place { country: CountryId(1) });
    network.crossings.push(Crossing { country_a: CountryId(0), country_b: CountryId(1), tonnes_per_day: None });
    let bridge = CrossingId(0);
    network.routes.push(Route { legs: vec![Leg { crossing: Some((bridge, Direction::AToB)), days: 3, ..Leg::default() }] });
    let mill = network.add_firm(Firm::default());
    let maker = network.add_firm(Firm { place: PlaceId(1), workers: 200.0, wage_per_month: 150.0, ..Firm::default() });
    let cloth = network.add_product(Product { value_per_unit: 4.0, ..Product::default() });
    let coat = network.add_product(Product { value_per_unit: 30.0, ..Product::default() });
    let weaves = network.add_line(mill, cloth, f64::INFINITY, 0.0, &[]);
    let sews = network.add_line(maker, coat, 300.0, 0.8, &[Input { product: cloth, per_unit: 2.0, ..Input::default() }]);
    let terms = network.add_terms(Terms { stock_days: 10.0, ..Terms::default() });
    let over_the_bridge = Contract { seller: weaves, buyer: maker, route: RouteId(1), share: 1.0, terms, ..Contract::default() };
    network.contracts.push(over_the_bridge);
    network.demands.push(Demand::new(sews, 240.0));

    let shut = Change::OpenShare { crossings: vec![bridge], towards: None, class: None };
    let closure = Event::new(shut, start.plus(30)).until(start.plus(72));
    let pair = Pair::run(network, vec![closure], Detail::Full)?;
    let losses = pair.losses();
    println!("output lost           {:10.0}", losses.output);
    println!("final demand unmet    {:10.0}", losses.final_demand_unmet);
    println!("worker-days without work {:7.0}", losses.idle_worker_days);
    println!("goods not accounted for {:8.0e}", pair.scenario().goods_residual_max());
    Ok(())
}
