//! Ids that are whole numbers, found without hashing where they lie close together.

use std::collections::HashMap;

use crate::tables::names::Names;

/// The firms whose ids are whole numbers.
pub struct Numbers {
    least: i64,
    /// Number − least → row of firms, or [`super::NO_FIRM`].
    dense: Vec<u32>,
    /// Where the numbers lie too far apart for that.
    sparse: HashMap<i64, u32>,
}

/// A number that is written as a program writes it: `7`, `-3`, neither `07` nor `+7`.
pub fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let plain = digits.len() <= 18 && digits.iter().all(u8::is_ascii_digit) && (digits.first()? != &b'0' || text == "0");
    if plain { text.parse().ok() } else { None }
}

impl Numbers {
    /// Of all firms.
    pub fn of(names: &Names) -> Numbers {
        let numbers: Vec<(i64, u32)> = names.ids("firms").enumerate().filter_map(|(row, id)| Some((whole(id)?, row as u32))).collect();
        let least = numbers.iter().map(|(number, _)| *number).min().unwrap_or(0);
        let most = numbers.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let mut found = Numbers { least, dense: Vec::new(), sparse: HashMap::new() };
        // Four times as much room as firms: numbers with gaps are still looked up in one step.
        let room = most.checked_sub(least).and_then(|span| usize::try_from(span).ok()).unwrap_or(usize::MAX);
        if room / 4 <= numbers.len() {
            found.dense = vec![super::NO_FIRM; room + 1];
            numbers.iter().for_each(|&(number, row)| found.dense[(number - least) as usize] = row);
        } else {
            found.sparse = numbers.into_iter().collect();
        }
        found
    }

    /// The firm of a number.
    pub fn find(&self, number: i64) -> Option<u32> {
        if self.dense.is_empty() {
            return self.sparse.get(&number).copied();
        }
        let at = usize::try_from(number.checked_sub(self.least)?).ok()?;
        self.dense.get(at).copied().filter(|row| *row != super::NO_FIRM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_those_programs_write() {
        for (text, number) in [("0", 0), ("7", 7), ("-3", -3), ("999999999999999999", 999_999_999_999_999_999)] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "-", "07", "+7", "7.0", "1e3", " 7", "-0", "9999999999999999999"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
