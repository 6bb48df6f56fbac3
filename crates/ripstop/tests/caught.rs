//! Goods caught, and places out of reach, by hand. The basic order is [`common::sewing`]: 50 fabric leave on day 8 and 12, arrive the day
//! after, 5 pieces of 2 fabric each are sewn a day from day 9 to 16; 20 fabric go back.

mod common;

use common::*;
use ripstop::analysis::caught::{Which, input_cover_days, stores};
use ripstop::model::events::{After, Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::record::Detail;
use ripstop::record::caught::{Goods, Key, Reason, Site, Standing, account};
use ripstop::rule::cause::Cause;
use ripstop::run::Pair;

const FABRIC_PRODUCT: ProductId = ProductId(0);
const GARMENT: ProductId = ProductId(1);
/// Gates of the crossing for class 0: into the factory's country, and out of it.
const INWARD: u32 = 0;
const OUTWARD: u32 = 2;
const ZONE: PlaceId = PlaceId(1);

/// Everything there is on the evening of a day.
fn evening(net: &Net, events: &[Event], day: usize) -> Vec<Goods> {
    let mut simulation = begin(net, events);
    (0..=day).for_each(|_| simulation.step());
    account(&simulation.plan, &simulation.state)
}

/// What is caught, as `(site, owner, product, standing, reason, units)`.
type Row = (Site, FirmId, ProductId, Standing, Reason, f64);

#[track_caller]
fn caught(goods: &[Goods], expected: &[Row]) {
    let found: Vec<&Goods> = goods.iter().filter(|goods| goods.key.reason.is_some()).collect();
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, &(site, owner, product, standing, reason, units)) in found.iter().zip(expected) {
        assert_eq!(found.key, Key { site, owner, product, standing, reason: Some(reason) });
        near(found.units, units);
    }
}

/// Finished goods leave in two lots of 20.
fn in_lots(terms: &mut Terms) {
    (terms.dispatch, terms.lots_per_order) = (Dispatch::Lot, 2.0);
}

fn freeze(from: i32, to: i32, after: After) -> Event {
    event(Change::Freeze { places: vec![ZONE], after }, from, to, 0.0)
}

// ------------------------------------------------------------------------------------------------------------ the reasons

#[test]
fn what_waits_at_a_gate_is_held_on_the_senders_side() {
    // The first consignment finds the gate shut at its client's door.
    let goods = evening(&sewing(40, |_| ()), &[shut_goods(1, 8, 20)], 8);
    caught(&goods, &[(Site::Gate(INWARD), CLIENT, FABRIC_PRODUCT, Standing::Held, Reason::Held, 50.0)]);
}

#[test]
fn finished_and_due_is_stranded_and_the_rest_is_shut_in() {
    // Shut from day 9: of 50 fabric 40 are left in the evening, 5 garments are finished and would have left at once.
    let shut = [shut_goods(0, 9, 30)];
    let (place, inputs) = (Site::Place(ZONE), (Standing::Inputs, Reason::ShutIn));
    let fabric = |units| (place, CLIENT, FABRIC_PRODUCT, inputs.0, inputs.1, units);
    caught(&evening(&sewing(40, |_| ()), &shut, 9), &[fabric(40.0), (place, CLIENT, GARMENT, Standing::Due, Reason::Stranded, 5.0)]);
    // In lots of 20 nothing is due before the fourth day of sewing, day 12: until then it is shut in.
    let net = sewing(40, in_lots);
    caught(&evening(&net, &shut, 11), &[fabric(20.0), (place, CLIENT, GARMENT, Standing::NotDue, Reason::ShutIn, 15.0)]);
    // The second consignment sets out on day 12, for its way is open; a way in catches nothing.
    caught(&evening(&net, &shut, 12), &[fabric(10.0), (place, CLIENT, GARMENT, Standing::Due, Reason::Stranded, 20.0)]);
    let free: Vec<Goods> = evening(&net, &shut, 12).into_iter().filter(|goods| goods.key.reason.is_none()).collect();
    assert_eq!(free.iter().map(|goods| (goods.key.site, goods.units)).collect::<Vec<_>>(), [(Site::Road, 50.0)]);
}

