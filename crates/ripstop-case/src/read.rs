//! Files to raw text: bytes, positions, rows and cells, before anything is understood.
//!
//! The `csv` crate finds rows and cells. It does not say where a cell stands in its line, so [`cell_spans`]
//! walks a row again when a position is asked for; nothing is stored per cell.

use crate::diagnostic::{Code, Diagnostic, Position};
use crate::limits::Limits;
use crate::order::{by_key, start_of_key};
use crate::parquet_in::Columns;
use crate::quotes::{cut_cell, cut_number, is_number, one_number, remark, unclosed};
use crate::rows::Rows;
use crate::schema::TableSpec;
use crate::text::{Dialect, Encoding, SEPARATORS, decode};
use std::collections::HashMap;
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
    pub(crate) dialect: Dialect,
    pub(crate) encoding: Encoding,
    /// It is text within the limits; otherwise that is diagnosed and nothing of it is read on.
    pub(crate) readable: bool,
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
        Source {
            path: path.into(),
            text,
            name: Path::new(path).into(),
            line_starts,
            dialect: Dialect::PLAIN,
            encoding: Encoding::Utf8,
            readable: true,
        }
    }

    /// The position of a byte range.
    pub fn position(&self, span: Range<usize>) -> Position {
        let line = self.line_starts.partition_point(|&start| start <= span.start);
        let column = span.start - self.line_starts[line - 1] + 1;
        Position { file: self.name.clone(), line, column, length: span.len(), field: None }
    }

    /// The text of a 1-based line, without its line break.
    pub fn line(&self, line: usize) -> Option<&str> {
        let start = *self.line_starts.get(line.checked_sub(1)?)?;
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        Some(self.text[start..end].trim_end_matches(['\r', '\n']))
    }

    /// The first line of more than `limit` bytes: where it starts and how long it is.
    fn long_line(&self, limit: usize) -> Option<(usize, usize)> {
        let ends = self.line_starts.iter().skip(1).copied().chain([self.text.len()]);
        self.line_starts.iter().copied().zip(ends).map(|(start, end)| (start, end - start)).find(|(_, length)| *length > limit)
    }
}

/// The position of a file as a whole.
pub fn whole_file(file: &str) -> Position {
    Position { file: Path::new(file).into(), line: 1, column: 1, length: 0, field: None }
}

/// Where the files of a case are.
#[derive(Clone, Copy, Debug)]
pub enum Folder<'a> {
    /// On disk.
    Disk(&'a Path),
    /// In memory, by name.
    Memory(&'a [(String, Vec<u8>)]),
}

impl Folder<'_> {
    /// The bytes of a file; `None` when there is none. What cannot be read or is larger than `limit` is diagnosed.
    pub fn bytes(&self, file: &str, limit: u64, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        let too_large = |length: u64| {
            let message = format!("{file} has {length} bytes; at most {limit} are read");
            Box::new(Diagnostic::new(Code::FileTooLarge, &whole_file(file), message))
        };
        let found = match self {
            Folder::Memory(files) => {
                let bytes = files.iter().find(|(name, _)| name == file).map(|(_, bytes)| bytes)?;
                if bytes.len() as u64 > limit { Err(too_large(bytes.len() as u64)) } else { Ok(bytes.clone()) }
            }
            Folder::Disk(dir) => {
                let path = dir.join(file);
                let unreadable = |reason: String| {
                    Err(Box::new(Diagnostic::new(Code::UnreadableFile, &whole_file(file), format!("{file} cannot be read: {reason}"))))
                };
                match std::fs::metadata(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
                    Err(error) => unreadable(error.to_string()),
                    // A pipe or a device might never end.
                    Ok(about) if !about.is_file() => unreadable("it is no file".to_owned()),
                    Ok(about) if about.len() > limit => Err(too_large(about.len())),
                    Ok(_) => std::fs::read(&path).or_else(|error| unreadable(error.to_string())),
                }
            }
        };
        found.map_err(|fault| diagnostics.push(*fault)).ok()
    }

    /// Whether there is a file or folder of that name.
    pub fn has(&self, file: &str) -> bool {
        match self {
            Folder::Disk(dir) => dir.join(file).exists(),
            Folder::Memory(files) => files.iter().any(|(name, _)| name == file),
        }
    }

    /// Names of the files in a folder of it, with the folder's, sorted.
    pub fn inside(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Folder::Disk(dir) => {
                let entries = std::fs::read_dir(dir.join(folder)).into_iter().flatten().flatten();
                entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect()
            }
            Folder::Memory(files) => {
                files.iter().map(|(name, _)| name).filter(|name| name.starts_with(&format!("{folder}/"))).cloned().collect()
            }
        };
        names.sort();
        names
    }

    /// Names of everything in it, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Folder::Disk(dir) => {
                let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
                entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
            }
            Folder::Memory(files) => files.iter().map(|(name, _)| name.clone()).collect(),
        };
        names.sort();
        names
    }
}

