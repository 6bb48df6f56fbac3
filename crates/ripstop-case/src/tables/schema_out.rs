//! The schema for others to read: JSON Schema for programs, pages of docs/reference for people.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use crate::language::schema::{
    BEHAVIOUR_FILE_KEYS, BEHAVIOUR_KEYS, CASE_KEYS, CLAIM_KEYS, COMMON, ColumnSpec, EXEMPTION_KEYS, GOODS_KEYS, Kind, LAW_KEYS, MEASURES,
    OBSERVED_KEYS, PART_KEYS, RULE_KEYS, SCENARIO_KEYS, SETTING_KEYS, TABLES, TableSpec, WHEN_KEYS,
};

/// Names of everything that has a schema: the tables, `case.toml` and `claims.toml`.
pub fn names() -> Vec<&'static str> {
    TABLES.iter().map(|table| table.name).chain(["case.toml", "claims.toml", "law.toml", "behaviour.toml"]).collect()
}

/// All schemas in one document, under `$defs`; a table's schema is that of a row.
pub fn json_schema() -> Value {
    let defs: Map<String, Value> = names().into_iter().filter_map(|name| Some((name.to_owned(), bare(name)?))).collect();
    json!({
        "$schema": DRAFT, "title": "A case of ripstop",
        "description": "Each definition is one file of a case: of a table the schema of a row, whose cells are text in CSV.",
        "$defs": defs,
    })
}

/// The schema of one file.
pub fn json_schema_of(name: &str) -> Option<Value> {
    let mut schema = bare(name)?;
    if let Value::Object(fields) = &mut schema {
        fields.insert("$schema".to_owned(), json!(DRAFT));
    }
    Some(schema)
}

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

fn bare(name: &str) -> Option<Value> {
    match name {
        "case.toml" => {
            let mut scenario = object(SCENARIO_KEYS, "A scenario");
            let set = SCENARIO_KEYS.iter().find(|key| key.name == "set").map_or("", |key| key.meaning);
            scenario["properties"]["set"] =
                json!({ "type": "object", "description": set, "additionalProperties": { "type": ["number", "string"] } });
            let scenarios = json!({ "type": "object", "description": "Scenarios by name", "additionalProperties": scenario });
            Some(json!({
                "title": name, "type": "object", "additionalProperties": false, "required": ["case", "scenarios"],
                "properties": { "case": object(CASE_KEYS, "What the case is"), "settings": object(SETTING_KEYS, "How the model runs"), "scenarios": scenarios },
            }))
        }
        "claims.toml" => Some(json!({
            "title": name, "type": "object", "additionalProperties": false,
            "properties": { "claim": { "type": "array", "items": claim() } },
        })),
        "law.toml" => {
            let mut rule = object(RULE_KEYS, "A rule");
            rule["properties"]["when"] = list(object(WHEN_KEYS, "An alternative: all that it asks must hold"));
            rule["properties"]["exemption"] = list(object(EXEMPTION_KEYS, "An exemption or a wind-down"));
            let mut file = object(LAW_KEYS, "A file of the folder rules/");
            file["title"] = json!(name);
            file["properties"]["goods"] = list(object(GOODS_KEYS, "A set of goods"));
            file["properties"]["rule"] = list(rule);
            Some(file)
        }
        "behaviour.toml" => {
            let mut file = object(BEHAVIOUR_FILE_KEYS, "A file of the folder behaviour/");
            file["title"] = json!(name);
            file["properties"]["behaviour"] = list(object(BEHAVIOUR_KEYS, "How some actors respond to some rules"));
            file["properties"]["observed"] = list(object(OBSERVED_KEYS, "What a source saw"));
            Some(file)
        }
        _ => TABLES.iter().find(|table| table.name == name).map(row),
    }
}

/// A row of a table. Quantities may have `_low` and `_high` beside them.
fn row(table: &TableSpec) -> Value {
    let mut properties = Map::new();
    for column in table.all_columns() {
        properties.insert(column.name.to_owned(), property(column));
        if column.kind.may_range() && table.name != "parameters" {
            for (end, word) in [("low", "Low"), ("high", "High")] {
                let about = format!("{word} end of the range of {}", column.name);
                properties.insert(format!("{}_{end}", column.name), json!({ "description": about, "type": ["string", "number"] }));
            }
        }
    }
    let required = |spared: bool| -> Vec<&str> {
        table.columns.iter().filter(|column| column.required && table.spared_by_links(column) == spared).map(|column| column.name).collect()
    };
    let mut schema = json!({
        "title": table.file, "description": table.meaning, "type": "object", "x-key": table.key, "x-required-file": table.required,
        "properties": properties, "required": required(false), "additionalProperties": false,
    });
    if !required(true).is_empty() {
        schema["x-required-without-links"] = required(true).into();
    }
    schema
}