#[test]
fn goods_on_the_way_to_a_shut_gate_are_shut_in() {
    // Garments travel two days before the gate: those of day 9 are one day from it when it shuts.
    let mut net = sewing(40, |_| ());
    net.routes[2] = Route { legs: vec![Leg { days: 2, ..Leg::default() }, net.routes[2].legs[0].clone()] };
    let goods = evening(&net, &[shut_goods(0, 10, 30)], 10);
    let fabric = (Site::Place(ZONE), CLIENT, FABRIC_PRODUCT, Standing::Inputs, Reason::ShutIn, 30.0);
    let due = (Site::Place(ZONE), CLIENT, GARMENT, Standing::Due, Reason::Stranded, 5.0);
    caught(&goods, &[fabric, due, (Site::Gate(OUTWARD), CLIENT, GARMENT, Standing::OnTheWay, Reason::ShutIn, 5.0)]);
    // On day 11 they reach it.
    let fabric = (Site::Place(ZONE), CLIENT, FABRIC_PRODUCT, Standing::Inputs, Reason::ShutIn, 20.0);
    let due = (Site::Place(ZONE), CLIENT, GARMENT, Standing::Due, Reason::Stranded, 10.0);
    let goods = evening(&net, &[shut_goods(0, 10, 30)], 11);
    caught(&goods, &[fabric, due, (Site::Gate(OUTWARD), CLIENT, GARMENT, Standing::Held, Reason::Held, 5.0)]);
}

#[test]
fn frozen_comes_before_all_else() {
    // In lots, frozen from day 11: 30 fabric and 10 garments of the evening before lie in the zone. Its gate is shut as well.
    let goods = evening(&sewing(40, in_lots), &[shut_goods(0, 9, 30), freeze(11, 14, After::Returned)], 14);
    let at = Site::Place(ZONE);
    let fabric = (at, CLIENT, FABRIC_PRODUCT, Standing::Inputs, Reason::Frozen, 30.0);
    caught(&goods, &[fabric, (at, CLIENT, GARMENT, Standing::NotDue, Reason::Frozen, 10.0)]);
}

#[test]
fn a_way_out_within_the_country_is_never_caught() {
    // The mill's only way is shut, the weaver sells at home: the yarn it still has on day 4 is free.
    let mut net = chain(20, &[(Some(Direction::AToB), 1)], restock());
    let goods = evening(&net, &[open_share(3, 19, 0.0)], 4);
    let weaver = FirmId(1);
    assert!(goods.iter().all(|goods| goods.key.reason.is_none()), "{goods:#?}");
    assert!(goods.iter().any(|goods| goods.key.owner == weaver && goods.key.standing == Standing::Inputs && goods.units > 0.0));
    // The weaver's cloth goes abroad as well: the yarn is free as long as there is a market at home, and shut in without it.
    let abroad = net.firm_with(Firm { place: PlaceId(1), ..Firm::default() });
    let shop = net.line(abroad, ProductId(1), 20.0, &[(ProductId(1), 1.0)]);
    net.demand(shop, 2.0);
    net.buys(abroad, LineId(1), TermsId(0), RouteId(0), 1.0);
    let yarn = |net: &Net| {
        let goods = evening(net, &[open_share(3, 19, 0.0)], 3);
        let yarn = goods.into_iter().find(|goods| goods.key.owner == weaver && goods.key.product == ProductId(0));
        yarn.map(|goods| (goods.key.standing, goods.key.reason))
    };
    assert_eq!(yarn(&net), Some((Standing::Inputs, None)));
    net.demands.remove(0);
    assert_eq!(yarn(&net), Some((Standing::Inputs, Some(Reason::ShutIn))));
}

#[test]
fn what_a_maker_keeps_is_told_beside_what_there_is() {
    // A tenth of every shipment stays with the factory, and the 20 fabric that are left over.
    let net = sewing(40, |terms| (terms.retention_share, terms.leftovers) = (0.1, Leftovers::Retained));
    let kept: Vec<Goods> = evening(&net, &[], 39).into_iter().filter(|goods| goods.key.standing == Standing::Retained).collect();
    assert_eq!(kept.iter().map(|goods| goods.key.product).collect::<Vec<_>>(), [FABRIC_PRODUCT, GARMENT]);
    near(kept[0].units, 20.0);
    near(kept[1].units, 4.0);
}

// ------------------------------------------------------------------------------------------------------- what events do

#[test]
fn a_frozen_place_does_not_work_take_in_or_give_out() {
    // Frozen on days 11 to 14: 10 pieces are sewn before it and 30 after, from day 15. The second consignment waits at its client.
    let net = sewing(40, |_| ());
    let events = [freeze(11, 14, After::Returned)];
    let simulation = run(&net, &events);
    days(&output(&simulation, SEWING), 9, &[5.0, 5.0, 0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.0]);
    assert_eq!(causes(&simulation, SEWING)[11..15], [Cause::Frozen; 4]);
    days(&watch(&net, &events, |s| s.input_sent[0]), 11, &[50.0, 50.0, 50.0, 50.0, 100.0]);
    days(&watch(&net, &events, |s| s.input_stock[0]), 10, &[30.0, 30.0, 30.0, 30.0, 30.0, 20.0, 60.0]);
    // Its people are there to nobody.
    let firms = 3;
    days(&series(&simulation.record.columns.firm_present, FACTORY.index(), firms), 10, &[5.0, 0.0, 0.0, 0.0, 0.0, 5.0]);
    // What is frozen: 30 fabric at 1 from day 11 to 14.
    let mut kept = begin(&net, &events);
    kept.record.keep_evenings();
    kept.run();
    let frozen = |t: usize| {
        let goods = kept.record.evenings.on(t).iter().filter(|goods| goods.key.reason == Some(Reason::Frozen));
        goods.map(|goods| goods.units).sum::<f64>()
    };
    days(&(0..40).map(frozen).collect::<Vec<_>>(), 10, &[0.0, 30.0, 30.0, 30.0, 30.0, 0.0]);
}

