//! The state before the first day.

use super::state::{SOUND, Stage, State};
use super::{NONE, Plan};
use crate::model::network::{Dispatch, StartState};

impl State {
    /// The state before the first day.
    pub fn new(plan: &Plan) -> Self {
        let network = &plan.network;
        let (lines, firms, products) = (network.lines.len(), network.firms.len(), network.products.len());
        let (points, demands, contracts) = (plan.point_firm.len(), network.demands.len(), plan.contract_columns());
        let mut state = Self {
            capacity_factor: vec![1.0; lines],
            attendance_factor: vec![1.0; firms],
            demand_factor: vec![1.0; demands],
            order_factor: vec![1.0; contracts],
            cancelled_today: vec![0; contracts],
            open: vec![1.0; plan.gates],
            rate: plan.rates_on(0).to_vec(),
            rate_factor: vec![1.0; plan.currencies],
            refusal: vec![0.0; contracts],
            inputs_today: vec![0.0; plan.contract_inputs.len()],
            ended_firms: vec![0],
            condition: vec![0; firms],
            limit_wanted: vec![0.0; plan.traffic.len()],
            limit_share: vec![0.0; plan.traffic.len()],
            credit_room: vec![f64::INFINITY; if plan.any_credit_limit { plan.standing.contract.len() } else { 0 }],
            account_open: vec![0.0; if plan.any_credit_limit { plan.scheduled_contracts } else { 0 }],
            point_moved: vec![0.0; if plan.any_moves || plan.any_takers() { points } else { 0 }],
            point_standby: vec![0.0; if plan.any_moves || plan.any_takers() { points } else { 0 }],
            insolvent_days: vec![0; firms],
            workforce: network.firms.iter().map(|f| f.workers).collect(),
            release: vec![0.0; plan.gates],
            shut_gates: vec![0; plan.paths.len()],
            shut_days: vec![0; plan.paths.len()],
            stock: vec![0.0; points],
            cells: vec![0.0; plan.cells],
            need: vec![0.0; points],
            point_wanted: vec![0.0; points],
            planned_need: vec![0.0; points],
            point_keep: vec![1.0; points],
            point_used: vec![0.0; if plan.uneven.is_empty() { 0 } else { points }],
            position: vec![0.0; points],
            credit: vec![0.0; plan.scheduled_contracts],
            waiting: vec![0.0; plan.waiting_cells],
            demand_wanted: vec![0.0; demands],
            demand_met: vec![0.0; demands],
            demand_lost: vec![0.0; demands],
            expected: vec![0.0; lines],
            cause: vec![0; lines],
            in_season: vec![0; lines],
            passed: vec![0.0; plan.gates],
            cash: vec![0.0; plan.accounts()],
            ..Self::default()
        };
        state.standing_columns(plan);
        state.crossing_columns(plan);
        state.switching_columns(plan, products);
        state.line_columns(lines);
        state.place_columns(plan);
        state.order_columns(plan.orders.row.len(), plan.consigned.product.len());
        state.firm_columns(plan, firms);
        state.product_columns(products);
        state.usual_output.clone_from(&plan.usual_output);
        if network.rules_act {
            state.rule_columns(plan);
        }
        state.reserve_invoices(plan);
        state.bulk_columns(plan, lines, products);
        state.damage_columns(plan, firms);
        if network.settings.start_state == StartState::Steady {
            state.fill_steady(plan);
        }
        state
    }

    fn damage_columns(&mut self, plan: &Plan, firms: usize) {
        let damped = plan.damped.line.len();
        self.damage_left = plan.damped.share.clone();
        for column in [&mut self.firm_damage, &mut self.firm_damage_today] {
            *column = vec![0.0; if damped > 0 { firms } else { 0 }];
        }
    }

