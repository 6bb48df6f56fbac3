//! Rules by hand: each of the five tests alone, every boundary to the second, exemptions with and without their evidence, and rules that
//! act.

mod common;

use common::*;
use ripstop::law::*;
use ripstop::model::calendar::Day;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::Account;
use ripstop::plan::state::State;
use ripstop::rule::cause::Cause;

/// The client's country, the factory's, and one more.
const CN: CountryId = CountryId(0);
const KP: CountryId = CountryId(1);
const KR: CountryId = CountryId(2);
const CHINA: i32 = 8 * 3600;
const NEW_YORK_WINTER: i32 = -5 * 3600;

fn set(country: CountryId) -> CountrySet {
    CountrySet::of(country)
}

/// Days since 1970 of a civil day.
fn civil(year: i16, month: i8, day: i8) -> i32 {
    Day::from_civil(year, month, day).unwrap().0
}

fn at(year: i16, month: i8, day: i8, (hour, minute, second): (i64, i64, i64), offset: i32) -> Instant {
    Instant::local(civil(year, month, day), hour * 3600 + minute * 60 + second, offset)
}

fn act(instant: Instant) -> Act {
    Act { shipped: instant, cleared: instant }
}

/// Facts of the sewing network: firms of their places' countries, fabric 5407 and garments 6201 of HS2017.
fn facts(net: &Net, contracts: Vec<ContractFacts>) -> Facts {
    let firm = |country| FirmFacts { nationality: set(country), labour: set(country), tags: 0 };
    let product = |code: &str| ProductFacts { code: Some(code_range(code).unwrap()), vintage: Vintage(2017), origin: None };
    Facts::new(net, vec![firm(CN), firm(CN), firm(KP)], vec![product("5407"), product("6201")], contracts)
}

fn textiles() -> Option<Codes> {
    Some(Codes { vintage: Vintage(2017), ranges: vec![code_range("50..63").unwrap()] })
}

fn rule(when: When) -> Rule {
    Rule { when: vec![when], ..Rule::default() }
}

/// Objects of the sewing contract that a rule touches, with how sure that is.
fn touched(rule: &Rule, facts: &Facts, net: &Net) -> Vec<(Object, Truth)> {
    let found = candidates(std::slice::from_ref(rule), net, facts, SEWING_CONTRACT.index(), 0);
    found.iter().map(|c| (c.consignment.object, c.truth)).collect()
}

fn one(rule: &Rule, facts: &Facts, net: &Net) -> Candidate {
    candidates(std::slice::from_ref(rule), net, facts, SEWING_CONTRACT.index(), 0)[0]
}

// ------------------------------------------------------------------------------------------------- the tests, each alone

#[test]
fn origin_is_the_last_makers_country() {
    let net = sewing(40, |_| ());
    let rule = rule(When { origin: set(KP), ..When::default() });
    assert_eq!(touched(&rule, &facts(&net, vec![]), &net), [(Object::Goods, Truth::Yes)], "the garments, not the fabric that came in");
    // Where the case states the origin, that counts.
    let mut stated = facts(&net, vec![]);
    stated.products[1].origin = Some(CN);
    assert_eq!(touched(&rule, &stated, &net), []);
}

#[test]
fn consignment_asks_where_a_leg_leaves_and_enters() {
    let net = sewing(40, |_| ());
    let facts = facts(&net, vec![]);
    let from = rule(When { from: set(KP), ..When::default() });
    assert_eq!(touched(&from, &facts, &net), [(Object::Goods, Truth::Yes)]);
    let to = rule(When { to: set(KP), ..When::default() });
    assert_eq!(touched(&to, &facts, &net), [(Object::Inputs, Truth::Yes)]);
    let onward = rule(When { from: set(KP), to: set(KR), ..When::default() });
    assert_eq!(touched(&onward, &facts, &net), [], "one leg leaves, but none enters there");
}

#[test]
fn place_of_processing_counts_every_hand_the_goods_went_through() {
    let net = sewing(40, |_| ());
    let facts = facts(&net, vec![]);
    let there = rule(When { processed_in: set(KP), ..When::default() });
    assert_eq!(touched(&there, &facts, &net), [(Object::Goods, Truth::Yes)]);
    // The mill is in China: part of the coat was made there.
    let home = rule(When { processed_in: set(CN), ..When::default() });
    assert_eq!(touched(&home, &facts, &net)[0], (Object::Goods, Truth::Yes));
    let nowhere = rule(When { processed_in: set(KR), ..When::default() });
    assert_eq!(touched(&nowhere, &facts, &net), []);
    let outside = rule(When { processed_outside: set(KP), ..When::default() });
    assert_eq!(touched(&outside, &facts, &net)[0], (Object::Goods, Truth::Yes), "the fabric was woven elsewhere");
}

#[test]
fn party_asks_nationality_and_tags_of_the_side_it_names() {
    let net = sewing(40, |_| ());
    let mut facts = facts(&net, vec![]);
    let side = |role| rule(When { party: set(KP), role, ..When::default() });
    assert_eq!(touched(&side(Role::Supplier), &facts, &net), [(Object::Goods, Truth::Yes)], "of the inputs the client is the supplier");
    assert_eq!(touched(&side(Role::Recipient), &facts, &net), [(Object::Inputs, Truth::Yes)]);
    assert_eq!(touched(&side(Role::Any), &facts, &net), [(Object::Goods, Truth::Yes), (Object::Inputs, Truth::Yes)]);
    // A factory in the country that belongs to nobody of it, and the reverse: place and party are not merged.
    facts.firms[FACTORY.index()].nationality = set(KR);
    assert_eq!(touched(&side(Role::Any), &facts, &net), []);
    let listed = rule(When { party_tags: 2, ..When::default() });
    assert_eq!(touched(&listed, &facts, &net), []);
    facts.firms[CLIENT.index()].tags = 2;
    assert_eq!(touched(&listed, &facts, &net).len(), 2);
}

