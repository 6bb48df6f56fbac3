//! The order of ids, and of the rows they name.
//!
//! Rows of every table are put in the order of their ids before anything is read from them. So what the engine breaks by row it breaks
//! by id, sums are taken in one order, and no result hangs on the order in which rows stand in a file.

use std::cmp::Ordering;

/// Digits of a number stand for its size, so `f2` comes before `f10`; all else goes by code point. What is the same number written
/// otherwise, `f02` and `f2`, goes by its text.
pub fn by_id(a: &str, b: &str) -> Ordering {
    signs(a).cmp(signs(b)).then_with(|| a.cmp(b))
}

/// Keys of several columns, the first column first.
pub(crate) fn by_key(a: &[&str], b: &[&str]) -> Ordering {
    signs_of_key(a).cmp(signs_of_key(b)).then_with(|| a.cmp(b))
}

/// The first 16 signs of a key: keys with different ones need not be compared any further.
pub(crate) fn start_of_key(key: &[&str]) -> u128 {
    let mut start = [0; 16];
    start.iter_mut().zip(signs_of_key(key)).for_each(|(at, sign)| *at = sign);
    u128::from_be_bytes(start)
}

/// Between columns stands what comes before every other sign.
fn signs_of_key<'a>(key: &'a [&str]) -> impl Iterator<Item = u8> + 'a {
    key.iter().flat_map(|cell| signs(cell).chain([0]))
}

/// The bytes that are compared: for a number a zero, the count of its digits and the digits; else the text's own, which are never a digit.
fn signs(text: &str) -> impl Iterator<Item = u8> {
    let bytes = text.as_bytes();
    let (mut at, mut head, mut digits) = (0, None, 0);
    std::iter::from_fn(move || {
        if let Some(count) = head.take() {
            return Some(count);
        }
        if digits == 0 && bytes.get(at)?.is_ascii_digit() {
            let zeros = bytes[at..].iter().take_while(|byte| **byte == b'0').count();
            at += zeros;
            digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            // Longer numbers than that are compared digit by digit alone.
            head = Some(digits.min(usize::from(u8::MAX)) as u8);
            return Some(b'0');
        }
        digits = digits.saturating_sub(1);
        at += 1;
        bytes.get(at - 1).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_by_size_and_all_else_by_code_point() {
        let sorted = [
            "", "-3", "0", "00", "01", "1", "2", "02", "10", "A", "a", "a-1", "a1", "a1b", "a1b2", "a1b10", "a01c", "a2", "a10", "ab", "b",
            "é",
        ];
        let mut ids = sorted.to_vec();
        ids.reverse();
        ids.sort_by(|a, b| by_id(a, b));
        let expected = [
            "", "-3", "0", "00", "01", "1", "02", "2", "10", "A", "a", "a-1", "a1", "a1b", "a1b2", "a1b10", "a01c", "a2", "a10", "ab", "b",
            "é",
        ];
        assert_eq!(ids, expected);
        for (a, b) in expected.iter().zip(&expected[1..]) {
            assert_eq!((by_id(a, b), by_id(b, a)), (Ordering::Less, Ordering::Greater), "{a} {b}");
        }
    }

    #[test]
    fn what_keys_start_with_never_contradicts_their_order() {
        let cells = ["", "f", "f1", "f10", "f2", "f002", "99999999999999999999", "firm-100000000001", "firm-99999999999", "firm"];
        let keys: Vec<[&str; 2]> = cells.iter().flat_map(|a| cells.iter().map(move |b| [*a, *b])).collect();
        for a in &keys {
            for b in &keys {
                let (of_start, of_key) = (start_of_key(a).cmp(&start_of_key(b)), by_key(a, b));
                assert!(of_start.is_eq() || of_start == of_key, "{a:?} {b:?}: {of_start:?} {of_key:?}");
            }
        }
    }
}
