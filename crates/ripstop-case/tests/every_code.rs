//! Every code of the table is triggered by a case here, at run time: a code that nothing triggers is a code nobody has seen work.

mod common;

use common::{Files, RATES};
use ripstop_case::{Code, Severity, load};
use ripstop_study::study::{Request, study};
use std::collections::BTreeSet;

/// The valid case, or the one that uses every option, with one edit each: what to find and what to put there.
const EDITS: &[(Code, &str, &str, &str)] = &[
    (Code::TomlSyntax, "case.toml", "seed = 7", "seed = = 7"),
    (Code::UnknownKey, "case.toml", "seed", "sead"),
    (Code::MissingKey, "case.toml", "title = \"Two towns\"\n", ""),
    (Code::WrongType, "case.toml", "seed = 7", "seed = \"7\""),
    (Code::UnknownColumn, "lines.csv", "capacity_per_day", "capcity_per_day"),
    (Code::DuplicateColumn, "groups.csv", "id,name,country", "id,name,name"),
    (Code::MissingColumn, "products.csv", "unit,", "note,"),
    (Code::WrongCellCount, "places.csv", "city,City,KR,,", "city,City,KR"),
    (Code::MissingCell, "places.csv", "city,City,KR", "city,City,"),
    (Code::BadId, "places.csv", "city,City", "ci$ty,City"),
    (Code::DuplicateId, "places.csv", "city,City", "port,City"),
    (Code::UnknownId, "firms.csv", "Maker,port", "Maker,prot"),
    (Code::NotANumber, "demand.csv", ",80,", ",many,"),
    (Code::NotFinite, "demand.csv", ",80,", ",1 / 0,"),
    (Code::BelowMinimum, "demand.csv", ",80,", ",-80,"),
    (Code::AboveMaximum, "recipes.csv", "0.06", "1.06"),
    (Code::NotWhole, "case.toml", "seed = 7", "seed = 1.5"),
    (Code::NotADate, "orders.csv", "2019-12-10", "2019-12-40"),
    (Code::NotAMonthDay, "calendars.csv", "09-10", "30-09"),
    (Code::DateOutsideCase, "case.toml", "as_of = 2020-04-17", "as_of = 2021-04-17"),
    (Code::UnknownWord, "case.toml", "\"empty\"", "\"emty\""),
    (Code::NotACountry, "groups.csv", "Unha,CN", "Unha,cn"),
    (Code::BadExpression, "routes.csv", "$lead / 10", "$lead / (10"),
    (Code::UnknownParameter, "routes.csv", "$lead / 10", "2 * $laed"),
    (Code::ParameterCycle, "parameters.csv", "lead,10,days,5,15", "lead,$double_lead,days,,"),
    (Code::WrongParameter, "recipes.csv", ",client", ",$lead"),
    (Code::RangeReversed, "parameters.csv", "5,15", "15,5"),
    (Code::OutsideRange, "parameters.csv", "10,days", "20,days"),
    (Code::HalfRange, "parameters.csv", "5,15", "5,"),
    (Code::RangeNotAllowed, "firms.csv", "700,500,900", "$lead,500,900"),
    (Code::AssumedWithoutRange, "parameters.csv", "5,15", ","),
    (Code::BadSelector, "events.csv", "crossing:bridge", "bridge"),
    (Code::WrongTarget, "events.csv", "crossing:bridge", "firm:maker"),
    (Code::UnknownScenario, "events.csv", "closure;bank", "clsure"),
    (Code::LikeCircle, "case.toml", "[scenarios.bank]\n", "[scenarios.bank]\nlike = \"bank\"\n"),
    (Code::DatesReversed, "events.csv", "2020-01-25,2020-02-01", "2020-01-25,2019-02-01"),
    (Code::UnreachableBuyer, "contracts.csv", "sewing,out,in", "sewing,in,in"),
    (Code::MissingRoute, "contracts.csv", "sewing,out,in", "sewing,,in"),
    (Code::BrokenRoute, "routes.csv", "in,2,town", "in,3,town"),
    (Code::CrossingOffRoute, "routes.csv", "$lead / 10,", "$lead / 10,bridge"),
    (Code::InputNobodySells, "recipes.csv", "client", "maker"),
    (Code::NoSuchLine, "demand.csv", "client,coat", "mill,coat"),
    (Code::ClaimIsInput, "firms.csv", "sourced,s1", "sourced,s1;s2"),
    (Code::MissingForKind, "contracts.csv", "winter,40000", "winter,"),
    (Code::NotForKind, "contracts.csv", "home,,,5", "home,,in,5"),
    (Code::SteadyWithSchedule, "case.toml", "\"empty\"", "\"steady\""),
    (Code::MissingBound, "claims.toml", "at_most = 0.2\n", ""),
    (Code::CannotCompare, "observations.csv", "million USD", "million EUR"),
    (Code::CaseTooLong, "case.toml", "end = 2020", "end = 2320"),
    (Code::RouteReturns, "routes.csv", "out,1,port,town,2,bridge", "out,1,port,town,2,bridge\nout,2,town,city,1,\nout,3,city,town,1,"),
    (Code::OrderNotScheduled, "orders.csv", "extra,coats", "extra,cloth"),
    (Code::SellsToItself, "contracts.csv", "cloth,", "own,mill,mill,fabric,sale,home,,,5,,\ncloth,"),
    (Code::NobodyToWork, "firms.csv", "700,500,900", ",,"),
    (Code::SeasonEndsFirst, "orders.csv", "2019-12-10,2020-02-15", "2019-01-04,2019-01-04"),
    (Code::UnusedParameter, "parameters.csv", "wage,110", "more,1,days,1,2,assumed,,,\nwage,110"),
    (Code::OutsideCase, "orders.csv", "2019-12-10", "2018-12-10"),
    (Code::PlanRealised, "case.toml", "seed = 7", "plan = \"realised\""),
    (Code::UnknownClass, "events.csv", "CN,consigned", "CN,consinged"),
    (Code::SourcedWithoutSource, "firms.csv", "sourced,s1", "sourced,"),
    (Code::ValueVanishes, "products.csv", "consigned,,150", "consigned,10,150"),
    (Code::PricedBelowCost, "contracts.csv", "out,in,6", "out,in,4"),
    (Code::SameRowTwice, "orders.csv", "extra,", "again,coats,1200,2019-12-10,2020-02-15\nextra,"),
    (Code::VolumeOutOfReach, "lines.csv", "500,0.9", "40,0.9"),
    (Code::ResultsBeforeEvents, "case.toml", "as_of = 2020-04-17", "as_of = 2020-01-21"),
    (Code::OrderTooLarge, "orders.csv", "2019-12-10", "2019-01-05"),
    (Code::SeasonTooShort, "orders.csv", "2019-12-10,2020-02-15", "2019-01-05,2019-01-05"),
    (Code::NeverPaid, "contracts.csv", "out,in,6", "out,in,"),
    (Code::NeverOrdered, "lines.csv", "mill,fabric", "mill,coat,none,,\nmill,fabric"),
    (Code::SharesOff, "calendars.csv", "0.5,02-29", "0.6,02-29"),
    (Code::EventWithoutEffect, "events.csv", "02-01,0.2", "02-01,1"),
    (Code::NothingToCut, "events.csv", "attendance,\"place:port & sector:garments ; firm:mill\"", "capacity,firm:mill"),
    (Code::UnusedSetting, "case.toml", "seed = 7", "class_priority = [\"consigned\"]"),
    (Code::ScenarioWithoutEvents, "case.toml", "[scenarios.bank]", "[scenarios.calm]\n\n[scenarios.bank]"),
    (Code::UnusedRow, "places.csv", "town,", "isle,Isle,KR,,\ntown,"),
    (Code::UncitedSource, "sources.csv", "s1,", "s9,Said,Daily,2018,en,B,\ns1,"),
    (Code::UngradedSource, "sources.csv", "2018,en,B", "2018,en,"),
    (Code::UnclosedQuote, "places.csv", "town,Town", "town,\"Town"),
    (Code::PriceFarFromValue, "contracts.csv", "home,,,5", "home,,,500"),
    (Code::BorderWithoutCrossing, "routes.csv", "town,2,bridge", "town,2,"),
    (Code::StartsBeforeCase, "events.csv", "$shut,,0", "2018-12-01,,0"),
    (Code::ClaimWithoutTest, "claims.toml", "id = \"C02\"", "id = \"C03\"\nkind = \"outcome\"\ntext = \"x\"\n\n[[claim]]\nid = \"C02\""),
    (Code::SeasonAlmostAYear, "demand.csv", "09-01,02-28", "03-02,02-28"),
    (Code::UnitDiffers, "parameters.csv", "$lead * 2,days", "$lead * 2,weeks"),
    (Code::SizeDoubtful, "events.csv", "02-01,0.2", "02-01,50"),
    (Code::CountryUnknown, "groups.csv", "Unha,CN", "Unha,UK"),
];

