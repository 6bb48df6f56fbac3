//! `ripstop new`: a small case that works, with files that explain themselves, or a copy of a bundled one.

mod ask;
mod template;

use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use ripstop_case::place::{Place, is_empty};
use ripstop_study::output::OutputError;

use crate::account::words::paragraph;
use crate::{Failure, NewArgs, bundled, print};
use template::Answers;
pub use template::{DAYS_MIN, Kind};

/// Makes the folder.
pub fn new(arguments: &NewArgs) -> Result<(), Failure> {
    let dir = &arguments.dir;
    if dir.symlink_metadata().is_ok() && !(dir.is_dir() && is_empty(dir)) {
        return Err(anyhow!("{} is there already and not an empty folder; name another one", dir.display()).into());
    }
    if let Some(from) = &arguments.from {
        copy(from, dir)?;
        let about = dir.join("README.md");
        let read = if about.exists() { format!("{} says what it is.\n", about.display()) } else { String::new() };
        print(&format!("{} is a copy of {from}. {read}{}", dir.display(), next(dir)));
        return Ok(());
    }
    let mut answers = answers(arguments)?;
    if !arguments.yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        ask::ask(&mut answers, arguments)?;
    }
    let files = template::files(&answers);
    in_place(dir, |fresh| files.iter().try_for_each(|(name, text)| fs::write(fresh.join(name), text)))?;
    print(&made(dir, &answers, &files));
    Ok(())
}

/// What is asked for by flags; the rest as a first case has it.
fn answers(arguments: &NewArgs) -> Result<Answers, Failure> {
    let name = arguments.dir.file_name().map_or_else(|| "my-case".to_owned(), |name| name.to_string_lossy().into_owned());
    let usual = Answers::usual(&name);
    let start = arguments.start.as_deref().map(ask::date).transpose().map_err(|e| anyhow!("--start: {e}"))?;
    let country = |given: &Option<String>, flag: &str| given.as_deref().map(ask::country).transpose().map_err(|e| anyhow!("{flag}: {e}"));
    let answers = Answers {
        title: arguments.title.clone().unwrap_or(usual.title),
        kind: arguments.kind.unwrap_or(usual.kind),
        start: start.unwrap_or(usual.start),
        days: arguments.days.unwrap_or(usual.days),
        currency: arguments
            .currency
            .as_deref()
            .map(ask::currency)
            .transpose()
            .map_err(|e| anyhow!("--currency: {e}"))?
            .unwrap_or(usual.currency),
        maker_country: country(&arguments.maker_country, "--maker-country")?.unwrap_or(usual.maker_country),
        client_country: country(&arguments.client_country, "--client-country")?.unwrap_or(usual.client_country),
        ..usual
    };
    if answers.maker_country == answers.client_country {
        return Err(anyhow!("both countries are {}: a border needs two", answers.maker_country).into());
    }
    Ok(answers)
}

fn copy(from: &str, dir: &Path) -> Result<(), Failure> {
    if let Some(case) = bundled::find(from) {
        return in_place(dir, |fresh| bundled::write(case, fresh));
    }
    let folder = Path::new(from);
    if folder.join("case.toml").exists() {
        let files = case_files(folder).with_context(|| format!("cannot read {from}"))?;
        return in_place(dir, |fresh| {
            files.iter().try_for_each(|file| {
                let to = fresh.join(file.strip_prefix(folder).unwrap_or(file));
                to.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::copy(file, to).map(|_| ())
            })
        });
    }
    let hint = bundled::near(from).map_or(String::new(), |name| format!("did you mean `{name}`? "));
    Err(anyhow!("there is no bundled case and no case folder `{from}`; {hint}`ripstop cases` lists the bundled ones").into())
}

fn case_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let wanted = |path: &PathBuf| {
        path.is_file() && path.extension().is_some_and(|end| ["csv", "toml", "md", "parquet"].iter().any(|known| end == *known))
    };
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    // Law and behaviour have folders of their own.
    for inner in ["rules", "behaviour"].map(|name| folder.join(name)).iter().filter(|inner| inner.is_dir()) {
        files.extend(fs::read_dir(inner)?.flatten().map(|entry| entry.path()));
    }
    files.retain(wanted);
    files.sort();
    Ok(files)
}

/// Fills a folder that is not there or is empty: it is there whole or not at all.
pub fn in_place(dir: &Path, fill: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<(), Failure> {
    let failed = |error| OutputError::Io { path: dir.to_path_buf(), error };
    Ok(Place::take(dir, |_| false)?.fill(|fresh| fill(fresh).map_err(failed))?)
}

fn made(dir: &Path, answers: &Answers, files: &[(&'static str, String)]) -> String {
    let what = match answers.kind {
        Kind::Processing => "a client abroad sends cloth, a factory sews it, and the border between them shuts",
        Kind::Trade => "a mill sells yarn over a border to a weaver, and the border shuts for a month",
    };
    let width = files.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let list: String = files.iter().map(|(name, _)| hanging(&format!("{name:width$}  {}", template::about(name)), width)).collect();
    let head =
        format!("{}: {what}. Firms, places and numbers are invented; every file says at its top what its columns mean.", dir.display());
    format!("{}{list}{}", paragraph(&head, 0), next(dir))
}

/// A file and what it holds, the words wrapped under each other.
fn hanging(line: &str, width: usize) -> String {
    let (name, words) = line.split_at(width.min(line.len()));
    let rest = paragraph(words.trim_start(), width + 4);
    format!("  {name}  {}", rest.trim_start())
}

fn next(dir: &Path) -> String {
    let dir = dir.display();
    format!("Next:\n  ripstop check {dir}\n  ripstop run {dir}\n")
}