    fn standing_columns(&mut self, plan: &Plan) {
        let (flows, priced, pay_terms) = (plan.standing.contract.len(), plan.standing.priced.len(), plan.standing.pay_terms.len());
        self.due_cells = vec![0.0; plan.due_cells];
        (self.due_later, self.overdue) = (vec![0.0; priced], vec![0.0; priced]);
        let prepaid = plan.standing.prepaid_share.iter().any(|&share| share > 0.0);
        for column in [&mut self.paid_ahead, &mut self.ahead_units] {
            *column = vec![0.0; if prepaid { priced } else { 0 }];
        }
        (self.due_today, self.due_last) = (vec![0; pay_terms], vec![0; pay_terms]);
        for column in [&mut self.ordered, &mut self.shipped, &mut self.arrived, &mut self.in_transit, &mut self.supplier_stock] {
            *column = vec![0.0; flows];
        }
        self.held_days = vec![0; flows];
        self.flow_gone = vec![0; flows];
    }

    fn switching_columns(&mut self, plan: &Plan, products: usize) {
        let (switching, flows, points) = (&plan.switching, plan.standing.contract.len(), plan.point_firm.len());
        let binds = |count: usize| if switching.shared.is_empty() { 0 } else { count };
        self.trouble = vec![SOUND; binds(flows)];
        (self.point_failing, self.point_recovering) = (vec![0; binds(points)], vec![0; binds(points)]);
        self.bare_need = vec![0.0; binds(points)];
        self.flow_blocked = vec![0.0; if plan.any_moves || plan.any_takers() { flows } else { 0 }];
        self.flow_missing = vec![0.0; if plan.any_takers() { flows } else { 0 }];
        (self.ramp_clock, self.ramp_level) = (vec![0; switching.ramps.len()], vec![0.0; switching.ramps.len()]);
        self.order_looking = vec![0.0; switching.twin_ramp.len()];
        self.newcomer_cells = vec![0.0; plan.newcomer_cells];
        self.newcomer_ordered = vec![0.0; switching.newcomer_point.len()];
        self.imported = vec![0.0; if plan.newcomer_cells > 0 { products } else { 0 }];
    }

    fn crossing_columns(&mut self, plan: &Plan) {
        for column in [&mut self.sent_today, &mut self.cleared_today] {
            *column = vec![0.0; plan.crossing_contracts()];
        }
        self.flow_cleared = vec![0.0; if plan.crossing_contracts() > 0 { plan.standing.contract.len() } else { 0 }];
        for column in [&mut self.inputs_sent_today, &mut self.inputs_cleared_today] {
            *column = vec![0.0; plan.contract_inputs.len()];
        }
    }

    fn line_columns(&mut self, lines: usize) {
        for column in [
            &mut self.finished,
            &mut self.received,
            &mut self.wanted,
            &mut self.blocked,
            &mut self.backlog,
            &mut self.withheld,
            &mut self.order_rate,
            &mut self.processing_rate,
            &mut self.capacity_left,
            &mut self.output_value,
            &mut self.value_added,
            &mut self.served,
            &mut self.output,
            &mut self.labour_used,
            &mut self.waiting_goods,
            &mut self.stranded,
            &mut self.delayed,
            &mut self.line_lost,
        ] {
            *column = vec![0.0; lines];
        }
    }

    fn place_columns(&mut self, plan: &Plan) {
        let (orders, inputs) = (plan.orders.row.len(), plan.consigned.product.len());
        if plan.freezes {
            self.frozen_days = vec![0; plan.network.places.len()];
            self.flow_waits = vec![0.0; plan.standing.contract.len()];
            (self.order_waits, self.input_waits) = (vec![0.0; orders], vec![0.0; inputs]);
        }
        if plan.takes_goods {
            for column in [&mut self.destroyed, &mut self.carried_out, &mut self.forfeited, &mut self.sold_off] {
                *column = vec![0.0; plan.network.products.len()];
            }
        }
        if plan.any_retained {
            (self.order_retained, self.input_retained) = (vec![0.0; orders], vec![0.0; inputs]);
        }
    }

