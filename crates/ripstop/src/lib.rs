//! The engine of ripstop: how a shock travels through a supply network, day by day, in goods and money.
//!
//! A [`Network`] (places, firms, lines, contracts, orders, demand) and dated [`Event`]s go through time in a [`Simulation`], which can be
//! looked at ([`View`]) and changed between days; a [`Pair`] runs a scenario beside the same days without its events and says what they
//! cost. No files, no clock, no printing.
//!
//! A spinner sells 10 kg of yarn a day to a weaver, who turns 1 kg into 1 m; the spinner stops for good on day 5:
//!
//! ```
//! use ripstop::{Cause, Change, Contract, Day, Demand, Event, Firm, Input, Network, Product, Simulation, Terms};
//!
//! let mut network = Network::new(Day(0), Day(29));
//! let (spinner, weaver) = (network.add_firm(Firm::default()), network.add_firm(Firm::default()));
//! let yarn = network.add_product(Product { value_per_unit: 1.0, ..Product::default() });
//! let cloth = network.add_product(Product { value_per_unit: 3.0, ..Product::default() });
//! let spins = network.add_line(spinner, yarn, f64::INFINITY, 0.0, &[]);
//! let weaves = network.add_line(weaver, cloth, f64::INFINITY, 0.0, &[Input { product: yarn, per_unit: 1.0, ..Input::default() }]);
//! let terms = network.add_terms(Terms { stock_days: 4.0, ..Terms::default() });
//! network.contracts.push(Contract { seller: spins, buyer: weaver, share: 1.0, terms, ..Contract::default() });
//! network.demands.push(Demand::new(weaves, 10.0));
//!
//! let mut simulation = Simulation::new(network, vec![Event::new(Change::Capacity(vec![spins]), Day(5))])?;
//! simulation.until(Day(8));
//! assert_eq!(simulation.view().line(weaves).output(), 10.0, "four days of stock last through day 8");
//! simulation.step();
//! assert_eq!(simulation.view().line(weaves).cause(), Cause::Input(yarn.0));
//! assert!(simulation.record().goods_residual_max() <= 1e-12);
//! # Ok::<(), ripstop::NetworkError>(())
//! ```
//!
//! The rooms behind these names (`model`, `rule`, `plan`, `bulk`, `day`, `record`, `run`, `analysis`, `law`) are open to the other crates of ripstop through
//! the feature `internals`, without promises.

#![cfg_attr(not(feature = "internals"), allow(dead_code, unused_imports))]

mod facade;

pub use analysis::losses::Losses;
pub use facade::{LineView, Pair, Simulation, View};
pub use model::calendar::{Day, MonthDay};
pub use model::damage::Recovery;
pub use model::enforcement::Enforcement;
pub use model::error::NetworkError;
pub use model::events::{Change, Event};
pub use model::ids::*;
pub use model::network::*;
pub use record::{Detail, Record, Totals};
pub use rule::cause::Cause;

#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod analysis;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod bulk;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod day;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod law;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod model;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod plan;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod record;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod rule;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod run;

#[cfg(not(feature = "internals"))]
mod analysis;
#[cfg(not(feature = "internals"))]
mod bulk;
#[cfg(not(feature = "internals"))]
mod day;
#[cfg(not(feature = "internals"))]
mod law;
#[cfg(not(feature = "internals"))]
mod model;
#[cfg(not(feature = "internals"))]
mod plan;
#[cfg(not(feature = "internals"))]
mod record;
#[cfg(not(feature = "internals"))]
mod rule;
#[cfg(not(feature = "internals"))]
mod run;
