//! What is known of a case for its rules: firms, goods, contracts, and where and by whom goods were made.

use super::codes::{CodeRange, Vintage};
use super::countries::CountrySet;
use super::rules::{Instant, Relation, Truth};
use crate::model::ids::*;
use crate::model::network::{Kind, Network, SuppliedBy};

/// A firm, as rules see it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FirmFacts {
    /// Its nationality and that of its owner.
    pub nationality: CountrySet,
    /// Nationality of its people.
    pub labour: CountrySet,
    /// Tags of the firm and its owner (bits).
    pub tags: u64,
}

/// A good, as rules see it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProductFacts {
    /// Its code; `None`: not in the case.
    pub code: Option<CodeRange>,
    /// Edition of the code.
    pub vintage: Vintage,
    /// Origin, where the case states it; else it follows from who makes it.
    pub origin: Option<CountryId>,
}

/// A contract, as rules see it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ContractFacts {
    /// Day or moment of signing.
    pub signed: Option<Signed>,
    /// Whether it is written.
    pub written: Option<bool>,
    /// Papers that are in the case (bits).
    pub papers: u64,
    /// Tags (bits).
    pub tags: u64,
    /// What it is.
    pub relation: Relation,
    /// Origin that the label or declaration of the goods names.
    pub declared_origin: Option<CountryId>,
    /// Whether the buyer was told who makes the goods.
    pub maker_disclosed: Option<bool>,
}

/// When a contract was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// On a civil day, days since 1970-01-01.
    Day(i32),
    /// At a moment.
    At(Instant),
}

impl Signed {
    /// The moment; a day counts as its noon in the zone of whoever asks.
    pub fn instant(self, offset_seconds: i32) -> Instant {
        match self {
            Self::Day(day) => Instant::local(day, super::rules::DAY / 2, offset_seconds),
            Self::At(instant) => instant,
        }
    }
}

/// Countries that must, and that may, have had a part in what a line delivers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MadeIn {
    /// Certain: whichever supplier the goods came from.
    pub must: CountrySet,
    /// Possible: by some supplier.
    pub may: CountrySet,
}

impl MadeIn {
    /// Whether one of some countries had a part.
    pub fn meets(&self, asked: &CountrySet) -> Truth {
        if self.must.meets(asked) {
            Truth::Yes
        } else if self.may.meets(asked) {
            Truth::Unknown
        } else {
            Truth::No
        }
    }
}

/// Per line: who had a part in its goods, through resale and inputs.
#[derive(Clone, Debug, Default)]
pub struct Makers {
    /// Place of the last maker, which is no reseller.
    pub origin: Vec<MadeIn>,
    /// Places of all makers, of inputs too.
    pub processed: Vec<MadeIn>,
    /// Nationalities of all who worked.
    pub labour: Vec<MadeIn>,
}

/// All that rules look at.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Firms.
    pub firms: Vec<FirmFacts>,
    /// Products.
    pub products: Vec<ProductFacts>,
    /// Contracts; fewer than the network's: the rest has none.
    pub contracts: Vec<ContractFacts>,
    /// Makers, by line.
    pub makers: Makers,
    /// Route → countries a leg leaves, and enters, at crossings.
    pub crossed: Vec<(CountrySet, CountrySet)>,
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// Delivered goods.
    Goods,
    /// Inputs the client sends.
    Inputs,
    /// The contract.
    Contract,
    /// The work.
    Labour,
}

impl Object {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Inputs => "inputs",
            Self::Contract => "contract",
            Self::Labour => "labour",
        }
    }
}

/// One thing that is judged: a product that goes one way under a contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Consignment {
    /// The contract.
    pub contract: ContractId,
    /// Goods or inputs.
    pub object: Object,
    /// The product.
    pub product: ProductId,
    /// Who supplies.
    pub supplier: FirmId,
    /// Who receives.
    pub recipient: FirmId,
    /// Countries a leg leaves.
    pub from: CountrySet,
    /// Countries a leg enters.
    pub to: CountrySet,
    /// Where it is from.
    pub origin: MadeIn,
    /// Where it was worked.
    pub processed: MadeIn,
    /// By whom it was worked.
    pub labour: MadeIn,
}

