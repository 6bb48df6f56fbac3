//! Numbers that are slips wherever they stand.

use crate::language::diagnostic::Code;

/// No amount of a case is larger: a few of them multiplied would leave the numbers there are.
pub const SIZE_MAX: f64 = 1e30;

/// Nothing but zero is smaller: what is divided by it would be too large. Shares of shares in made networks are 1e-40 and less.
const SIZE_MIN: f64 = 1e-100;

/// What is wrong with a number that could only be a slip, and would make others infinite.
pub fn size_fault(number: f64) -> Option<(Code, String)> {
    let size = number.abs();
    if size.is_finite() && size > SIZE_MAX {
        let message = format!(
            "is {number:e}, but nothing larger than {SIZE_MAX:e} can be reckoned with; `none` means no limit where a column allows it"
        );
        return Some((Code::AboveMaximum, message));
    }
    let tiny = size > 0.0 && size < SIZE_MIN;
    tiny.then(|| (Code::BelowMinimum, format!("is {number:e}: write 0, or a number of at least {SIZE_MIN:e}")))
}

/// A number of percent as the share that was probably meant: 5 is 0.05.
pub fn as_share(number: f64) -> Option<String> {
    (number > 1.0 && number <= 100.0).then(|| format!("{}", (number * 1e7).round() / 1e9))
}
