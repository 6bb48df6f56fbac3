//! Files to raw text: bytes, positions, rows and cells, before anything is understood.
//!
//! The `csv` crate finds rows and cells. It does not say where a cell stands in its line, so [`cell_spans`]
//! walks a row again when a position is asked for; nothing is stored per cell.

use crate::diagnostic::{Code, Diagnostic, Position};
use crate::schema::TableSpec;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The text of a file and where its lines start.
#[derive(Debug)]
pub struct Source {
    /// File, relative to the case folder.
    pub path: PathBuf,
    /// The text, without byte order mark; a byte that is not UTF-8 is replaced by `?`.
    pub text: String,
    name: Arc<Path>,
    line_starts: Vec<usize>,
}

impl Source {
    /// A source from text already in memory.
    pub fn new(path: &str, text: String) -> Source {
        let bytes = text.as_bytes();
        let ends_line = |&at: &usize| {
            // A lone carriage return ends a line too (files of old Macs; the csv crate agrees).
            bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
        };
        let breaks = (0..bytes.len()).filter(ends_line).map(|at| at + 1);
        let line_starts = std::iter::once(0).chain(breaks).collect();
        Source { path: path.into(), text, name: Path::new(path).into(), line_starts }
    }

    /// The position of a byte range.
    pub fn position(&self, span: Range<usize>) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= span.start);
        let column = span.start - self.line_starts[line - 1] + 1;
        Position { file: self.name.clone(), line, column, length: span.len() }
    }

    /// The text of a 1-based line, without its line break.
    pub fn line(&self, line: usize) -> Option<&str> {
        let start = *self.line_starts.get(line.checked_sub(1)?)?;
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        Some(self.text[start..end].trim_end_matches(['\r', '\n']))
    }
}

/// The position of a file as a whole.
pub fn whole_file(file: &str) -> Position {
    Position { file: Path::new(file).into(), line: 1, column: 1, length: 0 }
}

/// What was read of a file: its text and the hash of its bytes.
pub struct Read {
    /// The text.
    pub source: Arc<Source>,
    /// blake3 of the bytes, in hexadecimal.
    pub hash: String,
}

/// Reads `file` of the case in `dir`; `None` when it is not there or cannot be read (then diagnosed).
pub fn read_file(dir: &Path, file: &str, required: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Read> {
    let bytes = match std::fs::read(dir.join(file)) {
        Ok(bytes) => bytes,
        Err(error) => {
            let missing = error.kind() == std::io::ErrorKind::NotFound;
            if missing && required {
                let message = format!("{file} is not in {}", dir.display());
                diagnostics.push(Diagnostic::new(Code::MissingFile, &whole_file(file), message));
            } else if !missing {
                let message = format!("{file} cannot be read: {error}");
                diagnostics.push(Diagnostic::new(Code::UnreadableFile, &whole_file(file), message));
            }
            return None;
        }
    };
    let (text, bad) = decode(&bytes);
    let source = Arc::new(Source::new(file, text));
    if let Some((first, count)) = bad {
        let at = source.position(first..first + 1);
        let message = format!("{count} byte(s) are not UTF-8; the first is here");
        diagnostics.push(Diagnostic::new(Code::NotUtf8, &at, message));
    }
    Some(Read { source, hash: blake3::hash(&bytes).to_hex().to_string() })
}

/// UTF-8 without byte order mark; bad bytes become `?`, one for one, so that positions stay true.
fn decode(bytes: &[u8]) -> (String, Option<(usize, usize)>) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut text = String::with_capacity(bytes.len());
    let mut bad = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            let (_, count) = bad.get_or_insert((text.len(), 0));
            *count += 1;
            text.push('?');
        }
    }
    (text, bad)
}

