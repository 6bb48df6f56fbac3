//! Series made small for a page: 32-bit floats, each the difference in bits to the day before, bytes of one rank together, deflated, in base 64.

use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use ripstop_case::series_out::Series;
use serde_json::{Value, json};

/// Contracts shown at most, those with the most delivered: more is not for eyes.
const CONTRACTS_MAX: usize = 2_000;

/// Firms shown at most, those with the most output.
const FIRMS_MAX: usize = 500;

/// The series of a run; `own` is the scenario's name, which in the page is `scenario`.
pub fn series(runs: &[(String, Vec<Series>)], own: &str, days: usize) -> Value {
    let chosen = Chosen::of(runs, own);
    let (mut heads, mut values) = (Vec::new(), Vec::new());
    for (name, list) in runs {
        let role = if name == own { "scenario" } else { name.as_str() };
        for s in list.iter().filter(|s| s.values.len() == days && chosen.has(s, role)) {
            heads.push(json!({ "scenario": role, "level": s.level, "entity": s.entity, "variable": s.variable, "unit": s.unit }));
            values.extend(s.values.iter().map(|&v| v as f32));
        }
    }
    json!({ "heads": heads, "packed": packed(&values, days) })
}

/// Firms and contracts that a page has room for.
struct Chosen<'a> {
    firms: Option<Vec<&'a str>>,
    contracts: Option<Vec<&'a str>>,
}

impl<'a> Chosen<'a> {
    fn of(runs: &'a [(String, Vec<Series>)], own: &str) -> Self {
        let list = runs.iter().find(|(name, _)| name == own).map_or(&[][..], |(_, list)| list);
        Self { firms: largest(list, "firm", "output_value", FIRMS_MAX), contracts: largest(list, "contract", "delivered", CONTRACTS_MAX) }
    }

    fn has(&self, s: &Series, role: &str) -> bool {
        let among = |list: &Option<Vec<&str>>| list.as_ref().is_none_or(|l| l.binary_search(&s.entity.as_str()).is_ok());
        match s.level.as_ref() {
            "firm" => among(&self.firms),
            // The map shows what moves with the events; what would have moved is not drawn.
            "contract" => role == "scenario" && among(&self.contracts),
            _ => true,
        }
    }
}

/// The entities of a level with the largest sums of a variable, sorted by name; `None` when there is room for all.
fn largest<'a>(list: &'a [Series], level: &str, variable: &str, most: usize) -> Option<Vec<&'a str>> {
    let mut sums: Vec<(f64, &str)> =
        list.iter().filter(|s| s.level == level && s.variable == variable).map(|s| (s.values.iter().sum(), s.entity.as_str())).collect();
    if sums.len() <= most {
        return None;
    }
    sums.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let mut names: Vec<&str> = sums.into_iter().take(most).map(|(_, name)| name).collect();
    names.sort_unstable();
    Some(names)
}

fn packed(values: &[f32], days: usize) -> String {
    let mut planes = vec![0_u8; 4 * values.len()];
    for (at, row) in values.chunks(days.max(1)).enumerate() {
        let mut before = 0;
        for (day, value) in row.iter().enumerate() {
            let bits = value.to_bits();
            for (rank, byte) in (bits ^ before).to_le_bytes().into_iter().enumerate() {
                planes[rank * values.len() + at * days + day] = byte;
            }
            before = bits;
        }
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let bytes = encoder.write_all(&planes).and_then(|()| encoder.finish()).unwrap_or_default();
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_to_the_bit() {
        let values = [0.0, 1.5, 1.5, -3.25e9, f32::MIN_POSITIVE, 7.0];
        let mut bytes = Vec::new();
        let raw = BASE64_STANDARD.decode(packed(&values, 3)).unwrap();
        std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(&raw[..]), &mut bytes).unwrap();
        let mut back = Vec::new();
        for at in 0..values.len() {
            let bits = u32::from_le_bytes(std::array::from_fn(|rank| bytes[rank * values.len() + at]));
            back.push(if at % 3 == 0 { bits } else { bits ^ back[at - 1] });
        }
        assert_eq!(back, values.map(f32::to_bits));
    }

    #[test]
    fn the_largest_are_chosen_when_there_is_no_room_for_all() {
        let one = |name: &str, value: f64| Series {
            level: "firm".into(),
            entity: name.to_string(),
            variable: "output_value".to_string(),
            unit: "USD".to_string(),
            values: vec![value],
        };
        let list = [one("b", 2.0), one("a", 5.0), one("c", 1.0)];
        assert_eq!(largest(&list, "firm", "output_value", 2), Some(vec!["a", "b"]));
        assert_eq!(largest(&list, "firm", "output_value", 3), None);
    }
}
