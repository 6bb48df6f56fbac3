//! Random networks with every option, under random events: everything follows from one number.

use std::collections::BTreeSet;

use ripstop::law::Enforcement;
use ripstop::model::events::{After, Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::common::START;

/// Splitmix64: everything of a network follows from one number.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    fn days(&mut self, low: i32, high: i32) -> i32 {
        low + self.below((high - low + 1) as usize) as i32
    }

    /// A value with probability `p`, else the other.
    fn or(&mut self, p: f64, low: f64, high: f64, other: f64) -> f64 {
        if self.chance(p) { self.between(low, high) } else { other }
    }
}

/// The last class is that of persons.
const CLASSES: u32 = 3;

struct Maker {
    rng: Rng,
    net: Network,
    days: i32,
    with_orders: bool,
    stocked: BTreeSet<(u32, u32)>,
}

pub fn random_network(seed: u64, firms: usize, days: i32) -> (Network, Vec<Event>) {
    let mut rng = Rng(seed);
    let with_orders = rng.chance(0.7);
    let settings = Settings {
        start_state: match rng.below(10) {
            0 => StartState::Settled,
            1 => StartState::WarmUp,
            _ if with_orders || rng.chance(0.2) => StartState::Empty,
            _ => StartState::Steady,
        },
        warm_up_days: rng.below(60) as u32,
        // The first length tried will do: networks with events in the background seldom stand still.
        settle_tolerance_share: 1.0,
        settle_max_days: 90,
        compat: None,
        plan_rate: if rng.chance(0.25) { PlanRate::Realised } else { PlanRate::Demand },
        expect_days: rng.between(1.0, 40.0),
        backlog_days: rng.between(1.0, 12.0),
        shares: Shares::Published,
    };
    let start = START.plus(rng.days(0, 400));
    let net =
        Network { start, end: start.plus(days - 1), settings, classes: CLASSES, persons: Some(ClassId(CLASSES - 1)), ..Network::default() };
    let mut maker = Maker { rng, net, days, with_orders, stocked: BTreeSet::new() };
    maker.geography();
    maker.firms(firms);
    maker.terms();
    maker.supply();
    maker.demands();
    if with_orders {
        maker.orders();
    }
    maker.net.rules_act = maker.rng.chance(0.7);
    maker.net.enforcement_seed = maker.rng.chance(0.5).then_some(seed);
    let mut events = maker.events();
    events.extend(maker.place_events());
    maker.switching(seed);
    (maker.net, events)
}

impl Maker {
    fn geography(&mut self) {
        let (rng, net) = (&mut self.rng, &mut self.net);
        net.countries = 2 + rng.below(2) as u32;
        net.sectors = 2;
        net.groups = rng.below(3) as u32;
        if rng.chance(0.5) {
            net.class_rank = (0..CLASSES).map(|_| rng.below(3) as u32).collect();
        }
        for _ in 0..2 + rng.below(3) {
            net.places.push(Place { country: CountryId(rng.below(net.countries as usize) as u32) });
        }
        for _ in 0..1 + rng.below(3) {
            let a = rng.below(net.countries as usize) as u32;
            let tonnes_per_day = rng.chance(0.35).then(|| rng.or(0.95, 0.3, 15.0, 0.0));
            let country_b = CountryId((a + 1) % net.countries);
            net.crossings.push(Crossing { country_a: CountryId(a), country_b, tonnes_per_day });
        }
        for _ in 0..rng.below(4) {
            net.traffic.push(Traffic {
                crossing: CrossingId::from(rng.below(net.crossings.len())),
                direction: if rng.chance(0.5) { Direction::AToB } else { Direction::BToA },
                class: ClassId(rng.below(CLASSES as usize) as u32),
                tonnes_per_day: rng.between(0.0, 10.0),
            });
        }
        for _ in 0..4 + rng.below(6) {
            let mut gates = if rng.chance(0.8) { 1 + rng.below(2) } else { 0 };
            let mut legs: Vec<Leg> = (0..1 + rng.below(3))
                .map(|_| {
                    let crossing = (gates > 0 && rng.chance(0.7)).then(|| {
                        gates -= 1;
                        let direction = if rng.chance(0.5) { Direction::AToB } else { Direction::BToA };
                        (CrossingId::from(rng.below(net.crossings.len())), direction)
                    });
                    let own = crossing.is_none_or(|(c, _)| net.crossings[c.index()].tonnes_per_day.is_none());
                    let tonnes_per_day = if own { rng.or(0.15, 0.3, 15.0, f64::INFINITY) } else { f64::INFINITY };
                    let least = u32::from(!own || tonnes_per_day.is_finite());
                    Leg { crossing, days: least.max(rng.below(4) as u32), tonnes_per_day }
                })
                .collect();
            if legs.iter().all(|l| l.days == 0) {
                let last = legs.len() - 1;
                legs[last].days = 1;
            }
            net.routes.push(Route { legs });
        }
    }

