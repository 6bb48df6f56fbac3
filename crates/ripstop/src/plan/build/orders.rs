//! Order lines, their twins and their consigned inputs.

use super::*;
use crate::plan::foresight::working_days;

impl Builder<'_> {
    pub(in crate::plan) fn orders(&mut self) {
        let network = self.network;
        let contracts = &network.contracts;
        let seller_firm = |contract: ContractId| network.lines[contracts.seller[contract.index()].index()].firm;
        // (order row, contract, whether the contract stands by for the order's)
        let mut rows: Vec<(u32, ContractId, bool)> =
            network.orders.iter().enumerate().map(|(row, order)| (row as u32, order.contract, false)).collect();
        for (row, order) in network.orders.iter().enumerate() {
            rows.extend(self.standing_by(order.contract).into_iter().map(|contract| (row as u32, contract, true)));
        }
        rows.sort_by_key(|&(row, contract, twin)| (seller_firm(contract), network.orders[row as usize].due, row, twin, contract));
        self.plan.firm_first_order = offsets(network.firms.len(), rows.iter().map(|&(_, contract, _)| seller_firm(contract).index()));
        self.plan.orders.first_input.push(0);
        let mut accounts = BTreeMap::new();
        let mut first_of_row = vec![NONE; network.orders.len()];
        for (at, &(row, contract, twin)) in rows.iter().enumerate() {
            let next = accounts.len() as u32;
            let account = *accounts.entry(contract).or_insert(next);
            if account == next {
                self.plan.account_limit.push(contracts.extras_of(contract.index()).credit_limit);
            }
            self.plan.orders.account.push(account);
            self.order(row, contract, twin);
            if !twin {
                first_of_row[row as usize] = at as u32;
            }
        }
        self.plan.scheduled_contracts = accounts.len();
        let orders = &mut self.plan.orders;
        orders.twin_of = rows.iter().map(|&(row, _, twin)| if twin { first_of_row[row as usize] } else { NONE }).collect();
        let placed = |o: &u32| orders.twin_of[*o as usize] == NONE;
        self.plan.placings = (0..rows.len() as u32).filter(placed).map(|o| (orders.placed[o as usize].max(0), o)).collect();
        self.plan.placings.sort_unstable();
        self.plan.twins = (0..rows.len() as u32).filter(|o| !placed(o)).map(|o| (orders.twin_of[o as usize], o)).collect();
        self.plan.twins.sort_unstable();
    }

    /// Contracts that take over order lines of a contract: scheduled, with a standby or switch share, same buyer and product.
    fn standing_by(&self, contract: ContractId) -> Vec<ContractId> {
        let (network, contracts) = (self.network, &self.network.contracts);
        let product = |row: usize| network.lines[contracts.seller[row].index()].product;
        let terms = |row: usize| &network.terms[contracts.terms[row].index()];
        let row = contract.index();
        let moves = terms(row).moves_share > 0.0;
        let stands_by = |&&(other, ref extras): &&(ContractId, Extras)| {
            let o = other.index();
            (moves && extras.standby_share > 0.0 || extras.switch.share > 0.0)
                && other != contract
                && terms(o).ordering == Ordering::Schedule
                && contracts.buyer[o] == contracts.buyer[row]
                && product(o) == product(row)
        };
        contracts.extras.iter().filter(stands_by).map(|&(other, _)| other).collect()
    }

    fn order(&mut self, row: u32, contract: ContractId, twin: bool) {
        let network = self.network;
        let order = &network.orders[row as usize];
        let contract_id = contract;
        let contract = contract.index();
        let extras = network.contracts.extras_of(contract);
        let terms = &network.terms[network.contracts.terms[contract].index()];
        let line = network.contracts.seller[contract];
        let buyer = network.contracts.buyer[contract];
        let product = network.lines[line.index()].product;
        let class = terms.class.unwrap_or(network.products[product.index()].class);
        let processing = network.contracts.kind[contract] == Kind::Processing;
        let path = self.path(network.contracts.route[contract], &extras.alternative_routes, class);
        let cells = self.take_cells(path, 1);
        let input_path =
            if processing { self.path(network.contracts.input_route[contract], &extras.alternative_input_routes, class) } else { NONE };
        let input_lead =
            if processing { self.plan.paths[input_path as usize].lead_days as i32 + whole_days(terms.input_lead_days) } else { 0 };

        let due = order.due.0 - self.calendar.start.0;
        let work_start = due - whole_days(terms.slack_days) - whole_days(terms.input_window_days);
        let send_start = work_start - input_lead;
        let interval = terms.collection_interval_days.max(1.0);
        let phase = whole_days(network.contracts.collection_phase_share[contract] * interval) - 1;
        let point = self.point(buyer.0, product.0);
        let firm = network.lines[line.index()].firm;
        if processing {
            self.plan.processor[firm.index()] = true;
            self.plan.client[buyer.index()] = true;
        }
        let work_before = self.work_before(firm, due - whole_days(terms.slack_days));
        let rate = self.rate_at_start(extras.currency);
        let orders = &mut self.plan.orders;
        orders.row.push(OrderId(row));
        orders.contract.push(contract_id);
        orders.line.push(line.0);
        orders.buyer.push(buyer.0);
        orders.point.push(point);
        orders.quantity.push(if twin { order.quantity * extras.standby_share.max(extras.switch.share) } else { order.quantity });
        orders.placed.push(send_start - whole_days(terms.purchase_lead_days));
        orders.send_start.push(send_start);
        orders.work_start.push(work_start);
        orders.work_before.push(work_before);
        let window = whole_days(terms.input_window_days).max(1);
        orders.work_days.push(if terms.work == Work::Spread { window } else { 0 });
        orders.due.push(due);
        // A grace without end never becomes a claim; days are counted exactly, so half a day rounds up.
        orders.claim_from.push(if terms.grace_days.is_finite() { due.saturating_add(terms.grace_days.ceil() as i32) } else { NEVER });
        orders.season_end.push(order.season_end.map_or(NEVER, |d| d.0 - self.calendar.start.0));
        let price = network.contracts.price_per_unit[contract];
        orders.price.push(price);
        orders.value.push(price * rate);
        orders.currency.push(extras.currency.0);
        orders.path.push(path);
        orders.input_path.push(input_path);
        orders.cells.push(cells);
        orders.first_collection.push(phase.max(0) + (network.start.0 - self.calendar.start.0));
        orders.interval.push(whole_days(terms.consignment_interval_days).max(1));
        orders.terms.push(network.contracts.terms[contract]);
        orders.processing.push(processing);
        let interval = terms.consignment_interval_days.max(1.0);
        // From the window's start every interval, as often as the window allows: the last leaves lead + slack before due.
        orders.consignments.push((terms.input_window_days / interval).floor() + 1.0);
        if processing {
            self.consign(line, buyer, terms, input_path);
        }
        let inputs = self.plan.consigned.product.len() as u32;
        self.plan.orders.first_input.push(inputs);
    }

    /// Working days of a seller up to the last one before a step.
    fn work_before(&self, firm: FirmId, step: i32) -> i32 {
        working_days(self.plan.rest_weekdays[firm.index()], self.calendar.start.0.saturating_add(step - 1))
    }

    fn consign(&mut self, line: LineId, buyer: FirmId, terms: &Terms, input_path: u32) {
        let network = self.network;
        for input in network.inputs_of(line).iter().filter(|i| i.supplied_by == SuppliedBy::Client && i.per_unit > 0.0) {
            let store = self.point(buyer.0, input.product.0);
            let cells = self.take_cells(input_path, 1);
            let consigned = &mut self.plan.consigned;
            consigned.product.push(input.product.0);
            consigned.store.push(store);
            consigned.sent_per_unit.push(input.per_unit * (1.0 + terms.over_shipment_share));
            consigned.used_per_unit.push(input.per_unit * (1.0 + input.waste_share));
            consigned.importance.push(input.importance);
            consigned.cells.push(cells);
        }
    }
}
