//! Typed columnar tables, as the mapping onto the engine reads them.
//!
//! A [`Col`] is looked up once; an access is then two index operations. Accessors panic when a column of
//! another kind is asked for: that is a mistake in this program, never in a case.

use crate::language::diagnostic::Position;
use crate::language::expr::Expr;
use crate::language::schema::{self, ColumnSpec, TableSpec};
use crate::read::bytes::Written;
use crate::read::packed::{Lists, Texts};
use crate::tables::names::KeyIndex;
use crate::tables::parameters::{ParamId, Values};
use crate::tables::selector::{Selector, items};
use std::sync::Arc;

/// Handle of a column of one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Col(u16);

/// The scenarios an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScenarioName {
    /// It holds in every scenario and in its counterfactual.
    Background,
    /// Index in the case's scenarios.
    Named(u32),
}

/// A number or date as it stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NumberCell {
    Blank,
    Value(f64),
    Parameter(ParamId),
    Formula(Box<Expr>),
}

/// A word as it stands in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum WordCell {
    Blank,
    Word(&'static str),
    Parameter(ParamId),
}

/// The row a reference cell holds when it is blank.
pub(crate) const NO_ROW: u32 = u32::MAX;

/// The cells of a column, by kind.
#[derive(Debug)]
pub(crate) enum Cells {
    /// The file has no such column.
    Absent,
    Text(Texts),
    Number(Vec<NumberCell>),
    Word(Vec<WordCell>),
    Ref(Vec<u32>),
    Refs(Lists<u32>),
    MonthDay(Vec<Option<(u8, u8)>>),
    Flag(Vec<Option<bool>>),
    Period(Vec<Option<(i32, i32)>>),
    Weekdays(Vec<u8>),
    Selector(Vec<Option<Selector>>),
    Scenarios(Lists<ScenarioName>),
}

/// One column: what it means and what it holds.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) spec: &'static ColumnSpec,
    /// Index in the file's header.
    pub(crate) header: Option<usize>,
    pub(crate) cells: Cells,
    /// The schema's default as a number.
    pub(crate) default: Option<f64>,
}

/// One table of a case; its rows in the order of their ids.
#[derive(Debug)]
pub struct Table {
    pub(crate) spec: &'static TableSpec,
    pub(crate) columns: Vec<Column>,
    pub(crate) written: Arc<Written>,
    pub(crate) keys: KeyIndex,
}