/// Edits of the case with limits in tonnes.
const LIMITED: &[(Code, &str, &str, &str)] = &[
    (Code::MissingWeight, "products.csv", "0.4,1.5", "0.4,"),
    (Code::NoDayAtLimit, "routes.csv", "town,port,1,bridge", "town,port,0.4,bridge"),
    (Code::TrafficWithoutLimit, "crossings.csv", "capacity,40", "flow,"),
    (Code::TwoLimits, "routes.csv", "days,crossing\nout,1,port,town,2,bridge", "days,crossing,tonnes_per_day\nout,1,port,town,2,bridge,60"),
];

/// Edits of the case with law and behaviour of its own.
const RULED: &[(Code, &str, &str, &str)] = &[
    (Code::BadGoodsCode, "products.csv", ",6201", ",9901"),
    (Code::UnknownVintage, "rules/own.toml", "HS2017", "HS2016"),
    (Code::BadInstant, "rules/own.toml", "2019-06-01T00:00:00+08:00", "2019-06-01"),
    (Code::LawInBehaviour, "behaviour/half.toml", "basis =", "in_force = 2019-06-01\nbasis ="),
    (Code::BehaviourInLaw, "rules/own.toml", "paragraph = \"1\"", "compliance_share = 0.5"),
    (Code::ContradictoryDates, "rules/own.toml", "adopted = 2019-05-01", "adopted = 2019-07-01"),
    (Code::UnknownRule, "behaviour/half.toml", "OWN-1", "OWN-2"),
    (Code::UnknownBehaviour, "case.toml", "[\"half\"]", "[\"hafl\"]"),
    (Code::RuleAsksNothing, "rules/own.toml", "[[rule.when]]\nconsignment_from = [\"CN\"]\nconsignment_to = [\"KR\"]\n", ""),
    (Code::BadFact, "crossings.csv", "+08:00", "China"),
    (Code::RuleMatchesNothing, "rules/own.toml", "consignment_from = [\"CN\"]", "consignment_from = [\"JP\"]"),
    (Code::CodeMissing, "products.csv", ",5407", ","),
    (Code::ClockMissing, "crossings.csv", "+08:00", ""),
];

