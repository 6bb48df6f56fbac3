//! `series.parquet`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::OutputError;
use crate::Case;
use crate::series_out::Series;

/// Series per row group: large enough to compress, small enough to read in part.
const SERIES_PER_GROUP: usize = 256;

/// Writes all series.
///
/// Errors: the file system or the library fails.
pub(super) fn write(path: &Path, case: &Case, runs: &[(String, Vec<Series>)]) -> Result<(), OutputError> {
    let failed = |error| OutputError::Parquet { path: path.to_path_buf(), error };
    let file = fs::File::create(path).map_err(|error| OutputError::Io { path: path.to_path_buf(), error })?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(file, Arc::new(schema().map_err(failed)?), Arc::new(properties)).map_err(failed)?;
    let dates: Vec<i32> = (case.meta.start..=case.meta.end).collect();
    for (scenario, list) in runs {
        for group in list.chunks(SERIES_PER_GROUP) {
            write_group(&mut writer, scenario, &dates, group).map_err(failed)?;
        }
    }
    let file = writer.into_inner().map_err(failed)?;
    file.sync_all().map_err(|error| OutputError::Io { path: path.to_path_buf(), error })
}

fn schema() -> Result<Type, parquet::errors::ParquetError> {
    let text = |name: &str| {
        let built = Type::primitive_type_builder(name, Physical::BYTE_ARRAY).with_repetition(Repetition::REQUIRED);
        built.with_logical_type(Some(LogicalType::String)).build().map(Arc::new)
    };
    let date = Type::primitive_type_builder("date", Physical::INT32)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(Some(LogicalType::Date))
        .build()?;
    let value = Type::primitive_type_builder("value", Physical::DOUBLE).with_repetition(Repetition::REQUIRED).build()?;
    let fields =
        vec![Arc::new(date), text("scenario")?, text("level")?, text("entity")?, text("variable")?, Arc::new(value), text("unit")?];
    Type::group_type_builder("series").with_fields(fields).build()
}

fn write_group(
    writer: &mut SerializedFileWriter<fs::File>,
    scenario: &str,
    dates: &[i32],
    group: &[Series],
) -> Result<(), parquet::errors::ParquetError> {
    let mut rows = writer.next_row_group()?;
    let mut index = 0;
    while let Some(mut column) = rows.next_column()? {
        match index {
            0 => {
                let column = column.typed::<Int32Type>();
                for series in group {
                    column.write_batch(&dates[..series.values.len()], None, None)?;
                }
            }
            5 => {
                let column = column.typed::<DoubleType>();
                for series in group {
                    column.write_batch(&series.values, None, None)?;
                }
            }
            _ => {
                let column = column.typed::<ByteArrayType>();
                for series in group {
                    let word = ByteArray::from(cell(index, scenario, series));
                    column.write_batch(&vec![word; series.values.len()], None, None)?;
                }
            }
        }
        column.close()?;
        index += 1;
    }
    rows.close()?;
    Ok(())
}

fn cell<'a>(index: usize, scenario: &'a str, series: &'a Series) -> &'a str {
    match index {
        1 => scenario,
        2 => &series.level,
        3 => &series.entity,
        4 => &series.variable,
        _ => &series.unit,
    }
}
