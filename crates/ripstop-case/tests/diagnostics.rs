//! Every code is triggered, at the right line and column, and alone: one fault is one diagnostic.

mod common;

use common::{Files, RATES};
use ripstop_case::{Code, load};

/// A valid case with one edit.
fn edit(file: &str, from: &str, to: &str) -> Files {
    Files::valid().edit(file, from, to)
}

#[test]
fn missing_file() {
    let fault = Files::valid().without("places.csv").fails_at(Code::MissingFile, "places.csv", 1, 1);
    assert!(fault.message.contains("places.csv"));
    let loaded = Files::valid()
        .without("case.toml")
        .edit("events.csv", "closure;bank", "background")
        .edit("events.csv", "closure\n", "background\n")
        .load();
    let codes: Vec<_> = loaded.diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::MissingFile], "and nothing that follows from it");
    let nowhere = load(std::path::Path::new("/nonexistent/case"));
    assert_eq!(nowhere.diagnostics.len(), 1);
}

#[test]
fn unreadable_file() {
    let dir = common::TempDir::new();
    for file in ["case.toml", "places.csv"] {
        std::fs::create_dir(dir.path().join(file)).unwrap();
    }
    let codes: Vec<_> = load(dir.path()).diagnostics.iter().map(|d| (d.code, d.file.display().to_string())).collect();
    assert!(codes.contains(&(Code::UnreadableFile, "places.csv".into())), "{codes:?}");
}

#[test]
fn not_utf8() {
    let files = Files::valid().with("places.csv", b"\xef\xbb\xbfid,name,country\nport,P\xf6rt,CN\ntown,\xff\xfe,KR\ncity,,KR\n");
    let fault = files.fails_at(Code::NotUtf8, "places.csv", 2, 7);
    assert!(fault.message.starts_with("3 byte(s)"));
}

#[test]
fn wrong_separator() {
    let text = Files::valid().text("groups.csv").replace(',', "|");
    Files::valid().with("groups.csv", &text).fails_at(Code::WrongSeparator, "groups.csv", 1, 3);
}

#[test]
fn toml_files() {
    edit("case.toml", "seed = 7", "seed = = 7").fails_at(Code::TomlSyntax, "case.toml", 10, 8);
    let fault = edit("case.toml", "seed", "sead").fails(Code::UnknownKey, "case.toml", "sead");
    assert_eq!(fault.suggestion.as_deref(), Some("seed"));
    edit("case.toml", "[settings]", "[setings]").load().diagnostics.iter().find(|d| d.code == Code::UnknownKey).unwrap();
    edit("case.toml", "title = \"Two towns\"\n", "").fails_at(Code::MissingKey, "case.toml", 1, 1);
    edit("case.toml", "seed = 7", "seed = \"7\"").fails(Code::WrongType, "case.toml", "\"7\"");
    edit("case.toml", "lead = 3", "lead = \"soon\"").fails(Code::WrongType, "case.toml", "\"soon\"");
    edit("case.toml", "seed = 7", "seed = 1.5").fails(Code::NotWhole, "case.toml", "1.5");
    edit("case.toml", "seed = 7", "seed = -1").fails(Code::BelowMinimum, "case.toml", "-1\n");
    edit("case.toml", "end = 2020-12-31", "end = 2018-12-31")
        .load()
        .diagnostics
        .iter()
        .find(|d| d.code == Code::DatesReversed && (d.line, d.column) == (4, 7))
        .unwrap();
    edit("case.toml", "2019-01-01", "\"1 January 2019\"").fails(Code::NotADate, "case.toml", "\"1 January");
    let fault = edit("case.toml", "\"empty\"", "\"emty\"").fails(Code::UnknownWord, "case.toml", "\"emty\"");
    assert_eq!(fault.suggestion.as_deref(), Some("empty"));
}

#[test]
fn columns_of_the_header() {
    let fault = edit("lines.csv", "capacity_per_day", "capcity_per_day").fails(Code::UnknownColumn, "lines.csv", "capcity_per_day");
    assert_eq!(fault.suggestion.as_deref(), Some("capacity_per_day"));
    assert_eq!(fault.length, "capcity_per_day".len());
    edit("products.csv", "name,unit", "name,name_low")
        .load()
        .diagnostics
        .iter()
        .find(|d| d.code == Code::UnknownColumn)
        .expect("a text has no range");
    Files::valid().edit("groups.csv", "id,name,country", "id,name,name").fails_at(Code::DuplicateColumn, "groups.csv", 1, 9);
    Files::valid()
        .edit("groups.csv", "id,name,country\nunha,Unha,CN", "id,name,country,note,source,basis,grade,name\nunha,Unha,CN,,,,,")
        .fails_at(Code::DuplicateColumn, "groups.csv", 1, 41);
    Files::valid().edit("products.csv", "unit,", "note,").fails_at(Code::MissingColumn, "products.csv", 1, 1);
    Files::valid().with("groups.csv", "").edit("firms.csv", "unha,", ",").edit("claims.toml", "\"group:unha\", ", "").fails_at(
        Code::MissingColumn,
        "groups.csv",
        1,
        1,
    );
}

#[test]
fn rows_and_cells() {
    let fault = edit("places.csv", "city,City,KR,,", "city,City,KR").fails(Code::WrongCellCount, "places.csv", "KR\n");
    assert!(fault.fix.contains("lat, lon"), "{}", fault.fix);
    edit("places.csv", "city,City,KR,,", "city,City,KR,,,x").fails(Code::WrongCellCount, "places.csv", "x\n");
    edit("places.csv", "city,City,KR,,", "city,City,KR,,,").fails_at(Code::WrongCellCount, "places.csv", 4, 16);
    edit("places.csv", "city,City,KR", "city,City,").fails_at(Code::MissingCell, "places.csv", 4, 11);
    edit("places.csv", "city,City", "ci$ty,City").fails(Code::BadId, "places.csv", "ci$ty");
    let fault = edit("places.csv", "city,City", "port,City").fails_at(Code::DuplicateId, "places.csv", 4, 1);
    assert!(fault.message.contains("line 2"));
    edit("recipes.csv", "client\n", "client\ncoat,fabric,1,,\n").fails_at(Code::DuplicateId, "recipes.csv", 3, 1);
    edit("claims.toml", "\"C02\"", "\"C01\"").fails_at(Code::DuplicateId, "claims.toml", 8, 6);
}

