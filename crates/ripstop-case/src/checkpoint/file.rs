//! A file of named columns that says what it holds, with a hash of every part.
//!
//! ```text
//! "ripstop columns 1\n" · columns, little-endian, one after another · directory (JSON) · its length (8 bytes) · its blake3 (32 bytes) · "columns\n"
//! ```
//! The directory stands last, so that a column is hashed and written in one pass: `{"about": …, "columns": [[name, kind, cells, blake3], …]}`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ripstop::columns::{Cells, Column};
use serde_json::{Value, json};

use super::CheckpointError;

const HEAD: &[u8; 18] = b"ripstop columns 1\n";
const TAIL: &[u8; 8] = b"columns\n";
/// Bytes after the directory: its length, its hash, the tail.
const END: u64 = 8 + 32 + 8;
/// Cells turned into bytes at a time.
const CHUNK: usize = 4096;

/// Writes a file of columns beside its place and moves it there: it appears whole or not at all.
///
/// Errors: the file system fails; then nothing is left behind and an earlier file stays.
pub fn write(path: &Path, about: &Value, columns: impl FnOnce(&mut Writer) -> io::Result<()>) -> io::Result<()> {
    let fresh = path.with_extension(format!("{}.tmp", std::process::id()));
    let done = fill(&fresh, about, columns).and_then(|()| fs::rename(&fresh, path));
    if done.is_err() {
        // Best effort: the error that matters is the one already found.
        let _ = fs::remove_file(&fresh);
    }
    done?;
    crate::output::sync_folder(path.parent().unwrap_or(Path::new(".")));
    Ok(())
}

fn fill(path: &Path, about: &Value, columns: impl FnOnce(&mut Writer) -> io::Result<()>) -> io::Result<()> {
    let mut writer = Writer { file: BufWriter::with_capacity(1 << 18, File::create(path)?), list: Vec::new(), bytes: Vec::new() };
    writer.file.write_all(HEAD)?;
    columns(&mut writer)?;
    let directory = json!({ "about": about, "columns": writer.list }).to_string();
    writer.file.write_all(directory.as_bytes())?;
    writer.file.write_all(&(directory.len() as u64).to_le_bytes())?;
    writer.file.write_all(blake3::hash(directory.as_bytes()).as_bytes())?;
    writer.file.write_all(TAIL)?;
    writer.file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// A file of columns that is being written.
pub struct Writer {
    file: BufWriter<File>,
    list: Vec<Value>,
    bytes: Vec<u8>,
}

impl Writer {
    /// Writes a column.
    ///
    /// Errors: the file system fails.
    pub fn column(&mut self, name: &str, cells: Cells<'_>) -> io::Result<()> {
        let (kind, count, hash) = match cells {
            Cells::F64(cells) => ("f64", cells.len(), self.cells(cells, f64::to_le_bytes)?),
            Cells::U32(cells) => ("u32", cells.len(), self.cells(cells, u32::to_le_bytes)?),
            Cells::I32(cells) => ("i32", cells.len(), self.cells(cells, i32::to_le_bytes)?),
            Cells::U16(cells) => ("u16", cells.len(), self.cells(cells, u16::to_le_bytes)?),
            Cells::U8(cells) => ("u8", cells.len(), self.cells(cells, u8::to_le_bytes)?),
        };
        self.list.push(json!([name, kind, count, hash]));
        Ok(())
    }

    fn cells<T: Copy, const N: usize>(&mut self, cells: &[T], bytes_of: impl Fn(T) -> [u8; N]) -> io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        for chunk in cells.chunks(CHUNK) {
            self.bytes.clear();
            chunk.iter().for_each(|&cell| self.bytes.extend_from_slice(&bytes_of(cell)));
            hasher.update(&self.bytes);
            self.file.write_all(&self.bytes)?;
        }
        Ok(hasher.finalize().to_hex().to_string())
    }
}

/// Where a column lies and what it holds.
#[derive(Clone, Debug)]
struct Entry {
    kind: String,
    offset: u64,
    bytes: u64,
    hash: String,
}