/// The rows of a table as text.
pub struct RawTable {
    /// What it should be.
    pub spec: &'static TableSpec,
    /// The file's text; an absent optional file has an empty one.
    pub source: Arc<Source>,
    /// Column names as written.
    pub header: Vec<String>,
    /// Byte at which the header starts.
    pub header_start: usize,
    /// Rows that are not blank.
    pub rows: Vec<RawRow>,
    /// The file is missing or unreadable and diagnosed: what refers to it is not.
    pub unreadable: bool,
    /// There is no such file.
    pub absent: bool,
}

/// One row as text.
pub struct RawRow {
    /// Byte at which it starts.
    pub start: usize,
    /// Its cells.
    pub cells: csv::StringRecord,
}

impl RawTable {
    /// A table without rows, for an optional file that is not there.
    pub fn absent(spec: &'static TableSpec) -> RawTable {
        let source = Arc::new(Source::new(spec.file, String::new()));
        RawTable { spec, source, header: Vec::new(), header_start: 0, rows: Vec::new(), unreadable: false, absent: true }
    }

    /// Splits a file into rows and cells; diagnoses rows of the wrong length.
    pub fn parse(spec: &'static TableSpec, source: Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> RawTable {
        let mut raw = RawTable { source: source.clone(), absent: false, ..RawTable::absent(spec) };
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(source.text.as_bytes());
        let mut record = csv::StringRecord::new();
        // The text is UTF-8 in memory, so reading it cannot fail.
        while reader.read_record(&mut record).unwrap_or(false) {
            let start = record.position().map_or(0, |position| position.byte() as usize);
            let start = skip_blank_lines(&source.text, start);
            if raw.header.is_empty() {
                raw.header = record.iter().map(|name| name.trim().to_owned()).collect();
                raw.header_start = start;
                raw.check_separator(diagnostics);
                if raw.unreadable {
                    return raw;
                }
            } else if record.iter().any(|cell| !cell.trim().is_empty()) {
                raw.check_length(start, &record, diagnostics);
                raw.rows.push(RawRow { start, cells: record.clone() });
            }
        }
        raw
    }

    fn check_separator(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        if let [only] = self.header.as_slice()
            && let Some((separator, name)) = [(';', "semicolons"), ('\t', "tabs")].into_iter().find(|(c, _)| only.contains(*c))
        {
            let start = self.header_start + only.find(separator).unwrap_or(0);
            let at = self.source.position(start..start + 1);
            let message = format!("{} is separated by {name}", self.spec.file);
            diagnostics.push(Diagnostic::new(Code::WrongSeparator, &at, message));
            self.unreadable = true;
        }
    }

    fn check_length(&self, start: usize, record: &csv::StringRecord, diagnostics: &mut Vec<Diagnostic>) {
        let (expected, found) = (self.header.len(), record.len());
        // Spreadsheets pad rows with blank cells; that loses nothing.
        let padded = found > expected && record.iter().skip(expected).all(|cell| cell.trim().is_empty());
        if found == expected || padded {
            return;
        }
        let spans = cell_spans(&self.source.text, start);
        let span = spans.get(expected.min(found.saturating_sub(1))).cloned().unwrap_or(start..start);
        let message = format!("the row has {found} cells, the header {expected}");
        let mut diagnostic = Diagnostic::new(Code::WrongCellCount, &self.source.position(span), message);
        if found < expected {
            let missing = self.header[found..].join(", ");
            diagnostic = diagnostic.with_fix(format!("add the cells for {missing}; a blank cell is a comma"));
        }
        diagnostics.push(diagnostic);
    }

    /// Index of a column in the header.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The trimmed text of a cell of a column that may be absent.
    pub fn cell_of(&self, column: Option<usize>, row: usize) -> Option<&str> {
        self.cell(column?, row)
    }

    /// The cells of the key columns, `/` between them.
    pub fn key(&self, row: usize) -> String {
        let part = |name: &&str| self.cell_of(self.column(name), row).unwrap_or("");
        let key = self.spec.key.iter().map(part).collect::<Vec<_>>().join("/");
        // A key column left blank at the end (an optional one) is no part of the name.
        key.trim_end_matches('/').to_owned()
    }