#[test]
fn ids_and_words() {
    let fault = edit("firms.csv", "Maker,port", "Maker,prot").fails(Code::UnknownId, "firms.csv", "prot");
    assert_eq!(fault.suggestion.as_deref(), Some("port"));
    edit("firms.csv", "sourced,s1", "sourced,\"s1 ; s9\"").fails(Code::UnknownId, "firms.csv", "s9");
    edit("claims.toml", "\"bridge\"", "\"brige\"").fails(Code::UnknownId, "claims.toml", "\"brige");
    edit("observations.csv", ",s3,", ",s4,").fails(Code::UnknownId, "observations.csv", "s4");
    let fault = edit("contracts.csv", "processing", "procesing").load();
    let fault = fault.diagnostics.iter().find(|d| d.code == Code::UnknownWord).unwrap();
    assert_eq!((fault.line, fault.column, fault.suggestion.as_deref()), (2, 25, Some("processing")));
    edit("lines.csv", "mill,fabric,none,,", "mill,fabric,none,,maybe").fails(Code::UnknownWord, "lines.csv", "maybe");
    let fault = edit("firms.csv", "sat;sun", "sat;Sunday").fails(Code::UnknownWord, "firms.csv", "Sunday");
    assert_eq!(fault.suggestion.as_deref(), Some("sun"));
    let fault = edit("case.toml", "means = \"bank\"", "means = \"bnak\"").fails(Code::UnknownWord, "case.toml", "\"bnak\"");
    assert_eq!(fault.suggestion.as_deref(), Some("bank"));
    edit("case.toml", "means = \"bank\"", "means = \"client\"").fails(Code::UnknownWord, "case.toml", "\"client\"");
    let fault = edit("claims.toml", "\"passages\"", "\"pasages\"").fails(Code::UnknownWord, "claims.toml", "\"pasages\"");
    assert_eq!(fault.suggestion.as_deref(), Some("passages"));
    let fault = edit("groups.csv", "Unha,CN", "Unha,cn").fails(Code::NotACountry, "groups.csv", "cn");
    assert_eq!(fault.suggestion.as_deref(), Some("CN"));
}

#[test]
fn numbers() {
    let fault = |text: &str| edit("demand.csv", ",80,", &format!(",{text},")).load().diagnostics[0].clone();
    for (text, meant) in [("45%", Some("0.45")), ("many", None), ("31/01/2020", None)] {
        let fault = fault(text);
        assert_eq!((fault.code, fault.line, fault.column), (Code::NotANumber, 2, 24), "{text}");
        assert_eq!(fault.suggestion.as_deref(), meant, "{text}");
    }
    for text in ["inf", "NaN", "none", "1e999", "1 / 0", "0 / 0"] {
        let fault = fault(text);
        let code = if text == "1e999" { Code::NotANumber } else { Code::NotFinite };
        assert_eq!((fault.code, fault.line, fault.column), (code, 2, 24), "{text}");
    }
    edit("demand.csv", ",80,", ",-80,").fails(Code::BelowMinimum, "demand.csv", "-80");
    edit("demand.csv", ",80,", ",$lead - 90,").fails(Code::BelowMinimum, "demand.csv", "$lead - 90");
    edit("recipes.csv", "0.06", "1.06").fails(Code::AboveMaximum, "recipes.csv", "1.06");
    edit("events.csv", ",0,,CN", ",1.5,,CN").fails(Code::AboveMaximum, "events.csv", "1.5");
    edit("routes.csv", "out,1,", "out,1.5,")
        .load()
        .diagnostics
        .iter()
        .find(|d| d.code == Code::NotWhole && (d.line, d.column) == (2, 5))
        .unwrap();
}

#[test]
fn numbers_over_ranges_and_in_scenarios() {
    let files = edit("recipes.csv", "0.06", "$waste").edit("parameters.csv", "lead,10", "waste,0.9,share,0.5,1.5,assumed,,,\nlead,10");
    let fault = files.fails(Code::AboveMaximum, "recipes.csv", "$waste");
    assert!(fault.message.contains("high end"));
    let files = edit("case.toml", "lead = 3", "lead = -3");
    let place = files.place("case.toml", "-3,", 0);
    let loaded = files.load();
    let found: Vec<_> = loaded.diagnostics.iter().map(|d| (d.code, (d.line, d.column))).collect();
    assert_eq!(found, [(Code::BelowMinimum, place); 2], "the route's days, and input_lead_days through double_lead");
    assert!(loaded.diagnostics.iter().all(|d| d.message.contains("scenario bank")));
    edit("parameters.csv", "$lead * 2", "$lead / 0")
        .load()
        .diagnostics
        .iter()
        .find(|d| d.code == Code::NotFinite && (d.file.to_str(), d.line, d.column) == (Some("parameters.csv"), 3, 13))
        .unwrap();
}

#[test]
fn dates() {
    edit("orders.csv", "2019-12-10", "2019-12-40").fails(Code::NotADate, "orders.csv", "2019-12-40");
    edit("orders.csv", "2019-12-10", "32.12.2019").fails(Code::NotADate, "orders.csv", "32.12.2019");
    edit("observations.csv", "2020-02", "Feb 2020").fails(Code::NotADate, "observations.csv", "Feb 2020");
    edit("calendars.csv", "09-10", "30-09").fails(Code::NotAMonthDay, "calendars.csv", "30-09");
    edit("case.toml", "as_of = 2020-04-17", "as_of = 2021-04-17").fails(Code::DateOutsideCase, "case.toml", "2021-04-17");
    edit("claims.toml", "date = 2020-04-17", "date = 2022-04-17").fails(Code::DateOutsideCase, "claims.toml", "2022-04-17");
    edit("claims.toml", "relative_from = 2019", "relative_from = 2018").fails(Code::DateOutsideCase, "claims.toml", "2018-01-01");
    edit("claims.toml", "days = 28", "days = 900").fails(Code::DateOutsideCase, "claims.toml", "[[claim.holds_when]]");
    edit("claims.toml", "to = 2020-04-17\nrel", "to = 2020-01-17\nrel").fails(Code::DatesReversed, "claims.toml", "2020-01-17");
    edit("events.csv", "2020-01-25,2020-02-01", "2020-01-25,2019-02-01").fails(Code::DatesReversed, "events.csv", "2019-02-01");
    edit("orders.csv", "2020-02-15", "2019-02-15").fails(Code::DatesReversed, "orders.csv", "2019-02-15");
    edit(
        "calendars.csv",
        "season_end\nwinter,09-10,0.5,02-29",
        "season_end,first_due,last_due\nwinter,09-10,0.5,02-29,2020-01-01,2019-01-01",
    )
    .edit("calendars.csv", "02-28", "02-28,,")
    .fails(Code::DatesReversed, "calendars.csv", "2019-01-01");
    edit("events.csv", "2020-01-25,2020-02-01", "2021-01-25,2021-02-01").fails(Code::OutsideCase, "events.csv", "2021-01-25");
    edit("events.csv", "2020-01-25,2020-02-01", "2018-01-25,2018-02-01").fails(Code::OutsideCase, "events.csv", "2018-02-01");
    edit("orders.csv", "2019-12-10", "2018-12-10").fails(Code::OutsideCase, "orders.csv", "2018-12-10");
}

