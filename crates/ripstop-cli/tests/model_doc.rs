//! The parts of `docs/model.md` that are written from the code: the opening of each phase, the causes, the accounts, the inputs.
//!
//! They stand between `<!-- generated: NAME -->` and `<!-- end -->`. `RIPSTOP_BLESS=1 cargo test -p ripstop-cli --test model_doc` rewrites them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ripstop_case::schema::{self, ColumnSpec, Kind};

const PAGE: &str = "docs/model.md";
const BEGIN: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// Phases, in the order of the day.
const PHASES: [&str; 8] = ["events", "receive", "order", "produce", "ration", "dispatch", "settle", "record"];

/// Tables whose columns are no input of the day: numbers behind cells, statements, numbers to compare with.
const NOT_OF_THE_DAY: [&str; 4] = ["parameters", "sources", "observations", "guesses"];

/// Where every input acts: chapter, table, columns. A chapter is a phase, or `case`, `start`, `afterwards`.
const ACTS: &[(&str, &str, &str)] = &[
    ("case", "places", "id name country lat lon"),
    ("case", "crossings", "id name place_a place_b"),
    ("case", "routes", "route leg from to days crossing"),
    ("case", "groups", "id name country"),
    ("case", "products", "id name unit class"),
    ("case", "recipes", "product input quantity_per_unit"),
    ("case", "firms", "id name place group sector currency"),
    ("case", "lines", "firm product resale"),
    ("case", "terms", "id ordering class"),
    ("case", "contracts", "id seller buyer product kind terms route input_route quantity_per_day share currency"),
    ("case", "links", "seller buyer value_per_day"),
    ("case", "calendars", "calendar due share season_end first_due last_due"),
    ("case", "orders", "id contract quantity due_date season_end"),
    ("case", "demand", "id market firm product"),
    ("start", "settings", "start_state warm_up_days settle_tolerance_share settle_max_days"),
    ("start", "firms", "opening_cash_usd opening_cash"),
    (
        "events",
        "events",
        "id kind target from to value ramp_in_days ramp_out_days shape recovery_days stop_days after toward class scenarios",
    ),
    ("events", "exchange_rates", "currency from usd_per_unit"),
    ("receive", "terms", "theft_share refused_share hold_patience_days title"),
    ("receive", "routes", "days crossing"),
    ("order", "settings", "plan expect_days stock_days_drawn stock_days_least compat shares"),
    ("order", "firms", "final_demand_per_day output_per_day stock_days"),
    ("order", "links", "value_per_day"),
    ("order", "demand", "quantity_per_day season_from season_to"),
    (
        "order",
        "terms",
        "stock_by stock_days restock_days minimum_order_units prepaid_share over_shipment_share purchase_lead_days input_window_days",
    ),
    ("order", "terms", "input_lead_days consignment_interval_days slack_days ceiling_days stop_after_days cancel_late_days moves_share"),
    ("order", "contracts", "switch_share switch_after_days switch_days return_days"),
    ("order", "switches", "buyer product country share after_days ramp_days return_days price_usd_per_unit capacity_per_day travel_days"),
    ("order", "contracts", "share standby_share credit_limit_usd calendar quantity_per_year alternative_input_routes"),
    ("order", "terms", "news_days"),
    ("order", "orders", "quantity due_date"),
    ("order", "recipes", "quantity_per_unit waste_share supplied_by"),
    ("produce", "settings", "spare_capacity_share"),
    ("produce", "recipes", "quantity_per_unit waste_share supplied_by importance"),
    ("produce", "lines", "capacity_per_day labour_days_per_unit"),
    ("produce", "terms", "work input_window_days slack_days"),
    ("produce", "firms", "workers rest_weekdays hire_days fire_days"),
    ("ration", "lines", "rationing"),
    ("ration", "settings", "class_priority rationing compat"),
    ("ration", "products", "class"),
    ("ration", "demand", "patience_days"),
    ("dispatch", "terms", "leave_days_before_due dispatch lots_per_order collection_interval_days retention_share leftovers"),
    ("dispatch", "terms", "news_days"),
    ("dispatch", "contracts", "alternative_routes collection_phase_share credit_limit_usd"),
    ("dispatch", "crossings", "mode tonnes_per_day"),
    ("dispatch", "routes", "tonnes_per_day"),
    ("dispatch", "traffic", "crossing toward class tonnes_per_day"),
    ("dispatch", "products", "kg_per_unit spoilage_share_per_day"),
    ("dispatch", "settings", "class_priority"),
    ("settle", "contracts", "price_usd_per_unit price_per_unit currency"),
    ("settle", "demand", "price_usd_per_unit"),
    ("settle", "products", "retail_price_usd_per_unit"),
    ("settle", "terms", "prepaid_share season_settlement_share inspection_days net_days means carried_crossing"),
    ("settle", "terms", "grace_days compensation_share compensation_means"),
    ("settle", "terms", "title"),
    ("settle", "orders", "season_end"),
    ("settle", "firms", "currency workers wage_usd_per_month wage_per_month idle_pay_share levy_share keep_months"),
    ("settle", "firms", "insolvency_days when_insolvent rescue_months"),
    ("record", "products", "value_usd_per_unit"),
    ("afterwards", "products", "value_usd_per_unit price_after_season_share"),
    ("afterwards", "contracts", "price_usd_per_unit price_per_unit"),
    ("afterwards", "orders", "season_end"),
    ("afterwards", "settings", "draws seed"),
    ("afterwards", "crossings", "utc_offset clears_at"),
    ("afterwards", "groups", "tags"),
    ("afterwards", "products", "hs hs_vintage origin"),
    ("afterwards", "firms", "nationality labour_nationality tags"),
    ("afterwards", "contracts", "signed written evidence relation tags declared_origin maker_disclosed"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Own columns of a table, or the keys of `[settings]`.
fn columns_of(table: &str) -> &'static [ColumnSpec] {
    if table == "settings" {
        return schema::SETTING_KEYS;
    }
    schema::table(table).unwrap_or_else(|| panic!("no table `{table}`")).columns
}

fn file_of(table: &str) -> &'static str {
    schema::table(table).map_or("case.toml", |spec| spec.file)
}

