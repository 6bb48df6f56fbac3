//! Networks made in memory, the same on every machine: firms with power-law degrees, and a routed chain with money and jobs.

use ripstop::model::calendar::Day;
use ripstop::model::compact::Compact;
use ripstop::model::damage::Recovery;
use ripstop::model::events::{Change, Event};
use ripstop::model::ids::*;
use ripstop::model::network::*;

/// Sectors of a network of firms: inputs are told apart by sector.
const SECTORS: usize = 100;
/// Exponents of the complementary distribution of the number of suppliers and of customers.
const SUPPLIERS_TAIL: f64 = 1.35;
const CUSTOMERS_TAIL: f64 = 1.26;

/// Reproducible numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn uniform(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A rank below `count` drawn with weight (rank + 1)^(−1/tail).
fn rank(random: &mut Random, count: usize, tail: f64) -> usize {
    let power = 1.0 - 1.0 / tail;
    let top = (count as f64 + 1.0).powf(power);
    let x = (1.0 + random.uniform() * (top - 1.0)).powf(1.0 / power) - 1.0;
    (x as usize).min(count - 1)
}

/// How ids are given to firms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// As it comes: whoever has many customers stands anywhere.
    Scattered,
    /// By number of customers, most first.
    ByDegree,
}

/// What to make.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Firms.
    pub firms: usize,
    /// Contracts.
    pub links: usize,
    /// How lines share out.
    pub rationing: Rationing,
    /// Stock per supplier, as Inoue & Todo, or per product.
    pub by_supplier: bool,
    /// How ids are given.
    pub labels: Labels,
    /// Simulated days.
    pub days: i32,
}

/// Firms that supply each other: one line each, inputs by sector, output P = final demand + sales, final demand such that value added is a
/// fifth at least.
pub fn firms(shape: Shape) -> Network {
    let (count, links) = (shape.firms, shape.links);
    let mut random = Random(331);
    let scatter = |rank: usize, odd: u64| (rank as u64).wrapping_mul(odd) as usize % count;
    // Suppliers by popularity; clients by another order, so that big sellers are not big buyers by name.
    let supplier = |rank: usize| if shape.labels == Labels::ByDegree { rank } else { scatter(rank, 1_000_003) };
    let mut list: Vec<(u32, u32, f32)> = Vec::with_capacity(links);
    for _ in 0..links {
        let from = supplier(rank(&mut random, count, CUSTOMERS_TAIL));
        let to = scatter(rank(&mut random, count, SUPPLIERS_TAIL), 1_000_033);
        let to = if to == from { (to + 1) % count } else { to };
        list.push((to as u32, from as u32, (0.05 + random.uniform()) as f32));
    }
    let sector = |firm: u32| (u64::from(firm).wrapping_mul(2_654_435_761) >> 7) as usize % SECTORS;
    list.sort_unstable_by_key(|&(to, from, _)| (to, sector(from), from));
    let (mut sales, mut bought) = (vec![0.0; count], vec![0.0; count]);
    for &(to, from, value) in &list {
        sales[from as usize] += f64::from(value);
        bought[to as usize] += f64::from(value);
    }
    let demand: Vec<f64> = (0..count).map(|f| (1.25 * bought[f] - sales[f]).max(1.0)).collect();
    let settings = Settings { plan_rate: PlanRate::Realised, ..Settings::default() };
    let mut net = Network { start: Day(0), end: Day(shape.days - 1), settings, classes: 1, countries: 1, sectors: 1, ..Network::default() };
    net.places.push(Place::default());
    net.firms = vec![Firm::default(); count];
    net.products = vec![Product { value_per_unit: 1.0, ..Product::default() }; SECTORS];
    net.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }] });
    net.terms.push(Terms { stock_by_supplier: shape.by_supplier, ..Terms::default() });
    net.lines.reserve_exact(count);
    net.demands.reserve_exact(count);
    let mut share = vec![0.0; links];
    let (mut at, mut inputs) = (0, Vec::new());
    for firm in 0..count {
        let output = demand[firm] + sales[firm];
        inputs.clear();
        while at < links && list[at].0 as usize == firm {
            let (first, of) = (at, sector(list[at].1));
            let mut sum = 0.0;
            while at < links && list[at].0 as usize == firm && sector(list[at].1) == of {
                sum += f64::from(list[at].2);
                at += 1;
            }
            (first..at).for_each(|link| share[link] = f64::from(list[link].2) / sum);
            inputs.push(Input { product: ProductId::from(of), per_unit: sum / output, ..Input::default() });
        }
        let line = net.add_line(FirmId::from(firm), ProductId::from(sector(firm as u32)), output, 0.0, &inputs);
        net.lines[firm].rationing = shape.rationing;
        net.demands.push(Demand { line, quantity_per_day: demand[firm], season: None, price_per_unit: 0.0, patience_days: 0 });
    }
    net.inputs.shrink_to_fit();
    net.contracts.seller = list.iter().map(|&(_, from, _)| LineId(from)).collect();
    net.contracts.buyer = list.iter().map(|&(to, _, _)| FirmId(to)).collect();
    net.contracts.share = share.into();
    let alike = Compact::alike(RouteId(0), links);
    (net.contracts.route, net.contracts.input_route) = (alike.clone(), alike);
    net.contracts.kind = Compact::alike(Kind::Sale, links);
    net.contracts.terms = Compact::alike(TermsId(0), links);
    net.contracts.price_per_unit = Compact::alike(0.0, links);
    net.contracts.collection_phase_share = Compact::alike(0.0, links);
    net
}

