//! Every event acts, is refused, or is named: none is read and does nothing. And lines without a recipe are asked for one.

mod common;

use common::Files;
use ripstop_case::{Code, Severity};
use ripstop_study::study::{Request, Study, study};

const CASE: &str = "[case]\nid = \"c\"\ntitle = \"t\"\nquestion = \"q?\"\nstart = 2024-03-01\nend = 2024-04-30\ndefault_scenario = \"stop\"\n\
    [settings]\nstart_state = \"steady\"\n[scenarios.stop]\ntitle = \"s\"\nabout = \"a\"\n";

/// spin → yarn → weave → 80 m of cloth a day at USD 3; nothing has a limit.
fn chain() -> Files {
    Files::empty()
        .with("case.toml", CASE)
        .with("places.csv", "id,name,country\ntown,Town,XX\nport,Port,YY\n")
        .with("crossings.csv", "id,place_a,place_b\nbridge,town,port\n")
        .with("routes.csv", "route,leg,from,to,days,crossing\nover,1,town,port,2,bridge\n")
        .with("products.csv", "id,name,unit,value_usd_per_unit\nyarn,Y,kg,1\ncloth,C,m,3\n")
        .with("recipes.csv", "product,input,quantity_per_unit\ncloth,yarn,1\n")
        .with("firms.csv", "id,name,place,sector,workers,opening_cash_usd\nspin,Spin,town,spinning,,\nweave,Weave,port,weaving,,10000\n")
        .with("lines.csv", "firm,product,capacity_per_day,labour_days_per_unit\nspin,yarn,none,\nweave,cloth,none,\n")
        .with("terms.csv", "id,ordering,stock_days,restock_days,slack_days,input_window_days,purchase_lead_days\nt,restock,6,2,,,\n")
        .with("contracts.csv", "id,seller,buyer,product,kind,terms,route,price_usd_per_unit\nc1,spin,weave,yarn,sale,t,over,1\n")
        .with("demand.csv", "id,market,firm,product,quantity_per_day,season_from,season_to,price_usd_per_unit,patience_days\nm,market,weave,cloth,80,,,3,0\n")
}

fn event(row: &str) -> Files {
    chain().with("events.csv", format!("id,kind,target,from,to,value,ramp_in_days,toward,class,scenarios\n{row}\n"))
}

fn run(files: &Files) -> Study {
    let case = files.readable();
    study(&case, &Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None }, &|| {}).unwrap()
}

/// Output of a line (in order of id) by day.
fn output(study: &Study, line: usize) -> Vec<f64> {
    let lines = study.outcome.plan.network.lines.len();
    study.outcome.scenario.columns.line_output.chunks_exact(lines).map(|day| day[line]).collect()
}

fn all(days: &[f64], expected: f64) -> bool {
    days.iter().all(|made| (made - expected).abs() < 1e-12 * expected.max(1.0))
}

#[test]
fn capacity_of_a_line_without_a_limit_is_a_share_of_its_steady_output() {
    // 5 % of 80 from 11 March (day 10) to 10 April (day 40).
    let cut = run(&event("e,capacity,line:spin/yarn,2024-03-11,2024-04-10,0.05,,,,stop"));
    let made = output(&cut, 0);
    assert!(all(&made[..10], 80.0) && all(&made[10..41], 4.0), "{made:?}");
    // Then it makes up for what is missing without a limit.
    assert!(made[41] > 80.0 && made[41..].iter().sum::<f64>() > 20.0 * 80.0, "{made:?}");
    assert!(cut.brief.headline[0] > 2000.0, "{:?}", cut.brief.headline);
    // Damage is the same share, and a ramp takes hold day by day: 1 + (0.05 − 1)·s for s = 1/4, 1/2, 3/4, 1.
    let damaged = output(&run(&event("e,damage,line:spin/yarn,2024-03-11,,0.95,,,,stop")), 0);
    assert!(all(&damaged[..10], 80.0) && all(&damaged[10..], 4.0), "{damaged:?}");
    let ramp = output(&run(&event("e,capacity,firm:spin,2024-03-11,2024-04-10,0.05,3,,,stop")), 0);
    for (day, share) in [(10, 0.7625), (11, 0.525), (12, 0.2875), (13, 0.05)] {
        assert!((ramp[day] - 80.0 * share).abs() < 1e-9, "{day}: {}", ramp[day]);
    }
    // By the compressed rules (no price, no route, one day) it is the same.
    let plain = event("e,capacity,line:spin/yarn,2024-03-11,2024-04-10,0.05,,,,stop")
        .with("places.csv", "id,name,country\ntown,Town,XX\nport,Port,XX\n")
        .without("crossings.csv")
        .without("routes.csv")
        .with("firms.csv", "id,place\nspin,town\nweave,port\n")
        .with("contracts.csv", "id,seller,buyer,product,terms\nc1,spin,weave,yarn,t\n")
        .with("demand.csv", "id,market,firm,product,quantity_per_day\nm,market,weave,cloth,80\n");
    let plain = run(&plain);
    assert!(plain.outcome.plan.only_bulk, "the chain asks nothing special");
    assert!(all(&output(&plain, 0)[10..41], 4.0));
}

