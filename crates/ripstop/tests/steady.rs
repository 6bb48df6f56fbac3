//! Nothing moves: random networks whose sellers have terms of their own start steady, and stay so, per product and per supplier, by the
//! bulk and by the general rules.

mod common;

use std::collections::BTreeSet;

use common::{Net, day, own};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::record::Detail;
use ripstop::run::Simulation;

/// Networks tried.
const NETWORKS: u64 = 300;
/// In at least so many of them everything that is mixed must have been mixed.
const LEAST: usize = 12;
/// What may move, as a share of what flows.
const NOTHING: f64 = 1e-12;

/// Splitmix64: everything of a network follows from one number.
struct Rng(u64);

impl Rng {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn below(&mut self, count: usize) -> usize {
        (self.unit() * count as f64) as usize
    }

    /// A value with probability `p`, else nothing.
    fn some(&mut self, p: f64, high: f64) -> f64 {
        if self.chance(p) { self.between(0.0, high) } else { 0.0 }
    }
}

/// Firms in tiers: a product is made of products of lower number, by one to three makers each. `bare`: over a day, without losses.
fn steady_network(seed: u64) -> Network {
    let rng = &mut Rng(seed);
    let bare = rng.chance(0.3);
    let mut net = Net::new(500);
    net.start = day(rng.below(700) as i32);
    net.end = net.start.plus(499);
    net.settings.plan_rate = if rng.chance(0.4) { PlanRate::Realised } else { PlanRate::Demand };
    net.settings.expect_days = rng.between(1.0, 40.0);
    net.settings.backlog_days = rng.between(1.0, 12.0);
    for _ in 0..3 + rng.below(3) {
        let product = net.product(1.0);
        net.products[product.index()].spoilage_share_per_day = if bare { 0.0 } else { rng.some(0.3, 0.03) };
    }
    let routes: Vec<RouteId> = (0..4).map(|_| net.route(&[(None, if bare { 1 } else { 1 + rng.below(5) as u32 })])).collect();
    terms(rng, &mut net, bare);
    for product in 0..net.products.len() {
        for _ in 0..1 + rng.below(3) {
            maker(rng, &mut net, product);
        }
    }
    for line in 0..net.lines.len() {
        buy(rng, &mut net, LineId::from(line), &routes);
        sell(rng, &mut net, LineId::from(line), bare);
    }
    capacities(rng, &mut net);
    net.0
}

/// Eight sets of terms: four per product, four per supplier.
fn terms(rng: &mut Rng, net: &mut Net, bare: bool) {
    // Who plans for yesterday's output and keeps a single day never makes good what rounding took once.
    let least = if net.settings.plan_rate == PlanRate::Realised { 2.0 } else { 1.0 };
    for k in 0..8 {
        let whole = rng.chance(0.3);
        let days = rng.between(least, 25.0);
        net.terms(Terms {
            stock_by_supplier: k >= 4,
            stock_days: if whole { days.floor() } else { days },
            restock_days: if whole { 1.0 + rng.below(9) as f64 } else { rng.between(1.0, 10.0) },
            theft_share: if bare { 0.0 } else { rng.some(0.4, 0.2) },
            refused_share: if bare { 0.0 } else { rng.some(0.3, 0.2) },
            moves_share: if bare { 0.0 } else { rng.some(0.3, 1.0) },
            hold_patience_days: rng.between(0.0, 30.0),
            ..Terms::default()
        });
    }
}

fn maker(rng: &mut Rng, net: &mut Net, product: usize) {
    let firm = net.firm();
    let mut inputs: Vec<Input> = (0..product).map(|p| own(ProductId::from(p), rng.between(0.05, 2.0))).collect();
    while inputs.len() > 2 {
        inputs.remove(rng.below(inputs.len()));
    }
    inputs.iter_mut().for_each(|input| input.waste_share = rng.some(0.3, 0.2));
    let line = net.add_line(firm, ProductId::from(product), f64::INFINITY, 0.0, &inputs);
    let rules = [Rationing::Proportional, Rationing::LeastServed, Rationing::MarketLast, Rationing::Oldest];
    net.lines[line.index()].rationing = rules[rng.below(4)];
}

