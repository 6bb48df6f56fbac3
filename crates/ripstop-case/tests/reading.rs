//! Tables as they come out of spreadsheets and data frames: cells that have shifted, rows behind a mark, numbers of accounts, dates that
//! look like sums, codes without their zeros, and the types and packings of Parquet. What is refused is refused by name; harmless
//! look-alikes are read.

mod common;

use common::Files;
use ripstop_case::network::Mapper;
use ripstop_case::{Code, Diagnostic, Severity};

/// Yarn for 80 m of cloth a day.
fn base() -> Files {
    Files::empty()
        .with(
            "case.toml",
            "[case]\ntitle = \"t\"\nstart = 2024-03-01\nend = 2024-04-30\ndefault_scenario = \"stop\"\n\n[settings]\nplan = \"demand\"\n\n\
             [scenarios.stop]\nabout = \"The spinner stops.\"\n",
        )
        .with("places.csv", "id,name,country\ntown,Town,CN\n")
        .with("products.csv", "id,name,unit,value_usd_per_unit\nyarn,Yarn,kg,1\ncloth,Cloth,m,3\n")
        .with("recipes.csv", "product,input,quantity_per_unit\ncloth,yarn,1\n")
        .with("firms.csv", "id,name,place,sector,opening_cash_usd,workers\nspin,S,town,s,,\nweave,W,town,w,10000,\n")
        .with("lines.csv", "firm,product,capacity_per_day\nspin,yarn,none\nweave,cloth,100\n")
        .with("terms.csv", "id,ordering,stock_days,restock_days\nt,restock,6,2\n")
        .with("contracts.csv", "id,seller,buyer,product,kind,terms,price_usd_per_unit,credit_limit_usd\nc1,spin,weave,yarn,sale,t,1,\n")
        .with("demand.csv", "id,market,firm,product,quantity_per_day,price_usd_per_unit,patience_days\nm,market,weave,cloth,80,3,0\n")
        .with("events.csv", "id,kind,target,from,to,value,scenarios\ne,capacity,line:spin/yarn,2024-03-11,2024-03-20,0,stop\n")
}

fn errors(files: &Files) -> Vec<Diagnostic> {
    files.load().diagnostics.into_iter().filter(|found| found.severity == Severity::Error).collect()
}

/// The first error has this code and stands in this file; there is one.
fn refused(files: &Files, code: Code, file: &str) -> Diagnostic {
    let errors = errors(files);
    let first = errors.first().unwrap_or_else(|| panic!("{file} is read: {}", files.text(file)));
    assert_eq!((first.code, first.file.display().to_string().as_str()), (code, file), "{errors:#?}");
    first.clone()
}

fn number(files: &Files, table: &str, column: &str, row: usize) -> f64 {
    let case = files.readable();
    let table = case.table(table);
    table.number(table.col(column), row, &case.parameters.base_values()).unwrap()
}

#[test]
fn a_row_longer_than_its_header_is_refused() {
    base().case();
    let firms = |rows: &str| base().with("firms.csv", format!("id,name,place,sector,opening_cash_usd,workers\n{rows}"));
    for rows in [
        "spin,S,town,s,,\nweave,W,town,w,10,000,\n",
        "spin,S,town,s,,\nweave,W,town,w,10,000,5\n",
        "spin,S,town,s,1,000,\nweave,W,town,w,10,000,\n",
        "spin,S,town,s,,\nweave,W,town,w,1,000,000,\n",
        "spin,S,town,s,,\nweave,W,town,w,0,5,\n",
        "spin,S,town,s,,\nweave,W,town,w,10,000,,\n",
        "spin,S,town,s,,,\nweave,W,town,w,10000,\n",
        "spin,S,town,s,,\nweave,W,town,w\n",
    ] {
        refused(&firms(rows), Code::WrongCellCount, "firms.csv");
        let other = firms(rows).text("firms.csv");
        for mark in [";", "\t"] {
            refused(&firms(rows).with("firms.csv", other.replace(',', mark)), Code::WrongCellCount, "firms.csv");
        }
    }
    let fault = refused(&firms("spin,S,town,s,,\nweave,W,town,w,10,000,\n"), Code::WrongCellCount, "firms.csv");
    assert!(fault.fix.contains("write 10000;"), "{}", fault.fix);
    let price = base().edit("contracts.csv", "t,1,", "t,1,05,");
    let fault = refused(&price, Code::WrongCellCount, "contracts.csv");
    assert!(fault.fix.contains("write 1.05;"), "{}", fault.fix);
}

