//! What the engine finds, told: by contract, with paragraph, dates, quantity, value, the facts that matched and how we know them.

use ripstop::law::{Answers, Consignment, ExemptionOutcome, Finding, MadeIn, Object, Outcome, Role, Truth, Why};
use ripstop::model::calendar::Day;
use ripstop::model::ids::ContractId;
use ripstop::model::network::Network;
use serde_json::{Map, Value, json};

use crate::study::numbers::number;
use ripstop_case::map::facts::RuleSet;
use ripstop_case::map::network::Mapper;
use ripstop_case::tables::law::rules::{GoodsSet, LawExemption, LawRule, LawWhen};
use ripstop_case::tables::table::Table;
use ripstop_case::{Case, Values};

/// What stands over every list of findings.
pub const DISCLAIMER: &str = "Analysis, not legal advice. A finding says what a rule says of the facts of this case, many of them assumed. No finding says that a trade is lawful, and none is a verdict on a real party.";

/// A fact a finding rests on.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The test it answers.
    pub test: &'static str,
    /// In a sentence.
    pub text: String,
    /// How we know.
    pub basis: &'static str,
    /// Statement of `sources.csv`.
    pub source: Option<String>,
}

/// A finding, told.
#[derive(Clone, Debug)]
pub struct Told {
    /// The finding.
    pub finding: Finding,
    /// The rule, by its index among all of the case.
    pub rule: usize,
    /// What it rests on.
    pub facts: Vec<Fact>,
    /// Id, outcome and reason of every exemption.
    pub exemptions: Vec<(String, ExemptionOutcome, String)>,
    /// What else to know.
    pub note: Option<String>,
}

/// Tells the findings of a run.
pub fn tell_all(mapper: &Mapper<'_>, network: &Network, set: &RuleSet, scenario: usize, findings: &[Finding]) -> Vec<Told> {
    let case = mapper.case();
    let values = case.parameters.base_values();
    let teller = Teller { case, network, set, values, observed: observed(mapper, network, scenario) };
    findings.iter().map(|finding| teller.tell(finding)).collect()
}

/// Relabelling and rerouting that the files of behaviour report, by contract.
fn observed(mapper: &Mapper<'_>, network: &Network, scenario: usize) -> Vec<(Vec<ContractId>, Fact)> {
    let case = mapper.case();
    let files = case.scenarios[scenario].behaviour.iter().map(|&file| &case.law.behaviour[file]);
    let fact = |seen: &ripstop_case::tables::law::behaviour::Observed| Fact {
        test: if seen.what == "rerouted" { "consignment" } else { "origin" },
        text: format!("{}: {}", seen.what, seen.text),
        basis: seen.basis,
        source: seen.sources.first().map(|&row| case.table("sources").key(row as usize)),
    };
    files
        .flat_map(|file| &file.observed)
        .filter_map(|seen| Some((mapper.contracts_in(network, seen.contracts.as_ref()?), fact(seen))))
        .collect()
}

struct Teller<'a> {
    case: &'a Case,
    network: &'a Network,
    set: &'a RuleSet,
    values: Values,
    observed: Vec<(Vec<ContractId>, Fact)>,
}

/// Bases from weakest to strongest; a row without one says nothing and counts as assumed.
fn weaker(a: &'static str, b: &'static str) -> &'static str {
    let rank = |basis: &str| ["assumed", "inferred", "sourced"].iter().position(|known| *known == basis).unwrap_or(0);
    if rank(a) <= rank(b) { a } else { b }
}

