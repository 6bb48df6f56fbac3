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
    /// A mark elsewhere than behind a chapter, a heading, a subheading or a national line.
    #[error("a dot stands only after 2, 4, 6 or 8 digits: a spreadsheet may have cut zeros at an end")]
    Dots,
    /// A heading behind the last of its chapter, in every edition.
    #[error("the chapter has no such heading: a spreadsheet may have cut a zero at the front")]
    Heading,
    /// A chapter that does not exist.
    #[error("there is no such chapter: chapters are 01 to 97, and 77 is kept free")]
    Chapter,
    /// A run whose end lies before its beginning, or whose ends differ in length.
    #[error("a run of codes is first..last, both of the same length")]
    Run,
}

const DIGITS: u32 = 10;

/// The last heading of each chapter from 01 to 97, in whichever edition from HS1996 to HS2022 it is highest; 77 has none.
const LAST_HEADING: [u8; 97] = [
    6, 10, 9, 10, 11, 4, 14, 14, 10, 8, 9, 14, 2, 4, 22, 5, 4, 6, 5, 9, 6, 9, 9, 4, 30, 21, 16, 53, 42, 6, 5, 15, 7, 7, 7, 6, 7, 27, 26,
    17, 15, 6, 4, 21, 4, 2, 7, 23, 11, 7, 13, 12, 11, 8, 16, 9, 5, 11, 11, 6, 17, 17, 10, 6, 7, 3, 4, 15, 14, 20, 18, 29, 26, 19, 8, 16, 0,
    6, 7, 7, 13, 15, 11, 87, 49, 9, 16, 7, 8, 33, 14, 9, 7, 6, 8, 20, 6,
];

/// Reads `62`, `6201.93` or a run `50..63`.
///
/// Errors: it is no code.
pub fn code_range(text: &str) -> Result<CodeRange, CodeError> {
    match text.split_once("..") {
        None => heading_is(prefix(text)?, 1),
        Some((first, last)) => {
            // A run may reach from before the first heading of a chapter to behind its last.
            let (first, last) = (heading_is(prefix(first)?, 0)?, prefix(last)?);
            if first.digits != last.digits || last.first < first.first {
                return Err(CodeError::Run);
            }
            Ok(CodeRange { last: last.last, ..first })
        }
    }
}

fn prefix(text: &str) -> Result<CodeRange, CodeError> {
    let is_mark = |c: char| matches!(c, '.' | ' ');
    let parts: Vec<&str> = text.trim().split(is_mark).collect();
    let digits = parts.concat();
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(CodeError::NotDigits);
    }
    let whole = |part: &&str| !part.is_empty() && part.len().is_multiple_of(2);
    if parts.len() > 1 && !parts.iter().all(whole) {
        return Err(CodeError::Dots);
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

/// The code, if its chapter has its heading: from `least` to the chapter's last.
fn heading_is(code: CodeRange, least: u64) -> Result<CodeRange, CodeError> {
    let last = LAST_HEADING.get((chapter(code) as usize).wrapping_sub(1)).copied().unwrap_or(0);
    let heading = code.first / 1_000_000 % 100;
    let known = code.digits == 2 || (least..=u64::from(last)).contains(&heading);
    if known { Ok(code) } else { Err(CodeError::Heading) }
}

/// The code that was probably meant by one whose zeros a spreadsheet has cut: `307.1` is 0307.10, `30710` is 030710.
pub fn with_its_zeros(text: &str) -> Option<String> {
    let text = text.trim();
    let even = |part: &str, front: bool| match (part.len() % 2, front) {
        (0, _) => part.to_owned(),
        (_, true) => format!("0{part}"),
        (_, false) => format!("{part}0"),
    };
    let meant = match text.split_once('.') {
        Some((first, "0")) => even(first, true),
        Some((first, rest)) => format!("{}.{}", even(first, true), even(rest, false)),
        None if text.len() == 4 && text.is_ascii() => format!("0{}.{}0", &text[..3], &text[3..]),
        None => format!("0{text}"),
    };
    code_range(&meant).is_ok().then_some(meant)
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
    fn codes_that_lost_a_zero_are_no_codes() {
        for (text, error, meant) in [
            ("307.1", CodeError::Dots, Some("0307.10")),
            ("307.0", CodeError::Dots, Some("0307")),
            ("30710.0", CodeError::Dots, Some("030710")),
            ("307.11", CodeError::Dots, Some("0307.11")),
            ("6201.9", CodeError::Dots, Some("6201.90")),
            ("6201.0", CodeError::Dots, Some("6201")),
            ("30710", CodeError::Length, Some("030710")),
            ("307", CodeError::Length, Some("0307")),
            ("3071000", CodeError::Length, Some("03071000")),
            ("3071", CodeError::Heading, Some("0307.10")),
            ("3071.00", CodeError::Heading, None),
            ("6200", CodeError::Heading, None),
            ("3071..3079", CodeError::Heading, None),
            (".6201", CodeError::Dots, None),
            ("6.20193E+05", CodeError::NotDigits, None),
            ("3e5", CodeError::NotDigits, None),
        ] {
            assert_eq!((code_range(text), with_its_zeros(text).as_deref()), (Err(error), meant), "{text}");
        }
        for text in
            ["0307.10", "0307.10.00", "03.07", "0307 10 00", "0307", "03", "8549", "3827.90", "2404.11", "9620", "0307..0309", "8400..8499"]
        {
            assert!(code_range(text).is_ok(), "{text}");
        }
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