    /// Up to two currencies beside the first, each with one to three rates.
    fn currencies(&mut self) {
        let (rng, net) = (&mut self.rng, &mut self.net);
        net.other_currencies = rng.below(3) as u32;
        for currency in 1..=net.other_currencies {
            for _ in 0..1 + rng.below(3) {
                let from = net.start.plus(rng.days(-20, self.days));
                net.rates.push(Rate { currency: CurrencyId(currency), from, value: rng.between(0.05, 3.0) });
            }
        }
        net.rates.sort_by_key(|rate| (rate.currency, rate.from));
    }

    fn currency(&mut self) -> CurrencyId {
        CurrencyId(self.rng.below(1 + self.net.other_currencies as usize) as u32)
    }

    fn firms(&mut self, firms: usize) {
        let products = 2 + self.rng.below(firms.min(8) - 1);
        self.currencies();
        for _ in 0..products {
            let rng = &mut self.rng;
            self.net.products.push(Product {
                class: ClassId(rng.below(CLASSES as usize - 1) as u32),
                value_per_unit: rng.between(0.1, 50.0),
                value_from: ValueFrom::Stated,
                retail_price_per_unit: rng.between(1.0, 200.0),
                price_after_season_share: rng.unit(),
                kg_per_unit: rng.or(0.85, 1.0, 200.0, 0.0),
                spoilage_share_per_day: rng.or(0.25, 0.001, 0.1, 0.0),
            });
        }
        for firm in 0..firms {
            let currency = self.currency();
            let rng = &mut self.rng;
            let groups = self.net.groups as usize;
            self.net.firms.push(Firm {
                place: PlaceId::from(rng.below(self.net.places.len())),
                group: (groups > 0 && rng.chance(0.6)).then(|| GroupId(rng.below(groups) as u32)),
                sector: SectorId(rng.below(2) as u32),
                workers: rng.or(0.7, 1.0, 60.0, 0.0).floor(),
                wage_per_month: rng.or(0.7, 1.0, 300.0, 0.0),
                idle_pay_share: rng.unit(),
                levy_share: rng.or(0.4, 0.0, 0.6, 0.0),
                keep_months: rng.or(0.5, 0.0, 3.0, f64::INFINITY),
                opening_cash: rng.or(0.8, 0.0, 30_000.0, 0.0),
                rest_weekdays: if rng.chance(0.3) { 1 << rng.below(7) } else { 0 },
                currency,
                hire_days: rng.or(0.3, 1.0, 20.0, f64::INFINITY),
                fire_days: rng.or(0.3, 1.0, 20.0, f64::INFINITY),
                insolvency_days: rng.or(0.3, 1.0, 20.0, f64::INFINITY),
                when_insolvent: [WhenInsolvent::Continue, WhenInsolvent::Stop, WhenInsolvent::Rescue][rng.below(3)],
                rescue_months: rng.between(0.0, 3.0),
            });
            // Every product has a maker; later firms make what they like, some nothing.
            if firm < products {
                self.line(firm, firm);
            }
            if self.rng.chance(if firm < products { 0.25 } else { 0.6 }) {
                let product = self.rng.below(products);
                self.line(firm, product);
            }
        }
    }