#[test]
fn labour_asks_who_worked_wherever_it_was() {
    let net = sewing(40, |_| ());
    let mut facts = facts(&net, vec![]);
    let rule = rule(When { labour: set(KR), ..When::default() });
    assert_eq!(touched(&rule, &facts, &net), []);
    // People of KR in a factory in KP: labour says yes, place and party stay as they were.
    facts.firms[FACTORY.index()].labour = set(KR);
    let facts = Facts::new(&net, facts.firms, facts.products, facts.contracts);
    assert_eq!(touched(&rule, &facts, &net), [(Object::Goods, Truth::Yes)]);
    let abroad = Rule {
        subject: Subject::Labour,
        when: vec![When { labour: set(KR), processed_outside: set(KR), ..When::default() }],
        ..Rule::default()
    };
    assert_eq!(touched(&abroad, &facts, &net), [(Object::Labour, Truth::Yes)]);
    let at_home = Rule {
        when: vec![When { labour: set(KP), processed_outside: set(KP), ..When::default() }],
        subject: Subject::Labour,
        ..Rule::default()
    };
    assert_eq!(touched(&at_home, &facts, &net), [], "that the fabric was woven abroad is not the factory's people's work");
}

#[test]
fn relation_and_goods_are_asked_beside_the_five() {
    let net = sewing(40, |_| ());
    let own = |relation| vec![ContractFacts::default(), ContractFacts { relation, ..ContractFacts::default() }];
    let venture = Rule { subject: Subject::Contract, when: vec![When { relations: 1 << 2, ..When::default() }], ..Rule::default() };
    assert_eq!(touched(&venture, &facts(&net, own(Relation::JointVenture)), &net), [(Object::Contract, Truth::Yes)]);
    assert_eq!(touched(&venture, &facts(&net, own(Relation::Processing)), &net), []);
    // Fabric goes to KP under a rule on machines: a reader may expect it to be covered, so it is said that it is not.
    let machines = Codes { vintage: Vintage(2017), ranges: vec![code_range("84").unwrap()] };
    let mut outward = Rule { goods: Some(machines), not_covered: textiles(), ..rule(When { to: set(KP), ..When::default() }) };
    let facts = facts(&net, vec![]);
    let found = one(&outward, &facts, &net);
    assert!(found.not_covered && found.consignment.object == Object::Inputs);
    assert_eq!(judge(&outward, &found, &facts, act(Instant(0))), Some(Outcome::NotCovered));
    outward.not_covered = None;
    assert_eq!(touched(&outward, &facts, &net), []);
}

#[test]
fn what_the_case_does_not_say_cannot_be_told() {
    let net = sewing(40, |_| ());
    let mut facts = facts(&net, vec![]);
    facts.products[1].code = None;
    let rule = Rule { goods: textiles(), ..rule(When { from: set(KP), ..When::default() }) };
    let found = one(&rule, &facts, &net);
    assert_eq!(found.truth, Truth::Unknown);
    assert_eq!(judge(&rule, &found, &facts, act(Instant(0))), Some(Outcome::CannotTell));
}

/// A second factory, of China, sews for the client too, and the client resells to Seoul.
fn two_makers() -> Net {
    let mut net = sewing(40, |_| ());
    net.places.push(Place { country: KR });
    net.countries = 3;
    let garment = ProductId(1);
    let other = net.firm();
    let line = net.add_line(other, garment, 10.0, 0.0, &[]);
    let resale = net.line(CLIENT, garment, 1e9, &[(garment, 1.0)]);
    let brand = net.firm_with(Firm { place: PlaceId(2), ..Firm::default() });
    let (terms, route) = (TermsId(1), RouteId(0));
    net.buys(CLIENT, line, terms, route, 1.0);
    net.buys(brand, resale, terms, route, 1.0);
    net
}

#[test]
fn a_resellers_goods_are_from_there_for_sure_only_if_every_supplier_is() {
    let net = two_makers();
    let firms = |c| FirmFacts { nationality: set(c), labour: set(c), tags: 0 };
    let all = vec![firms(CN), firms(CN), firms(KP), firms(CN), firms(KR)];
    let facts = Facts::new(&net, all.clone(), vec![ProductFacts::default(); 2], vec![]);
    let rule = rule(When { origin: set(KP), to: set(KR), ..When::default() });
    let found = candidates(std::slice::from_ref(&rule), &net, &facts, 3, 0);
    assert_eq!(found[0].truth, Truth::Unknown, "some from KP, some from CN");
    // Without the Chinese maker all of it is from KP.
    let mut only = net.0.clone();
    only.contracts.seller[2] = SEWING;
    let facts = Facts::new(&only, all, vec![ProductFacts::default(); 2], vec![]);
    let found = candidates(&[rule], &only, &facts, 3, 0);
    assert_eq!(found[0].truth, Truth::Yes);
}

