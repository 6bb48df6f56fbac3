//! Numbers and dates as spreadsheets and people write them: read where only one reading is possible, refused where two are.
//!
//! What a file shows elsewhere decides: `12,5` anywhere in it says that commas are decimal, so `1,500` is 1.5 and `1.500` is 1500;
//! `31/01/2020` anywhere in a column says that its days stand first. Whatever is read otherwise than written is said in one warning a file.

mod literal;

use std::collections::HashMap;

use crate::language::dates::parse_date;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::language::schema::{ColumnSpec, Kind};
use crate::language::text::Encoding;
use crate::read::bytes::{Edits, RawTable, Source};
use literal::{DateOrder, DateShape, NumberShape, Style};

/// What the cells of a column are read as.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    Number,
    Whole,
    Date,
    Flag,
    /// Number, date or word by the row's unit.
    Value,
    Other,
}

impl Role {
    fn of(kind: Kind) -> Role {
        match kind {
            Kind::Number => Role::Number,
            Kind::Integer => Role::Whole,
            Kind::Date | Kind::Period => Role::Date,
            Kind::Bool => Role::Flag,
            Kind::Value => Role::Value,
            _ => Role::Other,
        }
    }
}

/// A cell that cannot be read as it stands.
struct Odd<S> {
    column: usize,
    row: usize,
    shape: S,
}

/// What was found in a table before anything is decided.
#[derive(Default)]
struct Found {
    numbers: Vec<Odd<NumberShape>>,
    dates: Vec<Odd<DateShape>>,
    edits: Edits,
    /// What is read otherwise, one example of each habit.
    notes: Vec<String>,
}

/// A file in another encoding than UTF-8, said once.
pub fn encoding_note(source: &Source) -> Option<Diagnostic> {
    (source.readable && source.encoding != Encoding::Utf8).then(|| {
        let message = format!("{} is read as {}", source.path.display(), source.encoding.name());
        Diagnostic::new(Code::ReadOtherwise, &source.position(0..0), message)
    })
}

/// Reads the cells of a table as they were meant, refuses those in doubt, and says what was done.
pub fn read(raw: &mut RawTable, diagnostics: &mut Vec<Diagnostic>) {
    // Parquet has types; text in it is read as it stands.
    if raw.written.columns.is_some() {
        return;
    }
    let mut found = Found::default();
    let source = raw.written.source.clone();
    if source.encoding != Encoding::Utf8 {
        found.notes.push(format!("{} text", source.encoding.name()));
    }
    match source.dialect.separator {
        b';' => found.notes.push("semicolons between cells".to_owned()),
        b'\t' => found.notes.push("tabs between cells".to_owned()),
        _ => {}
    }
    let unit = raw.column("unit");
    for (column, role) in roles(raw) {
        for row in 0..raw.rows() {
            let role = if role == Role::Value { role_of_value(raw.cell_of(unit, row)) } else { role };
            look(raw, (column, row), role, &mut found, diagnostics);
        }
    }
    decide_numbers(raw, source.dialect.separator, &mut found, diagnostics);
    decide_dates(raw, &mut found, diagnostics);
    if !found.notes.is_empty() {
        let message = format!("{} is read with {}", raw.file(), found.notes.join("; "));
        diagnostics.push(Diagnostic::new(Code::ReadOtherwise, &raw.written.header_position(None), message));
    }
    raw.set_edits(found.edits);
}

/// The columns of the header with what their cells are read as.
fn roles(raw: &RawTable) -> Vec<(usize, Role)> {
    let role = |name: &str| {
        let of = |name: &str| raw.spec.all_columns().find(|column| column.name == name).map(|column: &ColumnSpec| column.kind);
        let base = || name.strip_suffix("_low").or_else(|| name.strip_suffix("_high"));
        let ranged = || base().and_then(of).filter(|kind| kind.may_range());
        of(name).or_else(ranged).map_or(Role::Other, Role::of)
    };
    raw.written.header.iter().enumerate().map(|(column, name)| (column, role(name))).collect()
}

fn role_of_value(unit: Option<&str>) -> Role {
    match unit {
        Some("date") => Role::Date,
        Some("choice") => Role::Other,
        _ => Role::Number,
    }
}

fn look(raw: &RawTable, (column, row): (usize, usize), role: Role, found: &mut Found, diagnostics: &mut Vec<Diagnostic>) {
    let Some(text) = raw.cell(column, row) else { return };
    if crate::language::faults::is_error_value(text) {
        let message = format!("`{text}` is the error value of a formula");
        diagnostics.push(Diagnostic::new(Code::SpreadsheetError, &raw.position(Some(column), row), message));
        refuse(&mut found.edits, column, row);
        return;
    }
    match role {
        Role::Number | Role::Whole => {
            let shape = literal::number(text, role == Role::Whole);
            if shape != NumberShape::Plain {
                found.numbers.push(Odd { column, row, shape });
            }
        }
        Role::Date => {
            if let Some(shape) = literal::date(text) {
                found.dates.push(Odd { column, row, shape });
            }
        }
        Role::Flag => {
            let lower = text.to_ascii_lowercase();
            if matches!(lower.as_str(), "true" | "false") && lower != text {
                found.edits.insert((row as u32, column as u32), Some(lower.into()));
            }
        }
        Role::Value | Role::Other => {}
    }
}

fn refuse(edits: &mut Edits, column: usize, row: usize) {
    edits.insert((row as u32, column as u32), None);
}

