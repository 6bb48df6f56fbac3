//! What a program sees: steps, events between days, the state wherever it lies.

use ripstop::{
    Change, Contract, ContractId, Day, Demand, DemandId, Enforcement, Event, Firm, FirmId, Input, LineId, Network, NetworkError, Product,
    ProductId, Recovery, Simulation, Terms,
};

/// A mill sells cloth to two makers, the second of which sells to a shop; 40 days.
fn network() -> Network {
    let mut network = Network::new(Day(100), Day(139));
    for _ in 0..4 {
        network.add_firm(Firm::default());
    }
    let [cloth, coat, parcel] = [1.0, 5.0, 6.0].map(|value| network.add_product(Product { value_per_unit: value, ..Product::default() }));
    let one = |product| [Input { product, per_unit: 2.0, ..Input::default() }];
    let mill = network.add_line(FirmId(0), cloth, 40.0, 0.0, &[]);
    let makers = [1, 2].map(|firm| network.add_line(FirmId(firm), coat, f64::INFINITY, 0.0, &one(cloth)));
    let shop = network.add_line(FirmId(3), parcel, f64::INFINITY, 0.0, &one(coat));
    let terms = network.add_terms(Terms { stock_days: 5.0, restock_days: 3.0, ..Terms::default() });
    for (seller, buyer) in [(mill, 1), (mill, 2), (makers[1], 3)] {
        network.contracts.push(Contract { seller, buyer: FirmId(buyer), share: 1.0, terms, ..Contract::default() });
    }
    network.demands.push(Demand::new(makers[0], 7.0));
    network.demands.push(Demand::new(shop, 3.0));
    network
}

/// An event of every kind that this network can have, from a day.
fn events(from: Day) -> Vec<Event> {
    let damage = |shape| Change::Damage { shares: vec![(LineId(1), 0.6), (LineId(3), 0.2)], shape, recovery_days: 9.0, stop_days: 2 };
    let half = |change| Event::new(change, from).value(0.5).until(from.plus(9)).ramps(2, 3);
    vec![
        half(Change::Capacity(vec![LineId(0)])),
        half(Change::Capacity(vec![LineId(2)])),
        half(Change::Demand(vec![DemandId(1)])),
        half(Change::OrderCut(vec![ContractId(1)])),
        half(Change::Refusal(vec![ContractId(2)])),
        Event::new(Change::Cancel(vec![ContractId(0)]), from).until(from.plus(3)),
        Event::new(Change::Default(vec![FirmId(2)]), from),
        Event::new(damage(Recovery::Linear), from),
        Event::new(damage(Recovery::Damped), from),
    ]
}

#[test]
fn an_event_added_on_the_day_before_is_as_one_known_from_the_start() {
    for (kind, event) in events(Day(112)).into_iter().enumerate() {
        let mut known = Simulation::new(network(), vec![event.clone()]).unwrap();
        known.run();
        let mut told = Simulation::new(network(), Vec::new()).unwrap();
        told.until(Day(111));
        assert_eq!(told.next_day(), Some(Day(112)));
        told.apply(event).unwrap();
        told.run();
        assert_eq!(known.state_hash(), told.state_hash(), "kind {kind}");
        assert_eq!(known.record().totals, told.record().totals, "kind {kind}");
        let mut quiet = Simulation::new(network(), Vec::new()).unwrap();
        quiet.run();
        assert_ne!(quiet.state_hash(), told.state_hash(), "kind {kind} does nothing");
    }
}

#[test]
fn events_follow_each_other() {
    let all = events(Day(105)).into_iter().zip(0..).map(|(event, k)| Event { from: event.from.plus(2 * k), to: None, ..event });
    let all: Vec<Event> = all.collect();
    let mut known = Simulation::new(network(), all.clone()).unwrap();
    known.run();
    let mut told = Simulation::new(network(), Vec::new()).unwrap();
    for event in all {
        told.until(event.from.plus(-1));
        told.apply(event).unwrap();
    }
    told.run();
    assert_eq!(known.state_hash(), told.state_hash());
}

#[test]
fn what_cannot_be_leaves_the_simulation_as_it_was() {
    let mut simulation = Simulation::new(network(), Vec::new()).unwrap();
    simulation.until(Day(110));
    let before = simulation.state_hash();
    let late = simulation.apply(Event::new(Change::Capacity(vec![LineId(0)]), Day(110)));
    assert_eq!(late, Err(NetworkError::EventInThePast { from: Day(110), next: Day(111) }));
    let watched = Change::Enforce(vec![ContractId(0)], Enforcement { detection_share: 2.0, ..Enforcement::default() });
    let wrong = [
        Event::new(Change::Capacity(vec![LineId(9)]), Day(120)),
        Event::new(Change::Demand(vec![DemandId(2)]), Day(120)),
        Event::new(Change::Capacity(vec![LineId(0)]), Day(120)).value(f64::NAN),
        Event::new(watched, Day(120)),
    ];
    for event in wrong {
        assert!(simulation.apply(event).is_err());
    }
    assert_eq!((simulation.state_hash(), simulation.events().len()), (before, 0));
}

#[test]
fn steps_and_dates_lead_to_the_same_bits_and_observers_see_each_day_once() {
    use std::sync::{Arc, Mutex};
    let hash = |walk: &dyn Fn(&mut Simulation)| {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let mut simulation = Simulation::new(network(), events(Day(108))).unwrap();
        let days = Arc::clone(&seen);
        simulation.observe(move |view| days.lock().unwrap().push(view.date().unwrap().0));
        walk(&mut simulation);
        assert_eq!(*seen.lock().unwrap(), (100..140).collect::<Vec<_>>());
        assert!(!simulation.step() && simulation.next_day().is_none());
        simulation.state_hash()
    };
    let all = hash(&|simulation| simulation.run());
    assert_eq!(all, hash(&|simulation| while simulation.step() {}));
    let dates = [Day(99), Day(103), Day(103), Day(500)];
    assert_eq!(all, hash(&|simulation| dates.iter().for_each(|&day| simulation.until(day))));
}

/// The same hand-worked numbers whether the state lies in columns of bulk lines or in stores: waste or labour of one maker changes which.
#[test]
fn a_view_finds_a_stock_wherever_it_lies() {
    for (workers, labour) in [(0.0, 0.0), (100.0, 0.1)] {
        let mut network = network();
        network.firms[1].workers = workers;
        network.lines[1].labour_days_per_unit = labour;
        let mut simulation = Simulation::new(network, Vec::new()).unwrap();
        simulation.until(Day(104));
        let view = simulation.view();
        // 7 coats a day need 14 of cloth; of five days' cover a day is used by the evening.
        assert!((view.stock(FirmId(1), ProductId(0)) - 56.0).abs() < 1e-12);
        assert!((view.stock(FirmId(2), ProductId(0)) - 48.0).abs() < 1e-12);
        assert!((view.stock(FirmId(3), ProductId(1)) - 24.0).abs() < 1e-12);
        assert_eq!(view.stock(FirmId(1), ProductId(2)), 0.0, "it keeps no parcels");
        let made = [0, 1, 2, 3].map(|line| view.line(LineId(line)).output());
        assert!(made.iter().zip([26.0, 7.0, 6.0, 3.0]).all(|(made, wanted)| (made - wanted).abs() < 1e-12), "{made:?}");
        assert_eq!((view.cash(FirmId(1)), view.line(LineId(1)).served_share()), (0.0, 1.0));
    }
}
