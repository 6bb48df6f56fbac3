use ripstop_case::study::*;
fn main() {
    let t0 = std::time::Instant::now();
    let loaded = ripstop_case::load(std::path::Path::new("cases/sinuiju-2020"));
    for d in loaded.diagnostics.iter().take(40) { println!("{:?} {} {}:{}:{} {} | {:?} | {}", d.severity, d.code.id(), d.file.display(), d.line, d.column, d.message, d.suggestion, d.fix); }
    println!("{} diagnostics, load {:?}", loaded.diagnostics.len(), t0.elapsed());
    let Some(case) = loaded.case else { return };
    let draws: usize = std::env::args().nth(2).map_or(0, |a| a.parse().unwrap());
    let name = std::env::args().nth(1).unwrap_or("closure".into());
    let scenario = case.scenarios.iter().position(|s| s.name == name).unwrap();
    let s = study(&case, &Request { scenario, draws, seed: 1, sweep: draws > 0 }, &|| ()).unwrap();
    println!("{}", serde_json::to_string_pretty(&ripstop_case::output::summary(&case, &s, &name)).unwrap());
    for c in &s.claims { println!("{} {:?} {:?} {:?}", case.claims[c.claim].id, c.holds, c.answers.iter().map(|a| a.value).collect::<Vec<_>>(), c.share_of_draws); }
    println!("wall {} draws {} sweep {} joint {:?}", s.wall_seconds, s.draws_seconds, s.sweep_seconds, s.joint_share);
}
