//! Events in words.

use std::collections::BTreeMap;

use ripstop::model::events::{After, Change, Event};
use ripstop::model::ids::PlaceId;
use ripstop_case::Case;
use ripstop_case::network::Mapper;
use ripstop_study::study::Study;

use super::words::{date, percent};

/// An event, or several of one day and kind, in words.
pub struct Told {
    /// First step.
    pub from: usize,
    /// What happens.
    pub text: String,
    /// Whether it holds in the counterfactual too.
    pub background: bool,
}

/// The events of the run, told by day: what shuts on one day to the same classes is one line.
pub fn tell(case: &Case, study: &Study) -> Vec<Told> {
    let mapper = Mapper::new(case);
    let mut classes: BTreeMap<(i32, bool, String, String), Vec<String>> = BTreeMap::new();
    let idle = |e: &&Event| match e.change {
        Change::OrderCut(_) | Change::Refusal(_) => e.value == 0.0,
        Change::Cancel(_) | Change::Default(_) | Change::Damage { .. } | Change::Enforce(..) | Change::Freeze { .. } => false,
        Change::Destroy(_) | Change::Evacuate(_) => e.value == 0.0,
        Change::Forbid(_) => e.value == 0.0,
        _ => e.value == 1.0,
    };
    for event in study.outcome.plan.events.iter().filter(|e| !idle(e)) {
        let (subject, does, class) = words(case, &mapper, event);
        let list = classes.entry((event.from.0, event.background, does, subject)).or_default();
        if !class.is_empty() && !list.contains(&class) {
            list.push(class);
        }
    }
    let mut subjects: BTreeMap<(i32, bool, String, Vec<String>), Vec<String>> = BTreeMap::new();
    for ((from, background, does, subject), classes) in classes {
        subjects.entry((from, background, does, classes)).or_default().push(subject);
    }
    let told = |((from, background, does, classes), subjects): ((i32, bool, String, Vec<String>), Vec<String>)| {
        let to = if classes.is_empty() { String::new() } else { format!(" to {}", classes.join(", ")) };
        Told { from: (from - case.meta.start).max(0) as usize, text: format!("{} {does}{to}", subjects.join("; ")), background }
    };
    subjects.into_iter().map(told).collect()
}

/// Who, does what, and for which class.
fn words(case: &Case, mapper: &Mapper<'_>, event: &Event) -> (String, String, String) {
    let until = event.to.map_or(String::new(), |to| format!(" until {}", date(to)));
    let plain = |subject: String, does: String| (subject, format!("{does}{until}"), String::new());
    match &event.change {
        Change::Capacity(lines) => plain(some(lines.len(), "line"), format!("at {} of capacity", percent(event.value))),
        Change::Damage { shares, .. } => plain(some(shares.len(), "line"), "damaged".to_string()),
        Change::Attendance(firms) => plain(some(firms.len(), "firm"), format!("at {} attendance", percent(event.value))),
        Change::Demand(demands) => plain(some(demands.len(), "final demand"), format!("at {}", percent(event.value))),
        Change::OrderCut(contracts) => plain(some(contracts.len(), "contract"), format!("with {} fewer new orders", percent(event.value))),
        Change::Cancel(contracts) => plain(some(contracts.len(), "contract"), "cancelled".to_string()),
        Change::Refusal(contracts) => plain(some(contracts.len(), "contract"), format!("with {} refused", percent(event.value))),
        Change::Forbid(contracts) => {
            plain(some(contracts.len(), "contract"), format!("stopped to {} by a rule that buyers comply with", percent(event.value)))
        }
        Change::Enforce(contracts, terms) => {
            let chance = percent(terms.detection_share);
            plain(some(contracts.len(), "contract"), format!("watched: a consignment is found with a chance of {chance}"))
        }
        Change::ExchangeRate(list) => {
            let names: Vec<&str> = list.iter().filter_map(|c| mapper.currencies.get(c.index())).map(String::as_str).collect();
            plain(names.join("; "), format!("at {} of its listed value", percent(event.value)))
        }
        Change::Freeze { places, after } => {
            let then = match after {
                After::Returned => "",
                After::Lost => ", its goods then lost",
                After::Sold => ", its goods then sold",
            };
            (place_names(case, places), format!("out of reach{until}{then}"), String::new())
        }
        Change::Destroy(places) => {
            let does = format!("{} of what is in store destroyed", percent(event.value));
            (place_names(case, places), does, String::new())
        }
        Change::Evacuate(places) => {
            plain(place_names(case, places), format!("{} of what is in store carried out a day", percent(event.value)))
        }
        Change::Default(firms) => plain(firm_names(case, firms), "insolvent".to_string()),
        Change::OpenShare { crossings, class, towards } => {
            let table = case.table("crossings");
            let name = |c: &ripstop::model::ids::CrossingId| table.text(table.col("name"), c.index()).unwrap_or("").to_string();
            let names: Vec<String> = crossings.iter().map(name).collect();
            let does = if event.value <= 0.0 { "shut".to_string() } else { format!("{} open", percent(event.value)) };
            let way = towards.and_then(|t| case.countries.get(t.index())).map_or(String::new(), |c| format!(" towards {c}"));
            let class = class.map_or("all goods and persons".to_string(), |k| mapper.classes[k.index()].clone());
            (names.join("; "), format!("{does}{way}{until}"), class)
        }
    }
}

/// The names of a few firms, the number of many.
fn place_names(case: &Case, places: &[PlaceId]) -> String {
    let table = case.table("places");
    match places {
        [_, _, _, _, ..] => some(places.len(), "place"),
        few => {
            let id = |place: &PlaceId| table.key(place.index()).to_string();
            let name = |place: &PlaceId| table.text(table.col("name"), place.index()).map_or_else(|| id(place), str::to_string);
            few.iter().map(name).collect::<Vec<_>>().join("; ")
        }
    }
}

fn firm_names(case: &Case, firms: &[ripstop::model::ids::FirmId]) -> String {
    let table = case.table("firms");
    match firms {
        [_, _, _, _, ..] => some(firms.len(), "firm"),
        few => {
            let name = |f: &ripstop::model::ids::FirmId| {
                table.text(table.col("name"), f.index()).or_else(|| table.text(table.col("id"), f.index())).unwrap_or("").to_string()
            };
            few.iter().map(name).collect::<Vec<_>>().join("; ")
        }
    }
}

fn some(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
