//! Links put in order: those of a buyer together, by the sector of the seller; pairs that stand twice added up.

use super::{Faults, Field, Firms, NO_FIRM, Place, Read, Rows};
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::{Case, Values};

/// The links of a case in compressed rows: buyer by buyer, within a buyer by sector of the seller, then seller.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Buyer (row of firms) → first link; one more at the end.
    pub first: Vec<u32>,
    /// Seller of each link (row of firms).
    pub seller: Vec<u32>,
    /// What the buyer takes of it, units a day.
    pub value_per_day: Vec<f64>,
    /// Firm → what it sells by links, units a day.
    pub sold: Vec<f64>,
    /// Firm → what it buys by links, units a day.
    pub bought: Vec<f64>,
    /// Rows of the file, before pairs were added up.
    pub rows: usize,
}

impl Links {
    /// Number of links.
    pub fn len(&self) -> usize {
        self.seller.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.seller.is_empty()
    }

    /// The links of a buyer.
    pub fn of(&self, buyer: usize) -> std::ops::Range<usize> {
        self.first[buyer] as usize..self.first[buyer + 1] as usize
    }

    /// The buyer of a link.
    pub fn buyer(&self, link: usize) -> u32 {
        self.first.partition_point(|&first| first as usize <= link) as u32 - 1
    }

    /// What final buyers take of each firm's good, units a day: `final_demand_per_day`, or what the links leave of `output_per_day`.
    pub fn final_demand(&self, case: &Case, values: &Values) -> Vec<f64> {
        let firms = case.table("firms");
        let [given, output] = ["final_demand_per_day", "output_per_day"].map(|name| firms.col(name));
        let of = |firm: usize| match (firms.number(given, firm, values), firms.number(output, firm, values)) {
            (Some(given), _) => given,
            (None, Some(output)) => (output - self.sold[firm]).max(0.0),
            (None, None) => 0.0,
        };
        (0..firms.rows()).map(of).collect()
    }

    /// What other tables take of each firm's own good, units a day: contracts with a daily quantity and rows of demand.
    pub fn other_demand(&self, case: &Case, values: &Values) -> Vec<f64> {
        let (firms, products) = (case.table("firms"), case.table("products"));
        let mut taken = vec![0.0; firms.rows()];
        for (name, seller) in [("contracts", "seller"), ("demand", "firm")] {
            let table = case.table(name);
            let [seller, product, quantity] = [seller, "product", "quantity_per_day"].map(|name| table.col(name));
            for row in 0..table.rows() {
                let pair = table.reference(seller, row).zip(table.reference(product, row));
                let own = |(firm, product): &(u32, u32)| firms.text(firms.col("sector"), *firm as usize) == Some(products.id(*product));
                if let Some((firm, _)) = pair.filter(own) {
                    taken[firm as usize] += table.number(quantity, row, values).unwrap_or(0.0);
                }
            }
        }
        taken
    }
}

/// What is said once, with a count and the first row.
#[derive(Default)]
struct Tally {
    count: usize,
    value: f64,
    first: Option<usize>,
}

impl Tally {
    fn add(&mut self, row: usize, value: f64) {
        self.count += 1;
        self.value += value;
        self.first = Some(self.first.map_or(row, |first| first.min(row)));
    }
}

