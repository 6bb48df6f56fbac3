//! What goods are counted at: one price of a good on both sides of the books, as output of who makes it and as input of who buys it.
//!
//! Every contract has a price it is *counted* at, in currency 0 at the rates of the first recorded day. A sale with a price has its own.
//! A sale without one takes the mean of its seller's priced contracts, else that of the product ([`Basis`] says in which order). A line's
//! price is the mean over all it sells, what a firm pays the mean over all it buys; so in a closed economy with level stocks value added
//! is final demand, whatever was taken. Who processes for a client is counted at the fee; to the client the goods then cost the fee and
//! the inputs it sends. What is taken changes no payment: a contract without price moves no money.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::compact::Compact;
use crate::model::ids::*;
use crate::model::network::*;
use crate::plan::steady;

/// Where a price comes from that the case does not give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The mean of the priced contracts of the same seller and product.
    Seller,
    /// The value of the product as stated.
    Value,
    /// The mean of the priced contracts of other sellers.
    Others,
    /// The value of the product by its recipe.
    Recipe,
    /// The mean price of final demand for the product.
    Demand,
    /// The retail list price of the product.
    Retail,
    /// Nothing is known: 1, so that quantities are money.
    Nothing,
}

impl Basis {
    /// Its word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Value => "value",
            Self::Others => "other_sellers",
            Self::Recipe => "recipe",
            Self::Demand => "final_demand",
            Self::Retail => "retail",
            Self::Nothing => "nothing",
        }
    }

    /// The same for readers: counted at 2, …
    pub fn words(self) -> &'static str {
        match self {
            Self::Seller => "the mean of what others pay the seller",
            Self::Value => "its value",
            Self::Others => "the mean of what other sellers are paid",
            Self::Recipe => "the value of its inputs",
            Self::Demand => "what final customers pay",
            Self::Retail => "its retail price",
            Self::Nothing => "for nothing says what it is worth",
        }
    }
}

/// Sales of a product without a price, and what they are counted at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Taken {
    /// The product.
    pub product: ProductId,
    /// Where the price comes from.
    pub basis: Basis,
    /// Lowest and highest of what is taken, currency 0 per unit.
    pub price: (f64, f64),
    /// The first contract without price, if there is one.
    pub contract: Option<ContractId>,
    /// How many contracts have none.
    pub contracts: usize,
    /// The first final demand without price, if there is one.
    pub demand: Option<DemandId>,
    /// How many rows of final demand have none.
    pub demands: usize,
}

/// What everything is counted at, currency 0 per unit.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// Line → price of its standing output.
    pub line: Vec<f64>,
    /// Line → value of the inputs a unit needs from the maker's own store.
    pub own_input_value: Vec<f64>,
    /// Line → value of the inputs a unit needs if the client consigns what it supplies.
    pub maker_input_value: Vec<f64>,
    /// Line → what its contracts and final demand without price are counted at.
    pub fill: Vec<(f64, Basis)>,
    /// Product → what it is counted at where no contract says more.
    pub product: Vec<(f64, Basis)>,
}

/// A mean under way: sum and weight, and the same unweighted.
#[derive(Clone, Copy, Default)]
struct Mean {
    weighted: (f64, f64),
    unweighted: (f64, f64),
}

impl Mean {
    fn add(&mut self, price: f64, weight: f64) {
        self.weighted = (self.weighted.0 + weight * price, self.weighted.1 + weight);
        self.unweighted = (self.unweighted.0 + price, self.unweighted.1 + 1.0);
    }

    /// Weighted where anything flows, else unweighted.
    fn value(self) -> Option<f64> {
        let mean = |(sum, weight): (f64, f64)| (weight > 0.0).then(|| sum / weight);
        mean(self.weighted).or(mean(self.unweighted))
    }
}

/// Prices of a network whose lines have these steady rates; `rates`: value of each currency in currency 0.
pub fn prices(network: &Network, steady_rate: &[f64], rates: &[f64]) -> Prices {
    Books { network, steady_rate, rates, priced: network.contracts.price_per_unit != Compact::alike(0.0, network.contracts.len()) }.prices()
}

