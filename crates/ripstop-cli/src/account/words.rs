//! Numbers, dates and paragraphs for people.

use ripstop::model::calendar::Day;

use super::WIDTH;

/// A count with three figures at most: `512`, `23,700`, `2.95 million`.
pub fn count(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        "?".to_string()
    } else if size >= 999_500_000.0 {
        format!("{} billion", figures(value / 1e9))
    } else if size >= 999_500.0 {
        format!("{} million", figures(value / 1e6))
    } else if size >= 9_995.0 {
        grouped((value / 100.0).round() * 100.0)
    } else {
        grouped(value.round())
    }
}

/// So many of a thing: `1 shipment`, `2 shipments`, `9,200 findings`.
pub fn some(number: usize, word: &str) -> String {
    format!("{} {word}{}", grouped(number as f64), if number == 1 { "" } else { "s" })
}

/// What follows a word that is not known.
pub fn did_you_mean(near: Option<&str>) -> String {
    near.map_or(".".to_owned(), |near| format!("; did you mean `{near}`?"))
}

/// Money with three figures at most: `USD 1.23 m`, `USD 512`.
pub fn money(value: f64, currency: &str) -> String {
    format!("{currency} {}", short_money(value))
}

/// Money without its currency: `1.23 m`, `61.8 m`, `512`.
pub fn short_money(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        "?".to_string()
    } else if size >= 999_500_000.0 {
        format!("{} bn", figures(value / 1e9))
    } else if size >= 999_500.0 {
        format!("{} m", figures(value / 1e6))
    } else if size >= 9_995.0 {
        format!("{} k", figures(value / 1e3))
    } else {
        grouped(value.round())
    }
}

/// Three figures: `1.23`, `61.8`, `251`.
fn figures(value: f64) -> String {
    let size = value.abs();
    if size >= 99.95 {
        format!("{value:.0}")
    } else if size >= 9.995 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

/// A whole number with thousands separated by commas.
fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0.0 && digits != "0" { format!("-{out}") } else { out }
}

/// A share as a percentage: `27 %`, `0.4 %`.
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value.is_nan() {
        "–".to_string()
    } else if value != 0.0 && value.abs() < 0.05 {
        "< 0.1 %".to_string()
    } else if value != 0.0 && value.abs() < 0.95 {
        format!("{value:.1} %")
    } else {
        format!("{value:.0} %")
    }
}

/// `17 Apr 2020`.
pub fn date(day: Day) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let civil = day.date();
    format!("{} {} {}", civil.day(), MONTHS[(civil.month() - 1) as usize], civil.year())
}

/// The name of a period: `2019`, `Feb 2019`, `17 Apr 2020`, else its first and last day.
pub fn period((first, last): (i32, i32)) -> String {
    let (from, to) = (Day(first).date(), Day(last).date());
    if first == last {
        date(Day(first))
    } else if from == from.first_of_year() && to == from.last_of_year() {
        from.year().to_string()
    } else if from == from.first_of_month() && to == from.last_of_month() {
        date(Day(first)).trim_start_matches("1 ").to_string()
    } else {
        format!("{} – {}", date(Day(first)), date(Day(last)))
    }
}

/// A plain number with three figures: `0.083`, `1.00`, `19.7`, `2,573`.
pub fn plain(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        "–".to_string()
    } else if value == 0.0 {
        "0".to_string()
    } else if size >= 999.5 {
        grouped(value)
    } else if size < 0.9995 {
        format!("{value:.3}")
    } else {
        figures(value)
    }
}

/// Text wrapped to the screen, indented.
pub fn paragraph(text: &str, indent: usize) -> String {
    hanging(text, indent, indent)
}

/// Text wrapped to the screen; the first line indented by `first`, the others by `rest`.
pub fn hanging(text: &str, first: usize, rest: usize) -> String {
    let mut out = " ".repeat(first);
    let mut column = first;
    let mut fresh = true;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if !fresh && column + 1 + width > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(rest));
            column = rest;
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
        fresh = false;
    }
    out.push('\n');
    out
}

/// Text cut or padded to a width, left-aligned.
pub fn left(text: &str, width: usize) -> String {
    let length = text.chars().count();
    if length > width {
        text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
    } else {
        format!("{text}{}", " ".repeat(width - length))
    }
}

/// Text padded to a width, right-aligned.
pub fn right(text: &str, width: usize) -> String {
    let length = text.chars().count();
    format!("{}{text}", " ".repeat(width.saturating_sub(length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_figures_and_a_scale() {
        assert_eq!(count(512.4), "512");
        assert_eq!(count(23_651.0), "23,700");
        assert_eq!(count(2_949_204.0), "2.95 million");
        assert_eq!(money(61_752_352.0, "USD"), "USD 61.8 m");
        assert_eq!(money(999_600.0, "USD"), "USD 1.00 m");
        assert_eq!(money(-1_234.0, "EUR"), "EUR -1,234");
        assert_eq!(percent(0.27), "27 %");
        assert_eq!([some(0, "day"), some(1, "day"), some(1_200, "day")], ["0 days", "1 day", "1,200 days"]);
        assert_eq!(percent(0.004), "0.4 %");
    }

    #[test]
    fn periods_have_names() {
        let day = |text: &str| ripstop_case::parse_date(text).unwrap();
        assert_eq!(period((day("2019-01-01"), day("2019-12-31"))), "2019");
        assert_eq!(period((day("2020-02-01"), day("2020-02-29"))), "Feb 2020");
        assert_eq!(period((day("2020-02-11"), day("2020-02-11"))), "11 Feb 2020");
        assert_eq!(period((day("2020-02-11"), day("2020-03-10"))), "11 Feb 2020 – 10 Mar 2020");
        assert_eq!(
            (plain(0.0833), plain(1.0), plain(2573.2), plain(f64::NAN)),
            ("0.083".into(), "1.00".into(), "2,573".into(), "–".into())
        );
    }

    #[test]
    fn paragraphs_keep_to_the_screen() {
        let text = paragraph(&"word ".repeat(60), 4);
        assert!(text.lines().all(|l| l.chars().count() <= WIDTH && l.starts_with("    word")));
        assert_eq!(left("Pyongyang", 5), "Pyon…");
    }
}
