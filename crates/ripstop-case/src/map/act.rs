//! Behaviour in a run: what a scenario's files of behaviour become in the engine.
//!
//! For every contract that a rule touches, the law says from which day on (and until when) an act would have one of the outcomes a behaviour
//! answers to. From then on the complying share of its orders stops ([`Change::Forbid`]), and what still moves may be found
//! ([`Change::Enforce`]). Dates come from the law and the behaviour file, never from a comparison of ways or labels.

use std::collections::BTreeMap;

use ripstop::law::{Acts, Candidate, Enforcement, Object, Outcome, forbidden_from};
use ripstop::model::calendar::Day;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::ContractId;
use ripstop::model::network::Network;

use crate::map::facts::RuleSet;
use crate::map::network::Mapper;
use crate::tables::law::behaviour::Behaviour;
use crate::{Case, Values};

/// The seed with which a scenario's consignments are found; `None`: in expectation.
pub fn enforcement_seed(case: &Case, scenario: usize) -> Option<u64> {
    case.scenarios[scenario].behaviour.iter().find_map(|&file| case.law.behaviour[file].seed)
}

/// Adds the events of a scenario's behaviour.
pub fn act_on(mapper: &Mapper<'_>, network: &Network, values: &Values, scenario: usize, events: &mut Vec<Event>) {
    let case = mapper.case();
    let files = &case.scenarios[scenario].behaviour;
    if files.is_empty() {
        return;
    }
    let set = RuleSet::new(case, network, values, &case.rules_in(scenario));
    let touched = (0..network.contracts.len())
        .map(|contract| (ContractId::from(contract), set.screen.candidates(network, contract)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let law = InForce { mapper, network, values, set, touched };
    for behaviour in files.iter().flat_map(|&file| &case.law.behaviour[file].list) {
        law.answer(behaviour, events);
    }
}

/// First and last day of a behaviour for a contract.
type Span = (Day, Option<Day>);

/// The rules in force in a scenario, and what they touch.
struct InForce<'a> {
    mapper: &'a Mapper<'a>,
    network: &'a Network,
    values: &'a Values,
    set: RuleSet,
    touched: Vec<(ContractId, Vec<Candidate>)>,
}

impl InForce<'_> {
    /// Adds the events of one behaviour.
    fn answer(&self, behaviour: &Behaviour, events: &mut Vec<Event>) {
        let (mapper, network, values) = (self.mapper, self.network, self.values);
        let among = |selector: &Option<crate::Selector>, buyers: bool| {
            selector.as_ref().map(|s| if buyers { mapper.contracts_of_buyers(network, s) } else { mapper.contracts_in(network, s) })
        };
        let (actors, chosen) = (among(&behaviour.actors, true), among(&behaviour.contracts, false));
        let named = |list: &Option<Vec<ContractId>>, contract: &ContractId| list.as_ref().is_none_or(|l| l.binary_search(contract).is_ok());
        // Contracts with the same days make one event.
        let mut spans: BTreeMap<(i32, Option<i32>), Vec<ContractId>> = BTreeMap::new();
        for (contract, candidates) in &self.touched {
            if named(&actors, contract)
                && named(&chosen, contract)
                && let Some((from, to)) = self.span(behaviour, *contract, candidates)
            {
                spans.entry((from.0, to.map(|day| day.0))).or_default().push(*contract);
            }
        }
        let terms = Enforcement {
            detection_share: behaviour.detection.value(values),
            seized_share: behaviour.seized.value(values),
            fine_per_value: behaviour.fine_per_value,
            ends_share: behaviour.relation_ends.value(values),
        };
        let compliance = behaviour.compliance.value(values);
        for ((from, to), contracts) in spans {
            let mut add = |change: Change, value: f64, ramp_in_days: u32| {
                let (from, to) = (Day(from), to.map(Day));
                events.push(Event { change, from, to, value, ramp_in_days, ramp_out_days: 0, background: false });
            };
            if compliance > 0.0 {
                add(Change::Forbid(contracts.clone()), compliance, behaviour.ramp_in_days);
            }
            if terms.detection_share > 0.0 {
                add(Change::Enforce(contracts, terms), 1.0, 0);
            }
        }
    }

    /// The days on which a behaviour answers for a contract: those of the first of its rules that forbids it, and of several the one that lasts.
    fn span(&self, behaviour: &Behaviour, contract: ContractId, candidates: &[Candidate]) -> Option<Span> {
        let (network, set) = (self.network, &self.set);
        let outcomes: Vec<Outcome> = Outcome::ALL.into_iter().filter(|o| behaviour.acts_on.contains(&o.word())).collect();
        let clock = set.screen.clock(&network.routes[network.contracts.route[contract.index()].index()]);
        let acts = Acts { days: network.start.0..network.end.0 + 1, clock };
        let forbids = |candidate: &Candidate| {
            let rule = candidate.rule as usize;
            let answers = behaviour.rules.contains(&set.rules[rule]) && candidate.consignment.object != Object::Inputs;
            answers.then(|| forbidden_from(&set.screen.rules[rule], candidate, &set.screen.facts, &acts, &outcomes)).flatten()
        };
        let lasts = |end: &Option<Day>| end.map_or(i32::MAX, |day| day.0);
        let (from, end) = candidates.iter().filter_map(forbids).min_by_key(|(from, end)| (*from, std::cmp::Reverse(lasts(end))))?;
        let from = behaviour.from.map_or(from, |day| from.max(Day(day)));
        // The law's end is the first free day.
        let to = [end.map(|day| day.plus(-1)), behaviour.to.map(Day)].into_iter().flatten().min();
        (from <= network.end && to.is_none_or(|to| to >= from)).then_some((from, to))
    }
}
