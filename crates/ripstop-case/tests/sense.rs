//! What a case that can be read probably says otherwise than was meant. Every figure in a message is worked out here by hand.

mod common;

use common::Files;
use ripstop_case::{Code, Diagnostic, Loaded};
use ripstop_study::study::{Request, study};

/// A valid case with one edit.
fn edit(file: &str, from: &str, to: &str) -> Files {
    Files::valid().edit(file, from, to)
}

/// The case has this problem at the needle, whatever else follows from it.
fn has(files: &Files, code: Code, file: &str, needle: &str) -> Diagnostic {
    let (line, column) = files.place(file, needle, 0);
    let loaded = files.load();
    let at = |d: &&Diagnostic| d.code == code && d.file.to_str() == Some(file) && (d.line, d.column) == (line, column);
    loaded.diagnostics.iter().find(at).unwrap_or_else(|| panic!("{code:?} not at {line}:{column}: {:#?}", loaded.diagnostics)).clone()
}

#[test]
fn the_length_of_a_case() {
    // 301 years are more than 100,000 days; 270 are less.
    let fault = edit("case.toml", "end = 2020-12-31", "end = 2319-12-31").fails(Code::CaseTooLong, "case.toml", "2319-12-31");
    assert!(fault.message.contains("109937"), "{}", fault.message);
    edit("case.toml", "end = 2020-12-31", "end = 2288-12-31").case();
}

#[test]
fn routes_that_come_back() {
    let three = "out,1,port,town,2,bridge\nout,2,town,city,1,\nout,3,city,town,1,";
    edit("routes.csv", "out,1,port,town,2,bridge", three).fails(Code::RouteReturns, "routes.csv", "town,1,\nin");
    // To wait where one is, is no return: the first leg of `in` does.
    Files::valid().case();
}

#[test]
fn parties_of_contracts() {
    let own = edit("contracts.csv", "cloth,", "own,mill,mill,fabric,sale,home,,,5,,\ncloth,");
    own.fails(Code::SellsToItself, "contracts.csv", "mill,fabric");
    edit("orders.csv", "extra,coats", "extra,cloth").fails(Code::OrderNotScheduled, "orders.csv", "cloth");
    let fault = edit("firms.csv", "700,500,900", ",,").fails(Code::NobodyToWork, "lines.csv", "0.9");
    assert!(fault.message.contains("maker"));
    edit("firms.csv", "700,500,900", "many,,").fails(Code::NotANumber, "firms.csv", "many");
}

/// The maker makes 500 · 5/7 = 357 coats a day on average. Inputs set out on 1 January and arrive on the 3rd; coats take 2 days.
#[test]
fn orders_against_time() {
    let order = |due: &str, season: &str| edit("orders.csv", "2019-12-10,2020-02-15", &format!("{due},{season}"));
    // Sewn on the 3rd, coats arrive on the 5th: a day after the season.
    let fault = order("2019-01-04", "2019-01-04").fails(Code::SeasonEndsFirst, "orders.csv", "2019-01-04\n");
    assert!(fault.message.contains("arrives on 2019-01-05"), "{}", fault.message);
    // A day later one day's work arrives in time.
    let fault = order("2019-01-05", "2019-01-05").fails(Code::SeasonTooShort, "orders.csv", "2019-01-05\n");
    assert!(fault.message.contains("at most 357 "), "{}", fault.message);
    // Three days, the 3rd to the 5th, make 1,071.
    let fault = order("2019-01-05", "").fails(Code::OrderTooLarge, "orders.csv", "1200");
    assert!(fault.message.contains("2019-01-03") && fault.message.contains("1071"), "{}", fault.message);
    order("2019-01-05", "").edit("orders.csv", "1200", "1071").case();
    order("2019-01-06", "").case();
    // Of orders by calendar the contract is named, once.
    let fault = edit("calendars.csv", "09-10,0.5,02-29", "09-10,0.5,09-10").edit("routes.csv", "port,town,2", "port,town,72");
    let fault = has(&fault, Code::SeasonEndsFirst, "contracts.csv", "winter");
    assert!(fault.message.contains("1 more"), "{}", fault.message);
}

