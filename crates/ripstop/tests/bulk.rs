//! Bulk lines and contracts against the general rules, and what they must share with them: the audit, the bits, the way back from a file.

mod firms;

use std::collections::BTreeMap;

use firms::{Firms, damage};
use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::plan::columns::{Cells, Column, RestoreError};
use ripstop::record::Detail;
use ripstop::rule::cause::Cause;
use ripstop::run::Simulation;

/// Reproducible numbers (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn random_firms(seed: u64, count: usize, links: usize) -> Firms {
    let mut random = Random(seed * 2 + 1);
    let sectors = 4 + count / 40;
    let sector: Vec<usize> = (0..count).map(|_| random.below(sectors)).collect();
    let mut list = BTreeMap::new();
    while list.len() < links {
        let (supplier, client) = (random.below(count), random.below(count));
        if supplier != client {
            list.insert((supplier, client), random.between(0.01, 2.0));
        }
    }
    let links: Vec<(usize, usize, f64)> = list.into_iter().map(|((s, c), value)| (s, c, value)).collect();
    let (mut sold, mut bought) = (vec![0.0; count], vec![0.0; count]);
    for &(supplier, client, value) in &links {
        sold[supplier] += value;
        bought[client] += value;
    }
    // Some sell to firms alone; all add value.
    let least = |random: &mut Random| if random.below(5) == 0 { 0.0 } else { random.between(1.0, 20.0) };
    let demand: Vec<f64> = (0..count).map(|firm| least(&mut random).max(1.1 * bought[firm] - sold[firm])).collect();
    Firms { stock_days: random.between(2.0, 12.0), ..Firms::new(&sector, &demand, &links) }
}

fn events(seed: u64, count: usize, demands: usize) -> Vec<Event> {
    let mut random = Random(seed * 7 + 3);
    let bulk = |change, from, to, value| Event {
        change,
        from: Day(from),
        to: Some(Day(to)),
        value,
        ramp_in_days: 1,
        ramp_out_days: 2,
        background: false,
    };
    let hit: Vec<(usize, f64)> = (0..5).map(|_| (random.below(count), random.between(0.2, 1.0))).collect();
    let shapes = [Recovery::Linear, Recovery::Step, Recovery::Sudden, Recovery::Geometric, Recovery::Exponential, Recovery::Damped];
    vec![
        bulk(Change::Capacity(vec![LineId::from(random.below(count)), LineId::from(random.below(count))]), 3, 12, 0.1),
        bulk(Change::Demand(vec![DemandId::from(random.below(demands))]), 5, 9, 1.8),
        damage(6, &hit, shapes[random.below(6)], 15.0, 2),
    ]
}

fn both(network: &Network, events: &[Event]) -> (Simulation, Simulation) {
    let mut bulk = Simulation::new(network.clone(), events.to_vec(), Detail::Full, &[]).unwrap();
    let mut general = Simulation::of(Plan::general(network.clone(), events.to_vec()).unwrap(), Detail::Full, &[]);
    assert!(general.plan.bulk.lines.is_empty());
    bulk.run();
    general.run();
    for run in [&bulk, &general] {
        assert!(run.record.goods_residual_max() <= 1e-12, "goods {:e}", run.record.goods_residual_max());
        assert!(run.record.money_residual_max() <= 1e-12);
    }
    (bulk, general)
}

