//! The shapes of numbers and dates, without deciding what they mean.

use crate::language::dates::{date_of, midnight, parse_date};

/// What stands between a number's whole and its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `1,250.5`
    Point,
    /// `1.250,5`
    Comma,
}

/// A cell of numbers, by how it can be read.
#[derive(Clone, Debug, PartialEq)]
pub enum NumberShape {
    /// As it stands, or no number at all: whatever reads it next decides.
    Plain,
    /// One reading in any file: `1 250`, `1'250`, `−3`.
    One(String),
    /// One reading, and it shows the style of the file: `12,5`, `0.5`, `1.250.000`.
    Shows(Style, String),
    /// `1,500` or `1.500`.
    Two {
        /// Its separator.
        comma: bool,
        /// Read as a thousand and more.
        thousands: String,
        /// Read with a part after the point.
        parts: String,
    },
}

impl NumberShape {
    /// The style it shows the file to have.
    pub fn shows(&self) -> Option<Style> {
        if let NumberShape::Shows(style, _) = self { Some(*style) } else { None }
    }

    /// What is meant in a file of a style; `None` when nobody can tell.
    pub fn read(&self, style: Option<Style>, separator: u8) -> Option<String> {
        match self {
            NumberShape::Plain => None,
            NumberShape::One(text) | NumberShape::Shows(_, text) => Some(text.clone()),
            NumberShape::Two { comma, thousands, parts } => {
                let style = match style {
                    Some(style) => style,
                    // A point between commas is what ripstop itself writes. Between semicolons it may be either.
                    None if !comma && separator != b';' => Style::Point,
                    None => return None,
                };
                Some(if *comma == (style == Style::Point) { thousands.clone() } else { parts.clone() })
            }
        }
    }

    /// Both readings of a number in doubt.
    pub fn readings(&self) -> (&str, &str) {
        if let NumberShape::Two { thousands, parts, .. } = self { (thousands, parts) } else { ("", "") }
    }
}

/// Spaces and quotes that set thousands apart.
const APART: [char; 6] = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’'];