#[test]
fn of_order_lines_and_seasons_it_is_a_share_of_what_is_planned() {
    // 900 due 30 April, over a window of 45 days: 20 a day, of which a half is 10.
    let orders = event("e,capacity,line:weave/cloth,2024-03-01,,0.5,,,,stop")
        .edit("case.toml", "start_state = \"steady\"", "start_state = \"empty\"")
        .with(
            "firms.csv",
            "id,name,place,sector,opening_cash_usd\nshop,Shop,port,trade,9000\nspin,Spin,town,spinning,\nweave,Weave,port,weaving,10000\n",
        )
        .with("lines.csv", "firm,product,capacity_per_day,resale\nspin,yarn,none,\nweave,cloth,none,\nshop,cloth,none,true\n")
        .edit("terms.csv", "t,restock,6,2,,,", "t,restock,6,2,,,\no,schedule,,,4,45,7")
        .edit("contracts.csv", "c1,", "c2,weave,shop,cloth,sale,o,,3\nc1,")
        .with("orders.csv", "id,contract,quantity,due_date\no1,c2,900,2024-04-30\n")
        .with("demand.csv", "id,market,firm,product,quantity_per_day,price_usd_per_unit\nm,market,shop,cloth,20,4\n");
    let made = output(&run(&orders), 2);
    assert!(made.iter().all(|made| *made < 10.0 + 1e-9) && made.iter().sum::<f64>() > 300.0, "{made:?}");
    // A season of its own: 80 a day from 1 April (day 31) on, of which a quarter is 20.
    let season = event("e,capacity,line:weave/cloth,2024-03-01,,0.25,,,,stop").edit("demand.csv", "80,,,3", "80,04-01,04-30,3");
    let made = output(&run(&season), 1);
    assert!(made.iter().all(|made| *made < 20.0 + 1e-9) && made[31..].iter().sum::<f64>() > 100.0, "{made:?}");
}

/// The problem of this code at the needle.
fn says(files: &Files, code: Code, needle: &str) -> String {
    let (line, column) = files.place("events.csv", needle, 0);
    let loaded = files.load();
    let at = |d: &&ripstop_case::Diagnostic| d.code == code && (d.line, d.column) == (line, column);
    loaded.diagnostics.iter().find(at).unwrap_or_else(|| panic!("{code:?} at {line}:{column}: {:#?}", loaded.diagnostics)).message.clone()
}

/// No problem of events.
fn silent(files: &Files) {
    let loaded = files.load();
    let of_events: Vec<_> = loaded.diagnostics.iter().filter(|d| d.file.ends_with("events.csv")).collect();
    assert!(of_events.is_empty() && loaded.case.is_some(), "{:#?}", loaded.diagnostics);
}

