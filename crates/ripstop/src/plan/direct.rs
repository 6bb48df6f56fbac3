//! Which lines a scenario hits directly.

use super::Plan;
use crate::model::events::{Change, Event};
use crate::model::ids::RouteId;

/// Lines a scenario event names, or with a contract (as seller or buyer) over a crossing it names.
pub fn direct_lines(plan: &Plan) -> Vec<bool> {
    let mut direct = vec![false; plan.network.lines.len()];
    for event in plan.events.iter().filter(|e| !e.background) {
        mark(plan, event, &mut direct);
    }
    direct
}

fn mark(plan: &Plan, event: &Event, direct: &mut [bool]) {
    let contracts = &plan.network.contracts;
    match &event.change {
        Change::Capacity(lines) => lines.iter().for_each(|l| direct[l.index()] = true),
        Change::Damage { shares, .. } => shares.iter().for_each(|(l, _)| direct[l.index()] = true),
        Change::Freeze { places, .. } | Change::Destroy(places) | Change::Evacuate(places) => {
            let at = |l: &usize| places.contains(&plan.network.firms[plan.line_firm[*l] as usize].place);
            (0..direct.len()).filter(at).for_each(|l| direct[l] = true);
        }
        // The value of money is no line's business.
        Change::ExchangeRate(_) => {}
        Change::Attendance(firms) | Change::Default(firms) => {
            for firm in firms {
                plan.lines_of(firm.index()).iter().for_each(|&l| direct[l as usize] = true);
            }
        }
        Change::Demand(demands) => demands.iter().for_each(|d| direct[plan.network.demands[d.index()].line.index()] = true),
        Change::OrderCut(cut) | Change::Cancel(cut) | Change::Refusal(cut) | Change::Forbid(cut) | Change::Enforce(cut, _) => {
            cut.iter().for_each(|c| direct[contracts.seller[c.index()].index()] = true)
        }
        Change::OpenShare { crossings, .. } => {
            let over = |route: RouteId| {
                plan.network.routes[route.index()].legs.iter().any(|leg| leg.crossing.is_some_and(|(c, _)| crossings.contains(&c)))
            };
            for row in 0..contracts.len() {
                if over(contracts.route[row]) || over(contracts.input_route[row]) {
                    direct[contracts.seller[row].index()] = true;
                    mark_buyer(plan, row, direct);
                }
            }
        }
    }
}

/// Lines of the buyer that use the contract's product.
fn mark_buyer(plan: &Plan, contract: usize, direct: &mut [bool]) {
    let contracts = &plan.network.contracts;
    let product = plan.network.lines[contracts.seller[contract].index()].product;
    for &l in plan.lines_of(contracts.buyer[contract].index()) {
        let line = &plan.network.lines[l as usize];
        let inputs = &plan.network.inputs[line.first_input as usize..line.last_input as usize];
        if inputs.iter().any(|i| i.product == product) {
            direct[l as usize] = true;
        }
    }
}
