//! Order lines that cannot be met in time, and contracts that never get one.

use super::super::{Checker, day};
use super::{View, figure};
use crate::language::diagnostic::{Code, Diagnostic, Position};
use ripstop::model::network::{Kind, Network, Order, Ordering, SuppliedBy};
use ripstop::plan::whole_days;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// A problem of an order line, and what it says.
type Found = (Code, String);

/// Every order line can be made in its window, and arrives before its season and the case end.
pub fn windows(checker: &mut Checker, view: &View) {
    let (contracts, orders) = (checker.table("contracts"), checker.table("orders"));
    let network = view.network;
    // Order lines of calendars come first, then those of orders.csv.
    let by_calendar = network.orders.len() - orders.rows();
    let first = checker.case.first_simulated();
    let mut repeated: BTreeMap<(usize, Code), (String, usize)> = BTreeMap::new();
    for (index, order) in network.orders.iter().enumerate() {
        // What is due before the case begins is outside it, or in a warm-up that is discarded.
        let due_before = order.due < network.start;
        for (code, message) in window(view, order, first).into_iter().filter(|_| !due_before) {
            if let Some(row) = index.checked_sub(by_calendar) {
                let col = if matches!(code, Code::SeasonEndsFirst | Code::SeasonTooShort) { "season_end" } else { "quantity" };
                checker.fault_at(code, orders, orders.col(col), row, message);
            } else {
                repeated.entry((order.contract.index(), code)).or_insert((message, 0)).1 += 1;
            }
        }
    }
    for ((contract, code), (message, count)) in repeated {
        let more = if count > 1 { format!(" (and {} more of this calendar)", count - 1) } else { String::new() };
        checker.fault_at(code, contracts, contracts.col("calendar"), contract, format!("{message}{more}"));
    }
}

/// What is wrong with the time an order line has. Goods made on a day leave on it and arrive after the days of their way.
fn window(view: &View, order: &Order, first_day: i32) -> Vec<Found> {
    let network = view.network;
    let contract = order.contract.index();
    let terms = &network.terms[network.contracts.terms[contract].index()];
    let processing = network.contracts.kind[contract] == Kind::Processing;
    let input_way = if processing { view.way_days(network.contracts.input_route[contract].index()) } else { 0 };
    let lead = if processing { input_way + whole_days(terms.input_lead_days) } else { whole_days(terms.purchase_lead_days) };
    let opened = order.due.0 - whole_days(terms.slack_days) - whole_days(terms.input_window_days) - lead;
    let begin = opened.max(first_day) + input_way;
    let way = view.way_days(network.contracts.route[contract].index());
    let (_, line) = view.seller(contract);
    let rate = view.rate(line) * view.working_share(line.firm.index());
    let can = |days: i32| rate * f64::from(days.max(0));
    let due = format!("the order of {} due on {}", figure(order.quantity), day(order.due.0));
    let mut found = Vec::new();
    if let Some(end) = order.season_end {
        let days = end.0 - way - begin + 1;
        if days <= 0 {
            let message = format!("{due} arrives on {} at the earliest, after its season ends on {}", day(begin + way), day(end.0));
            return vec![(Code::SeasonEndsFirst, message)];
        }
        if order.quantity > can(days) * 1.001 {
            let message =
                format!("of {due}, at most {} can be made and arrive before the season ends on {}", figure(can(days)), day(end.0));
            found.push((Code::SeasonTooShort, message));
        }
    }
    if order.due <= network.end && begin + way > network.end.0 {
        let message = format!("{due} arrives on {} at the earliest; the case ends on {}", day(begin + way), day(network.end.0));
        found.push((Code::ArrivesAfterCase, message));
    }
    let days = order.due.0 - begin + 1;
    if order.quantity > can(days) * 1.001 && found.is_empty() {
        let message = format!("{due} can start on {}; by then at most {} can be made", day(begin), figure(can(days)));
        found.push((Code::OrderTooLarge, message));
    }
    found
}

