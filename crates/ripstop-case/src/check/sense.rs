//! What a case that can run probably says otherwise than was meant: warnings of an experienced reader.
//!
//! These checks see the case as the engine will ([`Mapper`]), so they run only when no error was found: after one misspelt id
//! half of the other rows would look unused, and one fault is to be one diagnostic.

mod economics;
mod effects;
mod evidence;
mod goods;
mod idle;
mod money;
mod orders;
mod rows;
mod taken;
mod units;
mod volumes;
mod ways;

use super::{Checker, Places};
use crate::language::diagnostic::Severity;
use crate::map::network::Mapper;
use ripstop::model::network::{Line, Network, Ordering};

/// Above so many contracts and links a case is data rather than a text somebody wrote: checks of its network would cost more than they tell.
pub const CONTRACTS_MAX: usize = 200_000;

/// Runs every check of this module, if the case has no errors.
pub fn check(checker: &mut Checker, places: &Places) {
    let faulty = checker.diagnostics.iter().any(|found| found.severity == Severity::Error);
    if faulty {
        return;
    }
    let links = checker.case.links.as_ref().map_or(0, |links| links.len());
    if checker.table("contracts").rows() + links > CONTRACTS_MAX {
        effects::scenarios(checker);
        effects::results_before_events(checker, places);
        evidence::sources(checker);
        units::parameters(checker);
        return;
    }
    let mapper = Mapper::new(checker.case);
    let network = mapper.network(&checker.base);
    let view = View { network: &network, mapper: &mapper };
    if checker.table("contracts").rows() + links == 0 && checker.table("firms").rows() > 0 {
        rows::no_contracts(checker);
        return;
    }
    economics::products(checker, &view);
    economics::sizes(checker);
    money::prices(checker, &view);
    taken::prices_taken(checker, &view);
    volumes::stated_quantities(checker, &view);
    volumes::volumes(checker, &view);
    economics::unpaid(checker, &view);
    economics::shares(checker, &view);
    orders::windows(checker, &view);
    orders::never_ordered(checker, &view);
    orders::nothing_to_process(checker, &view);
    goods::stocks(checker, &view);
    goods::seasons(checker);
    ways::borders(checker);
    ways::events(checker);
    effects::events(checker, &view);
    idle::events(checker, &view);
    effects::start_before_case(checker);
    effects::scenarios(checker);
    effects::results_before_events(checker, places);
    effects::settings(checker, places);
    rows::unused(checker);
    rows::twice(checker);
    evidence::claims(checker);
    evidence::sources(checker);
    evidence::assumed(checker);
    units::parameters(checker);
    super::rules::touched(checker, &network);
}

/// The case as the engine sees it, at base values.
struct View<'a> {
    network: &'a Network,
    mapper: &'a Mapper<'a>,
}

impl View<'_> {
    /// Most a line makes on a working day: capacity, or what all workers of the firm can make.
    fn rate(&self, line: &Line) -> f64 {
        let workers = self.network.firms[line.firm.index()].workers;
        let hands = if line.labour_days_per_unit > 0.0 { workers / line.labour_days_per_unit } else { f64::INFINITY };
        line.capacity_per_day.min(hands)
    }

    /// Share of days that are working days of a firm.
    fn working_share(&self, firm: usize) -> f64 {
        f64::from(7 - self.network.firms[firm].rest_weekdays.count_ones()) / 7.0
    }

    /// Days of a contract's way, or of its inputs' way.
    fn way_days(&self, route: usize) -> i32 {
        self.network.routes[route].legs.iter().map(|leg| leg.days as i32).sum()
    }

    fn ordering(&self, contract: usize) -> Ordering {
        self.network.terms[self.network.contracts.terms[contract].index()].ordering
    }

    /// The line that delivers under a contract.
    fn seller(&self, contract: usize) -> (usize, &Line) {
        let line = self.network.contracts.seller[contract].index();
        (line, &self.network.lines[line])
    }
}

/// A number for a message: whole if large, else to three digits.
fn figure(number: f64) -> String {
    if number.abs() >= 100.0 { format!("{number:.0}") } else { format!("{}", (number * 1000.0).round() / 1000.0) }
}
