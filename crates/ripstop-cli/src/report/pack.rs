//! Series made small for a page: 32-bit floats, each the difference in bits to the day before, bytes of one rank together, deflated, in base 64.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use ripstop_study::series_out::Series;
use serde_json::{Value, json};

/// Contracts shown at most, those with the most delivered: more is not for eyes.
const CONTRACTS_MAX: usize = 2_000;

/// Entities of every other level shown at most, those with the most output.
pub const LEVEL_MAX: usize = 500;

/// Bytes of packed series a page has room for; a run with more shows fewer entities.
const ROOM: usize = 3_300_000;

/// Shares of the most entities that are tried, until the series fit.
const SHARES: [f64; 5] = [1.0, 0.4, 0.15, 0.05, 0.002];

/// The series of a run, and what of it was chosen; `own` is the scenario's name, which in the page is `scenario`.
pub fn series(runs: &[(String, Vec<Series>)], own: &str, days: usize) -> (Value, Chosen) {
    let mut packed = Value::Null;
    let mut chosen = Chosen::default();
    for share in SHARES {
        chosen = Chosen::of(runs, own, share);
        packed = chosen_series(runs, own, days, &chosen);
        if packed["packed"].as_str().map_or(0, str::len) <= ROOM {
            break;
        }
    }
    (packed, chosen)
}

fn chosen_series(runs: &[(String, Vec<Series>)], own: &str, days: usize, chosen: &Chosen) -> Value {
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

/// Entities that a page has room for, by level; a level that is not named has room for all.
#[derive(Debug, Default)]
pub struct Chosen(BTreeMap<String, Vec<String>>);

impl Chosen {
    /// The largest entities of every level: `share` of the most that are shown, one at least.
    pub fn of(runs: &[(String, Vec<Series>)], own: &str, share: f64) -> Self {
        let list = runs.iter().find(|(name, _)| name == own).map_or(&[][..], |(_, list)| list);
        let levels: BTreeSet<&str> = list.iter().map(|s| s.level.as_ref()).collect();
        let most = |level: &str| if level == "contract" { CONTRACTS_MAX } else { LEVEL_MAX };
        let room = |level: &str| ((most(level) as f64 * share) as usize).max(1);
        let some = |level: &str| largest(list, level, room(level)).map(|names| (level.to_string(), names));
        Self(levels.into_iter().filter(|&level| level != "total").filter_map(some).collect())
    }

    /// Whether an entity is shown.
    pub fn has_entity(&self, level: &str, entity: &str) -> bool {
        self.0.get(level).is_none_or(|names| names.binary_search_by(|name| name.as_str().cmp(entity)).is_ok())
    }

    /// Whether the entities of a level had to be chosen.
    pub fn chooses(&self, level: &str) -> bool {
        self.0.contains_key(level)
    }

    /// Numbers of entities shown, of the levels of which not all are.
    pub fn shown(&self) -> BTreeMap<&str, usize> {
        self.0.iter().map(|(level, names)| (level.as_str(), names.len())).collect()
    }

    fn has(&self, s: &Series, role: &str) -> bool {
        let shown = match s.level.as_ref() {
            // The map shows what moves with the events; what would have moved is not drawn.
            "contract" => role == "scenario",
            // Who has what where, day by day, is for tables.
            "store" => false,
            "firm" if role != "scenario" => COMPARED.contains(&s.variable.as_str()),
            _ => true,
        };
        shown && self.has_entity(&s.level, &s.entity)
    }
}

/// Of firms, what is compared with the run without the events.
const COMPARED: [&str; 3] = ["output_value", "labour_employed", "labour_used"];

/// What measures the size of an entity of a level.
fn measure(level: &str) -> &'static str {
    match level {
        "contract" => "delivered",
        "product" => "produced",
        "market" => "demand_wanted",
        "crossing" => "passed_value",
        _ => "output_value",
    }
}

/// The largest entities of a level, sorted by name; `None` when there is room for all.
fn largest(list: &[Series], level: &str, most: usize) -> Option<Vec<String>> {
    let variable = measure(level);
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for s in list.iter().filter(|s| s.level == level) {
        *sums.entry(s.entity.as_str()).or_default() += if s.variable == variable { s.values.iter().sum() } else { 0.0 };
    }
    if sums.len() <= most {
        return None;
    }
    let mut sums: Vec<(f64, &str)> = sums.into_iter().map(|(name, sum)| (sum, name)).collect();
    sums.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let mut names: Vec<String> = sums.into_iter().take(most).map(|(_, name)| name.to_string()).collect();
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
    deflated(&planes)
}

/// Bytes deflated, in base 64.
pub fn deflated(bytes: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let bytes = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
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

    fn one(level: &'static str, name: &str, value: f64) -> Series {
        Series {
            level: level.into(),
            entity: name.to_string(),
            variable: measure(level).to_string(),
            unit: "USD".to_string(),
            values: vec![value],
        }
    }

    #[test]
    fn the_largest_are_chosen_when_there_is_no_room_for_all() {
        let list = [one("firm", "b", 2.0), one("firm", "a", 5.0), one("firm", "c", 1.0)];
        assert_eq!(largest(&list, "firm", 2), Some(vec!["a".to_string(), "b".to_string()]));
        assert_eq!(largest(&list, "firm", 3), None);
    }

    #[test]
    fn a_run_with_too_much_shows_fewer_entities_and_all_totals() {
        // Noise does not deflate: 600 firms of 4,000 days are 9.6 MB.
        let noise = |seed: usize| (0..4_000).map(|d| f64::from(((seed * 7_919 + d) as f64).sin() as f32)).collect::<Vec<f64>>();
        let mut list: Vec<Series> = (0..600).map(|f| Series { values: noise(f), ..one("firm", &format!("f{f:03}"), 0.0) }).collect();
        list.push(Series { values: noise(0), ..one("total", "", 0.0) });
        let (packed, chosen) = series(&[("run".to_string(), list)], "run", 4_000);
        let firms = chosen.shown()["firm"];
        assert!((2..500).contains(&firms), "{firms}");
        assert!(packed["packed"].as_str().map_or(0, str::len) <= ROOM);
        let levels: Vec<&str> = packed["heads"].as_array().unwrap().iter().map(|h| h["level"].as_str().unwrap()).collect();
        assert_eq!((levels.len(), levels.contains(&"total")), (firms + 1, true));
    }
}