#[test]
fn a_law_reaches_only_whom_it_binds() {
    let net = sewing(40, |_| ());
    let facts = facts(&net, vec![]);
    let bound = |country| Rule { binds: Some(set(country)), ..rule(When { from: set(KP), ..When::default() }) };
    assert_eq!(touched(&bound(CN), &facts, &net).len(), 1);
    assert_eq!(touched(&bound(KR), &facts, &net), [], "nobody of KR has a part in it, and no leg goes there");
}

// ------------------------------------------------------------------------------------------------- dates and exemptions

/// China's announcement 52: in force from 22 September 2017; written contracts from before 11 September are cleared before 11 December.
fn announcement() -> Rule {
    let exemption = Exemption {
        wind_down: true,
        signed_before: Some(at(2017, 9, 11, (0, 0, 0), CHINA)),
        offset_seconds: CHINA,
        written: true,
        before: Some(at(2017, 12, 11, (0, 0, 0), CHINA)),
        ..Exemption::default()
    };
    Rule {
        goods: textiles(),
        in_force: at(2017, 9, 22, (0, 0, 0), CHINA),
        exemptions: vec![exemption],
        ..rule(When { from: set(KP), to: set(CN), ..When::default() })
    }
}

fn signed(signed: Option<Signed>, written: Option<bool>, papers: u64) -> Vec<ContractFacts> {
    vec![ContractFacts::default(), ContractFacts { signed, written, papers, ..ContractFacts::default() }]
}

#[test]
fn the_tenth_of_december_ends_at_midnight_in_china() {
    let net = sewing(40, |_| ());
    let facts = facts(&net, signed(Some(Signed::Day(civil(2017, 9, 10))), Some(true), 0));
    let rule = announcement();
    let found = one(&rule, &facts, &net);
    let says = |instant| judge(&rule, &found, &facts, act(instant));
    assert_eq!(says(at(2017, 9, 21, (23, 59, 59), CHINA)), None, "not yet in force");
    assert_eq!(says(at(2017, 9, 22, (0, 0, 0), CHINA)), Some(Outcome::WindDown));
    assert_eq!(says(at(2017, 12, 10, (23, 59, 59), CHINA)), Some(Outcome::WindDown));
    assert_eq!(says(at(2017, 12, 11, (0, 0, 0), CHINA)), Some(Outcome::Breach));
    // 16:00 UTC on the 10th is that very moment; a minute before is still in time, though it is morning in New York.
    assert_eq!(says(at(2017, 12, 10, (15, 59, 59), 0)), Some(Outcome::WindDown));
    assert_eq!(says(at(2017, 12, 10, (16, 0, 0), 0)), Some(Outcome::Breach));
    assert_eq!(says(at(2017, 12, 10, (11, 0, 0), NEW_YORK_WINTER)), Some(Outcome::Breach), "in New York it is still the 10th");
    // Noon at the crossing, as simulated days are read.
    assert_eq!(says(at(2017, 12, 10, (12, 0, 0), CHINA)), Some(Outcome::WindDown));
    assert_eq!(says(at(2017, 12, 11, (12, 0, 0), CHINA)), Some(Outcome::Breach));
}

#[test]
fn each_condition_of_the_exemption_decides_alone() {
    let net = sewing(40, |_| ());
    let rule = announcement();
    let before = at(2017, 11, 1, (12, 0, 0), CHINA);
    let judged = |contract| {
        let facts = facts(&net, contract);
        let found = one(&rule, &facts, &net);
        (judge(&rule, &found, &facts, act(before)).unwrap(), exemptions(&rule, &found, &facts, act(before))[0])
    };
    let (tenth, eleventh) = (Some(Signed::Day(civil(2017, 9, 10))), Some(Signed::Day(civil(2017, 9, 11))));
    use ExemptionOutcome::{Failed, Met, Unevidenced};
    assert_eq!(judged(signed(tenth, Some(true), 0)), (Outcome::WindDown, (Met, Why::AllThere)));
    assert_eq!(judged(signed(eleventh, Some(true), 0)), (Outcome::Breach, (Failed, Why::SignedLate)));
    assert_eq!(judged(signed(tenth, Some(false), 0)), (Outcome::Breach, (Failed, Why::NotWritten)));
    assert_eq!(judged(signed(None, Some(true), 0)), (Outcome::ExemptionUnevidenced, (Unevidenced, Why::SigningUnknown)));
    assert_eq!(judged(signed(tenth, None, 0)), (Outcome::ExemptionUnevidenced, (Unevidenced, Why::WritingUnknown)));
    // A moment of signing is compared as such: 23:59:59 in China is in time, midnight is not.
    let moment = |h, m, s| Some(Signed::At(at(2017, 9, 10, (h, m, s), CHINA)));
    assert_eq!(judged(signed(moment(23, 59, 59), Some(true), 0)).0, Outcome::WindDown);
    assert_eq!(judged(signed(Some(Signed::At(at(2017, 9, 11, (0, 0, 0), CHINA))), Some(true), 0)).0, Outcome::Breach);
    // The time has run out: nothing else helps.
    let facts = facts(&net, signed(tenth, Some(true), 0));
    let found = one(&rule, &facts, &net);
    let late = act(at(2017, 12, 11, (0, 0, 0), CHINA));
    assert_eq!(exemptions(&rule, &found, &facts, late), [(Failed, Why::ActLate)]);
}

