//! National networks: memory, milliseconds a day and a year's wall time against the machine's bandwidth; batches; threads; linear growth.
//!
//! `cargo bench -p ripstop-benches --bench firms -- [WHAT ...]` with WHAT of `sizes`, `layout`, `batch`, `threads`, `chain`, `linear`
//! (default: all), or `profile` or `profile R2`: thirty days, for a profiler. `RIPSTOP_PLOT=FILE` writes the plot of `linear`. Timing is
//! never a test.

use std::time::Instant;

use rayon::ThreadPoolBuilder;
use ripstop::bulk::batch;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::LineId;
use ripstop::model::network::Rationing;
use ripstop::plan::Plan;
use ripstop::record::Detail;
use ripstop::record::content;
use ripstop::run::Simulation;
use ripstop_benches::networks::{self, Labels, Shape};
use ripstop_benches::{bandwidth_gb_per_s, memory_peak_bytes};

const YEAR: i32 = 365;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wants = |what: &str| asked.is_empty() || asked.iter().any(|a| a == what);
    println!("memory bandwidth, one thread, triad: {:.1} GB/s; threads: {}", bandwidth_gb_per_s(), rayon::current_num_threads());
    if asked.iter().any(|a| a == "profile") {
        profile(asked.iter().any(|a| a == "R2"));
        return;
    }
    if wants("chain") {
        chain();
    }
    if wants("linear") {
        linear();
    }
    if wants("layout") {
        layout();
    }
    if wants("threads") {
        threads();
    }
    if wants("batch") {
        batch_against_single();
    }
    if wants("sizes") {
        sizes();
    }
}

/// Some days of a million firms, each by itself, for a profiler.
fn profile(least_served: bool) {
    let rule = if least_served { Rationing::LeastServed } else { Rationing::Proportional };
    let (_, _, mut run) = begin(shape(1_000_000, 10_000_000, rule));
    for day in 0..30 {
        println!("day {day}: {:.1} ms", 1e3 * seconds(|| run.step()).0);
    }
}

fn shape(firms: usize, links: usize, rationing: Rationing) -> Shape {
    Shape { firms, links, rationing, by_supplier: true, labels: Labels::Scattered, days: YEAR }
}

fn seconds<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let started = Instant::now();
    let result = work();
    (started.elapsed().as_secs_f64(), result)
}

fn begin(shape: Shape) -> (f64, f64, Simulation) {
    let (made, network) = seconds(|| networks::firms(shape));
    let (compiled, run) = seconds(|| {
        Simulation::new(network, vec![networks::shock(shape.firms)], Detail::Totals, &[]).unwrap_or_else(|error| panic!("{error}"))
    });
    assert!(run.plan.only_bulk);
    (made, compiled, run)
}

/// Bytes one day must move at least, per contract: stock read and written, share and seller read.
const BYTES_PER_CONTRACT: f64 = 28.0;
/// The same per firm and per input: some columns of each.
const BYTES_PER_FIRM: f64 = 150.0;
const BYTES_PER_INPUT: f64 = 36.0;

fn sizes() {
    let bandwidth = bandwidth_gb_per_s() * 1e9;
    println!("\nA year with one firm in a hundred damaged, audit on, stock per supplier, f64");
    println!(
        "firms      contracts   rule  make s  compile s  ms/day  worst  bound  {YEAR} days s  residual  audit %  plan B/contract  peak GB"
    );
    for (firms, links) in [(100_000, 500_000), (1_000_000, 5_000_000), (1_000_000, 10_000_000)] {
        for (rule, name) in [(Rationing::Proportional, "R0"), (Rationing::LeastServed, "R2")] {
            let (made, compiled, mut run) = begin(shape(firms, links, rule));
            let mut days = Vec::new();
            let (year, ()) = seconds(|| {
                for _ in 0..YEAR {
                    days.push(seconds(|| run.step()).0);
                }
            });
            let bulk = &run.plan.bulk;
            let moved = links as f64 * BYTES_PER_CONTRACT + firms as f64 * BYTES_PER_FIRM + bulk.row_use.len() as f64 * BYTES_PER_INPUT;
            let worst = days.iter().copied().fold(0.0, f64::max);
            let record = &run.record;
            assert!(record.goods_residual_max() < 1e-9);
            println!(
                "{firms:<10} {links:<11} {name:<5} {made:>6.1} {compiled:>10.1} {:>7.1} {:>6.0} {:>6.1} {year:>11.1} {:>9.0e} {:>8.1} {:>16.0} {:>8.2}",
                1e3 * median(&mut days),
                1e3 * worst,
                1e3 * moved / bandwidth,
                record.goods_residual_max(),
                100.0 * audit_share(&run, year),
                (bulk.bytes() + 8 * run.state.bulk_stock.len()) as f64 / links as f64,
                memory_peak_bytes() as f64 / 1e9,
            );
        }
    }
}