/// A case of two firms by links.
fn linked(links: &str, firms: &str) -> Files {
    let case = "[case]\ntitle = \"Two\"\nstart = 2024-01-01\nend = 2024-02-01\ndefault_scenario = \"calm\"\n\n[scenarios.calm]\nabout = \"Nothing.\"\n";
    Files::empty()
        .with("case.toml", case)
        .with("firms.csv", format!("id,sector,final_demand_per_day\n{firms}"))
        .with("links.csv", format!("seller,buyer,value_per_day\n{links}"))
}

/// What takes more than one edit.
fn others() -> Vec<(Code, Files)> {
    let valid = Files::valid;
    let column = |file: &str, name: &str, cells: &[&str]| valid().column(file, name, cells);
    let stands_by = column("terms.csv", "moves_share", &["0.5", ""]);
    let spare = stands_by
        .edit("firms.csv", "client,Client", "spare,Spare,port,,garments,9,5,12,$wage,,,assumed,\nclient,Client")
        .edit("lines.csv", "client,coat", "spare,coat,20,0.9,\nclient,coat")
        .column("contracts.csv", "standby_share", &["", ""])
        .edit("contracts.csv", "cloth,mill", "spare,spare,client,coat,processing,home,out,in,7,,,0.3\ncloth,mill");
    let rates = RATES.replacen("CNY", "USD", 1);
    let late = valid().edit("contracts.csv", "winter,40000", ",").without("calendars.csv").edit("orders.csv", "2020-02-15", "");
    let partly = Files::limited().edit("events.csv", "$shut,,0,", "$shut,,0.05,");
    let around = column("contracts.csv", "alternative_routes", &["out", ""]);
    let oversold = linked("1,2,10\n", "1,a,,9\n2,b,10,\n").edit("firms.csv", "final_demand_per_day", "final_demand_per_day,output_per_day");
    vec![
        (Code::MissingFile, valid().without("places.csv")),
        (Code::NotUtf8, valid().with("places.csv", b"id,name,country\nport,P\xf6rt,CN\ntown,,KR\ncity,,KR\n")),
        (Code::UnknownCurrency, column("contracts.csv", "currency", &["", "KRW"])),
        (Code::OwnCurrency, valid().with("exchange_rates.csv", rates)),
        (Code::GivenTwice, column("firms.csv", "wage_per_month", &["700", "", ""])),
        (Code::StandbyOrdersOtherwise, spare),
        (Code::UnknownFile, valid().with("frims.csv", "id\n")),
        (Code::NoOtherTraffic, partly.edit("traffic.csv", "bridge,CN,ore,30\n", "")),
        (Code::NobodyStandsBy, column("terms.csv", "moves_share", &["0.5", ""])),
        (Code::StandsByForNobody, column("contracts.csv", "standby_share", &["0.3", ""])),
        (Code::SwitchesNothing, column("contracts.csv", "switch_share", &["0.3", ""])),
        (Code::SharesDoNotBind, valid().edit("case.toml", "[settings]\n", "[settings]\nshares = \"bind\"\ncompat = \"inoue-todo-2019\"\n")),
        (Code::SpoilsAtOnce, column("products.csv", "spoilage_share_per_day", &["", "1"])),
        (Code::SameRoute, around),
        (Code::UnknownGoodsCode, Files::ruled().with("rules/hs.csv", "vintage,code,title\nHS2017,620293,Anoraks\nHS2017,540752,Fabric\n")),
        (Code::TooManyWords, many_papers()),
        (Code::ArrivesAfterCase, late.edit("routes.csv", "port,town,2", "port,town,800")),
        (Code::NothingToProcess, valid().without("recipes.csv")),
        (Code::AssumedRowWithoutRange, column("demand.csv", "basis", &["assumed"])),
        (Code::RotsInStore, column("products.csv", "spoilage_share_per_day", &["", "0.3"]).edit("terms.csv", "home,plan", "home,restock")),
        (Code::NoContracts, valid().without("contracts.csv").without("orders.csv").without("events.csv").without("demand.csv")),
        (Code::FileNameCase, valid().with("Demand.csv", valid().text("demand.csv")).without("demand.csv")),
        (Code::FirmWithoutSector, linked("1,2,10\n", "1,,\n2,b,10\n")),
        (Code::SellsNothing, linked("1,2,10\n", "1,a,\n2,b,\n")),
        (Code::DuplicateLink, linked("1,2,5\n1,2,5\n", "1,a,\n2,b,10\n")),
        (Code::SelfLink, linked("1,2,10\n2,2,1\n", "1,a,\n2,b,10\n")),
        (Code::ZeroLink, linked("1,2,10\n2,1,0\n", "1,a,\n2,b,10\n")),
        (Code::NegativeValueAdded, linked("1,2,10\n", "1,a,\n2,b,9\n")),
        (Code::SellsMoreThanMade, oversold),
        (Code::PriceTaken, Files::steady_loop().edit("products.csv", "x,kg,1\ny,kg,1", "x,kg,\ny,kg,")),
        (Code::WrongSeparator, valid().with("groups.csv", valid().text("groups.csv").replace(',', "|"))),
    ]
}

