//! Recoveries of the authors' program of Inoue & Todo (2019) against a small simulation of its equations, written down from the model's
//! description and the program's printed series, for networks, covers, recovery times and forced stops of which no output is stored.

mod firms;

use firms::{Firms, damage};
use ripstop::model::damage::Recovery;
use ripstop::model::network::Compat;
use ripstop::plan::Plan;
use ripstop::record::Detail;
use ripstop::run::Simulation;

const DAYS: usize = 50;

/// Small numbers, the same on every machine.
struct Rng(u64);

impl Rng {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % count
    }

    fn share(&mut self) -> f64 {
        self.below(1000) as f64 / 1000.0
    }
}

/// Twelve firms of four sectors; some sell to one another.
fn network(rng: &mut Rng) -> Firms {
    let sector: Vec<usize> = (0..12).map(|firm| firm % 4).collect();
    let mut links: Vec<(usize, usize, f64)> = Vec::new();
    while links.len() < 30 {
        let (from, to) = (rng.below(12), rng.below(12));
        if from != to && !links.iter().any(|link| (link.0, link.1) == (from, to)) {
            links.push((from, to, 0.1 + 2.0 * rng.share()));
        }
    }
    links.sort_by_key(|link| (link.0, link.1));
    let demand: Vec<f64> = (0..12).map(|_| 1.0 + 9.0 * rng.share()).collect();
    Firms { stock_days: 2.0 + rng.below(15) as f64, compat: Some(Compat::InoueTodo2019), ..Firms::new(&sector, &demand, &links) }
}

#[derive(Clone, Debug)]
struct Shock {
    day: usize,
    shares: Vec<(usize, f64)>,
    shape: Recovery,
    days: f64,
    stop: usize,
}

/// δ of every firm on every day.
fn deltas(firms: &Firms, shock: &Shock) -> Vec<Vec<f64>> {
    let count = firms.sector.len();
    let mut first = vec![0.0; count];
    for &(firm, share) in &shock.shares {
        first[firm] = share;
    }
    let mut now = vec![0.0; count];
    let mut course = Vec::new();
    for t in 0..DAYS {
        if t == shock.day {
            now.clone_from(&first);
        }
        // Days after the damage; it heals overnight, from the day after the stop on.
        let after = t as f64 - shock.day as f64;
        if t > shock.day + shock.stop {
            for firm in 0..count {
                now[firm] = match shock.shape {
                    Recovery::Linear => (now[firm] - first[firm] / shock.days).max(0.0),
                    Recovery::Step => (now[firm] - 1.0 / shock.days).max(0.0),
                    Recovery::Sudden => 0.0,
                    Recovery::Geometric if first[firm] == 0.0 => 0.0,
                    Recovery::Geometric => (now[firm] - now[firm] * (shock.days / first[firm])).max(0.0),
                    Recovery::Exponential => first[firm] * (-(after - 1.0) / shock.days).exp(),
                    Recovery::Damped => {
                        let mut around = Vec::new();
                        for &(supplier, client, _) in &firms.links {
                            around.extend((supplier == firm).then(|| now[client]));
                            around.extend((client == firm).then(|| now[supplier]));
                        }
                        let mean = if around.is_empty() { 0.0 } else { around.iter().sum::<f64>() / around.len() as f64 };
                        (now[firm] - now[firm] * (1.0 - mean) / shock.days).max(0.0)
                    }
                };
            }
        }
        course.push(now.clone());
    }
    course
}

/// Output of every day: stock, orders, demand, production, rationing in proportion.
fn simulate(firms: &Firms, shock: &Shock) -> Vec<f64> {
    let (count, links) = (firms.sector.len(), &firms.links);
    let (normal, tau) = (firms.output(), 6.0);
    let of_sector = |values: &[f64], firm: usize, sector: usize| -> f64 {
        links.iter().zip(values).filter(|(link, _)| link.1 == firm && firms.sector[link.0] == sector).map(|(_, value)| value).sum()
    };
    let a: Vec<f64> = links.iter().map(|link| link.2).collect();
    let mut stock: Vec<f64> = a.iter().map(|a| firms.stock_days * a).collect();
    let (mut delivered, mut made, mut outputs) = (a.clone(), normal.clone(), Vec::new());
    for delta in deltas(firms, shock) {
        let before = stock.clone();
        let mut wanted = firms.final_demand.clone();
        let mut orders = Vec::new();
        for (k, &(supplier, client, a_k)) in links.iter().enumerate() {
            let g = made[client] / normal[client];
            let sector = firms.sector[supplier];
            let all = of_sector(&before, client, sector);
            let used = if all > 0.0 { before[k] * g * of_sector(&a, client, sector) / all } else { 0.0 };
            stock[k] = (before[k] + delivered[k] - used).max(0.0);
            orders.push((a_k * g + (firms.stock_days * a_k * g - stock[k]) / tau).max(0.0));
            wanted[supplier] += orders[k];
        }
        for firm in 0..count {
            let mut most = (1.0 - delta[firm]) * normal[firm];
            for sector in 0..4 {
                let need = of_sector(&a, firm, sector);
                if need > 0.0 {
                    most = most.min(normal[firm] * of_sector(&stock, firm, sector) / need);
                }
            }
            made[firm] = most.min(wanted[firm]);
        }
        for (k, link) in links.iter().enumerate() {
            delivered[k] = if wanted[link.0] > 0.0 { orders[k] * made[link.0] / wanted[link.0] } else { 0.0 };
        }
        outputs.push(made.iter().sum());
    }
    outputs
}

#[test]
fn covers_times_stops_and_shapes_of_the_program() {
    let shapes = [Recovery::Linear, Recovery::Step, Recovery::Sudden, Recovery::Geometric, Recovery::Exponential, Recovery::Damped];
    let mut rng = Rng(7);
    let mut worst = 0.0_f64;
    for number in 0..120 {
        let firms = network(&mut rng);
        let mut damaged: Vec<usize> = (0..12).filter(|_| rng.below(3) > 0).collect();
        // The order of rows is no matter.
        damaged.reverse();
        let shares = damaged.into_iter().map(|firm| (firm, rng.share())).collect();
        let days = [1.0, 2.0, 7.5, 20.0, 0.4, 90.0][rng.below(6)];
        let shock = Shock { day: [0, 0, 3][rng.below(3)], shares, shape: shapes[number % 6], days, stop: [0, 0, 1, 5][rng.below(4)] };
        let (wanted, normal) = (simulate(&firms, &shock), firms.output().iter().sum::<f64>());
        let event = damage(shock.day as i32, &shock.shares, shock.shape, shock.days, shock.stop as u32);
        for general in [false, true] {
            let net = firms.network(DAYS as i32);
            let plan = if general { Plan::general(net, vec![event.clone()]) } else { Plan::new(net, vec![event.clone()]) };
            let mut run = Simulation::of(plan.unwrap(), Detail::Totals, &[]);
            run.run();
            for (t, &wanted) in wanted.iter().enumerate() {
                // Of an economy that has come down to nothing only rounding is left.
                let off = (run.record.totals[t].output_value - wanted).abs() / wanted.max(1e-3 * normal);
                worst = worst.max(off);
                assert!(off <= 1e-12, "{number} day {t}: off by {off:e}, {shock:?}");
            }
        }
    }
    println!("largest difference {worst:.2e}");
}
