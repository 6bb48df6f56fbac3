//! What the JSON of a run folder has to look like, so that a page can be made of it. What is more is left alone: a later version adds keys.

use serde_json::Value;

/// What a value is.
enum Is {
    Text,
    Number,
    /// A number, or null.
    Amount,
    /// Keys that have to be there, and what they are.
    Object(&'static [(&'static str, Is)]),
    /// A list of such values.
    List(&'static Is),
    /// Such a value, or null where the record does not say.
    Maybe(&'static Is),
    /// Texts by key.
    Texts,
}

const THING: Is = Is::Object(&[("id", Is::Text)]);

const MANIFEST: Is = Is::Object(&[
    ("ripstop", Is::Text),
    ("case", Is::Text),
    ("scenario", Is::Text),
    ("inputs_blake3", Is::Texts),
    ("seed", Is::Number),
    ("draws", Is::Number),
    ("arguments", Is::List(&Is::Text)),
    ("state_hash", Is::Text),
]);

const SUMMARY: Is = Is::Object(&[
    ("case", Is::Text),
    ("scenario", Is::Text),
    ("currency", Is::Text),
    ("as_of", Is::Text),
    ("days", Is::Number),
    ("firms", Is::Number),
    ("audit", Is::Object(&[("goods_residual_max", Is::Amount), ("money_residual_max", Is::Amount)])),
    ("losses", Is::Object(&[])),
    ("stranded", Is::Object(&[])),
    ("unpaid", Is::Object(&[])),
    ("jobs", Is::Object(&[])),
    ("places", Is::Maybe(&Is::List(&THING))),
    ("groups", Is::Maybe(&Is::List(&THING))),
    ("sectors", Is::Maybe(&Is::List(&THING))),
    ("draws", Is::Object(&[("n", Is::Number), ("bands", Is::Object(&[]))])),
    ("rests_on", Is::Maybe(&Is::List(&Is::Object(&[("parameter", Is::Text)])))),
]);

const CLAIMS: Is = Is::List(&Is::Object(&[("id", Is::Text), ("kind", Is::Text), ("text", Is::Text)]));

const EVIDENCE: Is = Is::Object(&[("comparisons", Is::List(&Is::Object(&[]))), ("compared_with_nothing", Is::List(&Is::Object(&[])))]);

const FINDINGS: Is = Is::Object(&[
    ("as_of", Is::Text),
    ("rules", Is::List(&Is::Object(&[("id", Is::Text)]))),
    ("contracts", Is::List(&Is::Object(&[("contract", Is::Text), ("findings", Is::List(&Is::Object(&[])))]))),
]);

const CASE: Is = Is::Object(&[
    ("id", Is::Text),
    ("title", Is::Text),
    ("start", Is::Text),
    ("end", Is::Text),
    ("as_of", Is::Text),
    ("currency", Is::Text),
    ("scenario", Is::Object(&[("name", Is::Text), ("events", Is::List(&Is::Object(&[("day", Is::Number), ("text", Is::Text)])))])),
    ("places", Is::List(&Is::Object(&[("id", Is::Text), ("lat", Is::Amount), ("lon", Is::Amount)]))),
    ("crossings", Is::List(&Is::Object(&[("id", Is::Text), ("a", Is::Number), ("b", Is::Number)]))),
    ("groups", Is::List(&THING)),
    ("firms", Is::List(&Is::Object(&[("id", Is::Text), ("place", Is::Number), ("group", Is::Number), ("workers", Is::Amount)]))),
    ("products", Is::List(&THING)),
    (
        "contracts",
        Is::List(&Is::Object(&[
            ("id", Is::Text),
            ("seller", Is::Number),
            ("buyer", Is::Number),
            ("product", Is::Number),
            ("path", Is::List(&Is::Number)),
        ])),
    ),
    ("inputs", Is::List(&Is::Object(&[]))),
    ("sources", Is::List(&THING)),
]);

/// Checks a file of a run folder by its name.
///
/// Errors: what is wrong, and where.
pub fn check(file: &str, value: &Value) -> Result<(), String> {
    let is = match file {
        "manifest.json" => &MANIFEST,
        "summary.json" => &SUMMARY,
        "claims.json" => &CLAIMS,
        "evidence.json" => &EVIDENCE,
        "findings.json" => &FINDINGS,
        "case.json" => &CASE,
        _ => return Ok(()),
    };
    fits(value, is, &mut String::new())
}

fn fits(value: &Value, is: &Is, at: &mut String) -> Result<(), String> {
    let wrong = |at: &str, wanted: &str| {
        let place = if at.is_empty() { "it".to_string() } else { format!("`{}`", &at[1..]) };
        Err(format!("{place} is {wanted} in a run of ripstop, here it is {}", kind(value)))
    };
    match is {
        Is::Text if !value.is_string() => wrong(at, "a text"),
        Is::Number if !value.is_number() => wrong(at, "a number"),
        Is::Amount if !value.is_number() && !value.is_null() => wrong(at, "a number or null"),
        Is::Maybe(is) if !value.is_null() => fits(value, is, at),
        Is::Texts => match value.as_object() {
            Some(map) if map.values().all(Value::is_string) => Ok(()),
            _ => wrong(at, "an object of texts"),
        },
        Is::Object(keys) => match value.as_object() {
            None => wrong(at, "an object"),
            Some(map) => keys.iter().try_for_each(|(key, is)| below(at, key, |at| fits(map.get(*key).unwrap_or(&Value::Null), is, at))),
        },
        Is::List(is) => match value.as_array() {
            None => wrong(at, "a list"),
            Some(list) => list.iter().enumerate().try_for_each(|(index, item)| below(at, &index.to_string(), |at| fits(item, is, at))),
        },
        Is::Text | Is::Number | Is::Amount | Is::Maybe(_) => Ok(()),
    }
}

/// Looks at a part, with its name at the end of the path.
fn below(at: &mut String, name: &str, look: impl FnOnce(&mut String) -> Result<(), String>) -> Result<(), String> {
    let length = at.len();
    at.push('/');
    at.push_str(name);
    look(at)?;
    at.truncate(length);
    Ok(())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null or missing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
