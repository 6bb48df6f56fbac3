//! Small tables that a case with links need not have: they follow from the firms.

use std::collections::HashSet;
use std::fmt::Write;

use crate::read::bytes::RawTable;

/// Required tables that links state.
pub const STATES: [&str; 3] = ["places", "products", "lines"];

/// The place of firms that have none: somewhere, in no country that has a code.
pub const NOWHERE: &str = "everywhere";

/// `products.csv`: one good a sector, counted in money, worth 1.
pub fn products(firms: &RawTable, currency: &str) -> String {
    let mut text = String::from("id,unit,value_usd_per_unit\n");
    let mut known = HashSet::new();
    let column = firms.column("sector");
    for sector in (0..firms.rows()).filter_map(|row| firms.cell_of(column, row)) {
        if known.insert(sector) {
            let _ = writeln!(text, "\"{}\",{currency},1", sector.replace('"', "\"\""));
        }
    }
    text
}

/// `places.csv`: one place for all. `ZZ` is no country's code and never will be.
pub fn places() -> String {
    format!("id,name,country\n{NOWHERE},Everywhere,ZZ\n")
}
