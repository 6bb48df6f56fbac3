//! What order lines not yet placed will ask of hands and lines: so that work can be brought forward to days that have room.

use super::{NONE, Plan};

/// Work to come, per firm in worker-days and per line in units, along order lines by due date.
///
/// Of the order lines from one on it is known how far the worst goes beyond what the days can take: a maximum over what follows, made once.
#[derive(Clone, Debug, Default)]
pub struct Foresight {
    /// Offsets per firm (hands), then per line.
    first: Vec<u32>,
    /// Order line, ascending within a firm or line.
    order: Vec<u32>,
    /// Work of the order lines before it.
    before: Vec<f64>,
    /// Largest `work up to and with it − L × working days to its planned end` from here on.
    worst: Vec<f64>,
}

impl Foresight {
    /// Of a plan whose order lines are laid out. Empty where no order line is worked by a plan.
    pub(super) fn new(plan: &Plan) -> Self {
        if plan.orders.work_days.iter().all(|&days| days == 0) {
            return Self::default();
        }
        let mut of: Vec<(u32, u32)> = Vec::new();
        let firms = plan.workers.len() as u32;
        for order in (0..plan.orders.row.len()).filter(|&o| plan.orders.twin_of[o] == NONE) {
            let line = plan.orders.line[order];
            let firm = plan.line_firm[line as usize];
            if plan.hands_bind(firm as usize) && plan.network.lines[line as usize].labour_days_per_unit > 0.0 {
                of.push((firm, order as u32));
            }
            if plan.network.lines[line as usize].capacity_per_day.is_finite() {
                of.push((firms + line, order as u32));
            }
        }
        of.sort_unstable();
        let groups = firms as usize + plan.line_firm.len();
        let mut found = Self { first: vec![0; groups + 1], ..Self::default() };
        for &(group, order) in &of {
            found.first[group as usize + 1] += 1;
            found.order.push(order);
        }
        (0..groups).for_each(|group| found.first[group + 1] += found.first[group]);
        found.sum_up(plan, firms as usize);
        found
    }

    fn sum_up(&mut self, plan: &Plan, firms: usize) {
        self.before = vec![0.0; self.order.len()];
        self.worst = vec![0.0; self.order.len()];
        for group in 0..self.first.len() - 1 {
            let range = self.first[group] as usize..self.first[group + 1] as usize;
            let hands = group < firms;
            let mut sum = 0.0;
            for k in range.clone() {
                let order = self.order[k] as usize;
                let line = &plan.network.lines[plan.orders.line[order] as usize];
                let a_day = if hands { plan.workers[group] } else { line.capacity_per_day };
                self.before[k] = sum;
                sum += plan.orders.quantity[order] * if hands { line.labour_days_per_unit } else { 1.0 };
                self.worst[k] = sum - a_day * f64::from(plan.orders.work_before[order]);
            }
            for k in range.rev().skip(1) {
                if k + 1 < self.first[group + 1] as usize {
                    self.worst[k] = self.worst[k].max(self.worst[k + 1]);
                }
            }
        }
    }

    /// Whether nothing is worked by a plan.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// By how much order lines from `from` on go beyond what the working days to them can take, at so much a day of which `today` working
    /// days are over; nothing where none are to come. `group`: a firm, or [`Plan::foreseen_line`].
    pub fn beyond(&self, group: usize, from: usize, a_day: f64, today: i32) -> Option<f64> {
        let range = self.first[group] as usize..self.first[group + 1] as usize;
        let k = range.start + self.order[range.clone()].partition_point(|&order| (order as usize) < from);
        (k < range.end).then(|| self.worst[k] - self.before[k] + a_day * f64::from(today))
    }
}

impl Plan {
    /// Group of a line in [`Foresight`].
    pub fn foreseen_line(&self, line: usize) -> usize {
        self.workers.len() + line
    }

    /// Whether a firm's hands are counted.
    pub fn hands_bind(&self, firm: usize) -> bool {
        self.workers[firm] > 0.0
    }

    /// Working days of a firm from 1 January 1970 to a step, both counted; before that date negative. Days beyond the run count too.
    ///
    /// Full weeks by multiplication, the rest by counting bits.
    pub fn working_days(&self, firm: usize, step: i32) -> i32 {
        working_days(self.rest_weekdays[firm], self.calendar.start.0.saturating_add(step))
    }
}

/// Days from 1 January 1970 (a Thursday) to a day, both counted, that are not among the weekdays of rest; bit 0 is Monday.
pub(super) fn working_days(rests: u8, day: i32) -> i32 {
    let (weeks, rest) = (day.div_euclid(7), day.rem_euclid(7) as u32 + 1);
    // Bit 0 becomes Thursday, as day 0 was.
    let works = !rests & 0x7f;
    let from_thursday = (works >> 3 | works << 4) & 0x7f;
    let a_week = from_thursday.count_ones() as i32;
    weeks * a_week + (from_thursday & ((1_u16 << rest) - 1) as u8).count_ones() as i32
}

#[cfg(test)]
mod tests {
    use super::working_days;
    use crate::model::calendar::{Calendar, Day};

    #[test]
    fn working_days_are_those_of_the_calendar() {
        let calendar = Calendar::new(Day(-30), Day(60));
        for rests in [0, 0b100_0000, 0b110_0000, 0b001_0010, 0x7f] {
            for (at, facts) in calendar.days.iter().enumerate() {
                let day = at as i32 - 30;
                let works = i32::from(rests >> facts.weekday & 1 == 0);
                assert_eq!(working_days(rests, day) - working_days(rests, day - 1), works, "{rests:b} on day {day}");
            }
        }
    }
}