/// The shape of a number; `whole`: the column has whole numbers only.
pub fn number(text: &str, whole: bool) -> NumberShape {
    let (sign, rest) = match text.chars().next() {
        Some('-' | '−') => ("-", &text[text.chars().next().map_or(0, char::len_utf8)..]),
        Some('+') => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = rest.split_at(rest.find(['e', 'E']).unwrap_or(rest.len()));
    let digit_or_mark = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.') || APART.contains(&c);
    if !mantissa.starts_with(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'))
        || !mantissa.chars().all(digit_or_mark)
        || !is_exponent(exponent)
    {
        return NumberShape::Plain;
    }
    let (joined, apart) = match joined(mantissa) {
        Some(found) => found,
        None => return NumberShape::Plain,
    };
    let with = |digits: String| format!("{sign}{digits}{exponent}");
    let shape = marks(&joined, whole, apart || !exponent.is_empty());
    match shape {
        Marks::None if apart || sign == "-" && text.starts_with('−') => NumberShape::One(with(joined)),
        Marks::None | Marks::Wrong => NumberShape::Plain,
        Marks::Shows(style, digits) => NumberShape::Shows(style, with(digits)),
        Marks::Two { comma, thousands, parts } => NumberShape::Two { comma, thousands: with(thousands), parts: with(parts) },
    }
}

fn is_exponent(text: &str) -> bool {
    text.is_empty() || {
        let digits = text[1..].strip_prefix(['+', '-']).unwrap_or(&text[1..]);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    }
}

/// The digits and marks without spaces between thousands, and whether there were any; `None` when the groups are not of three.
fn joined(mantissa: &str) -> Option<(String, bool)> {
    let groups: Vec<&str> = mantissa.split(APART).collect();
    if groups.len() == 1 {
        return Some((mantissa.to_owned(), false));
    }
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let (last, before) = groups.split_last()?;
    let whole = last.split(['.', ',']).next()?;
    let right = digits(before[0]) && (1..=3).contains(&before[0].len());
    let right = right && before[1..].iter().all(|group| group.len() == 3 && digits(group)) && whole.len() == 3 && digits(whole);
    right.then(|| (groups.concat(), true))
}

enum Marks {
    None,
    Wrong,
    Shows(Style, String),
    Two { comma: bool, thousands: String, parts: String },
}

/// What commas and points say; `parts`: the one mark there is must set parts off, since spaces set thousands apart or an exponent follows.
fn marks(text: &str, whole: bool, parts: bool) -> Marks {
    let (commas, points) = (text.matches(',').count(), text.matches('.').count());
    let grouped = |mark: char| {
        let mut groups = text.split(mark);
        let first = groups.next().unwrap_or("");
        (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|group| group.len() == 3)
    };
    let without = |mark: char| text.replace(mark, "");
    match (commas, points) {
        (0, 0) => Marks::None,
        (1, 0) if whole && grouped(',') => Marks::Shows(Style::Point, without(',')),
        (0, 1) if whole && grouped('.') => Marks::Shows(Style::Comma, without('.')),
        (1, 0) if grouped(',') && !parts => Marks::Two { comma: true, thousands: without(','), parts: text.replace(',', ".") },
        (0, 1) if grouped('.') && !parts => Marks::Two { comma: false, thousands: without('.'), parts: text.to_owned() },
        (1, 0) => Marks::Shows(Style::Comma, text.replace(',', ".")),
        (0, 1) => Marks::Shows(Style::Point, text.to_owned()),
        (_, 0) => {
            if grouped(',') {
                Marks::Shows(Style::Point, without(','))
            } else {
                Marks::Wrong
            }
        }
        (0, _) => {
            if grouped('.') {
                Marks::Shows(Style::Comma, without('.'))
            } else {
                Marks::Wrong
            }
        }
        _ => both(text, commas, points),
    }
}

/// Commas and points in one number: the last one, if it stands alone, sets the parts off.
fn both(text: &str, commas: usize, points: usize) -> Marks {
    let last_is_comma = text.rfind(',') > text.rfind('.');
    let (style, mark, alone) = if last_is_comma { (Style::Comma, ',', commas == 1) } else { (Style::Point, '.', points == 1) };
    let Some((before, after)) = text.rsplit_once(mark) else { return Marks::Wrong };
    let thousands = if last_is_comma { '.' } else { ',' };
    let mut groups = before.split(thousands);
    let first = groups.next().unwrap_or("");
    if alone && (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit())) {
        Marks::Shows(style, format!("{}.{after}", before.replace(thousands, "")))
    } else {
        Marks::Wrong
    }
}

/// Which of two numbers is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/01/2020`
    DayFirst,
    /// `01/31/2020`
    MonthFirst,
}

/// A date that is not written `YYYY-MM-DD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateShape {
    /// One reading anywhere: `2020/4/7`, `17 Apr 2020`, `2020-04-17 00:00:00`.
    One(String),
    /// Two numbers before or after a year, in one order or the other.
    Numbers {
        /// Year.
        year: u16,
        /// First number.
        first: u8,
        /// Second number.
        second: u8,
        /// Points between them: then the day stands first.
        points: bool,
    },
    /// A spreadsheet's number of a day.
    Serial(u32),
    /// A year of two digits.
    ShortYear,
}

/// Why a date is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateDoubt {
    /// It is a spreadsheet's number; the date it stands for in the usual system.
    Serial(String),
    /// Both readings.
    TwoReadings(String, String),
    /// A year of two digits.
    ShortYear,
}