#[test]
fn goods_that_come_after_the_case() {
    let late = edit("contracts.csv", "winter,40000", ",").without("calendars.csv").edit("orders.csv", "2020-02-15", "");
    late.case();
    // Begun on 2 October 2019, on the way for 800 days.
    let late = late.edit("routes.csv", "port,town,2", "port,town,800");
    let fault = late.fails(Code::ArrivesAfterCase, "orders.csv", "1200");
    assert!(fault.message.contains("2021-12-10"), "{}", fault.message);
    edit("calendars.csv", "season_end\nwinter,09-10,0.5,02-29", "season_end,first_due\nwinter,09-10,0.5,02-29,2021-05-01")
        .edit("calendars.csv", "02-28", "02-28,")
        .fails(Code::OutsideCase, "calendars.csv", "2021-05-01");
}

#[test]
fn value_and_prices() {
    // 2.8 m of fabric at 5 USD are 14 USD.
    let fault = edit("products.csv", "consigned,,150", "consigned,10,150").fails(Code::ValueVanishes, "products.csv", "10,150");
    assert!(fault.message.contains("10 USD") && fault.message.contains("14 USD"), "{}", fault.message);
    edit("products.csv", "consigned,,150", "consigned,14,150").case();
    // 0.9 days of 110 USD a month of 21.7 working days: 4.55 USD.
    let fault = edit("contracts.csv", "out,in,6", "out,in,4").fails(Code::PricedBelowCost, "contracts.csv", "4,winter");
    assert!(fault.message.contains("4.554"), "{}", fault.message);
    edit("contracts.csv", "out,in,6", "out,in,4.6").case();
    // A mill that weaves yarn for 6 USD sells a metre for 5.
    let weaves = edit("products.csv", "fabric,Fabric,metre,,5", "yarn,Yarn,kg,,6,,\nfabric,Fabric,metre,,7")
        .edit("recipes.csv", "client\n", "client\nfabric,yarn,1,,\n")
        .edit("firms.csv", "mill,Mill", "spinner,Spinner,town,,textiles,,,,,,,assumed,\nmill,Mill")
        .edit("lines.csv", "mill,fabric", "spinner,yarn,none,,\nmill,fabric")
        .edit("terms.csv", "home,", "stock,restock,continuous,,,,,,\nhome,")
        .edit("contracts.csv", "cloth,", "yarn,spinner,mill,yarn,sale,stock,,,6,,\ncloth,");
    weaves.fails(Code::PricedBelowCost, "contracts.csv", "5,,\n");
    weaves.edit("contracts.csv", "home,,,5", "home,,,6").case();
    let fault = edit("contracts.csv", "out,in,6", "out,in,").fails(Code::NeverPaid, "firms.csv", "$wage");
    assert!(fault.message.contains("maker"));
}

/// Two years of 40,000 coats and 1,200 more, over 731 days: 111.1 a day.
#[test]
fn volumes() {
    let fault = has(&edit("lines.csv", "500,0.9", "40,0.9"), Code::VolumeOutOfReach, "lines.csv", "40");
    assert!(fault.message.contains(" 111 a day") && fault.message.contains("28.571"), "{}", fault.message);
    // 111.1 · 0.9 = 99.97 worker-days a day, of 100 · 5/7.
    let few = edit("firms.csv", "700,500,900", "100,50,150");
    let fault = has(&few, Code::VolumeOutOfReach, "firms.csv", "100,50");
    assert!(fault.message.contains("99.973") && fault.message.contains("71.429"), "{}", fault.message);
    let steady = edit("lines.csv", "client,coat,,,true", "client,coat,70,,true").edit("demand.csv", "09-01,02-28", ",");
    steady.fails(Code::VolumeOutOfReach, "lines.csv", "70");
    steady.edit("lines.csv", "70,,true", "80,,true").case();
}

#[test]
fn never_ordered() {
    let none = edit("contracts.csv", "winter,40000", ",").without("calendars.csv").without("orders.csv");
    has(&none, Code::NeverOrdered, "contracts.csv", "sewing");
    edit("lines.csv", "mill,fabric", "mill,coat,none,,\nmill,fabric").fails(Code::NeverOrdered, "lines.csv", "coat,none");
    let more = |row: &str| edit("contracts.csv", "cloth,", &format!("{row}\ncloth,"));
    let fault = more("more,mill,maker,fabric,sale,home,in,,5,,").fails(Code::NeverOrdered, "contracts.csv", "home,in");
    assert!(fault.message.contains("consignments"));
    let stock = more("more,mill,client,fabric,sale,stock,,,5,,").edit("terms.csv", "home,", "stock,restock,continuous,,,,,,\nhome,");
    assert!(stock.fails(Code::NeverOrdered, "contracts.csv", "stock").message.contains("refill"));
    let empty = Files::valid().without("recipes.csv");
    has(&empty, Code::NothingToProcess, "contracts.csv", "processing,");
    has(&empty, Code::NeverOrdered, "contracts.csv", "home");
}