#[test]
fn a_blank_cell_may_be_lost_where_a_number_is_cut() {
    let header = "id,name,place,sector,opening_cash_usd,workers";
    let of = |padding: &str, rows: &str| base().with("firms.csv", format!("{header}{padding}\n{rows}"));
    // The right length, but nobody writes 000.
    refused(&of("", "spin,S,town,s,,\nweave,W,town,w,10,000\n"), Code::WrongCellCount, "firms.csv");
    refused(&of(",", "spin,S,town,s,,,\nweave,W,town,w,10,000,\n"), Code::WrongCellCount, "firms.csv");
    // The header is padded, the other row is not.
    refused(&of(",", "spin,S,town,s,,\nweave,W,town,w,10,500,\n"), Code::WrongCellCount, "firms.csv");
    refused(&of(",", "spin,S,town,s,,,\nweave,W,town,w,10,500,7\n"), Code::UnknownColumn, "firms.csv");
}

#[test]
fn padding_alike_and_plain_rows_are_read() {
    let header = "id,name,place,sector,opening_cash_usd,workers";
    let cash =
        |padding: &str, rows: &str| number(&base().with("firms.csv", format!("{header}{padding}\n{rows}")), "firms", "opening_cash_usd", 1);
    assert_eq!(cash(",,", "spin,S,town,s,,,,\nweave,W,town,w,10000,,,\n"), 10_000.0);
    assert_eq!(cash(",,", "spin,S,town,s,,\nweave,W,town,w,10000,\n"), 10_000.0, "only the header is padded");
    assert_eq!(cash(",", "spin,S,town,s,,\nweave,W,town,w,10000,,\n"), 10_000.0, "padded in part, but nothing is cut");
    assert_eq!(cash("", "spin,S,town,s,,\nweave,W,town,w,10,500\n"), 10.0, "two numbers");
    assert_eq!(cash("", "spin,S,town,s,0,0\nweave,W,town,w,0,0\n"), 0.0);
    assert_eq!(cash("", "spin,S,town,s,,\nweave,W,town,w,\"10\",\"007\"\n"), 10.0, "each in its own quotes");
    assert_eq!(cash("", "spin,S,town,s,,\nweave,W,town,w,\"10,000.0\",\n"), 10_000.0);
}

#[test]
fn rows_behind_a_mark_are_refused_or_named() {
    let event = "capacity,line:spin/yarn,2024-03-13,2024-03-25,0,stop\n";
    let with = |row: &str| base().with("events.csv", format!("{}{row}", base().text("events.csv")));
    for mark in ["#", "# ", "//", "// ", " #", "  # ", "--", "/*", "＃"] {
        refused(&with(&format!("{mark}e2,{event}")), Code::RowCommentedOut, "events.csv");
    }
    refused(&with("# the second stop\n"), Code::RowCommentedOut, "events.csv");
    refused(&with("\"# the second stop, of March\"\n"), Code::RowCommentedOut, "events.csv");
    refused(&with("# the second stop,,,,,,\n"), Code::RowCommentedOut, "events.csv");
    for file in base().names().iter().filter(|file| file.ends_with(".csv")) {
        let rows = base().text(file);
        let last = rows.lines().last().unwrap().to_owned();
        let files = base().with(file, format!("{rows}# {last}\n"));
        assert!(errors(&files).iter().any(|found| found.code == Code::RowCommentedOut), "{file}");
    }
    // A name that is quoted is a name, and said to look like a mark.
    let named = with(&format!("\"#e2\",{}", event.replace("03-13", "03-25"))).load();
    assert!(named.case.is_some() && named.diagnostics.iter().any(|found| found.code == Code::NameLikeRemark), "{:#?}", named.diagnostics);
    // Before the header, and within a row, it is none.
    let events = base().text("events.csv");
    base().with("events.csv", format!("# events\n\n{events}")).case();
    base().edit("firms.csv", ",S,", ",S #1,").case();
    base().edit("firms.csv", ",S,", ",#1 spinner,").case();
    let wrong = base().edit("events.csv", "e,cap", "#N/A,cap");
    refused(&wrong, Code::SpreadsheetError, "events.csv");
}

