//! Links from Parquet, column by column.

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{Faults, Field, Firms, NO_FIRM, Place, Read, Rows, columns};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::limits::Limits;
use crate::parquet_in::{BATCH, cells, is_plain, quietly};
use crate::read::whole_file;

/// Reads a file; `None` when it is no table of links, which is diagnosed.
pub(crate) fn from_parquet(file: &str, bytes: Vec<u8>, firms: &Firms, limits: &Limits, faults: &mut Faults) -> Option<Read> {
    // The library may panic on a damaged file; that is a fault of the file here, not of the program.
    let damaged = || Err(Box::new(Diagnostic::new(Code::BadParquet, &whole_file(file), format!("{file} is damaged"))));
    match quietly(|| read(file, bytes, firms, limits, faults)).unwrap_or_else(damaged) {
        Ok(read) => read,
        Err(fault) => {
            faults.push(*fault);
            None
        }
    }
}

fn read(file: &str, bytes: Vec<u8>, firms: &Firms, limits: &Limits, faults: &mut Faults) -> Result<Option<Read>, Box<Diagnostic>> {
    let fault = |code, message: String| Box::new(Diagnostic::new(code, &whole_file(file), message));
    let bad = |error: ParquetError| fault(Code::BadParquet, format!("{file} cannot be read: {error}"));
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(bad)?;
    let about = reader.metadata().file_metadata();
    let count = usize::try_from(about.num_rows()).unwrap_or(usize::MAX);
    if count > limits.rows {
        return Err(fault(Code::TooManyRows, format!("{file} has more than {} rows", limits.rows)));
    }
    let header: Vec<String> = about.schema().get_fields().iter().map(|field| field.name().trim().to_owned()).collect();
    let at = |column: Option<usize>| {
        let name = column.map_or("", |column| header[column].as_str());
        Position { line: 0, column: column.map_or(0, |column| column + 1), field: Some(name.into()), ..whole_file(file) }
    };
    let Some(columns) = columns(&header, at, file, faults) else { return Ok(None) };
    if about.schema_descr().num_columns() != header.len() {
        return Err(fault(Code::ParquetType, format!("{file} has columns of lists or groups")));
    }
    // A decimal is stored as a whole number a hundred times as large: such columns are refused, not misread.
    if let Some(field) = Field::ALL.into_iter().find(|field| !is_plain(&about.schema_descr().column(columns[*field as usize]))) {
        return Err(fault(Code::ParquetType, type_fault(file, field)));
    }
    let place = Place::Parquet { file: file.to_owned(), columns };
    let mut rows = Rows::with_room(count);
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(bad)?;
        let mut sink = Sink { firms, place: &place, faults };
        for field in Field::ALL {
            let column = group.get_column_reader(columns[field as usize]).map_err(bad)?;
            let done = match field {
                Field::Seller => sink.ids(column, field, &mut rows.seller),
                Field::Buyer => sink.ids(column, field, &mut rows.buyer),
                Field::Value => sink.values(column, &mut rows),
            };
            if !done.map_err(bad)? {
                return Err(fault(Code::ParquetType, type_fault(file, field)));
            }
        }
    }
    // Columns of different length are a damaged file.
    if rows.seller.len() != rows.value.len() || rows.buyer.len() != rows.value.len() {
        return Err(fault(Code::BadParquet, format!("{file} is damaged: its columns are not of one length")));
    }
    Ok(Some(Read { rows, place }))
}

fn type_fault(file: &str, field: Field) -> String {
    let wanted = if field == Field::Value { "whole or floating-point numbers" } else { "text or whole numbers" };
    format!("the column `{}` of {file} is of another type: {wanted} are read from it", field.name())
}

struct Sink<'a, 'b> {
    firms: &'a Firms<'a>,
    place: &'a Place,
    faults: &'a mut Faults<'b>,
}

impl Sink<'_, '_> {
    fn blank(&mut self, field: Field, row: usize) {
        if self.faults.count(Code::MissingCell) {
            let at = self.place.position(field, row);
            self.faults.push(Diagnostic::new(Code::MissingCell, &at, format!("`{}` is blank", field.name())));
        }
    }

    fn unknown(&mut self, field: Field, row: usize, id: &str) -> u32 {
        let place = self.place;
        self.firms.unknown(id, || place.position(field, row), self.faults);
        NO_FIRM
    }

    fn number(&mut self, field: Field, number: Option<i64>, out: &mut Vec<u32>) {
        let row = out.len();
        let firm = match number {
            Some(number) => self.firms.by_number(number).unwrap_or_else(|| self.unknown(field, row, &number.to_string())),
            None => {
                self.blank(field, row);
                NO_FIRM
            }
        };
        out.push(firm);
    }

    fn text(&mut self, field: Field, text: Option<&[u8]>, out: &mut Vec<u32>) {
        let row = out.len();
        let id = text.map(|bytes| std::str::from_utf8(bytes).unwrap_or("?").trim()).unwrap_or("");
        let firm = if id.is_empty() {
            self.blank(field, row);
            NO_FIRM
        } else {
            self.firms.by_text(id).unwrap_or_else(|| self.unknown(field, row, id))
        };
        out.push(firm);
    }

    /// Whether the column is of a type that ids are read from.
    fn ids(&mut self, column: ColumnReader, field: Field, out: &mut Vec<u32>) -> Result<bool, ParquetError> {
        match column {
            ColumnReader::Int32ColumnReader(mut column) => {
                cells!(column, |value: Option<&i32>| self.number(field, value.map(|&v| i64::from(v)), out))
            }
            ColumnReader::Int64ColumnReader(mut column) => cells!(column, |value: Option<&i64>| self.number(field, value.copied(), out)),
            ColumnReader::ByteArrayColumnReader(mut column) => {
                cells!(column, |value: Option<&ByteArray>| self.text(field, value.map(ByteArray::data), out))
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn value(&mut self, value: Option<f64>, rows: &mut Rows) {
        let (row, place) = (rows.value.len(), self.place);
        let fine = match value {
            Some(value) => self.firms.value(value, || place.position(Field::Value, row), self.faults),
            None => {
                self.blank(Field::Value, row);
                false
            }
        };
        rows.value.push(if fine { value.unwrap_or(0.0) } else { 0.0 });
        if !fine && let Some(seller) = rows.seller.get_mut(row) {
            *seller = NO_FIRM;
        }
    }

    /// Whether the column is of a type that values are read from.
    fn values(&mut self, column: ColumnReader, out: &mut Rows) -> Result<bool, ParquetError> {
        match column {
            ColumnReader::DoubleColumnReader(mut column) => cells!(column, |value: Option<&f64>| self.value(value.copied(), out)),
            ColumnReader::FloatColumnReader(mut column) => {
                cells!(column, |value: Option<&f32>| self.value(value.map(|&v| f64::from(v)), out))
            }
            ColumnReader::Int32ColumnReader(mut column) => {
                cells!(column, |value: Option<&i32>| self.value(value.map(|&v| f64::from(v)), out))
            }
            ColumnReader::Int64ColumnReader(mut column) => cells!(column, |value: Option<&i64>| self.value(value.map(|&v| v as f64), out)),
            _ => return Ok(false),
        }
        Ok(true)
    }
}
