//! A valid case loads, and its tables give what the files say.

mod common;

use common::Files;
use ripstop_case::{ClaimKind, ScenarioName, SelectorKind, StartState, Value, parse_date};

fn day(text: &str) -> i32 {
    parse_date(text).unwrap()
}

#[test]
fn the_case_as_a_whole() {
    let case = Files::valid().case();
    assert_eq!((case.meta.title.as_str(), case.meta.start), ("Two towns", day("2019-01-01")));
    assert_eq!((case.meta.as_of, case.meta.currency.as_str()), (day("2020-04-17"), "USD"));
    assert_eq!((case.settings.start_state, case.settings.seed, case.settings.draws), (StartState::Empty, 7, 200));
    let names: Vec<_> = case.scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names, ["closure", "bank"], "scenarios keep the order of the file");
    assert_eq!(case.sectors, ["garments", "textiles", "trade"]);
    assert_eq!((case.markets.as_slice(), case.countries.as_slice()), (&["seoul".to_owned()][..], &["CN".to_owned(), "KR".to_owned()][..]));
    assert_eq!(case.files.len(), 20, "18 tables, case.toml and claims.toml");
    assert!(case.files.iter().all(|(_, hash)| hash.len() == 64));
}

#[test]
fn cells_and_defaults() {
    let case = Files::valid().case();
    let base = case.parameters.base_values();
    let firms = case.table("firms");
    assert_eq!(firms.rows(), 3);
    assert_eq!((firms.line(0), firms.key(0).as_str(), firms.row_of("mill")), (3, "client", Some(2)), "rows by id, lines as in the file");
    let number = |column: &str, row: usize| firms.number(firms.col(column), row, &base);
    assert_eq!(number("workers", 1), Some(700.0));
    assert_eq!(number("workers", 0), Some(0.0), "blank is the default");
    assert_eq!(number("wage_usd_per_month", 1), Some(110.0));
    assert_eq!(number("keep_months", 0), Some(f64::INFINITY), "the default none");
    assert_eq!(number("opening_cash_usd", 0), Some(0.0), "an absent column is the default");
    assert_eq!(firms.weekdays(firms.col("rest_weekdays"), 1), 0b110_0000);
    assert_eq!(firms.reference(firms.col("group"), 0), None);
    assert_eq!(firms.references(firms.col("source"), 2), [0]);
    assert_eq!(firms.enumeration(firms.col("basis"), 2, &base), Some("sourced"));
    let products = case.table("products");
    assert_eq!(products.text(products.col("class"), 1), Some("general"));
    assert_eq!(products.number(products.col("value_usd_per_unit"), 0, &base), None);
    let lines = case.table("lines");
    assert!(lines.flag(lines.col("resale"), 0) && !lines.flag(lines.col("resale"), 1));
    assert_eq!(lines.row_of("client/coat"), Some(0));
    let calendars = case.table("calendars");
    assert_eq!(calendars.month_day(calendars.col("season_end"), 0), Some((2, 29)));
    let observations = case.table("observations");
    assert_eq!(observations.period(observations.col("date"), 0), Some((day("2020-02-01"), day("2020-02-29"))));
    let parameters = case.table("parameters");
    assert_eq!(parameters.text(parameters.col("note"), 5), Some("one, two"));
}

#[test]
fn groups_of_rows() {
    let case = Files::valid().case();
    let (contracts, routes) = (case.table("contracts"), case.table("routes"));
    let route = contracts.reference(contracts.col("input_route"), 1).unwrap();
    assert_eq!((routes.id(route), routes.rows_of(route)), ("in", &[0, 1][..]), "legs in order, not file order");
    let calendar = contracts.reference(contracts.col("calendar"), 1).unwrap();
    assert_eq!(case.table("calendars").rows_of(calendar), [0, 1]);
    assert_eq!(case.table("firms").rows_of(2), [2]);
}

#[test]
fn events() {
    let case = Files::valid().case();
    let base = case.parameters.base_values();
    let events = case.table("events");
    let target = events.selector(events.col("target"), 1).unwrap();
    let kinds: Vec<Vec<_>> = target.any.iter().map(|all| all.terms.iter().map(|t| (t.kind, t.index)).collect()).collect();
    assert_eq!(kinds, [vec![(SelectorKind::Place, 1), (SelectorKind::Sector, 0)], vec![(SelectorKind::Firm, 2)]]);
    let scenarios = events.col("scenarios");
    assert_eq!(events.scenarios(scenarios, 2), [ScenarioName::Named(0), ScenarioName::Named(1)]);
    assert_eq!(events.scenarios(scenarios, 1), [ScenarioName::Background]);
    assert_eq!(events.date(events.col("from"), 0, &base), Some(day("2020-02-27")));
    assert_eq!(events.date(events.col("to"), 2, &base), None);
}

#[test]
fn claims() {
    let case = Files::valid().case();
    let [premise, outcome] = case.claims.as_slice() else { panic!("two claims") };
    assert_eq!((premise.kind, premise.sources.as_slice(), premise.date), (ClaimKind::Premise, &[0][..], None));
    assert_eq!((outcome.id.as_str(), outcome.position.line), ("C02", 8));
    let [used, passed] = outcome.parts.as_slice() else { panic!("two parts") };
    assert_eq!((used.measure, used.of.len(), used.number("days"), used.at_most), ("utilisation", 2, Some(28.0), Some(0.2)));
    assert_eq!((passed.refs("crossings"), passed.word("class")), (&[0][..], Some("consigned")));
    assert_eq!(passed.date("relative_to"), Some(day("2019-12-31")));
    assert_eq!((passed.at_least, passed.of.len()), (None, 0));
}