#[test]
fn expressions() {
    edit("routes.csv", "$lead / 10", "$lead / (10").fails_at(Code::BadExpression, "routes.csv", 4, 27);
    let fault = edit("routes.csv", "$lead / 10", "2 * $laed").fails(Code::UnknownParameter, "routes.csv", "$laed");
    assert_eq!((fault.suggestion.as_deref(), fault.length), (Some("lead"), 5));
    edit("case.toml", "lead = 3", "laed = 3").fails(Code::UnknownParameter, "case.toml", "laed");
    edit("events.csv", "$shut + 30", "$lead + 30").fails(Code::WrongParameter, "events.csv", "$lead + 30");
    edit("routes.csv", "$lead / 10", "$shut / 10").fails(Code::WrongParameter, "routes.csv", "$shut");
    edit("recipes.csv", ",client", ",$lead").fails(Code::WrongParameter, "recipes.csv", "$lead");
    edit("parameters.csv", "$lead * 2", "$means * 2").fails(Code::WrongParameter, "parameters.csv", "$means");
    let files = edit("parameters.csv", "lead,10,days,5,15", "lead,$double_lead,days,,");
    let fault = files.fails(Code::ParameterCycle, "parameters.csv", "$lead * 2");
    assert!(fault.message.contains("double_lead, lead"));
}

#[test]
fn ranges() {
    edit("parameters.csv", "5,15", "15,5").fails(Code::RangeReversed, "parameters.csv", "15,5");
    edit("parameters.csv", "10,days", "20,days").fails(Code::OutsideRange, "parameters.csv", "20,days");
    edit("firms.csv", "700,500,900", "400,500,900").fails(Code::OutsideRange, "firms.csv", "400");
    edit("firms.csv", "700,500,900", "700,500,").fails(Code::HalfRange, "firms.csv", "500");
    edit("parameters.csv", "5,15", "5,").fails(Code::HalfRange, "parameters.csv", "5,,");
    edit("parameters.csv", "days,,,inferred", "days,1,2,inferred").fails(Code::RangeNotAllowed, "parameters.csv", "1,2,inferred");
    edit("firms.csv", "700,500,900", "$lead,500,900").fails(Code::RangeNotAllowed, "firms.csv", "500");
    edit("parameters.csv", "5,15", ",").fails(Code::AssumedWithoutRange, "parameters.csv", "10,days");
    edit("parameters.csv", "2020-01-22,2020-01-31", ",").fails(Code::AssumedWithoutRange, "parameters.csv", "2020-01-28");
    edit("parameters.csv", "5,15", "5,many").fails(Code::NotANumber, "parameters.csv", "many");
}

#[test]
fn selectors_and_targets() {
    let fault = edit("events.csv", "crossing:bridge", "bridge").fails(Code::BadSelector, "events.csv", "bridge");
    assert_eq!(fault.suggestion.as_deref(), Some("crossing:bridge"));
    let fault = edit("events.csv", "& sector:garments", "& secter:garments").fails(Code::BadSelector, "events.csv", "secter");
    assert_eq!(fault.suggestion.as_deref(), Some("sector"));
    let fault = edit("events.csv", "firm:mill", "firm:mil").fails(Code::UnknownId, "events.csv", "mil\"");
    assert_eq!(fault.suggestion.as_deref(), Some("mill"));
    edit("events.csv", "crossing:bridge", "firm:maker").fails(Code::WrongTarget, "events.csv", "firm:maker");
    edit("events.csv", "place:port & sector", "crossing:bridge & sector").fails(Code::WrongTarget, "events.csv", "crossing:bridge & ");
    edit("events.csv", ",CN,consigned", ",JP,consigned").fails(Code::WrongTarget, "events.csv", "JP");
    let bad = "season_missed_share\"\nof = [\"firm:maker\"]\nfrom = 2020-01-01\nto = 2020-02-01\n#";
    edit("claims.toml", "utilisation\"", bad)
        .edit("claims.toml", "of = [\"group:unha\", \"sector:garments & place:port\"]\ndays = 28", "")
        .fails(Code::WrongTarget, "claims.toml", "\"firm:maker");
}

#[test]
fn scenarios() {
    let fault = edit("events.csv", "closure;bank", "closure;bnak").fails(Code::UnknownScenario, "events.csv", "bnak");
    assert_eq!(fault.suggestion.as_deref(), Some("bank"));
    edit("case.toml", "default_scenario = \"closure\"", "default_scenario = \"closed\"").fails(
        Code::UnknownScenario,
        "case.toml",
        "\"closed\"",
    );
}

#[test]
fn routes() {
    edit("contracts.csv", "sewing,out,in", "sewing,in,in").fails_at(Code::UnreachableBuyer, "contracts.csv", 2, 43);
    edit("contracts.csv", "sewing,out,in", "sewing,out,out").fails_at(Code::UnreachableBuyer, "contracts.csv", 2, 47);
    edit("contracts.csv", "sewing,out,in", "sewing,,in").fails_at(Code::MissingRoute, "contracts.csv", 2, 43);
    edit("contracts.csv", "sewing,out,in", "sewing,out,").fails_at(Code::MissingRoute, "contracts.csv", 2, 47);
    edit("routes.csv", "in,1,town,town", "in,1,town,city").fails_at(Code::BrokenRoute, "routes.csv", 3, 6);
    edit("routes.csv", "in,2,town", "in,3,town").fails_at(Code::BrokenRoute, "routes.csv", 3, 4);
    edit("routes.csv", "out,1,port,town,2", "out,1,port,town,0.5").fails_at(Code::BrokenRoute, "routes.csv", 2, 1);
    edit("routes.csv", "$lead / 10,", "$lead / 10,bridge").fails_at(Code::CrossingOffRoute, "routes.csv", 4, 27);
}

