//! Numbers of results as JSON.

use serde_json::Value;

use ripstop_case::Case;

/// A number for JSON; what is no number is null.
pub(crate) fn number(value: f64) -> Value {
    // The sum of nothing is −0.0 in Rust; nobody wants to read that.
    serde_json::Number::from_f64(value + 0.0).map_or(Value::Null, Value::Number)
}

/// Units of products counted in pieces.
pub fn pieces(case: &Case, units: &[f64]) -> f64 {
    let products = case.table("products");
    let unit = products.col("unit");
    units.iter().enumerate().filter(|&(p, _)| matches!(products.text(unit, p), Some("piece" | "pieces"))).map(|(_, u)| u).sum()
}
