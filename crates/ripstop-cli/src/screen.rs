//! `ripstop screen`: which contracts and consignments touch a rule, which paragraph, since when, on which facts.

use std::fmt::Write;

use ripstop::law::{ExemptionOutcome, Object, Outcome};
use ripstop::model::calendar::Day;
use ripstop::model::ids::ContractId;
use ripstop::record::Detail;
use ripstop_case::network::Mapper;
use ripstop_case::rules::RuleSet;
use ripstop_case::{Case, load, near_miss};
use ripstop_study::rules::{DISCLAIMER, Told, findings_json};
use ripstop_study::study::{self, Request, Study};

use crate::account::words::{count, date, did_you_mean, hanging, left, money, paragraph, right, short_money, some};
use crate::account::{plural, rules as account};
use crate::{Failure, ScreenArgs, named, print, problems, run, terminal};

/// Columns for the names of contracts in the list.
const NAME_WIDTH: usize = 35;

/// The findings, and whether they are those under the whole shipped book.
struct Screened {
    told: Vec<Told>,
    whole_book: bool,
}

/// Screens a case: its scenario is run once, at base values, and every rule is asked.
pub fn screen(arguments: &ScreenArgs) -> Result<(), Failure> {
    let outcomes = fail_on(&arguments.fail_on)?;
    let mut loaded = load(&named::folder(&arguments.case)?);
    loaded.apply(&arguments.warnings.policy());
    problems::print(&loaded);
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let scenario = named::find_scenario(case, arguments.scenario.as_deref())?;
    let request = Request { scenario, rows: 0..0, seed: case.settings.seed, sweep: false, record: Some(Detail::Full) };
    let study = run::with_progress(case, &request, None).map_err(|stop| run::unfinished(stop, &loaded, None))?;
    let screened = findings(case, &study, scenario, &arguments.rules)?;
    let told = &screened.told;
    let name = &case.scenarios[scenario].name;
    if arguments.json {
        terminal::print_json(&findings_json(case, name, Day(case.meta.as_of), told))?;
    } else {
        let shown = of_contract(case, told, arguments.contract.as_deref())?;
        print(&page(case, &study, name, &screened, shown));
    }
    let met = told.iter().filter(|t| outcomes.contains(&t.finding.outcome)).count();
    if met > 0 {
        Err(Failure::Met(format!("{} {} {}", some(met, "finding"), if met == 1 { "is" } else { "are" }, arguments.fail_on.join(" or "))))
    } else {
        Ok(())
    }
}

/// Outcomes that end the command with code 4.
fn fail_on(words: &[String]) -> Result<Vec<Outcome>, Failure> {
    let known = || Outcome::ALL.into_iter().map(Outcome::word);
    words
        .iter()
        .map(|word| {
            Outcome::ALL.into_iter().find(|outcome| outcome.word() == word).ok_or_else(|| {
                let hint = did_you_mean(near_miss(word, known()));
                anyhow::anyhow!("no finding says `{word}`{hint} They say: {}.", known().collect::<Vec<_>>().join(", ")).into()
            })
        })
        .collect()
}

/// Findings under the rules named, else those in force, else the whole shipped book.
fn findings(case: &Case, study: &Study, scenario: usize, named: &[String]) -> Result<Screened, Failure> {
    if let Some(told) = study.findings.as_ref().filter(|_| named.is_empty()) {
        return Ok(Screened { told: told.clone(), whole_book: false });
    }
    // A scenario that puts no rule in force means it.
    if named.is_empty() && case.scenarios[scenario].rules.is_some() {
        return Ok(Screened { told: Vec::new(), whole_book: false });
    }
    let all = &case.law.all.rules;
    let mut rules = Vec::new();
    for name in named {
        if name == "all" {
            rules.extend(0..all.len());
            continue;
        }
        let Some(index) = all.iter().position(|rule| rule.id == *name) else {
            let hint = did_you_mean(near_miss(name, all.iter().map(|rule| rule.id.as_str())));
            return Err(anyhow::anyhow!("there is no rule `{name}`{hint} `ripstop rules list` shows them").into());
        };
        rules.push(index);
    }
    let whole_book = rules.is_empty();
    if whole_book {
        rules = (0..all.len()).collect();
    }
    rules.sort_unstable();
    rules.dedup();
    let mapper = Mapper::new(case);
    let values = case.parameters.values_in(&case.scenarios[scenario], &[]);
    let set = RuleSet::new(case, &mapper.network(&values), &values, &rules);
    let told = study::findings(case, &mapper, &study.outcome, &set, scenario);
    Ok(Screened { told, whole_book })
}