/// Names of the columns of one table that act in a chapter.
fn acting<'a>(chapter: &'a str, table: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    ACTS.iter().filter(move |(c, t, _)| *c == chapter && *t == table).flat_map(|(_, _, names)| names.split(' '))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Unit of a column, or the words it knows.
fn unit(column: &ColumnSpec) -> String {
    match column.kind {
        Kind::Enum(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" "),
        Kind::Bool => "`true` `false`".to_string(),
        Kind::Date => "date".to_string(),
        Kind::MonthDay => "MM-DD".to_string(),
        _ => column.unit.to_string(),
    }
}

fn default(column: &ColumnSpec) -> String {
    match column.default {
        "" if column.required => "required".to_string(),
        "" => String::new(),
        word => format!("`{word}`"),
    }
}

/// The table of the inputs that act in a chapter.
fn inputs(chapter: &str) -> String {
    let mut page = String::from("| where | input | unit or words | default | meaning |\n|---|---|---|---|---|\n");
    let mut tables: Vec<&str> = Vec::new();
    for (_, table, _) in ACTS.iter().filter(|(c, _, _)| *c == chapter) {
        if !tables.contains(table) {
            tables.push(table);
        }
    }
    for table in tables {
        for name in acting(chapter, table) {
            let column = columns_of(table).iter().find(|c| c.name == name);
            let column = column.unwrap_or_else(|| panic!("chapter {chapter}: no input `{name}` in {table}"));
            let (unit, default) = (cell(&unit(column)), default(column));
            let _ = writeln!(page, "| {} | `{name}` | {unit} | {default} | {} |", file_of(table), cell(column.meaning));
        }
    }
    page
}

/// The text of a file's `//!` lines.
fn module_doc(path: &str) -> String {
    let text = read(path);
    let lines = text.lines().take_while(|line| line.starts_with("//!"));
    let doc: Vec<&str> = lines.map(|line| line.trim_start_matches("//!").trim()).collect();
    assert!(!doc.is_empty(), "{path} has no opening");
    doc.join("\n") + "\n"
}

/// Documented variants of an enum: name without its fields, and its doc.
fn variants(text: &str, name: &str) -> Vec<(String, String)> {
    let body = text.split(&format!("pub enum {name} {{")).nth(1).unwrap_or_else(|| panic!("no enum {name}"));
    let mut found = Vec::new();
    let mut doc: Vec<&str> = Vec::new();
    for line in body.lines().map(str::trim).take_while(|line| *line != "}") {
        match line.strip_prefix("///") {
            Some(words) => doc.push(words.trim()),
            None if line.is_empty() || line.starts_with('#') => {}
            None => {
                let variant: String = line.chars().take_while(char::is_ascii_alphanumeric).collect();
                found.push((variant, std::mem::take(&mut doc).join(" ")));
            }
        }
    }
    found
}