#[test]
fn half_a_season_is_no_season() {
    let with = |from: &str, to: &str| base().column("demand.csv", "season_from", &[from]).column("demand.csv", "season_to", &[to]);
    refused(&with("", "03-31"), Code::MissingForKind, "demand.csv");
    refused(&with("03-01", ""), Code::MissingForKind, "demand.csv");
    with("", "").case();
    // Whatever else is said of it, the season is whole.
    assert!(errors(&with("03-01", "04-15")).iter().all(|found| found.code != Code::MissingForKind));
    refused(&base().column("demand.csv", "season_to", &["03-31"]), Code::MissingForKind, "demand.csv");
}

#[test]
fn negative_numbers_of_accounts_are_never_positive() {
    for text in [
        "(500)",
        "( 500 )",
        "((500))",
        "(-500)",
        "500-",
        "500 -",
        "−500",
        "- 500",
        "-500",
        "500 CR",
        "(500) CR",
        "-$500",
        "$500",
        "($500)",
        "€500",
        "(1 500)",
        "\"(1,500)\"",
        "\"(500,00)\"",
        "–500",
        "[500]",
        "<500>",
        "0-500",
        "-(500)",
    ] {
        let files = base().edit("firms.csv", ",10000,", &format!(",{text},"));
        assert!(files.load().case.is_none(), "{text} is read");
    }
    for (file, from, to) in [
        ("demand.csv", ",80,", ",(80),"),
        ("demand.csv", ",80,", ",($80),"),
        ("demand.csv", ",80,", ",-$80,"),
        ("demand.csv", ",80,", ",\"$80,000\","),
        ("contracts.csv", "t,1,", "t,(1),"),
        ("terms.csv", ",6,", ",(6),"),
        ("recipes.csv", "yarn,1", "yarn,(1)"),
        ("products.csv", "kg,1", "kg,1-"),
        ("lines.csv", "100", "(100)"),
        ("events.csv", ",0,stop", ",(0.5),stop"),
    ] {
        refused(&base().edit(file, from, to), Code::NotANumber, file);
    }
    let parameter = |value: &str| {
        let text = format!("name,value,unit,basis\ncash,{value},USD,inferred\n");
        base().edit("firms.csv", ",10000,", ",$cash,").with("parameters.csv", text)
    };
    refused(&parameter("(500)"), Code::NotANumber, "parameters.csv");
    assert_eq!(number(&parameter("500"), "firms", "opening_cash_usd", 1), 500.0);
    assert_eq!(number(&base().edit("firms.csv", ",10000,", ",+500,"), "firms", "opening_cash_usd", 1), 500.0);
    // In brackets a formula with a parameter is a formula.
    assert_eq!(number(&parameter("500").edit("firms.csv", "$cash", "($cash)"), "firms", "opening_cash_usd", 1), 500.0);
}

#[test]
fn dates_and_ranges_are_no_sums() {
    let cash = |text: &str| base().edit("firms.csv", ",10000,", &format!(",{text},"));
    for text in [
        "2024-03",
        "100-80",
        "2019/2020",
        "1/2",
        "3-4",
        "2024 - 03",
        "12-2024",
        "03-2024",
        "1/2/3",
        "2024-03-11",
        "11/3/2024",
        "2024-03 * 2",
    ] {
        refused(&cash(text), Code::NotANumber, "firms.csv");
    }
    for (text, value) in [("100 - 80", 20.0), ("1 / 2", 0.5), ("2 * 30", 60.0), ("(2 + 3) * 4", 20.0), ("0.5/2", 0.25)] {
        let loaded = cash(text).load();
        let codes: Vec<Code> = loaded.diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(codes, [Code::FormulaWithoutParameter], "{text}");
        assert_eq!(number(&cash(text), "firms", "opening_cash_usd", 1), value);
    }
    let parameter = |value: &str, unit: &str| format!("name,value,unit,basis\np,{value},{unit},inferred\n");
    let with = |cell: &str, value: &str| cash(cell).with("parameters.csv", parameter(value, "USD"));
    assert_eq!(with("$p / 2", "5").case().parameters.list.len(), 1);
    refused(&with("$p", "2024-03"), Code::NotANumber, "parameters.csv");
    assert!(with("$p", "2 * 3").load().diagnostics.iter().any(|found| found.code == Code::FormulaWithoutParameter));
    // A date is never reckoned: neither without a parameter nor as part of a formula.
    for text in ["2024-03", "2024 - 3", "19/3", "(2024-03-11)"] {
        assert!(base().edit("events.csv", "2024-03-11", text).load().case.is_none(), "{text}");
    }
    let shift = base().edit("events.csv", "2024-03-11", "$p + 2024-03").with("parameters.csv", parameter("2024-03-11", "date"));
    refused(&shift, Code::NotANumber, "events.csv");
}

