//! Evidence on the teaching case `chain-closure`, whose days are worked out by hand in its README: what passes the bridge, what is woven.
//!
//! March: 100 kg to the 10th, none to the 20th, 10 + 20 + 20 + 10 + 10 to the 25th, 60 to the 31st: 230 kg, 460 USD. April: 300 kg, 600 USD.
//! Without the events 310 kg, 620 USD, and 600 USD. Woven in March: 140 m to the 14th, none to the 22nd, 90 m to the 31st: 230 m, 1150 USD.

mod common;

use std::path::Path;

use common::TempDir;
use ripstop_case::{Case, Code, load};
use ripstop_study::evidence::{Comparison, Evidence, Finding};
use ripstop_study::inputs::Inputs;
use ripstop_study::output::{Format, RunFacts, take_place, write};
use ripstop_study::study::{Request, Study, study};

const HEADER: &str = "id,date,series,value,unit,kind,compare,measure,of,toward,period,base,limits,note\n";

/// The teaching case with observations and edits (file, from, to).
fn case(dir: &TempDir, rows: &str, edits: &[(&str, &str, &str)]) -> Case {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/teaching/chain-closure");
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
    }
    for (file, from, to) in edits {
        let path = dir.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has {from}");
        std::fs::write(path, text.replacen(from, to, 1)).unwrap();
    }
    std::fs::write(dir.path().join("observations.csv"), format!("{HEADER}{rows}")).unwrap();
    let of = |guess: &&str| rows.contains(&format!("{},", guess.split(',').next().unwrap()));
    let guesses: Vec<&str> = GUESSES.lines().filter(of).collect();
    if !guesses.is_empty() {
        std::fs::write(dir.path().join("guesses.csv"), format!("observation,name,value,why\n{}\n", guesses.join("\n"))).unwrap();
    }
    let loaded = load(dir.path());
    assert_eq!(loaded.diagnostics, []);
    loaded.case.unwrap()
}

fn run(case: &Case, draws: usize) -> Study {
    study(case, &Request { scenario: 0, rows: 0..draws, seed: 1, sweep: false, record: None }, &|| {}).unwrap()
}