/// Causes with their words, what they mean and whether the line counts as stopped.
fn causes() -> String {
    let text = read("crates/ripstop/src/rule/cause.rs");
    let section = |from: &str| text.split(from).nth(1).and_then(|rest| rest.split("\n    }\n").next()).unwrap_or_default();
    let (words, runs) = (section("fn word"), section("fn stops"));
    let mut page = String::from("| cause | when | stopped, if nothing was made |\n|---|---|---|\n");
    for (variant, doc) in variants(&text, "Cause") {
        let arm = words.lines().find(|line| line.trim().starts_with(&format!("Self::{variant}")) && line.contains("=>"));
        let word = arm.and_then(|line| line.split('"').nth(1)).unwrap_or_else(|| panic!("cause {variant} has no word"));
        let free = runs.split(|c: char| !c.is_ascii_alphanumeric() && c != ':').any(|part| part == format!("Self::{variant}"));
        let _ = writeln!(page, "| `{word}` | {} | {} |", cell(&doc), if free { "no" } else { "yes" });
    }
    page
}

fn accounts() -> String {
    let text = read("crates/ripstop/src/model/accounts.rs");
    let mut page = String::from("| account | whose money |\n|---|---|\n");
    for (variant, doc) in variants(&text, "Account") {
        let _ = writeln!(page, "| {} | {} |", variant.to_lowercase(), cell(&doc));
    }
    page
}

/// Every generated piece, by the name its marker bears.
fn pieces() -> Vec<(String, String)> {
    let mut list = vec![("causes".to_string(), causes()), ("accounts".to_string(), accounts())];
    for phase in PHASES {
        list.push((format!("phase {phase}"), module_doc(&format!("crates/ripstop/src/day/{phase}.rs"))));
    }
    for chapter in ["case", "start"].into_iter().chain(PHASES).chain(["afterwards"]) {
        list.push((format!("inputs {chapter}"), inputs(chapter)));
    }
    list
}

/// The page with every generated piece as the code has it now, and the names of the pieces found.
fn regenerated(page: &str, pieces: &[(String, String)]) -> (String, Vec<String>) {
    let (mut out, mut found, mut inside) = (String::new(), Vec::new(), false);
    for line in page.lines() {
        if line == END {
            assert!(inside, "`{END}` without a beginning");
            inside = false;
        }
        if !inside {
            out.push_str(line);
            out.push('\n');
        }
        if let Some(name) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(" -->")) {
            assert!(!inside, "`{name}` begins before the piece above has ended");
            let piece = pieces.iter().find(|(known, _)| known == name);
            out.push_str(&piece.unwrap_or_else(|| panic!("no generated piece `{name}`")).1);
            found.push(name.to_string());
            inside = true;
        }
    }
    assert!(!inside, "the last generated piece does not end");
    (out, found)
}

#[test]
fn the_model_page_says_what_the_code_says() {
    let (page, pieces) = (read(PAGE), pieces());
    let (now, mut found) = regenerated(&page, &pieces);
    let mut wanted: Vec<String> = pieces.into_iter().map(|(name, _)| name).collect();
    wanted.sort();
    found.sort();
    assert_eq!(wanted, found, "left: generated pieces; right: markers in {PAGE}, each once");
    if std::env::var_os("RIPSTOP_BLESS").is_some_and(|value| value == "1") {
        fs::write(root().join(PAGE), &now).unwrap_or_else(|error| panic!("{PAGE}: {error}"));
    }
    assert!(read(PAGE) == now, "{PAGE} is out of date: set RIPSTOP_BLESS=1 and run this test again");
}

#[test]
fn every_input_acts_somewhere() {
    let mut missing = Vec::new();
    let tables = schema::TABLES.iter().map(|spec| spec.name).filter(|name| !NOT_OF_THE_DAY.contains(name));
    for table in tables.chain(["settings"]) {
        for column in columns_of(table) {
            let acts = ACTS.iter().any(|(_, t, names)| *t == table && names.split(' ').any(|name| name == column.name));
            if !acts {
                missing.push(format!("{table}.{}", column.name));
            }
        }
    }
    assert!(missing.is_empty(), "inputs that act in no chapter; add them to ACTS: {}", missing.join(", "));
}

#[test]
fn no_input_stands_twice_in_a_chapter() {
    for (chapter, table, _) in ACTS {
        let mut names: Vec<&str> = acting(chapter, table).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "chapter {chapter}, table {table}");
    }
}