#[test]
fn a_line_that_makes_nothing_by_itself_has_no_share_to_take() {
    // In season the weaver's market asks spin for yarn, but what spin usually makes is said nowhere.
    let seasonal = |row: &str| event(row).edit("demand.csv", "80,,,3", "80,04-01,04-30,3");
    for row in ["e,capacity,firm:spin,2024-03-11,,0.05,,,,stop", "e,damage,firm:spin,2024-03-11,,0.5,,,,stop"] {
        let message = says(&seasonal(row), Code::NothingToCut, "firm:spin");
        assert!(message.contains("spin/yarn"), "{message}");
    }
    assert!(seasonal("e,capacity,firm:spin,2024-03-11,,0.05,,,,stop").load().case.is_none());
    let both = seasonal("e,capacity,all,2024-03-11,,0.05,,,,stop");
    assert!(says(&both, Code::EventWithoutEffect, "all,").contains("nothing to spin/yarn"));
    // With a capacity there is something to take.
    silent(&seasonal("e,capacity,all,2024-03-11,,0.05,,,,stop").edit("lines.csv", "spin,yarn,none", "spin,yarn,200"));
    silent(&event("e,capacity,all,2024-03-11,,0.05,,,,stop"));
    // More than all is nothing where there is no limit.
    assert!(says(&event("e,capacity,all,2024-03-11,,1.5,,,,stop"), Code::EventWithoutEffect, "1.5").contains("limit"));
    silent(&event("e,capacity,all,2024-03-11,,1.5,,,,stop").edit("lines.csv", "spin,yarn,none", "spin,yarn,80"));
}

#[test]
fn events_on_what_is_not_there_are_named() {
    let named = |row: &str, needle: &str, part: &str| {
        let files = event(row);
        let message = says(&files, Code::EventWithoutEffect, needle);
        assert!(message.contains(part), "{message}");
        assert_eq!(files.load().errors(), 0);
    };
    // Nobody works at the mill.
    named("e,attendance,firm:spin,2024-03-11,,0.5,,,,stop", "firm:spin", "hands");
    named("e,attendance,firm:spin;firm:weave,2024-03-11,,0.5,,,,stop", "firm:spin", "hands");
    let people = event("e,attendance,firm:weave,2024-03-11,,0.5,,,,stop").edit("firms.csv", "weaving,,", "weaving,40,");
    assert!(says(&people, Code::EventWithoutEffect, "firm:weave").contains("hands"), "workers, but no line takes labour");
    silent(&people.edit("lines.csv", "weave,cloth,none,", "weave,cloth,none,0.4"));
    // Yarn goes toward YY, in the class of the product, and is paid by bank.
    named("e,open_share,crossing:bridge,2024-03-11,,0,,XX,,stop", "crossing:bridge", "toward XX");
    named("e,open_share,crossing:bridge,2024-03-11,,0,,,persons,stop", "crossing:bridge", "cash");
    // A crossing may be shut to a class that passes another one only.
    let two = event("e,open_share,crossing:ferry,2024-03-11,,0,,,general,stop")
        .edit("crossings.csv", "bridge,town,port", "bridge,town,port\nferry,town,port")
        .edit("routes.csv", "over,1", "sea,1,town,port,3,ferry\nover,1")
        .column("terms.csv", "class", &["special"])
        .edit("terms.csv", "t,restock,6,2,,,,special", "t,restock,6,2,,,,special\nu,restock,6,2,,,,")
        .edit("contracts.csv", "c1,", "c2,spin,weave,yarn,sale,t,sea,1\nc1,")
        .edit("contracts.csv", "c1,spin,weave,yarn,sale,t", "c1,spin,weave,yarn,sale,u");
    silent(&two);
    silent(&event("e,open_share,crossing:bridge,2024-03-11,,0,,YY,general,stop"));
    silent(&event("e,open_share,all,2024-03-11,,0,,,,stop"));
    let carried = event("e,open_share,crossing:bridge,2024-03-11,,0,,XX,persons,stop").column("terms.csv", "means", &["carried"]);
    silent(&carried.column("terms.csv", "carried_crossing", &["bridge"]));
    // A firm that does nothing may end.
    let idle = event("e,default,firm:idle,2024-03-11,,,,,,stop").edit("firms.csv", "spin,", "idle,Idle,town,,,5\nspin,");
    assert!(says(&idle, Code::EventWithoutEffect, "firm:idle").contains("no firm"));
    silent(&event("e,default,firm:spin,2024-03-11,,,,,,stop"));
    // No demand, or none in its season.
    let none = event("e,demand,all,2024-03-11,,0.5,,,,stop").edit("demand.csv", "m,market,weave,cloth,80", "m,market,weave,cloth,0");
    assert!(says(&none, Code::EventWithoutEffect, "all,").contains("is 0"));
    let season =
        |from: &str| event(&format!("e,demand,all,{from},2024-04-10,0.5,,,,stop")).edit("demand.csv", "80,,,3", "80,04-11,08-31,3");
    assert!(says(&season("2024-03-11"), Code::EventWithoutEffect, "all,").contains("season"));
    silent(&season("2024-03-11").edit("demand.csv", "04-11", "04-10"));
    // Orders that are never placed.
    let never = |kind: &str| {
        let files = event(&format!("e,{kind},contract:c2,2024-03-11,,0.5,,,,stop")).edit(
            "contracts.csv",
            "c1,",
            "c2,spin,weave,yarn,sale,o,over,1\nc1,",
        );
        files.edit("terms.csv", "t,restock", "o,schedule,,,,,\nt,restock").edit("case.toml", "\"steady\"", "\"empty\"")
    };
    for kind in ["order_cut", "refusal"] {
        assert!(says(&never(kind), Code::EventWithoutEffect, "contract:c2").contains("ever ordered"));
        silent(&event(&format!("e,{kind},contract:c1,2024-03-11,,0.5,,,,stop")));
    }
    assert!(says(&never("cancel").edit("events.csv", ",0.5,", ",,"), Code::EventWithoutEffect, "contract:c2").contains("ever ordered"));
    // Placed 7 + 45 + 4 days before 30 April: on 5 March.
    let placed = |from: &str| {
        never("order_cut").edit("events.csv", "2024-03-11", from).with("orders.csv", "id,contract,quantity,due_date\no,c2,9,2024-04-30\n")
    };
    let placed = |from: &str| placed(from).edit("terms.csv", "o,schedule,,,,,", "o,schedule,,,4,45,7");
    assert!(says(&placed("2024-03-06"), Code::EventWithoutEffect, "contract:c2").contains("is placed"));
    silent(&placed("2024-03-05"));
    // A currency that nobody has.
    let rates = "currency,from,usd_per_unit\nCNY,2024-03-01,0.14\n";
    let rate = event("e,exchange_rate,currency:CNY,2024-03-11,,0.9,,,,stop").with("exchange_rates.csv", rates);
    assert!(says(&rate, Code::EventWithoutEffect, "currency:CNY").contains("currency"));
    silent(&rate.column("firms.csv", "currency", &["CNY", ""]));
}