#[test]
fn network() {
    let fault = edit("contracts.csv", "mill,client,fabric", "mill,maker,fabric").load();
    let found: Vec<_> = fault.diagnostics.iter().map(|d| (d.code, d.line, d.column)).collect();
    assert_eq!(found, [(Code::InputNobodySells, 2, 20), (Code::MissingRoute, 3, 35)], "the client supplies the fabric, the maker has it");
    edit("recipes.csv", "client", "maker").fails_at(Code::InputNobodySells, "lines.csv", 2, 7);
    edit("lines.csv", "client,coat,,,true", "client,coat,,,").case(); // the client buys fabric itself
    edit("lines.csv", "mill,fabric,none,,", "mill,fabric,none,,true").fails_at(Code::InputNobodySells, "lines.csv", 4, 6);
    edit("lines.csv", "mill,fabric,none,,\n", "").fails_at(Code::NoSuchLine, "contracts.csv", 3, 19);
    edit("demand.csv", "client,coat", "mill,coat").fails_at(Code::NoSuchLine, "demand.csv", 2, 17);
}

#[test]
fn cells_that_depend_on_others() {
    edit("terms.csv", "$means,bridge", "$means,").fails_at(Code::MissingForKind, "terms.csv", 2, 28);
    edit("contracts.csv", "winter,40000", "winter,").fails_at(Code::MissingForKind, "contracts.csv", 2, 59);
    edit("contracts.csv", "winter,40000", ",40000").fails_at(Code::MissingForKind, "contracts.csv", 2, 52);
    edit("events.csv", "2020-02-01,0.2", "2020-02-01,").fails_at(Code::MissingForKind, "events.csv", 3, 85);
    edit("claims.toml", "days = 28", "").fails(Code::MissingForKind, "claims.toml", "[[claim.holds_when]]");
    edit("claims.toml", "relative_to = \"2019-12-31\"\n", "").fails(Code::MissingForKind, "claims.toml", "2019-01-01");
    edit("contracts.csv", "home,,,5", "home,,in,5").fails_at(Code::NotForKind, "contracts.csv", 3, 37);
    edit("contracts.csv", "home,,,5,,", "home,,,5,winter,9").fails(Code::NotForKind, "contracts.csv", "winter,9");
    edit("events.csv", "0.2,,,,", "0.2,,,consigned,").fails(Code::NotForKind, "events.csv", "consigned,background");
    edit("case.toml", "start_state = \"empty\"", "start_state = \"steady\"").fails(Code::SteadyWithSchedule, "case.toml", "\"steady\"");
    edit("case.toml", "start_state = \"empty\"\n", "").fails(Code::SteadyWithSchedule, "case.toml", "[settings]");
}

#[test]
fn claims() {
    edit("claims.toml", "at_most = 0.2\n", "").fails(Code::MissingBound, "claims.toml", "[[claim.holds_when]]");
    edit("claims.toml", "crossings", "crosings").fails(Code::UnknownKey, "claims.toml", "crosings");
    edit("claims.toml", "measure = \"utilisation\"\n", "").load().diagnostics.iter().find(|d| d.code == Code::MissingKey).unwrap();
    edit("firms.csv", "sourced,s1", "sourced,s1;s2").fails(Code::ClaimIsInput, "firms.csv", "s2");
    edit("parameters.csv", "sourced,s1,B,\nwage", "sourced,s3,B,\nwage").fails(Code::ClaimIsInput, "parameters.csv", "s3");
    edit("claims.toml", "\"outcome\"", "\"premise\"").edit("firms.csv", "sourced,s1", "sourced,s1;s2").case();
}

/// An observation that could only be compared wrongly, or with nothing, is refused where it says so.
#[test]
fn observations() {
    let row = |from: &str, to: &str| edit("observations.csv", from, to);
    let fails = |from: &str, to: &str, code: Code| row(from, to).fails(code, "observations.csv", to);
    let fault = fails("passed_value", "pased_value", Code::UnknownWord);
    assert_eq!(fault.suggestion.as_deref(), Some("passed_value"));
    fails("official", "officious", Code::UnknownWord);
    row("below,passed_value,crossing:bridge,KR,consigned", "below,,,,").fails_at(Code::MissingForKind, "observations.csv", 2, 55);
    row("product:coat,KR", ",KR").fails(Code::MissingForKind, "observations.csv", ",KR,,,2019\nx3");
    row("passed_value,,KR,,,2019\n", "passed_value,,KR,,,\n").fails_at(Code::MissingForKind, "observations.csv", 5, 79);
    row("x3,2020,trade,0.3,ratio to 2019,reported,s3,none,,,", "x3,2020,trade,0.3,ratio to 2019,reported,s3,none,,,CN").fails(
        Code::NotForKind,
        "observations.csv",
        "CN",
    );
    row("consigned,,", "consigned,,2019").fails(Code::NotForKind, "observations.csv", "2019\nx2");
    row("product:coat", "contract:coats").fails(Code::WrongTarget, "observations.csv", "contract:coats");
    row("crossing:bridge", "firm:maker").fails(Code::WrongTarget, "observations.csv", "firm:maker");
    fails("KR,consigned", "KQ,consigned", Code::UnknownId);
    let fault = row("consigned", "consinged").fails(Code::UnknownClass, "observations.csv", "consinged");
    assert_eq!(fault.suggestion.as_deref(), Some("consigned"));
    row("x1,2020-02", "x1,2018-02").fails(Code::DateOutsideCase, "observations.csv", "2018-02");
    row(",,2019\nx3", ",,2018\nx3").fails(Code::DateOutsideCase, "observations.csv", "2018\nx3");
    let message = |from: &str, to: &str, place: &str| row(from, to).fails(Code::CannotCompare, "observations.csv", place).message;
    assert!(message("million USD", "million EUR", "million EUR").contains("`USD`"));
    assert!(message("0.2,ratio", "0.2,USD", "USD to 2019").contains("ratio"));
    assert!(message("10.7", "10.7 * $lead", "10.7 * $lead").contains("as published"), "an input is no observation");
    assert!(message("x4,2020-01", "x4,2020", "2020,exports").contains("month"));
    assert!(message("x4,2020-01", "x4,2020-01-03", "2020-01-03").contains("month"));
    let elsewhere = edit("places.csv", "city,City,KR", "city,City,JP").edit("observations.csv", "bridge,KR", "bridge,JP");
    assert!(elsewhere.fails(Code::CannotCompare, "observations.csv", "JP").message.contains("nothing ever passes"));
}

