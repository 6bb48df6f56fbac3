//! Rules in words: `ripstop rules list` and `explain`.

use serde_json::{Value, json};

use crate::study::findings::{rule_json, verified_words};
use ripstop_case::tables::law::rules::{GoodsSet, Law, LawExemption, LawRule, LawWhen};

/// Rules as two lines each, what it is and since when, and as JSON. Lines are not wrapped.
pub fn list(law: &Law) -> (Vec<[String; 2]>, Value) {
    let two = |rule: &LawRule| {
        let until = rule.until.map_or(String::new(), |until| format!(" until {}", until.text()));
        let since = format!("{}; holds from {}{until}; {}", rule.cite(), rule.in_force.text(), verified_words(rule.verified));
        [format!("{}: {}", rule.id, rule.title), since]
    };
    (law.rules.iter().map(two).collect(), law.rules.iter().map(full_json).collect())
}

fn full_json(rule: &LawRule) -> Value {
    let mut value = rule_json(rule);
    let when = |when: &LawWhen| {
        let asked: serde_json::Map<String, Value> =
            when.lists().into_iter().filter(|(_, list)| !list.is_empty()).map(|(key, list)| (key.to_owned(), json!(list))).collect();
        json!({ "tests": asked, "reading": if when.disputed { "disputed" } else { "plain" }, "note": when.note })
    };
    let exemption = |e: &LawExemption| {
        json!({
            "id": e.id, "title": e.title, "kind": if e.wind_down { "wind-down" } else { "exemption" }, "verified": e.verified,
            "signed_before": e.signed_before.map(|s| s.text()), "written": e.written, "moment": e.moment,
            "before": e.before.map(|s| s.text()), "needs": e.needs, "tags": e.tags, "note": e.note,
        })
    };
    value["judges"] = json!(rule.judges);
    value["moment"] = json!(rule.moment);
    value["until"] = json!(rule.until.map(|s| s.text()));
    value["goods"] = rule.goods.iter().map(goods_json).collect();
    value["does_not_cover"] = rule.does_not_cover.iter().map(goods_json).collect();
    value["indicator"] = json!(rule.indicator);
    value["when"] = rule.when.iter().map(when).collect();
    value["exemptions"] = rule.exemptions.iter().map(exemption).collect();
    value
}

fn goods_json(set: &GoodsSet) -> Value {
    json!({ "id": set.id, "vintage": set.vintage, "codes": set.codes, "status": set.status, "note": set.note })
}

/// A rule in full, as text and as JSON. Lines are not wrapped.
pub fn explain(rule: &LawRule) -> (Vec<String>, Value) {
    let mut lines = vec![format!("{}: {}", rule.id, rule.title), format!("{}, {}", rule.authority, rule.cite())];
    let mut add = |label: &str, text: String| lines.push(format!("{label}: {text}"));
    add("Checked by", verified_words(rule.verified).to_owned());
    if let Some(note) = &rule.note {
        add("Note", note.clone());
    }
    if let Some(day) = rule.adopted {
        add("Adopted", ripstop_case::date_of(day).to_string());
    }
    add("Holds from", rule.in_force.text());
    if let Some(until) = rule.until {
        add("Until", until.text());
    }
    add("Binds", if rule.binds.is_empty() { "all states".to_owned() } else { rule.binds.join(", ") });
    let judged = match rule.judges {
        "contract" => "the contract itself",
        "labour" => "the work under the contract",
        _ if rule.moment == "shipped" => "every consignment, on the day it leaves",
        _ => "every consignment, on the day it is cleared at the crossing",
    };
    add("Judges", judged.to_owned());
    for set in &rule.goods {
        add("Goods", goods_text(set));
    }
    for set in &rule.does_not_cover {
        add("Does not cover", goods_text(set));
    }
    if let Some(indicator) = rule.indicator {
        add("Sign computed", indicator.to_owned());
    }
    for (at, when) in rule.when.iter().enumerate() {
        add(if at == 0 { "Holds when" } else { "or when" }, when_text(when));
    }
    for exemption in &rule.exemptions {
        add(if exemption.wind_down { "Wind-down" } else { "Exemption" }, exemption_text(exemption));
    }
    if !rule.implements.is_empty() {
        add("Carries out", rule.implements.join(", "));
    }
    for source in &rule.sources {
        add("Source", source.clone());
    }
    (lines, full_json(rule))
}

/// A set of goods in a line.
pub(super) fn goods_text(set: &GoodsSet) -> String {
    let note = set.note.as_ref().map_or(String::new(), |note| format!("; {note}"));
    format!("{} = {} {} ({}{note})", set.id, set.vintage, set.codes.join(", "), verified_words(set.status))
}

/// An alternative in words.
pub(super) fn when_text(when: &LawWhen) -> String {
    let words = |key: &str| match key {
        "origin" => "the goods are of",
        "consignment_from" => "a leg leaves",
        "consignment_to" => "a leg enters",
        "processed_in" => "they were worked in",
        "processed_outside" => "they were worked outside",
        "party" => "a party is of",
        "party_tags" => "a party is",
        "labour" => "they were worked on by people of",
        _ => "the contract is",
    };
    let asked: Vec<String> = when
        .lists()
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(key, list)| format!("{} {}", words(key), list.join(" or ")))
        .collect();
    let reading = if when.disputed { " [disputed: arguable at most]" } else { "" };
    let note = when.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
    format!("{}{reading}{note}", asked.join(" and "))
}

/// An exemption in words.
pub(super) fn exemption_text(exemption: &LawExemption) -> String {
    let mut asked = Vec::new();
    asked.extend(exemption.goods.iter().map(|set| format!("goods {}", set.id)));
    if !exemption.origin.is_empty() {
        asked.push(format!("origin {}", exemption.origin.join(" or ")));
    }
    if !exemption.tags.is_empty() {
        asked.push(format!("contract tagged {}", exemption.tags.join(" or ")));
    }
    asked.extend(exemption.signed_before.map(|stamp| format!("signed before {}", stamp.text())));
    asked.extend(exemption.written.then(|| "written".to_owned()));
    asked.extend(exemption.before.map(|stamp| format!("{} before {}", exemption.moment, stamp.text())));
    asked.extend(exemption.needs.iter().map(|paper| format!("paper {paper}")));
    let note = exemption.note.as_ref().map_or(String::new(), |note| format!("; {note}"));
    let asked = if asked.is_empty() { "no condition".to_owned() } else { asked.join(", ") };
    format!("{} ({}): {asked} ({}{note})", exemption.title, exemption.id, verified_words(exemption.verified))
}