impl DateShape {
    /// The order it shows its column to have.
    pub fn shows(&self) -> Option<DateOrder> {
        match self {
            DateShape::Numbers { points: true, first, .. } if *first <= 31 => Some(DateOrder::DayFirst),
            DateShape::Numbers { first, second, .. } if *first > 12 && *second <= 12 => Some(DateOrder::DayFirst),
            DateShape::Numbers { first, second, .. } if *first <= 12 && *second > 12 => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// The date as `YYYY-MM-DD`, in a column of an order. A day there is not is read too; it is refused as such later.
    ///
    /// Errors: it can be read in two ways.
    pub fn read(&self, order: Option<DateOrder>) -> Result<String, DateDoubt> {
        match self {
            DateShape::One(text) => Ok(text.clone()),
            DateShape::Serial(days) => Err(DateDoubt::Serial(date_of(*days as i32 - DAYS_TO_1970).to_string())),
            DateShape::ShortYear => Err(DateDoubt::ShortYear),
            DateShape::Numbers { year, first, second, .. } => {
                let day_first = format!("{year:04}-{second:02}-{first:02}");
                let month_first = format!("{year:04}-{first:02}-{second:02}");
                match order {
                    Some(DateOrder::DayFirst) => Ok(day_first),
                    Some(DateOrder::MonthFirst) => Ok(month_first),
                    None if first == second => Ok(day_first),
                    None => Err(DateDoubt::TwoReadings(day_first, month_first)),
                }
            }
        }
    }
}

/// Days from a spreadsheet's day 0 (1899-12-30) to 1970-01-01.
const DAYS_TO_1970: i32 = 25_569;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// The shape of a date; `None` for `YYYY-MM-DD`, and for what is no date at all.
pub fn date(text: &str) -> Option<DateShape> {
    if let Some(day) = midnight(text) {
        return parse_date(day).map(|_| DateShape::One(day.to_owned())).or_else(|| date(day));
    }
    if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|days| (20_000..80_000).contains(days)).map(DateShape::Serial);
    }
    let mark = text.chars().find(|c| !c.is_alphanumeric())?;
    let parts: Vec<&str> = match mark {
        '/' | '.' | '-' => text.split(mark).collect(),
        ' ' => text.split([' ', ',']).filter(|part| !part.is_empty()).collect(),
        _ => return None,
    };
    let [a, b, c] = parts.as_slice() else { return None };
    let (a, b, c) = (a.trim_end_matches('.'), b.trim_end_matches(['.', ',']), *c);
    if a.bytes().chain(b.bytes()).chain(c.bytes()).all(|byte| byte.is_ascii_digit()) {
        if mark == ' ' { None } else { numbers([a, b, c], mark) }
    } else {
        named(a, b, c)
    }
}

fn numbers([a, b, c]: [&str; 3], mark: char) -> Option<DateShape> {
    let small = |text: &str| text.parse::<u8>().ok().filter(|_| (1..=2).contains(&text.len()));
    if a.len() == 4 {
        // `2020-04-17` is plain; a shorter month or another mark is not.
        let plain = mark == '-' && b.len() == 2 && c.len() == 2;
        return if plain { None } else { Some(DateShape::One(format!("{a}-{:02}-{:02}", small(b)?, small(c)?))) };
    }
    let (first, second) = (small(a)?, small(b)?);
    match c.len() {
        4 => Some(DateShape::Numbers { year: c.parse().ok()?, first, second, points: mark == '.' }),
        2 => Some(DateShape::ShortYear),
        _ => None,
    }
}

