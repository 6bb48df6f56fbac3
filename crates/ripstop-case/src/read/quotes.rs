//! Quotation marks that are missing: one that is never closed, cells and numbers with a comma that needed them, and rows behind a mark
//! that makes them a remark elsewhere.

use crate::language::dates;
use crate::language::expr::plain_number;
use crate::language::faults::{is_error_value, is_expression};
use crate::language::schema::{ColumnSpec, Kind, TableSpec};

/// A row is read with so many commas in one text at most; with more it has other faults.
const CUTS_MAX: usize = 3;

/// The byte of a quotation mark that opens a cell and is never closed.
///
/// Either the text ends within its cell, or the next mark that might close it stands in another line and other text follows it:
/// then that mark opens a cell of its own.
pub fn unclosed(text: &str, start: usize, separator: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let ends_line = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let mut at = start;
    let mut opens = true;
    while let Some(&byte) = bytes.get(at) {
        if opens && byte == b'"' {
            let Some(close) = closing(bytes, at + 1) else { return Some(at) };
            let ends = bytes.get(close + 1).is_none_or(|byte| *byte == separator || ends_line(byte) || *byte == b' ');
            if !ends && bytes[at..close].iter().any(ends_line) {
                return Some(at);
            }
            at = close;
        }
        opens = byte == separator || ends_line(&byte);
        at += 1;
    }
    None
}

/// The mark that closes a cell; two in a row stand for one in the text.
fn closing(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if bytes.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

/// The mark of a remark that a row's first cell begins with. What a spreadsheet's formula left behind (`#N/A`) is none.
pub fn remark(first: &str) -> Option<&'static str> {
    let first = first.trim();
    let mark = ["#", "//", "--", "/*", "＃"].into_iter().find(|mark| first.starts_with(mark))?;
    (!is_error_value(first)).then_some(mark)
}

/// Whether a column of a table, or an end of its range, holds numbers.
pub fn is_number(spec: &TableSpec, name: &str) -> bool {
    let base = name.strip_suffix("_low").or_else(|| name.strip_suffix("_high")).unwrap_or(name);
    spec.all_columns().any(|column| match column.kind {
        Kind::Number | Kind::Integer => column.name == name || column.name == base,
        Kind::Value => column.name == name,
        _ => false,
    })
}

/// Whether two cells beside each other may be one number, cut at its comma: `10` and `000`, `1` and `05`.
pub fn one_number(first: &str, second: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (first, second) = (first.trim(), second.trim());
    let whole = first.strip_prefix(['-', '+']).unwrap_or(first);
    let written = digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let part = second.split(['e', 'E', '.']).next().unwrap_or("");
    written && digits(part)
}

/// The first cell of a row with cells too many that may be a number cut at its commas: joined with what follows, the row is as long as
/// it should be and every cell can be what its column asks for.
pub fn cut_number(spec: &TableSpec, header: &[String], cells: &[&str]) -> Option<usize> {
    let columns: Vec<Option<&ColumnSpec>> = header.iter().map(|name| spec.all_columns().find(|column| column.name == name)).collect();
    let more = cells.len().checked_sub(header.len()).filter(|more| *more > 0)?;
    let whole = |at: usize, joined: usize| {
        let mut rest = cells.iter().enumerate().filter(|(index, _)| *index <= at || *index > at + joined).map(|(_, cell)| *cell);
        let fine = columns.iter().zip(rest.by_ref()).all(|(column, cell)| column.is_none_or(|column| fits(column, cell)));
        fine && rest.all(|cell| cell.trim().is_empty())
    };
    let cut = |at: &usize| {
        let parts = cells[at + 1..].iter().take(more.min(CUTS_MAX)).take_while(|next| one_number(cells[*at], next)).count();
        is_number(spec, &header[*at]) && (1..=parts).any(|joined| whole(*at, joined))
    };
    (0..header.len()).find(cut)
}

