//! Links from CSV that has nothing to complain about: piece by piece, on all threads.
//!
//! What is not plain here (quotes, blank cells, unknown firms, a number that is none) makes it give up: [`super::csv_in`] then reads the
//! file row by row, and says what is wrong.

use std::ops::Range;

use rayon::prelude::*;

use super::{Firms, Rows};
use crate::language::expr::plain_number;
use crate::language::numbers::size_fault;
use crate::read::quotes::remark;

/// Bytes of a piece, about.
const PIECE: usize = 1 << 22;

/// The rows of a text without its header; `None` if one of them needs a closer look. `cells`: of a row, at least and at most;
/// `columns`: the three.
pub(super) fn rows(text: &str, separator: u8, cells: [usize; 2], columns: [usize; 3], firms: &Firms<'_>) -> Option<Rows> {
    if text.as_bytes().contains(&b'"') {
        return None;
    }
    let read = |piece: Range<usize>| read_piece(&text[piece], separator, cells, columns, firms);
    let pieces: Vec<Rows> = pieces(text.as_bytes(), PIECE).into_par_iter().map(read).collect::<Option<_>>()?;
    let mut all = Rows::with_room(pieces.iter().map(|piece| piece.value.len()).sum());
    for piece in pieces {
        all.seller.extend_from_slice(&piece.seller);
        all.buyer.extend_from_slice(&piece.buyer);
        all.value.extend_from_slice(&piece.value);
    }
    Some(all)
}

/// Cuts behind the ends of lines, into pieces of `size` bytes or a line more.
fn pieces(text: &[u8], size: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < text.len() {
        let least = (from + size).min(text.len());
        let to = text[least..].iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| least + end + 1);
        pieces.push(from..to);
        from = to;
    }
    pieces
}

fn read_piece(text: &str, separator: u8, cells: [usize; 2], columns: [usize; 3], firms: &Firms<'_>) -> Option<Rows> {
    // About as many bytes as a short row has.
    let mut rows = Rows::with_room(text.len() / 24);
    for line in text.split_terminator('\n') {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if remark(line).is_some() {
            return None;
        }
        let mut wanted = [""; 3];
        let mut count = 0;
        for cell in line.split(char::from(separator)) {
            for (wanted, &column) in wanted.iter_mut().zip(&columns) {
                if column == count {
                    *wanted = cell.trim_ascii();
                }
            }
            if count >= cells[0] && !cell.trim_ascii().is_empty() {
                return None;
            }
            count += 1;
        }
        let fine = |value: &f64| *value >= 0.0 && value.is_finite() && size_fault(*value).is_none();
        let value = plain_number(wanted[2]).filter(|value| (cells[0]..=cells[1]).contains(&count) && fine(value))?;
        rows.seller.push(firms.by_text(wanted[0])?);
        rows.buyer.push(firms.by_text(wanted[1])?);
        rows.value.push(value);
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_end_with_a_line_and_leave_nothing_out() {
        let text = b"a,b,1\nc,d,2\r\ne,f,3";
        assert_eq!(pieces(text, 1), [0..6, 6..13, 13..18]);
        assert_eq!(pieces(text, 7), [0..13, 13..18]);
        assert_eq!(pieces(text, 100).len(), 1);
        assert!(pieces(b"", 5).is_empty());
    }
}
