//! The engine of ripstop: how a shock travels through a supply network, day by day, in goods and money.
//!
//! A [`network::Network`] (places, firms, lines, contracts, orders, demand) and dated [`scenario::Event`]s are compiled into a
//! [`plan::Plan`]; [`day::step_day`] moves a [`state::State`] by a day and a [`series::Record`] keeps what happened. [`losses`] and
//! [`claims`] read a finished record. No files, no clock, no printing.
//!
//! A spinner sells 10 kg of yarn a day to a weaver, who turns 1 kg into 1 m; the spinner stops for good on day 5:
//!
//! ```
//! use ripstop::{model::calendar::Day, model::ids::*, model::network::*, run::Simulation, model::events::{Change, Event}, record::Detail};
//!
//! let mut net = Network { start: Day(0), end: Day(29), classes: 1, countries: 1, sectors: 1, ..Network::default() };
//! net.places.push(Place::default());
//! net.firms = vec![Firm::default(), Firm::default()];
//! let good = |value| Product { value_per_unit: value, ..Product::default() };
//! net.products = vec![good(1.0), good(3.0)];
//! net.routes.push(Route { legs: vec![Leg { days: 1, ..Leg::default() }] });
//! net.terms.push(Terms { stock_days: 4.0, ..Terms::default() });
//! let yarn = Input { product: ProductId(0), per_unit: 1.0, ..Input::default() };
//! let spinner = net.add_line(FirmId(0), ProductId(0), f64::INFINITY, 0.0, &[]);
//! let weaver = net.add_line(FirmId(1), ProductId(1), f64::INFINITY, 0.0, &[yarn]);
//! net.contracts.push(Contract { seller: spinner, buyer: FirmId(1), share: 1.0, ..Contract::default() });
//! net.demands.push(Demand { line: weaver, quantity_per_day: 10.0, season: None, price_per_unit: 0.0, patience_days: 0 });
//! let stop = Event { change: Change::Capacity(vec![spinner]), from: Day(5), to: None, value: 0.0, ramp_in_days: 0, ramp_out_days: 0,
//! background: false };
//!
//! let mut run = Simulation::new(net, vec![stop], Detail::Full, &[])?;
//! run.run();
//! let cloth: Vec<f64> = run.record.columns.line_output.iter().skip(1).step_by(2).copied().collect();
//! assert_eq!(cloth[8], 10.0, "four days of stock last through day 8");
//! assert_eq!(cloth[9], 0.0);
//! assert!(run.record.goods_residual_max() <= 1e-12);
//! # Ok::<(), ripstop::model::error::NetworkError>(())
//! ```

pub mod analysis;
pub mod bulk;
pub mod day;
pub mod law;
pub mod model;
pub mod plan;
pub mod record;
pub mod rule;
pub mod run;
