//! One price of a good on both sides of the books: in a closed economy with level stocks value added is final demand, whatever price is
//! missing.

mod common;

use common::{Net, event, near, run};
use ripstop::model::events::Change;
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop::plan::prices::{Basis, Prices, prices, taken};
use ripstop::plan::steady;

/// A spinner, and weavers that sell 80 m a day each at 3, under contracts at these prices (0: none).
fn weavers(paid: &[f64], value: f64) -> Net {
    let mut net = Net::new(61);
    let (yarn, cloth) = (net.product(value), net.product(0.0));
    for (product, value) in [(yarn, value), (cloth, 0.0)] {
        if value == 0.0 {
            net.products[product.index()].value_from = ValueFrom::Nowhere;
        }
    }
    let spin = net.maker(yarn, f64::INFINITY);
    let terms = net.terms(Terms { stock_days: 6.0, restock_days: 2.0, ..Terms::default() });
    let route = net.route(&[(None, 1)]);
    for &price in paid {
        let firm = net.firm_with(Firm { opening_cash: 1e6, ..Firm::default() });
        let line = net.line(firm, cloth, 100.0, &[(yarn, 1.0)]);
        let contract = net.buys(firm, spin, terms, route, 1.0);
        net.contracts.price_per_unit[contract.index()] = price;
        net.demand(line, 80.0);
        let last = net.demands.len() - 1;
        net.demands[last].price_per_unit = 3.0;
    }
    net
}

fn of(net: &Net) -> Prices {
    prices(&net.0, &steady::rates(&net.0).unwrap(), &vec![1.0; 1 + net.other_currencies as usize])
}

#[test]
fn a_good_with_neither_price_nor_value_counts_the_same_as_output_and_as_input() {
    let net = weavers(&[0.0], 0.0);
    let stop = event(Change::Capacity(vec![LineId(0)]), 10, 19, 0.0);
    let (without, with) = (run(&net, &[]).record, run(&net, &[stop]).record);
    near(without.totals[30].value_added, 240.0);
    let lost: f64 = without.totals.iter().zip(&with.totals).map(|(a, b)| a.value_added - b.value_added).sum();
    near(lost, 1200.0);
    let prices = of(&net);
    assert_eq!(prices.fill[0], (1.0, Basis::Nothing), "quantities are money");
    let told = taken(&net.0, &prices);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].product, told[0].basis, told[0].contract, told[0].contracts),
        (ProductId(0), Basis::Nothing, Some(ContractId(0)), 1)
    );
}

#[test]
fn a_contract_without_price_takes_that_of_its_sellers_others_by_volume() {
    near(run(&weavers(&[2.0, 0.0], 0.0), &[]).record.totals[30].value_added, 480.0);
    let mut net = weavers(&[2.0, 5.0, 0.0], 7.0);
    net.demands[1].quantity_per_day = 20.0;
    // (80 · 2 + 20 · 5) / 100 = 2.6, though the product has a value.
    assert_eq!(of(&net).fill[0], (2.6, Basis::Seller));
    near(run(&net, &[]).record.totals[30].value_added, 540.0);
}

#[test]
fn the_order_in_which_a_price_is_sought() {
    let fill = |net: &Net| of(net).fill[0];
    let mut net = weavers(&[0.0], 4.0);
    assert_eq!(fill(&net), (4.0, Basis::Value));
    net.products[0].value_from = ValueFrom::Recipe;
    assert_eq!(fill(&net), (4.0, Basis::Recipe));
    let (yarn, terms, route) = (ProductId(0), TermsId(0), RouteId(0));
    let other = net.maker(yarn, f64::INFINITY);
    let buyer = net.firm();
    let line = net.line(buyer, ProductId(1), f64::INFINITY, &[(yarn, 1.0)]);
    let contract = net.buys(buyer, other, terms, route, 1.0);
    net.contracts.price_per_unit[contract.index()] = 9.0;
    net.demand(line, 5.0);
    assert_eq!(fill(&net), (9.0, Basis::Others), "prices before what a recipe gives");
    let mut net = weavers(&[0.0], 0.0);
    net.demand(LineId(0), 10.0);
    net.demands[1].price_per_unit = 6.0;
    assert_eq!(fill(&net), (6.0, Basis::Demand));
    near(run(&net, &[]).record.totals[30].value_added, 300.0);
    let mut net = weavers(&[0.0], 0.0);
    net.products[0].retail_price_per_unit = 8.0;
    assert_eq!(fill(&net), (8.0, Basis::Retail));
}

#[test]
fn final_demand_and_contracts_at_different_prices_are_weighed() {
    let mut net = weavers(&[0.0], 1.0);
    net.demand(LineId(0), 40.0);
    net.demands[1].price_per_unit = 4.0;
    // 80 at the value of 1 and 40 at 4: two a kilogram.
    near(of(&net).line[0], 2.0);
    near(run(&net, &[]).record.totals[30].value_added, 80.0 * 3.0 + 40.0 * 4.0);
}

