//! What is asked for: order lines, given or by calendars, and final demand.

use ripstop::model::calendar::{Day, MonthDay};
use ripstop::model::fields;
use ripstop::model::ids::*;
use ripstop::model::network::*;

use super::Mapper;
use super::options::FirstRates;
use crate::Values;
use crate::tables::table::NO_ROW;

impl Mapper<'_> {
    pub(super) fn orders(&self, network: &mut Network, values: &Values) {
        let contracts = self.case.table("contracts");
        let (calendar, quantity) = (contracts.col("calendar"), contracts.col("quantity_per_year"));
        for row in 0..contracts.rows() {
            if let (Some(group), Some(yearly)) = (contracts.reference(calendar, row), contracts.number(quantity, row, values)) {
                self.calendar_orders(network, ContractId::from(row), group, yearly, values);
            }
        }
        let orders = self.case.table("orders");
        for row in 0..orders.rows() {
            let date = |col: &str| orders.date(orders.col(col), row, values).map(Day);
            network.orders.push(Order {
                contract: ContractId(orders.referred(orders.col("contract"), row)),
                quantity: orders.number(orders.col("quantity"), row, values).unwrap_or(0.0),
                due: date("due_date").unwrap_or(network.end),
                season_end: date("season_end"),
            });
        }
    }

    fn calendar_orders(&self, network: &mut Network, contract: ContractId, group: u32, yearly: f64, values: &Values) {
        /// Order lines due this many days after the case still book inputs and labour within it.
        const TAIL_DAYS: i32 = 120;
        let calendars = self.case.table("calendars");
        let (due, share, season_end) = (calendars.col("due"), calendars.col("share"), calendars.col("season_end"));
        let (first, last) = (calendars.col("first_due"), calendars.col("last_due"));
        for &row in calendars.rows_of(group) {
            let row = row as usize;
            let Some(due) = calendars.month_day(due, row) else { continue };
            let first = calendars.date(first, row, values).map_or(Day(self.case.first_simulated_at(values)), Day);
            let last = calendars.date(last, row, values).map_or(network.end.plus(TAIL_DAYS), Day);
            for year in first.date().year()..=last.date().year() {
                let Some(day) = on(year, due).filter(|&d| first <= d && d <= last) else { continue };
                network.orders.push(Order {
                    contract,
                    quantity: yearly * calendars.number(share, row, values).unwrap_or(0.0),
                    due: day,
                    season_end: calendars.month_day(season_end, row).and_then(|end| next(day, end)),
                });
            }
        }
    }

    pub(super) fn demands(&self, network: &mut Network, first: &FirstRates, values: &Values) {
        let demand = self.case.table("demand");
        let (firm, product) = (demand.col("firm"), demand.col("product"));
        for row in 0..demand.rows() {
            let number = |col: &str| demand.number(demand.col(col), row, values);
            let (firm, product) = (demand.referred(firm, row), demand.referred(product, row));
            let line = self.line_of.get(&(firm, product)).copied();
            let season = demand.month_day(demand.col("season_from"), row).zip(demand.month_day(demand.col("season_to"), row));
            let retail = network.products.get(product as usize).map_or(0.0, |product| product.retail_price_per_unit);
            // The firm sells in its own currency.
            let rate = network.firms.get(firm as usize).map_or(1.0, |firm| first[firm.currency.index()]);
            network.demands.push(Demand {
                line: LineId(line.unwrap_or(NO_ROW)),
                quantity_per_day: number("quantity_per_day").unwrap_or(0.0),
                season: season.map(|(from, to)| (month_day(from), month_day(to))),
                price_per_unit: number("price_usd_per_unit").unwrap_or(retail) / rate,
                patience_days: number("patience_days").unwrap_or(fields::PATIENCE_DAYS.default).round() as u32,
            });
        }
    }
}

fn month_day((month, day): (u8, u8)) -> MonthDay {
    (month as i8, day as i8)
}

/// A month and day in a year; 29 February is the 28th in other years.
pub(super) fn on(year: i16, (month, day): (u8, u8)) -> Option<Day> {
    Day::from_civil(year, month as i8, day as i8).or_else(|| Day::from_civil(year, month as i8, day as i8 - 1))
}

/// The first such day of the year on or after a day.
fn next(day: Day, end: (u8, u8)) -> Option<Day> {
    let year = day.date().year();
    on(year, end).filter(|&d| d >= day).or_else(|| on(year + 1, end))
}