/// What is sold without a price, and what it is counted at, by product.
pub fn taken(network: &Network, prices: &Prices) -> Vec<Taken> {
    let mut found: BTreeMap<(ProductId, Basis), Taken> = BTreeMap::new();
    let mut take = |line: LineId, price: f64, count: &dyn Fn(&mut Taken)| {
        let (product, basis) = (network.lines[line.index()].product, prices.fill[line.index()].1);
        let none = Taken { product, basis, price: (price, price), contract: None, contracts: 0, demand: None, demands: 0 };
        let taken = found.entry((product, basis)).or_insert(none);
        taken.price = (taken.price.0.min(price), taken.price.1.max(price));
        count(taken);
    };
    let contracts = &network.contracts;
    for row in (0..contracts.len()).filter(|&row| contracts.kind[row] == Kind::Sale && contracts.price_per_unit[row] <= 0.0) {
        let line = contracts.seller[row];
        take(line, prices.fill[line.index()].0, &|taken| {
            taken.contract.get_or_insert(ContractId::from(row));
            taken.contracts += 1;
        });
    }
    for (row, demand) in network.demands.iter().enumerate().filter(|(_, demand)| demand.price_per_unit <= 0.0) {
        take(demand.line, prices.line[demand.line.index()], &|taken| {
            taken.demand.get_or_insert(DemandId::from(row));
            taken.demands += 1;
        });
    }
    found.into_values().collect()
}

struct Books<'a> {
    network: &'a Network,
    steady_rate: &'a [f64],
    rates: &'a [f64],
    /// Whether any contract has a price.
    priced: bool,
}

/// Purchases of a firm: by firm and product.
type Paid = BTreeMap<(u32, u32), f64>;