#[test]
fn processed_goods_cost_the_fee_and_the_inputs() {
    let mut net = Net::empty(300);
    let (cloth, coat) = (net.product(0.0), net.product(0.0));
    let mill = net.maker(cloth, f64::INFINITY);
    let (maker, client) = (net.firm(), net.firm_with(Firm { opening_cash: 1e6, ..Firm::default() }));
    let sews = net.add_line(maker, coat, f64::INFINITY, 0.0, &[common::consigned(cloth, 2.0, 0.25)]);
    let sells = net.line(client, coat, f64::INFINITY, &[(coat, 1.0)]);
    let plan = net.terms(Terms { ordering: Ordering::Plan, ..Terms::default() });
    // As much on top as is wasted.
    let orders = net.terms(Terms { ordering: Ordering::Schedule, over_shipment_share: 0.25, ..Terms::default() });
    let route = net.route(&[(None, 1)]);
    let buys = net.buys(client, mill, plan, route, 1.0);
    net.contracts.price_per_unit[buys.index()] = 3.0;
    let sewing = net.contracts.push(Contract {
        seller: sews,
        buyer: client,
        terms: orders,
        route,
        input_route: route,
        kind: Kind::Processing,
        price_per_unit: 5.0,
        ..Contract::default()
    });
    net.order(sewing, 300.0, 150);
    net.demand(sells, 10.0);
    net.demands[0].price_per_unit = 20.0;
    let prices = of(&net);
    // 5 + 2 · 1.25 · 3 = 12.5.
    near(prices.own_input_value[sells.index()], 12.5);
    let record = run(&net, &[]).record;
    let (added, sold): (f64, f64) =
        record.totals.iter().map(|t| (t.value_added, t.demand_met)).fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    near(sold, 300.0 * 20.0);
    near(added, sold);
}

/// Splitmix64.
fn next(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Tiers of firms that buy from the tier before, in two currencies, with prices missing at random.
fn closed(mut seed: u64) -> Net {
    let mut net = Net::new(30);
    let mut rng = || next(&mut seed);
    net.other_currencies = 1;
    net.rates.push(Rate { currency: CurrencyId(1), from: common::START, value: 0.2 });
    let route = net.route(&[(None, 1)]);
    let terms: Vec<TermsId> = [false, true].map(|stock_by_supplier| net.terms(Terms { stock_by_supplier, ..Terms::default() })).into();
    let (priced, valued) = (rng(), rng());
    let mut before: Vec<LineId> = Vec::new();
    for _ in 0..4 {
        let product = net.product(0.0);
        if rng() < valued {
            net.products[product.index()].value_per_unit = 1.0 + 9.0 * rng();
        } else {
            net.products[product.index()].value_from = ValueFrom::Nowhere;
        }
        let mut tier = Vec::new();
        for _ in 0..3 {
            let currency = CurrencyId(u32::from(rng() < 0.3));
            let firm = net.firm_with(Firm { opening_cash: 1e6, currency, ..Firm::default() });
            let input = before.first().map(|&line| net.lines[line.index()].product);
            let inputs: Vec<(ProductId, f64)> = input.map(|input| (input, 0.5 + rng())).into_iter().collect();
            let line = net.line(firm, product, f64::INFINITY, &inputs);
            let first = (rng() * before.len() as f64) as usize;
            let sellers: Vec<LineId> = before.iter().copied().skip(first).collect();
            for &seller in &sellers {
                let extras = Extras { currency: CurrencyId(u32::from(rng() < 0.3)), ..Extras::default() };
                net.contracts.push(Contract {
                    extras,
                    seller,
                    buyer: firm,
                    terms: terms[usize::from(rng() < 0.5)],
                    route,
                    input_route: route,
                    share: 1.0 / sellers.len() as f64,
                    price_per_unit: if rng() < priced { 0.5 + 5.0 * rng() } else { 0.0 },
                    ..Contract::default()
                });
            }
            if rng() < 0.6 {
                net.demand(line, 1.0 + 20.0 * rng());
                let last = net.demands.len() - 1;
                net.demands[last].price_per_unit = if rng() < priced { 1.0 + 20.0 * rng() } else { 0.0 };
            }
            tier.push(line);
        }
        before = tier;
    }
    net
}

#[test]
fn in_closed_networks_value_added_is_final_demand_whatever_price_is_missing() {
    for seed in 0..300 {
        let net = closed(seed);
        let totals = run(&net, &[]).record.totals[29];
        let (added, met) = (totals.value_added, totals.demand_met);
        assert!((added - met).abs() <= 1e-9 * met.max(1.0), "seed {seed}: {added} is not {met}");
    }
}
