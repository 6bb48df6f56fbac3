//! Tables of a case from Parquet.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::ColumnDescriptor;

use crate::dates::date_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::limits::Limits;
use crate::read::{RawTable, whole_file};
use crate::schema::TableSpec;
use crate::table::Texts;

/// The columns of a Parquet file as text, blank where a value is null.
#[derive(Debug, Default)]
pub struct Columns {
    rows: usize,
    texts: Vec<Texts>,
}

impl Columns {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The text of a cell.
    pub fn text(&self, column: usize, row: usize) -> Option<&str> {
        self.texts.get(column).map(|texts| texts.get(row))
    }
}

/// `contracts.parquet` for `contracts.csv`.
pub fn file_name(spec: &TableSpec) -> String {
    format!("{}.parquet", spec.name)
}

/// Reads a table; `None` when it cannot be read, which is diagnosed.
pub fn read(spec: &'static TableSpec, file: &str, bytes: Vec<u8>, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) -> Option<RawTable> {
    // The library may panic on a damaged file; that is a fault of the file here, not of the program.
    let result = quietly(|| columns(file, bytes, limits));
    match result.unwrap_or_else(|| Err(Box::new(Diagnostic::new(Code::BadParquet, &whole_file(file), format!("{file} is damaged"))))) {
        Ok((header, columns)) => Some(RawTable::of_columns(spec, file, header, columns)),
        Err(fault) => {
            diagnostics.push(*fault);
            None
        }
    }
}

/// `None` when it panics, about which nothing is printed.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
    thread_local! { static QUIET: std::cell::Cell<bool> = const { std::cell::Cell::new(false) } }
    static HOOK: std::sync::Once = std::sync::Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                before(info);
            }
        }));
    });
    QUIET.set(true);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    QUIET.set(false);
    done
}

fn columns(file: &str, bytes: Vec<u8>, limits: &Limits) -> Result<(Vec<String>, Columns), Box<Diagnostic>> {
    let fault = |code, message: String| Box::new(Diagnostic::new(code, &whole_file(file), message));
    let bad = |error: ParquetError| fault(Code::BadParquet, format!("{file} cannot be read: {error}"));
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(bad)?;
    let about = reader.metadata().file_metadata();
    let rows = usize::try_from(about.num_rows()).unwrap_or(usize::MAX);
    let header: Vec<String> = about.schema().get_fields().iter().map(|field| field.name().trim().to_owned()).collect();
    if rows > limits.rows {
        return Err(fault(Code::TooManyRows, format!("{file} has more than {} rows", limits.rows)));
    }
    if header.len() > limits.columns {
        let message = format!("{file} has {} columns; at most {} are read", header.len(), limits.columns);
        return Err(fault(Code::TooManyColumns, message));
    }
    if let Some(texts) = plain_columns(&reader, limits).map_err(bad)? {
        return Ok((header, Columns { rows, texts }));
    }
    let mut columns = Columns { rows: 0, texts: header.iter().map(|_| Texts::default()).collect() };
    for row in reader.get_row_iter(None).map_err(bad)? {
        let row = row.map_err(bad)?;
        for ((name, field), texts) in row.get_column_iter().zip(&mut columns.texts) {
            let text = text(field).ok_or_else(|| {
                let message = format!("the column `{name}` of {file} has a type that no cell is read from");
                fault(Code::ParquetType, message)
            })?;
            if text.len() > limits.cell_bytes {
                let message = format!("a cell of the column `{name}` has {} bytes; at most {} are read", text.len(), limits.cell_bytes);
                return Err(fault(Code::CellTooLong, message));
            }
            texts.push(&text);
        }
        columns.rows += 1;
    }
    Ok((header, columns))
}

/// Calls `$each(value or None)` for every row of a typed column reader of a row group.
macro_rules! cells {
    ($reader:expr, $each:expr) => {{
        let (mut values, mut levels) = (Vec::with_capacity(BATCH), Vec::with_capacity(BATCH));
        loop {
            values.clear();
            levels.clear();
            let (records, found, _) = $reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
            if records == 0 {
                break;
            }
            if found == records {
                values.iter().for_each(|value| $each(Some(value)));
            } else {
                let mut present = values.iter();
                levels.iter().for_each(|level| $each(if *level > 0 { present.next() } else { None }));
            }
        }
    }};
}
pub(crate) use cells;

/// Values read at once.
pub(crate) const BATCH: usize = 16 << 10;

