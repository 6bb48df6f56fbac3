//! The facts of a case for its rules, from the columns of its tables.

use std::sync::Arc;

use ripstop::law::{ContractFacts, CountrySet, Facts, FirmFacts, ProductFacts, Relation, Screen, Signed, code_range};
use ripstop::model::network::Network;

use crate::language::schema::RELATIONS;
use crate::tables::law::read::items;
use crate::tables::law::read::parse_stamp;
use crate::tables::law::rules::{Words, compile, vintage_of};
use crate::tables::table::Table;
use crate::{Case, Values};

/// Rules that are asked of a case, compiled, with its facts.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Indexes of the rules in [`crate::tables::law::read::CaseLaw::all`].
    pub rules: Vec<usize>,
    /// Countries by number: those of the case first.
    pub countries: Vec<String>,
    /// Papers by number.
    pub papers: Vec<String>,
    /// Rules and facts for the engine.
    pub screen: Arc<Screen>,
}

impl RuleSet {
    /// Compiles some rules and gathers the facts of a case. `network`: the case at the same values.
    pub fn new(case: &Case, network: &Network, values: &Values, rules: &[usize]) -> Self {
        let mut words = Words { countries: case.countries.clone(), ..Words::default() };
        let compiled = rules.iter().map(|&index| compile(&case.law.all.rules[index], &mut words)).collect();
        let facts = facts(case, network, values, &mut words);
        let crossings = case.table("crossings");
        let clock = |row: usize| {
            let at = crossings.text(crossings.col("clears_at"), row).and_then(second_of_day).unwrap_or(43_200);
            (at, crossings.text(crossings.col("utc_offset"), row).and_then(offset_seconds).unwrap_or(0))
        };
        let clocks = (0..crossings.rows()).map(clock).collect();
        let screen = Arc::new(Screen::new(compiled, facts, clocks, network));
        Self { rules: rules.to_vec(), countries: words.countries, papers: words.papers, screen }
    }

    /// Codes of a set of countries.
    pub fn codes(&self, set: &CountrySet) -> Vec<String> {
        set.iter().filter_map(|country| self.countries.get(country.index()).cloned()).collect()
    }
}

/// `+08:00` in seconds.
pub fn offset_seconds(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let seconds = second_of_day(text.get(1..)?)?;
    (seconds <= 14 * 3600).then_some(sign * seconds as i32)
}

/// `12:00` in seconds.
pub fn second_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<i64>().ok()).flatten();
    let (hours, minutes) = (digits(hours)?, digits(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)
}

/// A day, or a moment with its offset from UTC.
pub fn signed_of(text: &str) -> Option<Signed> {
    crate::parse_date(text).map(Signed::Day).or_else(|| parse_stamp(text).map(|stamp| Signed::At(stamp.at)))
}

/// Bits of the words that rules look for; others mean nothing to them.
fn bits(known: &[String], text: Option<&str>) -> u64 {
    items(text).filter_map(|word| known.iter().position(|k| k == word)).filter(|&at| at < 64).fold(0, |bits, at| bits | 1 << at)
}

fn facts(case: &Case, network: &Network, values: &Values, words: &mut Words) -> Facts {
    let firms = firms(case, network, words);
    let products = case.table("products");
    let product = |row: usize, words: &mut Words| ProductFacts {
        code: products.text(products.col("hs"), row).and_then(|code| code_range(code).ok()),
        vintage: vintage_of(products.enumeration(products.col("hs_vintage"), row, values).unwrap_or("HS2017")),
        origin: products.text(products.col("origin"), row).map(|code| words.country(code)),
    };
    let products = (0..products.rows()).map(|row| product(row, words)).collect();
    let contracts = contracts(case, values, words);
    Facts::new(network, firms, products, contracts)
}

/// Nationality: the firm's own, its owner's beside it; else the country it is in.
fn firms(case: &Case, network: &Network, words: &mut Words) -> Vec<FirmFacts> {
    let (firms, groups) = (case.table("firms"), case.table("groups"));
    let [nationality, labour, tags, group] = ["nationality", "labour_nationality", "tags", "group"].map(|name| firms.col(name));
    let (owner_country, owner_tags) = (groups.col("country"), groups.col("tags"));
    (0..firms.rows())
        .map(|row| {
            let place = network.places[network.firms[row].place.index()].country;
            let owner = firms.reference(group, row).map(|group| group as usize);
            let own = firms.text(nationality, row).map(|code| words.country(code));
            let owners = owner.and_then(|group| groups.text(owner_country, group)).map(|code| words.country(code));
            let mut nations: CountrySet = own.into_iter().chain(owners).collect();
            if nations.is_empty() {
                nations.add(place);
            }
            let mut people: CountrySet = items(firms.text(labour, row)).map(|code| words.country(code)).collect();
            if people.is_empty() {
                people.add(place);
            }
            let tags =
                bits(&words.tags, firms.text(tags, row)) | owner.map_or(0, |group| bits(&words.tags, groups.text(owner_tags, group)));
            FirmFacts { nationality: nations, labour: people, tags }
        })
        .collect()
}

fn contracts(case: &Case, values: &Values, words: &mut Words) -> Vec<ContractFacts> {
    let contracts = case.table("contracts");
    let own = ["signed", "written", "evidence", "relation", "tags", "declared_origin", "maker_disclosed"].map(|name| contracts.col(name));
    // Without any of these columns all contracts are plain, but for their kind.
    let [signed, written, evidence, relation, tags, declared, disclosed] = own;
    let kind = contracts.col("kind");
    let flag = |table: &Table, col, row| (!table.is_blank(col, row)).then(|| table.flag(col, row));
    (0..contracts.rows())
        .map(|row| {
            let named = contracts.enumeration(relation, row, values).or_else(|| contracts.enumeration(kind, row, values));
            ContractFacts {
                signed: contracts.text(signed, row).and_then(signed_of),
                written: flag(contracts, written, row),
                papers: bits(&words.papers, contracts.text(evidence, row)),
                tags: bits(&words.tags, contracts.text(tags, row)),
                relation: relation_of(named.unwrap_or("sale")),
                declared_origin: contracts.text(declared, row).map(|code| words.country(code)),
                maker_disclosed: flag(contracts, disclosed, row),
            }
        })
        .collect()
}

fn relation_of(word: &str) -> Relation {
    match RELATIONS.iter().position(|known| *known == word) {
        Some(1) => Relation::Processing,
        Some(2) => Relation::JointVenture,
        Some(3) => Relation::CooperativeEntity,
        _ => Relation::Sale,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ripstop::law::Instant;

    #[test]
    fn offsets_hours_and_signatures() {
        assert_eq!(offset_seconds("+08:00"), Some(28_800));
        assert_eq!(offset_seconds("-04:30"), Some(-16_200));
        assert_eq!(offset_seconds("Z"), Some(0));
        for bad in ["08:00", "+8", "+15:00", "+08:60", "CST"] {
            assert_eq!(offset_seconds(bad), None, "{bad}");
        }
        assert_eq!(second_of_day("12:00"), Some(43_200));
        assert_eq!(second_of_day("24:00"), None);
        assert_eq!(signed_of("1970-01-02"), Some(Signed::Day(1)));
        assert_eq!(signed_of("1970-01-02T00:00:00+01:00"), Some(Signed::At(Instant(86_400 - 3_600))));
        assert_eq!(signed_of("1970-01-02T00:00:00"), None, "a moment without its offset could be any of a day");
    }
}