/// A law that asks for more papers than are told apart.
fn many_papers() -> Files {
    let papers: Vec<String> = (0..70).map(|k| format!("\"paper-{k}\"")).collect();
    Files::ruled().edit("rules/own.toml", "\nbefore = 2019", &format!("\nneeds = [{}]\nbefore = 2019", papers.join(", ")))
}

/// Codes that other test files trigger: a folder in place of a file, a steady loop, a draw that fails.
fn triggered_elsewhere() -> Vec<Code> {
    let dir = common::TempDir::new();
    std::fs::create_dir(dir.path().join("case.toml")).unwrap();
    let mut codes: Vec<Code> = load(dir.path()).diagnostics.iter().map(|found| found.code).collect();
    let mut steady = Files::steady_loop().load();
    steady.refuse();
    codes.extend(steady.diagnostics.iter().map(|found| found.code));
    let draws = Files::valid()
        .edit("terms.csv", "$double_lead", "$lead - $back")
        .edit("parameters.csv", "double_lead,$lead * 2,days,,,inferred,,,\n", "back,4.9,days,0,9.9,assumed,,,\n")
        .edit("case.toml", "lead = 3, ", "");
    let request = Request { scenario: 0, rows: 0..100, seed: 1, sweep: true, record: None };
    let failed = study(&draws.load().case.unwrap(), &request, &|| ()).map(|_| ());
    codes.push(failed.unwrap_err().diagnostic.code);
    codes
}