#[test]
fn legs_of_half_days_add_up() {
    let route = |days: [&str; 3]| {
        let [first, second, third] = days;
        base()
            .with("places.csv", "id,country\np0,CN\np1,CN\np2,KP\np3,KP\n")
            .with("crossings.csv", "id,place_a,place_b\ngate,p1,p2\n")
            .edit("firms.csv", "spin,S,town", "spin,S,p0")
            .edit("firms.csv", "weave,W,town", "weave,W,p3")
            .with(
                "routes.csv",
                format!("route,leg,from,to,days,crossing\nr,1,p0,p1,{first},\nr,2,p1,p2,{second},gate\nr,3,p2,p3,{third},\n"),
            )
            .column("contracts.csv", "route", &["r"])
    };
    let legs = |days: [&str; 3]| -> Vec<u32> {
        let case = route(days).readable();
        let network = Mapper::new(&case).network(&case.parameters.base_values());
        network.routes[0].legs.iter().map(|leg| leg.days).collect()
    };
    assert_eq!(legs(["2.5", "2.5", "0"]), [3, 2, 0], "five days, not six");
    assert_eq!(legs(["0.5", "0.5", "0.5"]), [1, 0, 1]);
    assert_eq!(legs(["0.3", "0.3", "0.4"]), [0, 1, 0]);
    assert_eq!(legs(["1", "2", "3"]), [1, 2, 3]);
}

#[test]
fn codes_of_goods_that_lost_a_zero_are_refused() {
    let with = |code: &str| base().column("products.csv", "hs", &[code, "6201"]);
    for (code, meant) in [
        ("307.1", Some("0307.10")),
        ("30710", Some("030710")),
        ("3071", Some("0307.10")),
        ("307", Some("0307")),
        ("307.0", Some("0307")),
        ("30710.0", Some("030710")),
        ("3.0710E+05", None),
        ("3e5", None),
    ] {
        let fault = refused(&with(code), Code::BadGoodsCode, "products.csv");
        assert_eq!(fault.suggestion.as_deref(), meant, "{code}");
    }
    for code in ["0307.10", "0307.10.00", "03.07", "0307", "03", "6201.93", "8549"] {
        with(code).readable();
    }
    let law = |code: &str| Files::ruled().edit("rules/own.toml", "\"6201\"", &format!("\"{code}\""));
    refused(&law("307.1"), Code::BadGoodsCode, "rules/own.toml");
    let own = |row: &str| {
        Files::ruled()
            .with("rules/hs.csv", format!("vintage,code,title\nHS2017,6201,Coats\nHS2017,6202,Coats\nHS2017,5407,Fabric\n{row}\n"))
    };
    refused(&own("HS2017,307.1,Octopus"), Code::BadGoodsCode, "rules/hs.csv");
    refused(&own("HS2017,0307,10,Octopus"), Code::WrongCellCount, "rules/hs.csv");
    refused(&own("#HS2017,0307,Octopus"), Code::RowCommentedOut, "rules/hs.csv");
    assert_eq!(errors(&own("HS2017,0307.10,Octopus")), []);
}

fn parquet(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/parquet_files/{name}.parquet", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn with_demand(name: &str) -> Files {
    base().without("demand.csv").with("demand.parquet", parquet(name))
}

