//! The kernel: which rules a contract touches, and what each says of an act on a date.
//!
//! Tests do not depend on dates, so they are asked once per contract ([`candidates`]); dates and exemptions are asked per act ([`judge`]).

use super::countries::CountrySet;
use super::facts::{Consignment, ContractFacts, Facts, MadeIn, Object};
use super::rules::{DAY, Exemption, ExemptionOutcome, Instant, Moment, Outcome, Role, Rule, Subject, Truth, When, Why};
use crate::model::calendar::Day;
use crate::model::network::Network;

/// Answers of the tests of one alternative; `None`: not asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// The goods.
    pub goods: Option<Truth>,
    /// Origin.
    pub origin: Option<Truth>,
    /// A leg from or to.
    pub consignment: Option<Truth>,
    /// Place of processing.
    pub processing: Option<Truth>,
    /// Nationality or tags of a party.
    pub party: Option<Truth>,
    /// Nationality of labour.
    pub labour: Option<Truth>,
    /// Kind of relation.
    pub relation: Option<Truth>,
}

impl Answers {
    /// All that is asked, but for the goods.
    fn tests(&self) -> Truth {
        let asked = [self.origin, self.consignment, self.processing, self.party, self.labour, self.relation];
        asked.into_iter().flatten().fold(Truth::Yes, Truth::and)
    }
}

/// A rule whose tests hold, or may hold, for something that is done under a contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The rule, by its place in the list.
    pub rule: u32,
    /// The alternative that holds best.
    pub when: u32,
    /// What is judged.
    pub consignment: Consignment,
    /// What its tests answered.
    pub answers: Answers,
    /// Yes, or unknown.
    pub truth: Truth,
    /// All but the goods holds, and the rule is known not to name these.
    pub not_covered: bool,
}

/// When something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// It left the supplier.
    pub shipped: Instant,
    /// It was cleared at the first crossing, or arrived where there is none.
    pub cleared: Instant,
}

impl Act {
    fn at(self, moment: Moment) -> Instant {
        match moment {
            Moment::Shipped => self.shipped,
            Moment::Cleared => self.cleared,
        }
    }
}

/// The rules that a contract touches. `signs`: bits of the indicators that were computed for it.
pub fn candidates(rules: &[Rule], network: &Network, facts: &Facts, contract: usize, signs: u8) -> Vec<Candidate> {
    let mut found = Vec::new();
    let goods = facts.goods(network, contract);
    let own = facts.contract(contract);
    // Gathered once: a million contracts may be held against each rule.
    let inputs: Vec<Consignment> = facts.inputs(network, contract).collect();
    for (number, rule) in rules.iter().enumerate() {
        if rule.indicator.is_some_and(|indicator| signs & indicator.bit() == 0) {
            continue;
        }
        let mut ask = |consignment: &Consignment| found.extend(candidate(rule, number as u32, facts, &own, consignment));
        match rule.subject {
            Subject::Goods => {
                ask(&goods);
                inputs.iter().for_each(&mut ask);
            }
            Subject::Contract => ask(&Consignment { object: Object::Contract, ..goods }),
            Subject::Labour => ask(&work(network, facts, goods)),
        }
    }
    found
}

/// The work of the supplier's own people at its own place, whoever worked on the goods before.
fn work(network: &Network, facts: &Facts, goods: Consignment) -> Consignment {
    let firm = goods.supplier.index();
    let sure = |set: CountrySet| MadeIn { must: set, may: set };
    let place = CountrySet::of(network.places[network.firms[firm].place.index()].country);
    Consignment { object: Object::Labour, processed: sure(place), labour: sure(facts.firms[firm].labour), ..goods }
}

