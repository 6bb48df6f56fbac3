//! Links from Parquet, column by column.

use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError;
use parquet::file::reader::FileReader;

use super::{Faults, Field, Firms, NO_FIRM, Place, Read, Rows, columns};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::limits::Limits;
use crate::parquet_file::is_index;
use crate::parquet_in::{BATCH, WHOLE_MAX, cells, open, quietly};
use crate::parquet_types::{Reading, big_endian, decimal, half, reading, zones};
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
    let reader = open(file, bytes)?;
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
    let zones = zones(about);
    let mut readings = Vec::new();
    for field in Field::ALL {
        let reading = reading(&about.schema_descr().column(columns[field as usize]), &zones).ok();
        let fits = |reading: &Reading| match reading {
            Reading::Whole | Reading::Unsigned | Reading::Float => true,
            Reading::Text => field != Field::Value,
            Reading::Decimal(_) => field == Field::Value,
            _ => false,
        };
        readings.push(reading.filter(fits).ok_or_else(|| fault(Code::ParquetType, type_fault(file, field)))?);
    }
    say_otherwise(file, &header, &readings, faults);
    let place = Place::Parquet { file: file.to_owned(), columns };
    let mut rows = Rows::with_room(count);
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(bad)?;
        let mut sink = Sink { firms, place: &place, faults };
        for field in Field::ALL {
            let column = group.get_column_reader(columns[field as usize]).map_err(bad)?;
            let reading = &readings[field as usize];
            let done = match field {
                Field::Seller => sink.ids(column, reading, field, &mut rows.seller),
                Field::Buyer => sink.ids(column, reading, field, &mut rows.buyer),
                Field::Value => sink.values(column, reading, &mut rows),
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

/// What is read otherwise than it is written: an index left out, ids as floating-point numbers.
fn say_otherwise(file: &str, header: &[String], readings: &[Reading], faults: &mut Faults) {
    let index = header.iter().filter(|name| is_index(name)).map(|name| format!("`{name}`, the index of a data frame, left out"));
    let float = |field: &Field| *field != Field::Value && matches!(readings[*field as usize], Reading::Float);
    let ids = Field::ALL.into_iter().filter(float);
    let ids = ids.map(|field| format!("the floating-point numbers of `{}` as ids without a point", field.name()));
    let notes: Vec<String> = index.chain(ids).collect();
    if !notes.is_empty() {
        let message = format!("{file} is read with {}", notes.join("; "));
        faults.push(Diagnostic::new(Code::ReadOtherwise, &whole_file(file), message));
    }
}

fn type_fault(file: &str, field: Field) -> String {
    let wanted = if field == Field::Value { "numbers" } else { "text or whole numbers" };
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

    /// An id that pandas has made a floating-point number, because a value was missing somewhere.
    fn float(&mut self, field: Field, number: Option<f64>, out: &mut Vec<u32>) {
        match number {
            Some(part) if part.fract() != 0.0 || part.abs() >= WHOLE_MAX => {
                let firm = self.unknown(field, out.len(), &part.to_string());
                out.push(firm);
            }
            whole => self.number(field, whole.map(|number| number as i64), out),
        }
    }

    /// Whether the column is of a type that ids are read from.
    fn ids(&mut self, column: ColumnReader, reading: &Reading, field: Field, out: &mut Vec<u32>) -> Result<bool, ParquetError> {
        let unsigned = matches!(reading, Reading::Unsigned);
        match column {
            ColumnReader::Int32ColumnReader(mut column) if unsigned => {
                cells!(column, |value: Option<&i32>| self.number(field, value.map(|&v| i64::from(v as u32)), out))
            }
            ColumnReader::Int64ColumnReader(mut column) if unsigned => {
                // No id is so large that it is not the same number with a sign.
                cells!(column, |value: Option<&i64>| self.number(field, value.map(|&v| i64::try_from(v as u64).unwrap_or(i64::MAX)), out))
            }
            ColumnReader::FloatColumnReader(mut column) => {
                cells!(column, |value: Option<&f32>| self.float(field, value.map(|&v| f64::from(v)), out))
            }
            ColumnReader::DoubleColumnReader(mut column) => cells!(column, |value: Option<&f64>| self.float(field, value.copied(), out)),
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
    fn values(&mut self, column: ColumnReader, reading: &Reading, out: &mut Rows) -> Result<bool, ParquetError> {
        let unsigned = matches!(reading, Reading::Unsigned);
        // By way of text, so that a decimal becomes the number nearest to it.
        let shifted = |value: i128| match reading {
            Reading::Decimal(scale) => decimal(value, *scale).parse().unwrap_or(f64::NAN),
            _ => value as f64,
        };
        let whole = |bytes: &[u8]| match reading {
            Reading::Float => half(bytes),
            _ => big_endian(bytes).map_or(f64::NAN, shifted),
        };
        match column {
            ColumnReader::Int32ColumnReader(mut column) if unsigned => {
                cells!(column, |value: Option<&i32>| self.value(value.map(|&v| f64::from(v as u32)), out))
            }
            ColumnReader::Int64ColumnReader(mut column) if unsigned => {
                cells!(column, |value: Option<&i64>| self.value(value.map(|&v| v as u64 as f64), out))
            }
            ColumnReader::ByteArrayColumnReader(mut column) => {
                cells!(column, |value: Option<&ByteArray>| self.value(value.map(|value| whole(value.data())), out))
            }
            ColumnReader::FixedLenByteArrayColumnReader(mut column) => {
                cells!(column, |value: Option<&FixedLenByteArray>| self.value(value.map(|value| whole(value.data())), out))
            }
            ColumnReader::DoubleColumnReader(mut column) => cells!(column, |value: Option<&f64>| self.value(value.copied(), out)),
            ColumnReader::FloatColumnReader(mut column) => {
                cells!(column, |value: Option<&f32>| self.value(value.map(|&v| f64::from(v)), out))
            }
            ColumnReader::Int32ColumnReader(mut column) => {
                cells!(column, |value: Option<&i32>| self.value(value.map(|&v| shifted(i128::from(v))), out))
            }
            ColumnReader::Int64ColumnReader(mut column) => {
                cells!(column, |value: Option<&i64>| self.value(value.map(|&v| shifted(i128::from(v))), out))
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}
