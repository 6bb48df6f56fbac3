//! Codes of goods: prefixes of the Harmonized System, with the edition they were written in.

use super::Truth;

/// Edition of the nomenclature, by its year: HS2012, HS2017, …
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vintage(pub u16);

/// All ten-digit codes that begin with a prefix, or with one of a run of prefixes: first and last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeRange {
    /// First code, ten digits.
    pub first: u64,
    /// Last code, ten digits.
    pub last: u64,
    /// Digits that were written.
    pub digits: u8,
}

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Other characters than digits.
    #[error("a code of goods is digits only: 62, 6201, 620193")]
    NotDigits,
    /// One digit, or more than ten, or an odd number.
    #[error("a code of goods has 2, 4, 6, 8 or 10 digits")]
    Length,
    /// A chapter that does not exist.
    #[error("there is no such chapter: chapters are 01 to 97, and 77 is kept free")]
    Chapter,
    /// A run whose end lies before its beginning, or whose ends differ in length.
    #[error("a run of codes is first..last, both of the same length")]
    Run,
}

const DIGITS: u32 = 10;

/// Reads `62`, `6201.93` or a run `50..63`.
///
/// Errors: it is no code.
pub fn code_range(text: &str) -> Result<CodeRange, CodeError> {
    match text.split_once("..") {
        None => prefix(text),
        Some((first, last)) => {
            let (first, last) = (prefix(first.trim())?, prefix(last.trim())?);
            if first.digits != last.digits || last.first < first.first {
                return Err(CodeError::Run);
            }
            Ok(CodeRange { last: last.last, ..first })
        }
    }
}

fn prefix(text: &str) -> Result<CodeRange, CodeError> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, '.' | ' ')).collect();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(CodeError::NotDigits);
    }
    if digits.len() as u32 > DIGITS || !digits.len().is_multiple_of(2) {
        return Err(CodeError::Length);
    }
    let number: u64 = digits.parse().map_err(|_| CodeError::NotDigits)?;
    let scale = 10_u64.pow(DIGITS - digits.len() as u32);
    let first = number * scale;
    let chapter = first / 10_u64.pow(DIGITS - 2);
    if !(1..=97).contains(&chapter) || chapter == 77 {
        return Err(CodeError::Chapter);
    }
    Ok(CodeRange { first, last: first + scale - 1, digits: digits.len() as u8 })
}

/// A set of codes in one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    /// The edition.
    pub vintage: Vintage,
    /// Its ranges.
    pub ranges: Vec<CodeRange>,
}

impl Codes {
    /// Whether a good lies in the set. Unknown where its code is shorter than the set's, so that only part of it may; and where codes of
    /// more than a chapter were written in different editions, since headings move between them.
    pub fn holds(&self, code: CodeRange, vintage: Vintage) -> Truth {
        let mut answer = Truth::No;
        for range in &self.ranges {
            let apart = code.last < range.first || range.last < code.first;
            let inside = range.first <= code.first && code.last <= range.last;
            let same = vintage == self.vintage || range.digits == 2;
            let now = if inside && same {
                Truth::Yes
            } else if !apart || !same && chapter(code) == chapter(*range) {
                Truth::Unknown
            } else {
                Truth::No
            };
            answer = answer.or(now);
        }
        answer
    }
}

fn chapter(code: CodeRange) -> u64 {
    code.first / 100_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(vintage: u16, codes: &[&str]) -> Codes {
        Codes { vintage: Vintage(vintage), ranges: codes.iter().map(|c| code_range(c).unwrap()).collect() }
    }

    fn asks(set: &Codes, code: &str, vintage: u16) -> Truth {
        set.holds(code_range(code).unwrap(), Vintage(vintage))
    }

    #[test]
    fn codes_are_read_strictly() {
        assert_eq!(code_range("62").unwrap(), CodeRange { first: 6_200_000_000, last: 6_299_999_999, digits: 2 });
        assert_eq!(code_range("6201.93").unwrap(), code_range("620193").unwrap());
        assert_eq!(code_range("50..63").unwrap().last, 6_399_999_999);
        assert_eq!(code_range("77"), Err(CodeError::Chapter));
        assert_eq!(code_range("98"), Err(CodeError::Chapter));
        assert_eq!(code_range("00"), Err(CodeError::Chapter));
        assert_eq!(code_range("620"), Err(CodeError::Length));
        assert_eq!(code_range("6x"), Err(CodeError::NotDigits));
        assert_eq!(code_range("63..50"), Err(CodeError::Run));
        assert_eq!(code_range("50..6301"), Err(CodeError::Run));
    }

    #[test]
    fn a_shorter_code_may_be_covered_in_part() {
        let machines = set(2017, &["8452"]);
        assert_eq!(asks(&machines, "845221", 2017), Truth::Yes);
        assert_eq!(asks(&machines, "84", 2017), Truth::Unknown);
        assert_eq!(asks(&machines, "8451", 2017), Truth::No);
    }

    #[test]
    fn editions_are_compared_by_chapter_only() {
        let machines = set(2017, &["8452"]);
        assert_eq!(asks(&machines, "845221", 2012), Truth::Unknown, "the heading may have moved");
        assert_eq!(asks(&machines, "851000", 2012), Truth::No, "another chapter");
        assert_eq!(asks(&set(2017, &["84", "85"]), "845221", 2012), Truth::Yes);
    }
}