/// The style of the whole file, then each number in it.
fn decide_numbers(raw: &RawTable, separator: u8, found: &mut Found, diagnostics: &mut Vec<Diagnostic>) {
    let first = |style: Style| found.numbers.iter().find(|odd| odd.shape.shows() == Some(style));
    let style = match (first(Style::Point), first(Style::Comma)) {
        (Some(point), Some(comma)) => {
            diagnostics.push(mixed_numbers(raw, point, comma));
            for odd in &found.numbers {
                refuse(&mut found.edits, odd.column, odd.row);
            }
            return;
        }
        (Some(_), None) => Some(Style::Point),
        (None, Some(_)) => Some(Style::Comma),
        (None, None) => None,
    };
    let mut said: HashMap<&'static str, ()> = HashMap::new();
    for odd in &found.numbers {
        let (column, row) = (odd.column, odd.row);
        let text = raw.cell(column, row).unwrap_or("").to_owned();
        let Some(meant) = odd.shape.read(style, separator) else {
            let at = raw.position(Some(column), row);
            let (point, comma) = odd.shape.readings();
            let message = format!("`{text}` is {point} or {comma}, and nothing else in {} says which", raw.file());
            diagnostics.push(Diagnostic::new(Code::AmbiguousNumber, &at, message).with_fix(format!("write {point} or {comma}")));
            refuse(&mut found.edits, column, row);
            continue;
        };
        if meant == text {
            continue;
        }
        let habit = if style == Some(Style::Comma) { "decimal commas" } else { "thousands set apart" };
        if said.insert(habit, ()).is_none() {
            found.notes.push(format!("{habit}: `{text}` in line {} is {meant}", raw.written.line(row)));
        }
        found.edits.insert((row as u32, column as u32), Some(meant.into()));
    }
}

fn mixed_numbers(raw: &RawTable, point: &Odd<NumberShape>, comma: &Odd<NumberShape>) -> Diagnostic {
    let (later, earlier) = if (point.row, point.column) > (comma.row, comma.column) { (point, comma) } else { (comma, point) };
    let text = |odd: &Odd<NumberShape>| raw.cell(odd.column, odd.row).unwrap_or("").to_owned();
    let word = |odd: &Odd<NumberShape>| if odd.shape.shows() == Some(Style::Comma) { "comma" } else { "point" };
    let message = format!(
        "`{}` has a decimal {}, but `{}` in line {} has a decimal {}",
        text(later),
        word(later),
        text(earlier),
        raw.written.line(earlier.row),
        word(earlier)
    );
    Diagnostic::new(Code::MixedStyles, &raw.position(Some(later.column), later.row), message)
}

/// The order of day and month of each column, then each date in it.
fn decide_dates(raw: &RawTable, found: &mut Found, diagnostics: &mut Vec<Diagnostic>) {
    let columns: std::collections::BTreeSet<usize> = found.dates.iter().map(|odd| odd.column).collect();
    for column in columns {
        let list: Vec<&Odd<DateShape>> = found.dates.iter().filter(|odd| odd.column == column).collect();
        let first = |order: DateOrder| list.iter().find(|odd| odd.shape.shows() == Some(order));
        let order = match (first(DateOrder::DayFirst), first(DateOrder::MonthFirst)) {
            (Some(day), Some(month)) => {
                let at = day.row.max(month.row);
                let message = format!(
                    "dates of this column have the day first in line {} and the month first in line {}",
                    raw.written.line(day.row),
                    raw.written.line(month.row)
                );
                diagnostics.push(Diagnostic::new(Code::MixedStyles, &raw.position(Some(column), at), message));
                list.iter().for_each(|odd| refuse(&mut found.edits, column, odd.row));
                continue;
            }
            (Some(_), None) => Some(DateOrder::DayFirst),
            (None, Some(_)) => Some(DateOrder::MonthFirst),
            (None, None) => None,
        };
        let mut said = false;
        for odd in list {
            let text = raw.cell(column, odd.row).unwrap_or("");
            match odd.shape.read(order) {
                // A day there is not is left as it stands, to be refused as such.
                Ok(meant) if parse_date(&meant).is_none() => {}
                Ok(meant) => {
                    if !said {
                        found.notes.push(format!("dates such as `{text}` in line {}, which is {meant}", raw.written.line(odd.row)));
                        said = true;
                    }
                    found.edits.insert((odd.row as u32, column as u32), Some(meant.into()));
                }
                Err(doubt) => {
                    diagnostics.push(date_in_doubt(raw, column, odd.row, text, &doubt));
                    refuse(&mut found.edits, column, odd.row);
                }
            }
        }
    }
}

fn date_in_doubt(raw: &RawTable, column: usize, row: usize, text: &str, doubt: &literal::DateDoubt) -> Diagnostic {
    let at = raw.position(Some(column), row);
    match doubt {
        literal::DateDoubt::Serial(day) => {
            let message = format!("`{text}` is a spreadsheet's number of a day, probably {day}");
            Diagnostic::new(Code::SerialDate, &at, message)
                .with_fix(format!("write {day}, if that is meant; format the column as a date YYYY-MM-DD in the spreadsheet"))
        }
        literal::DateDoubt::TwoReadings(a, b) => {
            let message = format!("`{text}` is {a} or {b}, and no other date of the column says which");
            Diagnostic::new(Code::AmbiguousDate, &at, message).with_fix(format!("write {a} or {b}"))
        }
        literal::DateDoubt::ShortYear => {
            let message = format!("`{text}` does not say the century, or which number is the year");
            Diagnostic::new(Code::AmbiguousDate, &at, message)
        }
    }
}
