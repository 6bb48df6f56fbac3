//! What is ordered on an average day without any event, against what can be made and carried.

use super::super::{Checker, network};
use super::{View, figure};
use crate::language::diagnostic::Code;
use ripstop::model::ids::LineId;
use ripstop::model::network::{Direction, Kind, Ordering, SuppliedBy};
use ripstop::plan::cover::Covers;
use ripstop::plan::steady;
use std::collections::BTreeMap;

/// Differences up to a thousandth are rounding.
const ROUNDING: f64 = 1.001;
/// What follows from recipes, waste and spoilage is known less well than what is written down: up to a tenth more is not doubted.
const DERIVED: f64 = 1.1;
/// Tiers of suppliers that orders are followed up; loops of lines go on for ever, each time round for less.
const TIERS_MAX: usize = 100;
/// Kilograms of a tonne.
const TONNE: f64 = 1000.0;

/// Units a day on average over the case, without any event.
struct Days {
    /// Of every contract.
    contracts: Vec<f64>,
    /// Asked of every line.
    asked: Vec<f64>,
    /// Of that, what stands in the files: orders, demand and stated quantities.
    direct: Vec<f64>,
}

/// Capacity, labour and tonnes suffice for all that is ordered over the case.
pub fn volumes(checker: &mut Checker, view: &View) {
    if !limited(checker, view) {
        return;
    }
    let days = days(checker, view);
    lines(checker, view, &days);
    workers(checker, view, &days);
    let loads = loads(view, &days);
    crossings(checker, view, &loads);
    legs(checker, view, &loads);
}

/// Whether anything has a limit that could be too small; a network of ten million links has none.
fn limited(checker: &Checker, view: &View) -> bool {
    let network = view.network;
    let lines = &network.lines[..checker.table("lines").rows().min(network.lines.len())];
    lines.iter().any(|line| line.capacity_per_day.is_finite() || line.labour_days_per_unit > 0.0)
        || network.crossings.iter().any(|crossing| crossing.tonnes_per_day.is_some())
        || network.routes.iter().any(|route| route.legs.iter().any(|leg| leg.tonnes_per_day.is_finite()))
}

/// Most a line can make on an average day by its capacity.
fn capacity(view: &View, line: usize) -> f64 {
    let line = &view.network.lines[line];
    line.capacity_per_day * view.working_share(line.firm.index())
}

/// Orders with dates and demand without a season, and what standing contracts ask of suppliers for it, tier by tier.
/// A line that can make only a part of it orders inputs for no more.
fn days(checker: &Checker, view: &View) -> Days {
    let network = view.network;
    let length = f64::from(network.end.0 - checker.case.first_simulated() + 1);
    let mut dated = vec![0.0; network.contracts.len()];
    for order in network.orders.iter().filter(|order| order.due <= network.end) {
        dated[order.contract.index()] += order.quantity / length;
    }
    let mut direct = steady::final_demand(network);
    let mut processed = vec![0.0; network.lines.len()];
    for (row, units) in dated.iter().enumerate() {
        let line = view.seller(row).0;
        direct[line] += units;
        processed[line] += if network.contracts.kind[row] == Kind::Processing { *units } else { 0.0 };
    }
    let flows = flows(view);
    let mut days = Days { contracts: dated.clone(), asked: direct.clone(), direct };
    // Without a steady state standing contracts have no rate; that is diagnosed where it matters.
    let tiers = if steady::rates(network).is_ok() { TIERS_MAX } else { 0 };
    for _ in 0..tiers {
        let mut contracts = dated.clone();
        let mut asked = days.direct.clone();
        for flow in &flows {
            let made = days.asked[flow.line].min(capacity(view, flow.line));
            let sent = if flow.by_client { processed[flow.line].min(made) } else { 0.0 };
            contracts[flow.contract] += flow.per_unit * (made - sent);
            asked[view.seller(flow.contract).0] += flow.per_unit * (made - sent);
        }
        let moved = asked.iter().zip(&days.asked).any(|(now, before)| (now - before).abs() > before.abs() * 1e-9);
        (days.contracts, days.asked) = (contracts, asked);
        if !moved {
            break;
        }
    }
    stated(checker, view, &mut days);
    days
}

