//! What a rule is made of.

use super::codes::Codes;
use super::countries::CountrySet;

/// A moment in time: seconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;

impl Instant {
    /// A time of a civil day, both at a place that is `offset_seconds` ahead of UTC.
    pub fn local(day: i32, second_of_day: i64, offset_seconds: i32) -> Self {
        Self(i64::from(day) * DAY + second_of_day - i64::from(offset_seconds))
    }

    /// The civil day of this moment at such a place, days since 1970-01-01.
    pub fn day_at(self, offset_seconds: i32) -> i32 {
        (self.0 + i64::from(offset_seconds)).div_euclid(DAY) as i32
    }
}

/// The answer to a test. `Unknown`: the facts of the case do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// It does not hold.
    No,
    /// The facts do not say.
    Unknown,
    /// It holds.
    Yes,
}

impl Truth {
    /// Both (Kleene): the smaller of the two.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Either (Kleene): the larger of the two.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }
}

/// A sign that an advisory names and that is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Indicator {
    /// The seller resells what another firm makes, and the buyer was not told.
    HiddenMaker,
    /// The label or declaration names another country than the last maker's.
    LabelDiffers,
    /// Nothing is computed beside the tests: what they ask is the sign.
    Tests,
    /// The price is below this share of the median of contracts for the same product and of the same kind whose sellers are in other
    /// countries, of which there must be `PEERS` at least.
    PriceBelowPeers(f64),
}

/// Fewest peers with which a price is compared.
pub const PEERS: usize = 3;

impl Indicator {
    /// Its bit in the signs of a contract.
    pub fn bit(self) -> u8 {
        match self {
            Self::HiddenMaker => 1,
            Self::LabelDiffers => 2,
            Self::PriceBelowPeers(_) => 4,
            Self::Tests => 8,
        }
    }
}

/// What a rule judges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// Consignments: delivered goods, and inputs that a client sends.
    #[default]
    Goods,
    /// The contract itself, from the day it is signed.
    Contract,
    /// The work of the seller's people under the contract.
    Labour,
}

/// Which moment of a consignment counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Moment {
    /// It leaves the seller.
    Shipped,
    /// It is cleared at the first crossing of its path; where it passes none, it arrives. Import is the same moment.
    #[default]
    Cleared,
}

/// Which side of a consignment a party test asks of. Of inputs the client is the supplier and the maker the recipient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Either.
    #[default]
    Any,
    /// Who supplies.
    Supplier,
    /// Who receives.
    Recipient,
}

/// What kind of relation a contract is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Relation {
    /// A sale between two firms.
    #[default]
    Sale = 0,
    /// Work on the client's inputs for a fee.
    Processing = 1,
    /// A joint venture.
    JointVenture = 2,
    /// A cooperative entity.
    CooperativeEntity = 3,
}

/// An alternative of a rule: all that it asks must hold. An empty set, or `None`, asks nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct When {
    /// Origin: the goods are of one of these countries.
    pub origin: CountrySet,
    /// Consignment: a leg leaves one of these countries.
    pub from: CountrySet,
    /// Consignment: a leg enters one of these countries.
    pub to: CountrySet,
    /// Place of processing: the goods, or part of them, were worked in one of these.
    pub processed_in: CountrySet,
    /// Place of processing: they were worked outside these.
    pub processed_outside: CountrySet,
    /// Party: nationality of a firm or of its owner.
    pub party: CountrySet,
    /// Party: any of these tags (bits) of a firm or its owner.
    pub party_tags: u64,
    /// Of which side the party tests ask.
    pub role: Role,
    /// Labour: nationality of people who worked on the goods.
    pub labour: CountrySet,
    /// Relation: any of these ([`Relation`] as bits).
    pub relations: u8,
    /// The reading is disputed: a finding is `arguable`.
    pub arguable: bool,
}

