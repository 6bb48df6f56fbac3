//! A network of firms made from an input–output table, for people without firm data: `ripstop generate`.
//!
//! The table says how much each industry makes and who takes it; firms get sizes and numbers of partners with published tails; every firm
//! buys the goods its sector needs most from other firms, region by region as the table says; flows are scaled to the table and every firm
//! makes exactly what it sells. The same table, counts and seed give the same bytes on any machine and any number of threads.
//!
//! The firms are invented. What is real about them is the table, and two exponents.

mod customers;
mod firms;
mod flows;
mod inform;
mod power;
mod table;
mod wire;
mod write;

use std::path::Path;

use serde_json::Value;

use crate::Diagnostic;

pub use table::{IoTable, NAMES, SHIPPED, SHIPPED_FILE};
pub use write::write;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// Number of firms.
    pub firms: usize,
    /// Number of links.
    pub links: usize,
    /// Seed.
    pub seed: u64,
    /// Exponent of the share of firms with more than so many suppliers (Fujiwara & Aoyama 2010: 1.35).
    pub suppliers_tail: f64,
    /// Exponent of the share of firms with more than so many customers (Fujiwara & Aoyama 2010: 1.26).
    pub customers_tail: f64,
    /// Exponent of the share of firms larger than so much (Axtell 2001: 1.06).
    pub size_tail: f64,
    /// Sector whose largest firms stop in the scenario `shock`; the most traded between regions if none is named.
    pub shock_sector: Option<String>,
    /// How many of them.
    pub shock_firms: usize,
    /// Days of the case.
    pub days: usize,
}

/// The usual exponents and shock.
impl Default for Request {
    fn default() -> Self {
        Self {
            firms: 1_000,
            links: 10_000,
            seed: 1,
            suppliers_tail: 1.35,
            customers_tail: 1.26,
            size_tail: 1.06,
            shock_sector: None,
            shock_firms: 10,
            days: 365,
        }
    }
}

/// A network of firms with flows in the table's money per day.
pub struct Made {
    /// Firm → industry of the table.
    pub industry: Vec<u32>,
    /// Buyer → first link; one more at the end.
    pub first: Vec<u32>,
    /// Seller of each link.
    pub seller: Vec<u32>,
    /// Value a day of each link.
    pub value: Vec<f64>,
    /// Final demand a day of each firm.
    pub final_demand: Vec<f64>,
    /// What each firm makes a day.
    pub output: Vec<f64>,
    /// Firms of the scenario `shock`.
    pub stopped: Vec<u32>,
    /// Sector of the scenario `shock`.
    pub shock_sector: usize,
    /// Asked against obtained.
    pub report: Value,
}

impl Made {
    /// The links of a buyer.
    pub fn of(&self, buyer: usize) -> std::ops::Range<usize> {
        self.first[buyer] as usize..self.first[buyer + 1] as usize
    }
}

/// Reads a table; `None` for the shipped one.
///
/// Errors: it cannot be read, is no table, or does not balance: every problem with its place.
pub fn table(file: Option<&Path>) -> Result<IoTable, Vec<Diagnostic>> {
    table::read(file)
}

/// Makes the network.
///
/// Errors: there are too few firms or links for the table, or an exponent has no mean.
pub fn generate(table: &IoTable, request: &Request) -> Result<Made, Box<Diagnostic>> {
    firms::check(table, request)?;
    let firms = firms::firms(table, request);
    let wired = wire::wire(table, request, &firms);
    let flows = flows::flows(table, &firms, &wired);
    let (shock_sector, stopped) = shock(table, request, &firms, &flows)?;
    let mut made = Made {
        industry: firms.industry,
        first: wired.first,
        seller: wired.seller,
        value: flows.value,
        final_demand: flows.final_demand,
        output: flows.output,
        stopped,
        shock_sector,
        report: Value::Null,
    };
    made.report = inform::report(table, request, &made, wired.without_input, firms.needed);
    Ok(made)
}