/// The cell of a row with cells too many that commas have cut: joined with as many as are too many, every cell can be what its column
/// asks for.
///
/// `None` when the row reads as well as it stands, or no text of it can have been cut.
pub fn cut_cell(spec: &TableSpec, header: &[String], cells: &[&str]) -> Option<usize> {
    let columns: Vec<Option<&ColumnSpec>> = header.iter().map(|name| spec.all_columns().find(|column| column.name == name)).collect();
    let fits = |cells: &mut dyn Iterator<Item = &str>| columns.iter().zip(cells).all(|(column, cell)| column.is_none_or(|c| fits(c, cell)));
    let more = cells.len().checked_sub(header.len()).filter(|more| (1..=CUTS_MAX).contains(more))?;
    let padded = cells[header.len()..].iter().all(|cell| cell.trim().is_empty());
    if padded && fits(&mut cells.iter().copied().take(header.len())) {
        return None;
    }
    if cut_number(spec, header, cells).is_some() {
        return None; // a number is cut, and said to be
    }
    let is_text = |at: &usize| columns[*at].is_some_and(|column| column.kind == Kind::Text);
    let whole = |at: &usize| {
        let joined = cells.iter().enumerate().filter(|(index, _)| *index <= *at || *index > at + more);
        // Parts of a text are a text, so the first may stand for all; a blank one cannot have been cut.
        !cells[*at].trim().is_empty() && fits(&mut joined.map(|(_, cell)| *cell))
    };
    let mut cut = (0..header.len()).filter(is_text).filter(whole);
    let first = cut.next()?;
    // Where several could be meant, words after a comma begin with a blank.
    let blank = |at: &usize| cells[at + 1].starts_with(' ') && !cells[at + 1].trim().is_empty();
    if blank(&first) { Some(first) } else { cut.find(blank).or(Some(first)) }
}

/// Whether a cell can be what its column asks for, as far as its letters tell.
fn fits(column: &ColumnSpec, cell: &str) -> bool {
    let cell = cell.trim();
    if cell.is_empty() {
        return !column.required;
    }
    if cell.starts_with('$') {
        return true;
    }
    let letters = |count: usize| cell.len() == count && cell.bytes().all(|byte| byte.is_ascii_uppercase());
    match column.kind {
        Kind::Number | Kind::Integer => plain_number(cell).is_some() || is_expression(cell) || cell == "none" && column.none,
        Kind::Date => dates::parse_date(cell).is_some() || cell.contains('$') || dates::looks_like_date(cell),
        Kind::Enum(words) => words.contains(&cell),
        Kind::Country => letters(2),
        Kind::Currency => letters(3),
        Kind::MonthDay => dates::parse_month_day(cell).is_some(),
        Kind::Bool => matches!(cell.to_lowercase().as_str(), "true" | "false"),
        // An id is one word in all but a few cases; what follows a comma in a name mostly is not.
        Kind::Ref(_) => !cell.contains(' '),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::schema::table;

    #[test]
    fn quotes_that_stay_open() {
        let of = |text: &str| unclosed(text, 0, b',');
        assert_eq!(of("id,name\na,\"b, c\"\nd,\"e\nf\"\ng,\"h \"\"i\"\"\"\n"), None, "closed, over two lines, and doubled");
        assert_eq!(of("id,name\na,\"b\nc,d\n"), Some(10), "to the end of the file");
        assert_eq!(of("id,name\na,\"b\nc,\"d, e\"\n"), Some(10), "to the mark that opens the next");
        assert_eq!(of("id,name\na,5\" pipe\n"), None, "within a cell it is a letter");
        assert_eq!(of("id,name\na,\"b"), Some(10));
        assert_eq!(of("id,name\na,\""), Some(10));
    }

    #[test]
    fn cells_cut_in_two() {
        let header: Vec<String> = ["id", "name", "place", "workers", "note"].map(String::from).into();
        let of = |cells: &[&str]| cut_cell(table("firms").unwrap(), &header, cells);
        assert_eq!(of(&["mill", "Mill", " Ltd", "town", "40", ""]), Some(1));
        assert_eq!(of(&["mill", "Mill", "town", "40", "old", " but good"]), Some(4));
        assert_eq!(of(&["mill", "Mill", " Sons", " Ltd", "town", "40", ""]), Some(1), "two commas");
        assert_eq!(of(&["mill", "Mill", " Ltd", "town", "40", "", ""]), Some(1), "padded with a blank cell as well");
        assert_eq!(of(&["mill", "Mill", "town", "40", "", ""]), None, "padded with a blank cell");
        assert_eq!(of(&["mill", "Mill", "town", "many", "x", "y"]), None, "nothing makes the number fit");
        assert_eq!(of(&["mill", "Mill", "town", "40"]), None);
    }
}