/// A guess stands in a table of its own, beside the ratio it is a guess of.
#[test]
fn guesses() {
    let row = |from: &str, to: &str| edit("guesses.csv", from, to);
    row("x2,", "x9,").fails(Code::UnknownId, "guesses.csv", "x9");
    let fault = row("x2,", "x1,").fails(Code::CannotCompare, "guesses.csv", "x1");
    assert!(fault.message.contains("not compared as a ratio"), "{}", fault.message);
    row("0.3", "0.3 * $lead").fails(Code::CannotCompare, "guesses.csv", "0.3 * $lead");
    row("Coats fell with all trade.", "").fails_at(Code::MissingCell, "guesses.csv", 2, 14);
    row(",trade,", ",no change,").fails(Code::DuplicateId, "guesses.csv", "no change");
    let old = Files::valid().column("observations.csv", "naive", &["", "x3", "", ""]);
    let fault = old.fails(Code::UnknownColumn, "observations.csv", "naive");
    assert!(fault.fix.contains("guesses.csv with observation, name, value and why"), "{}", fault.fix);
    Files::valid().column("observations.csv", "naive", &["", "", "", ""]).fails(Code::ColumnMoved, "observations.csv", "naive");
}

#[test]
fn warnings() {
    edit("routes.csv", "$lead / 10", "1").edit("parameters.csv", "$lead * 2", "20").fails(
        Code::UnusedParameter,
        "parameters.csv",
        "lead,10",
    );
    edit("case.toml", "seed = 7", "plan = \"realised\"").fails(Code::PlanRealised, "case.toml", "\"realised\"");
    let fault = Files::valid().with("frims.csv", "id\n").fails_at(Code::UnknownFile, "frims.csv", 1, 1);
    assert_eq!(fault.suggestion.as_deref(), Some("firms.csv"));
    let fault = Files::valid().with("firms.XLSX", "PK").fails_at(Code::UnknownFile, "firms.XLSX", 1, 1);
    assert!(fault.fix.contains("as CSV"), "{}", fault.fix);
    let fault = edit("events.csv", "CN,consigned", "CN,consinged").fails(Code::UnknownClass, "events.csv", "consinged");
    assert_eq!(fault.suggestion.as_deref(), Some("consigned"));
    edit("claims.toml", "\"consigned\"", "\"goods\"").fails(Code::UnknownClass, "claims.toml", "\"goods\"");
    edit("firms.csv", "sourced,s1", "sourced,").fails(Code::SourcedWithoutSource, "firms.csv", "sourced");
}

#[test]
fn positions_in_awkward_files() {
    let files = edit(
        "firms.csv",
        "maker,Maker,port,unha,garments,700,500,900",
        "maker,\"M\u{e9}, \"\"x\"\"\ny\",\"nowhere\",unha,garments,700,500,900",
    );
    // Line 2 starts the row; the cell after the quoted line break is in line 3.
    let fault = files.fails_at(Code::UnknownId, "firms.csv", 3, 5);
    assert_eq!(fault.length, 7);
    let crlf = Files::valid().text("places.csv").replace('\n', "\r\n").replace("KR,,", "KR,x,");
    Files::valid().with("places.csv", format!("\u{feff}{crlf}")).fails_at(Code::NotANumber, "places.csv", 4, 14);
    Files::valid()
        .with("places.csv", format!("\u{feff}{}", crlf.replace("id,name", "Id,name")))
        .load()
        .diagnostics
        .iter()
        .find(|d| d.code == Code::UnknownColumn && (d.line, d.column) == (1, 1))
        .unwrap();
}

#[test]
fn many_faults_in_one_pass() {
    let files = edit("case.toml", "title = ", "titel = ")
        .edit("parameters.csv", "5,15", "15,5")
        .edit("firms.csv", "Maker,port", "Maker,prot")
        .edit("firms.csv", "sat;sun", "sat;sunn")
        .edit("recipes.csv", "2.8", "lots")
        .edit("demand.csv", ",80,", ",-80,")
        .edit("events.csv", "closure;bank", "clsure")
        .edit("orders.csv", "2019-12-10", "2019-13-10")
        .edit("claims.toml", "\"s2\"", "\"s22\"")
        .with("extra.csv", "a\n");
    let loaded = files.load();
    let found: Vec<_> = loaded.diagnostics.iter().map(|d| (d.file.to_str().unwrap(), d.line, d.code.name())).collect();
    assert_eq!(
        found,
        [
            ("case.toml", 1, "missing-key"),
            ("case.toml", 2, "unknown-key"),
            ("claims.toml", 11, "unknown-id"),
            ("demand.csv", 2, "below-minimum"),
            ("events.csv", 2, "unknown-scenario"),
            ("extra.csv", 1, "unknown-file"),
            ("firms.csv", 2, "unknown-id"),
            ("firms.csv", 2, "unknown-word"),
            ("orders.csv", 2, "not-a-date"),
            ("parameters.csv", 2, "range-reversed"),
            ("recipes.csv", 2, "not-a-number"),
        ]
    );
    assert!(loaded.case.is_none());
    assert_eq!((loaded.errors(), loaded.warnings()), (10, 1));
    assert!(loaded.source(std::path::Path::new("firms.csv")).unwrap().line(2).unwrap().contains("prot"));
    let json = serde_json::to_value(&loaded.diagnostics[6]).unwrap();
    assert_eq!((json["code"].as_str(), json["severity"].as_str(), json["column"].as_u64()), (Some("RS-E016"), Some("error"), Some(13)));
    assert_eq!(json["suggestion"].as_str(), Some("port"));
}

/// The valid case with a further column, a cell for each row of the table.
fn column(file: &str, name: &str, cells: &[&str]) -> Files {
    Files::valid().column(file, name, cells)
}

/// The length of a line, plus one: where its last cell stands if that is blank.
fn end_of(files: &Files, file: &str, line: usize) -> usize {
    files.text(file).lines().nth(line - 1).unwrap().len() + 1
}

/// The last cell of a line, which is blank, has this problem, and there is no other.
fn fails_at_end(files: &Files, code: Code, file: &str, line: usize) -> ripstop_case::Diagnostic {
    files.fails_at(code, file, line, end_of(files, file, line))
}

