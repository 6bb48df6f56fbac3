//! `series.parquet`, read back.

use std::fs::File;
use std::path::Path;

use parquet::column::reader::ColumnReader;
use parquet::data_type::ByteArray;
use parquet::file::reader::{FileReader, RowGroupReader, SerializedFileReader};

use super::{Gather, ReadError};
use crate::series_out::Series;

pub(super) fn read(path: &Path) -> Result<Vec<(String, Vec<Series>)>, ReadError> {
    let damaged = |what: String| ReadError::Damaged { path: path.to_path_buf(), what };
    let file = File::open(path).map_err(|error| ReadError::Io { path: path.to_path_buf(), error })?;
    let reader = SerializedFileReader::new(file).map_err(|e| damaged(e.to_string()))?;
    if reader.metadata().file_metadata().schema_descr().num_columns() != 7 {
        return Err(damaged("it has not seven columns".to_string()));
    }
    let mut gather = Gather::default();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(|e| damaged(e.to_string()))?;
        read_group(group.as_ref(), &mut gather).map_err(damaged)?;
    }
    Ok(gather.list)
}

fn read_group(group: &dyn RowGroupReader, gather: &mut Gather) -> Result<(), String> {
    let rows = usize::try_from(group.metadata().num_rows()).map_err(|e| e.to_string())?;
    let mut words: Vec<Vec<ByteArray>> = Vec::new();
    for column in [1, 2, 3, 4, 6] {
        let ColumnReader::ByteArrayColumnReader(mut reader) = group.get_column_reader(column).map_err(|e| e.to_string())? else {
            return Err(format!("column {column} is no text"));
        };
        let mut cells = Vec::with_capacity(rows);
        reader.read_records(rows, None, None, &mut cells).map_err(|e| e.to_string())?;
        words.push(cells);
    }
    let ColumnReader::DoubleColumnReader(mut reader) = group.get_column_reader(5).map_err(|e| e.to_string())? else {
        return Err("column 5 holds no numbers".to_string());
    };
    let mut values = Vec::with_capacity(rows);
    reader.read_records(rows, None, None, &mut values).map_err(|e| e.to_string())?;
    if values.len() != rows || words.iter().any(|w| w.len() != rows) {
        return Err("columns of unequal length".to_string());
    }
    for (row, &value) in values.iter().enumerate() {
        let mut key = [""; 5];
        for (cell, column) in key.iter_mut().zip(&words) {
            *cell = std::str::from_utf8(column[row].data()).map_err(|e| e.to_string())?;
        }
        gather.add(key, value, row == 0);
    }
    Ok(())
}