#[test]
fn parameters_ranges_and_scenarios() {
    let case = Files::valid().case();
    let parameters = &case.parameters;
    let find = |name: &str| parameters.find(name).unwrap();
    let base = parameters.base_values();
    assert_eq!(base.get(find("double_lead")), 20.0);
    let names = |ids: Vec<ripstop_case::ParamId>| ids.into_iter().map(|id| parameters.get(id).name.clone()).collect::<Vec<_>>();
    assert_eq!(names(parameters.ranged()), ["lead", "limit", "shut", "wage", "firms:maker.workers"]);
    let bank = case.scenario("bank").unwrap();
    assert_eq!(names(parameters.ranged_in(bank)), ["wage", "firms:maker.workers"], "an override fixes a parameter");
    let cell = parameters.ranged()[4];
    assert_eq!((parameters.get(cell).basis, parameters.get(cell).low), (Some("assumed"), Some(500.0)));
    assert_eq!(parameters.get(cell).value, Value::Number(700.0));

    let draw = parameters.values_in(bank, &[(find("lead"), 14.0), (cell, 650.0)]);
    assert_eq!(draw.get(find("lead")), 3.0, "the scenario wins over the draw");
    assert_eq!(draw.get(find("double_lead")), 6.0, "derived values follow");
    assert_eq!(draw.get(find("limit")), f64::INFINITY);
    let firms = case.table("firms");
    assert_eq!(firms.number(firms.col("workers"), 1, &draw), Some(650.0));
    let terms = case.table("terms");
    let means = terms.col("means");
    assert_eq!(terms.enumeration(means, 1, &base), Some("carried"));
    assert_eq!(terms.enumeration(means, 1, &draw), Some("bank"));
    assert_eq!(terms.enumeration(means, 0, &base), Some("bank"));
    assert_eq!(terms.number(terms.col("input_lead_days"), 1, &draw), Some(6.0));
    let events = case.table("events");
    assert_eq!(events.date(events.col("from"), 2, &draw), Some(day("2020-02-01")));

    let fixed = parameters.values_with(&[(find("double_lead"), 1.0), (find("lead"), 7.0)]);
    assert_eq!(fixed.get(find("double_lead")), 1.0, "a derived parameter that is set does not use its formula");
    let half_day = parameters.values_with(&[(find("shut"), f64::from(day("2020-01-25")) + 0.6)]);
    assert_eq!(events.date(events.col("from"), 2, &half_day), Some(day("2020-01-26")));
}

#[test]
fn derived_parameters_in_any_order() {
    let files = Files::valid().edit("parameters.csv", "lead,10,", "first,$second + 1,,,,,,,\nsecond,$double_lead,,,,,,,\nlead,10,");
    let files = files.edit("routes.csv", "$lead / 10", "$first / 21");
    let case = files.case();
    assert_eq!(case.parameters.base_values().get(case.parameters.find("first").unwrap()), 21.0);
}

#[test]
fn files_as_spreadsheets_save_them() {
    let mut files = Files::valid();
    for file in ["firms.csv", "places.csv", "parameters.csv", "events.csv"] {
        let text = files.text(file).replace('\n', "\r\n");
        files = files.with(file, format!("\u{feff}{text},,,\r\n\r\n,,\r\n"));
    }
    let case = files.case();
    assert_eq!((case.table("firms").rows(), case.table("firms").line(2)), (3, 4));
    let files = Files::valid().edit("firms.csv", "maker,Maker,port,unha,garments,700", "maker,\"Ma\nker\",port,unha,garments,\" 700 \"");
    let case = files.case();
    assert_eq!((case.table("firms").line(1), case.table("firms").line(0)), (2, 4));
}

#[test]
fn a_case_needs_few_files() {
    let files = Files::valid();
    let mut small = files;
    for file in [
        "sources.csv",
        "crossings.csv",
        "routes.csv",
        "groups.csv",
        "recipes.csv",
        "terms.csv",
        "contracts.csv",
        "calendars.csv",
        "orders.csv",
        "events.csv",
        "observations.csv",
        "guesses.csv",
        "claims.toml",
        "parameters.csv",
    ] {
        small = small.without(file);
    }
    let case = small
        .with("firms.csv", "id,place\nmill,town\n")
        .with("lines.csv", "firm,product\nmill,fabric\n")
        .with("demand.csv", "id,market,firm,product,quantity_per_day\nd,m,mill,fabric,3\n")
        .edit("case.toml", "set = { means = \"bank\", lead = 3, shut = 2020-02-01, limit = \"none\" }", "")
        .readable();
    assert_eq!((case.table("contracts").rows(), case.table("events").rows()), (0, 0));
    assert!(case.parameters.list.is_empty() && case.claims.is_empty());
    assert_eq!(case.meta.id.len(), case.dir.file_name().unwrap().len(), "the id is the folder's name");
}