/// All daily columns that a network of bulk lines has, equal up to rounding, relative to the largest number of the column.
fn compare(what: &str, bulk: &Simulation, general: &Simulation) {
    let (p, g) = (&bulk.record.columns, &general.record.columns);
    for (column, found, expected) in [
        ("line_output", &p.line_output, &g.line_output),
        ("line_output_value", &p.line_output_value, &g.line_output_value),
        ("line_value_added", &p.line_value_added, &g.line_value_added),
        ("line_waiting", &p.line_waiting, &g.line_waiting),
        ("product_content", &p.product_content, &g.product_content),
        ("product_used", &p.product_used, &g.product_used),
        ("product_sold", &p.product_sold, &g.product_sold),
        ("demand_met", &p.demand_met, &g.demand_met),
        ("demand_lost", &p.demand_lost, &g.demand_lost),
        ("contract_delivered", &p.contract_delivered, &g.contract_delivered),
        ("firm_cash", &p.firm_cash, &g.firm_cash),
    ] {
        assert_eq!(found.len(), expected.len(), "{what} {column}");
        let size = expected.iter().chain(&g.line_output).fold(0.0_f64, |most, x| most.max(x.abs()));
        for (at, (a, b)) in found.iter().zip(expected).enumerate() {
            assert!((a - b).abs() <= 1e-10 * size, "{what} {column}[{at}]: {a} bulk, {b} general");
        }
    }
    // Where two inputs run out in the same instant rounding decides which is named.
    let differ = p.line_cause.iter().zip(&g.line_cause).filter(|(a, b)| a != b).count();
    assert!(differ * 50 <= p.line_cause.len(), "{what}: {differ} of {} causes differ", p.line_cause.len());
    for (a, b) in bulk.record.totals.iter().zip(&general.record.totals) {
        assert!((a.output_value - b.output_value).abs() <= 1e-11 * b.output_value.abs());
        assert!((a.demand_met - b.demand_met).abs() <= 1e-11 * b.demand_met.abs());
        assert!((a.receivable - b.receivable).abs() <= 1e-11 * b.receivable.abs());
    }
}

const RULES: [Rationing; 4] = [Rationing::Proportional, Rationing::LeastServed, Rationing::MarketLast, Rationing::LeastServedMarketLast];

#[test]
fn bulk_equals_general_under_every_rule() {
    for seed in 0..12 {
        let mut firms = random_firms(seed, 40, 150);
        firms.by_supplier = seed % 3 != 0;
        firms.plan_rate = if seed % 2 == 0 { PlanRate::Realised } else { PlanRate::Demand };
        for rule in RULES {
            firms.rationing = rule;
            let mut network = firms.network(30);
            roomy(&mut network);
            let (bulk, general) = both(&network, &events(seed, 40, network.demands.len()));
            assert!(bulk.plan.only_bulk, "all of it is bulk");
            compare(&format!("seed {seed} {rule:?}"), &bulk, &general);
        }
    }
}

/// Capacity above what is sold: where it is just that, rounding decides whether it binds.
fn roomy(network: &mut Network) {
    network.lines.iter_mut().for_each(|line| line.capacity_per_day *= 1.05);
}

/// Firms with workers, priced contracts, longer routes and waiting customers among bulk ones.
#[test]
fn bulk_and_general_lines_trade_with_each_other() {
    for seed in 20..28 {
        let mut firms = random_firms(seed, 40, 160);
        firms.by_supplier = seed % 2 == 0;
        firms.plan_rate = if seed % 3 == 0 { PlanRate::Realised } else { PlanRate::Demand };
        for rule in RULES {
            firms.rationing = rule;
            let mut network = firms.network(30);
            roomy(&mut network);
            network.routes.push(Route { legs: vec![Leg { days: 3, ..Leg::default() }] });
            for firm in [2, 5] {
                (network.firms[firm].workers, network.firms[firm].wage_per_month, network.firms[firm].opening_cash) = (9.0, 20.0, 900.0);
                network.lines[firm].labour_days_per_unit = 9.0 / (1.5 * network.lines[firm].capacity_per_day);
            }
            for row in 0..network.contracts.len() {
                match network.contracts.buyer[row].index() {
                    5 => network.contracts.price_per_unit[row] = 1.1,
                    7 => network.contracts.route[row] = RouteId(1),
                    _ => {}
                }
            }
            network.firms[5].opening_cash = 1e6;
            let mut events = events(seed, 40, network.demands.len());
            events.push(Event {
                change: Change::OrderCut(vec![ContractId(11)]),
                from: Day(8),
                to: Some(Day(14)),
                value: 0.7,
                ramp_in_days: 0,
                ramp_out_days: 0,
                background: false,
            });
            let (bulk, general) = both(&network, &events);
            let count = bulk.plan.bulk.lines.len();
            assert!((30..38).contains(&count), "{count} of 40 lines are bulk");
            compare(&format!("seed {seed} {rule:?}"), &bulk, &general);
        }
    }
}

