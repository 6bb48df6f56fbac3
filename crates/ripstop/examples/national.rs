//! A national network of 100,000 firms, made here: every tenth firm of one sector loses half its capacity.
//!
//! `cargo run --release -p ripstop --example national`

use ripstop::{Change, Contract, Day, Demand, Detail, Event, Firm, FirmId, Input, LineId, Network, NetworkError, Pair, Product, ProductId};
use ripstop::{SectorId, Terms};

const FIRMS: u32 = 100_000;
const SECTORS: u32 = 20;
const SUPPLIERS: u32 = 5;

/// A number below `below` that looks drawn, the same on every machine.
fn hashed(row: u32, question: u32, below: u32) -> u32 {
    let mut x = u64::from(row) << 32 | u64::from(question);
    for _ in 0..2 {
        x = (x ^ (x >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    (x >> 33) as u32 % below
}

fn main() -> Result<(), NetworkError> {
    let mut network = Network::new(Day(0), Day(364));
    network.sectors = SECTORS;
    network.products = (0..SECTORS).map(|_| Product { value_per_unit: 1.0, ..Product::default() }).collect();
    let terms = network.add_terms(Terms { stock_days: 9.0, restock_days: 6.0, ..Terms::default() });
    for row in 0..FIRMS {
        let sector = row % SECTORS;
        let firm = network.add_firm(Firm { sector: SectorId(sector), ..Firm::default() });
        // Firms of a sector buy from the sectors after it.
        let inputs: Vec<Input> = (1..=SUPPLIERS.min(SECTORS - 1 - sector))
            .map(|step| Input { product: ProductId(sector + step), per_unit: 0.15, ..Input::default() })
            .collect();
        let line = network.add_line(firm, ProductId(sector), f64::INFINITY, 0.0, &inputs);
        network.demands.push(Demand::new(line, 100.0));
    }
    for buyer in 0..FIRMS {
        let sector = buyer % SECTORS;
        for step in 1..=SUPPLIERS.min(SECTORS - 1 - sector) {
            let seller = LineId(hashed(buyer, step, FIRMS / SECTORS) * SECTORS + sector + step);
            network.contracts.push(Contract { seller, buyer: FirmId(buyer), share: 1.0, terms, ..Contract::default() });
        }
    }
    println!("{} firms, {} contracts", network.firms.len(), network.contracts.len());

    let hit: Vec<LineId> = (0..FIRMS).filter(|row| row % SECTORS == SECTORS - 1 && row % 10 == 9).map(LineId).collect();
    let shock = Event::new(Change::Capacity(hit), Day(30)).value(0.5).until(Day(120));
    let pair = Pair::run(network, vec![shock], Detail::Totals)?;
    let losses = pair.losses();
    println!("output lost {:.4e}, directly {:.4e}", losses.output, losses.direct);
    println!("final demand unmet {:.4e}", losses.final_demand_unmet);
    println!("largest goods residual {:.1e}", pair.scenario().goods_residual_max());
    Ok(())
}
