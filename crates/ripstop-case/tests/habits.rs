//! Files as people have them: what a spreadsheet, another country or another system makes of a table.

mod common;

use std::sync::Arc;

use common::Files;
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use ripstop_case::{Code, Limits, load_files, load_within};

/// The case reads as the plain one does; one warning says what was read otherwise, and shows `example`.
fn reads(files: &Files, file: &str, example: &str) {
    let loaded = files.load();
    let found: Vec<_> = loaded.diagnostics.iter().map(|d| (d.code, d.file.display().to_string())).collect();
    assert_eq!(found, [(Code::ReadOtherwise, file.to_owned())], "{:#?}", loaded.diagnostics);
    assert!(loaded.diagnostics[0].message.contains(example), "{}", loaded.diagnostics[0].message);
    same(&loaded.case.unwrap(), &Files::valid().case());
}

/// Every number, date and name of all tables is the same.
fn same(a: &ripstop_case::Case, b: &ripstop_case::Case) {
    let values = (a.parameters.base_values(), b.parameters.base_values());
    for (x, y) in a.tables().iter().zip(b.tables()) {
        assert_eq!(x.rows(), y.rows(), "{}", x.file());
        for row in 0..x.rows() {
            assert_eq!(x.key(row), y.key(row));
            for column in x.spec().columns {
                use ripstop_case::schema::Kind;
                let (c, d) = (x.col(column.name), y.col(column.name));
                match column.kind {
                    Kind::Number | Kind::Integer => {
                        assert_eq!(x.number(c, row, &values.0), y.number(d, row, &values.1), "{} {}", x.file(), column.name)
                    }
                    Kind::Date => assert_eq!(x.date(c, row, &values.0), y.date(d, row, &values.1), "{} {}", x.file(), column.name),
                    Kind::Text => assert_eq!(x.text(c, row), y.text(d, row)),
                    _ => {}
                }
            }
        }
    }
}

/// The case reads as the plain one does, without a word.
fn reads_quietly(files: &Files) {
    same(&files.case(), &Files::valid().case());
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let unit = |u: u16| if little { u.to_le_bytes() } else { u.to_be_bytes() };
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
}

#[test]
fn byte_order_marks_line_ends_and_blank_rows_change_nothing() {
    for (from, to) in [("\n", "\r\n"), ("\n", "\r")] {
        let files = Files::valid();
        let text = files.text("firms.csv").replace(from, to);
        same(&files.with("firms.csv", &text).case(), &Files::valid().case());
    }
    let text = Files::valid().text("firms.csv");
    let bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    same(&Files::valid().with("firms.csv", bom).case(), &Files::valid().case());
    let columns = text.lines().next().unwrap().matches(',').count();
    let padded = format!("{text}{}\n\n   \n{}", ",".repeat(columns), ",".repeat(columns));
    same(&Files::valid().with("firms.csv", &padded).case(), &Files::valid().case());
    let wide: String = text.lines().map(|line| format!("{line},,\n")).collect();
    same(&Files::valid().with("firms.csv", &wide).case(), &Files::valid().case());
}

#[test]
fn utf_16_is_read_and_said() {
    for little in [true, false] {
        let files = Files::valid();
        let bytes = utf16(&files.text("places.csv"), little);
        reads(&files.with("places.csv", bytes), "places.csv", "UTF-16");
    }
    let files = Files::valid();
    let bytes = utf16(&files.text("case.toml"), true);
    reads(&files.with("case.toml", bytes), "case.toml", "UTF-16");
    // Without its mark it is no text.
    let bytes = utf16(&Files::valid().text("places.csv"), true);
    let loaded = Files::valid().with("places.csv", &bytes[2..]).load();
    assert!(loaded.diagnostics.iter().any(|d| d.code == Code::NotText && d.file.to_str() == Some("places.csv")));
}

#[test]
fn semicolons_tabs_and_a_declared_separator() {
    // Lists inside cells are separated by semicolons: such a cell is quoted, as a spreadsheet does.
    for (mark, name) in [(";", "semicolons"), ("\t", "tabs")] {
        let text = Files::valid().text("groups.csv").replace(',', mark);
        reads(&Files::valid().with("groups.csv", &text), "groups.csv", name);
        let declared = format!("sep={mark}\r\n{text}");
        reads(&Files::valid().with("groups.csv", &declared), "groups.csv", name);
    }
}

#[test]
fn decimal_commas_are_read_where_the_file_shows_them() {
    let text = Files::valid().text("demand.csv");
    let semicolons = text.replace(',', ";");
    let comma = semicolons.replace(";80;", ";80,0;");
    assert_ne!(comma, semicolons);
    reads(&Files::valid().with("demand.csv", &comma), "demand.csv", "`80,0` in line 2 is 80.0");
    let quoted = Files::valid().edit("demand.csv", ",80,", ",\"80,0\",");
    reads(&quoted, "demand.csv", "`80,0` in line 2 is 80.0");
}