impl Teller<'_> {
    fn tell(&self, finding: &Finding) -> Told {
        let rule_index = self.set.rules[finding.candidate.rule as usize];
        let rule = &self.case.law.all.rules[rule_index];
        let when = &rule.when[finding.candidate.when as usize];
        let told = rule.exemptions.iter().zip(&finding.exemptions);
        let exemptions =
            told.map(|(exemption, &(outcome, why))| (exemption.id.clone(), outcome, self.why(exemption, why, finding))).collect();
        let mut notes: Vec<String> = when.note.iter().cloned().collect();
        if when.disputed {
            notes.insert(0, "the reading is disputed".to_owned());
        }
        if rule.verified != "text" {
            notes.push(format!("the rule is checked by: {}", verified_words(rule.verified)));
        }
        Told {
            facts: self.facts(finding, rule, when),
            rule: rule_index,
            exemptions,
            note: (!notes.is_empty()).then(|| notes.join("; ")),
            finding: finding.clone(),
        }
    }

    /// Basis and source of a row.
    fn row(&self, table: &Table, row: usize) -> (&'static str, Option<String>) {
        let basis = table.enumeration(table.col("basis"), row, &self.values).unwrap_or("assumed");
        let source = table.references(table.col("source"), row).first().map(|&s| self.case.table("sources").key(s as usize));
        (basis, source)
    }

    fn firm(&self, firm: usize) -> String {
        crate::study::names::name(self.case.table("firms"), firm)
    }

    /// Basis of a firm: its own row and its owner's where that gives its nationality.
    fn firm_row(&self, firm: usize) -> (&'static str, Option<String>) {
        self.row(self.case.table("firms"), firm)
    }

    fn facts(&self, finding: &Finding, rule: &LawRule, when: &LawWhen) -> Vec<Fact> {
        let consignment = &finding.candidate.consignment;
        let answers: &Answers = &finding.candidate.answers;
        let mut facts = Vec::new();
        if answers.goods.is_some() {
            facts.push(self.goods(consignment, rule, answers.goods));
        }
        if answers.consignment.is_some() {
            facts.push(self.leg(consignment));
        }
        if let Some(truth) = answers.origin {
            facts.push(self.made("origin", "come from", &consignment.origin, truth, consignment));
        }
        if let Some(truth) = answers.processing {
            facts.push(self.made("processing", "were worked in", &consignment.processed, truth, consignment));
        }
        if answers.party.is_some() {
            facts.extend(self.party(consignment, when));
        }
        if let Some(truth) = answers.labour {
            facts.push(self.labour(consignment, truth));
        }
        if answers.relation.is_some() {
            let contracts = self.case.table("contracts");
            let row = consignment.contract.index();
            let kind = contracts.enumeration(contracts.col("kind"), row, &self.values).unwrap_or("sale");
            let word = contracts.enumeration(contracts.col("relation"), row, &self.values).unwrap_or(kind);
            facts.push(self.fact("relation", format!("the contract is {}", relation_words(word)), self.row(contracts, row)));
        }
        facts.push(self.date(finding, rule));
        let about = self.observed.iter().filter(|(contracts, _)| contracts.binary_search(&consignment.contract).is_ok());
        facts.extend(about.map(|(_, fact)| fact.clone()));
        facts
    }

    fn fact(&self, test: &'static str, text: String, (basis, source): (&'static str, Option<String>)) -> Fact {
        Fact { test, text, basis, source }
    }

    fn goods(&self, consignment: &Consignment, rule: &LawRule, truth: Option<Truth>) -> Fact {
        let products = self.case.table("products");
        let row = consignment.product.index();
        let name = crate::study::names::name(products, row);
        let vintage = products.enumeration(products.col("hs_vintage"), row, &self.values).unwrap_or("HS2017");
        let text = match products.text(products.col("hs"), row) {
            None => format!("{name} has no code in the case; the rule names {}", sets_text(&rule.goods)),
            Some(code) => {
                let title = self.case.law.hs.title(vintage, code).map_or(String::new(), |title| format!(" ({title})"));
                let verb = match truth {
                    Some(Truth::Yes) => "names",
                    Some(Truth::No) => "does not name it but",
                    _ => "may name it:",
                };
                format!("{name} is {vintage} {code}{title}; the rule {verb} {}", sets_text(&rule.goods))
            }
        };
        self.fact("goods", text, self.row(products, row))
    }

    fn leg(&self, consignment: &Consignment) -> Fact {
        let contracts = self.case.table("contracts");
        let row = consignment.contract.index();
        let column = if consignment.object == Object::Inputs { "input_route" } else { "route" };
        let routes = self.case.table("routes");
        let mut basis = self.row(contracts, row).0;
        let mut source = None;
        for &leg in contracts.reference(contracts.col(column), row).map_or(&[][..], |route| routes.rows_of(route)) {
            let (own, from) = self.row(routes, leg as usize);
            basis = weaker(basis, own);
            source = source.or(from);
        }
        let place = |firm: usize| {
            let firms = self.case.table("firms");
            firms
                .reference(firms.col("place"), firm)
                .map_or(String::new(), |p| crate::study::names::name(self.case.table("places"), p as usize))
        };
        let (from, to) = (place(consignment.supplier.index()), place(consignment.recipient.index()));
        let (left, entered) = (self.set.codes(&consignment.from).join(", "), self.set.codes(&consignment.to).join(", "));
        self.fact("consignment", format!("from {from} to {to}: its legs leave {left} and enter {entered}"), (basis, source))
    }

    fn made(&self, test: &'static str, verb: &str, made: &MadeIn, truth: Truth, consignment: &Consignment) -> Fact {
        let products = self.case.table("products");
        let stated = test == "origin" && products.text(products.col("origin"), consignment.product.index()).is_some();
        let countries = |set| self.set.codes(set).join(", ");
        let text = match truth {
            Truth::Yes => format!("the goods {verb} {}", countries(&made.must)),
            _ => format!(
                "some of the goods may {} {}, some not: the case has several suppliers",
                verb.replace("were worked", "have been worked"),
                countries(&made.may)
            ),
        };
        if stated {
            return self.fact(test, format!("{text}, as products.csv states"), self.row(products, consignment.product.index()));
        }
        let basis = weaker(self.row(self.case.table("contracts"), consignment.contract.index()).0, "inferred");
        self.fact(test, format!("{text}, by who makes them in the case"), (basis, None))
    }

    fn party(&self, consignment: &Consignment, when: &LawWhen) -> Vec<Fact> {
        let role = match when.role {
            "supplier" => Role::Supplier,
            "recipient" => Role::Recipient,
            _ => Role::Any,
        };
        let sides =
            [(consignment.supplier, "supplies", role != Role::Recipient), (consignment.recipient, "receives", role != Role::Supplier)];
        let firms = self.case.table("firms");
        sides
            .into_iter()
            .filter(|&(_, _, asked)| asked)
            .filter_map(|(firm, verb, _)| {
                let nations = self.set.codes(&self.set.screen.facts.firms[firm.index()].nationality);
                let of = |list: &[String]| list.iter().any(|code| nations.contains(code));
                if !when.party.is_empty() && !of(&when.party) {
                    return None;
                }
                let stated = firms.text(firms.col("nationality"), firm.index()).is_some();
                let owner = firms.reference(firms.col("group"), firm.index());
                let how = match (stated, owner) {
                    (true, _) => "as firms.csv states",
                    (false, Some(_)) => "by its owner",
                    (false, None) => "by the country it is in",
                };
                let text = format!("{}, which {verb}, is of {} ({how})", self.firm(firm.index()), nations.join(", "));
                Some(self.fact("party", text, self.firm_row(firm.index())))
            })
            .collect()
    }

    fn labour(&self, consignment: &Consignment, truth: Truth) -> Fact {
        let firms = self.case.table("firms");
        let stated = firms.text(firms.col("labour_nationality"), consignment.supplier.index()).is_some();
        let set = if truth == Truth::Yes { &consignment.labour.must } else { &consignment.labour.may };
        let how = if stated { "as firms.csv states" } else { "by the country the makers are in: the case does not state it" };
        let text = format!("people of {} worked, or may have worked, on the goods ({how})", self.set.codes(set).join(", "));
        self.fact("labour", text, self.firm_row(consignment.supplier.index()))
    }

    fn date(&self, finding: &Finding, rule: &LawRule) -> Fact {
        let contract = finding.candidate.consignment.contract.index();
        let contracts = &self.network.contracts;
        let inputs = finding.candidate.consignment.object == Object::Inputs;
        let route = if inputs { contracts.input_route[contract] } else { contracts.route[contract] };
        let (second, offset) = self.set.screen.clock(&self.network.routes[route.index()]);
        let clock = format!("{:02}:{:02} {}", second / 3600, second / 60 % 60, ripstop_case::tables::law::rules::offset_text(offset));
        let what = match finding.candidate.consignment.object {
            Object::Goods | Object::Inputs if rule.moment == "shipped" => "it leaves",
            Object::Goods | Object::Inputs => "it is cleared",
            Object::Contract => "the contract runs",
            Object::Labour => "the work is done",
        };
        let until = rule.until.map_or(String::new(), |until| format!(" until {}", until.text()));
        let text = format!(
            "{what} from {} to {}, each day at {clock}, in the simulation; the rule holds from {}{until}",
            finding.first,
            finding.last,
            rule.in_force.text()
        );
        self.fact("date", text, ("inferred", None))
    }

    /// Why an exemption came out as it did.
    fn why(&self, exemption: &LawExemption, why: Why, finding: &Finding) -> String {
        let contracts = self.case.table("contracts");
        let row = finding.candidate.consignment.contract.index();
        let before = |stamp: Option<ripstop_case::tables::law::rules::Stamp>| stamp.map_or(String::new(), |stamp| stamp.text());
        match why {
            Why::AllThere => "all it asks is in the case".to_owned(),
            Why::Goods => format!("it is about {}", sets_text(&exemption.goods)),
            Why::Origin => format!("it is about goods of {}", exemption.origin.join(", ")),
            Why::Tags => format!("it is about {}", exemption.tags.join(", ")),
            Why::SignedLate => {
                let signed = contracts.text(contracts.col("signed"), row).unwrap_or("?");
                format!("signed on {signed}, not before {}", before(exemption.signed_before))
            }
            Why::NotWritten => "the contract is not written".to_owned(),
            Why::ActLate => format!("{} comes after {}", finding.first, before(exemption.before)),
            Why::SigningUnknown => "the day of signing is not in the case".to_owned(),
            Why::WritingUnknown => "whether the contract is written is not in the case".to_owned(),
            Why::Papers => format!("the case holds no {}", exemption.needs.join(", no ")),
        }
    }
}