/// What a standing contract delivers for a unit that a line of the buyer makes.
struct Flow {
    contract: usize,
    line: usize,
    per_unit: f64,
    /// Clients bring the input for what the line processes.
    by_client: bool,
}

fn flows(view: &View) -> Vec<Flow> {
    let network = view.network;
    let (users, covers) = (steady::Users::of(network), Covers::new(network));
    let mut flows = Vec::new();
    for contract in (0..network.contracts.len()).filter(|row| view.ordering(*row) == Ordering::Restock) {
        let product = view.seller(contract).1.product;
        let terms = &network.terms[network.contracts.terms[contract].index()];
        let ordered = network.contracts.share[contract]
            * steady::gross(terms, covers.of(network, contract).part_days, &network.products[product.index()]);
        for (line, input) in users.inputs(network, network.contracts.buyer[contract], product) {
            let per_unit = input.per_unit * (1.0 + input.waste_share) * ordered;
            flows.push(Flow { contract, line: line.index(), per_unit, by_client: input.supplied_by == SuppliedBy::Client });
        }
    }
    flows
}

/// Contracts that state their steady quantity ask for it, whatever the recipes say.
fn stated(checker: &Checker, view: &View, days: &mut Days) {
    let contracts = checker.table("contracts");
    let quantity = contracts.col("quantity_per_day");
    for row in (0..contracts.rows()).filter(|row| view.ordering(*row) == Ordering::Restock) {
        days.direct[view.seller(row).0] += contracts.number(quantity, row, &checker.base).unwrap_or(0.0);
    }
    days.asked.iter_mut().zip(&days.direct).for_each(|(asked, direct)| *asked = asked.max(*direct));
}

/// A quantity that a contract states beside a recipe is the one the recipe asks for.
pub fn stated_quantities(checker: &mut Checker, view: &View) {
    let (network, contracts) = (view.network, checker.table("contracts"));
    let quantity = contracts.col("quantity_per_day");
    let stated = |row: usize| contracts.number(quantity, row, &checker.base).filter(|units| *units > 0.0);
    let seasonal = network.demands.iter().any(|demand| demand.season.is_some());
    if seasonal || !network.orders.is_empty() || (0..contracts.rows()).all(|row| stated(row).is_none()) {
        return;
    }
    let Ok(rates) = steady::rates(network) else { return };
    let flows = steady::contract_flows(network, &rates);
    let mut differ: Vec<(usize, String)> = Vec::new();
    for row in (0..contracts.rows()).filter(|row| view.ordering(*row) == Ordering::Restock) {
        let Some(units) = stated(row) else { continue };
        let ratio = flows[row] / units;
        if flows[row] > 0.0 && !(1.0 / DERIVED..=DERIVED).contains(&ratio) {
            let message = format!(
                "`quantity_per_day` is {}, but without any event the buyer's recipes and orders ask for {} a day",
                figure(units),
                figure(flows[row])
            );
            differ.push((row, message));
        }
    }
    for (row, message) in differ {
        checker.fault_at(Code::QuantityDiffers, contracts, quantity, row, message);
    }
}

fn lines(checker: &mut Checker, view: &View, days: &Days) {
    let lines = checker.table("lines");
    // Lines that links add make what the links take.
    for (row, &wanted) in days.asked.iter().enumerate().take(lines.rows()) {
        let can = capacity(view, row);
        if wanted > can * DERIVED || days.direct[row] > can * ROUNDING {
            let message = format!(
                "without any event {} can make only {} of the {} a day that are ordered on average over the case",
                lines.key(row),
                figure(can),
                figure(wanted)
            );
            checker.fault_at(Code::VolumeOutOfReach, lines, lines.col("capacity_per_day"), row, message);
        }
    }
}