#[test]
fn thousands_set_apart_are_read_where_there_is_one_reading() {
    let valid = Files::valid;
    for written in ["\"40,000.0\"", "40 000", "40\u{a0}000", "40\u{202f}000", "40'000", "\"+40,000.00\""] {
        reads(&valid().edit("contracts.csv", "winter,40000", &format!("winter,{written}")), "contracts.csv", "thousands set apart");
    }
    // Two readings: refused where the file does not say which.
    let doubt = valid().edit("contracts.csv", "winter,40000", "winter,\"40,000\"").load();
    let found = doubt.diagnostics.iter().find(|d| d.code == Code::AmbiguousNumber).unwrap();
    assert_eq!((found.file.to_str(), found.line), (Some("contracts.csv"), 2));
    assert!(found.fix.contains("40000") && found.fix.contains("40.000"), "{}", found.fix);
    let semicolons = valid().text("demand.csv").replace(',', ";").replace(";80;", ";80.000;");
    valid().with("demand.csv", &semicolons).load().diagnostics.iter().find(|d| d.code == Code::AmbiguousNumber).unwrap();
}

#[test]
fn two_styles_in_one_file_are_refused() {
    let text = Files::valid().text("recipes.csv").replace(',', ";").replacen("0.06", "0,06", 1);
    let loaded = Files::valid().with("recipes.csv", &text).load();
    let fault = loaded.diagnostics.iter().find(|d| d.code == Code::MixedStyles).unwrap();
    assert_eq!(fault.message, "`0,06` has a decimal comma, but `2.8` in line 2 has a decimal point");
    assert_eq!((fault.file.to_str(), fault.line), (Some("recipes.csv"), 2));
}

#[test]
fn dates_are_read_where_the_column_shows_the_order() {
    let valid = Files::valid;
    for written in
        ["10.12.2019", "2019/12/10", "10 Dec 2019", "10-Dec-2019", "\"December 10, 2019\"", "2019-12-10 00:00:00", "2019-12-10T00:00:00"]
    {
        reads(&valid().edit("orders.csv", "2019-12-10", written), "orders.csv", "which is 2019-12-10");
    }
    let doubt = valid().edit("orders.csv", "2019-12-10", "10/12/2019").fails(Code::AmbiguousDate, "orders.csv", "10/12/2019");
    assert!(doubt.fix.contains("2019-12-10") && doubt.fix.contains("2019-10-12"));
    let serial = valid().edit("orders.csv", "2019-12-10", "43809").fails(Code::SerialDate, "orders.csv", "43809");
    assert!(serial.message.contains("2019-12-10"), "{}", serial.message);
    valid().edit("orders.csv", "2019-12-10", "10/12/19").fails(Code::AmbiguousDate, "orders.csv", "10/12/19");
    // The other order's due date shows what stands first.
    let second = valid().text("orders.csv").lines().nth(1).unwrap().replacen("extra", "more", 1).replace("2019-12-10", "31/12/2019");
    let text = valid().text("orders.csv").replace("2019-12-10", "10/12/2019") + &second + "\n";
    let loaded = valid().with("orders.csv", &text).load();
    assert!(loaded.errors() == 0 && loaded.diagnostics.iter().any(|d| d.message.contains("is 2019-12-10")), "{:#?}", loaded.diagnostics);
    let text = text.replace("10/12/2019", "12/25/2019");
    let loaded = valid().with("orders.csv", &text).load();
    assert!(loaded.diagnostics.iter().any(|d| d.code == Code::MixedStyles), "{:#?}", loaded.diagnostics);
}

#[test]
fn error_values_of_formulas_are_refused() {
    for value in ["#N/A", "#REF!", "#DIV/0!"] {
        Files::valid().edit("demand.csv", ",80,", &format!(",{value},")).fails(Code::SpreadsheetError, "demand.csv", value);
    }
}

#[test]
fn true_and_false_are_read_in_capitals() {
    reads_quietly(&Files::valid().edit("lines.csv", "client,coat,,,true", "client,coat,,,TRUE"));
    reads_quietly(&Files::valid().edit("lines.csv", "client,coat,,,true", "client,coat,,,True"));
}