    /// Inputs are products of a lower number, so that there is a steady state.
    fn line(&mut self, firm: usize, product: usize) {
        let rng = &mut self.rng;
        let mut used: Vec<usize> = (0..product).filter(|_| rng.chance(0.5)).collect();
        used.truncate(3);
        let inputs: Vec<Input> = used
            .into_iter()
            .map(|p| Input {
                product: ProductId::from(p),
                per_unit: rng.or(0.97, 0.05, 3.0, 0.0),
                waste_share: rng.or(0.3, 0.0, 0.3, 0.0),
                supplied_by: if self.with_orders && rng.chance(0.6) { SuppliedBy::Client } else { SuppliedBy::Maker },
                importance: [Importance::Critical, Importance::Important, Importance::Other][rng.below(6).saturating_sub(3)],
            })
            .collect();
        let capacity = if rng.chance(0.05) { 0.0 } else { rng.or(0.8, 2.0, 200.0, f64::INFINITY) };
        let labour = if self.net.firms[firm].workers > 0.0 { rng.or(0.7, 0.01, 1.0, 0.0) } else { 0.0 };
        let rules = [Rationing::Proportional, Rationing::LeastServed, Rationing::ClassPriority, Rationing::Oldest];
        let rationing = rules[rng.below(4)];
        let line = self.net.add_line(FirmId::from(firm), ProductId::from(product), capacity, labour, &inputs);
        self.net.lines[line.index()].rationing = rationing;
    }

    /// Six sets of restock terms, three of plan terms, eight of schedule terms.
    fn terms(&mut self) {
        for k in 0..17 {
            let crossings = self.net.crossings.len();
            let rng = &mut self.rng;
            let interval = rng.between(3.0, 20.0);
            self.net.terms.push(Terms {
                ordering: [Ordering::Restock, Ordering::Plan, Ordering::Schedule][usize::from(k >= 6) + usize::from(k >= 9)],
                class: rng.chance(0.3).then(|| ClassId(rng.below(CLASSES as usize - 1) as u32)),
                dispatch: [Dispatch::Continuous, Dispatch::Lot, Dispatch::Collection][rng.below(3)],
                work: if k % 3 == 1 { Work::Early } else { Work::Spread },
                leave_days_before_due: if k % 4 == 2 { 1.0 + k as f64 } else { f64::INFINITY },
                stock_by_supplier: k < 3,
                stock_days: rng.between(1.0, 25.0),
                restock_days: rng.between(1.0, 10.0),
                hold_patience_days: rng.between(0.0, 30.0),
                lots_per_order: 1.0 + rng.below(5) as f64,
                collection_interval_days: interval,
                prepaid_share: rng.or(0.6, 0.0, 1.0, 0.0),
                title: if k % 2 == 1 { Title::Loading } else { Title::Delivery },
                news_days: if k % 3 == 0 { 4.0 } else { 0.0 },
                season_settlement_share: rng.or(0.4, 0.0, 1.0, 0.0),
                inspection_days: rng.below(8) as f64,
                net_days: rng.below(20) as f64,
                means: if rng.chance(0.3) { Means::Carried(CrossingId::from(rng.below(crossings))) } else { Means::Bank },
                theft_share: rng.or(0.4, 0.0, 0.2, 0.0),
                minimum_order_units: if k == 4 { 2.0 } else { 0.0 },
                retention_share: rng.or(0.3, 0.0, 0.1, 0.0),
                leftovers: [Leftovers::Returned, Leftovers::Retained, Leftovers::WrittenOff][rng.below(3)],
                over_shipment_share: rng.or(0.7, 0.0, 0.3, 0.0),
                purchase_lead_days: rng.below(15) as f64,
                input_window_days: rng.between(3.0, 40.0),
                input_lead_days: rng.below(8) as f64,
                consignment_interval_days: rng.between(1.0, 10.0),
                slack_days: rng.below(6) as f64,
                ceiling_days: rng.or(0.4, 0.5, 20.0, f64::INFINITY),
                stop_after_days: rng.or(0.7, 0.0, 15.0, f64::INFINITY),
                grace_days: rng.or(0.6, 0.0, 20.0, f64::INFINITY),
                compensation_share: rng.or(0.6, 0.0, 1.0, 0.0),
                cancel_late_days: rng.or(0.3, 0.0, 40.0, f64::INFINITY),
                moves_share: rng.or(0.8, 0.1, 1.0, 0.0),
                refused_share: rng.or(0.2, 0.0, 0.3, 0.0),
                compensation_means: match rng.below(4) {
                    0 => Some(Means::Bank),
                    1 => Some(Means::Carried(CrossingId::from(rng.below(crossings)))),
                    _ => None,
                },
            });
        }
    }

