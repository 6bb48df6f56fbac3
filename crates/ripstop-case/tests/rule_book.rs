//! The shipped rule book, rule by rule: every instant to the second and in its own zone, every exemption with and without what it asks.

use ripstop::law::*;
use ripstop::model::ids::*;
use ripstop_case::rules::{LawExemption, LawRule, Words, compile, shipped};

/// A rule with facts that meet all its exemptions ask, to be spoilt one by one.
struct Trial {
    rule: Rule,
    facts: Facts,
    candidate: Candidate,
}

impl Trial {
    /// Facts that suit one exemption of a rule, or none.
    fn new(law: &LawRule, exemption: Option<usize>) -> Self {
        let rule = compile(law, &mut Words::default());
        let asked = exemption.map(|k| rule.exemptions[k].clone()).unwrap_or_default();
        let goods = asked.goods.as_ref().or(rule.goods.as_ref());
        let product = ProductFacts {
            code: goods.map(|codes| codes.ranges[0]),
            vintage: goods.map_or(Vintage(2017), |codes| codes.vintage),
            origin: None,
        };
        let signed = asked.signed_before.map(|before| Signed::At(Instant(before.0 - 1)));
        let own = ContractFacts { signed, written: Some(true), papers: asked.needs, tags: asked.tags, ..ContractFacts::default() };
        let made = MadeIn { must: asked.origin, may: asked.origin };
        let consignment = Consignment {
            contract: ContractId(0),
            object: Object::Goods,
            product: ProductId(0),
            supplier: FirmId(0),
            recipient: FirmId(1),
            from: CountrySet::default(),
            to: CountrySet::default(),
            origin: made,
            processed: made,
            labour: made,
        };
        let candidate = Candidate { rule: 0, when: 0, consignment, answers: Answers::default(), truth: Truth::Yes, not_covered: false };
        Self { rule, facts: Facts { products: vec![product], contracts: vec![own], ..Facts::default() }, candidate }
    }

    fn judge(&self, at: Instant) -> Option<Outcome> {
        judge(&self.rule, &self.candidate, &self.facts, Act { shipped: at, cleared: at })
    }

    /// What becomes of an exemption for an act, with the contract's facts changed.
    fn with(&self, k: usize, at: Instant, change: impl FnOnce(&mut ContractFacts)) -> (ExemptionOutcome, Why) {
        let mut facts = self.facts.clone();
        change(&mut facts.contracts[0]);
        exemptions(&self.rule, &self.candidate, &facts, Act { shipped: at, cleared: at })[k]
    }
}

fn each(visit: impl Fn(&LawRule, usize, &LawExemption, &Trial)) -> usize {
    let rules = shipped().rules.iter();
    rules
        .map(|law| {
            for (k, exemption) in law.exemptions.iter().enumerate() {
                visit(law, k, exemption, &Trial::new(law, Some(k)));
            }
            law.exemptions.len()
        })
        .sum()
}

#[test]
fn every_rule_holds_from_its_second_on_and_to_its_last() {
    for law in &shipped().rules {
        let trial = Trial::new(law, None);
        let (from, until) = (trial.rule.in_force, trial.rule.until);
        assert_eq!(trial.judge(Instant(from.0 - 1)), None, "{} a second early", law.id);
        assert!(trial.judge(from).is_some(), "{} on its second", law.id);
        if let Some(until) = until {
            assert!(trial.judge(Instant(until.0 - 1)).is_some(), "{} a second before it ends", law.id);
            assert_eq!(trial.judge(until), None, "{} ends", law.id);
        }
    }
}