/// Most rounds in which makers are passed on along contracts: longer chains keep what is certain by then.
const ROUNDS: usize = 64;

impl Facts {
    /// Facts of a network where only firms, products and contracts are given: makers and crossings follow from it.
    pub fn new(network: &Network, firms: Vec<FirmFacts>, products: Vec<ProductFacts>, contracts: Vec<ContractFacts>) -> Self {
        let crossed = network.routes.iter().map(|route| crossed(network, route)).collect();
        let mut facts = Self { firms, products, contracts, makers: Makers::default(), crossed };
        let place = |firm: FirmId| CountrySet::of(network.places[network.firms[firm.index()].place.index()].country);
        facts.makers.origin = spread(network, false, &place);
        facts.makers.processed = spread(network, true, &place);
        let nations: Vec<CountrySet> = facts.firms.iter().map(|f| f.labour).collect();
        facts.makers.labour = spread(network, true, &|firm| nations[firm.index()]);
        facts
    }

    /// What is known of a contract.
    pub fn contract(&self, contract: usize) -> ContractFacts {
        self.contracts.get(contract).copied().unwrap_or_default()
    }

    /// The goods of a contract on their way to the buyer.
    pub fn goods(&self, network: &Network, contract: usize) -> Consignment {
        let contracts = &network.contracts;
        let l = contracts.seller[contract];
        let line = &network.lines[l.index()];
        let (from, to) = self.ends(network, line.firm, contracts.buyer[contract], contracts.route[contract]);
        let stated = self.products[line.product.index()].origin.map(CountrySet::of);
        Consignment {
            contract: ContractId::from(contract),
            object: Object::Goods,
            product: line.product,
            supplier: line.firm,
            recipient: contracts.buyer[contract],
            from,
            to,
            origin: stated.map_or(self.makers.origin[l.index()], |set| MadeIn { must: set, may: set }),
            processed: self.makers.processed[l.index()],
            labour: self.makers.labour[l.index()],
        }
    }

    /// The inputs a client sends under a processing contract. Where they were made is not followed: it is unknown unless stated.
    pub fn inputs<'a>(&'a self, network: &'a Network, contract: usize) -> impl Iterator<Item = Consignment> + 'a {
        let contracts = &network.contracts;
        let l = contracts.seller[contract];
        let line = &network.lines[l.index()];
        let processing = contracts.kind[contract] == Kind::Processing;
        let inputs = if processing { network.inputs_of(l) } else { &[] };
        let (from, to) = match processing {
            true => self.ends(network, contracts.buyer[contract], line.firm, contracts.input_route[contract]),
            false => Default::default(),
        };
        inputs.iter().filter(|input| input.supplied_by == SuppliedBy::Client).map(move |input| {
            let stated = self.products[input.product.index()].origin.map(CountrySet::of);
            let made = stated.map_or(MadeIn { must: CountrySet::default(), may: from }, |set| MadeIn { must: set, may: set });
            Consignment {
                contract: ContractId::from(contract),
                object: Object::Inputs,
                product: input.product,
                supplier: contracts.buyer[contract],
                recipient: line.firm,
                from,
                to,
                origin: made,
                processed: made,
                labour: made,
            }
        })
    }

    fn ends(&self, network: &Network, supplier: FirmId, recipient: FirmId, route: RouteId) -> (CountrySet, CountrySet) {
        let country = |firm: FirmId| network.places[network.firms[firm.index()].place.index()].country;
        let (mut from, mut to) = self.crossed.get(route.index()).copied().unwrap_or_default();
        from.add(country(supplier));
        to.add(country(recipient));
        (from, to)
    }
}