#[test]
fn what_comes_to_a_frozen_place_waits_before_it() {
    // Frozen on the day the first consignment would come in, and the next: it waits on the road and comes on day 11.
    let net = sewing(40, |_| ());
    let events = [freeze(9, 10, After::Lost)];
    days(&watch(&net, &events, |s| s.input_stock[0]), 8, &[0.0, 0.0, 0.0, 40.0]);
    days(&watch(&net, &events, |s| s.input_in_transit[0]), 8, &[50.0, 50.0, 50.0, 0.0]);
    caught(&evening(&net, &events, 10), &[(Site::Road, CLIENT, FABRIC_PRODUCT, Standing::OnTheWay, Reason::ShutIn, 50.0)]);
    // The same of goods that come to a frozen client, and of a standing flow.
    let home = event(Change::Freeze { places: vec![PlaceId(0)], after: After::Returned }, 10, 12, 0.0);
    days(&watch(&net, std::slice::from_ref(&home), |s| s.billed[0]), 9, &[0.0, 0.0, 0.0, 0.0, 5.0]);
    let mut net = chain(20, &[(None, 1)], restock());
    net.firms[1].place = ZONE;
    let events = [freeze(4, 6, After::Returned)];
    days(&watch(&net, &events, |s| s.flow_waits[0]), 3, &[0.0, 5.0, 5.0, 5.0, 0.0]);
    days(&watch(&net, &events, |s| s.demand_met[0]), 3, &[5.0, 0.0, 0.0, 0.0, 5.0]);
}

#[test]
fn goods_of_a_frozen_place_may_be_lost_or_sold_at_its_end() {
    let net = sewing(40, in_lots);
    for (after, lost, sold) in [(After::Returned, 0.0, 0.0), (After::Lost, 1.0, 0.0), (After::Sold, 0.0, 1.0)] {
        let simulation = run(&net, &[freeze(11, 14, after)]);
        let columns = &simulation.record.columns;
        for (product, units) in [(0, 30.0), (1, 10.0)] {
            days(&series(&columns.product_forfeited, product, 2), 14, &[0.0, lost * units, 0.0]);
            days(&series(&columns.product_sold_off, product, 2), 14, &[0.0, sold * units, 0.0]);
        }
    }
    // 10 pieces are gone, and the fabric of 15 more: what the second consignment suffices for is made, 25, and delivered.
    let simulation = run(&net, &[freeze(11, 14, After::Lost)]);
    near(simulation.state.billed[0], 25.0);
    // A place that stays out of reach loses nothing: it is not known what becomes of it.
    let simulation = run(&net, &[Event { to: None, ..freeze(11, 14, After::Lost) }]);
    near(simulation.record.columns.product_forfeited.iter().sum(), 0.0);
}

#[test]
fn a_client_gives_up_a_maker_that_is_out_of_reach() {
    // After more than two days: on the third, day 13, what was sent before suffices for 20 with what is sent on top; the rest is cancelled.
    let net = sewing(40, |terms| terms.stop_after_days = 2.0);
    days(&watch(&net, &[freeze(11, 20, After::Returned)], |s| s.target[0]), 11, &[40.0, 40.0, 20.0, 20.0]);
}

#[test]
fn a_store_is_destroyed_once_and_carried_out_day_by_day() {
    // Half of what lay there on the morning of day 11: 15 of 30 fabric, 5 of 10 garments.
    let net = sewing(40, in_lots);
    let destroy = event(Change::Destroy(vec![ZONE]), 11, 14, 0.5);
    let simulation = run(&net, std::slice::from_ref(&destroy));
    days(&series(&simulation.record.columns.product_destroyed, 0, 2), 10, &[0.0, 15.0, 0.0]);
    days(&series(&simulation.record.columns.product_destroyed, 1, 2), 10, &[0.0, 5.0, 0.0]);
    // With everything else stopped, half of the 30 and 10, then half of what is left.
    let stop = event(Change::Attendance(vec![FACTORY]), 11, 12, 0.0);
    let evacuate = event(Change::Evacuate(vec![ZONE]), 11, 12, 0.5);
    let simulation = run(&net, &[stop.clone(), evacuate.clone()]);
    days(&series(&simulation.record.columns.product_carried_out, 0, 2), 10, &[0.0, 15.0, 7.5, 0.0]);
    days(&series(&simulation.record.columns.product_carried_out, 1, 2), 10, &[0.0, 5.0, 2.5, 0.0]);
    // Nothing is carried out of a place that is out of reach.
    let simulation = run(&net, &[stop, evacuate, freeze(12, 12, After::Returned)]);
    days(&series(&simulation.record.columns.product_carried_out, 0, 2), 10, &[0.0, 15.0, 0.0, 0.0]);
}