    /// What a contract at a price has beyond the columns: of each something or nothing.
    fn extras(&mut self, goods: f64, price: f64) -> Extras {
        let currency = self.currency();
        let routes = self.net.routes.len();
        let rng = &mut self.rng;
        let mut some_routes = |p: f64| {
            let count = if rng.chance(p) { 1 + rng.below(2) } else { 0 };
            (0..count).map(|_| RouteId::from(rng.below(routes))).collect()
        };
        let (alternative_routes, alternative_input_routes) = (some_routes(0.6), some_routes(0.9));
        Extras {
            currency,
            standby_share: rng.or(0.8, 0.0, 1.0, 0.0),
            credit_limit: rng.or(0.3, 0.0, goods * price.max(0.1), f64::INFINITY),
            alternative_routes,
            alternative_input_routes,
            switch: Switch::default(),
        }
    }

    /// Shares that bind, and what takes over in time: in three of four networks. They draw from a stream of their own.
    fn switching(&mut self, seed: u64) {
        let rng = &mut Rng(!seed);
        if rng.chance(0.25) {
            return;
        }
        self.net.settings.shares = Shares::Bind;
        let switch = |rng: &mut Rng, share: f64| Switch {
            share: rng.or(share, 0.0, 1.0, 0.0),
            after_days: rng.or(0.6, 0.0, 10.0, 0.0),
            days: rng.or(0.7, 0.0, 15.0, 0.0),
            return_days: rng.chance(0.5).then(|| rng.between(0.0, 20.0)),
        };
        for row in 0..self.net.contracts.len() {
            let mut extras = self.net.contracts.extras_of(row).clone();
            extras.switch = if rng.chance(0.6) { switch(rng, 0.6) } else { Switch::default() };
            match self.net.contracts.extras.binary_search_by_key(&ContractId::from(row), |(contract, _)| *contract) {
                Ok(at) => self.net.contracts.extras[at].1 = extras,
                Err(at) => self.net.contracts.extras.insert(at, (ContractId::from(row), extras)),
            }
        }
        let stores: Vec<(u32, u32)> = self.stocked.iter().copied().collect();
        for (buyer, product) in stores {
            if rng.chance(0.3) {
                self.net.newcomers.push(Newcomer {
                    buyer: FirmId(buyer),
                    product: ProductId(product),
                    switch: switch(rng, 1.0),
                    price_per_unit: rng.or(0.7, 0.1, 20.0, 0.0),
                    capacity_per_day: rng.or(0.5, 0.0, 20.0, f64::INFINITY),
                    travel_days: 1 + rng.below(12) as u32,
                });
            }
        }
    }

    fn sellers_of(&self, product: u32, buyer: u32) -> Vec<LineId> {
        let lines = self.net.lines.iter().enumerate();
        lines.filter(|(_, l)| l.product.0 == product && l.firm.0 != buyer).map(|(k, _)| LineId::from(k)).collect()
    }

    /// Up to three sellers with shares that sum to one.
    fn buy(&mut self, buyer: u32, product: u32, first_terms: usize, terms: usize) {
        let mut sellers = self.sellers_of(product, buyer);
        if sellers.is_empty() || !self.stocked.insert((buyer, product)) {
            return;
        }
        while sellers.len() > 3 {
            sellers.swap_remove(self.rng.below(sellers.len()));
        }
        let rng = &mut self.rng;
        let weights: Vec<f64> = sellers.iter().map(|_| rng.between(0.1, 1.0)).collect();
        let total: f64 = weights.iter().sum();
        let shared = first_terms + rng.below(terms);
        for (seller, weight) in sellers.into_iter().zip(weights) {
            let price = self.rng.or(0.6, 0.1, 20.0, 0.0);
            let extras = self.extras(300.0, price);
            let rng = &mut self.rng;
            // Sometimes the suppliers of one store have different terms.
            let own = first_terms + rng.below(terms);
            let terms = TermsId::from(if rng.chance(0.2) { own } else { shared });
            let route = RouteId::from(rng.below(self.net.routes.len()));
            // Some only stand by.
            let standby = extras.standby_share > 0.0 && rng.chance(0.3);
            self.net.contracts.push(Contract {
                seller,
                buyer: FirmId(buyer),
                terms,
                route,
                input_route: route,
                price_per_unit: price,
                share: if standby { 0.0 } else { weight / total },
                extras,
                ..Contract::default()
            });
        }
    }

