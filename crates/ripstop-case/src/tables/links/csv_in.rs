//! Links from CSV.

use std::ops::Range;
use std::sync::Arc;

use super::csv_fast;
use super::{Faults, Field, Firms, NO_FIRM, Place, Read, Rows, columns};
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::language::expr::plain_number;
use crate::language::faults::number_fault;
use crate::language::limits::Limits;
use crate::read::bytes::{Source, cell_spans, named, whole_file};
use crate::read::quotes::remark;

/// The text of a file and its columns.
pub(crate) struct Text {
    pub source: Arc<Source>,
    columns: [usize; 3],
    /// Length of a header that is not read as a row.
    header: Header,
}

/// Where the header starts and what it names.
struct Header {
    start: usize,
    names: Vec<String>,
}

impl Text {
    fn reader(&self) -> csv::Reader<&[u8]> {
        reader(&self.source)
    }

    /// Where a cell of a row stands, counted without the header and blank lines.
    pub fn position(&self, field: Field, row: usize) -> Position {
        let (mut reader, mut record) = (self.reader(), csv::ByteRecord::new());
        let (mut count, mut start) = (0, 0);
        let mut header = true;
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            if std::mem::take(&mut header) || blank(&record) {
                continue;
            }
            start = self.start_of(&record);
            if count == row {
                break;
            }
            count += 1;
        }
        self.cell(start, field)
    }

    fn start_of(&self, record: &csv::ByteRecord) -> usize {
        start_of(&self.source, record)
    }

    fn cell(&self, start: usize, field: Field) -> Position {
        let spans = cell_spans(&self.source.text, start, self.source.dialect.separator);
        self.source.position(spans.get(self.columns[field as usize]).cloned().unwrap_or(start..start))
    }
}

fn reader(source: &Source) -> csv::Reader<&[u8]> {
    let body = &source.text.as_bytes()[source.dialect.start..];
    csv::ReaderBuilder::new().delimiter(source.dialect.separator).has_headers(false).flexible(true).from_reader(body)
}