/// `chapters 50..63 (interpretation)`.
fn sets_text(sets: &[GoodsSet]) -> String {
    if sets.is_empty() {
        return "all goods".to_owned();
    }
    let one = |set: &GoodsSet| {
        let how = if set.status == "text" { String::new() } else { format!(", {}", verified_words(set.status)) };
        format!("{} ({} {}{how})", set.id, set.vintage, set.codes.join(", "))
    };
    sets.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// How far a text was checked, in words.
pub(super) fn verified_words(word: &str) -> &'static str {
    match word {
        "text" => "official text read",
        "secondary" => "secondary source read",
        "remembered" => "remembered, no source read",
        _ => "a reading of ours",
    }
}

fn relation_words(word: &str) -> &'static str {
    match word {
        "processing" => "processing for a fee on the client's inputs",
        "joint-venture" => "a joint venture",
        "cooperative-entity" => "a cooperative entity",
        _ => "a sale",
    }
}

/// Number of findings by outcome.
pub fn counts(told: &[Told]) -> Map<String, Value> {
    let count = |outcome: Outcome| told.iter().filter(|t| t.finding.outcome == outcome).count();
    Outcome::ALL.into_iter().map(|outcome| (outcome.word().to_owned(), json!(count(outcome)))).collect()
}

/// `findings.json`.
pub fn findings_json(case: &Case, scenario: &str, until: Day, told: &[Told]) -> Value {
    let mut applied: Vec<usize> = told.iter().map(|t| t.rule).collect();
    applied.sort_unstable();
    applied.dedup();
    let rules: Vec<Value> = applied.iter().map(|&rule| rule_json(&case.law.all.rules[rule])).collect();
    let contracts: Vec<Value> = told
        .chunk_by(|a, b| a.finding.candidate.consignment.contract == b.finding.candidate.consignment.contract)
        .map(|findings| contract_json(case, findings))
        .collect();
    json!({
        "case": case.meta.id, "scenario": scenario, "as_of": until.to_string(), "disclaimer": DISCLAIMER,
        "rules": rules, "counts": counts(told), "contracts": contracts,
    })
}