fn workers(checker: &mut Checker, view: &View, days: &Days) {
    let network = view.network;
    let (mut labour, mut direct) = (vec![0.0; network.firms.len()], vec![0.0; network.firms.len()]);
    for (row, line) in network.lines.iter().enumerate().take(checker.table("lines").rows()) {
        labour[line.firm.index()] += days.asked[row].min(capacity(view, row)) * line.labour_days_per_unit;
        direct[line.firm.index()] += days.direct[row].min(capacity(view, row)) * line.labour_days_per_unit;
    }
    let firms = checker.table("firms");
    for (row, firm) in network.firms.iter().enumerate() {
        let can = firm.workers * view.working_share(row);
        if labour[row] > can * DERIVED || direct[row] > can * ROUNDING {
            let message = format!(
                "without any event {} has only {} of the {} worker-days a day that orders take on average over the case",
                firms.key(row),
                figure(can),
                figure(labour[row])
            );
            checker.fault_at(Code::VolumeOutOfReach, firms, firms.col("workers"), row, message);
        }
    }
}

/// Tonnes a day that want to set out on each leg of each route.
type Loads = BTreeMap<(usize, usize), f64>;

fn loads(view: &View, days: &Days) -> Loads {
    let (network, mut loads) = (view.network, Loads::new());
    let mut add = |route: usize, tonnes: f64| {
        (0..network.routes[route].legs.len()).for_each(|leg| *loads.entry((route, leg)).or_default() += tonnes);
    };
    for (row, units) in days.contracts.iter().enumerate().filter(|(_, units)| **units > 0.0) {
        let (line, made) = view.seller(row);
        let kg = |product: usize| network.products[product].kg_per_unit;
        add(network.contracts.route[row].index(), units * kg(made.product.index()) / TONNE);
        if network.contracts.kind[row] == Kind::Processing {
            let inputs = network.inputs_of(LineId::from(line)).iter();
            let sent = inputs.filter(|input| input.supplied_by == SuppliedBy::Client);
            let kg: f64 = sent.map(|input| input.per_unit * (1.0 + input.waste_share) * kg(input.product.index())).sum();
            add(network.contracts.input_route[row].index(), units * kg / TONNE);
        }
    }
    loads
}

fn crossings(checker: &mut Checker, view: &View, loads: &Loads) {
    let network = view.network;
    let crossings = checker.table("crossings");
    // Crossing → tonnes a day in each direction: goods of the case, and other traffic.
    let way = |direction| usize::from(direction == Direction::BToA);
    let (mut goods, mut beside) = (vec![[0.0; 2]; network.crossings.len()], vec![[0.0; 2]; network.crossings.len()]);
    for (&(route, leg), tonnes) in loads {
        if let Some((crossing, direction)) = network.routes[route].legs[leg].crossing {
            goods[crossing.index()][way(direction)] += tonnes;
        }
    }
    for other in &network.traffic {
        beside[other.crossing.index()][way(other.direction)] += other.tonnes_per_day;
    }
    for (row, crossing) in network.crossings.iter().enumerate() {
        let Some(can) = crossing.tonnes_per_day else { continue };
        for direction in [Direction::AToB, Direction::BToA] {
            let (goods, other) = (goods[row][way(direction)], beside[row][way(direction)]);
            if goods > 0.0 && goods + other > can * DERIVED {
                let sides = network::sides(checker.case, row);
                let toward = sides.map_or("", |(a, b)| if direction == Direction::AToB { b } else { a });
                let beside = if other > 0.0 { format!(" and {} tonnes of other traffic", figure(other)) } else { String::new() };
                let message = format!(
                    "without any event {} tonnes{beside} a day want to pass {} toward {toward} on average over the case, but only {} can",
                    figure(goods),
                    crossings.id(row as u32),
                    figure(can)
                );
                checker.fault_at(Code::VolumeOutOfReach, crossings, crossings.col("tonnes_per_day"), row, message);
            }
        }
    }
}

fn legs(checker: &mut Checker, view: &View, loads: &Loads) {
    let routes = checker.table("routes");
    for (&(route, leg), &tonnes) in loads.iter().filter(|((route, _), _)| *route < routes.ids()) {
        let can = view.network.routes[route].legs[leg].tonnes_per_day;
        if tonnes > can * DERIVED {
            let message = format!(
                "without any event {} tonnes a day want to set out on this leg on average over the case, but only {} can",
                figure(tonnes),
                figure(can)
            );
            let row = routes.rows_of(route as u32)[leg] as usize;
            checker.fault_at(Code::VolumeOutOfReach, routes, routes.col("tonnes_per_day"), row, message);
        }
    }
}