/// What summing the bulk goods anew from the whole state would take, as a share of a day; the sweep does it on the way.
fn audit_share(run: &Simulation, year: f64) -> f64 {
    let mut sums = vec![0.0; run.plan.network.products.len()];
    let (once, _) = seconds(|| content::tally(&run.plan, &run.state, &mut sums, &mut []));
    once / (year / f64::from(YEAR))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Milliseconds a day over some days after the damage.
fn per_day(run: &mut Simulation, days: usize) -> f64 {
    run.step();
    run.step();
    let mut times: Vec<f64> = (0..days).map(|_| seconds(|| run.step()).0).collect();
    1e3 * median(&mut times)
}

fn layout() {
    println!("\nLayout, 1M firms, 5M contracts: ms/day, one thread");
    let one = ThreadPoolBuilder::new().num_threads(1).build().unwrap_or_else(|error| panic!("{error}"));
    for by_supplier in [true, false] {
        for labels in [Labels::Scattered, Labels::ByDegree] {
            let (_, _, mut run) = begin(Shape { by_supplier, labels, ..shape(1_000_000, 5_000_000, Rationing::Proportional) });
            let time = one.install(|| per_day(&mut run, 20));
            let stock = if by_supplier { "per supplier" } else { "per product" };
            println!("stock {stock:<13} ids {labels:?}: {time:.1}");
        }
    }
}

fn threads() {
    println!("\nThreads, 1M firms, 10M contracts: ms/day");
    for (rule, name) in [(Rationing::Proportional, "R0"), (Rationing::LeastServed, "R2")] {
        let (_, _, run) = begin(shape(1_000_000, 10_000_000, rule));
        let mut hashes = Vec::new();
        for count in [1, 2] {
            let pool = ThreadPoolBuilder::new().num_threads(count).build().unwrap_or_else(|error| panic!("{error}"));
            let mut run = run.clone();
            let time = pool.install(|| per_day(&mut run, 20));
            hashes.push(run.state.hash());
            println!("{name} {count} threads: {time:.1}");
        }
        assert_eq!(hashes[0], hashes[1], "same bits");
    }
}

fn batch_against_single() {
    const SCENARIOS: usize = 32;
    let days = 20;
    println!("\nBatch, 1M firms, 5M contracts, {days} days: {SCENARIOS} scenarios at once against one at a time");
    let network = networks::firms(Shape { days, ..shape(1_000_000, 5_000_000, Rationing::Proportional) });
    let scenario = |k: usize| {
        let shares = (k..1_000_000).step_by(100).map(|firm| (LineId::from(firm), 0.5 + 0.01 * k as f64)).collect();
        let change = Change::Damage { shares, shape: Recovery::Linear, recovery_days: 30.0, stop_days: 0 };
        let from = ripstop::model::calendar::Day(1);
        vec![Event { change, from, to: None, value: 0.0, ramp_in_days: 0, ramp_out_days: 0, background: false }]
    };
    let scenarios: Vec<Vec<Event>> = (0..SCENARIOS).map(scenario).collect();
    for threads in [1, 2] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|error| panic!("{error}"));
        let mut single = Simulation::new(network.clone(), scenario(3), Detail::Totals, &[]).unwrap_or_else(|error| panic!("{error}"));
        let one = pool.install(|| seconds(|| single.run()).0);
        let plan = Plan::new(network.clone(), Vec::new()).unwrap_or_else(|error| panic!("{error}"));
        let (all, found) = pool.install(|| seconds(|| batch::run(&plan, &scenarios).unwrap_or_else(|error| panic!("{error}"))));
        assert_eq!(found[3], single.record.totals, "same bits");
        println!(
            "{threads} threads: one run {:.1} ms/day; {SCENARIOS} at once {:.1} ms/day each: {:.1} times the throughput",
            1e3 * one / f64::from(days),
            1e3 * all / f64::from(days) / SCENARIOS as f64,
            one * SCENARIOS as f64 / all
        );
    }
    println!("peak memory {:.2} GB", memory_peak_bytes() as f64 / 1e9);
}