/// Bytes to text; diagnoses what is no text.
pub fn read_text(file: &str, bytes: &[u8], spec: Option<&TableSpec>, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) -> Source {
    let decoded = decode(bytes);
    let mut source = Source::new(file, decoded.text);
    source.encoding = decoded.encoding;
    let refused = if let Some(nul) = source.text.find('\0') {
        let message = format!("{file} holds NUL characters; the first is here");
        Some(Diagnostic::new(Code::NotText, &source.position(nul..nul + 1), message))
    } else if let Some((start, length)) = source.long_line(limits.line_bytes) {
        let message = format!("the line has {length} bytes; at most {} are read", limits.line_bytes);
        Some(Diagnostic::new(Code::LineTooLong, &source.position(start..start), message))
    } else {
        None
    };
    source.readable = refused.is_none();
    if let Some((first, count)) = decoded.bad.filter(|_| source.readable) {
        let at = source.position(first..first + 1);
        let message = format!("{count} byte(s) are not {}; the first is here", decoded.encoding.name());
        diagnostics.push(Diagnostic::new(Code::NotUtf8, &at, message));
    }
    diagnostics.extend(refused);
    if let Some(spec) = spec.filter(|_| source.readable) {
        source.dialect = Dialect::of(&source.text, spec);
    }
    source
}

/// What stands for another text than the cell's own: `None` when the cell is refused and diagnosed.
pub type Edits = HashMap<(u32, u32), Option<Box<str>>>;

/// The cells of a table as they are written, and where each stands. Rows are numbered in the order of their ids.
#[derive(Debug)]
pub struct Written {
    /// The file's text; that of an absent file or of Parquet is empty.
    pub source: Arc<Source>,
    /// Name of the file.
    pub file: String,
    /// Column names as written.
    pub header: Vec<String>,
    /// Byte at which the header starts.
    pub header_start: usize,
    /// Byte at which each row of the file starts (text only).
    pub starts: Vec<usize>,
    /// The columns, of a Parquet file.
    pub columns: Option<Columns>,
    /// Cells that are read as another text, by row of the file and column: a few at most.
    pub edits: Edits,
    /// Rows of the file in which a cell and those after it are one, cut by commas: which cell, and how many more. A few at most.
    pub cut: HashMap<u32, (usize, usize)>,
    /// Row → row of the file; empty where they are the same.
    order: Vec<u32>,
}

impl Written {
    /// Of a file without rows.
    pub fn empty(file: &str) -> Written {
        Written {
            source: Arc::new(Source::new(file, String::new())),
            file: file.to_owned(),
            header: Vec::new(),
            header_start: 0,
            starts: Vec::new(),
            columns: None,
            edits: Edits::default(),
            cut: HashMap::new(),
            order: Vec::new(),
        }
    }

    /// Number of rows that are not blank.
    pub fn rows(&self) -> usize {
        self.columns.as_ref().map_or(self.starts.len(), Columns::rows)
    }

    /// The place of a row in the file, 0 first.
    pub fn in_file(&self, row: usize) -> usize {
        self.order.get(row).map_or(row, |row| *row as usize)
    }

    /// The line a row starts in, 1-based; of Parquet the row's number.
    pub fn line(&self, row: usize) -> usize {
        self.position(None, row).line
    }

