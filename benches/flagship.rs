//! The flagship case: how long one run, a scenario with its counterfactual, and 200 draws take.
//!
//! `cargo bench -p ripstop-benches` prints times and the machine's memory bandwidth. Timing is never a test.

use std::path::Path;
use std::sync::LazyLock;

use divan::Bencher;
use ripstop::model::events::Event;
use ripstop::model::network::Network;
use ripstop::record::Detail;
use ripstop::run::{Simulation, run_with_counterfactual};
use ripstop_benches::bandwidth_gb_per_s;
use ripstop_case::network::Mapper;
use ripstop_case::{Case, Values, load};
use ripstop_study::study::{Request, study};

static CASE: LazyLock<Case> = LazyLock::new(|| {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases/sinuiju-2020");
    let loaded = load(&dir);
    let problems = loaded.errors();
    loaded.case.unwrap_or_else(|| panic!("{} has {problems} errors", dir.display()))
});

fn main() {
    println!("memory bandwidth, one thread, triad: {:.1} GB/s", bandwidth_gb_per_s());
    divan::main();
}

/// The case's default scenario and its base values.
fn base() -> (usize, Values) {
    let found = CASE.scenarios.iter().position(|s| s.name == CASE.meta.default_scenario);
    let scenario = found.unwrap_or_else(|| panic!("no scenario {}", CASE.meta.default_scenario));
    (scenario, CASE.parameters.values_in(&CASE.scenarios[scenario], &[]))
}

fn parts(mapper: &Mapper<'_>) -> (Network, Vec<Event>) {
    let (scenario, values) = base();
    let network = mapper.network(&values);
    let events = mapper.events(&network, &values, scenario);
    (network, events)
}

#[divan::bench(sample_count = 20)]
fn read_case(bencher: Bencher<'_, '_>) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases/sinuiju-2020");
    bencher.bench(|| load(&dir));
}

#[divan::bench]
fn instantiate(bencher: Bencher<'_, '_>) {
    let mapper = Mapper::new(&CASE);
    bencher.bench(|| parts(&mapper));
}

#[divan::bench]
fn single_run(bencher: Bencher<'_, '_>) {
    let mapper = Mapper::new(&CASE);
    bencher.with_inputs(|| parts(&mapper)).bench_values(|(network, events)| {
        let mut simulation = Simulation::new(network, events, Detail::Full, &[]).unwrap_or_else(|error| panic!("{error}"));
        simulation.run();
        simulation
    });
}

#[divan::bench]
fn scenario_and_counterfactual(bencher: Bencher<'_, '_>) {
    let mapper = Mapper::new(&CASE);
    bencher.with_inputs(|| parts(&mapper)).bench_values(|(network, events)| {
        run_with_counterfactual(network, events, Detail::Full, &[]).unwrap_or_else(|error| panic!("{error}"))
    });
}

#[divan::bench(sample_count = 5)]
fn draws_200(bencher: Bencher<'_, '_>) {
    let request = Request { scenario: base().0, rows: 0..200, seed: 1, sweep: false, record: None };
    bencher.bench(|| study(&CASE, &request, &|| ()).unwrap_or_else(|error| panic!("{error}")));
}