/// The largest firms of the sector asked for, or of the one most traded between regions.
fn shock(table: &IoTable, request: &Request, firms: &firms::Firms, flows: &flows::Flows) -> Result<(usize, Vec<u32>), Box<Diagnostic>> {
    let sector = match &request.shock_sector {
        Some(name) => table.sectors.iter().position(|sector| sector == name).ok_or_else(|| {
            let near = crate::near_miss(name, table.sectors.iter().map(String::as_str)).map(str::to_owned);
            let cannot = firms::cannot(format!("the table has no sector `{name}`"));
            Box::new(cannot.suggest(near).with_fix("name a sector of the table with --shock-sector"))
        })?,
        None => table.most_traded(),
    };
    let mut list: Vec<u32> =
        (0..firms.industry.len() as u32).filter(|&firm| table.sector_of(firms.industry[firm as usize] as usize) == sector).collect();
    list.sort_by(|&a, &b| flows.output[b as usize].total_cmp(&flows.output[a as usize]).then(a.cmp(&b)));
    list.truncate(request.shock_firms);
    Ok((sector, list))
}

/// The report in lines for readers: what, asked, obtained.
pub fn lines(made: &Made) -> Vec<(String, String, String)> {
    let report = &made.report;
    let number = |pointer: &str| report.pointer(pointer).and_then(Value::as_f64).unwrap_or(f64::NAN);
    let whole = |pointer: &str| grouped(number(pointer));
    let two = |pointer: &str| format!("{:.2}", number(pointer));
    let percent = |pointer: &str| format!("{:.1} %", 100.0 * number(pointer));
    let trillion = |pointer: &str| format!("{:.2}", number(pointer) / 1e6);
    let of = |what: &str, asked: String, obtained: String| (what.to_owned(), asked, obtained);
    vec![
        of("firms", whole("/firms/asked"), whole("/firms/obtained")),
        of("links", whole("/links/asked"), whole("/links/obtained")),
        of(
            "suppliers, tail exponent",
            two("/suppliers/tail_exponent/asked"),
            format!("{} (most {})", two("/suppliers/tail_exponent/obtained"), whole("/suppliers/most")),
        ),
        of(
            "customers, tail exponent",
            two("/customers/tail_exponent/asked"),
            format!("{} (most {})", two("/customers/tail_exponent/obtained"), whole("/customers/most")),
        ),
        of("size, tail exponent", two("/size/tail_exponent/asked"), two("/size/tail_exponent/obtained")),
        of("sales to itself", "0".to_owned(), whole("/self_sales")),
        of(
            &format!("firms that lack one of {} needed goods", whole("/inputs/needed_goods")),
            "0".to_owned(),
            whole("/inputs/firms_without_a_needed_good"),
        ),
        of("inputs of the table whose goods are bought", String::new(), percent("/inputs/share_of_inputs_bought")),
        of("output, trillion USD a year", trillion("/output/asked"), trillion("/output/obtained")),
        of("output by industry, mean deviation", "0 %".to_owned(), percent("/output/mean_deviation")),
        of("final demand, trillion USD a year", trillion("/final_demand/asked"), trillion("/final_demand/obtained")),
        of("value added, trillion USD a year", trillion("/value_added/asked"), trillion("/value_added/obtained")),
        of("trade between industries, mean deviation", "0 %".to_owned(), percent("/trade_between_industries/mean_deviation")),
        of("trade within regions", percent("/trade_within_regions/asked"), percent("/trade_within_regions/obtained")),
        of("firms that add less than nothing", "0".to_owned(), whole("/value_added/firms_below_zero")),
        of("made less sold, share of output", "at most 1e-12".to_owned(), format!("{:.0e}", number("/balance_residual"))),
    ]
}

/// 1,234,567.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 && digits.as_bytes()[index - 1] != b'-' {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
