//! Civil dates as whole days since 1970-01-01, read strictly: a date that could be misread is refused.

use jiff::SignedDuration;
use jiff::civil::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECONDS_A_DAY: i64 = 86_400;

/// Days since 1970-01-01.
pub fn days_of(date: Date) -> i32 {
    // jiff's dates span years -9999 to 9999, far inside i32 days.
    (date.duration_since(EPOCH).as_secs() / SECONDS_A_DAY) as i32
}

/// The date `days` after 1970-01-01, kept within jiff's years.
pub fn date_of(days: i32) -> Date {
    EPOCH.saturating_add(SignedDuration::from_secs(i64::from(days) * SECONDS_A_DAY))
}

/// `YYYY-MM-DD` in days since 1970-01-01.
pub fn parse_date(text: &str) -> Option<i32> {
    let [year, month, day] = parts(text, '-')?;
    (text.len() == 10 && year.len() == 4 && month.len() == 2).then(|| date(year, month, day)).flatten().map(days_of)
}

/// `YYYY-MM-DD`, or midnight of that day.
pub fn parse_day(text: &str) -> Option<i32> {
    parse_date(midnight(text).unwrap_or(text))
}

/// The date of a moment that is midnight where it is written: `2020-01-28 00:00:00`, `2020-01-28T00:00:00.000+09:00`.
pub fn midnight(text: &str) -> Option<&str> {
    for noon in [" 12:00:00 AM", " 12:00 AM"] {
        if let Some(date) = text.strip_suffix(noon) {
            return Some(date);
        }
    }
    let (date, rest) = text.split_once("T00:00").or_else(|| text.split_once(" 00:00"))?;
    let rest = rest.strip_prefix(":00").map_or(rest, |rest| match rest.strip_prefix(['.', ',']) {
        Some(part) => part.trim_start_matches('0'),
        None => rest,
    });
    let zone = rest.trim_start();
    let digits = zone.strip_prefix(['+', '-']).map(|offset| offset.replace(':', ""));
    let offset = digits.is_some_and(|digits| matches!(digits.len(), 2 | 4) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    (offset || matches!(zone, "" | "Z" | "z" | "UTC" | "GMT")).then_some(date)
}

/// Whether the text is a date with a time of day.
pub fn has_time(text: &str) -> bool {
    let split = text.split_at_checked(10);
    split.is_some_and(|(date, rest)| parse_date(date).is_some() && rest.starts_with(['T', ' ']) && rest.contains(':'))
}

/// The first and the last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
pub fn parse_period(text: &str) -> Option<(i32, i32)> {
    match text.len() {
        4 => {
            let first = date(text, "1", "1")?;
            Some((days_of(first), days_of(first.last_of_year())))
        }
        7 if text.as_bytes()[4] == b'-' && text.is_ascii() => {
            let first = date(&text[..4], &text[5..], "1")?;
            Some((days_of(first), days_of(first.last_of_month())))
        }
        _ => parse_day(text).map(|day| (day, day)),
    }
}

/// `MM-DD` as month and day; 02-29 is a day of the year.
pub fn parse_month_day(text: &str) -> Option<(u8, u8)> {
    let (month, day) = text.split_once('-')?;
    // 2020 is a leap year, so that 02-29 passes.
    let date = (month.len() == 2 && day.len() == 2).then(|| date("2020", month, day)).flatten()?;
    Some((date.month() as u8, date.day() as u8))
}

/// Whether the text is three numbers with a date's separators, one of them a year: never a quotient or a difference.
pub fn looks_like_date(text: &str) -> bool {
    ['-', '/', '.'].into_iter().filter_map(|separator| parts(text, separator)).any(|parts| {
        let digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        digits && (parts[0].len() == 4 || parts[2].len() == 4)
    })
}

/// The part of an arithmetic text that is rather a date or a range: whole numbers with nothing but `-` or `/` between them, as `2024-03`,
/// `1/2`, `100-80`; with blanks around the sign only where a number begins with a zero, or all are years.
pub fn like_date(text: &str) -> Option<&str> {
    let whole = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    for mark in ['-', '/'] {
        let parts: Vec<&str> = text.split(mark).map(str::trim).collect();
        if (2..=3).contains(&parts.len()) && parts.iter().all(|part| whole(part)) {
            let close = !text.contains(' ');
            let dated = parts.iter().any(|part| part.len() > 1 && part.starts_with('0')) || parts.iter().all(|part| year(part));
            return (close || dated).then_some(text);
        }
    }
    // Within a longer formula a year and a month without blanks between them.
    let number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '_' | '$') || c.is_alphabetic();
    text.split(|c: char| !number(c)).find(|piece| {
        let mut parts = piece.split(['-', '/']);
        let (first, second) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        year(first) && whole(first) && whole(second) && second.len() <= 2 && *piece != text
    })
}