/// One firm in a hundred loses four fifths of its capacity on day 1 and regains it over 60 days.
pub fn shock(firms: usize) -> Event {
    let shares = (0..firms).step_by(100).map(|firm| (LineId::from(firm), 0.8)).collect();
    let change = Change::Damage { shares, shape: Recovery::Linear, recovery_days: 60.0, stop_days: 0 };
    Event { change, from: Day(1), to: None, value: 0.0, ramp_in_days: 0, ramp_out_days: 0, background: false }
}

/// `contracts` priced contracts over a crossing, three days on the way, between firms with workers, wages and accounts: ten tiers, every
/// firm buys from five of the tier above.
pub fn chain(contracts: usize, days: i32) -> Network {
    const TIERS: usize = 10;
    const SUPPLIERS: usize = 5;
    let width = contracts / (SUPPLIERS * (TIERS - 1));
    let mut net = Network { start: Day(0), end: Day(days - 1), classes: 2, countries: 2, sectors: 1, ..Network::default() };
    net.places = vec![Place { country: CountryId(0) }, Place { country: CountryId(1) }];
    net.crossings.push(Crossing { country_a: CountryId(0), country_b: CountryId(1), tonnes_per_day: None });
    let over = Leg { crossing: Some((CrossingId(0), Direction::AToB)), days: 2, ..Leg::default() };
    net.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }, over] });
    net.terms.push(Terms { net_days: 30.0, ..Terms::default() });
    net.products = (0..TIERS).map(|tier| Product { value_per_unit: 1.0 + tier as f64, ..Product::default() }).collect();
    for tier in 0..TIERS {
        for firm in 0..width {
            let place = PlaceId((tier % 2) as u32);
            let wages =
                Firm { place, workers: 12.0, wage_per_month: 20.0, opening_cash: 5e3, rest_weekdays: 0b100_0000, ..Firm::default() };
            net.firms.push(wages);
            let id = FirmId::from(tier * width + firm);
            let input = Input { product: ProductId(tier as u32 - u32::from(tier > 0)), per_unit: 1.0, ..Input::default() };
            let inputs = if tier > 0 { &[input][..] } else { &[] };
            let line = net.add_line(id, ProductId(tier as u32), 15.0, 1.0, inputs);
            if tier == TIERS - 1 {
                net.demands.push(Demand { line, quantity_per_day: 8.0, season: None, price_per_unit: 30.0, patience_days: 5 });
            }
            for k in 0..if tier > 0 { SUPPLIERS } else { 0 } {
                let seller = LineId::from((tier - 1) * width + (firm + k * k * 7) % width);
                let (share, price_per_unit) = (1.0 / SUPPLIERS as f64, 2.0 + tier as f64);
                net.contracts.push(Contract { seller, buyer: id, share, price_per_unit, ..Contract::default() });
            }
        }
    }
    net
}