impl Books<'_> {
    fn prices(&self) -> Prices {
        let flows = if self.priced { steady::contract_flows(self.network, self.steady_rate) } else { Vec::new() };
        let sold = self.demand_prices();
        let product = self.products(&flows, &sold);
        let fill = self.fills(&flows, &product);
        let line = self.lines(&flows, &fill);
        let paid = self.paid(&fill, &product);
        let cost = |line: &Line, all: bool| -> f64 {
            let inputs = &self.network.inputs[line.first_input as usize..line.last_input as usize];
            let used = inputs.iter().filter(|input| all || input.supplied_by == SuppliedBy::Maker);
            used.map(|input| per_unit(input) * price_for(&paid, &product, line.firm, input.product)).sum()
        };
        let lines = &self.network.lines;
        let own_input_value = lines.iter().map(|line| cost(line, true)).collect();
        let maker_input_value = lines.iter().map(|line| cost(line, false)).collect();
        Prices { line, own_input_value, maker_input_value, fill, product }
    }

    /// Price or fee of a contract in currency 0; 0: it has none.
    fn own(&self, row: usize) -> f64 {
        let contracts = &self.network.contracts;
        contracts.price_per_unit[row] * self.rates[contracts.extras_of(row).currency.index()]
    }

    fn is_sale(&self, row: usize) -> bool {
        self.network.contracts.kind[row] == Kind::Sale
    }

    /// Rows of contracts that may have a price.
    fn rows(&self) -> std::ops::Range<usize> {
        0..if self.priced { self.network.contracts.len() } else { 0 }
    }

    /// Line → what final demand with a price pays for a unit, and how much it takes.
    fn demand_prices(&self) -> Vec<Mean> {
        let network = self.network;
        let mut means = vec![Mean::default(); network.lines.len()];
        for demand in network.demands.iter().filter(|demand| demand.price_per_unit > 0.0) {
            let home = network.firms[network.lines[demand.line.index()].firm.index()].currency;
            means[demand.line.index()].add(demand.price_per_unit * self.rates[home.index()], demand.quantity_per_day);
        }
        means
    }

    /// What each product is counted at where a seller's own contracts do not say it.
    fn products(&self, flows: &[f64], sold: &[Mean]) -> Vec<(f64, Basis)> {
        let network = self.network;
        let mut traded = vec![Mean::default(); network.products.len()];
        for row in self.rows().filter(|&row| self.is_sale(row)) {
            let (product, price) = (network.lines[network.contracts.seller[row].index()].product, self.own(row));
            if price > 0.0 {
                traded[product.index()].add(price, flows[row]);
            }
        }
        let mut wanted = vec![Mean::default(); network.products.len()];
        for (line, mean) in network.lines.iter().zip(sold) {
            let all = &mut wanted[line.product.index()];
            all.weighted = (all.weighted.0 + mean.weighted.0, all.weighted.1 + mean.weighted.1);
            all.unweighted = (all.unweighted.0 + mean.unweighted.0, all.unweighted.1 + mean.unweighted.1);
        }
        let one = |(p, product): (usize, &Product)| {
            let value = |from| (product.value_from == from && product.value_per_unit > 0.0).then_some(product.value_per_unit);
            let retail = (product.retail_price_per_unit > 0.0).then_some(product.retail_price_per_unit);
            let known = [
                (value(ValueFrom::Stated), Basis::Value),
                (traded[p].value(), Basis::Others),
                (value(ValueFrom::Recipe), Basis::Recipe),
                (wanted[p].value(), Basis::Demand),
                (retail, Basis::Retail),
            ];
            known.into_iter().find_map(|(price, basis)| Some((price?, basis))).unwrap_or((1.0, Basis::Nothing))
        };
        network.products.iter().enumerate().map(one).collect()
    }

    /// Line → what its sales without price are counted at.
    fn fills(&self, flows: &[f64], product: &[(f64, Basis)]) -> Vec<(f64, Basis)> {
        let network = self.network;
        let mut own = vec![Mean::default(); network.lines.len()];
        for row in self.rows().filter(|&row| self.is_sale(row)) {
            let price = self.own(row);
            if price > 0.0 {
                own[network.contracts.seller[row].index()].add(price, flows[row]);
            }
        }
        let fill = |(line, mean): (&Line, &Mean)| mean.value().map_or(product[line.product.index()], |price| (price, Basis::Seller));
        network.lines.iter().zip(&own).map(fill).collect()
    }

    /// What a line's standing output sells for: the mean over final demand and contracts, weighted by steady quantity. Contracts without
    /// a steady flow (plans, order lines) count only where nothing else is known.
    fn lines(&self, flows: &[f64], fill: &[(f64, Basis)]) -> Vec<f64> {
        let network = self.network;
        let mut sums = self.demand_prices();
        for row in self.rows() {
            let (line, own) = (network.contracts.seller[row].index(), self.own(row));
            if own > 0.0 || self.is_sale(row) {
                let mean = &mut sums[line];
                let price = if own > 0.0 { own } else { fill[line].0 };
                mean.weighted = (mean.weighted.0 + flows[row] * price, mean.weighted.1 + flows[row]);
                mean.unweighted = (mean.unweighted.0 + price, mean.unweighted.1 + 1.0);
            }
        }
        if !self.priced {
            self.unpriced_flows(&mut sums, fill);
        }
        sums.iter().zip(fill).map(|(mean, fill)| mean.value().unwrap_or(fill.0)).collect()
    }

    /// Where no contract has a price all of a line's are counted alike: what they take is what final demand leaves.
    fn unpriced_flows(&self, sums: &mut [Mean], fill: &[(f64, Basis)]) {
        let mut left = self.steady_rate.to_vec();
        for demand in self.network.demands.iter().filter(|demand| demand.season.is_none()) {
            left[demand.line.index()] -= demand.quantity_per_day;
        }
        // What is left by rounding is no sale.
        for (line, units) in left.into_iter().enumerate().filter(|&(line, units)| units > 1e-9 * self.steady_rate[line]) {
            sums[line].weighted = (sums[line].weighted.0 + units * fill[line].0, sums[line].weighted.1 + units);
        }
    }

    /// What firms pay where it is not what the product is counted at: the mean over their purchases, by share or ordered quantity.
    fn paid(&self, fill: &[(f64, Basis)], product: &[(f64, Basis)]) -> Paid {
        let network = self.network;
        let contracts = &network.contracts;
        let key = |row: usize| (contracts.buyer[row].0, network.lines[contracts.seller[row].index()].product.0);
        let count = |row: usize| if self.own(row) > 0.0 { self.own(row) } else { fill[contracts.seller[row].index()].0 };
        let processing: Vec<usize> = if contracts.kind == Compact::alike(Kind::Sale, contracts.len()) {
            Vec::new()
        } else {
            (0..contracts.len()).filter(|&row| !self.is_sale(row)).collect()
        };
        let differs = |row: &usize| self.is_sale(*row) && count(*row).to_bits() != product[key(*row).1 as usize].0.to_bits();
        let mut asked: BTreeSet<(u32, u32)> = self.rows().filter(differs).map(key).collect();
        asked.extend(processing.iter().map(|&row| key(row)));
        if asked.is_empty() {
            return Paid::new();
        }
        let mut ordered = vec![0.0; contracts.len()];
        network.orders.iter().for_each(|order| ordered[order.contract.index()] += order.quantity);
        let weight = |row: usize| {
            let standing = network.terms[contracts.terms[row].index()].ordering != Ordering::Schedule;
            if standing { contracts.share[row] } else { ordered[row] }
        };
        let mut sums: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
        for row in (0..contracts.len()).filter(|&row| self.is_sale(row) && asked.contains(&key(row)) && weight(row) > 0.0) {
            let sum = sums.entry(key(row)).or_default();
            *sum = (sum.0 + weight(row) * count(row), sum.1 + weight(row));
        }
        self.processed(&processing, &sums, &weight, product)
    }

    /// What firms pay on the mean, from what they `bought`: sums at prices, and of weights. Goods that others make of a firm's inputs cost
    /// it the fee and the inputs; chains of processors settle tier by tier.
    fn processed(
        &self,
        processing: &[usize],
        bought: &BTreeMap<(u32, u32), (f64, f64)>,
        weight: &dyn Fn(usize) -> f64,
        product: &[(f64, Basis)],
    ) -> Paid {
        /// Longer chains of processors than this are cut; a ring of them has no end.
        const TIERS_MAX: usize = 64;
        let network = self.network;
        let contracts = &network.contracts;
        let mut paid: Paid = bought.iter().map(|(key, (sum, weight))| (*key, sum / weight)).collect();
        for _ in 0..TIERS_MAX {
            let mut sums: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
            for &row in processing.iter().filter(|&&row| weight(row) > 0.0) {
                let (line, buyer) = (&network.lines[contracts.seller[row].index()], contracts.buyer[row]);
                let inputs = network.inputs[line.first_input as usize..line.last_input as usize].iter();
                let sent = inputs.filter(|input| input.supplied_by == SuppliedBy::Client);
                let sent: f64 = sent.map(|input| per_unit(input) * price_for(&paid, product, buyer, input.product)).sum();
                let key = (buyer.0, line.product.0);
                let sum = sums.entry(key).or_insert_with(|| bought.get(&key).copied().unwrap_or_default());
                *sum = (sum.0 + weight(row) * (self.own(row) + sent), sum.1 + weight(row));
            }
            let mut moved = false;
            for (key, (sum, weight)) in sums {
                moved |= paid.insert(key, sum / weight) != Some(sum / weight);
            }
            if !moved {
                break;
            }
        }
        paid
    }
}

/// Units of an input that a unit takes, waste included.
fn per_unit(input: &Input) -> f64 {
    input.per_unit * (1.0 + input.waste_share)
}

/// What a firm pays for a product.
fn price_for(paid: &Paid, product: &[(f64, Basis)], firm: FirmId, good: ProductId) -> f64 {
    paid.get(&(firm.0, good.0)).copied().unwrap_or(product[good.index()].0)
}