fn list(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn object(keys: &[ColumnSpec], meaning: &str) -> Value {
    let properties: Map<String, Value> = keys.iter().map(|key| (key.name.to_owned(), property(key))).collect();
    let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "description": meaning, "properties": properties, "required": required, "additionalProperties": false })
}

fn claim() -> Value {
    let mut claim = object(CLAIM_KEYS, "A statement a source made, and when the run agrees with it");
    let mut part = object(PART_KEYS, "A condition");
    let measures: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
    part["properties"]["measure"] = json!({ "description": "What is measured", "enum": measures });
    for key in MEASURES.iter().flat_map(|measure| measure.keys) {
        part["properties"][key.name] = property(key);
    }
    claim["properties"]["holds_when"] = json!({ "type": "array", "items": part });
    claim
}

/// One column or key.
fn property(column: &ColumnSpec) -> Value {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("description", json!(column.meaning));
    let kind = match column.kind {
        Kind::Number | Kind::Integer | Kind::Value => json!({ "type": ["number", "string"] }),
        Kind::Bool => json!({ "type": ["boolean", "string"] }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Selector | Kind::RefList(_) => json!({ "type": ["string", "array"] }),
        // A parameter may stand for the word.
        Kind::Enum(words) => json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": "^\\$" }] }),
        Kind::Country => json!({ "type": "string", "pattern": "^[A-Z]{2}$" }),
        _ => json!({ "type": "string" }),
    };
    if let Value::Object(kind) = kind {
        kind.into_iter().for_each(|(name, value)| put(&name, value));
    }
    put("x-kind", json!(kind_word(&column.kind)));
    if !column.unit.is_empty() {
        put("x-unit", json!(column.unit));
    }
    for (name, bound) in [("minimum", column.min), ("maximum", column.max), ("exclusiveMinimum", column.above)] {
        if let Some(bound) = bound {
            put(name, json!(bound));
        }
    }
    if !column.default.is_empty() {
        put("default", json!(column.default));
    }
    if !column.example.is_empty() {
        put("examples", json!([column.example]));
    }
    Value::Object(fields)
}

/// How a cell is read, in words.
fn kind_word(kind: &Kind) -> String {
    match kind {
        Kind::Id => "name".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Texts => "list of texts".to_owned(),
        Kind::Number => "number".to_owned(),
        Kind::Integer => "whole number".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::Period => "year, month or date".to_owned(),
        Kind::MonthDay => "day of a year, MM-DD".to_owned(),
        Kind::Bool => "true or false".to_owned(),
        Kind::Enum(words) => format!("one of {}", words.join(", ")),
        Kind::Ref(table) => format!("id of {table}"),
        Kind::RefList(table) => format!("ids of {table}, `;` between them"),
        Kind::Selector => "selector".to_owned(),
        Kind::Weekdays => "days of the week, `;` between them".to_owned(),
        Kind::ScenarioList => "`background` or scenarios, `;` between them".to_owned(),
        Kind::Country => "country, two letters".to_owned(),
        Kind::Currency => "currency".to_owned(),
        Kind::Value => "value by its unit".to_owned(),
    }
}

/// The pages of docs/reference: file name and text.
pub fn pages() -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), overview())];
    pages.extend(TABLES.iter().map(|table| (format!("{}.md", table.name), table_page(table))));
    pages.push(("case-toml.md".to_owned(), case_page()));
    pages.push(("claims-toml.md".to_owned(), claims_page()));
    pages.push(("law-toml.md".to_owned(), law_page()));
    pages.push(("behaviour-toml.md".to_owned(), behaviour_page()));
    pages
}

const MADE: &str = "<!-- Made from crates/ripstop-case/src/language/schema by a test; change it there. -->\n";

fn overview() -> String {
    let mut text = format!(
        "{MADE}# Reference: every input\n\nA case is a folder of these files. `ripstop schema` prints the same for programs. How files may be written: [files.md](../files.md).\n\n| file | what a row is | needed |\n|---|---|---|\n"
    );
    text.push_str("| [`case.toml`](case-toml.md) | title, dates, settings, scenarios | yes |\n");
    for table in TABLES {
        let _ =
            writeln!(text, "| [`{}`]({}.md) | {} | {} |", table.file, table.name, table.meaning, if table.required { "yes" } else { "" });
    }
    text.push_str("| [`claims.toml`](claims-toml.md) | statements of sources that the run is held to | |\n");
    text.push_str("| [`rules/*.toml`](law-toml.md) | law of the case, beside the rules that come with ripstop | |\n");
    text.push_str("| [`behaviour/*.toml`](behaviour-toml.md) | how actors respond to rules | |\n\n");
    text.push_str("## Money\n\n");
    text.push_str(
        "**`_usd` in the name of a column or key stands for the case's currency**, the `currency` of case.toml, whichever that is; so do `USD` in a unit and `usd_per_unit` in exchange_rates.csv. In a case in EUR `value_usd_per_unit` holds euros. A column without it (`price_per_unit`, `wage_per_month`, `opening_cash`) is in the currency that the row's own `currency` names; where that is blank, in the case's.\n\n",
    );
    text.push_str("## Columns of every table\n\nEvery table may also have these columns:\n\n");
    text.push_str(&columns_table(COMMON.iter()));
    text
}