/// A rule for `findings.json` and `rules explain --json`.
pub(super) fn rule_json(rule: &LawRule) -> Value {
    json!({
        "id": rule.id, "authority": rule.authority, "instrument": rule.instrument, "paragraph": rule.paragraph, "title": rule.title,
        "verified": rule.verified, "adopted": rule.adopted.map(|day| Day(day).to_string()),
        "in_force": Day(rule.in_force.day()).to_string(), "in_force_at": rule.in_force.text(),
        "binds": if rule.binds.is_empty() { json!("all states") } else { json!(rule.binds) },
        "sources": rule.sources, "implements": rule.implements, "note": rule.note,
    })
}

fn contract_json(case: &Case, told: &[Told]) -> Value {
    let contract = told[0].finding.candidate.consignment.contract.index();
    let (contracts, firms, products) = (case.table("contracts"), case.table("firms"), case.table("products"));
    let reference = |name: &str| contracts.reference(contracts.col(name), contract).unwrap_or(0) as usize;
    let (seller, buyer, product) = (reference("seller"), reference("buyer"), reference("product"));
    let values = case.parameters.base_values();
    let findings: Vec<Value> = told.iter().map(|t| finding_json(case, t)).collect();
    json!({
        "contract": contracts.key(contract),
        "seller": firms.key(seller), "seller_name": crate::study::names::name(firms, seller),
        "buyer": firms.key(buyer), "buyer_name": crate::study::names::name(firms, buyer),
        "product": products.key(product), "product_name": crate::study::names::name(products, product),
        "kind": contracts.enumeration(contracts.col("kind"), contract, &values),
        "as_modelled": is_real(case, seller, &values) || is_real(case, buyer, &values),
        "findings": findings,
    })
}