    /// The trimmed text of a cell; blank and absent are `None`.
    pub fn cell(&self, column: usize, row: usize) -> Option<&str> {
        let text = self.rows[row].cells.get(column)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Where a cell stands; the start of the row when it is absent or blank.
    pub fn position(&self, column: Option<usize>, row: usize) -> Position {
        cell_position(&self.source, self.rows[row].start, column)
    }

    /// Where a part of a cell stands, from byte `at` of its trimmed text.
    pub fn position_in(&self, column: usize, row: usize, at: usize, length: usize) -> Position {
        let spans = cell_spans(&self.source.text, self.rows[row].start);
        let start = spans.get(column).map_or(self.rows[row].start, |span| span.start + at);
        self.source.position(start..start + length)
    }

    /// Where a column's name stands.
    pub fn header_position(&self, column: usize) -> Position {
        cell_position(&self.source, self.header_start, Some(column))
    }
}

/// Where a cell of the row at `start` stands; the cell's place of no length when it is blank.
pub fn cell_position(source: &Source, start: usize, column: Option<usize>) -> Position {
    let span = column.and_then(|column| cell_spans(&source.text, start).get(column).cloned());
    source.position(span.unwrap_or(start..start))
}

/// The csv crate skips blank lines but reports the record as starting before them.
fn skip_blank_lines(text: &str, start: usize) -> usize {
    start + text.as_bytes()[start..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// Byte ranges of the cells of the row at `start`: inside quotes, without surrounding blanks.
pub fn cell_spans(text: &str, start: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let mut at = start;
    loop {
        let quoted = bytes.get(at) == Some(&b'"');
        let first = at + usize::from(quoted);
        let mut last = None;
        at = first;
        let mut inside = quoted;
        while let Some(&byte) = bytes.get(at) {
            if inside && byte == b'"' {
                if bytes.get(at + 1) == Some(&b'"') {
                    at += 1;
                } else {
                    inside = false;
                    last = Some(at);
                }
            } else if !inside && matches!(byte, b',' | b'\r' | b'\n') {
                break;
            }
            at += 1;
        }
        spans.push(trim_span(text, first..last.unwrap_or(at)));
        if bytes.get(at) != Some(&b',') {
            return spans;
        }
        at += 1;
    }
}

fn trim_span(text: &str, span: Range<usize>) -> Range<usize> {
    let cell = &text[span.clone()];
    let start = span.start + (cell.len() - cell.trim_start().len());
    start..start + cell.trim().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_agree_with_the_csv_crate() {
        let text = "a,\"b, \"\"c\"\"\", d \n\"x\ny\",,\r\n\n\nlast";
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        for record in reader.records().map(Result::unwrap) {
            let start = skip_blank_lines(text, record.position().unwrap().byte() as usize);
            let spans = cell_spans(text, start);
            assert_eq!(spans.len(), record.len());
            for (span, cell) in spans.iter().zip(&record) {
                assert_eq!(text[span.clone()].replace("\"\"", "\""), cell.trim());
            }
        }
    }

    #[test]
    fn positions_count_bytes_and_lines() {
        let source = Source::new("x.csv", "ab\r\ncdé,f\rg\n".into());
        let at = |offset: usize| {
            let position = source.position(offset..offset + 1);
            (position.line, position.column)
        };
        assert_eq!((at(0), at(4), at(9), at(11)), ((1, 1), (2, 1), (2, 6), (3, 1)));
        assert_eq!(source.line(2), Some("cdé,f"));
        assert_eq!(source.line(9), None);
    }

    #[test]
    fn bad_bytes_keep_their_place() {
        assert_eq!(decode(b"\xef\xbb\xbfa\xff\xfeb"), ("a??b".into(), Some((1, 2))));
        assert_eq!(decode("é".as_bytes()), ("é".into(), None));
    }
}