#[test]
fn an_exemption_without_its_paper_is_unevidenced_and_an_approval_without_it_fails() {
    let net = sewing(40, |_| ());
    let mut rule = announcement();
    rule.exemptions[0].needs = 1;
    rule.exemptions.push(Exemption { needs: 2, ..Exemption::default() });
    let early = act(at(2017, 11, 1, (12, 0, 0), CHINA));
    let tenth = Some(Signed::Day(civil(2017, 9, 10)));
    let judged = |papers| {
        let facts = facts(&net, signed(tenth, Some(true), papers));
        let found = one(&rule, &facts, &net);
        let outcomes: Vec<ExemptionOutcome> = exemptions(&rule, &found, &facts, early).iter().map(|e| e.0).collect();
        (judge(&rule, &found, &facts, early).unwrap(), outcomes)
    };
    use ExemptionOutcome::{Failed, Met, Unevidenced};
    assert_eq!(judged(0), (Outcome::ExemptionUnevidenced, vec![Unevidenced, Failed]));
    assert_eq!(judged(1), (Outcome::WindDown, vec![Met, Failed]));
    assert_eq!(judged(2), (Outcome::Exempt, vec![Unevidenced, Met]));
}

#[test]
fn an_exemption_about_other_goods_or_projects_does_not_apply() {
    let net = sewing(40, |_| ());
    let coal = Some(Codes { vintage: Vintage(2017), ranges: vec![code_range("2701").unwrap()] });
    let mut rule = announcement();
    rule.exemptions = vec![
        Exemption { goods: coal, ..Exemption::default() },
        Exemption { origin: set(KR), ..Exemption::default() },
        Exemption { tags: 1, ..Exemption::default() },
    ];
    let late = act(at(2018, 1, 1, (12, 0, 0), CHINA));
    let facts_of = |tags| facts(&net, vec![ContractFacts::default(), ContractFacts { tags, ..ContractFacts::default() }]);
    let plain = facts_of(0);
    let found = one(&rule, &plain, &net);
    let outcomes = exemptions(&rule, &found, &plain, late);
    use ExemptionOutcome::NotApplicable;
    assert_eq!(outcomes, [(NotApplicable, Why::Goods), (NotApplicable, Why::Origin), (NotApplicable, Why::Tags)]);
    assert_eq!(judge(&rule, &found, &plain, late), Some(Outcome::Breach));
    assert_eq!(judge(&rule, &found, &facts_of(1), late), Some(Outcome::Exempt), "a project with the tag needs no paper");
}

#[test]
fn a_disputed_reading_is_arguable_and_a_rule_ends() {
    let net = sewing(40, |_| ());
    let facts = facts(&net, vec![]);
    let mut rule =
        Rule { until: Some(Instant(1000)), in_force: Instant(0), ..rule(When { from: set(KP), arguable: true, ..When::default() }) };
    let found = one(&rule, &facts, &net);
    assert_eq!(judge(&rule, &found, &facts, act(Instant(999))), Some(Outcome::Arguable));
    assert_eq!(judge(&rule, &found, &facts, act(Instant(1000))), None);
    assert_eq!(judge(&rule, &found, &facts, act(Instant(-1))), None);
    // A plain alternative that holds as well is the stronger reading.
    rule.when.push(When { processed_in: set(KP), ..When::default() });
    let found = one(&rule, &facts, &net);
    assert_eq!(judge(&rule, &found, &facts, act(Instant(0))), Some(Outcome::Breach));
}

#[test]
fn the_moment_a_rule_names_is_the_one_that_counts() {
    let net = sewing(40, |_| ());
    let facts = facts(&net, vec![]);
    let mut rule = Rule { in_force: Instant(100), ..rule(When { from: set(KP), ..When::default() }) };
    let found = one(&rule, &facts, &net);
    let across = Act { shipped: Instant(99), cleared: Instant(100) };
    assert_eq!(judge(&rule, &found, &facts, across), Some(Outcome::Breach));
    rule.moment = Moment::Shipped;
    assert_eq!(judge(&rule, &found, &facts, across), None);
}

#[test]
fn no_outcome_says_clear() {
    for outcome in Outcome::ALL {
        for word in ["clear", "lawful", "legal", "allowed", "ok", "compliant"] {
            assert!(!outcome.word().contains(word), "{}", outcome.word());
        }
    }
}

#[test]
fn the_days_a_rule_forbids_follow_from_its_own_dates() {
    let net = sewing(40, |_| ());
    let rule = announcement();
    let noon = (43_200, CHINA);
    let span = |contract, from: i32, to: i32| {
        let facts = facts(&net, contract);
        forbidden_from(&rule, &one(&rule, &facts, &net), &facts, &Acts { days: from..to, clock: noon }, &[Outcome::Breach])
    };
    let old = || signed(Some(Signed::Day(civil(2017, 9, 10))), Some(true), 0);
    let (start, end) = (civil(2017, 1, 1), civil(2019, 1, 1));
    assert_eq!(span(old(), start, end), Some((Day(civil(2017, 12, 11)), None)));
    assert_eq!(span(signed(Some(Signed::Day(civil(2017, 9, 11))), Some(true), 0), start, end), Some((Day(civil(2017, 9, 22)), None)));
    assert_eq!(span(old(), civil(2018, 5, 1), end), Some((Day(civil(2018, 5, 1)), None)), "it holds when the days begin");
    assert_eq!(span(old(), start, civil(2017, 12, 11)), None, "the days end the day before");
}

// ------------------------------------------------------------------------------------------------- findings of a run