#[test]
fn limits_in_tonnes() {
    Files::limited().case();
    fails_at_end(&Files::limited().edit("crossings.csv", "capacity,40", "capacity,"), Code::MissingForKind, "crossings.csv", 2);
    Files::limited().edit("crossings.csv", "capacity,40", "flow,40").without("traffic.csv").fails(Code::NotForKind, "crossings.csv", "40");
    Files::limited().edit("crossings.csv", "capacity,40", "capacity,0").fails(Code::BelowMinimum, "crossings.csv", "0\n");
    let fault = fails_at_end(&Files::limited().edit("products.csv", "0.4,1.5", "0.4,"), Code::MissingWeight, "products.csv", 2);
    assert!(fault.message.contains("crossing bridge (contract coats)"), "{}", fault.message);
    fails_at_end(&Files::limited().edit("products.csv", ",0.4\n", ",\n"), Code::MissingWeight, "products.csv", 3);
    // A good that passes no limit needs no weight.
    let files = column("routes.csv", "tonnes_per_day", &["60", "none", ""]);
    files.fails_at(Code::MissingWeight, "products.csv", 2, 1);
    let files = files.column("products.csv", "kg_per_unit", &["0", ""]);
    files.case();
    // The limit of an alternative route counts too.
    let text = Files::valid().text("routes.csv").replace(",crossing\n", ",crossing,tonnes_per_day\n").replace("bridge\n", "bridge,\n");
    let text = text.replace("$lead / 10,\n", "$lead / 10,,\nlong,1,port,town,9,bridge,70\n");
    column("contracts.csv", "alternative_routes", &["long", ""]).with("routes.csv", text).fails_at(
        Code::MissingWeight,
        "products.csv",
        2,
        1,
    );
}

#[test]
fn legs_with_limits() {
    let tonnes = |cells: &[&str]| Files::limited().column("routes.csv", "tonnes_per_day", cells);
    tonnes(&["", "", "60"]).case();
    tonnes(&["60", "", ""]).fails(Code::TwoLimits, "routes.csv", "60");
    Files::limited().edit("routes.csv", "town,port,1,bridge", "town,port,0.4,bridge").fails(Code::NoDayAtLimit, "routes.csv", "0.4");
    tonnes(&["", "", "60"]).edit("routes.csv", "$lead / 10", "0").fails(Code::NoDayAtLimit, "routes.csv", "0,,60");
    // A parameter that may be too small, over its range or in a scenario.
    let ranged = Files::limited().edit("routes.csv", "town,port,1,bridge", "town,port,$days,bridge");
    let ranged = ranged.edit("parameters.csv", "lead,10", "days,2,days,1,3,assumed,,,\nlead,10");
    ranged.case();
    let fault = ranged.edit("parameters.csv", "days,1,3", "days,0,3").fails(Code::NoDayAtLimit, "routes.csv", "$days");
    assert!(fault.message.contains("0 days"));
    Files::limited()
        .edit("routes.csv", "port,town,2", "port,town,-2")
        .load()
        .diagnostics
        .iter()
        .find(|d| d.code == Code::BelowMinimum)
        .unwrap();
}

#[test]
fn other_traffic() {
    let flow = Files::limited().edit("crossings.csv", "capacity,40", "flow,");
    flow.fails(Code::TrafficWithoutLimit, "traffic.csv", "bridge");
    Files::limited().edit("traffic.csv", "CN", "JP").fails(Code::WrongTarget, "traffic.csv", "JP");
    Files::limited().edit("traffic.csv", "bridge", "brige").fails(Code::UnknownId, "traffic.csv", "brige");
    Files::limited().edit("traffic.csv", "30\n", "30\nbridge,CN,ore,4\n").fails_at(Code::DuplicateId, "traffic.csv", 3, 1);
    fails_at_end(&Files::limited().edit("traffic.csv", "30\n", "\n"), Code::MissingCell, "traffic.csv", 2);
    let shut = Files::limited().without("traffic.csv");
    shut.case(); // wholly shut: nothing depends on others
    let nearly = Files::limited().edit("events.csv", "$shut,,0,", "$shut,,0.05,");
    let fault = nearly.edit("traffic.csv", "bridge,CN,ore,30\n", "").fails(Code::NoOtherTraffic, "events.csv", "0.05");
    assert!(fault.message.starts_with("bridge"));
    // A class that only other traffic has is known.
    Files::limited().edit("events.csv", "CN,consigned", "CN,ore").case();
}

#[test]
fn currencies() {
    let files = column("firms.csv", "currency", &["CNY", "USD", ""]);
    assert_eq!(files.fails(Code::UnknownCurrency, "firms.csv", "CNY").suggestion, None);
    let rates = files.with("exchange_rates.csv", RATES);
    rates.case();
    let fault = rates.edit("firms.csv", "CNY", "cny").fails(Code::UnknownCurrency, "firms.csv", "cny");
    assert_eq!(fault.suggestion.as_deref(), Some("CNY"));
    column("contracts.csv", "currency", &["", "KRW"]).fails(Code::UnknownCurrency, "contracts.csv", "KRW");

    let rates = |from: &str, to: &str| Files::valid().with("exchange_rates.csv", RATES.replacen(from, to, 1));
    rates("CNY", "USD").fails(Code::OwnCurrency, "exchange_rates.csv", "USD");
    rates("0.14", "0").fails(Code::BelowMinimum, "exchange_rates.csv", "0\n");
    rates("0.14", "-0.14").fails(Code::BelowMinimum, "exchange_rates.csv", "-0.14");
    rates("2020-01-01", "2019-01-01").fails_at(Code::DuplicateId, "exchange_rates.csv", 3, 1);
    rates("2019-01-01", "$shut - 27").fails(Code::DuplicateId, "exchange_rates.csv", "2020-01-01");

    column("firms.csv", "wage_per_month", &["700", "", ""]).fails(Code::GivenTwice, "firms.csv", "700\n");
    column("firms.csv", "opening_cash_usd", &["9", "", ""]).column("firms.csv", "opening_cash", &["60", "", ""]).fails(
        Code::GivenTwice,
        "firms.csv",
        "60\n",
    );
    column("contracts.csv", "price_per_unit", &["44", ""]).fails(Code::GivenTwice, "contracts.csv", "44");
    edit("contracts.csv", "out,in,6", "out,in,").column("contracts.csv", "price_per_unit", &["44", ""]).case();
}

/// The valid case with one more event.
fn event(row: &str) -> Files {
    edit("events.csv", "gone,", &format!("{row}\ngone,"))
}

