//! Why a text is no number, no date and no formula, and what it may have meant.

use crate::language::dates;
use crate::language::diagnostic::{Code, Diagnostic, Position};
use crate::language::expr::plain_number;

/// Why a text is not a number, with the number it may have meant.
pub(crate) fn number_fault(text: &str, at: &Position) -> Diagnostic {
    let lower = text.trim_start_matches(['-', '+']).to_lowercase();
    if matches!(lower.as_str(), "inf" | "infinity" | "nan" | "∞" | "none") {
        let message = format!("`{text}` is not allowed here");
        return Diagnostic::new(Code::NotFinite, at, message);
    }
    Diagnostic::new(Code::NotANumber, at, format!("`{text}` is not a number")).suggest(number_meant(text))
}

/// `45 %` → 0.45; `12 000` → 12000; `1,5` → 1.5. `1,500` may be either and is not guessed at.
fn number_meant(text: &str) -> Option<String> {
    if let Some(percent) = text.strip_suffix('%') {
        return plain_number(percent.trim()).map(|number| (number / 100.0).to_string());
    }
    let joined: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '_' | '\'')).collect();
    if plain_number(&joined).is_some() {
        return Some(joined);
    }
    let (whole, part) = text.split_once(',')?;
    let decimal = format!("{whole}.{part}");
    (part.len() != 3 && plain_number(&decimal).is_some()).then_some(decimal)
}

/// Whether a text that is not a number should be read as an expression (and faulted as one).
pub(crate) fn is_expression(text: &str) -> bool {
    let arithmetic = || text.chars().all(|c| c.is_ascii_digit() || " .+-*/()eE".contains(c));
    text.contains('$') || (arithmetic() && !dates::looks_like_date(text) && text.contains(['+', '-', '*', '/', '(']))
}

/// Why arithmetic is no formula: an amount in brackets, a date, a range. `1 / 2` with blanks is one; `1/2` may be the first of February.
pub(crate) fn formula_fault(text: &str, at: &Position) -> Option<Diagnostic> {
    let text = text.trim();
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).map(|inner| inner.trim_matches(['(', ')', ' ']));
    if let Some(number) = inner.filter(|inner| plain_number(inner).is_some()) {
        let message = format!("`{text}` is how accounts write a negative number, and how a formula writes {number}");
        return Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(format!("write -{number} or {number}, without brackets")));
    }
    let amount = inner.unwrap_or(text).trim_start_matches(['-', '+', ' ']).strip_prefix('$').map(|rest| rest.replace(',', ""));
    if let Some(number) = amount.filter(|rest| plain_number(rest).is_some()) {
        let message = format!("`{text}` is an amount with a sign of its currency, and `$` begins the name of a parameter");
        return Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(format!("write {number}, or -{number} if it is negative")));
    }
    if let Some(number) = text.strip_suffix('-').map(str::trim_end).filter(|number| plain_number(number).is_some()) {
        let message = format!("`{text}` has its minus behind it");
        return Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(format!("write -{number} or {number}")));
    }
    let date = dates::like_date(text)?;
    let message = if date == text {
        format!("`{text}` is a date or a range, or a formula that has lost the blanks around its sign")
    } else {
        format!("`{date}` in `{text}` looks like a date, and would be read as a difference or a quotient")
    };
    let fix = "write the number; a formula has blanks around its signs: `100 - 80`, `1 / 2`";
    Some(Diagnostic::new(Code::NotANumber, at, message).with_fix(fix))
}

/// What is said of a formula without parameters.
pub(crate) fn formula_note(text: &str, value: f64, at: &Position) -> Diagnostic {
    Diagnostic::new(Code::FormulaWithoutParameter, at, format!("`{text}` is read as {value}"))
}

/// Why a text is not a date.
pub(crate) fn date_fault(text: &str, at: &Position) -> Diagnostic {
    if dates::has_time(text) {
        let message = format!("`{text}` has a time of day, and is no midnight where it is written; only days are read");
        return Diagnostic::new(Code::NotADate, at, message).with_fix("write the day as YYYY-MM-DD: which one it is depends on the place");
    }
    let message = format!("`{text}` is not a date of the form YYYY-MM-DD");
    Diagnostic::new(Code::NotADate, at, message).suggest(dates::suggest_date(text))
}

/// Error values of spreadsheets.
pub(crate) fn is_error_value(text: &str) -> bool {
    const VALUES: [&str; 9] = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"];
    text.starts_with('#') && VALUES.iter().any(|value| text.eq_ignore_ascii_case(value))
}