/// Every input of every maker of it, each on its own terms: all per product, all per supplier, or both in one store.
fn buy(rng: &mut Rng, net: &mut Net, line: LineId, routes: &[RouteId]) {
    let buyer = net.lines[line.index()].firm;
    for input in net.inputs_of(line).to_vec() {
        let sellers: Vec<usize> = (0..net.lines.len()).filter(|&l| net.lines[l].product == input.product).collect();
        let weights: Vec<f64> = sellers.iter().map(|_| rng.between(0.1, 1.0)).collect();
        let total: f64 = weights.iter().sum();
        let (first, count) = [(0, 4), (4, 4), (0, 8)][rng.below(3)];
        for (&seller, weight) in sellers.iter().zip(weights) {
            let terms = TermsId::from(first + rng.below(count));
            net.buys(buyer, LineId::from(seller), terms, routes[rng.below(routes.len())], weight / total);
        }
        // One that only stands by, on terms of its own.
        if rng.chance(0.3) {
            let standby = net.buys(buyer, LineId::from(sellers[0]), TermsId::from(rng.below(8)), routes[0], 0.0);
            net.contracts.extras.push((standby, Extras { standby_share: 0.5, ..Extras::default() }));
        }
    }
}

/// First and last day of a season.
type Season = ((i8, i8), (i8, i8));

/// Final demand: of all year, of a season that is the whole year, or of two that make it up.
fn sell(rng: &mut Rng, net: &mut Net, line: LineId, bare: bool) {
    let last = net.lines[line.index()].product.index() + 1 == net.products.len();
    if !(last || rng.chance(0.4)) {
        return;
    }
    let quantity_per_day = rng.between(0.5, 60.0);
    let kind = if bare { 0 } else { rng.below(6) };
    let seasons: &[Option<Season>] = match kind {
        0..3 => &[None],
        3 => &[Some(((1, 1), (12, 31)))],
        4 => &[Some(((7, 1), (6, 30)))],
        _ => &[Some(((4, 1), (9, 30))), Some(((10, 1), (3, 31)))],
    };
    let patience_days = if bare { 0 } else { rng.below(5) as u32 };
    for &season in seasons {
        net.demands.push(Demand { line, quantity_per_day, season, price_per_unit: 0.0, patience_days });
    }
}

/// Capacities above what is made.
fn capacities(rng: &mut Rng, net: &mut Net) {
    let rates = ripstop::plan::steady::rates(net).unwrap();
    for (line, rate) in net.lines.iter_mut().zip(rates) {
        if rng.chance(0.6) {
            line.capacity_per_day = rate * rng.between(1.05, 2.0);
        }
    }
}

/// What of the first day has changed on a later one, as a share of the first; columns that are nothing stay nothing.
fn moved(what: &str, column: &[f64], count: usize) -> Result<f64, String> {
    let mut most = 0.0_f64;
    for (at, &now) in column.iter().enumerate() {
        let first = column[at % count];
        let change = if now == first { 0.0 } else { (now - first).abs() / first.abs() };
        if change.is_nan() || change > NOTHING {
            return Err(format!("{what} {} day {}: {now} was {first}", at % count, at / count));
        }
        most = most.max(change);
    }
    Ok(most)
}

fn nothing_moves(simulation: &mut Simulation) -> Result<f64, String> {
    simulation.run();
    let (columns, network) = (&simulation.record.columns, &simulation.plan.network);
    let (lines, products) = (network.lines.len(), network.products.len());
    let mut most = 0.0_f64;
    for (what, column, count) in [
        ("output", &columns.line_output, lines),
        ("value added", &columns.line_value_added, lines),
        ("content", &columns.product_content, products),
        ("used", &columns.product_used, products),
        ("stolen", &columns.product_lost, products),
        ("spoilt", &columns.product_spoilt, products),
        ("refused", &columns.product_refused, products),
        ("delivered", &columns.contract_delivered, network.contracts.len()),
        ("met", &columns.demand_met, network.demands.len()),
        ("lost", &columns.demand_lost, network.demands.len()),
    ] {
        // Two seasons take turns.
        let seasons = what == "met" && network.demands.iter().any(|demand| !demand.all_year());
        if !seasons {
            most = most.max(moved(what, column, count)?);
        }
    }
    let residual = simulation.record.goods_residual_max();
    if residual > NOTHING { Err(format!("the audit misses {residual:e}")) } else { Ok(most) }
}