#[test]
fn new_kinds_of_event() {
    event("r,refusal,seller:maker,2020-01-01,,0.3,,,,closure").case();
    fails_at_end_of_value(event("r,refusal,seller:maker,2020-01-01,,,,,,closure"), Code::MissingForKind);
    event("r,refusal,seller:maker,2020-01-01,,1.3,,,,closure").fails(Code::AboveMaximum, "events.csv", "1.3");
    event("r,refusal,crossing:bridge,2020-01-01,,0.3,,,,closure").fails(Code::WrongTarget, "events.csv", "crossing:bridge,2020-01-01");
    event("r,refusal,seller:maker,2020-01-01,,0.3,,CN,,closure").fails(Code::NotForKind, "events.csv", "CN,,closure");

    let rate = |row: &str| event(row).with("exchange_rates.csv", RATES);
    let used = |row: &str| rate(row).column("firms.csv", "currency", &["CNY", "", ""]);
    used("x,exchange_rate,currency:CNY,2020-01-01,,0.9,,,,closure").case();
    used("x,exchange_rate,all,2020-01-01,,0.9,,,,closure").case();
    rate("x,exchange_rate,all,2020-01-01,,0.9,,,,closure").fails(Code::EventWithoutEffect, "events.csv", "all,2020");
    rate("x,exchange_rate,currency:USD,2020-01-01,,0.9,,,,closure").fails(Code::OwnCurrency, "events.csv", "currency:USD");
    rate("x,exchange_rate,currency:CNY,2020-01-01,,0,,,,closure").fails(Code::BelowMinimum, "events.csv", "0,,,,closure");
    rate("x,exchange_rate,firm:mill,2020-01-01,,0.9,,,,closure").fails(Code::WrongTarget, "events.csv", "firm:mill,");
    rate("x,attendance,currency:CNY,2020-01-01,,0.9,,,,closure").fails(Code::WrongTarget, "events.csv", "currency:CNY");
    let fault = rate("x,exchange_rate,currency:CNI,2020-01-01,,0.9,,,,closure").fails(Code::UnknownId, "events.csv", "CNI");
    assert_eq!(fault.suggestion.as_deref(), Some("CNY"));
    event("x,exchange_rate,all,2020-01-01,,0.9,,,,closure").fails(Code::UnknownCurrency, "events.csv", "all,2020");
    fails_at_end_of_value(rate("x,exchange_rate,currency:CNY,2020-01-01,,,,,,closure"), Code::MissingForKind);

    event("d,default,firm:mill,2020-03-01,,,,,,closure").case();
    event("d,default,firm:mill,2020-03-01,2020-04-01,,,,,closure").fails(Code::NotForKind, "events.csv", "2020-04-01");
    event("d,default,firm:mill,2020-03-01,,0.5,,,,closure").fails(Code::NotForKind, "events.csv", "0.5");
    event("d,default,firm:mill,2020-03-01,,,9,,,closure").fails(Code::NotForKind, "events.csv", "9,,,closure");
    event("d,default,contract:coats,2020-03-01,,,,,,closure").fails(Code::WrongTarget, "events.csv", "contract:coats,2020-03-01");
    let fault = event("d,defualt,firm:mill,2020-03-01,,,,,,closure").load();
    assert_eq!(fault.diagnostics[0].suggestion.as_deref(), Some("default"));
}

/// The value of the added event is blank and that is the problem.
fn fails_at_end_of_value(files: Files, code: Code) {
    let (line, column) = files.place("events.csv", ",,,,,closure", 0);
    files.fails_at(code, "events.csv", line, column + 1);
}

#[test]
fn routes_besides_the_usual_one() {
    let detour =
        |ends: &str| edit("routes.csv", "out,1,port,town,2,bridge", &format!("out,1,port,town,2,bridge\ndetour,1,{ends},9,bridge"));
    let alternative = |ends: &str, ways: &str| detour(ends).column("contracts.csv", "alternative_routes", &[ways, ""]);
    alternative("port,town", "detour").case();
    alternative("town,port", "detour").fails(Code::UnreachableBuyer, "contracts.csv", "detour");
    alternative("port,city", "detour").fails(Code::UnreachableBuyer, "contracts.csv", "detour");
    alternative("port,town", "detour ; detuor").fails(Code::UnknownId, "contracts.csv", "detuor");
    alternative("port,town", "detour;out").fails(Code::SameRoute, "contracts.csv", "out\n");
    let inputs = |ways: [&str; 2]| detour("town,port").column("contracts.csv", "alternative_input_routes", &ways);
    inputs(["detour", ""]).case();
    inputs(["out", ""]).fails(Code::UnreachableBuyer, "contracts.csv", "out\n");
    inputs(["", "detour"]).fails(Code::NotForKind, "contracts.csv", "detour");
    // Without a route the goods stay in the country, and so must an alternative.
    detour("port,town").column("contracts.csv", "alternative_routes", &["", "detour"]).fails(
        Code::UnreachableBuyer,
        "contracts.csv",
        "detour",
    );
}

/// A second maker of coats, in the same town, stands by for the first; it has no orders of its own.
fn standby(moves: [&str; 2], standby: &str, terms: &str) -> Files {
    edit("firms.csv", "client,Client", "spare,Spare,port,,garments,9,5,12,$wage,,,assumed,\nclient,Client")
        .edit("lines.csv", "client,coat", "spare,coat,20,0.9,\nclient,coat")
        .column("terms.csv", "moves_share", &moves)
        .column("contracts.csv", "standby_share", &["", ""])
        .edit("contracts.csv", "cloth,mill", &format!("spare,spare,client,coat,processing,{terms},out,in,7,,,{standby}\ncloth,mill"))
}

#[test]
fn contracts_that_stand_by() {
    standby(["0.5", ""], "0.3", "sewing").case();
    standby(["0", ""], "0.3", "sewing").fails(Code::StandsByForNobody, "contracts.csv", "0.3");
    standby(["0.5", ""], "0", "sewing").fails(Code::NobodyStandsBy, "terms.csv", "0.5");
    let ordered = standby(["0.5", ""], "", "sewing").edit("orders.csv", "extra,", "more,spare,9,2019-12-10,2020-02-15\nextra,");
    let fault = ordered.fails(Code::NobodyStandsBy, "terms.csv", "0.5");
    assert!(fault.message.contains("coats") && fault.message.contains("1 more"), "{}", fault.message);
    standby(["0.5", ""], "0.3", "home").fails(Code::StandbyOrdersOtherwise, "contracts.csv", "0.3");
    standby(["0.5", ""], "1.3", "sewing").fails(Code::AboveMaximum, "contracts.csv", "1.3");
    // A contract does not stand by for itself.
    let files = column("terms.csv", "moves_share", &["0.5", ""]).column("contracts.csv", "standby_share", &["0.3", ""]);
    files.fails(Code::StandsByForNobody, "contracts.csv", "0.3");
}