#[test]
fn a_run_is_judged_on_the_days_its_goods_pass() {
    // Garments leave KP from day 9 to 16 and arrive the day after; the rule holds from the noon of day 12 on.
    let mut net = sewing(40, |_| ());
    net.routes[2].legs.insert(0, Leg { days: 2, ..Leg::default() });
    let simulation = run(&net, &[]);
    let facts = facts(&net, signed(None, None, 0));
    let rule =
        Rule { goods: textiles(), in_force: Instant::local(day(12).0, 43_200, CHINA), ..rule(When { from: set(KP), ..When::default() }) };
    let screen = Screen::new(vec![rule], facts, vec![(43_200, CHINA)], &net);
    let all = |until| ripstop::law::screen(&simulation.plan, &simulation.record, &screen, &[SEWING_CONTRACT], until);
    let found = all(day(39));
    assert_eq!(found.len(), 1);
    // Made on days 9 to 16, they pass the crossing on days 11 to 18: seven days from day 12 on.
    let f = &found[0];
    assert_eq!((f.outcome, f.first, f.last, f.shipments), (Outcome::Breach, day(12), day(18), 7));
    near(f.quantity, 35.0);
    near(f.value, 350.0);
    let early = all(day(13));
    assert_eq!((early[0].last, early[0].shipments), (day(13), 2), "what comes after the day asked for is not counted");
}

/// First day, last day, shipments and quantity of what a rule on goods from KP finds.
fn found_in(net: &Net, events: &[Event], change: impl Fn(&mut Rule), until: i32) -> Vec<(Outcome, Day, Day, u32, f64)> {
    let simulation = run(net, events);
    let mut rule = rule(When { from: set(KP), ..When::default() });
    change(&mut rule);
    let screen = Screen::new(vec![rule], facts(net, signed(None, None, 0)), vec![(43_200, CHINA); 2], net);
    let found = ripstop::law::screen(&simulation.plan, &simulation.record, &screen, &[SEWING_CONTRACT], day(until));
    found.iter().map(|f| (f.outcome, f.first, f.last, f.shipments, f.quantity)).collect()
}

fn noon(step: i32) -> Instant {
    Instant::local(day(step).0, 43_200, CHINA)
}

#[test]
fn what_is_held_at_a_crossing_is_cleared_when_it_passes_and_left_when_it_left() {
    // Two days to the crossing, shut to goods on days 12 to 14. What left on days 9, 10 and 11 reaches it on days 11, 12 and 13: 5 pass on
    // day 11, 10 wait and pass on day 15. Meanwhile nothing leaves: 20 on day 15, 5 on day 16; they pass on days 17 and 18.
    let mut net = sewing(40, |_| ());
    net.routes[2].legs.insert(0, Leg { days: 2, ..Leg::default() });
    let shut = [shut_goods(0, 12, 14)];
    let all = found_in(&net, &shut, |_| (), 39);
    assert_eq!(all, [(Outcome::Breach, day(11), day(18), 4, 40.0)]);
    // In force from the noon of day 12 on: what was held falls under it though it would have passed before day 14.
    let late = found_in(&net, &shut, |r| r.in_force = noon(12), 39);
    assert_eq!(late, [(Outcome::Breach, day(15), day(18), 3, 35.0)]);
    let until_16 = found_in(&net, &shut, |r| r.in_force = noon(12), 16);
    assert_eq!(until_16, [(Outcome::Breach, day(15), day(15), 1, 10.0)]);
    // A rule on the day of shipping, from day 11 on: the 5 of day 11, which were held, not those of days 9 and 10.
    let shipped = found_in(
        &net,
        &shut,
        |r| {
            r.moment = Moment::Shipped;
            r.in_force = noon(11);
        },
        39,
    );
    assert_eq!(shipped, [(Outcome::Breach, day(11), day(16), 3, 30.0)]);
    // A wind-down for what left before day 11 spares half of what is cleared on day 15.
    let spared = Exemption { wind_down: true, moment: Moment::Shipped, before: Some(noon(11)), ..Exemption::default() };
    let both = found_in(&net, &shut, |r| r.exemptions = vec![spared.clone()], 39);
    assert_eq!(both, [(Outcome::WindDown, day(11), day(15), 2, 10.0), (Outcome::Breach, day(15), day(18), 3, 30.0)]);
}

#[test]
fn what_waits_at_a_second_crossing_has_been_cleared_at_the_first() {
    // Over the first crossing at the factory's door, a day later over a second, shut from day 10 to day 14. The 5 of day 9 pass the first
    // on day 9 and arrive on day 16, two days after the second opens; nothing else leaves before day 15.
    let mut net = sewing(40, |_| ());
    let second = net.crossings[0].clone();
    net.crossings.push(second);
    net.routes[2].legs.push(Leg { crossing: Some((CrossingId(1), Direction::BToA)), days: 1, ..Leg::default() });
    let shut = event(Change::OpenShare { crossings: vec![CrossingId(1)], towards: None, class: None }, 10, 14, 0.0);
    let before = |step: i32| move |r: &mut Rule| r.until = Some(noon(step));
    assert_eq!(found_in(&net, std::slice::from_ref(&shut), before(10), 39), [(Outcome::Breach, day(9), day(9), 1, 5.0)]);
    // What was cleared and has not arrived when the run ends is found too.
    net.end = day(12);
    assert_eq!(found_in(&net, &[shut], |_| (), 12), [(Outcome::Breach, day(9), day(9), 1, 5.0)]);
}