    /// Where a cell stands; the start of the row when it is absent or blank.
    pub fn position(&self, column: Option<usize>, row: usize) -> Position {
        let row = self.in_file(row);
        if self.columns.is_some() {
            return self.parquet_position(column, row + 1);
        }
        let span = column.and_then(|column| self.spans(row).get(column).cloned());
        self.source.position(span.unwrap_or(self.starts[row]..self.starts[row]))
    }

    /// Where a part of a cell stands, from byte `at` of its trimmed text.
    pub fn position_in(&self, column: usize, row: usize, at: usize, length: usize) -> Position {
        let row = self.in_file(row);
        if self.columns.is_some() {
            return self.parquet_position(Some(column), row + 1);
        }
        let start = self.spans(row).get(column).map_or(self.starts[row], |span| span.start + at);
        self.source.position(start..start + length)
    }

    /// Where a column's name stands; without a column the start of the header.
    pub fn header_position(&self, column: Option<usize>) -> Position {
        if self.columns.is_some() {
            return self.parquet_position(column, 0);
        }
        let spans = cell_spans(&self.source.text, self.header_start, self.source.dialect.separator);
        let span = column.and_then(|column| spans.get(column).cloned());
        self.source.position(span.unwrap_or(self.header_start..self.header_start))
    }

    fn parquet_position(&self, column: Option<usize>, row: usize) -> Position {
        let name = column.and_then(|column| self.header.get(column)).map_or("", String::as_str);
        Position { column: column.map_or(0, |column| column + 1), line: row, field: Some(name.into()), ..whole_file(&self.file) }
    }

    /// The cells of a row of the file.
    fn spans(&self, row: usize) -> Vec<Range<usize>> {
        let mut spans = cell_spans(&self.source.text, self.starts[row], self.source.dialect.separator);
        if let Some(&(cell, more)) = self.cut.get(&(row as u32)) {
            spans[cell].end = spans[cell + more].end;
            spans.drain(cell + 1..=cell + more);
        }
        spans
    }

    /// The text of a cell as written, trimmed; blank and absent are `None`.
    pub fn text(&self, column: usize, row: usize) -> Option<&str> {
        let row = self.in_file(row);
        let text = match &self.columns {
            Some(columns) => columns.text(column, row)?.trim(),
            None => &self.source.text[self.spans(row).get(column)?.clone()],
        };
        (!text.is_empty()).then_some(text)
    }

    /// What a cell is read as, when that is not what is written; the inner `None` when it is refused and diagnosed.
    pub fn edit(&self, column: usize, row: usize) -> Option<Option<&str>> {
        if self.edits.is_empty() {
            return None;
        }
        self.edits.get(&(self.in_file(row) as u32, column as u32)).map(Option::as_deref)
    }
}

/// Cells of many rows in one string.
#[derive(Default)]
struct Records {
    text: String,
    /// Row → where its text starts, and its first cell.
    rows: Vec<(usize, usize)>,
    /// Cell → where it ends, from the start of the row's text.
    ends: Vec<u32>,
}

impl Records {
    fn push(&mut self, record: &csv::StringRecord) {
        let start = self.text.len();
        self.rows.push((start, self.ends.len()));
        for cell in record {
            self.text.push_str(cell);
            // A cell is limited to some kilobytes, a row to some thousand cells.
            self.ends.push((self.text.len() - start) as u32);
        }
    }

    fn cells(&self, row: usize) -> std::ops::Range<usize> {
        self.rows[row].1..self.rows.get(row + 1).map_or(self.ends.len(), |next| next.1)
    }

    fn get(&self, row: usize, column: usize) -> Option<&str> {
        let cells = self.cells(row);
        let cell = cells.start + column;
        let text = &self.text[self.rows[row].0..];
        let start = if column == 0 { 0 } else { self.ends[cells.clone()].get(column - 1).copied()? as usize };
        cells.contains(&cell).then(|| &text[start..self.ends[cell] as usize])
    }
}

/// The rows of a table as text.
pub struct RawTable {
    /// What it should be.
    pub spec: &'static TableSpec,
    /// Its cells as written.
    pub written: Arc<Written>,
    /// Cells of a CSV file's rows.
    records: Records,
    /// The file is missing or unreadable and diagnosed: what refers to it is not.
    pub unreadable: bool,
    /// There is no such file.
    pub absent: bool,
}