#[test]
fn credit_and_insolvency() {
    let limit = |price: &str| {
        edit("contracts.csv", "out,in,6", &format!("out,in,{price}")).column("contracts.csv", "credit_limit_usd", &["900", ""])
    };
    limit("6").case();
    limit("").fails(Code::NotForKind, "contracts.csv", "900");
    limit("0").fails(Code::NotForKind, "contracts.csv", "900");
    column("contracts.csv", "credit_limit_usd", &["none", ""])
        .edit("contracts.csv", "out,in,6", "out,in,")
        .edit("firms.csv", "$wage", "0")
        .edit("parameters.csv", "wage,110,USD,75,160,sourced,s1,B,\"one, two\"\n", "")
        .case();

    let firms = |days: &str, then: &str, rescue: &str| {
        let files = column("firms.csv", "insolvency_days", &[days, "", ""]).column("firms.csv", "when_insolvent", &[then, "", ""]);
        files.column("firms.csv", "rescue_months", &[rescue, "", ""])
    };
    firms("90", "rescue", "2").case();
    let files = firms("", "stop", "");
    let (line, column) = files.place("firms.csv", ",stop", 0);
    files.fails_at(Code::MissingForKind, "firms.csv", line, column);
    firms("0", "stop", "").fails(Code::BelowMinimum, "firms.csv", "0,stop");
    firms("90", "stop", "2").fails(Code::NotForKind, "firms.csv", "2\n");
}

#[test]
fn workers_goods_and_compensation() {
    for name in ["hire_days", "fire_days"] {
        column("firms.csv", name, &["1", "none", ""]).case();
        column("firms.csv", name, &["0.5", "", ""]).fails(Code::BelowMinimum, "firms.csv", "0.5");
    }
    let spoils = |share: &str| column("products.csv", "spoilage_share_per_day", &["", share]);
    spoils("0.1").case();
    spoils("1").fails(Code::SpoilsAtOnce, "products.csv", "1\n");
    spoils("1.5").fails(Code::AboveMaximum, "products.csv", "1.5\n");
    column("terms.csv", "refused_share", &["1.5", ""]).fails(Code::AboveMaximum, "terms.csv", "1.5");
    let carried = column("terms.csv", "compensation_means", &["", "carried"]);
    let (line, column_) = carried.place("terms.csv", "home", 0);
    carried.fails_at(Code::MissingForKind, "terms.csv", line, column_ + "home,plan,continuous,,".len());
    column("terms.csv", "compensation_means", &["carried", "bank"]).case();
    column("recipes.csv", "importance", &["vital"]).fails(Code::UnknownWord, "recipes.csv", "vital");
}

#[test]
fn new_settings() {
    let with = |lines: &str| edit("case.toml", "seed = 7", lines);
    with("warm_up_days = 90").fails(Code::NotForKind, "case.toml", "90");
    let warm_up = |days: &str| with(days).edit("case.toml", "\"empty\"", "\"warm_up\"");
    warm_up("warm_up_days = 90").case();
    warm_up("warm_up_days = 0").fails(Code::BelowMinimum, "case.toml", "0\n");
    // What lies in the warm-up is inside the case.
    warm_up("warm_up_days = 90").edit("orders.csv", "2019-12-10", "2018-12-10").case();
    warm_up("warm_up_days = 9").edit("orders.csv", "2019-12-10", "2018-12-10").fails(Code::OutsideCase, "orders.csv", "2018-12-10");

    let unused = with("class_priority = [\"consigned\", \"persons\"]");
    unused.fails(Code::UnusedSetting, "case.toml", "\"consigned\"");
    unused.column("routes.csv", "tonnes_per_day", &["", "", "60"]).column("products.csv", "kg_per_unit", &["1", "1"]).case();
    let fault = with("class_priority = [\"consinged\"]").fails(Code::UnknownClass, "case.toml", "\"consinged\"");
    assert_eq!(fault.suggestion.as_deref(), Some("consigned"));
    with("class_priority = [\"general\", \"general\"]").fails(Code::DuplicateId, "case.toml", "\"general\"]");
    with("class_priority = [1]").fails(Code::WrongType, "case.toml", "1]");
    with("class_priority = [\"general\"]").column("lines.csv", "rationing", &["", "class_priority", ""]).case();
    let fault = column("lines.csv", "rationing", &["", "", "class_priority"]).fails(Code::MissingForKind, "lines.csv", "class_priority");
    assert!(fault.fix.contains("case.toml"));
    column("lines.csv", "rationing", &["", "", "alike"]).fails(Code::UnknownWord, "lines.csv", "alike");
}

/// Whatever the bytes, a case is refused with places that exist; it never panics.
#[test]
fn spoilt_bytes_never_panic() {
    let mut state = 1u64;
    let mut next = |below: usize| {
        // xorshift: the same bytes on every run, so that a failure can be repeated
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let valid = Files::everything();
    let names = valid.names();
    assert_eq!(valid.load().errors(), 0);
    for _ in 0..1500 {
        let file = &names[next(names.len())];
        let mut bytes = valid.text(file).into_bytes();
        for _ in 0..=next(4) {
            let at = next(bytes.len());
            let spoilt = b",;\"\n\r$&:/(-+*)[]{}=.0n\xff\xc3"[next(24)];
            match next(3) {
                0 => bytes[at] = spoilt,
                1 => bytes.insert(at, spoilt),
                _ => drop(bytes.drain(at..(at + next(40)).min(bytes.len()))),
            }
            if bytes.is_empty() {
                bytes.push(spoilt);
            }
        }
        let loaded = Files::everything().with(file, &bytes).load();
        assert_eq!(loaded.case.is_some(), loaded.errors() == 0);
        for fault in &loaded.diagnostics {
            let Some(source) = loaded.source(&fault.file) else {
                continue;
            };
            let line = source.line(fault.line).unwrap_or_else(|| panic!("no such line: {fault:?}"));
            assert!(fault.column <= line.len() + 2, "beyond the line: {fault:?}");
        }
    }
}
