//! Rules: law as dated data, judged over contracts and simulated shipments.
//!
//! A [`Rule`] asks up to five tests, which are never merged: *origin*, *consignment* (a leg from or to), *place of processing*, *party* and
//! *labour*; the goods it is about come before them. Each test answers yes, no or unknown ([`Truth`]); an alternative holds when all it
//! asks hold, a rule when one of its alternatives does. Then its dates and exemptions are looked at, per act ([`judge()`]). What comes out is
//! an [`Outcome`], and none of them says that a trade is lawful.
//!
//! ```
//! use ripstop::law::{Codes, Truth, Vintage, code_range};
//!
//! let textiles = Codes { vintage: Vintage(2017), ranges: vec![code_range("50..63")?] };
//! assert_eq!(textiles.holds(code_range("620193")?, Vintage(2012)), Truth::Yes, "a whole chapter is the same in every edition");
//! assert_eq!(textiles.holds(code_range("9606")?, Vintage(2017)), Truth::No, "buttons are not in chapters 50 to 63");
//! # Ok::<(), ripstop::law::CodeError>(())
//! ```

mod codes;
mod countries;
mod facts;
mod indicators;
mod judge;
mod rules;
mod screen;

pub use crate::model::enforcement::{Enforcement, drawn};
pub use codes::{CodeError, CodeRange, Codes, Vintage, code_range, with_its_zeros};
pub use countries::CountrySet;
pub use facts::{Consignment, ContractFacts, Facts, FirmFacts, MadeIn, Makers, Object, ProductFacts, Signed};
pub use indicators::indicators;
pub use judge::{Act, Acts, Answers, Candidate, candidates, exemptions, forbidden_from, judge};
pub use rules::{Exemption, ExemptionOutcome, Indicator, Instant, Moment, Outcome, Relation, Role, Rule, Subject, Truth, When, Why};
pub use screen::{Asked, Finding, Screen, Shared, screen, screen_by};