/// What of the mixed there is in a network.
fn observe(plan: &Plan, seen: &mut BTreeSet<&'static str>) {
    let (flows, network) = (&plan.standing, &plan.network);
    let mut note = |what: &'static str, there: bool| {
        if there {
            seen.insert(what);
        }
    };
    let terms = |flow: usize| &network.terms[network.contracts.terms[flows.contract[flow].index()].index()];
    for flow in 0..flows.contract.len() {
        let point = flows.point[flow];
        let shares = || (0..flows.contract.len()).filter(|&other| flows.point[other] == point && flows.share[other] > 0.0);
        let mixed = |of: &dyn Fn(usize) -> f64| shares().any(|other| of(other) != of(flow));
        let by_supplier = flows.by_supplier[flow];
        let path = if by_supplier { "per supplier" } else { "per product" };
        let name = |product: &'static str, supplier: &'static str| if path == "per product" { product } else { supplier };
        note(name("stock_days per product", "stock_days per supplier"), mixed(&|f| terms(f).stock_days));
        note(name("restock_days per product", "restock_days per supplier"), mixed(&|f| terms(f).restock_days));
        note(name("theft per product", "theft per supplier"), mixed(&|f| terms(f).theft_share));
        note(name("refusals per product", "refusals per supplier"), mixed(&|f| terms(f).refused_share));
        note(name("transit per product", "transit per supplier"), mixed(&|f| flows.lead_days[f]));
        note("a store of both kinds", !by_supplier && plan.point_by_supplier[point as usize]);
        let spoils = network.products[plan.point_product[point as usize] as usize].spoilage_share_per_day > 0.0;
        note(name("spoilage per product", "spoilage per supplier"), spoils && mixed(&|f| terms(f).stock_days));
        note("a standby on other terms", flows.share[flow] == 0.0 && mixed(&|f| terms(f).stock_days));
    }
    let bulk = &plan.bulk;
    let own = |row: usize| {
        let policy = bulk.policies[bulk.row_policy[row] as usize];
        bulk.flows_of(row)
            .any(|f| network.terms[network.contracts.terms[bulk.contract[f] as usize].index()].stock_days != policy.stock_days)
    };
    note("a bulk row of a mean cover", (0..bulk.row_line.len()).any(own));
    note("seasons that make up the year", network.demands.iter().any(|demand| !demand.all_year()));
    note("a season of the whole year", network.demands.iter().any(|demand| demand.all_year() && demand.season.is_some()));
}

const MIXED: [&str; 16] = [
    "stock_days per product",
    "stock_days per supplier",
    "restock_days per product",
    "restock_days per supplier",
    "theft per product",
    "theft per supplier",
    "refusals per product",
    "refusals per supplier",
    "transit per product",
    "transit per supplier",
    "spoilage per product",
    "spoilage per supplier",
    "a store of both kinds",
    "a standby on other terms",
    "a bulk row of a mean cover",
    "seasons that make up the year",
];

#[test]
fn nothing_moves_in_random_networks_of_mixed_terms() {
    let mut reached: Vec<&'static str> = Vec::new();
    let (mut most, mut faults) = (0.0_f64, Vec::new());
    for seed in 0..NETWORKS {
        let network = steady_network(seed);
        let mut bulk = Simulation::new(network.clone(), Vec::new(), Detail::Full, &[]).unwrap();
        let mut general = Simulation::of(Plan::general(network, Vec::new()).unwrap(), Detail::Full, &[]);
        let mut seen = BTreeSet::new();
        observe(&bulk.plan, &mut seen);
        observe(&general.plan, &mut seen);
        reached.extend(seen);
        for (rules, run) in [("bulk", &mut bulk), ("general", &mut general)] {
            match nothing_moves(run) {
                Ok(moved) => most = most.max(moved),
                Err(fault) => faults.push(format!("seed {seed}, {rules}: {fault}")),
            }
        }
    }
    assert!(faults.is_empty(), "{} of {NETWORKS}:\n{}", faults.len(), faults.join("\n"));
    println!("what moved most: {most:e}");
    for what in MIXED {
        let count = reached.iter().filter(|&&seen| seen == what).count();
        assert!(count >= LEAST, "{what}: in {count} of {NETWORKS} networks only");
    }
}
