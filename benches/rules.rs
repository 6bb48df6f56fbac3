//! Rules over many contracts: a million contracts against fifty rules, tests and dates, on a network made in memory.
//!
//! `cargo bench -p ripstop-benches --bench rules` prints the time, the findings and the machine's memory bandwidth. Timing is never a test.

use std::time::Instant as Clock;

use ripstop::law::*;
use ripstop::model::calendar::Day;
use ripstop::model::ids::*;
use ripstop::model::network::*;
use ripstop_benches::bandwidth_gb_per_s;

const CONTRACTS: usize = 1_000_000;
const RULES: usize = 50;
const FIRMS: usize = 200_000;
const COUNTRIES: usize = 40;
const PRODUCTS: usize = 500;

/// A number below `bound` that only depends on `k`.
fn pick(k: usize, salt: u64, bound: usize) -> usize {
    let mut x = (k as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 31;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    ((x >> 33) as usize) % bound
}

fn network() -> Network {
    let mut net =
        Network { countries: COUNTRIES as u32, classes: 1, sectors: 1, start: Day(17_500), end: Day(18_500), ..Network::default() };
    net.places = (0..COUNTRIES).map(|c| Place { country: CountryId::from(c) }).collect();
    net.products = vec![Product::default(); PRODUCTS];
    net.firms = (0..FIRMS).map(|f| Firm { place: PlaceId::from(pick(f, 1, COUNTRIES)), ..Firm::default() }).collect();
    net.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }] });
    net.terms.push(Terms::default());
    for f in 0..FIRMS {
        let input = Input { product: ProductId::from(pick(f, 2, PRODUCTS)), per_unit: 1.0, ..Input::default() };
        net.add_line(FirmId::from(f), ProductId::from(pick(f, 3, PRODUCTS)), 1.0, 0.0, &[input]);
    }
    for k in 0..CONTRACTS {
        let seller = LineId::from(pick(k, 4, FIRMS));
        net.contracts.push(Contract { seller, buyer: FirmId::from(pick(k, 5, FIRMS)), price_per_unit: 1.0, ..Contract::default() });
    }
    net
}

fn facts(net: &Network) -> Facts {
    let firms = net.firms.iter().map(|f| {
        let nation = CountrySet::of(net.places[f.place.index()].country);
        FirmFacts { nationality: nation, labour: nation, tags: 0 }
    });
    let chapter = |p: usize| format!("{:02}{:02}", [3, 27, 50, 61, 62, 72, 84, 85][p % 8], 1 + p % 9);
    let products =
        (0..PRODUCTS).map(|p| ProductFacts { code: code_range(&chapter(p)).ok(), vintage: Vintage(2017), origin: None }).collect();
    let contracts = (0..CONTRACTS)
        .map(|k| ContractFacts {
            signed: Some(Signed::Day(17_000 + pick(k, 6, 1000) as i32)),
            written: Some(k % 3 > 0),
            ..ContractFacts::default()
        })
        .collect();
    Facts::new(net, firms.collect(), products, contracts)
}

/// Fifty rules of the shapes that laws have: goods from, to, of origin, worked in, party, labour; with a wind-down each.
fn rules() -> Vec<Rule> {
    let codes =
        |k: usize| Codes { vintage: Vintage(2017), ranges: vec![code_range(["50..63", "03", "27", "84", "72..83"][k % 5]).unwrap()] };
    (0..RULES)
        .map(|k| {
            let country = CountrySet::of(CountryId::from(k % COUNTRIES));
            let when = match k % 5 {
                0 => When { from: country, ..When::default() },
                1 => When { origin: country, to: CountrySet::of(CountryId::from((k + 7) % COUNTRIES)), ..When::default() },
                2 => When { processed_in: country, ..When::default() },
                3 => When { party: country, role: Role::Supplier, ..When::default() },
                _ => When { labour: country, ..When::default() },
            };
            let in_force = Instant::local(17_600 + k as i32, 0, 28_800);
            let wind_down = Exemption {
                wind_down: true,
                signed_before: Some(in_force),
                offset_seconds: 28_800,
                written: true,
                before: Some(Instant(in_force.0 + 90 * 86_400)),
                ..Exemption::default()
            };
            Rule { goods: (k % 2 == 0).then(|| codes(k)), in_force, when: vec![when], exemptions: vec![wind_down], ..Rule::default() }
        })
        .collect()
}

fn main() {
    println!("memory bandwidth, one thread, triad: {:.1} GB/s", bandwidth_gb_per_s());
    let start = Clock::now();
    let net = network();
    println!("{CONTRACTS} contracts, {FIRMS} firms made in {:.2} s", start.elapsed().as_secs_f64());
    let mut seconds = Vec::new();
    for _ in 0..5 {
        let start = Clock::now();
        let facts = facts(&net);
        let made = start.elapsed().as_secs_f64();
        let screen = Screen::new(rules(), facts, Vec::new(), &net);
        let (mut touched, mut forbidden, mut days_took) = (0_usize, 0_usize, 0.0);
        for contract in 0..CONTRACTS {
            let candidates = screen.candidates(&net, contract);
            let dates = Clock::now();
            for candidate in candidates {
                touched += 1;
                let rule = &screen.rules[candidate.rule as usize];
                let acts = Acts { days: net.start.0..net.end.0, clock: (43_200, 28_800) };
                forbidden += usize::from(forbidden_from(rule, &candidate, &screen.facts, &acts, &[Outcome::Breach]).is_some());
            }
            days_took += dates.elapsed().as_secs_f64();
        }
        let all = start.elapsed().as_secs_f64();
        println!(
            "{RULES} rules: facts and makers {made:.2} s, first days {days_took:.2} s, with tests {all:.2} s in all; {touched} touched, {forbidden} of them forbidden on some day"
        );
        seconds.push(all);
    }
    seconds.sort_by(f64::total_cmp);
    println!("median {:.2} s on one thread but for the facts", seconds[2]);
}