/// `17 Apr 2020`, `April 17, 2020`.
fn named(a: &str, b: &str, c: &str) -> Option<DateShape> {
    let month = |text: &str| {
        let lower = text.to_lowercase();
        let at = MONTHS.iter().position(|name| lower.len() >= 3 && name.starts_with(&lower) || lower == "sept" && *name == "september");
        at.map(|at| at + 1)
    };
    let (day, month) = if let Some(month) = month(b) { (a, month) } else { (b, month(a)?) };
    let day: u8 = day.parse().ok()?;
    match c.len() {
        4 => c.parse::<u16>().ok().map(|year| DateShape::One(format!("{year:04}-{month:02}-{day:02}"))),
        2 => c.parse::<u8>().ok().map(|_| DateShape::ShortYear),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_by_shape() {
        let shows = |style, text: &str| NumberShape::Shows(style, text.to_owned());
        let two =
            |comma, thousands: &str, parts: &str| NumberShape::Two { comma, thousands: thousands.to_owned(), parts: parts.to_owned() };
        for (text, shape) in [
            ("1500", NumberShape::Plain),
            ("-3", NumberShape::Plain),
            ("$fee * 0.8", NumberShape::Plain),
            ("none", NumberShape::Plain),
            ("1e5", NumberShape::Plain),
            ("0.5", shows(Style::Point, "0.5")),
            ("1.00E+05", shows(Style::Point, "1.00E+05")),
            ("1,00E+05", shows(Style::Comma, "1.00E+05")),
            ("12,5", shows(Style::Comma, "12.5")),
            ("0,125", shows(Style::Comma, "0.125")),
            ("1234,567", shows(Style::Comma, "1234.567")),
            ("1,250.5", shows(Style::Point, "1250.5")),
            ("1.250,5", shows(Style::Comma, "1250.5")),
            ("1,250,000", shows(Style::Point, "1250000")),
            ("1.250.000", shows(Style::Comma, "1250000")),
            ("1,500", two(true, "1500", "1.500")),
            ("-1.500", two(false, "-1500", "-1.500")),
            ("1 500", NumberShape::One("1500".into())),
            ("1\u{202f}500\u{a0}000", NumberShape::One("1500000".into())),
            ("1'500", NumberShape::One("1500".into())),
            ("1 500,25", shows(Style::Comma, "1500.25")),
            ("1 500,250", shows(Style::Comma, "1500.250")),
            ("−7", NumberShape::One("-7".into())),
            ("1 50", NumberShape::Plain),
            ("1,2,3", NumberShape::Plain),
            ("1.2,3,4", NumberShape::Plain),
            ("e5", NumberShape::Plain),
        ] {
            assert_eq!(number(text, false), shape, "{text}");
        }
        assert_eq!(number("1,500", true), shows(Style::Point, "1500"), "a whole number has no parts");
    }

    #[test]
    fn numbers_in_doubt_are_read_by_the_style_of_the_file() {
        let read = |text: &str, style, separator| number(text, false).read(style, separator);
        assert_eq!(read("1,500", Some(Style::Point), b','), Some("1500".into()));
        assert_eq!(read("1,500", Some(Style::Comma), b';'), Some("1.500".into()));
        assert_eq!(read("1.500", Some(Style::Comma), b';'), Some("1500".into()));
        assert_eq!(read("1.500", None, b','), Some("1.500".into()), "ripstop's own way");
        assert_eq!(read("1.500", None, b';'), None);
        assert_eq!(read("1,500", None, b','), None);
    }

    #[test]
    fn dates_by_shape() {
        let numbers = |year, first, second, points| Some(DateShape::Numbers { year, first, second, points });
        let one = |text: &str| Some(DateShape::One(text.to_owned()));
        for (text, shape) in [
            ("2020-04-17", None),
            ("$closed + 5", None),
            ("2020-04", None),
            ("31/01/2020", numbers(2020, 31, 1, false)),
            ("1.2.2020", numbers(2020, 1, 2, true)),
            ("2020/4/7", one("2020-04-07")),
            ("2020-4-7", one("2020-04-07")),
            ("17 Apr 2020", one("2020-04-17")),
            ("17-Apr-2020", one("2020-04-17")),
            ("April 17, 2020", one("2020-04-17")),
            ("2020-04-17 00:00:00", one("2020-04-17")),
            ("2020-04-17T00:00:00", one("2020-04-17")),
            ("17/04/20", Some(DateShape::ShortYear)),
            ("17-Apr-20", Some(DateShape::ShortYear)),
            ("43938", Some(DateShape::Serial(43_938))),
        ] {
            assert_eq!(date(text), shape, "{text}");
        }
        assert_eq!(date("43938").unwrap().read(None), Err(DateDoubt::Serial("2020-04-17".into())));
        assert_eq!(date("4/4/2020").unwrap().read(None), Ok("2020-04-04".into()));
        assert!(matches!(date("3/4/2020").unwrap().read(None), Err(DateDoubt::TwoReadings(..))));
        assert_eq!(date("3/4/2020").unwrap().read(Some(DateOrder::DayFirst)), Ok("2020-04-03".into()));
    }
}
