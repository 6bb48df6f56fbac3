//! What every input means, in one table: the pages of docs/reference and the JSON Schema are made from it, and the bundled cases conform.

use std::path::{Path, PathBuf};
use std::process::Command;

use ripstop_case::schema_out;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_pages_are_what_the_schema_says() {
    let dir = root().join("docs/reference");
    if std::env::var_os("RIPSTOP_BLESS").is_some() {
        std::fs::create_dir_all(&dir).unwrap();
        schema_out::pages().iter().for_each(|(name, text)| std::fs::write(dir.join(name), text).unwrap());
    }
    let differ: Vec<String> = schema_out::pages()
        .into_iter()
        .filter(|(name, text)| std::fs::read_to_string(dir.join(name)).ok().as_deref() != Some(text))
        .map(|(name, _)| name)
        .collect();
    assert!(
        differ.is_empty(),
        "docs/reference differs from schema.rs in {differ:?}: RIPSTOP_BLESS=1 cargo test -p ripstop-cli --test reference"
    );
    let known: Vec<String> = schema_out::pages().into_iter().map(|(name, _)| name).collect();
    let stray = std::fs::read_dir(&dir).unwrap().flatten().find(|file| !known.contains(&file.file_name().to_string_lossy().into_owned()));
    assert!(stray.is_none(), "{stray:?} is no page of the schema");
}

fn schema(name: &[&str]) -> Value {
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).arg("schema").args(name).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn every_file_has_a_json_schema() {
    let all = schema(&[]);
    assert_eq!(all["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for name in schema_out::names() {
        let one = schema(&[name]);
        assert_eq!(one["properties"], all["$defs"][name]["properties"], "{name}");
    }
    let workers = &schema(&["firms.csv"])["properties"]["workers"];
    assert_eq!(workers["x-unit"], "workers");
    let done = Command::new(env!("CARGO_BIN_EXE_ripstop")).args(["schema", "frims"]).output().unwrap();
    assert!(!done.status.success() && String::from_utf8_lossy(&done.stderr).contains("did you mean `firms`?"));
}

/// Whether a value conforms to a schema, as far as the schema here uses the language.
fn conforms(value: &Value, schema: &Value, path: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(options) = schema["enum"].as_array()
        && !options.contains(value)
    {
        wrong.push(format!("{path}: {value} is none of {options:?}"));
    }
    if let Some(options) = schema["anyOf"].as_array()
        && !options.iter().any(|option| conforms(value, option, path).is_empty())
    {
        wrong.push(format!("{path}: {value} fits none of the options"));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = match value {
        Value::String(_) => "string",
        Value::Number(_) => "number",
        Value::Bool(_) => "boolean",
        Value::Array(_) => "array",
        _ => "object",
    };
    if !kinds.is_empty() && !kinds.contains(&kind) {
        wrong.push(format!("{path}: {value} is a {kind}, not {kinds:?}"));
    }
    if let (Value::Array(list), Some(items)) = (value, schema.get("items")) {
        list.iter().for_each(|item| wrong.extend(conforms(item, items, path)));
    }
    if let Value::Object(fields) = value {
        for (name, field) in fields {
            let inner = format!("{path}.{name}");
            match (schema["properties"].get(name), &schema["additionalProperties"]) {
                (Some(spec), _) | (None, spec @ Value::Object(_)) => wrong.extend(conforms(field, spec, &inner)),
                (None, Value::Bool(false)) => wrong.push(format!("{inner} is unknown")),
                _ => {}
            }
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                wrong.push(format!("{path} lacks {name}"));
            }
        }
    }
    wrong
}

fn toml(text: &str) -> Value {
    fn value(from: &toml::Value) -> Value {
        match from {
            toml::Value::String(text) => text.as_str().into(),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Float(number) => (*number).into(),
            toml::Value::Boolean(flag) => (*flag).into(),
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(list) => list.iter().map(value).collect(),
            toml::Value::Table(table) => Value::Object(table.iter().map(|(name, v)| (name.clone(), value(v))).collect()),
        }
    }
    value(&toml::Value::Table(text.parse().unwrap()))
}

/// The rows of a CSV file as objects; blank cells are left out. Lines with # before the header are comments.
fn rows(text: &str) -> Vec<Value> {
    let mut lines = text.lines().skip_while(|line| line.starts_with('#'));
    let header: Vec<String> = cells(lines.next().unwrap_or(""));
    lines
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let pairs = header.iter().cloned().zip(cells(line)).filter(|(_, cell)| !cell.is_empty());
            Value::Object(pairs.map(|(name, cell)| (name, cell.into())).collect())
        })
        .collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

#[test]
fn the_bundled_cases_conform_to_the_json_schema() {
    let all = schema(&[]);
    let mut folders = vec![root().join("cases")];
    let (mut checked, mut wrong) = (0, Vec::new());
    while let Some(dir) = folders.pop() {
        for file in std::fs::read_dir(dir).unwrap().flatten().map(|entry| entry.path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            if file.is_dir() {
                folders.push(file);
            } else if let Some(table) = name.strip_suffix(".csv") {
                checked += 1;
                let text = std::fs::read_to_string(&file).unwrap();
                rows(&text).iter().for_each(|row| wrong.extend(conforms(row, &all["$defs"][table], &format!("{}", file.display()))));
            } else if name.ends_with(".toml") {
                checked += 1;
                let inside = file.parent().and_then(|dir| dir.file_name()).map(|dir| dir.to_string_lossy().into_owned());
                let name = match inside.as_deref() {
                    Some("rules") => "law.toml".to_owned(),
                    Some("behaviour") => "behaviour.toml".to_owned(),
                    _ => name,
                };
                wrong.extend(conforms(
                    &toml(&std::fs::read_to_string(&file).unwrap()),
                    &all["$defs"][&name],
                    &format!("{}", file.display()),
                ));
            }
        }
    }
    assert!(checked > 100, "{checked}");
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(20)]);
}