impl RawTable {
    /// A table without rows, for an optional file that is not there.
    pub fn absent(spec: &'static TableSpec) -> RawTable {
        RawTable { spec, written: Arc::new(Written::empty(spec.file)), records: Records::default(), unreadable: false, absent: true }
    }

    /// A table without rows, for a file that cannot be read and is diagnosed.
    pub fn unreadable(spec: &'static TableSpec) -> RawTable {
        RawTable { unreadable: true, absent: false, ..RawTable::absent(spec) }
    }

    /// A table read from Parquet.
    pub fn of_columns(spec: &'static TableSpec, file: &str, header: Vec<String>, columns: Columns) -> RawTable {
        let written = Written { header, columns: Some(columns), ..Written::empty(file) };
        RawTable { written: Arc::new(written), absent: false, ..RawTable::absent(spec) }
    }

    /// Splits a file into rows and cells; diagnoses rows of the wrong length and what is beyond the limits.
    pub fn parse(spec: &'static TableSpec, source: Arc<Source>, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) -> RawTable {
        let mut parser = Parser { spec, written: Written { source: source.clone(), ..Written::empty(spec.file) }, limits, diagnostics };
        let mut raw = RawTable { absent: false, ..RawTable::absent(spec) };
        raw.unreadable = !parser.separator() || !parser.quotes() || !parser.rows(&mut raw.records);
        raw.written = Arc::new(parser.written);
        raw
    }

    /// Number of rows that are not blank.
    pub fn rows(&self) -> usize {
        self.written.rows()
    }

    /// Name of the file.
    pub fn file(&self) -> &str {
        &self.written.file
    }

    /// Index of a column in the header.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.written.header.iter().position(|column| column == name)
    }

    /// The trimmed text of a cell of a column that may be absent.
    pub fn cell_of(&self, column: Option<usize>, row: usize) -> Option<&str> {
        self.cell(column?, row)
    }

    /// Appends the cells of the key columns, `/` between them; a key column left blank at the end is no part of the name.
    pub fn key_into(&self, columns: &[Option<usize>], row: usize, key: &mut String) {
        key.clear();
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                key.push('/');
            }
            key.push_str(self.cell_of(*column, row).unwrap_or(""));
        }
        key.truncate(key.trim_end_matches('/').len());
    }

    /// Columns of the key.
    pub fn key_columns(&self) -> Vec<Option<usize>> {
        self.spec.key.iter().map(|name| self.column(name)).collect()
    }

    /// The row's whole key.
    pub fn key(&self, row: usize) -> String {
        let mut key = String::new();
        self.key_into(&self.key_columns(), row, &mut key);
        key
    }

    /// The trimmed text of a cell as it is to be read; blank, absent and refused are `None`.
    pub fn cell(&self, column: usize, row: usize) -> Option<&str> {
        if let Some(edit) = self.written.edit(column, row) {
            return edit;
        }
        let row = self.written.in_file(row);
        let text = match &self.written.columns {
            Some(columns) => columns.text(column, row)?,
            None => self.records.get(row, column)?,
        };
        let text = text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Whether the cell is refused and diagnosed.
    pub fn is_refused(&self, column: Option<usize>, row: usize) -> bool {
        column.is_some_and(|column| self.written.edit(column, row) == Some(None))
    }

    /// Whether the row is long enough to have the column.
    pub fn reaches(&self, column: usize, row: usize) -> bool {
        self.written.columns.is_some() || self.records.cells(self.written.in_file(row)).len() > column
    }

    /// Numbers the rows in the order of their keys; rows with the same key (a fault) keep that of the file. Observations are told in the
    /// order in which they were written down: nothing is reckoned from one to the next.
    pub fn order_by_id(&mut self) {
        if self.spec.name == "observations" {
            return;
        }
        let columns = self.key_columns();
        let key = |row: u32| -> Vec<&str> { columns.iter().map(|column| self.cell_of(*column, row as usize).unwrap_or("")).collect() };
        let mut rows: Vec<(u128, u32)> = (0..self.rows() as u32).map(|row| (start_of_key(&key(row)), row)).collect();
        let compare =
            |a: &(u128, u32), b: &(u128, u32)| a.0.cmp(&b.0).then_with(|| by_key(&key(a.1), &key(b.1))).then_with(|| a.1.cmp(&b.1));
        if rows.is_sorted_by(|a, b| compare(a, b).is_le()) {
            return;
        }
        rows.sort_unstable_by(compare);
        let order = rows.into_iter().map(|(_, row)| row).collect();
        // The table has just been read, so nothing shares it yet.
        if let Some(written) = Arc::get_mut(&mut self.written) {
            written.order = order;
        }
    }

    /// Reads cells as other texts, or refuses them. Rows are still numbered as in the file.
    pub fn set_edits(&mut self, edits: Edits) {
        // The table has just been read, so nothing shares it yet.
        if let Some(written) = Arc::get_mut(&mut self.written) {
            written.edits = edits;
        }
    }

    /// Where a cell stands; the start of the row when it is absent or blank.
    pub fn position(&self, column: Option<usize>, row: usize) -> Position {
        self.written.position(column, row)
    }

    /// Where a part of a cell stands, from byte `at` of its trimmed text.
    pub fn position_in(&self, column: usize, row: usize, at: usize, length: usize) -> Position {
        self.written.position_in(column, row, at, length)
    }
}

