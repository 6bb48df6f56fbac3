//! A file of named columns, Arrow IPC. Each record batch has one row: the name of a column, and its cells as a list under its kind.
//! So columns of any length stand in one file, are written one at a time, and open in pandas or any other reader of Arrow.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{LargeListBuilder, PrimitiveBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int32Type, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray, new_null_array};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use ripstop::plan::columns::{Cells, Column};

use super::CheckpointError;
use ripstop_case::disk::hash_of;

fn schema() -> SchemaRef {
    let kinds = [
        ("f64", DataType::Float64),
        ("u32", DataType::UInt32),
        ("i32", DataType::Int32),
        ("u16", DataType::UInt16),
        ("u8", DataType::UInt8),
    ];
    let list = |(name, kind): (&str, DataType)| Field::new(name, DataType::LargeList(Arc::new(Field::new_list_field(kind, true))), true);
    let mut fields = vec![Field::new("name", DataType::Utf8, false)];
    fields.extend(kinds.map(list));
    Arc::new(Schema::new(fields))
}

/// Writes a file of columns and waits until the disk has it; returns its blake3.
///
/// Errors: the file system fails; what was written so far stays for the caller to remove.
pub fn write(path: &Path, columns: impl FnOnce(&mut Writer) -> io::Result<()>) -> io::Result<String> {
    let hashing = Hashing { file: BufWriter::with_capacity(1 << 18, File::create_new(path)?), hasher: blake3::Hasher::new() };
    let schema = schema();
    let mut writer = Writer { arrow: FileWriter::try_new(hashing, &schema).map_err(io_error)?, schema };
    columns(&mut writer)?;
    let hashing = writer.arrow.finish().and_then(|()| writer.arrow.into_inner()).map_err(io_error)?;
    let hash = hashing.hasher.finalize().to_hex().to_string();
    hashing.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(hash)
}

fn io_error(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        error => io::Error::other(error),
    }
}

/// Hashes what passes.
struct Hashing {
    file: BufWriter<File>,
    hasher: blake3::Hasher,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file of columns that is being written.
pub struct Writer {
    arrow: FileWriter<Hashing>,
    schema: SchemaRef,
}

impl Writer {
    /// Writes a column.
    ///
    /// Errors: the file system fails.
    pub fn column(&mut self, name: &str, cells: Cells<'_>) -> io::Result<()> {
        let (at, list) = match cells {
            Cells::F64(cells) => (1, list::<Float64Type>(cells)),
            Cells::U32(cells) => (2, list::<UInt32Type>(cells)),
            Cells::I32(cells) => (3, list::<Int32Type>(cells)),
            Cells::U16(cells) => (4, list::<UInt16Type>(cells)),
            Cells::U8(cells) => (5, list::<UInt8Type>(cells)),
        };
        let mut row: Vec<ArrayRef> = vec![Arc::new(StringArray::from(vec![name]))];
        row.extend(self.schema.fields()[1..].iter().map(|field| new_null_array(field.data_type(), 1)));
        row[at] = list;
        let batch = RecordBatch::try_new(self.schema.clone(), row).map_err(io_error)?;
        self.arrow.write(&batch).map_err(io_error)
    }
}

fn list<T: ArrowPrimitiveType>(cells: &[T::Native]) -> ArrayRef {
    let mut builder = LargeListBuilder::with_capacity(PrimitiveBuilder::<T>::with_capacity(cells.len()), 1);
    builder.values().append_slice(cells);
    builder.append(true);
    Arc::new(builder.finish())
}

/// A file of columns that is read.
pub struct Reader {
    path: PathBuf,
    arrow: FileReader<BufReader<File>>,
    batches: BTreeMap<String, usize>,
}

impl Reader {
    /// Opens a file whose hash is known.
    ///
    /// Errors: it cannot be read; it is not what was written.
    pub fn open(path: &Path, hash: &str) -> Result<Self, CheckpointError> {
        let failed = |error| CheckpointError::Io { path: path.to_path_buf(), error };
        let damaged = || CheckpointError::Damaged { path: path.to_path_buf() };
        let found = match hash_of(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(damaged()),
            found => found.map_err(failed)?,
        };
        if found != hash {
            return Err(damaged());
        }
        let file = BufReader::new(File::open(path).map_err(failed)?);
        let mut arrow = FileReader::try_new(file, None).map_err(|_| damaged())?;
        if arrow.schema() != schema() {
            return Err(damaged());
        }
        let mut batches = BTreeMap::new();
        for index in 0..arrow.num_batches() {
            let batch = batch(&mut arrow, index).ok_or_else(damaged)?;
            batches.insert(batch.column(0).as_string::<i32>().value(0).to_string(), index);
        }
        Ok(Self { path: path.to_path_buf(), arrow, batches })
    }

    /// Reads a column.
    ///
    /// Errors: there is none of that name, or the file changed.
    pub fn column(&mut self, name: &str) -> Result<Column, CheckpointError> {
        let missing = || CheckpointError::Lacks { path: self.path.clone(), column: name.to_string() };
        let index = *self.batches.get(name).ok_or_else(missing)?;
        let damaged = || CheckpointError::Damaged { path: self.path.clone() };
        let row = batch(&mut self.arrow, index).ok_or_else(damaged)?;
        let kind = (1..=5).find(|&kind| !row.column(kind).is_null(0)).ok_or_else(damaged)?;
        let cells = row.column(kind).as_list::<i64>().value(0);
        Ok(match kind {
            1 => Column::F64(cells.as_primitive::<Float64Type>().values().to_vec()),
            2 => Column::U32(cells.as_primitive::<UInt32Type>().values().to_vec()),
            3 => Column::I32(cells.as_primitive::<Int32Type>().values().to_vec()),
            4 => Column::U16(cells.as_primitive::<UInt16Type>().values().to_vec()),
            _ => Column::U8(cells.as_primitive::<UInt8Type>().values().to_vec()),
        })
    }
}

fn batch(arrow: &mut FileReader<BufReader<File>>, index: usize) -> Option<RecordBatch> {
    arrow.set_index(index).ok()?;
    arrow.next()?.ok().filter(|batch| batch.num_rows() == 1)
}
