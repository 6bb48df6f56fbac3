//! A text cut into records and cells.

use super::*;
use crate::read::rows::Rows;

/// Finds the rows of a text.
pub(super) struct Parser<'a> {
    pub spec: &'static TableSpec,
    pub written: Written,
    pub limits: &'a Limits,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Parser<'_> {
    /// Whether it is known what separates cells.
    pub(super) fn separator(&mut self) -> bool {
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
    pub(super) fn quotes(&mut self) -> bool {
        let source = &self.written.source;
        let Some(open) = unclosed(&source.text, source.dialect.start, source.dialect.separator) else { return true };
        let at = source.position(open..open + 1);
        self.diagnostics.push(Diagnostic::new(Code::UnclosedQuote, &at, "a quote opened here is never closed"));
        false
    }

    /// Whether everything is within the limits.
    pub(super) fn rows(&mut self, records: &mut Records) -> bool {
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