impl Table {
    /// What the table means.
    pub fn spec(&self) -> &'static TableSpec {
        self.spec
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.written.rows()
    }

    /// Name of the file it was read from.
    pub fn file(&self) -> &str {
        &self.written.file
    }

    /// The line a row starts in, 1-based; of Parquet the row's number.
    pub fn line(&self, row: usize) -> u32 {
        self.written.line(row) as u32
    }

    /// The rows in the order of the file, for what is said of the first of several.
    pub(crate) fn in_file_order(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.rows()).collect();
        rows.sort_unstable_by_key(|row| self.written.in_file(*row));
        rows
    }

    /// Handle of a column.
    ///
    /// # Panics
    /// When the schema has no such column: a mistake in this program.
    pub fn col(&self, name: &str) -> Col {
        let index = self.columns.iter().position(|column| column.spec.name == name);
        Col(index.unwrap_or_else(|| panic!("{} has no column `{name}`", self.spec.file)) as u16)
    }

    /// The row's whole key, `/` between its parts.
    pub fn key(&self, row: usize) -> String {
        let text = |name: &&str| {
            let header = self.column(self.col(name)).header;
            let edited = header.and_then(|header| self.written.edit(header, row));
            edited.unwrap_or_else(|| self.cell_text(self.col(name), row)).unwrap_or("").to_owned()
        };
        let key = self.spec.key.iter().map(text).collect::<Vec<_>>().join("/");
        key.trim_end_matches('/').to_owned()
    }

    /// The row with that whole key, `firm/product` for lines.
    pub fn row_of(&self, key: &str) -> Option<u32> {
        self.keys.row_of(key)
    }

    /// The rows a reference to this table means: the legs of a route in order, the dates of a calendar, else one row.
    pub fn rows_of(&self, group: u32) -> &[u32] {
        self.keys.rows_of(group)
    }

    /// The id a reference to this table was written as.
    pub fn id(&self, reference: u32) -> &str {
        self.keys.id(reference)
    }

    /// The number of different ids: rows, or groups of rows.
    pub fn ids(&self) -> usize {
        self.keys.len()
    }

    /// Text, or the schema's default.
    pub fn text(&self, col: Col, row: usize) -> Option<&str> {
        let column = self.column(col);
        let text = match &column.cells {
            Cells::Text(texts) => texts.get(row),
            Cells::Absent => "",
            _ => column.mismatch("text"),
        };
        let text = if text.is_empty() { column.spec.default } else { text };
        (!text.is_empty()).then_some(text)
    }

    /// A word of the column's list, or the schema's default.
    pub fn enumeration(&self, col: Col, row: usize, values: &Values) -> Option<&'static str> {
        let column = self.column(col);
        let cell = match &column.cells {
            Cells::Word(cells) => cells[row],
            Cells::Absent => WordCell::Blank,
            _ => column.mismatch("a word"),
        };
        match cell {
            WordCell::Word(word) => Some(word),
            WordCell::Parameter(id) => {
                Some(values.get(id)).filter(|index| !index.is_nan()).and_then(|i| schema::words().get(i as usize).copied())
            }
            WordCell::Blank => Some(column.spec.default).filter(|word| !word.is_empty()),
        }
    }

    /// The row (or group of rows) referred to.
    pub fn reference(&self, col: Col, row: usize) -> Option<u32> {
        let column = self.column(col);
        match &column.cells {
            Cells::Ref(rows) => Some(rows[row]).filter(|row| *row != NO_ROW),
            Cells::Absent => None,
            _ => column.mismatch("a reference"),
        }
    }

    /// The row referred to, or [`NO_ROW`]: the engine refuses it as a row that is not there, and nothing takes another row for it.
    pub(crate) fn referred(&self, col: Col, row: usize) -> u32 {
        self.reference(col, row).unwrap_or(NO_ROW)
    }

    /// The rows referred to.
    pub fn references(&self, col: Col, row: usize) -> &[u32] {
        let column = self.column(col);
        match &column.cells {
            Cells::Refs(lists) => lists.get(row),
            Cells::Absent => &[],
            _ => column.mismatch("references"),
        }
    }

    /// A number, or the schema's default; `none` is infinite.
    pub fn number(&self, col: Col, row: usize, values: &Values) -> Option<f64> {
        let column = self.column(col);
        let cell = match &column.cells {
            Cells::Number(cells) => &cells[row],
            Cells::Absent => &NumberCell::Blank,
            _ => column.mismatch("a number"),
        };
        match cell {
            // `+ 0.0`: -0 is 0.
            NumberCell::Value(number) => Some(*number + 0.0),
            NumberCell::Parameter(id) => Some(values.get(*id) + 0.0),
            NumberCell::Formula(expr) => Some(expr.evaluate(&values.0) + 0.0),
            NumberCell::Blank => column.default,
        }
    }

    /// A date in days since 1970-01-01, rounded to a whole day; none where a parameter behind it cannot be read.
    pub fn date(&self, col: Col, row: usize, values: &Values) -> Option<i32> {
        self.number(col, row, values).filter(|days| !days.is_nan()).map(|days| (days + 0.5).floor() as i32)
    }

    /// First and last day of a year, a month or a day.
    pub fn period(&self, col: Col, row: usize) -> Option<(i32, i32)> {
        let column = self.column(col);
        match &column.cells {
            Cells::Period(cells) => cells[row],
            Cells::Absent => None,
            _ => column.mismatch("a period"),
        }
    }

    /// A flag; false when blank.
    pub fn flag(&self, col: Col, row: usize) -> bool {
        let column = self.column(col);
        let cell = match &column.cells {
            Cells::Flag(cells) => cells[row],
            Cells::Absent => None,
            _ => column.mismatch("a flag"),
        };
        cell.unwrap_or(column.spec.default == "true")
    }

    /// Month and day of a day of every year.
    pub fn month_day(&self, col: Col, row: usize) -> Option<(u8, u8)> {
        let column = self.column(col);
        match &column.cells {
            Cells::MonthDay(cells) => cells[row],
            Cells::Absent => None,
            _ => column.mismatch("a day of the year"),
        }
    }

    /// Days of the week: bit 0 Monday … bit 6 Sunday.
    pub fn weekdays(&self, col: Col, row: usize) -> u8 {
        let column = self.column(col);
        match &column.cells {
            Cells::Weekdays(cells) => cells[row],
            Cells::Absent => 0,
            _ => column.mismatch("weekdays"),
        }
    }

    /// A selector.
    pub fn selector(&self, col: Col, row: usize) -> Option<&Selector> {
        let column = self.column(col);
        match &column.cells {
            Cells::Selector(cells) => cells[row].as_ref(),
            Cells::Absent => None,
            _ => column.mismatch("a selector"),
        }
    }

    /// The scenarios of an event.
    pub fn scenarios(&self, col: Col, row: usize) -> &[ScenarioName] {
        let column = self.column(col);
        match &column.cells {
            Cells::Scenarios(lists) => lists.get(row),
            Cells::Absent => &[],
            _ => column.mismatch("scenarios"),
        }
    }

    /// Where a cell stands; the start of its row when the file has no such column.
    pub fn position(&self, col: Col, row: usize) -> Position {
        self.written.position(self.column(col).header, row)
    }

    /// Where an id stands in a cell that is a list.
    pub fn item_position(&self, col: Col, row: usize, id: &str) -> Position {
        let mut at = self.position(col, row);
        let text = self.cell_text(col, row).unwrap_or_default();
        let found = items(text).find(|(_, item)| *item == id);
        if let Some((start, _)) = found.filter(|_| at.field.is_none()) {
            at.column += start;
            at.length = id.len();
        }
        at
    }

    /// Whether the cell (or the whole column) is blank, whatever its default.
    pub fn is_blank(&self, col: Col, row: usize) -> bool {
        self.cell_text(col, row).is_none()
    }

    /// The cell as written.
    pub fn cell_text(&self, col: Col, row: usize) -> Option<&str> {
        self.written.text(self.column(col).header?, row)
    }

    pub(crate) fn column(&self, col: Col) -> &Column {
        &self.columns[usize::from(col.0)]
    }

    /// Columns of quantities with their handles.
    pub(crate) fn quantities(&self) -> impl Iterator<Item = (Col, &'static ColumnSpec, &[NumberCell])> {
        self.columns.iter().enumerate().filter_map(|(index, column)| match &column.cells {
            Cells::Number(cells) => Some((Col(index as u16), column.spec, cells.as_slice())),
            _ => None,
        })
    }

    /// Columns of words with their handles.
    pub(crate) fn word_columns(&self) -> impl Iterator<Item = (Col, &'static ColumnSpec, &[WordCell])> {
        self.columns.iter().enumerate().filter_map(|(index, column)| match &column.cells {
            Cells::Word(cells) => Some((Col(index as u16), column.spec, cells.as_slice())),
            _ => None,
        })
    }
}

impl Column {
    fn mismatch(&self, wanted: &str) -> ! {
        panic!("column `{}` is {:?}, but {wanted} was asked for", self.spec.name, self.spec.kind)
    }
}
