//! Tables of a case from Parquet.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::language::dates::date_of;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::language::limits::Limits;
use crate::language::schema::{Kind, TableSpec};
use crate::read::bytes::{RawTable, whole_file};
use crate::read::packed::Texts;
use crate::read::parquet_file::{Columns, is_index};
use crate::read::parquet_types::{Reading, big_endian, decimal, half, nested, packed, reading, zones};

/// Reads a table; `None` when it cannot be read, which is diagnosed.
pub fn read(spec: &'static TableSpec, file: &str, bytes: Vec<u8>, limits: &Limits, diagnostics: &mut Vec<Diagnostic>) -> Option<RawTable> {
    // The library may panic on a damaged file; that is a fault of the file here, not of the program.
    let result = quietly(|| columns(spec, file, bytes, limits));
    match result.unwrap_or_else(|| Err(Box::new(Diagnostic::new(Code::BadParquet, &whole_file(file), format!("{file} is damaged"))))) {
        Ok(Found { header, columns, notes }) => {
            if !notes.is_empty() {
                let message = format!("{file} is read with {}", notes.join("; "));
                diagnostics.push(Diagnostic::new(Code::ReadOtherwise, &whole_file(file), message));
            }
            Some(RawTable::of_columns(spec, file, header, columns))
        }
        Err(fault) => {
            diagnostics.push(*fault);
            None
        }
    }
}

/// What a file holds.
struct Found {
    header: Vec<String>,
    columns: Columns,
    /// What is read otherwise than it is written.
    notes: Vec<String>,
}

/// `None` when it panics, about which nothing is printed.
pub fn quietly<T>(work: impl FnOnce() -> T) -> Option<T> {
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

/// Opens a file whose cells hold one value each, packed in a way that can be undone.
pub(crate) fn open(file: &str, bytes: Vec<u8>) -> Result<SerializedFileReader<bytes::Bytes>, Box<Diagnostic>> {
    let fault = |code, message: String| Diagnostic::new(code, &whole_file(file), message);
    let bad = |error: ParquetError| Box::new(fault(Code::BadParquet, format!("{file} cannot be read: {error}")));
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).map_err(bad)?;
    if let Some((name, why)) = packed(reader.metadata()) {
        let fix = "write it with snappy, gzip or lz4: `compression=\"snappy\"` in pandas and polars, `COMPRESSION snappy` in duckdb";
        return Err(Box::new(fault(Code::BadParquet, format!("{file} is compressed with {name}, {why}")).with_fix(fix)));
    }
    if let Some((column, what)) = nested(reader.metadata().file_metadata().schema()) {
        let message = format!("the column `{column}` of {file} holds {what}, a cell one value");
        let fix = "write each part of it as a column of its own, or as rows of another table";
        return Err(Box::new(fault(Code::ParquetType, message).with_fix(fix)));
    }
    Ok(reader)
}