#[test]
fn every_exemption_holds_with_all_it_asks_and_to_the_last_second() {
    let seen = each(|law, k, exemption, trial| {
        let name = format!("{} {}", law.id, exemption.id);
        let last = trial.rule.exemptions[k].before.map_or(trial.rule.in_force, |before| Instant(before.0 - 1));
        assert_eq!(trial.with(k, last, |_| ()), (ExemptionOutcome::Met, Why::AllThere), "{name}");
        // Another exemption of the rule may hold as well.
        assert!(matches!(trial.judge(last), Some(Outcome::WindDown | Outcome::Exempt)), "{name}");
        if let Some(before) = trial.rule.exemptions[k].before {
            assert_eq!(trial.with(k, before, |_| ()), (ExemptionOutcome::Failed, Why::ActLate), "{name} a second late");
        }
        if let Some(before) = trial.rule.exemptions[k].signed_before {
            let late = trial.with(k, last, |own| own.signed = Some(Signed::At(before)));
            assert_eq!(late, (ExemptionOutcome::Failed, Why::SignedLate), "{name} signed a second late");
        }
    });
    assert!(seen >= 25, "{seen}");
}

#[test]
fn every_exemption_fails_or_is_unevidenced_without_what_it_asks() {
    each(|law, k, exemption, trial| {
        use ExemptionOutcome::{Failed, NotApplicable, Unevidenced};
        let name = format!("{} {}", law.id, exemption.id);
        let asked = trial.rule.exemptions[k].clone();
        let at = asked.before.map_or(trial.rule.in_force, |before| Instant(before.0 - 1));
        if asked.needs != 0 {
            let expected = if asked.only_papers() { Failed } else { Unevidenced };
            assert_eq!(trial.with(k, at, |own| own.papers = 0), (expected, Why::Papers), "{name} without its papers");
        }
        if asked.written {
            assert_eq!(trial.with(k, at, |own| own.written = Some(false)), (Failed, Why::NotWritten), "{name} not written");
            assert_eq!(trial.with(k, at, |own| own.written = None), (Unevidenced, Why::WritingUnknown), "{name} nobody says");
        }
        if asked.signed_before.is_some() {
            assert_eq!(trial.with(k, at, |own| own.signed = None), (Unevidenced, Why::SigningUnknown), "{name} signed?");
        }
        if asked.tags != 0 {
            assert_eq!(trial.with(k, at, |own| own.tags = 0), (NotApplicable, Why::Tags), "{name} of another project");
        }
    });
}

/// The instants of the rules that matter most, as their texts give them, in UTC.
#[test]
fn the_instants_are_those_of_the_texts() {
    let utc = |date: (i16, i8, i8), hour: i64| {
        let day = ripstop::model::calendar::Day::from_civil(date.0, date.1, date.2).unwrap();
        Instant::local(day.0, hour * 3600, 0)
    };
    let rule = |id: &str| Trial::new(shipped().find(id).unwrap(), None).rule;
    // The Council decides in New York: 4 hours behind in summer, 5 in winter. "Within 90 days" of 11 September ends with 10 December there.
    for (id, from, before) in [
        ("UN-2371-9", utc((2017, 8, 5), 4), Some(utc((2017, 9, 5), 4))),
        ("UN-2375-16", utc((2017, 9, 11), 4), Some(utc((2017, 12, 11), 5))),
        ("UN-2375-18", utc((2017, 9, 11), 4), Some(utc((2018, 1, 10), 5))),
        ("UN-2397-6", utc((2017, 12, 22), 5), Some(utc((2018, 1, 22), 5))),
        ("UN-2397-7", utc((2017, 12, 22), 5), None),
        // China's day begins 8 hours before the UTC day: 0:00 on 11 December is 16:00 on the 10th.
        ("CN-40-2017", utc((2017, 8, 14), 16), Some(utc((2017, 9, 4), 16))),
        ("CN-52-2017-1", utc((2017, 9, 21), 16), Some(utc((2017, 12, 10), 16))),
        ("KR-524-2010", utc((2010, 5, 23), 15), Some(utc((2016, 2, 10), 15))),
        ("JP-2006", utc((2006, 10, 13), 15), None),
        ("US-CAATSA-321b", utc((2017, 8, 2), 4), None),
    ] {
        let rule = rule(id);
        assert_eq!((rule.in_force, rule.exemptions.first().and_then(|e| e.before)), (from, before), "{id}");
    }
}