/// Finds the rows of a text.
struct Parser<'a> {
    spec: &'static TableSpec,
    written: Written,
    limits: &'a Limits,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Parser<'_> {
    /// Whether it is known what separates cells.
    fn separator(&mut self) -> bool {
        let Some(doubt) = self.written.source.dialect.doubtful else {
            return true;
        };
        let at = self.written.source.position(doubt..doubt + 1);
        let found = self.written.source.text[doubt..].chars().next().unwrap_or(' ');
        let named = SEPARATORS.iter().find(|(byte, _)| char::from(*byte) == found);
        let message = match named {
            Some((_, name)) => {
                format!("the header of {} has {name} and other separators, and it cannot be told which is meant", self.written.file)
            }
            None => format!("{} is separated by something else than commas, semicolons or tabs", self.written.file),
        };
        self.diagnostics.push(Diagnostic::new(Code::WrongSeparator, &at, message));
        false
    }

    /// Whether every quote that is opened is closed: else the rest of the file is in one cell, and nothing can be said of it.
    fn quotes(&mut self) -> bool {
        let source = &self.written.source;
        let Some(open) = unclosed(&source.text, source.dialect.start, source.dialect.separator) else { return true };
        let at = source.position(open..open + 1);
        self.diagnostics.push(Diagnostic::new(Code::UnclosedQuote, &at, "a quote opened here is never closed"));
        false
    }

    /// Whether everything is within the limits.
    fn rows(&mut self, records: &mut Records) -> bool {
        let source = self.written.source.clone();
        let Dialect { separator, start: body, .. } = source.dialect;
        let mut reader = Rows::of(&source.text[body..], separator);
        let mut record = csv::StringRecord::new();
        while let Some(start) = reader.next(&mut record) {
            let start = skip_blank_lines(&source.text, body + start);
            if !self.within_limits(start, &record, records.rows.len()) {
                return false;
            }
            if self.written.header.is_empty() {
                self.written.header = record.iter().map(|name| name.trim().to_owned()).collect();
                self.written.header_start = start;
            } else if record.iter().any(|cell| !cell.trim().is_empty()) && !self.remark(start, &record) {
                let cut = self.cut_cell(start, &record, records.rows.len());
                if cut.is_none() {
                    self.check_length(start, &record);
                }
                self.written.starts.push(start);
                records.push(cut.as_ref().unwrap_or(&record));
            }
        }
        self.padded_in_part(records);
        self.groups_apart(records);
        true
    }

    /// Whether the row is meant to be left out, as its mark says: it is refused, since a table has no remarks after its header.
    fn remark(&mut self, start: usize, record: &csv::StringRecord) -> bool {
        let source = &self.written.source;
        let first = record.get(0).unwrap_or("");
        let Some(mark) = remark(first) else { return false };
        let quoted = source.text[start..].trim_start_matches(' ').starts_with('"');
        let alone = record.iter().skip(1).all(|cell| cell.trim().is_empty());
        let span = cell_spans(&source.text, start, source.dialect.separator).first().cloned().unwrap_or(start..start);
        let at = source.position(span);
        if quoted && !alone {
            let message = format!("`{}` begins with {mark}, but the row is read: quotes make it a name", first.trim());
            self.diagnostics.push(Diagnostic::new(Code::NameLikeRemark, &at, message));
            return false;
        }
        let message = format!("the row begins with {mark}; is it to be left out?");
        self.diagnostics.push(Diagnostic::new(Code::RowCommentedOut, &at, message));
        true
    }

    fn within_limits(&mut self, start: usize, record: &csv::StringRecord, rows: usize) -> bool {
        let Limits { columns, cell_bytes, rows: rows_max, .. } = *self.limits;
        let at = |span: Range<usize>| self.written.source.position(span);
        // A row as a whole is mostly shorter than a cell may be.
        let long = if record.as_slice().len() > cell_bytes { record.iter().position(|cell| cell.len() > cell_bytes) } else { None };
        let fault = if let Some(cell) = long {
            let length = record[cell].len();
            let spans = cell_spans(&self.written.source.text, start, self.written.source.dialect.separator);
            let first = spans.get(cell).map_or(start, |span| span.start);
            let message = format!("the cell that starts here has {length} bytes; at most {cell_bytes} are read");
            Diagnostic::new(Code::CellTooLong, &at(first..first), message)
        } else if record.len() > columns {
            let message = format!("the row has {} cells; at most {columns} columns are read", record.len());
            Diagnostic::new(Code::TooManyColumns, &at(start..start), message)
        } else if rows >= rows_max {
            let message = format!("{} has more than {rows_max} rows", self.written.file);
            Diagnostic::new(Code::TooManyRows, &at(start..start), message)
        } else {
            return true;
        };
        self.diagnostics.push(fault);
        false
    }

    /// A row with cells too many because of commas in a text, as it was meant; diagnosed where the text stands.
    fn cut_cell(&mut self, start: usize, record: &csv::StringRecord, row: usize) -> Option<csv::StringRecord> {
        let source = self.written.source.clone();
        let header = &self.written.header;
        let more = record.len().checked_sub(header.len()).filter(|more| *more > 0 && source.dialect.separator == b',')?;
        let cells: Vec<&str> = record.iter().collect();
        let cell = cut_cell(self.spec, header, &cells)?;
        let spans = cell_spans(&source.text, start, b',');
        let at = spans.get(cell)?.start..spans.get(cell + more)?.end;
        let whole = cells[cell..=cell + more].join(",");
        let whole = whole.trim();
        let message =
            format!("the row has {} cells, the header {}: a comma in this `{}` cuts it apart", cells.len(), header.len(), header[cell]);
        let fix = format!("a comma inside a cell needs quotes: write \"{}\"", whole.replace('"', "\"\""));
        self.diagnostics.push(Diagnostic::new(Code::WrongCellCount, &source.position(at), message).with_fix(fix));
        self.written.cut.insert(row as u32, (cell, more));
        let before = cells[..cell].iter().copied();
        Some(before.chain([whole]).chain(cells[cell + more + 1..].iter().copied()).collect())
    }

    /// A row has one cell for each column, and one more for each blank one behind them that the header has too.
    fn check_length(&mut self, start: usize, record: &csv::StringRecord) {
        let header = &self.written.header;
        let (expected, found) = (header.len(), record.len());
        if (named(header)..=expected).contains(&found) {
            return;
        }
        let source = &self.written.source;
        let separator = source.dialect.separator;
        let spans = cell_spans(&source.text, start, separator);
        let number = if found > expected { cut_number(self.spec, header, &record.iter().collect::<Vec<_>>()) } else { None };
        let span = match number {
            Some(cell) => spans.get(cell).zip(spans.get(cell + 1)).map(|(first, last)| first.start..last.end),
            None => spans.get(expected.min(found.saturating_sub(1))).cloned(),
        };
        let message = format!("the row has {found} cells, the header {expected}");
        let at = source.position(span.unwrap_or(start..start));
        let mut diagnostic = Diagnostic::new(Code::WrongCellCount, &at, message);
        if found < expected {
            let missing = header[found..].join(", ");
            let blank = match separator {
                b';' => "a semicolon",
                b'\t' => "a tab",
                _ => "a comma",
            };
            diagnostic = diagnostic.with_fix(format!("add the cells for {missing}; a blank cell is {blank}"));
        } else if let Some(cell) = number {
            diagnostic = diagnostic.with_fix(number_in_one_cell(&record[cell], &record[cell + 1], &header[cell]));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Where the header is padded with blank cells and rows are not, a row that reaches into them may be one cell too long.
    fn padded_in_part(&mut self, records: &Records) {
        let (named, expected) = (named(&self.written.header), self.written.header.len());
        let lengths = |row: usize| records.cells(row).len();
        let rows = 0..records.rows.len();
        if named == expected || rows.clone().all(|row| lengths(row) > named) {
            return;
        }
        for row in rows.filter(|row| lengths(*row) > named) {
            let cells: Vec<&str> = (0..lengths(row)).filter_map(|cell| records.get(row, cell)).collect();
            let Some(cell) = cut_number(self.spec, &self.written.header[..named], &cells) else { continue };
            let message = format!("the row has {} cells, other rows {named}", cells.len());
            let fix = number_in_one_cell(cells[cell], cells[cell + 1], &self.written.header[cell]);
            self.diagnostics.push(Diagnostic::new(Code::WrongCellCount, &self.written.position(Some(cell), row), message).with_fix(fix));
        }
    }

    /// `10,000` in two cells of a row of the right length: nobody writes a number as `000`, so a blank cell has been lost at its end.
    fn groups_apart(&mut self, records: &Records) {
        if self.written.source.dialect.separator != b',' {
            return;
        }
        let numbers: Vec<bool> = self.written.header.iter().map(|name| is_number(self.spec, name)).collect();
        for cell in (1..numbers.len()).filter(|cell| numbers[*cell] && numbers[cell - 1]) {
            for row in 0..records.rows.len() {
                let Some((first, second)) = records.get(row, cell - 1).zip(records.get(row, cell)) else { continue };
                let digits = second.trim().bytes().all(|byte| byte.is_ascii_digit());
                if !(digits && second.trim().len() > 1 && second.trim().starts_with('0') && one_number(first, second)) {
                    continue;
                }
                // Said already, or each in quotes of its own.
                let spans = self.written.spans(row);
                let between =
                    spans.get(cell - 1).zip(spans.get(cell)).map(|(first, second)| &self.written.source.text[first.end..second.start]);
                if records.cells(row).len() > self.written.header.len() || between.is_none_or(|between| between.contains('"')) {
                    continue;
                }
                let message = format!("`{},{}` may be one number that its comma has cut in two", first.trim(), second.trim());
                let fix = number_in_one_cell(first, second, &self.written.header[cell - 1]);
                let at = self.written.position(Some(cell), row);
                self.diagnostics.push(Diagnostic::new(Code::WrongCellCount, &at, message).with_fix(fix));
            }
        }
    }
}

/// Columns up to the last that has a name.
pub(crate) fn named(header: &[String]) -> usize {
    header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1)
}

fn number_in_one_cell(first: &str, second: &str, column: &str) -> String {
    let (first, second) = (first.trim(), second.trim());
    let meant = if second.len() == 3 { format!("{first}{second}") } else { format!("{first}.{second}") };
    format!("if `{first},{second}` is one number, the {column}, write {meant}; otherwise give the row one cell for each column")
}

/// The csv crate skips blank lines but reports the record as starting before them.
fn skip_blank_lines(text: &str, start: usize) -> usize {
    start + text.as_bytes()[start..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count()
}

/// Byte ranges of the cells of the row at `start`: inside quotes, without surrounding blanks.
pub fn cell_spans(text: &str, start: usize, separator: u8) -> Vec<Range<usize>> {
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
            } else if !inside && (byte == separator || matches!(byte, b'\r' | b'\n')) {
                break;
            }
            at += 1;
        }
        spans.push(trim_span(text, first..last.unwrap_or(at)));
        if bytes.get(at) != Some(&separator) {
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
            let spans = cell_spans(text, start, b',');
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
}
