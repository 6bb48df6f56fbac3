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
        _ => parse_date(text).map(|day| (day, day)),
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
    fn only_unambiguous_dates_are_suggested() {
        assert_eq!(suggest_date("31/01/2020").as_deref(), Some("2020-01-31"));
        assert_eq!(suggest_date("2020/1/31").as_deref(), Some("2020-01-31"));
        assert_eq!(suggest_date("01/02/2020"), None);
        assert_eq!(suggest_date("soon"), None);
        assert!(looks_like_date("31/01/2020") && !looks_like_date("31/5") && !looks_like_date("1-2-3"));
    }
}