/// An event on a place.
fn of_place(row: &str) -> Files {
    chain().with("events.csv", format!("id,kind,target,from,to,value,ramp_in_days,after,scenarios\n{row}\n"))
}

#[test]
fn events_on_places_take_the_cells_of_their_kind() {
    for row in [
        "e,freeze,place:town,2024-03-11,2024-03-20,,,lost,stop",
        "e,freeze,country:XX,2024-03-11,,,,,stop",
        "e,destroy,place:town,2024-03-11,,0.5,,,stop",
        "e,evacuate,all,2024-03-11,2024-03-20,0.1,4,,stop",
    ] {
        silent(&of_place(row));
    }
    let wrong = |row: &str, code: Code, needle: &str| assert_eq!(of_place(row).fails(code, "events.csv", needle).code, code);
    // Firms are not out of reach by themselves; what is destroyed or carried out is a share.
    wrong("e,freeze,firm:spin,2024-03-11,,,,,stop", Code::WrongTarget, "firm:spin");
    wrong("e,destroy,place:town,2024-03-11,,,,,stop", Code::MissingForKind, ",,,stop");
    wrong("e,evacuate,place:town,2024-03-11,,1.5,,,stop", Code::AboveMaximum, "1.5");
    // A place is out of reach or it is not, and what is destroyed is destroyed once.
    wrong("e,freeze,place:town,2024-03-11,,,3,,stop", Code::NotForKind, "3,,stop");
    wrong("e,destroy,place:town,2024-03-11,2024-03-12,0.5,,,stop", Code::NotForKind, "2024-03-12");
    wrong("e,evacuate,place:town,2024-03-11,,0.5,,sold,stop", Code::NotForKind, "sold");
    wrong("e,freeze,place:town,2024-03-11,,,,seized,stop", Code::UnknownWord, "seized");
}

