//! `links`: who sells to whom and how much a day, for networks of up to tens of millions of rows.
//!
//! A link is shorthand for rows of the standard tables (`docs/national.md` says which). Its file is read straight into columns, without
//! a string or a vector for any cell; every other rule of reading holds: all problems in one pass, each with row and column. Of one kind
//! of problem the first [`NAMED_MAX`] are named and the rest counted.

mod csv_fast;
mod csv_in;
mod ids;
mod index;
#[cfg(feature = "files")]
mod parquet_in;
mod shorthand;

use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::read::bytes::{RawTable, named, whole_file};
use crate::read::parquet_file::is_index;
use crate::tables::names::Names;

pub(crate) use csv_in::from_csv;
pub use index::Links;
pub(crate) use index::figure;
#[cfg(feature = "files")]
pub(crate) use parquet_in::from_parquet;
pub(crate) use shorthand::{NOWHERE, STATES, places, products};

/// Problems of one kind that are named; the rest is counted.
pub const NAMED_MAX: usize = 20;

/// A firm of a link that is unknown; the row then counts for nothing.
pub(crate) const NO_FIRM: u32 = u32::MAX;

/// The columns of a file as it stands, in file order.
#[derive(Default)]
pub(crate) struct Rows {
    pub seller: Vec<u32>,
    pub buyer: Vec<u32>,
    pub value: Vec<f64>,
}

impl Rows {
    fn push(&mut self, seller: u32, buyer: u32, value: f64) {
        self.seller.push(seller);
        self.buyer.push(buyer);
        self.value.push(value);
    }

    fn with_room(rows: usize) -> Rows {
        Rows { seller: Vec::with_capacity(rows), buyer: Vec::with_capacity(rows), value: Vec::with_capacity(rows) }
    }
}

/// The three columns, in the order of the schema.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    Seller,
    Buyer,
    Value,
}

impl Field {
    pub const ALL: [Field; 3] = [Field::Seller, Field::Buyer, Field::Value];

    pub fn name(self) -> &'static str {
        match self {
            Field::Seller => "seller",
            Field::Buyer => "buyer",
            Field::Value => "value_per_day",
        }
    }
}

/// Where the cells of the file are.
pub(crate) enum Place {
    /// In a text.
    Text(csv_in::Text),
    /// In a Parquet file, by row; the columns' numbers.
    #[cfg_attr(not(feature = "files"), allow(dead_code, reason = "such links are read by builds with files only"))]
    Parquet { file: String, columns: [usize; 3] },
}

impl Place {
    /// Where a cell stands; finding a row of a text takes a pass over it.
    fn position(&self, field: Field, row: usize) -> Position {
        match self {
            Place::Text(text) => text.position(field, row),
            Place::Parquet { file, columns } => {
                let column = columns[field as usize] + 1;
                Position { column, line: row + 1, field: Some(field.name().into()), ..whole_file(file) }
            }
        }
    }
}

/// What was read, and where.
pub(crate) struct Read {
    pub rows: Rows,
    pub place: Place,
}

/// What was read, in order, with what was added up or left out said.
pub(crate) fn in_order(read: Read, firms: &Firms, file: &str, faults: &mut Faults) -> Links {
    index::build(read, firms, file, faults)
}

/// Problems of one file: the first of each kind are kept, the rest is counted.
pub(crate) struct Faults<'a> {
    pub diagnostics: &'a mut Vec<Diagnostic>,
    counts: Vec<(Code, usize)>,
}

impl<'a> Faults<'a> {
    pub fn new(diagnostics: &'a mut Vec<Diagnostic>) -> Faults<'a> {
        Faults { diagnostics, counts: Vec::new() }
    }

    /// Counts a problem; true if it is one of those to be named.
    pub fn count(&mut self, code: Code) -> bool {
        let count = match self.counts.iter_mut().find(|(counted, _)| *counted == code) {
            Some((_, count)) => count,
            None => {
                self.counts.push((code, 0));
                // It has just been put there.
                &mut self.counts.last_mut().expect("not empty").1
            }
        };
        *count += 1;
        *count <= NAMED_MAX
    }

    pub fn push(&mut self, fault: Diagnostic) {
        self.diagnostics.push(fault);
    }

    /// Says how many problems were not named.
    pub fn close(self, file: &str) {
        for (code, count) in self.counts.into_iter().filter(|(_, count)| *count > NAMED_MAX) {
            let message = format!("{} more problems {} ({}) of {file} are not named", count - NAMED_MAX, code.id(), code.name());
            self.diagnostics.push(Diagnostic::new(Code::ProblemsLeftOut, &whole_file(file), message));
        }
    }
}

/// What a link needs to know of the firms.
pub(crate) struct Firms<'a> {
    pub names: &'a Names,
    pub raw: &'a RawTable,
    /// Row of firms → sector as an index into [`Names::sectors`], or [`NO_FIRM`].
    pub sector: Vec<u32>,
    numbers: ids::Numbers,
}