#[test]
fn what_asks_for_more_is_not_bulk() {
    let firms = random_firms(3, 30, 100);
    let bulk_lines = |change: &dyn Fn(&mut Network)| {
        let mut network = firms.network(5);
        change(&mut network);
        Plan::new(network, Vec::new()).unwrap().bulk.lines.len()
    };
    assert_eq!(bulk_lines(&|_| {}), 30);
    assert_eq!(bulk_lines(&|n| n.firms[4].workers = 3.0), 29);
    assert_eq!(bulk_lines(&|n| n.firms[4].rest_weekdays = 1), 29);
    assert_eq!(bulk_lines(&|n| n.contracts.price_per_unit[0] = 1.0), 29, "the buyer of a priced contract keeps accounts");
    assert_eq!(bulk_lines(&|n| n.demands[0].patience_days = 2), 29);
    assert_eq!(bulk_lines(&|n| n.inputs[0].importance = Importance::Important), 29);
    assert_eq!(bulk_lines(&|n| n.terms[0].theft_share = 0.1), 30 - with_inputs(&firms.network(5)), "only those who buy nothing are left");
    assert!(bulk_lines(&|n| n.products[0].spoilage_share_per_day = 0.01) < 30);
}

fn with_inputs(network: &Network) -> usize {
    network.lines.iter().filter(|line| line.first_input < line.last_input).count()
}

#[test]
fn steady_means_nothing_moves() {
    for by_supplier in [true, false] {
        let firms = Firms { by_supplier, ..random_firms(5, 60, 240) };
        let mut run = Simulation::new(firms.network(200), Vec::new(), Detail::Totals, &[]).unwrap();
        run.run();
        let first = run.record.totals[0].output_value;
        for (t, totals) in run.record.totals.iter().enumerate() {
            assert!((totals.output_value / first - 1.0).abs() < 1e-11, "day {t}: {} of {first}", totals.output_value);
        }
    }
}

#[test]
fn the_sum_kept_by_the_sweep_is_the_sum_of_the_whole_state() {
    let firms = Firms { rationing: Rationing::LeastServed, ..random_firms(8, 50, 200) };
    let network = firms.network(40);
    let events = events(8, 50, network.demands.len());
    let mut run = Simulation::new(network, events, Detail::Totals, &[]).unwrap();
    let mut summed = vec![0.0; run.plan.network.products.len()];
    for _ in 0..40 {
        run.step();
        ripstop::record::content::tally(&run.plan, &run.state, &mut summed, &mut []);
        for (now, kept) in summed.iter().zip(&run.state.content) {
            assert!((now - kept).abs() <= 1e-12 * kept, "{now} summed, {kept} kept");
        }
    }
}

#[test]
fn stopped_and_taken_up_on_any_day_it_gives_the_same_bits() {
    let firms = Firms { rationing: Rationing::LeastServed, ..random_firms(9, 40, 150) };
    let network = firms.network(20);
    let events = events(9, 40, network.demands.len());
    let begin = || Simulation::new(network.clone(), events.clone(), Detail::Full, &[]).unwrap();
    let mut whole = begin();
    whole.run();
    for stop in [0, 1, 7, 13] {
        let mut part = begin();
        (0..stop).for_each(|_| part.step());
        let mut saved: BTreeMap<String, Column> = BTreeMap::new();
        part.save::<RestoreError>(&mut |name, cells| {
            let column = match cells {
                Cells::F64(x) => Column::F64(x.to_vec()),
                Cells::U32(x) => Column::U32(x.to_vec()),
                Cells::I32(x) => Column::I32(x.to_vec()),
                Cells::U16(x) => Column::U16(x.to_vec()),
                Cells::U8(x) => Column::U8(x.to_vec()),
            };
            saved.insert(name.to_string(), column);
            Ok(())
        })
        .unwrap();
        let mut again = begin();
        again.restore::<RestoreError>(&mut |name: &str| Ok(saved[name].clone())).unwrap();
        again.run();
        assert_eq!(again.state.hash(), whole.state.hash(), "stopped after {stop} days");
        assert_eq!(again.record.columns.contract_delivered, whole.record.columns.contract_delivered);
    }
}