fn chain() {
    println!("\nA routed chain by the general rules: transit of 3 days, a crossing, prices, wages");
    for contracts in [10_000, 100_000] {
        let (compiled, mut run) = seconds(|| {
            Simulation::new(networks::chain(contracts, YEAR), Vec::new(), Detail::Totals, &[]).unwrap_or_else(|error| panic!("{error}"))
        });
        let (year, ()) = seconds(|| run.run());
        println!(
            "{contracts} contracts: compile {compiled:.2} s, {YEAR} days {year:.2} s, {:.0} ns per contract and day, residuals {:.0e} {:.0e}",
            1e9 * year / f64::from(YEAR) / contracts as f64,
            run.record.goods_residual_max(),
            run.record.money_residual_max()
        );
    }
}

/// Milliseconds a day from ten thousand to ten million contracts, ten per firm; a table, and a plot if asked for.
fn linear() {
    println!("\nLinear growth: ten contracts a firm, R0 and R2, ms/day");
    let mut points = Vec::new();
    for links in [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000] {
        let times = [Rationing::Proportional, Rationing::LeastServed].map(|rule| {
            let (_, _, mut run) = begin(shape(links / 10, links, rule));
            per_day(&mut run, 30)
        });
        let ns = times.map(|time| 1e6 * time / links as f64);
        println!("{links:>9} contracts: R0 {:>8.3} ({:.1} ns each)   R2 {:>8.3} ({:.1} ns each)", times[0], ns[0], times[1], ns[1]);
        points.push((links as f64, times));
    }
    if let Ok(path) = std::env::var("RIPSTOP_PLOT") {
        std::fs::write(&path, plot(&points)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

/// Both axes logarithmic; a straight line of slope one is linear growth.
fn plot(points: &[(f64, [f64; 2])]) -> String {
    let (width, height, left, top) = (640.0, 400.0, 70.0, 30.0);
    let x = |links: f64| left + (links.log10() - 4.0) / 3.0 * (width - left - 40.0);
    let y = |ms: f64| top + (3.0 - ms.log10()) / 5.0 * (height - top - 60.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"{left}\" y=\"18\" font-size=\"14\">Milliseconds a day by number of contracts</text>\n"
    );
    for (power, label) in [(-2, "0.01"), (-1, "0.1"), (0, "1"), (1, "10"), (2, "100"), (3, "1,000")] {
        let at = y(10_f64.powi(power));
        svg += &format!(
            "<line x1=\"{left}\" y1=\"{at:.1}\" x2=\"{:.1}\" y2=\"{at:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>\n",
            x(1e7),
            left - 8.0,
            at + 4.0
        );
    }
    for (power, label) in [(4, "10,000"), (5, "100,000"), (6, "1 million"), (7, "10 million")] {
        let at = x(10_f64.powi(power));
        svg += &format!("<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{label}</text>\n", height - 36.0);
    }
    svg += &format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">contracts, ten a firm</text>\n",
        (left + x(1e7)) / 2.0,
        height - 12.0
    );
    for (rule, (name, colour, dash)) in
        [("proportional (R0)", "#1f5fa8", ""), ("least served first (R2)", "#b3541e", "6 3")].into_iter().enumerate()
    {
        let line: Vec<String> = points.iter().map(|(links, times)| format!("{:.1},{:.1}", x(*links), y(times[rule]))).collect();
        svg += &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/>\n",
            line.join(" ")
        );
        for point in line {
            let (px, py) = point.split_once(',').unwrap_or_default();
            svg += &format!("<circle cx=\"{px}\" cy=\"{py}\" r=\"3\" fill=\"{colour}\"/>\n");
        }
        let legend = top + 20.0 + 18.0 * rule as f64;
        svg += &format!(
            "<line x1=\"{:.1}\" y1=\"{legend:.1}\" x2=\"{:.1}\" y2=\"{legend:.1}\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\"/><text x=\"{:.1}\" y=\"{:.1}\">{name}</text>\n",
            left + 12.0,
            left + 40.0,
            left + 46.0,
            legend + 4.0
        );
    }
    svg + "</svg>\n"
}