impl<'a> Firms<'a> {
    pub fn of(raw: &'a RawTable, names: &'a Names) -> Firms<'a> {
        let column = raw.column("sector");
        let index: std::collections::HashMap<&str, u32> =
            names.sectors.iter().enumerate().map(|(index, sector)| (sector.as_str(), index as u32)).collect();
        let sector = |row| raw.cell_of(column, row).and_then(|text| index.get(text).copied()).unwrap_or(NO_FIRM);
        Firms { names, raw, sector: (0..raw.rows()).map(sector).collect(), numbers: ids::Numbers::of(names) }
    }

    /// The firm of a whole number.
    #[cfg(feature = "files")]
    pub fn by_number(&self, number: i64) -> Option<u32> {
        self.numbers.find(number)
    }

    /// The firm of an id as text.
    pub fn by_text(&self, text: &str) -> Option<u32> {
        match ids::whole(text) {
            Some(number) => self.numbers.find(number),
            None => self.names.find("firms", text),
        }
    }

    /// Says that there is no such firm, unless the firms could not be read.
    fn unknown(&self, id: &str, at: impl FnOnce() -> Position, faults: &mut Faults) {
        if self.names.readable("firms") && faults.count(Code::UnknownId) {
            let message = format!("`{id}` is not in {}", self.raw.file());
            faults.push(Diagnostic::new(Code::UnknownId, &at(), message).suggest(self.names.nearest("firms", id)));
        }
    }

    /// Judges a value: says what is wrong with one that is not finite or negative.
    fn value(&self, value: f64, at: impl FnOnce() -> Position, faults: &mut Faults) -> bool {
        let (code, message) = if !value.is_finite() {
            (Code::NotFinite, format!("the value is {value}, no finite number"))
        } else if value < 0.0 {
            (Code::BelowMinimum, format!("{value} is below 0"))
        } else if let Some((code, message)) = crate::language::numbers::size_fault(value) {
            (code, format!("the value {message}"))
        } else {
            return true;
        };
        if faults.count(code) {
            faults.push(Diagnostic::new(code, &at(), message));
        }
        false
    }
}

/// Columns of a header: where the three are. Unknown, repeated and missing ones are said.
pub(crate) fn columns(header: &[String], at: impl Fn(Option<usize>) -> Position, file: &str, faults: &mut Faults) -> Option<[usize; 3]> {
    // Blank names behind the last are a spreadsheet's padding; what stands under them is looked at row by row.
    for (column, name) in header.iter().enumerate().take(named(header)) {
        if header[..column].contains(name) && !name.is_empty() {
            faults.push(Diagnostic::new(Code::DuplicateColumn, &at(Some(column)), format!("the header names `{name}` twice")));
        } else if Field::ALL.iter().all(|field| field.name() != name) && !is_index(name) {
            let fault = Diagnostic::new(Code::UnknownColumn, &at(Some(column)), format!("{file} has no column `{name}`"));
            let fields = || Field::ALL.iter().map(|field| field.name());
            faults.push(match crate::language::schema::other_name(name, |wanted| fields().find(|known| *known == wanted)) {
                Some((_, fix)) => fault.with_fix(fix),
                None => fault
                    .suggest(crate::near_miss(name, fields()))
                    .with_fix("links have the columns seller, buyer and value_per_day and no others; remove it"),
            });
        }
    }
    let mut found = [0; 3];
    let mut all = true;
    for field in Field::ALL {
        match header.iter().position(|name| name == field.name()) {
            Some(column) => found[field as usize] = column,
            None => {
                let message = format!("{file} needs the column `{}`", field.name());
                faults.push(Diagnostic::new(Code::MissingColumn, &at(None), message));
                all = false;
            }
        }
    }
    all.then_some(found)
}

/// Reads no links, which is diagnosed.
#[cfg(not(feature = "files"))]
pub(crate) fn from_parquet(file: &str, _: Vec<u8>, _: &Firms, _: &crate::Limits, faults: &mut Faults) -> Option<Read> {
    faults.push(crate::read::parquet_off::unread(file));
    None
}