fn table_page(table: &TableSpec) -> String {
    let needed = if table.required { "Every case needs it." } else { "A case may do without it." };
    let mut text = format!(
        "{MADE}# `{}`\n\n{}. {needed} A row is named by {}.\n\n",
        table.file,
        table.meaning,
        table.key.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(" and ")
    );
    text.push_str(&columns_table(table.columns.iter()));
    if table.columns.iter().any(|column| column.kind.may_range()) && table.name != "parameters" {
        text.push_str("\nA number or date may be a formula over `$parameters`; with `<column>_low` and `<column>_high` beside it, it has a range of its own.\n");
    }
    text.push_str("\nColumns of every table: [reference](README.md).\n");
    text
}

fn case_page() -> String {
    let mut text = format!("{MADE}# `case.toml`\n\n");
    for (title, keys) in [("`[case]`", CASE_KEYS), ("`[settings]`", SETTING_KEYS), ("`[scenarios.NAME]`", SCENARIO_KEYS)] {
        let _ = writeln!(text, "## {title}\n\n{}", columns_table(keys.iter()));
    }
    text
}

fn law_page() -> String {
    let about = "Law, in any file `rules/*.toml` of a case. How it is judged: [rules.md](../rules.md); what comes with ripstop: [rule-book.md](../rule-book.md).";
    let lists = [
        ("The file", LAW_KEYS),
        ("`[[goods]]`", GOODS_KEYS),
        ("`[[rule]]`", RULE_KEYS),
        ("`[[rule.when]]`", WHEN_KEYS),
        ("`[[rule.exemption]]`", EXEMPTION_KEYS),
    ];
    keys_page("rules/*.toml", about, &lists)
}

fn behaviour_page() -> String {
    let about =
        "How actors respond to rules, in any file `behaviour/*.toml` of a case; a scenario names the file. See [rules.md](../rules.md).";
    let lists = [("The file", BEHAVIOUR_FILE_KEYS), ("`[[behaviour]]`", BEHAVIOUR_KEYS), ("`[[observed]]`", OBSERVED_KEYS)];
    keys_page("behaviour/*.toml", about, &lists)
}

fn keys_page(file: &str, about: &str, lists: &[(&str, &'static [ColumnSpec])]) -> String {
    let mut text = format!("{MADE}# `{file}`\n\n{about}\n\n");
    for (title, keys) in lists {
        let _ = writeln!(text, "## {title}\n\n{}", columns_table(keys.iter()));
    }
    text
}

fn claims_page() -> String {
    let mut text = format!(
        "{MADE}# `claims.toml`\n\n## `[[claim]]`\n\n{}\n## `[[claim.holds_when]]`\n\n{}\n## Measures\n\n| measure | what it is | unit | own keys |\n|---|---|---|---|\n",
        columns_table(CLAIM_KEYS.iter()),
        columns_table(PART_KEYS.iter())
    );
    for measure in MEASURES {
        let keys: Vec<String> = measure.keys.iter().map(|key| format!("`{}`", key.name)).collect();
        let _ = writeln!(text, "| `{}` | {} | {} | {} |", measure.name, measure.meaning, measure.unit, keys.join(", "));
    }
    text
}

fn columns_table<'a>(columns: impl Iterator<Item = &'a ColumnSpec>) -> String {
    let mut text = "| column | meaning | unit | type | blank means | range | example |\n|---|---|---|---|---|---|---|\n".to_owned();
    for column in columns {
        let blank = if column.required { "an error".to_owned() } else { code(column.default) };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {blank} | {} | {} |",
            column.name,
            column.meaning.replace('|', "\\|"),
            column.unit,
            kind_word(&column.kind),
            range(column),
            code(column.example)
        );
    }
    text
}

fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("`{}`", text.replace('|', "\\|")) }
}

fn range(column: &ColumnSpec) -> String {
    let mut parts = Vec::new();
    if let Some(above) = column.above {
        parts.push(format!("> {above}"));
    }
    if let Some(min) = column.min {
        parts.push(format!("≥ {min}"));
    }
    if let Some(max) = column.max {
        parts.push(format!("≤ {max}"));
    }
    if column.none {
        parts.push("or `none`".to_owned());
    }
    parts.join(", ")
}