#[test]
fn inputs_and_the_contract_are_judged_apart() {
    let net = sewing(40, |_| ());
    let simulation = run(&net, &[]);
    let inward = Rule { goods: textiles(), ..rule(When { to: set(KP), ..When::default() }) };
    let whole =
        Rule { subject: Subject::Contract, when: vec![When { relations: 1 << 1, arguable: true, ..When::default() }], ..Rule::default() };
    let contract = ContractFacts { relation: Relation::Processing, ..ContractFacts::default() };
    let facts = facts(&net, vec![ContractFacts::default(), contract]);
    let screen = Screen::new(vec![inward, whole], facts, vec![(43_200, 0)], &net);
    let found = ripstop::law::screen(&simulation.plan, &simulation.record, &screen, &[SEWING_CONTRACT], day(39));
    let seen: Vec<_> =
        found.iter().map(|f| (f.candidate.consignment.object, f.outcome, f.first, f.last, f.shipments, f.quantity)).collect();
    // 50 metres reach the factory on days 9 and 13, over the crossing at the client's door the day before.
    assert_eq!(seen[0], (Object::Inputs, Outcome::Breach, day(8), day(12), 2, 100.0));
    // The contract runs from the first consignment to the last delivery.
    assert_eq!(seen[1], (Object::Contract, Outcome::Arguable, day(9), day(17), 8, 40.0));
}

#[test]
fn signs_are_computed_from_labels_makers_and_prices() {
    let mut net = two_makers();
    net.contracts.price_per_unit[3] = 4.0;
    let firm = |c| FirmFacts { nationality: set(c), labour: set(c), tags: 0 };
    let firms = vec![firm(CN), firm(CN), firm(KP), firm(CN), firm(KR)];
    let mut contracts = vec![ContractFacts::default(); 4];
    contracts[1].declared_origin = Some(CN);
    contracts[3] = ContractFacts { declared_origin: Some(CN), maker_disclosed: Some(false), ..ContractFacts::default() };
    let facts = Facts::new(&net, firms, vec![ProductFacts::default(); 2], contracts);
    let signs = indicators(&net, &facts, Some(0.5));
    assert_eq!(signs[1] & Indicator::LabelDiffers.bit(), Indicator::LabelDiffers.bit(), "sewn in KP, labelled CN");
    assert_eq!(signs[3] & Indicator::LabelDiffers.bit(), 0, "some of it may be Chinese: the label is not known to differ");
    assert_eq!(signs[3] & Indicator::HiddenMaker.bit(), Indicator::HiddenMaker.bit());
    assert_eq!(signs[1] & Indicator::HiddenMaker.bit(), 0, "the factory sews itself");
    // Four sales of one product: 4 from KR is below half of the median of 10, 11 and 12 from elsewhere.
    let mut market = Net::new(5);
    market.places.push(Place { country: KR });
    let good = market.product(1.0);
    let shop = market.firm();
    let (terms, route) = (market.terms(Terms::default()), market.route(&[(None, 1)]));
    for (place, price) in [(0, 10.0), (0, 11.0), (1, 12.0), (2, 4.0)] {
        let seller = market.firm_with(Firm { place: PlaceId(place), ..Firm::default() });
        let line = market.line(seller, good, 1.0, &[]);
        let contract = market.buys(shop, line, terms, route, 0.25);
        market.contracts.price_per_unit[contract.index()] = price;
    }
    let cheap = |share| -> Vec<bool> {
        indicators(&market, &Facts::default(), Some(share)).iter().map(|s| s & Indicator::PriceBelowPeers(share).bit() != 0).collect()
    };
    assert_eq!(cheap(0.5), [false, false, false, true]);
    assert_eq!(cheap(0.3), [false; 4]);
}

// ------------------------------------------------------------------------------------------------- rules that act

fn acting(days: i32, change: impl FnOnce(&mut Terms)) -> Net {
    let mut net = sewing(days, change);
    net.rules_act = true;
    net
}

fn forbid(from: i32, to: i32, share: f64) -> Event {
    event(Change::Forbid(vec![SEWING_CONTRACT]), from, to, share)
}

#[test]
fn without_events_nothing_changes_where_rules_may_act() {
    let (plain, acting) = (run(&sewing(40, |_| ()), &[]), run(&acting(40, |_| ()), &[]));
    assert_eq!(output(&plain, SEWING), output(&acting, SEWING));
    assert_eq!(plain.state.cash, acting.state.cash);
}

#[test]
fn an_order_that_a_rule_stops_is_not_placed_and_its_days_are_forbidden() {
    let net = acting(40, |_| ());
    let simulation = run(&net, &[forbid(0, 39, 1.0)]);
    near(output(&simulation, SEWING).iter().sum(), 0.0);
    // Work was planned from day 10 to the due date, day 20.
    let causes = causes(&simulation, SEWING);
    assert_eq!(causes[9], Cause::OffSeason);
    assert!(causes[10..=20].iter().all(|&c| c == Cause::Forbidden), "{causes:?}");
    assert!(Cause::Forbidden.stops() && Cause::of(Cause::Forbidden.code()) == Cause::Forbidden);
    // A quarter complies: 30 of the 40 are ordered and made, and the rest of the days are the rule's.
    let simulation = run(&net, &[forbid(0, 39, 0.25)]);
    near(output(&simulation, SEWING).iter().sum(), 30.0);
    assert_eq!(common::causes(&simulation, SEWING)[18], Cause::Forbidden);
}