fn start_of(source: &Source, record: &csv::ByteRecord) -> usize {
    let at = source.dialect.start + record.position().map_or(0, |position| position.byte() as usize);
    at + source.text.as_bytes()[at..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

fn blank(record: &csv::ByteRecord) -> bool {
    record.iter().all(|cell| cell.trim_ascii().is_empty())
}

/// Reads a file; `None` when its header is not that of links, which is diagnosed.
pub(crate) fn from_csv(source: &Arc<Source>, file: &str, firms: &Firms, limits: &Limits, faults: &mut Faults) -> Option<Read> {
    if let Some(doubt) = source.dialect.doubtful {
        let message = format!("it cannot be told what separates the cells of {file}");
        faults.push(Diagnostic::new(Code::WrongSeparator, &source.position(doubt..doubt + 1), message));
        return None;
    }
    let mut csv = reader(source);
    let mut record = csv::ByteRecord::new();
    // The text is UTF-8 in memory, so reading it cannot fail.
    if !csv.read_byte_record(&mut record).unwrap_or(false) {
        faults.push(Diagnostic::new(Code::MissingColumn, &whole_file(file), format!("{file} is empty")));
        return None;
    }
    let header = Header { start: start_of(source, &record), names: record.iter().map(|cell| text(cell).to_owned()).collect() };
    let place = |column: Option<usize>| source.position(span_of(source, header.start, column));
    let columns = columns(&header.names, place, file, faults)?;
    // Between semicolons a number may be in doubt, which only a look at all of them settles.
    if source.dialect.separator != b';' {
        let body = &source.text[source.dialect.start + csv.position().byte() as usize..];
        let read = csv_fast::rows(body, source.dialect.separator, [named(&header.names), header.names.len()], columns, firms);
        if let Some(rows) = read.filter(|rows| rows.value.len() <= limits.rows) {
            return Some(Read { rows, place: Place::Text(Text { source: source.clone(), columns, header }) });
        }
    }
    let text = Text { source: source.clone(), columns, header };
    // About as many bytes as a short row has.
    let mut rows = Rows::with_room(source.text.len() / 24);
    let mut point = Point { asked: source.dialect.separator == b';', ..Point::default() };
    let mut seen = 0;
    while csv.read_byte_record(&mut record).unwrap_or(false) {
        if blank(&record) {
            continue;
        }
        if seen == limits.rows {
            let at = source.position(span_of(source, text.start_of(&record), None));
            faults.push(Diagnostic::new(Code::TooManyRows, &at, format!("{file} has more than {} rows", limits.rows)));
            return None;
        }
        seen += 1;
        if remark_refused(&text, &record, faults) {
            // Counted as a row, so that places of later ones stay true.
            rows.push(NO_FIRM, NO_FIRM, 0.0);
            continue;
        }
        let (seller, buyer, value) = row(&text, &record, firms, &mut point, faults);
        rows.push(seller, buyer, value);
    }
    point.judge(&text, faults);
    Some(Read { rows, place: Place::Text(text) })
}

fn span_of(source: &Source, start: usize, column: Option<usize>) -> Range<usize> {
    let spans = cell_spans(&source.text, start, source.dialect.separator);
    column.and_then(|column| spans.get(column).cloned()).unwrap_or(start..start)
}

fn text(cell: &[u8]) -> &str {
    // It is a piece of a text between ASCII separators.
    std::str::from_utf8(cell).unwrap_or("").trim()
}

/// Seller, buyer and value of a row.
fn row(place: &Text, record: &csv::ByteRecord, firms: &Firms, point: &mut Point, faults: &mut Faults) -> (u32, u32, f64) {
    let start = || place.start_of(record);
    let found = record.len();
    let (named, wanted) = (named(&place.header.names), place.header.names.len());
    // Blank cells behind the last column are no harm where the header has them too; else a number may have been cut at its comma.
    let more = record.iter().skip(named).any(|cell| !cell.trim_ascii().is_empty());
    if (!(named..=wanted).contains(&found) || more) && faults.count(Code::WrongCellCount) {
        let at = place.source.position(start()..start());
        let fault = Diagnostic::new(Code::WrongCellCount, &at, format!("the row has {found} cells, the header {named}"));
        faults.push(if found > named {
            fault.with_fix("write numbers without separators of thousands and with a decimal point, and one cell for each column")
        } else {
            fault
        });
    }
    let cell = |field: Field| record.get(place.columns[field as usize]).map(text);
    let firm = |field: Field, faults: &mut Faults| match cell(field) {
        Some("") => {
            missing(field, || place.cell(start(), field), faults);
            NO_FIRM
        }
        Some(id) => firms.by_text(id).unwrap_or_else(|| {
            firms.unknown(id, || place.cell(start(), field), faults);
            NO_FIRM
        }),
        None => NO_FIRM,
    };
    let (mut seller, buyer) = (firm(Field::Seller, faults), firm(Field::Buyer, faults));
    let at = || place.cell(start(), Field::Value);
    let value = match cell(Field::Value) {
        Some("") => {
            missing(Field::Value, at, faults);
            None
        }
        Some(written) => number(written, at, point, firms, faults),
        None => None,
    };
    if value.is_none() {
        seller = NO_FIRM;
    }
    (seller, buyer, value.unwrap_or(0.0))
}

/// Whether a row begins with the mark of a remark; said, and refused unless quotes make it a name.
fn remark_refused(place: &Text, record: &csv::ByteRecord, faults: &mut Faults) -> bool {
    let first = text(record.get(0).unwrap_or(b""));
    let Some(mark) = remark(first) else { return false };
    let start = place.start_of(record);
    let quoted = place.source.text[start..].trim_start_matches(' ').starts_with('"');
    let code = if quoted { Code::NameLikeRemark } else { Code::RowCommentedOut };
    if faults.count(code) {
        let at = place.source.position(start..start);
        faults.push(Diagnostic::new(code, &at, format!("the row begins with {mark}; is it to be left out?")));
    }
    !quoted
}

fn missing(field: Field, at: impl FnOnce() -> Position, faults: &mut Faults) {
    if faults.count(Code::MissingCell) {
        faults.push(Diagnostic::new(Code::MissingCell, &at(), format!("`{}` is blank", field.name())));
    }
}

fn number(written: &str, at: impl Fn() -> Position, point: &mut Point, firms: &Firms, faults: &mut Faults) -> Option<f64> {
    let Some(value) = plain_number(written) else {
        let fault = number_fault(written, &at());
        if faults.count(fault.code) {
            faults.push(fault.with_fix("links hold plain numbers with a decimal point: no formulas, no thousands separators, no units"));
        }
        return None;
    };
    point.look(written, &at);
    firms.value(value, at, faults).then_some(value)
}

/// Whether `1.500` between semicolons may be fifteen hundred: only other numbers of the file can tell.
#[derive(Default)]
struct Point {
    /// Whether the cells stand between semicolons.
    asked: bool,
    /// A point that no thousands separator could be.
    shown: bool,
    /// The first number that may be either.
    doubtful: Option<(String, Position)>,
}

impl Point {
    fn look(&mut self, written: &str, at: impl FnOnce() -> Position) {
        if !self.asked {
            return;
        }
        let Some((whole, part)) = written.trim_start_matches(['-', '+']).split_once('.') else { return };
        let either = part.len() == 3 && (1..=3).contains(&whole.len()) && whole != "0";
        if !either {
            self.shown = true;
        } else if self.doubtful.is_none() {
            self.doubtful = Some((written.to_owned(), at()));
        }
    }

    fn judge(self, place: &Text, faults: &mut Faults) {
        if let Some((written, at)) = self.doubtful.filter(|_| !self.shown) {
            let whole = written.replace('.', "");
            let message = format!(
                "`{written}` may be {whole} or {written}: {} has semicolons and no number that shows which",
                place.source.path.display()
            );
            faults.push(Diagnostic::new(Code::AmbiguousNumber, &at, message));
        }
    }
}