/// The date that was meant, where only one reading is possible: `31/01/2020`, `2020/1/31`.
pub fn suggest_date(text: &str) -> Option<String> {
    let [a, b, c] = ['/', '.', '-'].into_iter().find_map(|separator| parts(text, separator))?;
    let mut readings =
        [date(a, b, c), date(c, b, a), date(c, a, b)].into_iter().flatten().filter(|date| date.year() >= 1000).collect::<Vec<_>>();
    readings.dedup();
    match readings.as_slice() {
        [only] => Some(only.to_string()),
        _ => None,
    }
}

fn parts(text: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = text.split(separator);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    (parts.next().is_none() && three.iter().all(|part| !part.is_empty())).then_some(three)
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year) && digits(month) && digits(day)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_back() {
        assert_eq!(parse_date("1970-01-01"), Some(0));
        assert_eq!(parse_date("2020-04-17"), Some(18369));
        assert_eq!(date_of(18369).to_string(), "2020-04-17");
        assert_eq!(parse_date("1969-12-31"), Some(-1));
        for bad in ["2020-4-17", "2020-02-30", "17-04-2020", "2020-04-17T00", "+020-01-01", ""] {
            assert_eq!(parse_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn midnights_are_days() {
        for time in [
            " 00:00",
            " 00:00:00",
            "T00:00:00",
            "T00:00:00Z",
            "T00:00:00.000Z",
            " 00:00:00.000000000",
            "T00:00:00+09:00",
            " 00:00:00+00",
            " 00:00:00 UTC",
            "T00:00Z",
            " 00:00:00 -0330",
            " 12:00:00 AM",
        ] {
            assert_eq!(parse_day(&format!("2020-04-17{time}")), Some(18369), "{time}");
        }
        for time in [" 00:01", "T12:00:00", "T00:00:01Z", " 00:00:00.001", "T00:00:00+9", " 00:00:00 KST", " 12:00:00 PM", " 00:00:0"] {
            assert_eq!(parse_day(&format!("2020-04-17{time}")), None, "{time}");
            assert!(has_time(&format!("2020-04-17{time}")), "{time}");
        }
        assert!(!has_time("2020-04-17") && !has_time("soon"));
    }

    #[test]
    fn periods_and_days_of_the_year() {
        assert_eq!(parse_period("1970"), Some((0, 364)));
        assert_eq!(parse_period("1970-02"), Some((31, 58)));
        assert_eq!(parse_period("1970-01-02"), Some((1, 1)));
        assert_eq!(parse_period("197é"), None);
        assert_eq!(parse_period("197é-01"), None);
        assert_eq!(parse_month_day("02-29"), Some((2, 29)));
        assert_eq!(parse_month_day("2-29"), None);
        assert_eq!(parse_month_day("13-01"), None);
    }

    #[test]
    fn differences_that_are_dates_or_ranges() {
        for text in ["2024-03", "100-80", "2019/2020", "1/2", "3-4", "1/2/3", "12-2024", "2024 - 03", "2019 / 2020"] {
            assert_eq!(like_date(text), Some(text));
        }
        assert_eq!(like_date("2024-03 * 2"), Some("2024-03"));
        assert_eq!(like_date("$shut + 2020-01-28"), Some("2020-01-28"));
        for text in [
            "100 - 80",
            "2000 - 10",
            "1 / 2",
            "0.5/2",
            "1.5-1",
            "2 * 3",
            "-5",
            "$a/2",
            "$a - 3",
            "2000 - $a",
            "2000 * 3",
            "$x2024-3",
            "$a / 2020 - 1",
        ] {
            assert_eq!(like_date(text), None, "{text}");
        }
    }

    #[test]
    fn only_unambiguous_dates_are_suggested() {
        assert_eq!(suggest_date("31/01/2020").as_deref(), Some("2020-01-31"));
        assert_eq!(suggest_date("2020/1/31").as_deref(), Some("2020-01-31"));
        assert_eq!(suggest_date("01/02/2020"), None);
        assert_eq!(suggest_date("soon"), None);
        assert!(looks_like_date("31/01/2020") && !looks_like_date("31/5") && !looks_like_date("1-2-3"));
    }
}