#[test]
fn a_rule_that_comes_in_the_middle_keeps_what_has_not_left() {
    // Goods leave as one lot when complete. By the morning of day 12 15 are made (days 9 to 11), none has left.
    let net = acting(40, |t| t.dispatch = Dispatch::Lot);
    let half = [forbid(12, 39, 0.5)];
    let target = watch(&net, &half, |s| s.target[0]);
    // Half of the 25 not made is cancelled: 40 − 12.5.
    days(&target, 11, &[40.0, 27.5, 27.5]);
    let simulation = run(&net, &half);
    near(output(&simulation, SEWING).iter().sum(), 27.5);
    // Half of the 15 made may not leave; the rest of the lot does.
    near(simulation.state.order_finished[0], 7.5);
    near(simulation.state.stock[GARMENTS], 20.0);
    near(simulation.state.order_stranded[0], 7.5);
    // When the rule ends what it kept may leave.
    let simulation = run(&net, &[forbid(12, 25, 0.5)]);
    near(simulation.state.order_finished[0], 0.0);
    near(simulation.state.stock[GARMENTS], 27.5);
}

#[test]
fn what_one_rule_kept_is_not_kept_again_by_the_next() {
    // Half is stopped on day 12: 7.5 of the 15 made stay, the order line is for 27.5 in two lots of 13.75. On day 13 no rule holds: of the
    // first lot the 7.5 leave too, 11.25 of the 25 made stay for the second. The rule of day 14 stops a tenth of these and of the 2.5 not
    // made.
    let net = acting(40, |t| {
        t.dispatch = Dispatch::Lot;
        t.lots_per_order = 2.0;
    });
    let events = [forbid(12, 12, 0.5), forbid(14, 39, 0.1)];
    days(&watch(&net, &events, |s| s.order_shipped[0]), 11, &[0.0, 6.25, 13.75, 27.25 - 1.125]);
    near(run(&net, &events).state.order_finished[0], 1.125);
}

#[test]
fn a_standing_flow_loses_the_complying_share_of_its_orders() {
    let mut net = chain(30, &[(None, 1)], restock());
    net.rules_act = true;
    let stop = event(Change::Forbid(vec![ContractId(0)]), 5, 29, 1.0);
    let simulation = run(&net, &[stop]);
    days(&output(&simulation, MILL), 4, &[5.0, 0.0, 0.0]);
    assert_eq!(causes(&simulation, MILL)[5], Cause::Forbidden);
    // Half comply: the other half orders its own need, not the stock that the complying ones no longer fill.
    let half = run(&net, &[event(Change::Forbid(vec![ContractId(0)]), 5, 29, 0.5)]);
    days(&output(&half, MILL), 4, &[5.0, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5]);
    days(&output(&half, MILL), 25, &[2.5; 5]);
    // The weaver has stock for some days, then lacks yarn: that is its cause, not the rule.
    assert_eq!(causes(&simulation, WEAVER)[20], Cause::Input(0));
}

fn forbid_one(contract: usize, from: i32, to: i32, share: f64) -> Event {
    event(Change::Forbid(vec![ContractId::from(contract)]), from, to, share)
}

