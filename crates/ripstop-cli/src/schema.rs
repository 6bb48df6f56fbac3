//! `ripstop schema`: what every input means, for programs.

use ripstop_case::{near_miss, schema_out};

use crate::{Failure, SchemaArgs, terminal};

/// Prints the JSON Schema of one file, or of all.
pub fn schema(arguments: &SchemaArgs) -> Result<(), Failure> {
    let value = match &arguments.name {
        None => schema_out::json_schema(),
        Some(name) => {
            let known = schema_out::names();
            let asked = name.strip_suffix(".csv").unwrap_or(name);
            schema_out::json_schema_of(asked).ok_or_else(|| {
                let hint = near_miss(asked, known.iter().copied()).map_or(String::new(), |word| format!("; did you mean `{word}`?"));
                anyhow::anyhow!("there is no file `{name}` in a case{hint} It can have: {}", known.join(", "))
            })?
        }
    };
    terminal::print_json(&value)
}