/// Countries that a route leaves and enters at its crossings.
fn crossed(network: &Network, route: &crate::model::network::Route) -> (CountrySet, CountrySet) {
    let (mut left, mut entered) = (CountrySet::default(), CountrySet::default());
    for (crossing, direction) in route.legs.iter().filter_map(|leg| leg.crossing) {
        let point = &network.crossings[crossing.index()];
        let (from, to) = match direction {
            crate::model::network::Direction::AToB => (point.country_a, point.country_b),
            crate::model::network::Direction::BToA => (point.country_b, point.country_a),
        };
        left.add(from);
        entered.add(to);
    }
    (left, entered)
}

/// Passes sets of countries from makers along contracts. A maker adds its own; a reseller adds nothing and has for certain only what every
/// supplier of the product has. With `inputs`, what makers use counts as part of what they make.
fn spread(network: &Network, inputs: bool, own: &dyn Fn(FirmId) -> CountrySet) -> Vec<MadeIn> {
    let lines = network.lines.len();
    let resale: Vec<bool> = (0..lines).map(|l| network.resells(l)).collect();
    let start = |l: usize| if resale[l] { CountrySet::default() } else { own(network.lines[l].firm) };
    let mut made: Vec<MadeIn> = (0..lines).map(|l| MadeIn { must: start(l), may: start(l) }).collect();
    let edges = edges(network, &resale, inputs);
    if edges.is_empty() {
        return made;
    }
    for _ in 0..ROUNDS {
        let mut next: Vec<MadeIn> = (0..lines).map(|l| MadeIn { must: start(l), may: start(l) }).collect();
        // Edges come sorted by line and product, so all suppliers of an input lie together.
        for suppliers in edges.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let (mut must, mut may) = (made[suppliers[0].2 as usize].must, CountrySet::default());
            for &(_, _, supplier) in suppliers {
                must = must.and(&made[supplier as usize].must);
                may = may.or(&made[supplier as usize].may);
            }
            let line = &mut next[suppliers[0].0 as usize];
            line.must = line.must.or(&must);
            line.may = line.may.or(&may);
        }
        if next == made {
            break;
        }
        made = next;
    }
    made
}

/// Line, product and supplying line of everything a line is made of.
fn edges(network: &Network, resale: &[bool], inputs: bool) -> Vec<(u32, u32, u32)> {
    let contracts = &network.contracts;
    // What each firm buys.
    let mut bought: Vec<(u32, u32, u32)> = (0..contracts.len())
        .map(|c| {
            let seller = contracts.seller[c];
            (contracts.buyer[c].0, network.lines[seller.index()].product.0, seller.0)
        })
        .collect();
    bought.sort_unstable();
    let of = |firm: FirmId, product: ProductId| {
        let first = bought.partition_point(|&(f, p, _)| (f, p) < (firm.0, product.0));
        bought[first..].iter().take_while(move |&&(f, p, _)| (f, p) == (firm.0, product.0)).map(|&(_, _, line)| line)
    };
    let mut edges = Vec::new();
    for (l, line) in network.lines.iter().enumerate().filter(|&(l, _)| resale[l] || inputs) {
        for input in &network.inputs[line.first_input as usize..line.last_input as usize] {
            edges.extend(of(line.firm, input.product).map(|supplier| (l as u32, input.product.0, supplier)));
        }
    }
    if inputs {
        // Inputs a client consigns come from whoever sells them to the client.
        for c in (0..contracts.len()).filter(|&c| contracts.kind[c] == Kind::Processing) {
            let seller = contracts.seller[c];
            for input in network.inputs_of(seller).iter().filter(|i| i.supplied_by == SuppliedBy::Client) {
                edges.extend(of(contracts.buyer[c], input.product).map(|supplier| (seller.0, input.product.0, supplier)));
            }
        }
    }
    edges.sort_unstable();
    edges.dedup();
    edges
}