#[test]
fn every_packing_is_undone() {
    for codec in ["zstd", "gzip", "brotli", "lz4"] {
        for program in ["pandas", "polars", "duckdb"] {
            let files = with_demand(&format!("{program}-{codec}"));
            if codec == "zstd" && !cfg!(feature = "zstd") {
                let fault = refused(&files, Code::BadParquet, "demand.parquet");
                assert!(fault.message.contains("zstd") && fault.fix.contains("snappy"), "{fault:?}");
            } else {
                assert_eq!(number(&files, "demand", "quantity_per_day", 0), 80.0, "{program} {codec}");
            }
        }
    }
    assert_eq!(number(&with_demand("hadoop-lz4"), "demand", "quantity_per_day", 0), 80.0);
}

#[test]
fn columns_of_more_than_one_value_a_cell_are_refused() {
    for name in ["struct", "struct-with-null", "list", "map", "list-of-structs", "list-in-note", "time"] {
        refused(&with_demand(name), Code::ParquetType, "demand.parquet");
    }
    for name in ["decimal", "decimal-in-32-bits", "unsigned", "half", "dictionary", "large-string", "null-column"] {
        assert_eq!(number(&with_demand(name), "demand", "quantity_per_day", 0), 80.0, "{name}");
    }
    let loaded = with_demand("index").load();
    let codes: Vec<Code> = loaded.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::ReadOtherwise], "{:#?}", loaded.diagnostics);
    assert!(loaded.diagnostics[0].message.contains("__index_level_0__"));
}

#[test]
fn midnights_of_every_unit_and_zone_are_days() {
    let with = |name: &str| base().without("events.csv").with("events.parquet", parquet(&format!("event-{name}")));
    for name in ["s", "us", "ns", "utc", "seoul", "new-york", "offset", "int96", "fastparquet-seoul", "polars-seoul", "duckdb", "text"] {
        let files = with(name);
        if name == "polars-seoul" && !cfg!(feature = "zstd") {
            continue; // polars packs with zstd
        }
        let (case, plain) = (files.case(), base().case());
        let dates = |case: &ripstop_case::Case| {
            let (events, values) = (case.table("events"), case.parameters.base_values());
            ["from", "to"].map(|column| events.date(events.col(column), 0, &values))
        };
        assert_eq!(dates(&case), dates(&plain), "{name}");
    }
    for name in ["no-noon", "no-nanosecond", "no-midnight-in-seoul"] {
        let fault = refused(&with(name), Code::NotADate, "events.parquet");
        assert!(fault.message.contains("time of day"), "{name}: {}", fault.message);
    }
    for text in ["2024-03-11 00:00:00", "2024-03-11T00:00:00Z", "2024-03-11 00:00:00+09:00", "2024-03-11T00:00:00.000000000"] {
        let loaded = base().edit("events.csv", "2024-03-11", text).load();
        assert!(loaded.case.is_some() && loaded.diagnostics[0].code == Code::ReadOtherwise, "{:#?}", loaded.diagnostics);
    }
    let fault = refused(&base().edit("events.csv", "2024-03-11", "2024-03-11T15:00:00Z"), Code::NotADate, "events.csv");
    assert!(fault.message.contains("time of day"), "{}", fault.message);
}

/// Two firms by links.
fn linked() -> Files {
    Files::empty()
        .with("case.toml", base().text("case.toml").replace("The spinner stops.", "Nothing."))
        .with("firms.csv", "id,sector,final_demand_per_day\n1,\"Food, drink & tobacco\",20\n2,b;c,20\n")
        .with("events.csv", "id,kind,target,from,to,value,scenarios\ne,capacity,firm:1,2024-03-11,2024-03-20,0,stop\n")
}

#[test]
fn links_from_data_frames() {
    let with = |name: &str| linked().with("links.parquet", parquet(name));
    for (name, note) in [("links-float-ids", Some("floating-point")), ("links-index", Some("__index_level_0__")), ("links-decimal", None)] {
        let loaded = with(name).load();
        assert_eq!(loaded.errors(), 0, "{:#?}", loaded.diagnostics);
        let case = loaded.case.unwrap();
        let links = case.links.as_ref().unwrap();
        assert_eq!((links.len(), links.sold.as_slice()), (2, &[10.0, 5.0][..]), "{name}");
        let said: Vec<_> = loaded.diagnostics.iter().filter(|found| found.code == Code::ReadOtherwise).collect();
        assert_eq!(said.len(), usize::from(note.is_some()), "{name}");
        assert!(note.is_none_or(|note| said[0].message.contains(note)));
    }
    refused(&with("links-no-float-ids"), Code::UnknownId, "links.parquet");
    for name in ["struct", "list"] {
        let all = errors(&with(name));
        assert!(all.iter().all(|found| found.file.display().to_string() == "links.parquet"), "the true cause alone: {all:#?}");
    }
    if cfg!(feature = "zstd") {
        with("links-zstd").readable();
    } else {
        refused(&with("links-zstd"), Code::BadParquet, "links.parquet");
    }
}