fn candidate(rule: &Rule, number: u32, facts: &Facts, own: &ContractFacts, consignment: &Consignment) -> Option<Candidate> {
    if rule.binds.is_some_and(|bound| !bound.meets(&within_reach(facts, consignment))) {
        return None;
    }
    let product = &facts.products[consignment.product.index()];
    let held = |codes: &super::codes::Codes| product.code.map_or(Truth::Unknown, |code| codes.holds(code, product.vintage));
    let goods = rule.goods.as_ref().map(&held);
    let spared = goods == Some(Truth::No);
    if spared && rule.not_covered.as_ref().is_none_or(|codes| held(codes) != Truth::Yes) {
        return None;
    }
    let mut best: Option<(Truth, bool, usize, Answers)> = None;
    for (at, when) in rule.when.iter().enumerate() {
        let answers = answers(when, facts, own, consignment);
        let key = (answers.tests(), !when.arguable);
        if best.is_none_or(|(truth, plain, _, _)| key > (truth, plain)) {
            best = Some((key.0, key.1, at, answers));
        }
    }
    let (truth, _, when, answers) = best?;
    let truth = if spared { truth } else { truth.and(goods.unwrap_or(Truth::Yes)) };
    if truth == Truth::No || spared && truth != Truth::Yes {
        return None;
    }
    Some(Candidate {
        rule: number,
        when: when as u32,
        consignment: *consignment,
        answers: Answers { goods, ..answers },
        truth,
        not_covered: spared,
    })
}

/// Countries of the parties and of the path: whose law may reach a consignment.
fn within_reach(facts: &Facts, consignment: &Consignment) -> CountrySet {
    let nation = |firm: crate::model::ids::FirmId| facts.firms[firm.index()].nationality;
    consignment.from.or(&consignment.to).or(&nation(consignment.supplier)).or(&nation(consignment.recipient))
}

fn truth(holds: bool) -> Truth {
    if holds { Truth::Yes } else { Truth::No }
}

/// Asks the tests of an alternative, each by itself.
fn answers(when: &When, facts: &Facts, own: &ContractFacts, consignment: &Consignment) -> Answers {
    let mut answers = Answers::default();
    if !when.origin.is_empty() {
        answers.origin = Some(consignment.origin.meets(&when.origin));
    }
    if !(when.from.is_empty() && when.to.is_empty()) {
        let leaves = when.from.is_empty() || when.from.meets(&consignment.from);
        let enters = when.to.is_empty() || when.to.meets(&consignment.to);
        answers.consignment = Some(truth(leaves && enters));
    }
    if !when.processed_in.is_empty() {
        answers.processing = Some(consignment.processed.meets(&when.processed_in));
    }
    if !when.processed_outside.is_empty() {
        let outside = match (consignment.processed.must.within(&when.processed_outside), consignment.processed.may) {
            (false, _) => Truth::Yes,
            (true, may) if may.within(&when.processed_outside) => Truth::No,
            _ => Truth::Unknown,
        };
        answers.processing = Some(answers.processing.unwrap_or(Truth::Yes).and(outside));
    }
    if !when.party.is_empty() || when.party_tags != 0 {
        answers.party = Some(truth(parties(when.role, consignment).into_iter().flatten().any(|firm| {
            let firm = &facts.firms[firm.index()];
            (when.party.is_empty() || firm.nationality.meets(&when.party)) && (when.party_tags == 0 || firm.tags & when.party_tags != 0)
        })));
    }
    if !when.labour.is_empty() {
        answers.labour = Some(consignment.labour.meets(&when.labour));
    }
    if when.relations != 0 {
        answers.relation = Some(truth(when.relations >> own.relation as u8 & 1 == 1));
    }
    answers
}

fn parties(role: Role, consignment: &Consignment) -> [Option<crate::model::ids::FirmId>; 2] {
    match role {
        Role::Any => [Some(consignment.supplier), Some(consignment.recipient)],
        Role::Supplier => [Some(consignment.supplier), None],
        Role::Recipient => [Some(consignment.recipient), None],
    }
}

/// What a rule says of an act; `None`: the rule does not hold at that time.
pub fn judge(rule: &Rule, candidate: &Candidate, facts: &Facts, act: Act) -> Option<Outcome> {
    let at = act.at(rule.moment);
    if at < rule.in_force || rule.until.is_some_and(|until| at >= until) {
        return None;
    }
    if candidate.not_covered {
        return Some(Outcome::NotCovered);
    }
    if rule.indicator.is_some() {
        return Some(if candidate.truth == Truth::Yes { Outcome::Indicator } else { Outcome::CannotTell });
    }
    // What is exempt for good is exempt, whether or not it may be wound down too.
    let (mut exempt, mut wind_down, mut unevidenced) = (false, false, false);
    for exemption in &rule.exemptions {
        match look_at(exemption, candidate, facts, act).0 {
            ExemptionOutcome::Met if exemption.wind_down => wind_down = true,
            ExemptionOutcome::Met => exempt = true,
            ExemptionOutcome::Unevidenced => unevidenced = true,
            _ => {}
        }
    }
    Some(if exempt {
        Outcome::Exempt
    } else if wind_down {
        Outcome::WindDown
    } else if candidate.truth == Truth::Unknown {
        Outcome::CannotTell
    } else if unevidenced {
        Outcome::ExemptionUnevidenced
    } else if rule.when[candidate.when as usize].arguable {
        Outcome::Arguable
    } else {
        Outcome::Breach
    })
}

