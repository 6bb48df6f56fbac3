//! Facts that rules look at can be read, and every rule in force touches something.

use ripstop::law::{code_range, with_its_zeros};

use super::Checker;
use crate::language::diagnostic::{Code, Diagnostic, near_miss};
use crate::map::facts::offset_seconds;
use crate::map::facts::second_of_day;
use crate::map::facts::signed_of;
use crate::tables::law::read::is_country;
use crate::tables::law::read::items;
use crate::tables::law::read::known_code;

/// Codes, days of signing, offsets, hours, nationalities; rules that claims name.
pub fn facts(checker: &mut Checker) {
    codes(checker);
    cells(checker, "contracts", "signed", &|text| signed_of(text).is_some(), "is neither a day nor a moment with its offset from UTC");
    cells(checker, "crossings", "utc_offset", &|text| offset_seconds(text).is_some(), "is no offset from UTC such as +08:00");
    cells(checker, "crossings", "clears_at", &|text| second_of_day(text).is_some(), "is no hour such as 12:00");
    cells(checker, "firms", "labour_nationality", &|text| items(Some(text)).all(is_country), "is no list of country codes such as KP;CN");
    claimed_rules(checker);
    many_words(checker);
}

fn cells(checker: &mut Checker, table: &str, column: &str, fine: &dyn Fn(&str) -> bool, what: &str) {
    let table = checker.table(table);
    let col = table.col(column);
    for row in 0..table.rows() {
        if let Some(text) = table.text(col, row).filter(|text| !fine(text)) {
            checker.fault_at(Code::BadFact, table, col, row, format!("`{text}` {what}"));
        }
    }
}

fn codes(checker: &mut Checker) {
    let products = checker.table("products");
    let (hs, vintage) = (products.col("hs"), products.col("hs_vintage"));
    for row in 0..products.rows() {
        let Some(code) = products.text(hs, row) else { continue };
        let edition = products.enumeration(vintage, row, &checker.base).unwrap_or("HS2017");
        match code_range(code) {
            _ if code.contains("..") => {
                checker.fault_at(Code::BadGoodsCode, products, hs, row, format!("`{code}` is a run of codes; a product has one"))
            }
            Err(error) => {
                let fault = Diagnostic::new(Code::BadGoodsCode, &products.position(hs, row), format!("`{code}`: {error}"));
                checker.diagnostics.push(fault.suggest(with_its_zeros(code)));
            }
            Ok(_) if !known_code(&checker.case.law.hs, edition, code) => {
                let message = format!("`{code}` is not in rules/hs.csv, which lists {edition}");
                checker.fault_at(Code::UnknownGoodsCode, products, hs, row, message);
            }
            Ok(_) => {}
        }
    }
}

/// Rules that claims name are known; outcomes too.
fn claimed_rules(checker: &mut Checker) {
    let law = &checker.case.law.all;
    for part in checker.case.claims.iter().flat_map(|claim| &claim.parts).filter(|part| part.measure == "findings_share") {
        for name in part.words("rules").iter().filter(|name| law.find(name).is_none()) {
            let near = near_miss(name, law.rules.iter().map(|rule| rule.id.as_str())).map(str::to_owned);
            let fault = Diagnostic::new(Code::UnknownRule, &part.position, format!("there is no rule `{name}`"));
            checker.diagnostics.push(fault.suggest(near));
        }
        let known = crate::language::schema::OUTCOMES;
        for word in part.words("outcomes").iter().filter(|word| !known.contains(&word.as_str())) {
            let near = near_miss(word, known.iter().copied()).map(str::to_owned);
            let fault = Diagnostic::new(Code::UnknownWord, &part.position, format!("no finding says `{word}`"));
            checker.diagnostics.push(fault.suggest(near));
        }
    }
}

/// Tags and papers are bits of a word.
fn many_words(checker: &mut Checker) {
    let rules = || checker.case.law.all.rules.iter();
    let mut tags: Vec<&str> = rules()
        .flat_map(|r| r.when.iter().flat_map(|w| &w.party_tags).chain(r.exemptions.iter().flat_map(|e| &e.tags)))
        .map(String::as_str)
        .collect();
    let mut papers: Vec<&str> = rules().flat_map(|r| r.exemptions.iter().flat_map(|e| &e.needs)).map(String::as_str).collect();
    for (list, what) in [(&mut tags, "tags"), (&mut papers, "papers")] {
        list.sort_unstable();
        list.dedup();
        if list.len() > 64 {
            let message = format!("the rules look for {} different {what}", list.len());
            let at = crate::read::bytes::whole_file("case.toml");
            checker.diagnostics.push(Diagnostic::new(Code::TooManyWords, &at, message));
        }
    }
}

/// Rules of the case that touch nothing, products without a code, crossings without a clock: asked of the network.
pub fn touched(checker: &mut Checker, network: &ripstop::model::network::Network) {
    let case = checker.case;
    let in_force: Vec<usize> = case.law.in_force.clone();
    if in_force.is_empty() {
        return;
    }
    let set = crate::map::facts::RuleSet::new(case, network, &checker.base, &in_force);
    let mut touched = vec![false; in_force.len()];
    for contract in 0..network.contracts.len() {
        set.screen.candidates(network, contract).iter().for_each(|found| touched[found.rule as usize] = true);
    }
    for (&rule, _) in in_force.iter().zip(&touched).filter(|(_, touched)| !**touched) {
        let rule = &case.law.all.rules[rule];
        // Of the shipped book a case takes what may matter; its own rules are meant to say something.
        if !rule.shipped {
            let fault = Diagnostic::new(Code::RuleMatchesNothing, &rule.position, format!("`{}` touches no contract of the case", rule.id));
            checker.diagnostics.push(fault);
        }
    }
    if in_force.iter().any(|&rule| !case.law.all.rules[rule].goods.is_empty()) {
        codes_missing(checker, network);
    }
    let crossings = checker.table("crossings");
    let offset = crossings.col("utc_offset");
    for row in (0..crossings.rows()).filter(|&row| crossings.is_blank(offset, row)) {
        let message = format!("rules are in force, and {} has no offset from UTC", crossings.key(row));
        checker.fault_at(Code::ClockMissing, crossings, crossings.col("id"), row, message);
    }
}

fn codes_missing(checker: &mut Checker, network: &ripstop::model::network::Network) {
    let products = checker.table("products");
    let (id, hs) = (products.col("id"), products.col("hs"));
    let mut delivered: Vec<usize> = network.contracts.seller.iter().map(|line| network.lines[line.index()].product.index()).collect();
    delivered.sort_unstable();
    delivered.dedup();
    for row in delivered.into_iter().filter(|&row| products.is_blank(hs, row)) {
        checker.fault_at(Code::CodeMissing, products, id, row, format!("{} is delivered, but has no code of goods", products.key(row)));
    }
}