#[test]
fn shares() {
    let share = |cell: &str| Files::valid().column("contracts.csv", "share", &["", cell]);
    share("1").case();
    assert!(share("0.7").fails(Code::SharesOff, "contracts.csv", "0.7").message.contains("client needs of fabric"));
    // Told at the first contract by id: cloth, then silk.
    let two = share("0.7").edit("contracts.csv", "cloth,", "silk,mill,client,fabric,sale,home,,,6,,,0.6\ncloth,");
    assert!(two.fails(Code::SharesOff, "contracts.csv", "0.7").message.contains("1.3"));
    two.edit("contracts.csv", "0.6", "0.3").case();
    let fault = edit("calendars.csv", "0.5,02-29", "0.6,02-29").fails(Code::SharesOff, "calendars.csv", "0.6");
    assert!(fault.message.contains("1.1"));
}

#[test]
fn events_that_do_nothing() {
    let nobody = edit("events.csv", "sector:garments ; firm:mill", "sector:textiles");
    assert!(nobody.fails(Code::EventWithoutEffect, "events.csv", "place:port").message.contains("no firm"));
    edit("events.csv", "02-01,0.2", "02-01,1").fails(Code::EventWithoutEffect, "events.csv", "1,,,,background");
    let ramp = Files::valid().column("events.csv", "ramp_out_days", &["5", "5", ""]);
    let (line, _) = ramp.place("events.csv", "shut", 0);
    let column = ramp.text("events.csv").lines().nth(line - 1).unwrap().len();
    ramp.fails_at(Code::EventWithoutEffect, "events.csv", line, column);
    edit("case.toml", "[scenarios.bank]", "[scenarios.calm]\n\n[scenarios.bank]").fails(Code::ScenarioWithoutEvents, "case.toml", "calm");
    edit("case.toml", "[scenarios.bank]", "[scenarios.calm]\nabout = \"Nothing happens.\"\n\n[scenarios.bank]").case();
    // The border may shut on 22 January at the earliest.
    edit("case.toml", "as_of = 2020-04-17", "as_of = 2020-01-21").fails(Code::ResultsBeforeEvents, "case.toml", "2020-01-21");
    edit("case.toml", "as_of = 2020-04-17", "as_of = 2020-01-22").case();
    edit("case.toml", "seed = 7", "class_priority = [\"consigned\"]").fails(Code::UnusedSetting, "case.toml", "\"consigned\"");
}

#[test]
fn rows_that_nothing_uses() {
    edit("places.csv", "town,", "isle,Isle,KR,,\ntown,").fails(Code::UnusedRow, "places.csv", "isle");
    edit("routes.csv", "out,1", "way,1,port,town,3,bridge\nout,1").fails(Code::UnusedRow, "routes.csv", "way");
    edit("crossings.csv", "bridge,", "ferry,Ferry,port,city\nbridge,").fails(Code::UnusedRow, "crossings.csv", "ferry");
    edit("groups.csv", "unha,", "gone,Gone,CN\nunha,").fails(Code::UnusedRow, "groups.csv", "gone");
    edit("terms.csv", "home,", "spare,plan,continuous,,,,,,\nhome,").fails(Code::UnusedRow, "terms.csv", "spare");
    edit("calendars.csv", "winter,09", "summer,05-01,1,\nwinter,09").fails(Code::UnusedRow, "calendars.csv", "summer");
    edit("products.csv", "coat,", "hat,Hat,piece,,,,\ncoat,").fails(Code::UnusedRow, "products.csv", "hat");
    let hats = edit("products.csv", "coat,", "hat,Hat,piece,,,,\ncoat,").edit("recipes.csv", "coat,", "hat,fabric,1,,\ncoat,");
    assert!(hats.fails(Code::UnusedRow, "recipes.csv", "hat").message.contains("nobody makes"));
    let idle = edit("firms.csv", "client,Client", "idle,Idle,town,,trade,,,,,,,assumed,\nclient,Client");
    idle.fails(Code::UnusedRow, "firms.csv", "idle");
    idle.edit("firms.csv", ",,assumed,\nclient", ",,inferred,\nclient").column("firms.csv", "opening_cash_usd", &["", "9", "", ""]).case(); // it hands its cash to its group
    let twice = edit("orders.csv", "extra,", "again,coats,1200,2019-12-10,2020-02-15\nextra,");
    assert!(twice.fails(Code::SameRowTwice, "orders.csv", "extra").message.contains("again in line 2"));
    twice.edit("orders.csv", "again,coats,1200", "again,coats,1201").case();
}