/// Reads a table of text, numbers, flags and dates column by column, without a string for any cell; `None` when a column is something
/// else, or a cell is too long, which the slower way says where.
fn plain_columns(reader: &SerializedFileReader<bytes::Bytes>, limits: &Limits) -> Result<Option<Vec<Texts>>, ParquetError> {
    let schema = reader.metadata().file_metadata().schema_descr();
    if schema.num_columns() != schema.root_schema().get_fields().len() || !schema.columns().iter().all(|column| is_plain(column)) {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for index in 0..schema.num_columns() {
        let date = matches!(schema.column(index).logical_type_ref(), Some(LogicalType::Date))
            || schema.column(index).converted_type() == ConvertedType::DATE;
        let mut sink = Sink { texts: Texts::default(), buffer: String::new(), longest: limits.cell_bytes, fine: true };
        for group in 0..reader.num_row_groups() {
            match reader.get_row_group(group)?.get_column_reader(index)? {
                ColumnReader::BoolColumnReader(mut column) => cells!(column, |value: Option<&bool>| sink.write(value)),
                ColumnReader::Int32ColumnReader(mut column) if date => {
                    cells!(column, |value: Option<&i32>| sink.write(value.map(|day| date_of(*day)).as_ref()))
                }
                ColumnReader::Int32ColumnReader(mut column) => cells!(column, |value: Option<&i32>| sink.write(value)),
                ColumnReader::Int64ColumnReader(mut column) => cells!(column, |value: Option<&i64>| sink.write(value)),
                ColumnReader::FloatColumnReader(mut column) => cells!(column, |value: Option<&f32>| sink.write(value)),
                ColumnReader::DoubleColumnReader(mut column) => cells!(column, |value: Option<&f64>| sink.write(value)),
                ColumnReader::ByteArrayColumnReader(mut column) => {
                    cells!(column, |value: Option<&ByteArray>| sink.text(value.map_or(&[][..], ByteArray::data)))
                }
                _ => return Ok(None),
            }
        }
        if !sink.fine {
            return Ok(None);
        }
        texts.push(sink.texts);
    }
    let rows = usize::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or(usize::MAX);
    // Columns of another length than the file says are left to the way that finds the fault.
    Ok(texts.iter().all(|column| column.len() == rows).then_some(texts))
}

/// Whether a column holds text, whole or floating-point numbers, flags or dates.
pub(crate) fn is_plain(column: &ColumnDescriptor) -> bool {
    let logical = column.logical_type_ref();
    let unsigned =
        matches!(column.converted_type(), ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64);
    let whole = matches!(logical, None | Some(LogicalType::Integer(_))) && !unsigned && column.converted_type() != ConvertedType::DECIMAL;
    let whole = whole
        && !matches!(
            column.converted_type(),
            ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS | ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS
        );
    match column.physical_type() {
        Physical::BOOLEAN | Physical::FLOAT | Physical::DOUBLE => true,
        Physical::INT32 => whole || matches!(logical, Some(LogicalType::Date)) || column.converted_type() == ConvertedType::DATE,
        Physical::INT64 => whole,
        Physical::BYTE_ARRAY => matches!(logical, Some(LogicalType::String)) || column.converted_type() == ConvertedType::UTF8,
        _ => false,
    }
}

/// Writes the cells of a column into one string.
struct Sink {
    texts: Texts,
    buffer: String,
    longest: usize,
    /// No cell was too long or no text.
    fine: bool,
}

impl Sink {
    fn write<T: std::fmt::Display>(&mut self, value: Option<&T>) {
        self.buffer.clear();
        if let Some(value) = value {
            // Writing into a string cannot fail.
            let _ = std::fmt::Write::write_fmt(&mut self.buffer, format_args!("{value}"));
        }
        self.texts.push(&self.buffer);
    }

    fn text(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.len() <= self.longest => self.texts.push(text),
            _ => {
                self.fine = false;
                self.texts.push("");
            }
        }
    }
}

/// A value as it would stand in a CSV file; `None` for lists, maps and bytes.
fn text(field: &Field) -> Option<String> {
    const MILLIS: i64 = 86_400_000;
    // A time of day is no date: it is left to be refused as such.
    let day = |stamp: i64, unit: i64| match stamp.rem_euclid(unit) {
        0 => i32::try_from(stamp.div_euclid(unit)).ok().map(|day| date_of(day).to_string()),
        _ => Some(format!("{} and a time of day", date_of(i32::try_from(stamp.div_euclid(unit)).ok()?))),
    };
    Some(match field {
        Field::Null => String::new(),
        Field::Bool(value) => value.to_string(),
        Field::Byte(value) => value.to_string(),
        Field::Short(value) => value.to_string(),
        Field::Int(value) => value.to_string(),
        Field::Long(value) => value.to_string(),
        Field::UByte(value) => value.to_string(),
        Field::UShort(value) => value.to_string(),
        Field::UInt(value) => value.to_string(),
        Field::ULong(value) => value.to_string(),
        Field::Float(value) => value.to_string(),
        Field::Double(value) => value.to_string(),
        Field::Str(value) => value.clone(),
        Field::Date(value) => date_of(*value).to_string(),
        Field::TimestampMillis(value) => day(*value, MILLIS)?,
        Field::TimestampMicros(value) => day(*value, MILLIS * 1_000)?,
        Field::Decimal(_) => format!("{field}"),
        _ => return None,
    })
}