/// Puts the rows in order and says which were added up or left out.
pub(super) fn build(read: Read, firms: &Firms, file: &str, faults: &mut Faults) -> Links {
    let Read { rows, place } = read;
    let count = firms.raw.rows();
    let order = by_buyer(&rows, count);
    let mut links = Links { first: Vec::with_capacity(count + 1), rows: rows.value.len(), ..Links::default() };
    (links.sold, links.bought) = (vec![0.0; count], vec![0.0; count]);
    links.seller.reserve_exact(order.rows.len());
    links.value_per_day.reserve_exact(order.rows.len());
    let [mut twice, mut own, mut zero] = [(); 3].map(|()| Tally::default());
    let mut group: Vec<(u32, u32, u32)> = Vec::new();
    let mut same: Vec<f64> = Vec::new();
    for buyer in 0..count {
        links.first.push(links.seller.len() as u32);
        group.clear();
        let rows_of = &order.rows[order.first[buyer] as usize..order.first[buyer + 1] as usize];
        group.extend(rows_of.iter().map(|&row| (firms.sector[rows.seller[row as usize] as usize], rows.seller[row as usize], row)));
        group.sort_unstable();
        let start = links.seller.len();
        for pair in group.chunk_by(|a, b| a.1 == b.1) {
            same.clear();
            for &(_, seller, row) in pair {
                let value = rows.value[row as usize];
                if seller as usize == buyer {
                    own.add(row as usize, value);
                    continue;
                }
                if value == 0.0 {
                    zero.add(row as usize, value);
                    continue;
                }
                if !same.is_empty() {
                    twice.add(row as usize, value);
                }
                same.push(value);
            }
            if !same.is_empty() {
                // In order of size: the sum is the same however the rows of the file stand.
                same.sort_unstable_by(f64::total_cmp);
                links.seller.push(pair[0].1);
                links.value_per_day.push(same.iter().sum());
            }
        }
        for link in start..links.seller.len() {
            links.sold[links.seller[link] as usize] += links.value_per_day[link];
            links.bought[buyer] += links.value_per_day[link];
        }
    }
    links.first.push(links.seller.len() as u32);
    say(&place, file, [twice, own, zero], faults);
    links
}

/// Rows by buyer, in file order within a buyer.
struct Order {
    first: Vec<u32>,
    rows: Vec<u32>,
}

/// Rows whose seller and buyer are known, sorted by buyer in one pass of counting.
fn by_buyer(rows: &Rows, firms: usize) -> Order {
    let known = |row: &usize| rows.seller[*row] != NO_FIRM && rows.buyer[*row] != NO_FIRM;
    let mut first = vec![0_u32; firms + 1];
    (0..rows.value.len()).filter(known).for_each(|row| first[rows.buyer[row] as usize + 1] += 1);
    for firm in 0..firms {
        first[firm + 1] += first[firm];
    }
    let mut next = first.clone();
    let mut sorted = vec![0_u32; first[firms] as usize];
    for row in (0..rows.value.len()).filter(known) {
        let place = &mut next[rows.buyer[row] as usize];
        sorted[*place as usize] = row as u32;
        *place += 1;
    }
    Order { first, rows: sorted }
}

fn say(place: &Place, file: &str, [twice, own, zero]: [Tally; 3], faults: &mut Faults) {
    let rows = |count: usize, one: &str, many: &str| if count == 1 { format!("1 row {one}") } else { format!("{count} rows {many}") };
    let at = |tally: &Tally, field| -> Option<Position> { tally.first.map(|row| place.position(field, row)) };
    if let Some(at) = at(&twice, Field::Buyer) {
        let some = rows(twice.count, "names a pair", "name pairs");
        let message = format!(
            "{some} of seller and buyer that stood before in {file}; added up (together {}); the first is here",
            figure(twice.value)
        );
        faults.push(Diagnostic::new(Code::DuplicateLink, &at, message));
    }
    if let Some(at) = at(&own, Field::Buyer) {
        let message = format!(
            "{} from a firm to itself in {file}; left out (together {}); the first is here",
            rows(own.count, "leads", "lead"),
            figure(own.value)
        );
        faults.push(Diagnostic::new(Code::SelfLink, &at, message));
    }
    if let Some(at) = at(&zero, Field::Value) {
        let message = format!("{} the value 0 in {file}; left out; the first is here", rows(zero.count, "has", "have"));
        faults.push(Diagnostic::new(Code::ZeroLink, &at, message));
    }
}

/// A number for a message: four digits.
pub(crate) fn figure(number: f64) -> String {
    if (0.01..1e6).contains(&number) { format!("{}", (number * 100.0).round() / 100.0) } else { format!("{number:.3e}") }
}