fn columns(spec: &TableSpec, file: &str, bytes: Vec<u8>, limits: &Limits) -> Result<Found, Box<Diagnostic>> {
    let fault = |code, message: String| Box::new(Diagnostic::new(code, &whole_file(file), message));
    let bad = |error: ParquetError| fault(Code::BadParquet, format!("{file} cannot be read: {error}"));
    let reader = open(file, bytes)?;
    let about = reader.metadata().file_metadata();
    let rows = usize::try_from(about.num_rows()).unwrap_or(usize::MAX);
    if rows > limits.rows {
        return Err(fault(Code::TooManyRows, format!("{file} has more than {} rows", limits.rows)));
    }
    let width = about.schema_descr().num_columns();
    if width > limits.columns {
        let message = format!("{file} has {width} columns; at most {} are read", limits.columns);
        return Err(fault(Code::TooManyColumns, message));
    }
    let zones = zones(about);
    let mut found = Found { header: Vec::new(), columns: Columns { rows, texts: Vec::new() }, notes: Vec::new() };
    for index in 0..width {
        let column = about.schema_descr().column(index);
        let name = column.name().trim().to_owned();
        if is_index(&name) {
            found.notes.push(format!("`{name}`, the index of a data frame, left out"));
            continue;
        }
        let reading = reading(&column, &zones).map_err(|why| fault(Code::ParquetType, format!("the column `{name}` of {file} {why}")))?;
        let mut sink = Sink { texts: Texts::default(), buffer: String::new(), longest: limits.cell_bytes, wrong: None, part: None };
        column_texts(&reader, index, &reading, &mut sink).map_err(bad)?;
        let ids = spec.all_columns().any(|column| column.name == name && matches!(column.kind, Kind::Id | Kind::Ref(_) | Kind::RefList(_)));
        if ids && matches!(reading, Reading::Float) {
            if let Some(part) = sink.part {
                let message = format!("the column `{name}` of {file} holds {part}: ids are text or whole numbers");
                return Err(fault(Code::ParquetType, message));
            }
            found.notes.push(format!("the floating-point numbers of `{name}` as ids without a point"));
        }
        if let Some((code, what)) = sink.wrong {
            return Err(fault(code, format!("a cell of the column `{name}` {what}")));
        }
        if sink.texts.len() != rows {
            return Err(fault(Code::BadParquet, format!("{file} is damaged: `{name}` has {} values of {rows}", sink.texts.len())));
        }
        found.header.push(name);
        found.columns.texts.push(sink.texts);
    }
    Ok(found)
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

/// Reads the values of a column as text, without a string for any cell.
fn column_texts(reader: &SerializedFileReader<bytes::Bytes>, index: usize, reading: &Reading, sink: &mut Sink) -> Result<(), ParquetError> {
    for group in 0..reader.num_row_groups() {
        match (reader.get_row_group(group)?.get_column_reader(index)?, reading) {
            (ColumnReader::BoolColumnReader(mut column), _) => cells!(column, |value: Option<&bool>| sink.write(value)),
            (ColumnReader::Int32ColumnReader(mut column), Reading::Date) => {
                cells!(column, |value: Option<&i32>| sink.write(value.map(|day| date_of(*day)).as_ref()))
            }
            (ColumnReader::Int32ColumnReader(mut column), Reading::Unsigned) => {
                cells!(column, |value: Option<&i32>| sink.write(value.map(|value| *value as u32).as_ref()))
            }
            (ColumnReader::Int32ColumnReader(mut column), Reading::Decimal(scale)) => {
                cells!(column, |value: Option<&i32>| sink.write(value.map(|v| decimal(i128::from(*v), *scale)).as_ref()))
            }
            (ColumnReader::Int32ColumnReader(mut column), _) => cells!(column, |value: Option<&i32>| sink.write(value)),
            (ColumnReader::Int64ColumnReader(mut column), Reading::Stamp(stamp)) => {
                cells!(column, |value: Option<&i64>| sink.write(value.map(|value| stamp.text(*value)).as_ref()))
            }
            (ColumnReader::Int64ColumnReader(mut column), Reading::Unsigned) => {
                cells!(column, |value: Option<&i64>| sink.write(value.map(|value| *value as u64).as_ref()))
            }
            (ColumnReader::Int64ColumnReader(mut column), Reading::Decimal(scale)) => {
                cells!(column, |value: Option<&i64>| sink.write(value.map(|v| decimal(i128::from(*v), *scale)).as_ref()))
            }
            (ColumnReader::Int64ColumnReader(mut column), _) => cells!(column, |value: Option<&i64>| sink.write(value)),
            (ColumnReader::Int96ColumnReader(mut column), Reading::Stamp(stamp)) => {
                cells!(column, |value: Option<&Int96>| sink.write(value.map(|value| stamp.text(value.to_nanos())).as_ref()))
            }
            (ColumnReader::FloatColumnReader(mut column), _) => cells!(column, |value: Option<&f32>| sink.float(value, |v| f64::from(*v))),
            (ColumnReader::DoubleColumnReader(mut column), _) => cells!(column, |value: Option<&f64>| sink.float(value, |v| *v)),
            (ColumnReader::FixedLenByteArrayColumnReader(mut column), Reading::Float) => {
                cells!(column, |value: Option<&FixedLenByteArray>| sink.float(value.map(|value| half(value.data())).as_ref(), |v| *v))
            }
            (ColumnReader::ByteArrayColumnReader(mut column), Reading::Decimal(scale)) => {
                cells!(column, |value: Option<&ByteArray>| sink.decimal(value.map(ByteArray::data), *scale))
            }
            (ColumnReader::FixedLenByteArrayColumnReader(mut column), Reading::Decimal(scale)) => {
                cells!(column, |value: Option<&FixedLenByteArray>| sink.decimal(value.map(|value| value.data()), *scale))
            }
            (ColumnReader::ByteArrayColumnReader(mut column), _) => {
                cells!(column, |value: Option<&ByteArray>| sink.text(value.map_or(&[][..], ByteArray::data)))
            }
            // No reading is made of other types.
            _ => return Err(ParquetError::General("a column of another type".to_owned())),
        }
    }
    Ok(())
}

/// Numbers up to here are whole where they seem so.
pub(crate) const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Writes the cells of a column into one string.
struct Sink {
    texts: Texts,
    buffer: String,
    longest: usize,
    /// What is wrong with the first cell that cannot be read.
    wrong: Option<(Code, String)>,
    /// The first number with a part behind its point, or too large to be sure that it has none.
    part: Option<f64>,
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

    fn float<T: std::fmt::Display>(&mut self, value: Option<&T>, number: impl Fn(&T) -> f64) {
        self.write(value);
        let part = value.map(number).filter(|number| number.fract() != 0.0 || number.abs() >= WHOLE_MAX);
        self.part = self.part.or(part);
    }

    fn decimal(&mut self, bytes: Option<&[u8]>, scale: usize) {
        let value = bytes.map(|bytes| big_endian(bytes).map(|value| decimal(value, scale)));
        if value == Some(None) && self.wrong.is_none() {
            self.wrong = Some((Code::ParquetType, "is a decimal number of more than 128 bits".to_owned()));
        }
        self.write(value.flatten().as_ref());
    }

    fn text(&mut self, bytes: &[u8]) {
        let wrong = match std::str::from_utf8(bytes) {
            Ok(text) if text.len() <= self.longest => {
                self.texts.push(text);
                return;
            }
            Ok(text) => (Code::CellTooLong, format!("has {} bytes; at most {} are read", text.len(), self.longest)),
            Err(_) => (Code::BadParquet, "is no UTF-8 text".to_owned()),
        };
        self.wrong = self.wrong.take().or(Some(wrong));
        self.texts.push("");
    }
}