#[test]
fn evidence() {
    edit("sources.csv", "s1,", "s9,Said,Daily,2018,en,B,\ns1,").fails(Code::UncitedSource, "sources.csv", "s9");
    let files = edit("sources.csv", "2018,en,B", "2018,en,");
    let (line, column) = files.place("sources.csv", "2018,en,", 0);
    files.fails_at(Code::UngradedSource, "sources.csv", line, column + "2018,en,".len());
    let assumed = Files::valid().column("demand.csv", "basis", &["assumed"]);
    assumed.fails(Code::AssumedRowWithoutRange, "demand.csv", "80");
    assumed.column("demand.csv", "quantity_per_day_low", &["60"]).column("demand.csv", "quantity_per_day_high", &["90"]).case();
    let fault = edit("parameters.csv", "$lead * 2,days", "$lead * 2,weeks").fails(Code::UnitDiffers, "terms.csv", "$double_lead");
    assert!(fault.message.contains("weeks") && fault.message.contains("days"), "{}", fault.message);
}

/// Percent where a share is read: what was meant is offered.
#[test]
fn percent() {
    let fault = edit("recipes.csv", "0.06", "6").fails(Code::AboveMaximum, "recipes.csv", "6\n".trim_end());
    assert_eq!(fault.suggestion.as_deref(), Some("0.06"));
    let fault = edit("events.csv", ",0,,CN", ",5,,CN").fails(Code::AboveMaximum, "events.csv", "5,,CN");
    assert_eq!(fault.suggestion.as_deref(), Some("0.05"));
}

/// After an error nothing is said of sense: a misspelt id would make half of the case look unused.
#[test]
fn one_fault_is_one_diagnostic() {
    edit("contracts.csv", "sewing,out", "sweing,out").fails(Code::UnknownId, "contracts.csv", "sweing");
}

fn load_and_refuse(files: &Files) -> Loaded {
    let mut loaded = files.load();
    loaded.refuse();
    loaded
}

/// What the engine refuses has a code and a place.
#[test]
fn refusals_of_the_engine() {
    let loaded = load_and_refuse(&Files::steady_loop());
    let fault = loaded.diagnostics.iter().find(|d| d.code == Code::NoSteadyState).unwrap();
    assert_eq!((fault.file.to_str(), fault.line, fault.column), (Some("recipes.csv"), 2, 5));
    assert!(fault.message.contains("x, y"), "{}", fault.message);
    assert!(loaded.case.is_none());
    let works = Files::steady_loop().edit("recipes.csv", "x,y,1.2", "x,y,0.5").edit("recipes.csv", "y,x,1.2", "y,x,0.5");
    assert_eq!(load_and_refuse(&works).errors(), 0);
    // A steady start with a contract that only a scenario orders by schedule.
    let scheduled = works
        .with("parameters.csv", "name,value,unit\nhow,restock,choice\n")
        .with("terms.csv", "id,ordering\nstock,$how\n")
        .edit("case.toml", "about", "set = { how = \"schedule\" }\nabout");
    let loaded = load_and_refuse(&scheduled);
    assert!(loaded.diagnostics.iter().any(|d| d.code == Code::SteadyWithSchedule), "{:#?}", loaded.diagnostics);
}

/// A formula that is fine in the base case and not at the low end of 5 days, which a run tries.
#[test]
fn formulas_over_ranges() {
    let fault = edit("terms.csv", "$double_lead", "$double_lead - 12").edit("case.toml", "lead = 3, ", "");
    let fault = fault.fails(Code::BelowMinimum, "terms.csv", "$double_lead - 12");
    assert!(fault.message.contains("is -2") && fault.message.contains("`lead` at its low end"), "{}", fault.message);
    has(&edit("demand.csv", ",80,", ",80 / ($lead - 5),"), Code::NotFinite, "demand.csv", "80 / (");
}