/// The findings of one contract, where one is named.
fn of_contract<'a>(case: &Case, told: &'a [Told], contract: Option<&str>) -> Result<Option<&'a [Told]>, Failure> {
    let Some(name) = contract else { return Ok(None) };
    let contracts = case.table("contracts");
    let Some(row) = contracts.row_of(name) else {
        let keys: Vec<String> = (0..contracts.rows()).map(|row| contracts.key(row)).collect();
        let hint = did_you_mean(near_miss(name, keys.iter().map(String::as_str)));
        return Err(anyhow::anyhow!("the case has no contract `{name}`{hint}").into());
    };
    let id = |t: &Told| t.finding.candidate.consignment.contract.0;
    let first = told.partition_point(|t| id(t) < row);
    let last = told.partition_point(|t| id(t) <= row);
    Ok(Some(&told[first..last]))
}

fn page(case: &Case, study: &Study, scenario: &str, screened: &Screened, shown: Option<&[Told]>) -> String {
    let told = &screened.told;
    let mut text = paragraph(&format!("{}, scenario {scenario}, to {}", case.meta.title, date(Day(case.meta.as_of))), 0);
    text.push_str(&paragraph(DISCLAIMER, 0));
    if screened.whole_book {
        text.push_str(&paragraph(
            "The case puts no rule in force: it is held against every rule that comes with ripstop. `rules` in case.toml chooses.",
            0,
        ));
    }
    text.push('\n');
    if let Some(shown) = shown {
        if shown.is_empty() {
            text.push_str("No rule asked touches this contract. That says nothing of other rules or facts.\n");
        }
        shown.iter().for_each(|t| text.push_str(&in_full(case, t)));
        return text;
    }
    text.push_str(&account::table(case, told));
    let all = case.table("contracts").rows();
    if !told.is_empty() {
        let touched = told.chunk_by(|a, b| contract_of(a) == contract_of(b)).count();
        text.push_str(&paragraph(
            &format!("{touched} of {} {} a finding.", some(all, "contract"), if touched == 1 { "has" } else { "have" }),
            2,
        ));
    }
    let people = account::people(case, study);
    if !people.is_empty() {
        text.push_str(&format!("\n{people}"));
    }
    for group in alike(case, told) {
        text.push_str(&group);
    }
    if !told.is_empty() {
        text.push_str("\nFacts and exemptions of one contract: --contract ID; everything: --json\n");
    }
    text
}

fn contract_of(told: &Told) -> ContractId {
    told.finding.candidate.consignment.contract
}

/// Contracts under the same findings, told together, gravest first, with their names and spans.
fn alike(case: &Case, told: &[Told]) -> Vec<String> {
    let mut groups: Vec<(Vec<String>, Vec<&[Told]>)> = Vec::new();
    for findings in told.chunk_by(|a, b| contract_of(a) == contract_of(b)) {
        let mut heads: Vec<(Outcome, String)> = findings.iter().map(|t| (t.finding.outcome, short(case, t))).collect();
        heads.sort_by_key(|(outcome, _)| *outcome);
        heads.dedup();
        let key: Vec<String> = heads.into_iter().map(|(_, head)| head).collect();
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, members)) => members.push(findings),
            None => groups.push((key, vec![findings])),
        }
    }
    groups.iter().map(|(key, members)| group_text(case, key, members)).collect()
}