/// The evidence of a run without draws, and its comparisons.
fn evidence(rows: &str, edits: &[(&str, &str, &str)]) -> (Evidence, Vec<Comparison>) {
    let dir = TempDir::new();
    let evidence = run(&case(&dir, rows, edits), 0).evidence;
    let comparisons = evidence.comparisons();
    (evidence, comparisons)
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

const BELOW: &str = "\
m3,2024-03,yarn_trade,0.5,USD thousand,reported,below,passed_value,,YY,,,A part of a whole.,\n\
m4,2024-04,yarn_trade,0.55,thousand USD,derived,below,passed_value,,YY,,,A part of a whole.,\n\
shut,2024-03-15,yarn_trade,10,USD,official,below,passed_value,,YY,,,,\n\
weak,2024-03-22,yarn_trade,30,USD,derived_weak,below,passed_value,,YY,,,,a guess of somebody\n\
typo,2024-03-23,yarn_trade,30,USD,reported_suspect,below,passed_value,,YY,,,,misprint\n";

#[test]
fn below_names_the_months_that_fail_and_counts_no_weak_row() {
    let (evidence, comparisons) = evidence(BELOW, &[]);
    for (row, value) in [460.0, 600.0, 0.0, 40.0, 40.0].into_iter().enumerate() {
        near(evidence.simulated[row], value);
    }
    for (row, value) in [620.0, 600.0, 20.0, 20.0, 20.0].into_iter().enumerate() {
        near(evidence.without[row], value);
    }
    let [comparison] = &comparisons[..] else { panic!("one series, one comparison") };
    let Finding::Below(found) = &comparison.finding else { panic!("{comparison:?}") };
    assert_eq!(comparison.rows, [0, 1, 2, 3, 4], "the weak rows are shown");
    assert_eq!(comparison.limits, ["A part of a whole."], "said once");
    assert_eq!((found.counted, &found.fails[..], found.silent, found.fails_without), (3, &[1][..], 1, 3));
    let (row, share) = found.largest.unwrap();
    assert_eq!(row, 1, "40 USD of 30 is more, but weak");
    near(share, 600.0 / 550.0);
    assert_eq!((found.share_of_draws, found.largest_band), (None, None), "base run only");
}

#[test]
fn below_holds_where_everything_is_below() {
    let (_, comparisons) = evidence("m4,2024-04,yarn_trade,600,USD,,below,passed_value,crossing:bridge,YY,,,,\n", &[]);
    let Finding::Below(found) = &comparisons[0].finding else { panic!() };
    assert_eq!((found.counted, found.fails.len(), found.silent), (1, 0, 0), "equal is not above; a blank kind is `reported`");
    let (back, _) = evidence("back,2024-04,yarn_trade,600,USD,,below,passed_value,,XX,,,,\n", &[]);
    assert_eq!(back.simulated, [0.0], "nothing goes the other way");
    let delivered = |toward: &str| format!("d{toward},2024-04,yarn_trade,600,USD,,below,delivered_value,product:yarn,{toward},,,,\n");
    let (evidence, _) = evidence(&format!("{}{}{}", delivered("YY"), delivered("XX"), delivered("")), &[]);
    assert_eq!(evidence.simulated, [600.0, 0.0, 600.0], "into YY, into XX, anywhere");
}

const RATIO: &str = "\
near,2024-03,yarn_fall,0.7,ratio to April,derived,ratio,passed_value,,YY,,2024-04,,\n\
far,2024-03,yarn_fall,0.85,ratio to April,derived,ratio,delivered_value,product:yarn,YY,,2024-04,,\n\
weak,2024-03,yarn_fall,0.7,ratio to April,derived_weak,ratio,passed_value,,YY,,2024-04,,\n";

/// Rows of guesses.csv, of which those are written whose observation there is.
const GUESSES: &str = "near,all,0.8,all trade fell so\nnear,worse,0.5,some trade fell so\nfar,all,0.8,all trade fell so";

#[test]
fn a_ratio_stands_beside_guesses_and_the_closer_is_named() {
    let (evidence, comparisons) = evidence(RATIO, &[]);
    assert_eq!(comparisons.len(), 3);
    let ratio = |at: usize| match &comparisons[at].finding {
        Finding::Ratio(ratio) => ratio,
        other => panic!("{other:?}"),
    };
    // Per day: March has 31 days and April 30, in the run as in what was published.
    let per_day = |total: f64| total * 30.0 / 31.0;
    let simulated = per_day(460.0 / 600.0);
    near(ratio(0).simulated, simulated);
    near(ratio(0).without, 1.0);
    near(ratio(0).observed, per_day(0.7));
    near(ratio(0).error, simulated - per_day(0.7));
    let guesses: Vec<(&str, f64)> = ratio(0).guesses.iter().map(|g| (g.name.as_str(), g.value)).collect();
    let (all, worse) = (("all", per_day(0.8)), ("worse", per_day(0.5)));
    assert_eq!(guesses, [all, worse, ("no change", 1.0), ("the run without the events", ratio(0).without)]);
    assert_eq!((ratio(0).run_is_closer, ratio(0).best_guess().name.as_str()), (Some(true), "all"));
    // 0.767 misses 0.85 by more than the guess of 0.8 does.
    assert_eq!((ratio(1).run_is_closer, ratio(1).best_guess().name.as_str()), (Some(false), "all"));
    near(ratio(1).simulated, simulated);
    assert_eq!(ratio(2).run_is_closer, None, "a weak row has no verdict");
    assert!(!evidence.rows[2].is_sound());
}

#[test]
fn a_guess_as_close_as_the_run_is_preferred() {
    let rows = "tie,2024-03,yarn_fall,0.8,ratio to April,derived,ratio,passed_value,,YY,2024-04,2024-04,,\n";
    let (evidence, comparisons) = evidence(rows, &[]);
    assert_eq!(evidence.simulated, [1.0], "`period` stands in for the date");
    let Finding::Ratio(ratio) = &comparisons[0].finding else { panic!() };
    assert_eq!(ratio.run_is_closer, Some(false), "the run says what `no change` says");
}

#[test]
fn the_last_month_above_is_found_and_compared() {
    let shut = [("events.csv", "2024-03-11,2024-03-20", "2024-04-01,2024-04-30")];
    let rows = "\
        stop,2024-03,yarn_stop,0.5,share of the mean of March,derived,last_above,passed_value,,YY,,2024-03,,\n\
        late,2024-04,yarn_stop,0.5,share of the mean of March,derived,last_above,passed_value,,YY,,2024-03,,\n\
        weak,2024-03,yarn_stop,0.5,share of the mean of March,derived_weak,last_above,passed_value,,YY,,2024-03,,\n";
    let (_, comparisons) = evidence(rows, &shut);
    let agrees: Vec<Option<bool>> = comparisons
        .iter()
        .map(|c| match &c.finding {
            Finding::LastAbove(found) => {
                assert_eq!(found.simulated.unwrap().to_string(), "2024-03-01", "620 USD in March, nothing in April");
                assert_eq!(found.without.unwrap().to_string(), "2024-04-01");
                found.agrees
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(agrees, [Some(true), Some(false), None]);
    let never = "never,2024-03,yarn_stop,1.5,share of the mean of March,derived,last_above,passed_value,,YY,,2024-03,,\n";
    let (_, comparisons) = evidence(never, &[]);
    let Finding::LastAbove(found) = &comparisons[0].finding else { panic!() };
    assert_eq!((found.simulated, found.agrees), (None, Some(false)), "600 is not above 1.5 times 460");
}

#[test]
fn guesses_are_read_from_their_table_and_an_older_file_is_told_so() {
    let dir = TempDir::new();
    case(&dir, RATIO, &[]);
    let found = |file: &str, text: &str| {
        std::fs::write(dir.path().join(file), text).unwrap();
        load(dir.path()).diagnostics.into_iter().map(|d| (d.code, d.fix)).collect::<Vec<_>>()
    };
    let guess = |row: &str| found("guesses.csv", &format!("observation,name,value,why\n{row}\n"));
    assert_eq!(guess("near,all,0.8,so")[..], []);
    for (row, code) in [
        ("nobody,all,0.8,so", Code::UnknownId),
        ("near,all,0.8,", Code::MissingCell),
        ("near,no change,1,so", Code::DuplicateId),
        ("near,all,0.8,so\nnear,all,0.7,so", Code::DuplicateId),
    ] {
        assert_eq!(guess(row).iter().map(|d| d.0).collect::<Vec<_>>(), [code], "{row}");
    }
    guess("near,all,0.8,so");
    let old = HEADER.replace("base,", "base,naive,");
    let row = "near,2024-03,yarn_fall,0.7,ratio to April,derived,ratio,passed_value,,YY,,2024-04,all,,\n";
    let told = found("observations.csv", &format!("{old}{row}"));
    assert!(told.iter().any(|(code, fix)| *code == Code::UnknownColumn && fix.contains("guesses.csv")), "{told:?}");
}

#[test]
fn sizes_have_no_verdict_and_other_times_are_allowed() {
    let rows = "\
        big,1999,cloth_sales,2,USD thousand,reported,size,made_value,sector:weaving,,2024-03,,Long ago.,\n\
        old,2001,cloth_sales,1,USD thousand,derived_weak,size,made_value,sector:weaving,,2024-03,,,\n\
        work,1999,cloth_per_worker,800,m,reported,size,made_per_worker,firm:weaver,,2024-04,,,\n\
        apart,2024-03,customs,0,USD,reported,none,,,,,,,it is not in the statistics\n";
    let labour = [
        ("firms.csv", "opening_cash_usd\n", "opening_cash_usd,workers\n"),
        ("firms.csv", "spinning,\n", "spinning,,\n"),
        ("firms.csv", "weaving,1000", "weaving,1000,5"),
        ("lines.csv", "capacity_per_day,note", "capacity_per_day,note,labour_days_per_unit"),
        ("lines.csv", "usual day", "usual day,"),
        ("lines.csv", "weaver,cloth,20,", "weaver,cloth,20,,0.1"),
    ];
    let (evidence, comparisons) = evidence(rows, &labour);
    near(evidence.simulated[0], 1150.0);
    near(evidence.simulated[2], 300.0 / 5.0 * 365.0 / 30.0);
    assert_eq!(comparisons.len(), 3);
    assert!(matches!(&comparisons[0].finding, Finding::Size(value, None) if (value - 1150.0).abs() < 1e-6));
    assert_eq!(comparisons[0].rows, [0, 1], "one figure of the run, two of others");
    assert!(matches!(&comparisons[2].finding, Finding::Nothing));
    assert!(evidence.simulated[3].is_nan());
}

#[test]
fn draws_give_bands_and_shares() {
    let dir = TempDir::new();
    let parameters = "name,value,unit,low,high,basis,note\nwanted,10,m/day,5,15,assumed,\n";
    std::fs::write(dir.path().join("parameters.csv"), parameters).unwrap();
    let rows = "m4,2024-04,yarn_trade,600,USD,reported,below,passed_value,,YY,,,,\n";
    let case = case(&dir, rows, &[("demand.csv", ",10,5,0", ",$wanted,5,0")]);
    let evidence = run(&case, 40).evidence;
    assert_eq!(evidence.draws.len(), 40);
    let Finding::Below(found) = &evidence.comparisons()[0].finding else { panic!() };
    // Demand of 5 to 15 m a day needs 300 to 900 USD of yarn: half of the draws lie below 600.
    let share = found.share_of_draws.unwrap();
    // Four standard errors of 40 draws.
    assert!((share - 0.5).abs() < 0.32, "{share}");
    let band = found.largest_band.unwrap();
    assert!(band.outer.0 <= band.inner.0 && band.inner.0 <= band.inner.1 && band.inner.1 <= band.outer.1, "{band:?}");
    let (low, high) = band.outer;
    assert!((0.5..0.7).contains(&low) && (1.3..1.5).contains(&high), "{low} to {high}");
}

#[test]
fn evidence_is_written_when_there_is_some_and_the_folder_stays_ours() {
    let dir = TempDir::new();
    let case_dir = TempDir::new();
    let observed = case(&case_dir, &format!("{BELOW}{RATIO}").replace("weak,2024-03,", "weak2,2024-03,"), &[]);
    let facts = RunFacts {
        scenario: "closure",
        seed: 1,
        threads: 1,
        arguments: Vec::new(),
        started: String::new(),
        finished: String::new(),
        format: Format::Csv,
        scenario_index: 0,
        events: Vec::new(),
        sweep: false,
        inputs: &Inputs::of(&observed).unwrap(),
    };
    let out = dir.path().join("run");
    write(&take_place(&out).unwrap(), &observed, &run(&observed, 0), &facts, None).unwrap();
    let text = std::fs::read_to_string(out.join("evidence.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let below = &json["comparisons"][0];
    assert_eq!((&below["compare"], &below["run"], &below["counts"]), (&"below".into(), &"passed_value toward YY".into(), &true.into()));
    assert_eq!(below["finding"]["fails"], serde_json::json!(["m4"]));
    assert_eq!(below["observations"][3]["counts"], false);
    assert_eq!(below["observations"][0]["observed"], 500.0);
    assert_eq!(json["comparisons"][1]["finding"]["closer"], "run");
    assert_eq!(json["comparisons"][2]["finding"]["closer"], "all");
    assert_eq!(
        (&json["comparisons"][3]["counts"], &json["comparisons"][3]["finding"]["closer"]),
        (&false.into(), &serde_json::Value::Null)
    );
    take_place(&out).expect("a folder with evidence.json is a run of ours");
    std::fs::remove_file(case_dir.path().join("observations.csv")).unwrap();
    std::fs::remove_file(case_dir.path().join("guesses.csv")).unwrap();
    let bare = load(case_dir.path()).case.unwrap();
    write(&take_place(&out).unwrap(), &bare, &run(&bare, 0), &facts, None).unwrap();
    assert!(!out.join("evidence.json").exists(), "nothing to compare, no file; the earlier run is replaced whole");
}