/// A file of columns that is read.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    file: File,
    entries: BTreeMap<String, Entry>,
    /// What the writer said of it.
    pub about: Value,
}

impl Reader {
    /// Opens a file and reads its directory; `None` if there is no such file.
    ///
    /// Errors: it cannot be read; it is cut short, changed or no file of columns.
    pub fn open(path: &Path) -> Result<Option<Self>, CheckpointError> {
        let failed = |error| CheckpointError::Io { path: path.to_path_buf(), error };
        let damaged = || CheckpointError::Damaged { path: path.to_path_buf() };
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let size = file.metadata().map_err(failed)?.len();
        let body = size.checked_sub(HEAD.len() as u64 + END).ok_or_else(damaged)?;
        let (mut head, mut end) = ([0; HEAD.len()], [0; END as usize]);
        file.read_exact(&mut head).map_err(failed)?;
        file.seek(SeekFrom::Start(size - END)).map_err(failed)?;
        file.read_exact(&mut end).map_err(failed)?;
        let (length, end) = end.split_first_chunk().ok_or_else(damaged)?;
        let length = u64::from_le_bytes(*length);
        if head != *HEAD || end[32..] != *TAIL || length > body {
            return Err(damaged());
        }
        let mut directory = vec![0; length as usize];
        file.seek(SeekFrom::Start(size - END - length)).map_err(failed)?;
        file.read_exact(&mut directory).map_err(failed)?;
        if *blake3::hash(&directory).as_bytes() != end[..32] {
            return Err(damaged());
        }
        let mut directory: Value = serde_json::from_slice(&directory).map_err(|_| damaged())?;
        let entries = entries(&directory["columns"], body - length).ok_or_else(damaged)?;
        Ok(Some(Self { path: path.to_path_buf(), file, entries, about: directory["about"].take() }))
    }

    /// Reads a column and checks its hash.
    ///
    /// Errors: there is none of that name, or it is not what was written.
    pub fn column(&mut self, name: &str) -> Result<Column, CheckpointError> {
        let damaged = || CheckpointError::Damaged { path: self.path.clone() };
        let entry = self.entries.get(name).ok_or_else(|| CheckpointError::Lacks { path: self.path.clone(), column: name.to_string() })?;
        let mut bytes = vec![0; entry.bytes as usize];
        let read = self.file.seek(SeekFrom::Start(entry.offset)).and_then(|_| self.file.read_exact(&mut bytes));
        read.map_err(|error| CheckpointError::Io { path: self.path.clone(), error })?;
        if blake3::hash(&bytes).to_hex().as_str() != entry.hash {
            return Err(damaged());
        }
        Ok(match entry.kind.as_str() {
            "f64" => Column::F64(numbers(&bytes, f64::from_le_bytes)),
            "u32" => Column::U32(numbers(&bytes, u32::from_le_bytes)),
            "i32" => Column::I32(numbers(&bytes, i32::from_le_bytes)),
            "u16" => Column::U16(numbers(&bytes, u16::from_le_bytes)),
            _ => Column::U8(bytes),
        })
    }
}

fn numbers<T, const N: usize>(bytes: &[u8], of: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks().0.iter().map(|&cell| of(cell)).collect()
}

/// The entries of a directory; `None` if they are not what fills `body` bytes.
fn entries(list: &Value, body: u64) -> Option<BTreeMap<String, Entry>> {
    let (mut entries, mut offset) = (BTreeMap::new(), HEAD.len() as u64);
    for one in list.as_array()? {
        let (kind, hash) = (one[1].as_str()?.to_string(), one[3].as_str()?.to_string());
        let size = match kind.as_str() {
            "f64" => 8,
            "u32" | "i32" => 4,
            "u16" => 2,
            "u8" => 1,
            _ => return None,
        };
        let bytes = one[2].as_u64()?.checked_mul(size)?;
        entries.insert(one[0].as_str()?.to_string(), Entry { kind, offset, bytes, hash });
        offset = offset.checked_add(bytes)?;
    }
    (offset == HEAD.len() as u64 + body).then_some(entries)
}
