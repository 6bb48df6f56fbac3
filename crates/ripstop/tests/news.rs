//! News that travels, title at loading and what is paid when goods leave, worked out by hand.

mod common;

use common::*;
use ripstop::model::network::*;
use ripstop::record::owned_value;
use ripstop::run::Simulation;
use ripstop::{Detail, Event};

/// The basic chain with a price of 3 and a fifth stolen: 5 / 0.8 = 6.25 m leave a day.
fn priced(change: impl FnOnce(&mut Terms)) -> Net {
    priced_over(1, change)
}

fn priced_over(travel_days: u32, change: impl FnOnce(&mut Terms)) -> Net {
    let mut terms = Terms { theft_share: 0.2, ..restock() };
    change(&mut terms);
    let mut net = chain(8, &[(None, travel_days)], terms);
    net.contracts.price_per_unit[0] = 3.0;
    net.firms[1].opening_cash = 1000.0;
    net
}

fn paid(net: &Net) -> Vec<f64> {
    let cash = watch(net, &[], |state| state.cash[0]);
    cash.iter().enumerate().map(|(t, now)| now - if t > 0 { cash[t - 1] } else { 0.0 }).collect()
}

#[test]
fn what_is_sold_is_paid_as_title_and_prepayment_say() {
    // At delivery: 5 m a day that are not stolen.
    days(&paid(&priced(|_| ())), 0, &[15.0; 8]);
    // Half is paid for the 6.25 m that leave, 9.375. On the first day the 5 m that come were sent without; from then on what was paid for the
    // 6.25 m sent the day before is set off against the 15 owed.
    days(&paid(&priced(|terms| terms.prepaid_share = 0.5)), 0, &[24.375, 15.0, 15.0, 15.0, 15.0, 15.0, 15.0, 15.0]);
    // From loading on what is stolen is the weaver's loss: 6.25 · 3, whatever part of it at once.
    for prepaid in [0.0, 0.5, 1.0] {
        days(&paid(&priced(|terms| (terms.title, terms.prepaid_share) = (Title::Loading, prepaid))), 0, &[18.75; 8]);
    }
    // Two days to pay: the prepaid half at once, the rest from the third day on.
    let later = priced(|terms| (terms.title, terms.prepaid_share, terms.net_days) = (Title::Loading, 0.5, 2.0));
    days(&paid(&later), 0, &[9.375, 9.375, 18.75, 18.75]);
}

#[test]
fn what_is_paid_ahead_is_set_off_as_goods_leave_the_way() {
    // Two days of travel: 12.5 m on the way in the evening, half of them new. Of the 9.375 paid on the first day half is set off on the second
    // (the other half of what was then on the way came from before), and of the 14.0625 then paid ahead half on the third.
    let found = paid(&priced_over(2, |terms| terms.prepaid_share = 0.5));
    days(&found, 0, &[24.375, 24.375 - 4.6875, 24.375 - 7.03125]);
}

#[test]
fn what_a_buyer_cannot_prepay_it_owes_at_delivery() {
    let mut net = priced(|terms| terms.prepaid_share = 1.0);
    net.firms[1].opening_cash = 18.75;
    // All it has goes for the first 6.25 m; the 15 owed for what has come stay open. Nothing comes in, so no more is paid.
    days(&paid(&net), 0, &[18.75, 0.0, 0.0, 0.0]);
    let due = watch(&net, &[], |state| state.receivable[0]);
    // On the second day what was paid ahead covers the 6.25 m that come: 15 of 18.75, and 3.75 of the third day's 15.
    days(&due, 0, &[15.0, 15.0, 26.25, 41.25]);
}

#[test]
fn goods_on_the_way_are_the_buyers_from_loading() {
    let owned = |title: Title| {
        let mut run = begin(&priced(|terms| terms.title = title), &[]);
        run.step();
        owned_value(&run.plan, &run.state, 0)
    };
    // Yarn at 1: 15 m in the morning, 5 used; 6.25 m on the way. The mill has nothing left, cloth is sold on the day.
    let (delivery, loading) = (owned(Title::Delivery), owned(Title::Loading));
    near(delivery[0], 6.25);
    near(delivery[1], 10.0);
    near(loading[0], 0.0);
    near(loading[1], 16.25);
}

#[test]
fn order_lines_leave_while_news_is_under_way() {
    let shipped = |news_days: f64, events: &[Event]| {
        let net = sewing(40, |terms| terms.news_days = news_days);
        let mut run = Simulation::new((*net).clone(), events.to_vec(), Detail::Totals, &[]).unwrap();
        let (mut shipped, mut sent_shut) = (Vec::new(), Vec::new());
        for _ in 0..40 {
            run.step();
            shipped.push(run.state.order_shipped[0]);
            sent_shut.push(run.state.sent_shut[1]);
        }
        finished(&run);
        (shipped, sent_shut.iter().sum::<f64>(), run.state.order_in_transit[0])
    };
    let (open, none, _) = shipped(0.0, &[]);
    assert_eq!(none, 0.0);
    // The first day on which something leaves.
    let first = open.iter().position(|&units| units > 0.0).unwrap();
    let shut = [shut_goods(0, first as i32 + 1, 39)];
    let (at_once, into_shut, held) = shipped(0.0, &shut);
    assert_eq!((at_once[39], into_shut, held), (open[first], 0.0, 0.0));
    let (late, into_shut, held) = shipped(2.0, &shut);
    assert!(open[first + 2] > open[first] && open[first + 3] > open[first + 2], "it leaves day by day: {open:?}");
    assert_eq!(late[..first + 3], open[..first + 3], "two days more");
    near(late[39], open[first + 2]);
    near(into_shut, open[first + 2] - open[first]);
    near(held, into_shut);
}