    fn bulk_columns(&mut self, plan: &Plan, lines: usize, products: usize) {
        let bulk = &plan.bulk;
        self.misallocated = vec![0.0; products];
        if bulk.lines.is_empty() {
            return;
        }
        let compat = plan.network.settings.compat.is_some() && !bulk.level_lines.is_empty();
        self.bulk_stock = vec![0.0; bulk.cells()];
        for column in [&mut self.bulk_rate, &mut self.bulk_rate_before, &mut self.bulk_given, &mut self.bulk_ordered, &mut self.bulk_sent] {
            *column = vec![0.0; lines];
        }
        for column in [&mut self.bulk_over, &mut self.bulk_first] {
            *column = vec![0.0; if compat { lines } else { 0 }];
        }
        self.bulk_bound = vec![0.0; bulk.lines.len()];
        self.bulk_scarce = vec![0; bulk.lines.len()];
        self.bulk_ratio = vec![0.0; if compat { bulk.flows_len() } else { 0 }];
        self.bulk_messages = vec![0.0; bulk.flows_len()];
        self.bulk_fills = vec![0.0; 5 * bulk.level_lines.len()];
        self.bulk_arrived = vec![0.0; if plan.keep_deliveries { bulk.flows_len() } else { 0 }];
        let tasks = bulk.tasks_len();
        self.bulk_morning = vec![0.0; tasks * products];
        self.bulk_used = vec![0.0; products];
        self.bulk_sums = vec![0.0; tasks.max(2 * bulk.chunks.len()) * products];
        self.bulk_content = vec![0.0; products];
        self.bulk_totals = vec![0.0; 4];
    }

    fn order_columns(&mut self, orders: usize, inputs: usize) {
        for column in [
            &mut self.target,
            &mut self.made,
            &mut self.order_finished,
            &mut self.order_stranded,
            &mut self.order_delayed,
            &mut self.order_shipped,
            &mut self.billed,
            &mut self.billed_today,
            &mut self.order_in_transit,
            &mut self.advance,
            &mut self.advance_per_unit,
            &mut self.claim,
            &mut self.compensation,
            &mut self.paid,
        ] {
            *column = vec![0.0; orders];
        }
        self.stage = vec![Stage::Future as u8; orders];
        self.cut = vec![0; orders];
        self.unsent = vec![0; orders];
        self.sending = vec![0; orders];
        self.quiet = vec![1; orders];
        for column in [&mut self.input_stock, &mut self.input_sent, &mut self.input_in_transit, &mut self.input_wanted, &mut self.returning]
        {
            *column = vec![0.0; inputs];
        }
        self.return_step = vec![0; inputs];
    }

    fn firm_columns(&mut self, plan: &Plan, firms: usize) {
        for column in [
            &mut self.receivable,
            &mut self.receivable_overdue,
            &mut self.payable_overdue,
            &mut self.bad_debt,
            &mut self.rescued,
            &mut self.labour_asked,
            &mut self.workdays,
            &mut self.worked,
            &mut self.idle,
            &mut self.arrears,
            &mut self.arrears_days,
            &mut self.present,
            &mut self.employed,
            &mut self.labour_left,
            &mut self.wages_paid,
            &mut self.wages_due,
            &mut self.received_money,
            &mut self.handed_over,
        ] {
            *column = vec![0.0; firms];
        }
        let planned_lines = if plan.foresight.is_empty() { 0 } else { plan.line_firm.len() };
        self.line_load = vec![0.0; planned_lines];
        self.line_ahead = vec![0.0; planned_lines];
        self.order_low = plan.firm_first_order[..firms].to_vec();
        self.order_high = self.order_low.clone();
        for (cash, firm) in self.cash.iter_mut().zip(&plan.network.firms) {
            *cash = firm.opening_cash;
        }
    }

    fn rule_columns(&mut self, plan: &Plan) {
        let contracts = plan.network.contracts.len();
        self.allowed = vec![1.0; contracts];
        self.barred_today = vec![0.0; contracts];
        self.watched = vec![0; contracts];
        self.relation = vec![1.0; contracts];
        self.barred = vec![0.0; plan.orders.row.len()];
        self.forbidden = vec![0.0; plan.network.lines.len()];
        self.forgone = vec![0.0; plan.standing.contract.len()];
        self.lawful_before = vec![1.0; plan.standing.contract.len()];
        self.fine_due = vec![0.0; plan.network.firms.len()];
        self.fined = vec![0.0; plan.network.firms.len()];
    }