#[test]
fn limits_have_errors_of_their_own() {
    let files: Vec<(String, Vec<u8>)> =
        Files::valid().names().into_iter().map(|name| (name.clone(), Files::valid().text(&name).into_bytes())).collect();
    for (code, limits) in [
        (Code::FileTooLarge, Limits { table_bytes: 40, ..Limits::DEFAULT }),
        (Code::FileTooLarge, Limits { toml_bytes: 40, ..Limits::DEFAULT }),
        (Code::TooManyRows, Limits { rows: 1, ..Limits::DEFAULT }),
        (Code::TooManyColumns, Limits { columns: 2, ..Limits::DEFAULT }),
        (Code::LineTooLong, Limits { line_bytes: 30, ..Limits::DEFAULT }),
        (Code::CellTooLong, Limits { cell_bytes: 5, ..Limits::DEFAULT }),
    ] {
        let loaded = load_files("two-towns", &files, &limits);
        assert!(loaded.diagnostics.iter().any(|d| d.code == code) && loaded.case.is_none(), "{code:?}: {:#?}", loaded.diagnostics);
    }
    let dir = common::TempDir::new();
    files.iter().for_each(|(name, bytes)| std::fs::write(dir.path().join(name), bytes).unwrap());
    assert!(load_within(dir.path(), &Limits::DEFAULT).case.is_some());
    // Very many problems are not all named, and that is said.
    let rows: String = (0..200).map(|k| format!("c{k},nobody{k},client,coat,sale,home,,,5,,\n")).collect();
    let faulty = Files::valid().text("contracts.csv") + &rows;
    let mut files = files;
    files.iter_mut().find(|(name, _)| name == "contracts.csv").unwrap().1 = faulty.into_bytes();
    let loaded = load_files("two-towns", &files, &Limits { problems: 50, ..Limits::DEFAULT });
    let of_file = loaded.diagnostics.iter().filter(|d| d.file.to_str() == Some("contracts.csv")).count();
    assert_eq!((of_file, loaded.diagnostics.iter().any(|d| d.code == Code::ProblemsLeftOut)), (51, true));
}

/// demand.csv of the valid case as Parquet: text, a number, a date.
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
            Column::Date(list) => drop(open.typed::<Int32Type>().write_batch(list, None, None).unwrap()),
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
    Date(Vec<i32>),
}

const ORDERS: &str = "message orders { required binary id (UTF8); required binary contract (UTF8); required double quantity; required int32 due_date (DATE); required int32 season_end (DATE); }";

fn order(id: &'static str, contract: &'static str) -> Vec<Column> {
    let day = |text: &str| ripstop_case::parse_date(text).unwrap();
    vec![
        Column::Text(vec![id]),
        Column::Text(vec![contract]),
        Column::Number(vec![1200.0]),
        Column::Date(vec![day("2019-12-10")]),
        Column::Date(vec![day("2020-02-15")]),
    ]
}

#[test]
fn a_table_may_be_parquet() {
    assert_eq!(Files::valid().text("orders.csv").lines().nth(1).unwrap(), "extra,coats,1200,2019-12-10,2020-02-15");
    let files = Files::valid().without("orders.csv").with("orders.parquet", parquet(ORDERS, &order("extra", "coats")));
    same(&files.case(), &Files::valid().case());
    let wrong = Files::valid().without("orders.csv").with("orders.parquet", parquet(ORDERS, &order("extra", "caots"))).load();
    let fault = &wrong.diagnostics[0];
    assert_eq!(
        (fault.code, fault.place().as_str(), fault.suggestion.as_deref()),
        (Code::UnknownId, "orders.parquet: row 1, column contract", Some("coats"))
    );
    let twice = Files::valid().with("orders.parquet", parquet(ORDERS, &order("extra", "coats"))).load();
    assert!(twice.diagnostics.iter().any(|d| d.code == Code::TwoFiles));
    let torn = parquet(ORDERS, &order("extra", "coats"));
    for cut in [0, 4, torn.len() / 2, torn.len() - 1] {
        let loaded = Files::valid().without("orders.csv").with("orders.parquet", &torn[..cut]).load();
        assert!(loaded.diagnostics.iter().any(|d| d.code == Code::BadParquet), "{cut}");
    }
    let raw = "message orders { required binary id; required binary contract (UTF8); required double quantity; required int32 due_date (DATE); required int32 season_end (DATE); }";
    let loaded = Files::valid().without("orders.csv").with("orders.parquet", parquet(raw, &order("extra", "coats"))).load();
    assert!(loaded.diagnostics.iter().any(|d| d.code == Code::ParquetType), "{:#?}", loaded.diagnostics);
}

#[test]
fn the_page_about_files_lists_the_limits() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/files.md")).unwrap();
    let limits = Limits::DEFAULT;
    for (name, value) in [
        ("bytes of a table", limits.table_bytes),
        ("bytes of a TOML file", limits.toml_bytes),
        ("rows of a table", limits.rows as u64),
        ("columns of a table", limits.columns as u64),
        ("bytes of a line", limits.line_bytes as u64),
        ("bytes of a cell", limits.cell_bytes as u64),
        ("problems named of one file", limits.problems as u64),
    ] {
        assert!(page.contains(&format!("| {name} | {value} |")), "{name}: {value}");
    }
}