/// Several tiles, then several partitions and buckets of sellers, with rows of one and of several sellers under two policies, also side by
/// side in one diagonal.
#[test]
fn several_tiles_and_policies_equal_the_general_rules() {
    for (rationing, by_supplier, count) in [(Rationing::Proportional, true, 9_000), (Rationing::LeastServed, false, 36_000)] {
        let firms = Firms { rationing, by_supplier, ..random_firms(4, count, 3 * count) };
        let mut network = firms.network(5);
        roomy(&mut network);
        let slow = Terms { stock_days: firms.stock_days + 3.0, restock_days: 4.0, ..network.terms[0].clone() };
        network.terms.push(slow);
        let contracts = &network.contracts;
        // By buyer and product: the inputs of one line restock in different ways too.
        let path = |c: usize| contracts.buyer[c].0 + network.lines[contracts.seller[c].index()].product.0;
        let terms: Vec<TermsId> = (0..contracts.len()).map(|c| TermsId(path(c) % 2)).collect();
        network.contracts.terms = terms.into();
        // Firms of every tile and bucket run short.
        let hit: Vec<(usize, f64)> = (0..count).step_by(40).map(|firm| (firm, 0.9)).collect();
        let (bulk, general) = both(&network, &[damage(1, &hit, Recovery::Linear, 15.0, 1)]);
        let tiles = &bulk.plan.bulk.tiles;
        assert!(bulk.plan.only_bulk && tiles.len() > 2, "{} tiles", tiles.len());
        assert!(count < 36_000 || bulk.plan.bulk.partitions.len() > 2 && bulk.plan.bulk.bucket < count, "it is worth cutting");
        assert!(tiles.iter().all(|tile| tile.policy == ripstop::plan::NONE && !tile.shared.is_empty() && tile.diagonals.len() > 1));
        compare(&format!("{rationing:?}"), &bulk, &general);
    }
}

/// One input has two sellers, the other two have one: they are worked on apart.
#[test]
fn of_inputs_that_run_out_together_the_first_is_named() {
    for shared in 0..3 {
        for by_supplier in [false, true] {
            let (mut sector, mut links) = (vec![3], Vec::new());
            for product in 0..3 {
                let sellers = if product == shared { 2 } else { 1 };
                for _ in 0..sellers {
                    links.push((sector.len(), 0, 1.0 / f64::from(sellers)));
                    sector.push(product);
                }
            }
            let demand = [4.0, 1.0, 1.0, 1.0, 1.0];
            let network = Firms { stock_days: 2.0, by_supplier, ..Firms::new(&sector, &demand, &links) }.network(8);
            let stopped = damage(1, &[(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0)], Recovery::Step, 90.0, 90);
            let (bulk, general) = both(&network, &[stopped]);
            assert!(bulk.plan.only_bulk);
            for run in [&bulk, &general] {
                let (cause, output) = (&run.record.columns.line_cause, &run.record.columns.line_output);
                assert!(output[5 * 7] < 1e-12, "nothing is left to work on");
                assert_eq!(Cause::of(cause[5 * 7]), Cause::Input(0), "two sellers for input {shared}, by supplier: {by_supplier}");
            }
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let mut firms = random_firms(11, 70_000, 210_000);
    firms.rationing = Rationing::LeastServed;
    let network = firms.network(6);
    let events = vec![damage(1, &[(3, 0.9), (500, 0.5), (7000, 1.0)], Recovery::Linear, 20.0, 1)];
    let hash = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut run = Simulation::new(network.clone(), events.clone(), Detail::Totals, &[]).unwrap();
        let bulk = &run.plan.bulk;
        assert!(bulk.partitions.len() > 2 && bulk.chunks.len() > 1 && bulk.bucket < 70_000, "it is worth several tasks");
        pool.install(|| run.run());
        run.state.hash()
    };
    let one = hash(1);
    assert_eq!(hash(2), one);
    assert_eq!(hash(7), one);
}

#[test]
fn compat_needs_level_lines_by_the_bulk_rules() {
    let mut network =
        Firms { compat: Some(Compat::InoueTodo2019), rationing: Rationing::LeastServed, ..random_firms(2, 10, 20) }.network(5);
    assert!(Plan::new(network.clone(), Vec::new()).is_ok());
    network.firms.iter_mut().for_each(|firm| firm.workers = 1.0);
    assert!(Plan::new(network, Vec::new()).unwrap_err().to_string().contains("compat"));
}