fn found(files: &Files, code: Code) -> bool {
    let loaded = files.load();
    let here = loaded.diagnostics.iter().filter(|found| found.code == code);
    // Whatever is said can be gone to and acted on.
    here.inspect(|found| assert!(found.line > 0 && found.column > 0 && !found.fix.is_empty() && !found.message.is_empty(), "{found:?}"))
        .count()
        > 0
}

#[test]
fn every_code_of_the_table_is_triggered() {
    let mut seen: BTreeSet<Code> = triggered_elsewhere().into_iter().collect();
    let edits = EDITS.iter().map(|edit| (edit, Files::valid())).chain(LIMITED.iter().map(|edit| (edit, Files::limited())));
    let edits = edits.chain(RULED.iter().map(|edit| (edit, Files::ruled())));
    let edits = edits.map(|((code, file, from, to), files)| (*code, files.edit(file, from, to)));
    for (code, files) in edits.chain(others()) {
        assert!(found(&files, code), "{} ({code:?}) is not triggered: {:#?}", code.id(), files.load().diagnostics);
        seen.insert(code);
    }
    // A code that another file of these tests names is triggered there: readers have tests of their own.
    let tests = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")).unwrap().flatten();
    let texts = tests.filter(|file| !file.file_name().to_string_lossy().starts_with("every_code"));
    let mut texts: Vec<String> = texts.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
    // Those about run folders are triggered where the binary is tested.
    texts.push(include_str!("../../ripstop-cli/tests/runs.rs").to_owned());
    texts.push(include_str!("../../ripstop-cli/tests/hostile.rs").to_owned());
    texts.push(include_str!("../../ripstop-cli/tests/places.rs").to_owned());
    let missing: Vec<_> = Code::all()
        .iter()
        .filter(|code| !seen.contains(code) && !texts.iter().any(|text| text.contains(&format!("Code::{code:?}"))))
        .collect();
    assert!(missing.is_empty(), "nothing triggers {missing:?}: add a line to EDITS");
    assert!(seen.len() >= 60, "{} codes are triggered here", seen.len());
    let warnings = seen.iter().filter(|code| code.severity() == Severity::Warning).count();
    assert!(warnings >= 25, "{warnings} warnings");
}