    fn product_columns(&mut self, products: usize) {
        for column in [
            &mut self.produced,
            &mut self.used,
            &mut self.sold,
            &mut self.sent_shut,
            &mut self.lost,
            &mut self.spoilt,
            &mut self.refused,
            &mut self.seized,
            &mut self.retained,
            &mut self.written_off,
            &mut self.content,
        ] {
            *column = vec![0.0; products];
        }
    }

    /// Room for the invoices of a run, so that no day allocates: two parts per lot, or per day of continuous dispatch.
    fn reserve_invoices(&mut self, plan: &Plan) {
        let per_order = |order: usize| {
            let terms = plan.terms_of_order(order);
            let lots = terms.lots_per_order.max(1.0).min(plan.calendar.len() as f64);
            let parts = if terms.dispatch == Dispatch::Continuous { terms.input_window_days + 30.0 } else { lots + 2.0 };
            2 * parts.clamp(2.0, 400.0) as usize + 2
        };
        let room = (0..plan.orders.row.len()).map(per_order).sum();
        self.invoice_payer.reserve(room);
        self.invoice_payee.reserve(room);
        self.invoice_order.reserve(room);
        self.invoice_left.reserve(room);
        self.invoice_due.reserve(room);
        self.invoices_open.reserve(room);
    }

    /// The steady state of the standing contracts: after the first day's receive, stock is n·need and (L − 1)·need is on the way.
    fn fill_steady(&mut self, plan: &Plan) {
        let network = &plan.network;
        let mut need = vec![0.0; plan.point_firm.len()];
        for (l, line) in network.lines.iter().enumerate() {
            self.expected[l] = plan.steady_rate[l];
            self.received[l] = plan.steady_rate[l];
            self.output[l] = plan.steady_rate[l];
            for row in line.first_input as usize..line.last_input as usize {
                if plan.input_point[row] != NONE {
                    let input = &network.inputs[row];
                    need[plan.input_point[row] as usize] += input.per_unit * (1.0 + input.waste_share) * plan.steady_rate[l];
                }
            }
        }
        fill_bulk(plan, self);
        let standing = &plan.standing;
        // A plan's purchases have no steady rate.
        let steady = || (0..standing.contract.len()).filter(|&flow| !standing.planned[flow]);
        let mut shares = vec![0.0; need.len()];
        steady().for_each(|flow| shares[standing.point[flow] as usize] += standing.share[flow]);
        for flow in steady() {
            let point = standing.point[flow] as usize;
            let rate = standing.share[flow] * need[point];
            // A store holds n days whatever its sellers' shares add up to.
            let all = if standing.by_supplier[flow] || shares[point] == 0.0 { 1.0 } else { shares[point] };
            let product = &network.products[plan.point_product[point] as usize];
            let kept = 1.0 - product.spoilage_share_per_day;
            let stock = (standing.part_days[flow] - 1.0).max(0.0) * rate * kept / all;
            self.stock[point] += stock;
            self.supplier_stock[flow] = if standing.by_supplier[flow] { stock } else { 0.0 };
            let path = &plan.paths[standing.path[flow] as usize];
            for day in path.branch(0).iter().flat_map(|hop| hop.ring..hop.ring + hop.days) {
                self.cells[(standing.cells[flow] + day * standing.width[flow]) as usize] = rate * standing.gross[flow];
            }
        }
    }
}

/// The steady state: yesterday morning's stock was n·need, its orders are on the way.
fn fill_bulk(plan: &Plan, state: &mut State) {
    let bulk = &plan.bulk;
    for &line in &bulk.lines {
        state.bulk_rate[line as usize] = plan.steady_rate[line as usize];
    }
    for (row, &i) in bulk.row_line.iter().enumerate() {
        let need = bulk.row_use[row] * plan.steady_rate[bulk.lines[i as usize] as usize];
        let filled = if bulk.flows_of(row).is_empty() { 0.0 } else { bulk.policies[bulk.row_policy[row] as usize].stock_days * need };
        state.bulk_stock[bulk.cells_in(&(row..row + 1))].fill(filled);
        for flow in bulk.flows_of(row) {
            state.bulk_sent[bulk.seller[flow] as usize] += bulk.share[flow] * need;
        }
    }
    if !bulk.lines.is_empty() {
        state.bulk_given.fill(1.0);
    }
}