/// A chain of formulas, each over one range more: the range that breaks the last of them is named, and no other.
#[test]
fn formulas_over_a_chain_of_ranges() {
    let chain = |links: usize, last: &str| {
        let link = |k: usize| format!("q{k},1,m,0.9,1.1,assumed\nx{k},$x{} + $q{k} - 1,m,,,inferred\n", k - 1);
        let rows: String = (1..=links).map(link).collect();
        let parameters = format!("name,value,unit,low,high,basis\nx0,1,m,1,1,assumed\n{rows}last,{last},m,,,inferred\n");
        edit("demand.csv", ",80,", ",$last,").with("parameters.csv", parameters)
    };
    let fault = |files: &Files, code: Code| files.load().diagnostics.into_iter().filter(|found| found.code == code).collect::<Vec<_>>();
    // Fine at every end, though the bounds of fifty ranges together reach below zero.
    assert_eq!(fault(&chain(50, "$x50"), Code::BelowMinimum).len(), 0);
    let found = fault(&chain(50, "$x50 - ($q7 - 0.95) * 30 + 1.5"), Code::BelowMinimum);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("`q7` at its high end"), "{}", found[0].message);
    // Too many to try: said, not passed over.
    assert_eq!(fault(&chain(50, "$x50"), Code::RangesNotTried).len(), 0);
    assert_eq!(fault(&chain(5000, "$x5000"), Code::RangesNotTried).len(), 1);
}

/// A word that a scenario sets says what the number beside it may be.
#[test]
fn a_scenario_changes_what_a_number_may_be() {
    let files = Files::valid()
        .with(
            "parameters.csv",
            "name,value,unit,low,high,basis\nhow,schedule,choice,,,\nlead,10,days,5,15,assumed\ndouble_lead,$lead * 2,days,,,\n",
        )
        .with("terms.csv", "id,ordering,stock_days\nsmall,$how,0.5\n")
        .edit("case.toml", "set = { ", "set = { how = \"restock\", ");
    let found = files.load().diagnostics.into_iter().find(|found| found.code == Code::BelowMinimum);
    let found = found.expect("half a day of stock is too little for who restocks");
    assert!(found.message.contains("in scenario") && found.message.contains("stock_days"), "{found:?}");
}

/// A formula that is fine at every end and not in a draw that takes two of them: the cell is named.
#[test]
fn refusals_of_a_draw() {
    let case = edit("terms.csv", "$double_lead", "$lead - $back").edit(
        "parameters.csv",
        "double_lead,$lead * 2,days,,,inferred,,,\n",
        "back,4.9,days,0,9.9,assumed,,,\n",
    );
    let case = case.edit("case.toml", "lead = 3, ", "").edit("contracts.csv", "40000", "30000").load();
    assert_eq!(case.diagnostics, []);
    let case = case.case.unwrap();
    let request = Request { scenario: 0, rows: 0..100, seed: 1, sweep: true, record: None };
    let fault = study(&case, &request, &|| ()).map(|_| ()).unwrap_err().diagnostic;
    assert_eq!((fault.code, fault.file.to_str(), fault.line), (Code::CannotSimulate, Some("terms.csv"), 2));
    assert!(fault.message.contains("input_lead_days") && fault.column > 30, "{fault:?}");
}

/// Five hundred faults of ten kinds are named in one pass, each in its own line.
#[test]
fn five_hundred_faults() {
    let faults = ["x,2019-12-10,", "-1,2019-12-10,", "9,soon,", "9,2019-13-10,", "1/0,2019-12-10,", "9,,", ",2019-12-10,"];
    let more = ["9,2019-12-10,2019-01-01", "$nothing,2019-12-10,", "(9,2019-12-10,"];
    let rows = (0..500).map(|row| format!("o{row},coats,{}\n", faults.iter().chain(&more).nth(row % 10).unwrap()));
    let orders: String = std::iter::once("id,contract,quantity,due_date,season_end\n".to_owned()).chain(rows).collect();
    let loaded = Files::valid().with("orders.csv", orders).load();
    let lines: Vec<usize> = loaded.diagnostics.iter().map(|found| found.line).collect();
    assert_eq!(lines, (2..502).collect::<Vec<_>>());
    assert_eq!(loaded.errors(), 500);
}