/// Contracts and lines that nothing is ever asked of.
pub fn never_ordered(checker: &mut Checker, view: &View) {
    let network = view.network;
    let needs = needs(view);
    let dated: BTreeSet<usize> = network.orders.iter().map(|order| order.contract.index()).collect();
    let contracts = checker.table("contracts");
    let own_line = OnceCell::new();
    let mut asked = vec![false; network.lines.len()];
    network.demands.iter().for_each(|demand| asked[demand.line.index()] = true);
    for row in 0..network.contracts.len() {
        asked[view.seller(row).0] = true;
        if row >= contracts.rows() {
            continue; // a link: what it brings is an input of its buyer
        }
        // A standby contract gets the orders that other sellers cannot take.
        if ["standby_share", "switch_share"].iter().any(|name| !contracts.is_blank(contracts.col(name), row)) {
            continue;
        }
        let buyer = network.contracts.buyer[row].index();
        let product = view.seller(row).1.product.index();
        let why = match view.ordering(row) {
            Ordering::Schedule if !dated.contains(&row) => "its terms order by schedule, but it has no calendar and no row in orders.csv",
            Ordering::Restock if !needs.own.contains(&(buyer, product)) => {
                "its terms refill a stock, but the buyer has no line that uses the product"
            }
            Ordering::Plan if !needs.clients.contains(&(buyer, product)) => {
                "its terms order for clients' consignments, but the buyer sends the product to nobody under a processing contract"
            }
            _ => continue,
        };
        let message = format!("nothing is ever ordered under {}: {why}", contracts.key(row));
        let fault = Diagnostic::new(Code::NeverOrdered, &contracts.position(contracts.col("terms"), row), message);
        // Who buys and sells the same product, but makes it of nothing, resells it.
        let own = own_line.get_or_init(|| first_lines(network)).get(&(buyer, product)).copied();
        checker.diagnostics.push(match own {
            Some(line) => fault
                .with_fix(format!("set resale = true on the line {} if the buyer sells on what it buys", checker.table("lines").key(line))),
            None => fault,
        });
    }
    let lines = checker.table("lines");
    for row in (0..lines.rows()).filter(|row| !asked[*row]) {
        let message = format!("no contract and no demand takes what {} makes", lines.key(row));
        checker.fault_at(Code::NeverOrdered, lines, lines.col("product"), row, message);
    }
}

/// Contracts under which something may be ordered.
pub fn ordered(view: &View) -> Vec<bool> {
    let (network, needs) = (view.network, needs(view));
    let mut ordered: Vec<bool> = (0..network.contracts.len())
        .map(|row| {
            let need = (network.contracts.buyer[row].index(), view.seller(row).1.product.index());
            match view.ordering(row) {
                Ordering::Schedule => network.contracts.extras_of(row).takes_over(),
                Ordering::Restock => needs.own.contains(&need),
                Ordering::Plan => needs.clients.contains(&need),
            }
        })
        .collect();
    network.orders.iter().filter(|order| order.quantity > 0.0).for_each(|order| ordered[order.contract.index()] = true);
    ordered
}

/// Firm and product → the first line that makes it there.
fn first_lines(network: &Network) -> BTreeMap<(usize, usize), usize> {
    network.lines.iter().enumerate().rev().map(|(line, of)| ((of.firm.index(), of.product.index()), line)).collect()
}

/// Who needs which product: firm and product.
#[derive(Default)]
struct Needs {
    /// For lines of its own.
    own: BTreeSet<(usize, usize)>,
    /// To send to processors.
    clients: BTreeSet<(usize, usize)>,
}

fn needs(view: &View) -> Needs {
    let network = view.network;
    let mut needs = Needs::default();
    for line in &network.lines {
        let inputs = &network.inputs[line.first_input as usize..line.last_input as usize];
        needs.own.extend(inputs.iter().map(|input| (line.firm.index(), input.product.index())));
    }
    for row in (0..network.contracts.len()).filter(|row| network.contracts.kind[*row] == Kind::Processing) {
        let (_, line) = view.seller(row);
        let inputs = network.inputs[line.first_input as usize..line.last_input as usize].iter();
        let sent = inputs.filter(|input| input.supplied_by == SuppliedBy::Client);
        needs.clients.extend(sent.map(|input| (network.contracts.buyer[row].index(), input.product.index())));
    }
    needs
}

/// A processor works on something the client sends.
pub fn nothing_to_process(checker: &mut Checker, view: &View) {
    let contracts = checker.table("contracts");
    let kind = contracts.col("kind");
    for row in 0..contracts.rows() {
        let (_, line) = view.seller(row);
        let inputs = &view.network.inputs[line.first_input as usize..line.last_input as usize];
        let sends = inputs.iter().any(|input| input.supplied_by == SuppliedBy::Client && input.per_unit > 0.0);
        if view.network.contracts.kind[row] == Kind::Processing && !sends {
            let product = contracts.cell_text(contracts.col("product"), row).unwrap_or_default();
            let message = format!("the client sends nothing: recipes.csv has no input of {product} that a client supplies");
            let at: Position = contracts.position(kind, row);
            checker.diagnostics.push(Diagnostic::new(Code::NothingToProcess, &at, message));
        }
    }
}