#[test]
fn rows_of_links_are_counted_and_marked_alike() {
    let with = |rows: &str| linked().with("links.csv", rows);
    let header = "seller,buyer,value_per_day";
    for rows in ["1,2,10,000\n", "1,2,10,\n", "1,2\n", "1,2,1,05\n"] {
        refused(&with(&format!("{header}\n{rows}2,1,5\n")), Code::WrongCellCount, "links.csv");
        let text = format!("{header}\n{rows}2,1,5\n").replace(',', "\t");
        refused(&with(&text), Code::WrongCellCount, "links.csv");
    }
    refused(&with("value_per_day,seller,buyer\n10,000,1,2\n5,2,1\n"), Code::WrongCellCount, "links.csv");
    for row in ["#1,2,10\n", "//1,2,10\n", "# 1,2,10\n"] {
        refused(&with(&format!("{header}\n1,2,10\n{row}")), Code::RowCommentedOut, "links.csv");
    }
    for text in
        [format!("{header},,\n1,2,10,,\n2,1,5,,\n"), format!("{header},\n1,2,10\n2,1,5\n"), format!("# links\n{header}\n1,2,10\n2,1,5\n")]
    {
        let case = with(&text).readable();
        assert_eq!(case.links.as_ref().unwrap().sold, [10.0, 5.0], "{text}");
    }
    refused(&with(&format!("{header},\n1,2,10,7\n2,1,5,\n")), Code::WrongCellCount, "links.csv");
}

#[test]
fn names_with_marks_are_targets() {
    let with = |target: &str| {
        let text = linked().text("events.csv").replace("firm:1", &format!("\"{}\"", target.replace('"', "\"\"")));
        linked().with("links.csv", "seller,buyer,value_per_day\n1,2,10\n2,1,5\n").with("events.csv", text)
    };
    for target in [
        "sector:Food, drink & tobacco",
        "sector:\"Food, drink & tobacco\"",
        "sector:b;c",
        "sector:\"b;c\"",
        "product:b;c",
        "sector:Food, drink & tobacco & firm:1",
        "firm:2; sector:Food, drink & tobacco ;sector:b;c",
        "firm:1 & sector:\"Food, drink & tobacco\"",
    ] {
        let loaded = with(target).load();
        let wrong = loaded.diagnostics.iter().filter(|found| matches!(found.code, Code::BadSelector | Code::UnknownId | Code::BadId));
        assert_eq!(wrong.count(), 0, "{target}: {:#?}", loaded.diagnostics);
    }
    for target in ["sector:Food, drink", "sector:b", "sector:\"b", "sector:b;d"] {
        assert!(with(target).load().case.is_none(), "{target}");
    }
}

#[test]
fn columns_of_other_names_say_what_to_do() {
    let with = |header: &str| linked().with("links.csv", format!("{header}\n1,2,3650\n2,1,1825\n"));
    let fixes = |files: &Files| -> Vec<String> {
        errors(files).into_iter().filter(|found| found.code == Code::UnknownColumn).map(|found| found.fix).collect()
    };
    let found = fixes(&with("supplier,customer,value_per_year"));
    assert_eq!(found.len(), 3);
    assert!(found[0].contains("`seller`") && found[1].contains("`buyer`"), "{found:?}");
    assert!(found[2].contains("`value_per_day`: divide by 365"), "{found:?}");
    let found = fixes(&base().edit("firms.csv", "place", "region"));
    assert!(found[0].contains("`place`"), "{found:?}");
    let found = fixes(&base().edit("contracts.csv", "seller,buyer", "supplier,customer"));
    assert!(found[0].contains("`seller`") && found[1].contains("`buyer`"), "{found:?}");
    let found = fixes(&base().edit("demand.csv", "quantity_per_day", "quantity_per_year"));
    assert!(found[0].contains("`quantity_per_day`: divide by 365"), "{found:?}");
}
