//! Networks by links: what they stand for, from CSV and Parquet, and what is said of wrong ones.

mod common;

use common::TempDir;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use ripstop_case::network::Mapper;
use ripstop_case::{Case, Code, Diagnostic, Loaded, Severity, load};
use ripstop_study::study::{Request, Study, study};
use std::sync::Arc;

const CASE: &str = "[case]\ntitle = \"Four firms\"\nstart = 2024-01-01\nend = 2024-02-29\ndefault_scenario = \"stop\"\n\n\
    [settings]\nstart_state = \"steady\"\n\n[scenarios.stop]\nabout = \"The mill stands still.\"\n";
const FIRMS: &str = "id,sector,final_demand_per_day\n1,grain,\n2,flour,5\n3,bread,40\n4,bread,20\n";
const LINKS: &str = "seller,buyer,value_per_day\n1,2,10\n2,3,20\n2,4,10\n3,4,2\n";
const EVENTS: &str = "id,kind,target,from,to,value,scenarios\nstop,capacity,firm:2,2024-01-10,2024-02-08,0.25,stop\n";

/// Files of a case.
struct Files(Vec<(&'static str, Vec<u8>)>);

impl Files {
    fn four() -> Files {
        let text = [("case.toml", CASE), ("firms.csv", FIRMS), ("links.csv", LINKS), ("events.csv", EVENTS)];
        Files(text.into_iter().map(|(name, text)| (name, text.as_bytes().to_vec())).collect())
    }

    fn with(mut self, name: &'static str, bytes: impl AsRef<[u8]>) -> Files {
        self.0.retain(|(known, _)| *known != name);
        self.0.push((name, bytes.as_ref().to_vec()));
        self
    }

    fn without(mut self, name: &str) -> Files {
        self.0.retain(|(known, _)| *known != name);
        self
    }

    fn load(&self) -> Loaded {
        let dir = TempDir::new();
        self.0.iter().for_each(|(name, bytes)| std::fs::write(dir.path().join(name), bytes).unwrap());
        load(dir.path())
    }

    fn case(&self) -> Case {
        let loaded = self.load();
        assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
        loaded.case.unwrap()
    }

    /// The only diagnostic of a code, and its place.
    fn says(&self, code: Code) -> (Diagnostic, String) {
        let loaded = self.load();
        let mut found = loaded.diagnostics.iter().filter(|found| found.code == code);
        let (first, more) = (found.next(), found.count());
        assert!(first.is_some() && more == 0, "{code:?}: {:#?}", loaded.diagnostics);
        (first.unwrap().clone(), first.unwrap().place())
    }
}

fn run(case: &Case) -> Study {
    study(case, &Request { scenario: 0, rows: 0..0, seed: 1, sweep: false, record: None }, &|| ()).unwrap()
}

/// Totals of every day of scenario and counterfactual.
fn days(study: &Study) -> Vec<[f64; 4]> {
    let records = [&study.outcome.scenario, &study.outcome.counterfactual];
    records.into_iter().flat_map(|r| r.totals.iter().map(|t| [t.output_value, t.value_added, t.demand_wanted, t.demand_met])).collect()
}

fn near(a: &Study, b: &Study) {
    let (a, b) = (days(a), days(b));
    assert_eq!(a.len(), b.len());
    for (day, (a, b)) in a.iter().zip(&b).enumerate() {
        for (x, y) in a.iter().zip(b) {
            assert!((x - y).abs() <= 1e-12 * x.abs().max(1.0), "day {day}: {a:?} {b:?}");
        }
    }
}

fn parquet(schema: &str, columns: &[Column]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(WriterProperties::builder().build())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in columns {
        let mut open = group.next_column().unwrap().unwrap();
        match column {
            Column::Text(list) => {
                let list: Vec<ByteArray> = list.iter().map(|text| ByteArray::from(*text)).collect();
                open.typed::<ByteArrayType>().write_batch(&list, None, None).unwrap();
            }
            Column::Number(list) => drop(open.typed::<DoubleType>().write_batch(list, None, None).unwrap()),
            Column::Whole(list) => drop(open.typed::<Int32Type>().write_batch(list, None, None).unwrap()),
            Column::Long(list, levels) => drop(open.typed::<Int64Type>().write_batch(list, Some(levels), None).unwrap()),
        }
        open.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

enum Column {
    Text(Vec<&'static str>),
    Number(Vec<f64>),
    Whole(Vec<i32>),
    /// Values, and per row whether it has one.
    Long(Vec<i64>, Vec<i16>),
}

#[test]
fn links_stand_for_the_tables_written_out() {
    let short = Files::four().case();
    // The mill makes 35 of 10 grain; baker 3 makes 42 of 20 flour; baker 4 makes 20 of 10 flour and 2 bread of the other.
    let long = Files::four()
        .without("links.csv")
        .with("firms.csv", "id,sector,place\n1,grain,here\n2,flour,here\n3,bread,here\n4,bread,here\n")
        .with("places.csv", "id,country\nhere,ZZ\n")
        .with("products.csv", "id,unit,value_usd_per_unit\ngrain,USD,1\nflour,USD,1\nbread,USD,1\n")
        .with("terms.csv", "id,ordering,stock_by\nlinks,restock,supplier\n")
        .with("lines.csv", "firm,product,capacity_per_day\n1,grain,10\n2,flour,35\n3,bread,42\n4,bread,20\n")
        .with(
            "contracts.csv",
            "id,seller,buyer,product,terms,quantity_per_day\na,1,2,grain,links,10\nb,2,3,flour,links,20\nc,2,4,flour,links,10\nd,3,4,bread,links,2\n",
        )
        .with("demand.csv", "id,market,firm,product,quantity_per_day\n2,all,2,flour,5\n3,all,3,bread,40\n4,all,4,bread,20\n")
        .case();
    let (a, b) = (run(&short), run(&long));
    near(&a, &b);
    assert!(a.losses.output > 100.0, "{}", a.losses.output);
    assert_eq!(a.outcome.plan.network.contracts.len(), 4);
    assert_eq!(days(&a)[0], [107.0, 65.0, 65.0, 65.0], "grain 10, flour 35, bread 42 and 20; 42 of it bought");
    assert_eq!(short.contract_key(2), "3>4", "by good: bread, then flour");
    assert_eq!(short.line_key(&a.outcome.plan.network, 1), "2/flour");
}

#[test]
fn text_and_numbers_csv_and_parquet_are_one_network() {
    let plain = run(&Files::four().case());
    let named = Files::four()
        .with("firms.csv", FIRMS.replace("\n", "\nn").trim_end_matches('n'))
        .with("links.csv", "seller,buyer,value_per_day\nn1,n2,10\nn2,n3,20\nn2,n4,10\nn3,n4,2\n")
        .with("events.csv", EVENTS.replace("firm:2", "firm:n2"));
    near(&plain, &run(&named.case()));
    let firms = parquet(
        "message firms { required int32 id; required binary sector (UTF8); optional int64 output_per_day; }",
        &[
            Column::Whole(vec![1, 2, 3, 4]),
            Column::Text(vec!["grain", "flour", "bread", "bread"]),
            Column::Long(vec![10, 35, 42, 20], vec![1, 1, 1, 1]),
        ],
    );
    let links = parquet(
        "message links { required double value_per_day; required int32 buyer; required binary seller (UTF8); }",
        &[Column::Number(vec![2.0, 10.0, 20.0, 10.0]), Column::Whole(vec![4, 2, 3, 4]), Column::Text(vec!["3", "1", "2", "2"])],
    );
    let columns = Files::four().without("firms.csv").without("links.csv").with("firms.parquet", &firms).with("links.parquet", &links);
    near(&plain, &run(&columns.case()));
    // A quote makes the file be read row by row.
    let quoted = Files::four().with("links.csv", LINKS.replacen("1,2", "\"1\",2", 1));
    near(&plain, &run(&quoted.case()));
    let turned = "buyer,seller,value_per_day\r\n2,1,10\r\n3,2,20\r\n\r\n 4,2,10\r\n4,3,2";
    near(&plain, &run(&Files::four().with("links.csv", turned).case()));
    let semicolons = Files::four().with("links.csv", LINKS.replace(',', ";"));
    near(&plain, &run(&semicolons.load().case.unwrap()));
}

#[test]
fn stock_days_and_terms_of_links() {
    let firms = "id,sector,final_demand_per_day,stock_days\n1,grain,,\n2,flour,5,\n3,bread,40,3\n4,bread,20,\n";
    let terms = "id,ordering,stock_by,stock_days,restock_days\nlinks,restock,product,9,4\n";
    let case = Files::four().with("firms.csv", firms).with("terms.csv", terms).case();
    let network = Mapper::new(&case).network(&case.parameters.base_values());
    let days: Vec<(f64, f64, bool)> = (0..network.contracts.len())
        .map(|row| &network.terms[network.contracts.terms[row].index()])
        .map(|terms| (terms.stock_days, terms.restock_days, terms.stock_by_supplier))
        .collect();
    assert_eq!(days, [(9.0, 4.0, false), (3.0, 4.0, false), (9.0, 4.0, false), (9.0, 4.0, false)]);
    let shares: Vec<f64> = (0..4).map(|row| network.contracts.share[row]).collect();
    assert_eq!(shares, [1.0, 1.0, 1.0, 1.0], "each buys a good of one firm");
}

#[test]
fn every_wrong_link_has_its_line() {
    let edit = |from: &str, to: &str| Files::four().with("links.csv", LINKS.replacen(from, to, 1));
    let (fault, place) = edit("2,3,20", "2,33,20").says(Code::UnknownId);
    assert_eq!((place.as_str(), fault.suggestion.as_deref()), ("links.csv:3:3", Some("3")));
    assert_eq!(edit("2,3,20", "2,3,-20").says(Code::BelowMinimum).1, "links.csv:3:5");
    assert_eq!(edit("2,3,20", "2,3,NaN").says(Code::NotFinite).1, "links.csv:3:5");
    assert_eq!(edit("2,3,20", "2,3,\"20,5\"").says(Code::NotANumber).1, "links.csv:3:6");
    assert_eq!(edit("2,3,20", "2,3,$x").says(Code::NotANumber).1, "links.csv:3:5");
    assert_eq!(edit("2,3,20", "2,,20").says(Code::MissingCell).1, "links.csv:3:3");
    assert_eq!(edit("2,3,20", "2,3").says(Code::WrongCellCount).1, "links.csv:3:1");
    assert_eq!(edit("2,3,20", "2,3,20,5").says(Code::WrongCellCount).1, "links.csv:3:1", "a decimal comma");
    assert_eq!(edit("2,3,20", "2,3,20,").says(Code::WrongCellCount).1, "links.csv:3:1", "padded where the header is not");
    assert_eq!(edit("value_per_day", "value").says(Code::MissingColumn).1, "links.csv:1:1");
    assert_eq!(edit("buyer,value", "buyer,basis,value").says(Code::UnknownColumn).1, "links.csv:1:14");
    let semicolons = LINKS.replace(',', ";").replace("20", "1.500");
    assert_eq!(Files::four().with("links.csv", semicolons).says(Code::AmbiguousNumber).1, "links.csv:3:5");
    let both = Files::four().with("links.parquet", b"PAR1");
    assert!(both.load().diagnostics.iter().any(|found| found.code == Code::TwoFiles));
    let all = Files::four().with("links.csv", "seller,buyer,value_per_day\n1,9,1\n8,2,inf\n2,3,-1\n").load();
    let codes: Vec<Code> = all.diagnostics.iter().filter(|found| found.severity == Severity::Error).map(|found| found.code).collect();
    for code in [Code::UnknownId, Code::NotFinite, Code::BelowMinimum] {
        assert!(codes.contains(&code), "{code:?} is not among {codes:?}: all problems in one pass");
    }
}

#[test]
fn what_is_added_up_or_left_out_is_said() {
    let with = |more: &str| Files::four().with("links.csv", format!("{LINKS}{more}"));
    let (fault, place) = with("2,3,5\n1,2,1\n").says(Code::DuplicateLink);
    assert_eq!((place.as_str(), fault.severity), ("links.csv:6:3", Severity::Warning));
    assert!(
        fault.message.starts_with("2 rows name pairs of seller and buyer") && fault.message.contains("together 6"),
        "{}",
        fault.message
    );
    let links = with("2,3,5\n1,2,1\n").load().case.unwrap().links.unwrap();
    assert_eq!((links.rows, links.len(), links.sold[1], links.bought[2]), (6, 4, 35.0, 25.0));
    let (fault, place) = with("3,3,7\n").says(Code::SelfLink);
    assert_eq!(place, "links.csv:6:3");
    assert!(fault.message.contains("1 row leads from a firm to itself"), "{}", fault.message);
    assert_eq!(with("1,4,0\n").says(Code::ZeroLink).1, "links.csv:6:5");
}

#[test]
fn firms_that_cannot_be() {
    let firms = |from: &str, to: &str| Files::four().with("firms.csv", FIRMS.replacen(from, to, 1));
    let (fault, place) = firms("2,flour,5", "2,,5").says(Code::FirmWithoutSector);
    assert_eq!(place, "firms.csv:3:3");
    assert!(fault.message.starts_with("2 sells by links"), "{}", fault.message);
    let (fault, place) = firms("4,bread,20", "4,bread,").says(Code::SellsNothing);
    assert_eq!((place.as_str(), fault.message.as_str()), ("firms.csv:5:1", "4 buys 12 a day by links, but sells nothing"));
    let (fault, place) = firms("4,bread,20", "4,bread,8").says(Code::NegativeValueAdded);
    assert_eq!((place.as_str(), fault.severity), ("firms.csv:5:1", Severity::Warning));
    assert!(fault.message.contains("1 firm buys more than it makes, together by 4 a day; the first is 4"), "{}", fault.message);
    let output = |two: &str| {
        Files::four().with(
            "firms.csv",
            format!("id,sector,output_per_day,final_demand_per_day\n1,grain,10,\n2,flour,{two}\n3,bread,42,\n4,bread,20,\n"),
        )
    };
    near(&run(&output("35,").case()), &run(&Files::four().case()));
    assert_eq!(output("25,").says(Code::SellsMoreThanMade).1, "firms.csv:3:9");
    assert_eq!(output("35,5").says(Code::GivenTwice).1, "firms.csv:3:9");
    let products = Files::four().with("products.csv", "id,unit,value_usd_per_unit\ngrain,t,1\nflower,t,1\nbread,t,1\n");
    assert_eq!(products.says(Code::UnknownId).1, "firms.csv:3:3");
    let alone = Files::four().without("links.csv").load();
    assert!(alone.diagnostics.iter().any(|found| found.code == Code::NotForKind && found.message.contains("final_demand_per_day")));
}

#[test]
fn wrong_links_in_parquet_have_their_row() {
    let of = |seller: Column, value: Column, schema: &str| {
        let links = parquet(schema, &[seller, Column::Whole(vec![2, 3, 4]), value]);
        Files::four().without("links.csv").with("links.parquet", links)
    };
    const PLAIN: &str = "message links { required int32 seller; required int32 buyer; required double value_per_day; }";
    let numbers = |values: [f64; 3]| of(Column::Whole(vec![1, 2, 2]), Column::Number(values.to_vec()), PLAIN);
    assert_eq!(numbers([10.0, f64::NAN, 10.0]).says(Code::NotFinite).1, "links.parquet: row 2, column value_per_day");
    assert_eq!(numbers([10.0, 20.0, -1.0]).says(Code::BelowMinimum).1, "links.parquet: row 3, column value_per_day");
    let unknown = of(Column::Whole(vec![1, 77, 2]), Column::Number(vec![10.0, 20.0, 10.0]), PLAIN);
    assert_eq!(unknown.says(Code::UnknownId).1, "links.parquet: row 2, column seller");
    let null = of(
        Column::Long(vec![1, 2], vec![1, 0, 1]),
        Column::Number(vec![10.0, 20.0, 10.0]),
        "message links { optional int64 seller; required int32 buyer; required double value_per_day; }",
    );
    assert_eq!(null.says(Code::MissingCell).1, "links.parquet: row 2, column seller");
    let decimal = of(
        Column::Whole(vec![1, 2, 2]),
        Column::Long(vec![1000, 2000, 1000], vec![1, 1, 1]),
        "message links { required int32 seller; required int32 buyer; optional int64 value_per_day (DECIMAL(12, 2)); }",
    );
    let links = decimal.load().case.unwrap().links.unwrap();
    assert_eq!(links.bought.iter().sum::<f64>(), 40.0, "10.00 is not read as 1000");
    for cut in [0, 4, 60] {
        let torn = Files::four()
            .without("links.csv")
            .with("links.parquet", &parquet(PLAIN, &[Column::Whole(vec![1]), Column::Whole(vec![2]), Column::Number(vec![1.0])])[..cut]);
        assert!(torn.load().diagnostics.iter().any(|found| found.code == Code::BadParquet), "{cut}");
    }
}

#[test]
fn many_problems_are_counted() {
    let rows: String = (0..500).map(|row| format!("x{row},2,-1\n")).collect();
    let loaded = Files::four().with("links.csv", format!("{LINKS}{rows}")).load();
    let named = |code| loaded.diagnostics.iter().filter(|found| found.code == code).count();
    assert_eq!((named(Code::UnknownId), named(Code::BelowMinimum)), (20, 20));
    let left: Vec<&str> = loaded.diagnostics.iter().filter(|f| f.code == Code::ProblemsLeftOut).map(|f| f.message.as_str()).collect();
    assert_eq!(left.len(), 2);
    assert!(left.iter().all(|message| message.starts_with("480 more problems")), "{left:?}");
}

#[test]
fn links_stand_beside_other_tables() {
    // Firm 5 supplies the mill with sacks by an ordinary contract over a route of two days.
    let files = Files::four()
        .with("places.csv", "id,country\nhere,KR\nthere,KR\n")
        .with(
            "firms.csv",
            "id,sector,place,final_demand_per_day\n1,grain,here,\n2,flour,here,5\n3,bread,here,40\n4,bread,here,20\n5,,there,\n",
        )
        .with("products.csv", "id,unit,value_usd_per_unit\ngrain,t,1\nflour,t,1\nbread,t,1\nsack,piece,0.5\n")
        .with("recipes.csv", "product,input,quantity_per_unit\nflour,sack,0.1\n")
        .with("lines.csv", "firm,product,capacity_per_day\n2,flour,35\n5,sack,none\n")
        .with("terms.csv", "id,ordering\nsacks,restock\n")
        .with("routes.csv", "route,leg,from,to,days\nway,1,there,here,2\n")
        .with("contracts.csv", "id,seller,buyer,product,terms,route,share\nsacks,5,2,sack,sacks,way,1\n");
    let case = files.case();
    let study = run(&case);
    let network = &study.outcome.plan.network;
    assert_eq!((network.lines.len(), network.contracts.len()), (5, 5), "the mill has one line, that of the table");
    let mill: Vec<(u32, f64)> =
        network.inputs_of(ripstop::model::ids::LineId(0)).iter().map(|input| (input.product.0, input.per_unit)).collect();
    assert_eq!(mill, [(3, 0.1), (2, 10.0 / 35.0)], "its recipe, and what links bring");
    assert!((study.outcome.counterfactual.totals[30].output_value - (107.0 + 3.5 * 0.5)).abs() < 1e-9);
    assert!(study.residual_max <= 1e-12);
}