fn group_text(case: &Case, key: &[String], members: &[&[Told]]) -> String {
    let mut text = String::from("\n");
    for line in key {
        text.push_str(&hanging(line, 0, 4));
    }
    let contracts = case.table("contracts");
    let name = |findings: &[Told]| contracts.key(contract_of(&findings[0]).index());
    let width = members.iter().map(|findings| name(findings).chars().count()).max().unwrap_or(0).clamp(8, NAME_WIDTH);
    let row = |name: &str, span: &str, shipments: &str, value: &str| {
        format!("  {} {} {} {}\n", left(name, width), left(span, 23), right(shipments, 9), right(value, 8))
    };
    text.push_str(&row("contract", "first … last", "shipments", &case.meta.currency));
    for findings in members {
        let first = findings.iter().map(|t| t.finding.first).min().unwrap_or_default();
        let last = findings.iter().map(|t| t.finding.last).max().unwrap_or_default();
        let (shipments, value) = amounts(findings);
        let mut name = name(findings);
        // A name is there to be copied: it is never cut.
        if name.chars().count() > width {
            text.push_str(&format!("  {name}\n"));
            name.clear();
        }
        text.push_str(&row(&name, &format!("{first} … {last}"), &shipments.to_string(), &short_money(value)));
    }
    text
}

/// Shipments and value of the goods, or of the contract as a whole; of inputs where nothing else is found.
fn amounts(findings: &[Told]) -> (u32, f64) {
    let inputs = |t: &&Told| t.finding.candidate.consignment.object == Object::Inputs;
    let only_inputs = findings.iter().all(|t| inputs(&t));
    let counted = findings.iter().filter(|t| only_inputs || !inputs(t));
    counted.fold((0, 0.0_f64), |(shipments, value), t| (shipments.max(t.finding.shipments), value.max(t.finding.value)))
}

/// `breach, goods: S/RES/2375 (2017) ¶16 (UN-2375-16)`.
fn short(case: &Case, told: &Told) -> String {
    let rule = &case.law.all.rules[told.rule];
    let finding = &told.finding;
    format!("{}, {}: {} ({})", finding.outcome.word(), finding.candidate.consignment.object.word(), rule.cite(), rule.id)
}

/// A finding with its facts and exemptions.
fn in_full(case: &Case, told: &Told) -> String {
    let rule = &case.law.all.rules[told.rule];
    let finding = &told.finding;
    let products = case.table("products");
    let product = finding.candidate.consignment.product.index();
    let unit = products.text(products.col("unit"), product).unwrap_or("units");
    let mut text = hanging(&format!("{}; {}", short(case, told), rule.title), 0, 4);
    let name = ripstop_study::who::name(products, product).to_lowercase();
    let amount = format!("{} {} of {name}", count(finding.quantity), plural(unit, finding.quantity));
    let line = format!(
        "{} … {}, {}, {amount}, {}",
        finding.first,
        finding.last,
        some(finding.shipments as usize, "shipment"),
        money(finding.value, &case.meta.currency)
    );
    text.push_str(&paragraph(&line, 2));
    for fact in &told.facts {
        let source = fact.source.as_ref().map_or(String::new(), |source| format!(", {source}"));
        text.push_str(&hanging(&format!("{} [{}{source}]: {}", fact.test, fact.basis, fact.text), 2, 6));
    }
    for (id, outcome, why) in told.exemptions.iter().filter(|e| e.1 != ExemptionOutcome::NotApplicable) {
        text.push_str(&hanging(&format!("exemption {id}: {}, {why}", outcome.word()), 2, 6));
    }
    if let Some(note) = &told.note {
        text.push_str(&hanging(&format!("note: {note}"), 2, 6));
    }
    let _ = writeln!(text);
    text
}
