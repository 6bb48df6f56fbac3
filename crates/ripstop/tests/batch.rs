//! Batches: many scenarios at once give the bits of one at a time.

mod firms;

use firms::{Firms, damage};
use ripstop::bulk::batch::{self, BatchError};
use ripstop::model::calendar::Day;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Plan;
use ripstop::record::Detail;
use ripstop::run::Simulation;

/// A ring of firms that each buy from the next seven.
fn ring(count: usize) -> Firms {
    let sector: Vec<usize> = (0..count).map(|firm| firm % 9).collect();
    let demand: Vec<f64> = (0..count).map(|firm| 20.0 + (firm % 13) as f64).collect();
    let links: Vec<(usize, usize, f64)> =
        (0..count).flat_map(|firm| (1..8).map(move |k| ((firm + k * k) % count, firm, 0.1 + (firm * k % 17) as f64 / 10.0))).collect();
    Firms::new(&sector, &demand, &links)
}

fn scenarios(count: usize) -> Vec<Vec<Event>> {
    let shapes = [Recovery::Linear, Recovery::Step, Recovery::Sudden, Recovery::Geometric, Recovery::Exponential];
    (0..11)
        .map(|k| {
            let hit: Vec<(usize, f64)> = (0..k).map(|i| ((i * 37 + k) % count, 0.9 / (1.0 + k as f64 / 10.0))).collect();
            let boom = Event {
                change: Change::Demand(vec![DemandId::from(k)]),
                from: Day(3),
                to: Some(Day(8)),
                value: 1.5,
                ramp_in_days: 0,
                ramp_out_days: 3,
                background: false,
            };
            vec![damage(k as i32 % 4, &hit, shapes[k % 5], 10.0, k as u32 % 3), boom]
        })
        .collect()
}

#[test]
fn same_bits_as_one_at_a_time() {
    for (by_supplier, plan_rate) in [(true, PlanRate::Realised), (false, PlanRate::Realised), (true, PlanRate::Demand)] {
        let network = Firms { by_supplier, plan_rate, ..ring(300) }.network(25);
        let scenarios = scenarios(300);
        let plan = Plan::new(network.clone(), Vec::new()).unwrap();
        let found = batch::run(&plan, &scenarios).unwrap();
        assert_eq!(found.len(), scenarios.len());
        for (lane, events) in scenarios.iter().enumerate() {
            let mut single = Simulation::new(network.clone(), events.clone(), Detail::Totals, &[]).unwrap();
            single.run();
            assert_eq!(found[lane], single.record.totals, "lane {lane}: every bit of every total");
        }
        assert!(found[10][5].output_value < found[0][5].output_value, "damage is felt");
    }
}

/// A network that is cut into tasks, chunks and buckets of sellers: the cuts are the same in both.
#[test]
fn same_bits_where_the_work_is_cut() {
    let network = ring(70_000).network(4);
    let scenarios = scenarios(70_000);
    let plan = Plan::new(network.clone(), Vec::new()).unwrap();
    assert!(plan.bulk.partitions.len() > 2 && plan.bulk.chunks.len() > 1 && plan.bulk.bucket < 70_000, "it is worth cutting");
    let found = batch::run(&plan, &scenarios[8..10]).unwrap();
    let mut single = Simulation::new(network, scenarios[9].clone(), Detail::Totals, &[]).unwrap();
    single.run();
    assert_eq!(found[1], single.record.totals);
}

#[test]
fn what_a_batch_does_not_know_is_refused() {
    let network = ring(20).network(5);
    let plan = Plan::new(network.clone(), Vec::new()).unwrap();
    let cancelled = Event {
        change: Change::Cancel(vec![ContractId(0)]),
        from: Day(1),
        to: None,
        value: 0.0,
        ramp_in_days: 0,
        ramp_out_days: 0,
        background: false,
    };
    assert_eq!(batch::run(&plan, &[vec![], vec![cancelled]]), Err(BatchError::Event { scenario: 1 }));
    let ruled = Firms { rationing: Rationing::LeastServed, ..ring(20) }.network(5);
    assert_eq!(batch::run(&Plan::new(ruled, Vec::new()).unwrap(), &[vec![]]), Err(BatchError::Ruled));
    let mut staffed = network;
    staffed.firms[0].workers = 5.0;
    assert_eq!(batch::run(&Plan::new(staffed, Vec::new()).unwrap(), &[vec![]]), Err(BatchError::NotBulk));
}