/// Whether a real organisation stands behind a firm: its row, or its owner's, is sourced. What is said of it is said as modelled.
pub(super) fn is_real(case: &Case, firm: usize, values: &Values) -> bool {
    let (firms, groups) = (case.table("firms"), case.table("groups"));
    let sourced = |table: &Table, row: usize| table.enumeration(table.col("basis"), row, values) == Some("sourced");
    let owner = firms.reference(firms.col("group"), firm);
    sourced(firms, firm) || owner.is_some_and(|group| sourced(groups, group as usize))
}

fn finding_json(case: &Case, told: &Told) -> Value {
    let rule = &case.law.all.rules[told.rule];
    let finding = &told.finding;
    let products = case.table("products");
    let product = finding.candidate.consignment.product.index();
    let fact = |fact: &Fact| json!({ "test": fact.test, "text": fact.text, "basis": fact.basis, "source": fact.source });
    let exemption = |(id, outcome, why): &(String, ExemptionOutcome, String)| json!({ "id": id, "outcome": outcome.word(), "why": why });
    json!({
        "rule": rule.id, "paragraph": rule.cite(), "object": finding.candidate.consignment.object.word(), "outcome": finding.outcome.word(),
        "product": products.key(product), "product_name": crate::study::names::name(products, product),
        "first": finding.first.to_string(), "last": finding.last.to_string(),
        "shipments": finding.shipments, "quantity": number(finding.quantity),
        "unit": products.text(products.col("unit"), product), "value_usd": number(finding.value),
        "facts": told.facts.iter().map(fact).collect::<Vec<_>>(),
        "exemptions": told.exemptions.iter().map(exemption).collect::<Vec<_>>(),
        "note": told.note,
    })
}