#[test]
fn a_snapshot_keeps_what_is_caught() {
    let net = sewing(40, in_lots);
    let simulation = probed(&net, &[freeze(11, 14, After::Returned)], &[12]);
    let snapshot = simulation.record.snapshot(12).expect("it was asked for");
    let at = Site::Place(ZONE);
    let fabric = (at, CLIENT, FABRIC_PRODUCT, Standing::Inputs, Reason::Frozen, 30.0);
    caught(&snapshot.caught, &[fabric, (at, CLIENT, GARMENT, Standing::NotDue, Reason::Frozen, 10.0)]);
    // Taken up from its columns it says the same.
    let mut again = begin(&net, &[freeze(11, 14, After::Returned)]);
    again.record = ripstop::record::Record::new(&again.plan, &again.state, ripstop::record::Detail::Full, &[12]);
    again.restore(&mut reader(&save(&simulation))).expect("the same network");
    assert_eq!(again.record.snapshot(12).map(|s| &s.caught), Some(&snapshot.caught));
}

/// A second client has garments made on another line of the factory, 2.5 a day without labour.
fn two_clients() -> (Net, FirmId) {
    let mut net = sewing(40, in_lots);
    let other = net.firm_with(Firm { opening_cash: 1e4, ..Firm::default() });
    net.add_line(FACTORY, GARMENT, 2.5, 0.0, &[consigned(FABRIC_PRODUCT, 2.0, 0.0)]);
    let [inland, inward, outward] = [3, 2, 1].map(|back| RouteId::from(net.routes.len() - back));
    let [plan, terms] = [2, 1].map(|back| TermsId::from(net.terms.len() - back));
    net.buys(other, LineId(0), plan, inland, 1.0);
    let (route, input_route) = (outward, inward);
    let sewn = Contract { seller: LineId(2), buyer: other, kind: Kind::Processing, terms, route, input_route, ..Contract::default() };
    let contract = net.contracts.push(sewn);
    net.order(contract, 40.0, 20);
    (net, other)
}

#[test]
fn stores_are_told_in_days_by_owner() {
    // Frozen from day 11: of 50 fabric each 30 and 40 are left in the zone, and 10 and 5 garments of lots of 20. In the 11 days before, 20
    // and 10 fabric were used, 20/11 and 10/11 a day, and the garments made: 30/(20/11) = 16.5 days, 40/(10/11) = 44, together 70/(30/11).
    let (net, other) = two_clients();
    let mut pair = Pair::new((*net).clone(), vec![freeze(11, 14, After::Returned)], Detail::Full, &[12]).expect("it is whole");
    pair.keep_evenings();
    pair.run_while(&|| true);
    let outcome = pair.finish();
    let (plan, record) = (&outcome.plan, &outcome.scenario);
    let cover = |owners: &[FirmId]| input_cover_days(plan, record, &Which { owners: owners.to_vec(), ..Which::default() }, 12);
    near(cover(&[CLIENT]), 16.5);
    near(cover(&[other]), 44.0);
    near(cover(&[CLIENT, other]), 70.0 * 11.0 / 30.0);
    near(cover(&[]), 70.0 * 11.0 / 30.0);
    assert!(cover(&[FACTORY]).is_nan(), "what it makes is all its clients'");
    let all = stores(plan, record);
    let [client, second, place] = [Some(CLIENT), Some(other), None].map(|owner| &all[&(ZONE, owner)]);
    assert!(!all.contains_key(&(ZONE, Some(FACTORY))));
    for (store, value, days) in [(client, [30.0, 100.0], 16.5), (second, [40.0, 50.0], 44.0), (place, [70.0, 150.0], 70.0 * 11.0 / 30.0)] {
        near(store.value[0][12], value[0]);
        near(store.value[1][12], value[1]);
        near(store.cover_days[0][12], days);
        // All that was made in 11 days lies there.
        near(store.cover_days[1][12], 11.0);
        near(store.cover_days[2][12], 0.0);
    }
    // What was made for each client's order lines, and no more.
    let made = |contract: ContractId| series(&record.columns.contract_made, contract.index(), net.contracts.len()).iter().sum::<f64>();
    near(made(SEWING_CONTRACT), 40.0);
    near(made(ContractId(3)), series(&record.columns.line_output, 2, net.lines.len()).iter().sum());
}
