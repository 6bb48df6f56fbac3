//! Questions in a terminal, each with an answer that Enter takes.

use std::io::BufRead;

use anyhow::Context;
use jiff::civil::Date;

use super::template::{Answers, Kind};
use crate::terminal::{self, say};
use crate::{Failure, NewArgs};

/// Asks for what no flag has given.
pub fn ask(answers: &mut Answers, given: &NewArgs) -> Result<(), Failure> {
    if given.title.is_none() {
        answers.title = question("Title", &answers.title, |text| Ok(text.to_owned()))?;
    }
    if given.kind.is_none() {
        let usual = if answers.kind == Kind::Processing { "1" } else { "2" };
        answers.kind = question("Kind: 1 processing on a client's inputs, 2 trade", usual, kind)?;
    }
    if given.maker_country.is_none() {
        answers.maker_country = question("Country of the maker, two letters; XX is invented", &answers.maker_country, country)?;
    }
    if given.client_country.is_none() {
        let other = answers.maker_country.clone();
        let different =
            |text: &str| country(text).and_then(|c| if c == other { Err("a border needs two countries".to_owned()) } else { Ok(c) });
        answers.client_country = question("Country on the other side", &answers.client_country, different)?;
    }
    if given.currency.is_none() {
        answers.currency = question("Currency of the accounts", &answers.currency, currency)?;
    }
    if given.start.is_none() {
        answers.start = question("First day, YYYY-MM-DD", &answers.start.to_string(), date)?;
    }
    say("");
    Ok(())
}

/// Asks until the answer can be used; an empty one is the usual. The end of the input takes the usual too.
fn question<T>(what: &str, usual: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<T, Failure> {
    loop {
        terminal::ask(&format!("{what} [{usual}]: "));
        let mut line = String::new();
        let ended = std::io::stdin().lock().read_line(&mut line).context("cannot read the answer")? == 0;
        let text = if line.trim().is_empty() { usual } else { line.trim() };
        match read(text) {
            Ok(value) => return Ok(value),
            Err(why) if ended => return Err(anyhow::anyhow!(why).into()),
            Err(why) => say(&format!("  {why}")),
        }
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    match text {
        "1" | "processing" => Ok(Kind::Processing),
        "2" | "trade" => Ok(Kind::Trade),
        _ => Err("answer 1 or 2".to_owned()),
    }
}

/// A country as ISO 3166-1 alpha-2.
pub fn country(text: &str) -> Result<String, String> {
    let upper = text.to_ascii_uppercase();
    let right = upper.len() == 2 && upper.bytes().all(|b| b.is_ascii_uppercase());
    right.then_some(upper).ok_or_else(|| format!("`{text}` is no country code of two letters, such as CN"))
}

/// A currency as ISO 4217.
pub fn currency(text: &str) -> Result<String, String> {
    let upper = text.to_ascii_uppercase();
    let right = upper.len() == 3 && upper.bytes().all(|b| b.is_ascii_uppercase());
    right.then_some(upper).ok_or_else(|| format!("`{text}` is no currency code of three letters, such as USD"))
}

/// A civil date within the years a case can have.
pub fn date(text: &str) -> Result<Date, String> {
    let date: Date = text.parse().map_err(|_| format!("`{text}` is no date; write it as 2025-01-01"))?;
    if (1900..=2200).contains(&date.year()) { Ok(date) } else { Err(format!("{date} is outside 1900 to 2200")) }
}
