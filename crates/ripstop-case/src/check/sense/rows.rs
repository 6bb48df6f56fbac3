//! Rows that nothing refers to, and rows that stand twice.

use super::super::Checker;
use crate::language::diagnostic::Code;
use crate::language::schema::Kind;
use crate::tables::table::Cells;
use std::collections::{BTreeMap, BTreeSet};

/// Tables whose rows exist to be referred to, and what is said of one that is not.
const REFERRED: &[(&str, &str)] = &[
    ("places", "no firm, route or crossing is there"),
    ("crossings", "no route, event or contract passes it"),
    ("routes", "no contract takes it"),
    ("groups", "no firm belongs to it"),
    ("products", "no line makes it and no recipe takes it"),
    ("terms", "no contract has them"),
    ("calendars", "no contract follows it"),
    ("firms", "it makes, buys and sells nothing"),
];

/// Rows that no other row refers to, and recipes of products that nobody makes.
pub fn unused(checker: &mut Checker) {
    let mut used: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for table in checker.case.tables() {
        for column in &table.columns {
            match (&column.cells, column.spec.kind) {
                (Cells::Ref(rows), Kind::Ref(to)) => used.entry(to).or_default().extend(rows.iter().copied()),
                (Cells::Refs(_), Kind::RefList(to)) => {
                    let col = table.col(column.spec.name);
                    let rows = (0..table.rows()).flat_map(|row| table.references(col, row)).copied();
                    used.entry(to).or_default().extend(rows);
                }
                _ => {}
            }
        }
    }
    claims_and_events(checker, &mut used);
    links(checker, &mut used);
    for (name, why) in REFERRED {
        let table = checker.table(name);
        let id = table.col(table.spec().key[0]);
        let used = used.entry(name).or_default();
        for group in (0..table.ids() as u32).filter(|group| !used.contains(group)) {
            let row = if table.spec().grouped() { table.rows_of(group).first().map_or(0, |row| *row as usize) } else { group as usize };
            if *name == "firms" && has_people_or_cash(checker, row) {
                continue;
            }
            checker.fault_at(Code::UnusedRow, table, id, row, format!("nothing uses {}: {why}", table.id(group)));
        }
    }
    recipes(checker);
}

/// What links use: firms that trade or serve final demand, the goods of their sectors, the terms `links`; the place of firms without one.
fn links(checker: &Checker, used: &mut BTreeMap<&str, BTreeSet<u32>>) {
    let Some(links) = &checker.case.links else { return };
    let (firms, products) = (checker.table("firms"), checker.table("products"));
    let demand = links.final_demand(checker.case, &checker.base);
    let trades = |firm: &u32| links.sold[*firm as usize] + links.bought[*firm as usize] + demand[*firm as usize] > 0.0;
    let sectors = checker.case.sectors.iter().filter_map(|sector| products.row_of(sector));
    used.entry("products").or_default().extend(sectors);
    used.entry("firms").or_default().extend((0..firms.rows() as u32).filter(trades));
    used.entry("terms").or_default().extend(checker.table("terms").row_of(crate::map::network::links::TERMS));
    used.entry("places").or_default().extend(checker.table("places").row_of(crate::tables::links::NOWHERE));
}

/// Crossings that events and claims name: an event may wait for a route that a scenario of another day needs.
fn claims_and_events<'a>(checker: &Checker<'a>, used: &mut BTreeMap<&'a str, BTreeSet<u32>>) {
    let named = checker.case.claims.iter().flat_map(|claim| &claim.parts).flat_map(|part| part.refs("crossings").iter().copied());
    used.entry("crossings").or_default().extend(named);
}

/// A firm with workers or cash acts without trading: it pays wages, or hands cash to its group.
fn has_people_or_cash(checker: &Checker, row: usize) -> bool {
    let firms = checker.table("firms");
    let columns = ["workers", "opening_cash", "opening_cash_usd"].map(|name| firms.col(name));
    columns.iter().any(|col| firms.number(*col, row, &checker.base).is_some_and(|number| number > 0.0))
}

fn recipes(checker: &mut Checker) {
    let (recipes, lines) = (checker.table("recipes"), checker.table("lines"));
    let (product, makes, resale) = (recipes.col("product"), lines.col("product"), lines.col("resale"));
    let made: BTreeSet<u32> =
        (0..lines.rows()).filter(|row| !lines.flag(resale, *row)).filter_map(|row| lines.reference(makes, row)).collect();
    let mut told = BTreeSet::new();
    for row in 0..recipes.rows() {
        let Some(goods) = recipes.reference(product, row).filter(|goods| !made.contains(goods)) else { continue };
        if told.insert(goods) {
            let message = format!("nobody makes {}, so its recipe is not used", checker.table("products").id(goods));
            checker.fault_at(Code::UnusedRow, recipes, product, row, message);
        }
    }
}

/// Firms without contracts: what else could be said of them only follows.
pub fn no_contracts(checker: &mut Checker) {
    let contracts = checker.table("contracts");
    let count = checker.table("firms").rows();
    let firms = if count == 1 { "a firm".to_owned() } else { format!("{count} firms") };
    let message = format!("the case has {firms}, but {} has no rows or is not there", contracts.file());
    checker.fault(Code::NoContracts, &crate::read::bytes::whole_file(contracts.file()), message);
}

/// Rows that differ only in their id and what is written for readers.
pub fn twice(checker: &mut Checker) {
    for name in ["contracts", "orders", "demand", "events"] {
        let table = checker.table(name);
        let columns = table.columns.iter().filter(|column| column.header.is_some());
        let told = ["id", "name", "note", "basis", "source", "grade"];
        let columns: Vec<_> =
            columns.filter(|column| !told.contains(&column.spec.name)).map(|column| table.col(column.spec.name)).collect();
        let mut seen: BTreeMap<Vec<Option<&str>>, usize> = BTreeMap::new();
        for row in table.in_file_order() {
            let cells = columns.iter().map(|col| table.cell_text(*col, row)).collect();
            let first = *seen.entry(cells).or_insert(row);
            if first != row {
                let message = format!("{} says the same as {} in line {}: both count", table.key(row), table.key(first), table.line(first));
                checker.fault_at(Code::SameRowTwice, table, table.col("id"), row, message);
            }
        }
    }
}