    fn supply(&mut self) {
        for l in 0..self.net.lines.len() {
            let buyer = self.net.lines[l].firm.0;
            for input in self.net.inputs_of(LineId::from(l)).to_vec() {
                if input.supplied_by == SuppliedBy::Maker || self.rng.chance(0.3) {
                    self.buy(buyer, input.product.0, 0, 6);
                }
            }
        }
    }

    fn demands(&mut self) {
        for l in 0..self.net.lines.len() {
            let rng = &mut self.rng;
            let last = self.net.lines[l].product.index() + 1 == self.net.products.len();
            if !rng.chance(if last { 0.9 } else { 0.3 }) {
                continue;
            }
            let season =
                rng.chance(0.25).then(|| ((rng.days(1, 12) as i8, rng.days(1, 28) as i8), (rng.days(1, 12) as i8, rng.days(1, 28) as i8)));
            self.net.demands.push(Demand {
                line: LineId::from(l),
                quantity_per_day: rng.between(0.5, 60.0),
                season,
                price_per_unit: rng.or(0.7, 1.0, 100.0, 0.0),
                patience_days: if rng.chance(0.5) { rng.below(12) as u32 } else { 0 },
            });
        }
    }

    fn orders(&mut self) {
        for l in 0..self.net.lines.len() {
            if !self.rng.chance(0.7) {
                continue;
            }
            let seller = LineId::from(l);
            let firm = self.net.lines[l].firm;
            let buyer = FirmId::from(self.rng.below(self.net.firms.len()));
            if buyer == firm {
                continue;
            }
            let processing = self.rng.chance(0.7);
            if processing {
                for input in self.net.inputs_of(seller).to_vec() {
                    if input.supplied_by == SuppliedBy::Client {
                        self.buy(buyer.0, input.product.0, 6, 3);
                    }
                }
            }
            let contract = self.scheduled(seller, buyer, processing);
            // Another seller of the product, who may stand by.
            let mut others = self.sellers_of(self.net.lines[l].product.0, buyer.0);
            others.retain(|&other| other != seller);
            if !others.is_empty() && self.rng.chance(0.9) {
                let other = others[self.rng.below(others.len())];
                self.scheduled(other, buyer, processing);
            }
            let rng = &mut self.rng;
            for _ in 0..1 + rng.below(4) {
                let due = self.net.start.plus(rng.days(0, self.days + 20));
                let season_end = rng.chance(0.6).then(|| due.plus(rng.days(-20, 60)));
                self.net.orders.push(Order { contract, quantity: rng.or(0.97, 1.0, 2000.0, 0.0), due, season_end });
            }
        }
    }

    fn scheduled(&mut self, seller: LineId, buyer: FirmId, processing: bool) -> ContractId {
        let price = self.rng.or(0.8, 0.5, 30.0, 0.0);
        let extras = self.extras(1000.0, price);
        let rng = &mut self.rng;
        self.net.contracts.push(Contract {
            seller,
            buyer,
            kind: if processing { Kind::Processing } else { Kind::Sale },
            terms: TermsId::from(9 + rng.below(8)),
            route: RouteId::from(rng.below(self.net.routes.len())),
            input_route: RouteId::from(rng.below(self.net.routes.len())),
            price_per_unit: price,
            share: 1.0,
            collection_phase_share: rng.unit(),
            extras,
        })
    }

    fn some<T: From<usize>>(&mut self, count: usize) -> Vec<T> {
        (0..count).filter(|_| self.rng.chance(0.4)).map(T::from).collect()
    }

