//! Inoue & Todo (2019) on a network of 200 firms: every day and series of the authors' program, to 1e-12.

mod firms;

use std::path::Path;

use firms::{Firms, damage};
use ripstop::damage::Recovery;
use ripstop::network::{Compat, Rationing};
use ripstop::run::Simulation;
use ripstop::series::Detail;

fn read(name: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/inoue-todo").join(name);
    let text = std::fs::read_to_string(path).expect("the reference is part of the tests");
    text.lines().map(|line| line.split_whitespace().map(str::to_string).collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

/// A column of `firm value` rows.
fn column(name: &str, firms: usize) -> Vec<f64> {
    let mut values = vec![0.0; firms];
    for row in read(name) {
        values[row[0].parse::<usize>().expect("a firm")] = number(&row[1]);
    }
    values
}

fn reference(rationing: Rationing, compat: Option<Compat>) -> Firms {
    let sector: Vec<usize> = read("F.txt").iter().map(|row| row[1].parse().expect("a sector")).collect();
    let links: Vec<(usize, usize, f64)> =
        read("A.txt").iter().map(|row| (row[0].parse().expect("a firm"), row[1].parse().expect("a firm"), number(&row[2]))).collect();
    Firms { rationing, compat, ..Firms::new(&sector, &column("C.txt", sector.len()), &links) }
}

fn shocked(firms: &Firms) -> Simulation {
    let shares: Vec<(usize, f64)> = read("D.txt").iter().map(|row| (row[0].parse().expect("a firm"), number(&row[1]))).collect();
    let events = vec![damage(0, &shares, Recovery::Linear, f64::INFINITY, 0)];
    let mut run = Simulation::new(firms.network(60), events, Detail::Totals, &[]).expect("the network is consistent");
    assert!(run.plan.only_plain, "the network asks nothing special");
    run.run();
    run
}

/// Largest relative difference from a reference series, over all days from 0 on.
fn difference(name: &str, found: impl Fn(usize) -> f64) -> f64 {
    let expected = read(name);
    assert_eq!(expected.len(), 61, "{name}: a row for the day before and one for each day");
    expected[1..].iter().enumerate().map(|(t, row)| (found(t) / number(&row[1]) - 1.0).abs()).fold(0.0, f64::max)
}

fn compare(rule: &str, run: &Simulation) {
    let totals = &run.record.totals;
    for (series, difference) in [
        ("output", difference(&format!("pact_{rule}.txt"), |t| totals[t].output_value)),
        ("value added", difference(&format!("va_{rule}.txt"), |t| totals[t].value_added)),
        ("final consumption", difference(&format!("fc_{rule}.txt"), |t| totals[t].demand_met)),
    ] {
        println!("{rule} {series}: {difference:.2e}");
        assert!(difference <= 1e-12, "{rule} {series}: off by {difference:e}");
    }
}

#[test]
fn the_given_output_is_final_demand_plus_sales() {
    let firms = reference(Rationing::Proportional, None);
    for (found, expected) in firms.output().iter().zip(column("P.txt", firms.sector.len())) {
        assert!((found / expected - 1.0).abs() < 1e-14);
    }
}

#[test]
fn proportional_rationing_is_the_authors_to_the_last_digits() {
    let run = shocked(&reference(Rationing::Proportional, None));
    compare("R0", &run);
    assert!(run.record.goods_residual_max() <= 1e-12);
    assert!(run.record.totals[59].output_value < 0.5 * run.record.totals[0].output_value, "damage that stays brings the economy down");
}

#[test]
fn least_served_in_compat_is_the_authors_to_the_last_digits() {
    let run = shocked(&reference(Rationing::LeastServed, Some(Compat::InoueTodo2019)));
    compare("R2", &run);
    // What the program's rule adds or keeps back is booked, so the proof holds all the same.
    assert!(run.record.goods_residual_max() <= 1e-12, "{}", run.record.goods_residual_max());
    let misdealt: f64 = run.record.totals.iter().map(|totals| totals.misdealt_value).sum();
    println!("misdealt in 60 days: {misdealt:.1}");
    assert!((10.0..200.0).contains(&misdealt), "the program's rule does not conserve: {misdealt}");
}

#[test]
fn least_served_conserves_and_differs_from_the_program() {
    let run = shocked(&reference(Rationing::LeastServed, None));
    assert!(run.record.goods_residual_max() <= 1e-12, "{}", run.record.goods_residual_max());
    assert!(run.record.totals.iter().all(|totals| totals.misdealt_value == 0.0));
    let off = difference("pact_R2.txt", |t| run.record.totals[t].output_value);
    println!("conserving R2 differs from the program by up to {off:.3}");
    assert!((0.05..0.2).contains(&off), "{off}");
}