#[test]
fn what_a_rule_stops_of_a_plans_purchases_is_not_made_up_by_the_next_orders() {
    // Two days ahead of each of two consignments of 50 the client buys 50 metres. Half of the buyers of fabric comply: 25 each time, and
    // the gap that stays is not ordered again the day after. 50 metres come, good for 25 pieces of 2 metres.
    let net = acting(40, |_| ());
    let bought = |events: &[Event]| watch(&net, events, |s| s.ordered[0]);
    days(&bought(&[]), 5, &[0.0, 50.0, 0.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0]);
    let half = [forbid_one(0, 0, 39, 0.5)];
    days(&bought(&half), 5, &[0.0, 25.0, 0.0, 0.0, 0.0, 25.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    near(bought(&half).iter().sum(), 50.0);
    near(output(&run(&net, &half), SEWING).iter().sum(), 25.0);
    // On the days after, what is still wanted and not ordered is the rule's doing, not a lack of orders.
    let mill = causes(&run(&net, &half), MILL);
    assert_eq!(mill[6..9], [Cause::None, Cause::Forbidden, Cause::Forbidden]);
    // When the rule ends what it stopped is bought at once; when it lets three quarters through instead of half, half of it is: 75 in all.
    days(&bought(&[forbid_one(0, 0, 15, 0.5)]), 15, &[0.0, 50.0, 0.0]);
    let eased = [forbid_one(0, 0, 15, 0.5), forbid_one(0, 16, 39, 0.25)];
    days(&bought(&eased), 15, &[0.0, 25.0, 0.0]);
    // Nobody buys, and nobody catches up.
    near(bought(&[forbid_one(0, 0, 39, 1.0)]).iter().sum(), 0.0);
    // A cut of orders, which is no rule, is made up as before: 25, then half of the 25 that are missing.
    days(&bought(&[event(Change::OrderCut(vec![ContractId(0)]), 0, 39, 0.5)]), 6, &[25.0, 12.5]);
}

#[test]
fn a_purchase_that_cannot_leave_is_not_counted_as_stopped_by_the_rule() {
    // The fabric crosses a border, shut on days 5 to 7: the order of day 6 is placed on day 8, half of it.
    let mut net = acting(40, |_| ());
    net.contracts.route[0] = RouteId(1);
    let events = [forbid_one(0, 0, 39, 0.5), open_share(5, 7, 0.0)];
    days(&watch(&net, &events, |s| s.ordered[0]), 5, &[0.0, 0.0, 0.0, 25.0, 0.0, 25.0, 0.0, 0.0]);
}

#[test]
fn a_standby_under_a_rule_takes_over_its_lawful_share_of_the_need_only() {
    // The mill cannot be reached on days 10 to 14 and all its orders move; half of those behind the standby's contract comply. The rest
    // order 5/2 a day: not half of 5, 6.25, 7.5 …, with which they would refill the stock of the others.
    let mut net = chain(40, &[(Some(Direction::AToB), 1)], Terms { moves_share: 1.0, ..restock() });
    net.rules_act = true;
    let second = net.maker(ProductId(0), 50.0);
    let inland = net.route(&[(None, 1)]);
    let contract = net.buys(FirmId(1), second, TermsId(0), inland, 0.0);
    net.contracts.extras.push((contract, Extras { standby_share: 1.0, ..Extras::default() }));
    let events = [open_share(10, 14, 0.0), forbid_one(1, 0, 39, 0.5)];
    days(&watch(&net, &events, |s| s.ordered[1]), 9, &[0.0, 2.5, 2.5, 2.5, 2.5, 2.5, 0.0]);
}

#[test]
fn an_order_line_does_not_move_to_a_contract_that_a_rule_stops() {
    // A second factory stands by for the whole order line; the crossing to the first shuts for good on day 5.
    let mut net = acting(60, |t| {
        t.moves_share = 1.0;
        t.stop_after_days = 2.0;
    });
    let factory = net.firm_with(Firm { workers: 5.0, ..Firm::default() });
    let line = net.add_line(factory, ProductId(1), f64::INFINITY, 1.0, &[consigned(ProductId(0), 2.0, 0.0)]);
    let (kind, terms) = (Kind::Processing, TermsId(1));
    let contract =
        net.contracts.push(Contract { seller: line, buyer: CLIENT, kind, terms, price_per_unit: 4.0, share: 1.0, ..Contract::default() });
    net.contracts.extras.push((contract, Extras { standby_share: 1.0, ..Extras::default() }));
    let moved = |share: f64| watch(&net, &[shut_goods(1, 5, 59), forbid_one(2, 0, 59, share)], |s| s.target[1]);
    days(&moved(0.0), 6, &[0.0, 40.0, 40.0]);
    days(&moved(0.75), 6, &[0.0, 10.0, 10.0]);
    days(&moved(1.0), 6, &[0.0, 0.0, 0.0]);
}

fn watched(terms: Enforcement) -> Event {
    event(Change::Enforce(vec![SEWING_CONTRACT], terms), 0, 39, 1.0)
}

#[test]
fn what_is_found_is_seized_fined_and_balanced_in_expectation() {
    // A tenth of each day's 5 is found and seized; nobody pays for it; the fine is twice its value of 10; a relation ends in half of the
    // cases.
    let terms = Enforcement { detection_share: 0.1, seized_share: 1.0, fine_per_value: 2.0, ends_share: 0.0 };
    let net = acting(40, |_| ());
    let simulation = run(&net, &[watched(terms)]);
    let seized: f64 = simulation.record.columns.product_seized.iter().sum();
    near(seized, 4.0);
    near(simulation.state.stock[GARMENTS], 36.0);
    near(simulation.state.billed[0], 36.0);
    near(simulation.state.cash[FACTORY.index()], 36.0 * 3.0);
    near(simulation.state.fined[CLIENT.index()], 4.0 * 10.0 * 2.0);
    near(simulation.state.cash[simulation.plan.account(Account::State, 0)], 80.0);
    near(simulation.record.totals[39].fined, 80.0);
}

#[test]
fn a_relation_that_ends_cancels_its_share_of_what_is_open() {
    let terms = Enforcement { detection_share: 1.0, seized_share: 0.0, fine_per_value: 0.0, ends_share: 0.5 };
    let net = acting(40, |_| ());
    // The first 5 arrive on day 10. That morning half of the relation ends, and half of the 35 not yet made is cancelled.
    let relation = watch(&net, &[watched(terms)], |s| s.relation[SEWING_CONTRACT.index()]);
    days(&relation, 9, &[1.0, 0.5, 0.25]);
    let target = watch(&net, &[watched(terms)], |s: &State| s.target[0]);
    near(target[10], 40.0 - 0.5 * 35.0);
}

#[test]
fn what_is_found_can_be_drawn_by_its_address() {
    let terms = Enforcement { detection_share: 0.5, seized_share: 1.0, fine_per_value: 0.0, ends_share: 0.0 };
    let seized = |seed| {
        let mut net = acting(40, |_| ());
        net.enforcement_seed = Some(seed);
        let simulation = run(&net, &[watched(terms)]);
        series(&simulation.record.columns.product_seized, 1, 2)
    };
    let one = seized(3);
    assert_eq!(one, seized(3));
    assert_ne!(one, seized(4));
    for (t, &units) in one.iter().enumerate() {
        // A day's consignment is found as a whole or not at all, as its address says.
        let found = drawn(3, SEWING_CONTRACT.index(), day(t as i32).0, 0) < 0.5;
        near(units, if found && (10..18).contains(&t) { 5.0 } else { 0.0 });
    }
    let all: f64 = one.iter().sum();
    assert!(all > 0.0 && all < 40.0, "{all}");
}