    /// Rules stop contracts, or watch them, in the networks where they may.
    fn rule(&mut self) -> Change {
        let contracts = self.some(self.net.contracts.len());
        let rng = &mut self.rng;
        if rng.chance(0.5) {
            return Change::Forbid(contracts);
        }
        let terms = Enforcement {
            detection_share: rng.or(0.8, 0.0, 0.6, 1.0),
            seized_share: rng.or(0.8, 0.0, 1.0, 1.0),
            fine_per_value: rng.or(0.7, 0.0, 3.0, 0.0),
            ends_share: rng.or(0.6, 0.0, 0.3, 0.0),
        };
        Change::Enforce(contracts, terms)
    }

    fn change(&mut self) -> Change {
        if self.net.rules_act && self.rng.chance(0.3) {
            return self.rule();
        }
        match self.rng.below(13) {
            0 => Change::Capacity(self.some(self.net.lines.len())),
            1 => Change::Attendance(self.some(self.net.firms.len())),
            2 => Change::Demand(self.some(self.net.demands.len())),
            3 => Change::OrderCut(self.some(self.net.contracts.len())),
            4 => Change::Cancel(self.some(self.net.contracts.len())),
            5 => Change::Refusal(self.some(self.net.contracts.len())),
            6 => Change::ExchangeRate((1..=self.net.other_currencies).map(CurrencyId).collect()),
            7 => {
                let firm = self.rng.below(self.net.firms.len());
                Change::Default(vec![FirmId::from(firm)])
            }
            _ => {
                let mut crossings: Vec<CrossingId> = self.some(self.net.crossings.len());
                let rng = &mut self.rng;
                let towards = rng.chance(0.4).then(|| CountryId(rng.below(self.net.countries as usize) as u32));
                let sides = |c: &CrossingId| [self.net.crossings[c.index()].country_a, self.net.crossings[c.index()].country_b];
                crossings.retain(|crossing| towards.is_none_or(|country| sides(crossing).contains(&country)));
                let class = rng.chance(0.4).then(|| ClassId(rng.below(CLASSES as usize) as u32));
                Change::OpenShare { crossings, towards, class }
            }
        }
    }

    fn events(&mut self) -> Vec<Event> {
        (0..2 + self.rng.below(9))
            .map(|_| {
                let change = self.change();
                let rng = &mut self.rng;
                let from = self.net.start.plus(rng.days(-5, self.days + 5));
                let value = if rng.chance(0.5) { 0.0 } else { rng.unit() };
                // A currency may lose much of its value, never all.
                let value = if matches!(change, Change::ExchangeRate(_)) { 0.2 + 2.0 * value } else { value };
                // A rule stops all or a share.
                let value = if matches!(change, Change::Forbid(_)) { 1.0 - value } else { value };
                // Demand and capacity may also rise.
                let value = if matches!(change, Change::Demand(_) | Change::Capacity(_)) && rng.chance(0.3) { 1.0 + value } else { value };
                Event {
                    change,
                    from,
                    to: rng.chance(0.8).then(|| from.plus(rng.days(0, 60))),
                    value,
                    ramp_in_days: if rng.chance(0.3) { rng.below(20) as u32 } else { 0 },
                    ramp_out_days: if rng.chance(0.3) { rng.below(20) as u32 } else { 0 },
                    background: rng.chance(0.3),
                }
            })
            .collect()
    }

    /// Places out of reach, stores destroyed or carried out; drawn last, so that all else stays as it was.
    fn place_events(&mut self) -> Vec<Event> {
        let rng = &mut self.rng;
        let count = if rng.chance(0.5) { 1 + rng.below(3) } else { 0 };
        (0..count)
            .map(|_| {
                let places = vec![PlaceId::from(rng.below(self.net.places.len()))];
                let after = [After::Returned, After::Lost, After::Sold][rng.below(3)];
                let change = match rng.below(5) {
                    0 => Change::Destroy(places),
                    1 => Change::Evacuate(places),
                    _ => Change::Freeze { places, after },
                };
                let from = self.net.start.plus(rng.days(-5, self.days));
                let value = if rng.chance(0.2) { 1.0 } else { rng.unit() };
                let to = rng.chance(0.8).then(|| from.plus(rng.days(0, 60)));
                Event { to, value, background: rng.chance(0.3), ..Event::new(change, from) }
            })
            .collect()
    }
}