/// An exemption, or a wind-down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exemption {
    /// What is under it is being wound up rather than allowed.
    pub wind_down: bool,
    /// Only for these goods.
    pub goods: Option<Codes>,
    /// Only for goods of these countries.
    pub origin: CountrySet,
    /// Only for contracts with one of these tags (bits).
    pub tags: u64,
    /// Only for contracts signed before this instant; a date of signing is read in this instant's zone.
    pub signed_before: Option<Instant>,
    /// The zone in which dates are read, seconds ahead of UTC.
    pub offset_seconds: i32,
    /// Only for written contracts.
    pub written: bool,
    /// Which moment must lie before `before`.
    pub moment: Moment,
    /// Only for acts before this instant.
    pub before: Option<Instant>,
    /// Papers that must be there, all of them (bits).
    pub needs: u64,
}

impl Exemption {
    /// Whether nothing but papers is asked: an approval. Without them nothing speaks for it.
    pub fn only_papers(&self) -> bool {
        let asks = self.goods.is_some() || !self.origin.is_empty() || self.tags != 0 || self.written;
        !asks && self.signed_before.is_none() && self.before.is_none()
    }
}

/// A rule of law.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rule {
    /// What it judges.
    pub subject: Subject,
    /// The goods it is about; `None`: all.
    pub goods: Option<Codes>,
    /// Goods a reader may expect it to cover although it does not.
    pub not_covered: Option<Codes>,
    /// Countries whose law it is: one of them must be a party's or on the way. `None`: all countries'.
    pub binds: Option<CountrySet>,
    /// First instant at which it holds.
    pub in_force: Instant,
    /// First instant at which it holds no more.
    pub until: Option<Instant>,
    /// Which moment of a consignment must lie in that time.
    pub moment: Moment,
    /// Its alternatives.
    pub when: Vec<When>,
    /// Its exemptions.
    pub exemptions: Vec<Exemption>,
    /// For an indicator of an advisory: what is computed in place of the tests.
    pub indicator: Option<Indicator>,
}

/// What a finding says. None of them says that a trade is lawful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The rule forbids it, given the facts of the case.
    Breach,
    /// It may be argued that the rule forbids it.
    Arguable,
    /// The rule forbids it, and the time to wind up runs.
    WindDown,
    /// An exemption holds, and its papers are in the case.
    Exempt,
    /// An exemption may hold, but a fact or a paper it needs is not in the case.
    ExemptionUnevidenced,
    /// The rule does not name these goods.
    NotCovered,
    /// The facts of the case do not say.
    CannotTell,
    /// A sign that an advisory names.
    Indicator,
}

impl Outcome {
    /// All of them, gravest first.
    pub const ALL: [Self; 8] = [
        Self::Breach,
        Self::Arguable,
        Self::WindDown,
        Self::Exempt,
        Self::ExemptionUnevidenced,
        Self::NotCovered,
        Self::CannotTell,
        Self::Indicator,
    ];

    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Breach => "breach",
            Self::Arguable => "arguable",
            Self::WindDown => "wind-down",
            Self::Exempt => "exempt",
            Self::ExemptionUnevidenced => "exemption-unevidenced",
            Self::NotCovered => "not-covered",
            Self::CannotTell => "cannot-tell",
            Self::Indicator => "indicator",
        }
    }
}

/// What became of an exemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExemptionOutcome {
    /// It holds, with its papers.
    Met,
    /// It does not hold.
    Failed,
    /// It may hold; a fact or paper is missing.
    Unevidenced,
    /// It is about other goods or projects.
    NotApplicable,
}

impl ExemptionOutcome {
    /// The word used in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Failed => "failed",
            Self::Unevidenced => "unevidenced",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// Why an exemption came out as it did: the first thing that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// All it asks is there.
    AllThere,
    /// Other goods.
    Goods,
    /// Goods of another origin.
    Origin,
    /// The contract has none of the tags.
    Tags,
    /// The contract was signed too late.
    SignedLate,
    /// The contract is not written.
    NotWritten,
    /// The act came too late.
    ActLate,
    /// The day of signing is not in the case.
    SigningUnknown,
    /// Whether it is written is not in the case.
    WritingUnknown,
    /// Papers are missing.
    Papers,
}
