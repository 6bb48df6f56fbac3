//! The inputs of a run, kept with its results: a run folder can be repeated, compared and cited by itself.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use ripstop_case::Case;
pub use ripstop_case::disk::INPUTS as FOLDER;
use ripstop_case::disk::hash_of;

/// Larger inputs are not copied, bytes; their hashes are in the manifest all the same.
const COPY_MAX: u64 = 64 << 20;

/// The bytes of the input files as they were read, unless there are too many of them.
pub struct Inputs {
    files: Option<Vec<(String, Vec<u8>)>>,
}

impl Inputs {
    /// Takes the files of a case that has just been read.
    ///
    /// Errors: the files that have changed since, or can no longer be read.
    pub fn of(case: &Case) -> Result<Self, Vec<String>> {
        let path = |file: &str| case.dir.join(file);
        let size: u64 = case.files.iter().filter_map(|(file, _)| fs::metadata(path(file)).ok()).map(|about| about.len()).sum();
        let inside = |file: &str| Path::new(file).components().all(|part| matches!(part, Component::Normal(_)));
        if size > COPY_MAX || !case.files.iter().all(|(file, _)| inside(file)) {
            return Ok(Self { files: None });
        }
        let (mut files, mut changed) = (Vec::with_capacity(case.files.len()), Vec::new());
        for (file, hash) in &case.files {
            match fs::read(path(file)) {
                Ok(bytes) if *blake3::hash(&bytes).to_hex().as_str() == **hash => files.push((file.clone(), bytes)),
                _ => changed.push(file.clone()),
            }
        }
        if changed.is_empty() { Ok(Self { files: Some(files) }) } else { Err(changed) }
    }

    /// Whether a run keeps a copy.
    pub fn copied(&self) -> bool {
        self.files.is_some()
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), (PathBuf, io::Error)> {
        for (file, bytes) in self.files.iter().flatten() {
            let path = folder.join(file);
            let written = fs::create_dir_all(path.parent().unwrap_or(folder)).and_then(|()| ripstop_case::disk::write_whole(&path, bytes));
            written.map_err(|error| (path, error))?;
        }
        Ok(())
    }
}

/// Files in a folder and the folders in it, as paths relative to it with `/`, sorted.
///
/// Errors: a folder cannot be read.
pub fn files_in(folder: &Path) -> io::Result<Vec<String>> {
    let (mut found, mut todo) = (Vec::new(), vec![String::new()]);
    while let Some(inner) = todo.pop() {
        for entry in fs::read_dir(folder.join(&inner))? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if inner.is_empty() { name } else { format!("{inner}/{name}") };
            if entry.file_type()?.is_dir() {
                todo.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The hashes of the files that a manifest lists, as they are now; what cannot be read is left out.
pub fn hashes(folder: &Path, listed: &Value) -> Value {
    let files = listed.as_object().into_iter().flat_map(|files| files.keys());
    let inside = |file: &&String| Path::new(file.as_str()).components().all(|part| matches!(part, Component::Normal(_)));
    let now = files.filter(inside).filter_map(|file| Some((file.clone(), Value::from(hash_of(&folder.join(file)).ok()?))));
    Value::Object(now.collect())
}
