//! Where results go: what is refused is refused before the work, what is filled bears a name nobody else has, and only that is removed again.
//!
//! A folder that is not there yet, or that holds an earlier run, is filled beside its place and moved there in one step. A folder that is
//! there and empty, that something is mounted on, or whose parent cannot be written is filled within: in a hidden folder of it, whose
//! entries are then moved up, the one that makes the folder count (`manifest.json`, `case.toml`) last of all. So a reader sees a whole
//! folder, or one that does not count.
//!
//! Two programs that write into one place would undo each other's work: the first holds a lock, the second is refused. Process numbers
//! tell nothing apart, for in two containers both are 1.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::disk::{FILES, OutputError, sync_folder, write_whole};

/// Names beginning so are ours, whatever folder they are in.
const HIDDEN: &str = ".ripstop-";

/// What makes a folder a run or a case: it comes last, and goes first.
const COUNTS: [&str; 2] = ["manifest.json", "case.toml"];

/// A name that nobody else makes.
pub fn random() -> String {
    // The keys of a hasher are drawn by the system.
    format!("{:016x}", std::collections::hash_map::RandomState::new().build_hasher().finish())
}

/// Tries names until one is free.
fn first_free<T>(name: impl Fn() -> PathBuf, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    for _ in 0..100 {
        let path = name();
        match make(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|made| (path, made)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Makes a new hidden folder in `parent`.
///
/// Errors: the file system fails.
pub fn fresh_folder(parent: &Path) -> io::Result<PathBuf> {
    first_free(|| parent.join(format!("{HIDDEN}{}.tmp", random())), |path| fs::create_dir(path)).map(|(path, ())| path)
}

/// Writes a new hidden file in `parent`; removes it again if that fails.
fn fresh_file(parent: &Path, body: &[u8]) -> io::Result<PathBuf> {
    let create = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    let (path, file) = first_free(|| parent.join(format!("{HIDDEN}{}.tmp", random())), create)?;
    drop(file);
    let done = write_whole(&path, body);
    if done.is_err() {
        // Best effort: the error that matters is the one already found.
        let _ = fs::remove_file(&path);
    }
    done.map(|()| path)
}

/// Replaces a file in one step.
///
/// Errors: the file system fails; then an earlier file stays and nothing is left beside it.
pub fn replace_file(path: &Path, body: &[u8]) -> io::Result<()> {
    let parent = parent_of(path);
    let fresh = fresh_file(parent, body)?;
    let done = fs::rename(&fresh, path);
    if done.is_err() {
        let _ = fs::remove_file(&fresh); // best effort, as above
    }
    done?;
    sync_folder(parent);
    Ok(())
}

/// Writes a file, over an earlier one only if that is an ordinary file whose first bytes are `ours`.
///
/// Errors: something else stands there; the file system fails.
pub fn write_file(path: &Path, body: &[u8], ours: &dyn Fn(&[u8]) -> bool) -> Result<(), OutputError> {
    let failed = |error| OutputError::Io { path: path.to_path_buf(), error };
    if check_file(path, ours)? {
        return replace_file(path, body).map_err(failed);
    }
    let parent = parent_of(path);
    let fresh = fresh_file(parent, body).map_err(failed)?;
    // What has come to stand there in the meantime is not replaced either.
    let done = match fs::hard_link(&fresh, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        Err(_) => fs::rename(&fresh, path), // not every file system has links
        Ok(()) => Ok(()),
    };
    let _ = fs::remove_file(&fresh); // moved, or a second name
    done.map_err(failed)?;
    sync_folder(parent);
    Ok(())
}

/// Whether a file is there that may be replaced.
///
/// Errors: something else stands there; the file system fails.
pub fn check_file(path: &Path, ours: &dyn Fn(&[u8]) -> bool) -> Result<bool, OutputError> {
    const HEAD: u64 = 1 << 16;
    let failed = |error| OutputError::Io { path: path.to_path_buf(), error };
    let about = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && path.file_name().is_some() => return Ok(false),
        about => about.map_err(failed)?,
    };
    if !about.is_file() {
        return Err(OutputError::ForeignFile(path.to_path_buf()));
    }
    let mut head = Vec::new();
    File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).map_err(failed)?;
    if ours(&head) { Ok(true) } else { Err(OutputError::ForeignFile(path.to_path_buf())) }
}

fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name beside `path` with something before and after it; a name too long for that is cut, and told apart by its hash.
pub fn beside(path: &Path, before: &str, after: &str) -> PathBuf {
    const NAME_MAX: usize = 255;
    let name = path.file_name().unwrap_or(OsStr::new("run"));
    let mut whole = OsString::from(before);
    if before.len() + name.len() + after.len() <= NAME_MAX {
        whole.push(name);
    } else {
        let start: String = name.to_string_lossy().chars().take(40).collect();
        whole.push(format!("{start}-{}", &blake3::hash(name.as_encoded_bytes()).to_hex()[..16]));
    }
    whole.push(after);
    parent_of(path).join(whole)
}

/// Held as long as a place is written to.
struct Lock {
    file: File,
    /// The file, if it was made to be locked.
    made: Option<PathBuf>,
}

/// What became of a try to lock.
enum Tried {
    Held(Lock),
    Busy,
    /// The file system has no locks.
    Cannot,
}

impl Lock {
    #[cfg(unix)]
    fn of(file: File, made: Option<PathBuf>) -> Tried {
        use rustix::fs::{FlockOperation, flock};
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Tried::Held(Self { file, made }),
            Err(rustix::io::Errno::WOULDBLOCK) => Tried::Busy,
            Err(_) => Tried::Cannot,
        }
    }

    #[cfg(not(unix))]
    fn of(_file: File, _made: Option<PathBuf>) -> Tried {
        Tried::Cannot
    }

    /// Whether a path still leads to the locked file.
    #[cfg(unix)]
    fn is_at(&self, path: &Path) -> bool {
        use std::os::unix::fs::MetadataExt;
        let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        self.file.metadata().is_ok_and(|mine| fs::symlink_metadata(path).is_ok_and(|there| same(&mine, &there)))
    }

    #[cfg(not(unix))]
    fn is_at(&self, _path: &Path) -> bool {
        self.file.metadata().is_ok()
    }

    /// Makes a file and locks it; says what the file system says where no file can be made.
    fn make(path: &Path) -> io::Result<Tried> {
        loop {
            let link = fs::symlink_metadata(path).is_ok_and(|about| !about.is_file());
            if link {
                return Ok(Tried::Cannot); // not ours: left alone
            }
            let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
            match Self::of(file, Some(path.to_path_buf())) {
                // Whoever held it before may have removed it since it was opened: then it excludes nobody.
                Tried::Held(lock) if !lock.is_at(path) => drop(lock),
                Tried::Cannot => {
                    let _ = fs::remove_file(path); // it locks nobody out
                    return Ok(Tried::Cannot);
                }
                tried => return Ok(tried),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is held, and only where it still stands: another one's file stays.
        if let Some(path) = self.made.take().filter(|path| self.is_at(path)) {
            let _ = fs::remove_file(path);
        }
    }
}

/// A folder that is to be filled, from before the work until it is filled.
pub struct Place {
    /// The folder, links followed.
    out: PathBuf,
    /// As it was asked for.
    asked: PathBuf,
    /// Whether it is filled within.
    within: bool,
    /// Where its checkpoint goes.
    checkpoint: PathBuf,
    /// What may be replaced.
    replaceable: fn(&Path) -> bool,
    /// Parents that were made for it, outermost first.
    made: Vec<PathBuf>,
    locks: Vec<Lock>,
    alone: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.locks.clear();
        // Those that are empty still: nothing came of it.
        self.made.iter().rev().for_each(|dir| drop(fs::remove_dir(dir)));
    }
}

/// A folder that holds nothing that anybody has put there.
pub fn is_empty(dir: &Path) -> bool {
    let counts = |entry: &fs::DirEntry| !is_nobodys(&entry.file_name());
    fs::read_dir(dir).is_ok_and(|entries| entries.flatten().filter(counts).count() == 0)
}

/// Names of a file system or of ours that stand in a folder without belonging to what it holds.
pub fn is_nobodys(name: &OsStr) -> bool {
    name == "lost+found" || name.to_string_lossy().starts_with(HIDDEN)
}

impl Place {
    /// Takes a place: finds out whether it can be filled, and keeps others from it.
    ///
    /// Errors: it holds something that is not `replaceable`, cannot be written, or somebody else writes there.
    pub fn take(asked: &Path, replaceable: fn(&Path) -> bool) -> Result<Self, OutputError> {
        let failed = |error: io::Error| OutputError::Io { path: asked.to_path_buf(), error };
        let out = fs::canonicalize(asked).unwrap_or_else(|_| asked.to_path_buf());
        let free = match fs::symlink_metadata(&out) {
            Err(error) if error.kind() == ErrorKind::NotFound => true,
            about => about.map(|_| false).map_err(failed)?,
        };
        if !free && !(out.is_dir() && (is_empty(&out) || replaceable(&out))) {
            return Err(OutputError::Foreign(asked.to_path_buf()));
        }
        if free && out.file_name().is_none() {
            return Err(failed(io::Error::new(ErrorKind::InvalidInput, "it names no folder")));
        }
        let made = if free { parents(&out).map_err(failed)? } else { Vec::new() };
        let checkpoint = beside(&out, "", ".checkpoint");
        let mut place =
            Self { within: !free, checkpoint, out, asked: asked.to_path_buf(), replaceable, made, locks: Vec::new(), alone: true };
        place.lock(free)?;
        Ok(place)
    }

    /// Locks the place and decides how it is filled.
    fn lock(&mut self, free: bool) -> Result<(), OutputError> {
        let failed = |error| OutputError::Io { path: self.asked.clone(), error };
        let busy = || OutputError::Busy(self.asked.clone());
        let (mut locks, mut alone) = (Vec::new(), true);
        let mut note = |tried: Tried| match tried {
            Tried::Held(lock) => {
                locks.push(lock);
                Ok(())
            }
            Tried::Busy => Err(busy()),
            Tried::Cannot => {
                alone = false;
                Ok(())
            }
        };
        // The folder itself too: its parent may be another one in each container.
        if !free && let Ok(folder) = File::open(&self.out) {
            note(Lock::of(folder, None))?;
        }
        let made = Lock::make(&beside(&self.out, ".", ".ripstop-lock"));
        let apart = made.is_err() || !free && is_mounted(&self.out);
        match made {
            Ok(tried) => note(tried)?,
            // Where nothing can be written beside it, all is done within.
            Err(error) if free => return Err(failed(error)),
            Err(_) => {}
        }
        if !free {
            // Tried before the work, so that nobody waits for a refusal.
            fresh_folder(&self.out).and_then(fs::remove_dir).map_err(failed)?;
        }
        let within = !free && (apart || is_empty(&self.out));
        (self.locks, self.alone, self.within) = (locks, alone, within);
        if apart {
            self.checkpoint = self.out.join(format!("{HIDDEN}checkpoint"));
        }
        Ok(())
    }

    /// Where the checkpoint of the run goes: beside the folder, or within where it cannot stand beside.
    pub fn checkpoint(&self) -> &Path {
        &self.checkpoint
    }

    /// Whether nobody else can write there meanwhile; not every file system can tell.
    pub fn is_alone(&self) -> bool {
        self.alone
    }

    /// The folder as it was asked for.
    pub fn asked(&self) -> &Path {
        &self.asked
    }

    /// Fills the place.
    ///
    /// Errors: filling fails, the file system fails, or something foreign has come to stand there; then nothing is left behind.
    pub fn fill(&self, fill: impl FnOnce(&Path) -> Result<(), OutputError>) -> Result<(), OutputError> {
        let failed = |error| OutputError::Io { path: self.asked.clone(), error };
        let parent = if self.within { self.out.as_path() } else { parent_of(&self.out) };
        let fresh = fresh_folder(parent).map_err(failed)?;
        let done = fill(&fresh).and_then(|()| self.put(&fresh));
        if done.is_err() {
            // Best effort: the error that matters is the one already found.
            let _ = fs::remove_dir_all(&fresh);
        }
        done.map_err(|error| error.in_place(&fresh, &self.asked))
    }

    fn put(&self, fresh: &Path) -> Result<(), OutputError> {
        let failed = |error| OutputError::Io { path: self.asked.clone(), error };
        sync_folder(fresh);
        if self.out.symlink_metadata().is_err() {
            fs::rename(fresh, &self.out).map_err(failed)?;
        } else {
            // Somebody may have put something there during the work.
            if !is_empty(&self.out) && !(self.replaceable)(&self.out) {
                return Err(OutputError::Foreign(self.asked.clone()));
            }
            if self.within || exchange(fresh, &self.out).is_err() {
                move_up(fresh, &self.out).map_err(failed)?;
            } else {
                self.discard(fresh);
            }
        }
        sync_folder(parent_of(&self.out));
        Ok(())
    }

    /// Removes an earlier run that has been taken out of its place; with something foreign in it, it is kept in sight.
    fn discard(&self, earlier: &Path) {
        if is_empty(earlier) || (self.replaceable)(earlier) {
            // Best effort: the run is in its place; what is left of the earlier one is hidden.
            let _ = fs::remove_dir_all(earlier);
        } else {
            let _ = fs::rename(earlier, beside(&self.out, "", &format!(".earlier-{}", random())));
        }
    }
}

/// Makes the missing parents of a folder; returns them, outermost first.
fn parents(out: &Path) -> io::Result<Vec<PathBuf>> {
    let mut missing: Vec<&Path> = parent_of(out).ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists()).collect();
    missing.reverse();
    let standing = missing.first().map_or(parent_of(out), |first| parent_of(first));
    // A name that is too long is refused before anything is made.
    for name in missing.iter().copied().chain([out]).filter_map(Path::file_name) {
        match fs::symlink_metadata(standing.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let mut made = Vec::new();
    for dir in missing {
        match fs::create_dir(dir) {
            Ok(()) => made.push(dir.to_path_buf()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                made.iter().rev().for_each(|dir| drop(fs::remove_dir(dir)));
                return Err(error);
            }
        }
    }
    Ok(made)
}

/// Moves what was filled within a folder, or beside it, into the folder; an earlier run goes first.
fn move_up(fresh: &Path, out: &Path) -> io::Result<()> {
    let names = |dir: &Path| -> io::Result<Vec<OsString>> {
        let mut names: Vec<OsString> = fs::read_dir(dir)?.map(|entry| entry.map(|e| e.file_name())).collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    };
    let counts = |name: &OsString| COUNTS.iter().any(|file| name == file);
    let mut earlier: Vec<OsString> = names(out)?.into_iter().filter(|name| !is_nobodys(name)).collect();
    earlier.sort_by_key(|name| !counts(name));
    for name in earlier {
        let path = out.join(name);
        if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
    }
    let mut new = names(fresh)?;
    new.sort_by_key(counts);
    for name in new {
        sync_folder(out);
        let (from, to) = (fresh.join(&name), out.join(&name));
        fs::rename(&from, &to).or_else(|_| copied(&from, &to))?;
    }
    sync_folder(out);
    // Best effort: it is empty, or its files were copied.
    let _ = fs::remove_dir_all(fresh);
    Ok(())
}

/// Copies a file or folder to another file system.
fn copied(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return write_whole(to, &fs::read(from)?);
    }
    fs::create_dir(to)?;
    fs::read_dir(from)?.try_for_each(|entry| entry.and_then(|entry| copied(&entry.path(), &to.join(entry.file_name()))))
}

/// Whether a run was being moved up into a folder when it was interrupted: all that is there is ours, and the manifest is still below.
pub fn is_unfinished(dir: &Path) -> bool {
    let names: Vec<OsString> = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    let below = |name: &OsString| is_nobodys(name) && dir.join(name).join("manifest.json").is_file();
    let ours = |name: &OsString| is_nobodys(name) || name == crate::disk::INPUTS || FILES.iter().any(|file| name == file);
    names.iter().any(below) && names.iter().all(ours)
}

/// Whether something is mounted on a folder: then it can be filled, but not moved.
#[cfg(target_os = "linux")]
fn is_mounted(dir: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    let root = statx(CWD, dir, AtFlags::empty(), StatxFlags::BASIC_STATS).is_ok_and(|about| {
        about.stx_attributes_mask.contains(StatxAttributes::MOUNT_ROOT) && about.stx_attributes.contains(StatxAttributes::MOUNT_ROOT)
    });
    root || is_on_another_device(dir)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn is_mounted(dir: &Path) -> bool {
    is_on_another_device(dir)
}

#[cfg(not(unix))]
fn is_mounted(_dir: &Path) -> bool {
    false
}

#[cfg(unix)]
fn is_on_another_device(dir: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|about| about.dev()).ok();
    device(dir) != device(&dir.join(".."))
}

/// Swaps two folders in one step, so that a reader sees the old run or the new one.
#[cfg(target_os = "linux")]
fn exchange(fresh: &Path, out: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, fresh, CWD, out, RenameFlags::EXCHANGE)
        .or_else(|_| exchange_in_steps(fresh, out).map_err(|_| rustix::io::Errno::IO))?;
    Ok(())
}

/// Swaps two folders where the system has no exchange.
#[cfg(not(target_os = "linux"))]
fn exchange(fresh: &Path, out: &Path) -> io::Result<()> {
    exchange_in_steps(fresh, out)
}

fn exchange_in_steps(fresh: &Path, out: &Path) -> io::Result<()> {
    let aside = fresh.with_extension("old");
    fs::rename(out, &aside)?;
    if let Err(error) = fs::rename(fresh, out) {
        fs::rename(&aside, out)?;
        return Err(error);
    }
    fs::rename(aside, fresh)
}