/// What became of each exemption of a rule for an act.
pub fn exemptions(rule: &Rule, candidate: &Candidate, facts: &Facts, act: Act) -> Vec<(ExemptionOutcome, Why)> {
    rule.exemptions.iter().map(|exemption| look_at(exemption, candidate, facts, act)).collect()
}

/// An exemption that is about something else does not apply; one whose dates or form do not fit fails; one that lacks a fact or a paper is
/// unevidenced. An approval of which the case holds no paper fails: nothing speaks for it.
fn look_at(exemption: &Exemption, candidate: &Candidate, facts: &Facts, act: Act) -> (ExemptionOutcome, Why) {
    use ExemptionOutcome::{Failed, Met, NotApplicable, Unevidenced};
    let own = facts.contract(candidate.consignment.contract.index());
    let product = &facts.products[candidate.consignment.product.index()];
    let named = |codes: &super::codes::Codes| product.code.map_or(Truth::Unknown, |code| codes.holds(code, product.vintage));
    if exemption.goods.as_ref().is_some_and(|codes| named(codes) == Truth::No) {
        return (NotApplicable, Why::Goods);
    }
    if !exemption.origin.is_empty() && candidate.consignment.origin.meets(&exemption.origin) == Truth::No {
        return (NotApplicable, Why::Origin);
    }
    if exemption.tags != 0 && own.tags & exemption.tags == 0 {
        return (NotApplicable, Why::Tags);
    }
    if exemption.written && own.written == Some(false) {
        return (Failed, Why::NotWritten);
    }
    let signed = own.signed.map(|signed| signed.instant(exemption.offset_seconds));
    if exemption.signed_before.zip(signed).is_some_and(|(before, signed)| signed >= before) {
        return (Failed, Why::SignedLate);
    }
    if exemption.before.is_some_and(|before| act.at(exemption.moment) >= before) {
        return (Failed, Why::ActLate);
    }
    if exemption.signed_before.is_some() && signed.is_none() {
        return (Unevidenced, Why::SigningUnknown);
    }
    if exemption.written && own.written.is_none() {
        return (Unevidenced, Why::WritingUnknown);
    }
    if own.papers & exemption.needs != exemption.needs {
        return (if exemption.only_papers() { Failed } else { Unevidenced }, Why::Papers);
    }
    (Met, Why::AllThere)
}

/// Days on which acts are done, all at one time of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acts {
    /// The days, from first to before last.
    pub days: std::ops::Range<i32>,
    /// Second of the day, and seconds its time is ahead of UTC.
    pub clock: (i64, i32),
}

/// The first of some days on which an act would have one of some outcomes. With it the day on which that ends, if it does.
pub fn forbidden_from(rule: &Rule, candidate: &Candidate, facts: &Facts, acts: &Acts, outcomes: &[Outcome]) -> Option<(Day, Option<Day>)> {
    let Acts { days, clock } = acts;
    let act = |day: i32| {
        let at = Instant::local(day, clock.0, clock.1);
        Act { shipped: at, cleared: at }
    };
    // What a rule says changes only at its own dates and those of its exemptions.
    let dates = [Some(rule.in_force), rule.until].into_iter().chain(rule.exemptions.iter().map(|e| e.before)).flatten();
    let first_at = |instant: Instant| {
        (instant.0 + i64::from(clock.1) - clock.0).div_euclid(DAY)
            + i64::from((instant.0 + i64::from(clock.1) - clock.0).rem_euclid(DAY) != 0)
    };
    let mut steps: Vec<i32> = dates.map(|at| first_at(at) as i32).filter(|d| days.contains(d)).chain([days.start]).collect();
    steps.sort_unstable();
    let says = |day: &i32| judge(rule, candidate, facts, act(*day)).is_some_and(|outcome| outcomes.contains(&outcome));
    let from = steps.iter().position(says).filter(|_| !days.is_empty())?;
    let to = steps[from..].iter().find(|day| !says(day)).map(|day| Day(*day));
    Some((Day(steps[from]), to))
}