#[test]
fn events_on_places_that_do_nothing_are_named() {
    for (row, needle, part) in [
        ("e,freeze,place:town,2024-03-11,,,,lost,stop", "lost", "never ends"),
        ("e,destroy,place:town,2024-03-11,,0,,,stop", "0,,,stop", "nothing is destroyed"),
        ("e,evacuate,place:town,2024-03-11,,0,,,stop", "0,,,stop", "nothing is carried out"),
        ("e,freeze,place:empty,2024-03-11,,,,,stop", "place:empty", "no firm"),
        ("e,destroy,place:empty,2024-03-11,,0.5,,,stop", "place:empty", "no firm"),
    ] {
        let files = of_place(row).edit("places.csv", "port,Port,YY", "port,Port,YY\nempty,Empty,YY");
        let message = says(&files, Code::EventWithoutEffect, needle);
        assert!(message.contains(part), "{row}: {message}");
    }
}

#[test]
fn several_lines_without_a_recipe_are_asked_for_one() {
    let rows = ["weave,rope,none", "weave,cloth,none"];
    let two = |rows: &[&str]| {
        chain()
            .with("products.csv", "id,name,unit,value_usd_per_unit\nyarn,Y,kg,1\ncloth,C,m,3\nrope,R,m,2\ndye,D,kg,1\n")
            .without("recipes.csv")
            .with("lines.csv", format!("firm,product,capacity_per_day\nspin,yarn,200\n{}\n", rows.join("\n")))
            .with(
                "contracts.csv",
                "id,seller,buyer,product,kind,terms,route,price_usd_per_unit,quantity_per_day\nc1,spin,weave,yarn,sale,t,over,1,60\n",
            )
            .with(
                "demand.csv",
                "id,market,firm,product,quantity_per_day,price_usd_per_unit\nm,market,weave,cloth,80,3\nn,market,weave,rope,20,2\n",
            )
    };
    let asked = |files: &Files, line: usize, parts: &[&str]| {
        let loaded = files.load();
        let found: Vec<_> = loaded.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        assert_eq!(found.len(), 1, "{:#?}", loaded.diagnostics);
        assert_eq!((found[0].code, found[0].file.to_str(), found[0].line), (Code::WhichLineTakes, Some("lines.csv"), line));
        assert!(parts.iter().all(|part| found[0].message.contains(part)), "{}", found[0].message);
        assert!(found[0].fix.contains("recipes.csv"), "{}", found[0].fix);
    };
    asked(&two(&rows), 4, &["weave", "cloth, rope", "yarn"]);
    asked(&two(&[rows[1], rows[0]]), 4, &["weave", "cloth, rope", "yarn"]);
    let three = two(&[rows[0], rows[1], "weave,dye,none"]);
    asked(&three.edit("demand.csv", "n,", "o,market,weave,dye,1,2\nn,"), 4, &["cloth, dye, rope"]);
    // One with a recipe and one without: what the recipe takes is its own, in either order; the value lost is the same.
    let lost = |rows: &[&str], recipe: &str| {
        let stop = "id,kind,target,from,to,value,scenarios\ne,capacity,line:spin/yarn,2024-03-11,2024-04-05,0,stop\n";
        let files = two(rows).with("recipes.csv", format!("product,input,quantity_per_unit\n{recipe}\n")).with("events.csv", stop);
        run(&files).brief.headline[0]
    };
    for recipe in ["cloth,yarn,0.75", "rope,yarn,3"] {
        let (one, other) = (lost(&rows, recipe), lost(&[rows[1], rows[0]], recipe));
        assert!((one - other).abs() < 1e-9 && one > 1.0, "{recipe}: {one} {other}");
    }
    // A line that resells, or that nobody buys from, is not in doubt.
    let resells = "firm,product,capacity_per_day,resale\nspin,yarn,200,\nweave,yarn,none,true\nweave,cloth,none,\n";
    run(&two(&rows).with("lines.csv", resells).edit("demand.csv", "weave,rope", "weave,yarn"));
    run(&two(&rows).edit("demand.csv", "n,market,weave,rope,20,2\n", ""));
}
