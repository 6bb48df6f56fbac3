//! Rows of a CSV text in memory, as the csv crate finds them.
//!
//! A reader of that crate works out its transitions when it is made. That takes some 20 microseconds, longer than reading a small table, and a
//! case has two dozen of them. Here each thread keeps its readers for the next table. (The clone of a reader reads otherwise than the reader.)

use std::cell::Cell;

use csv::StringRecord;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::language::text::SEPARATORS;

thread_local! {
    /// For each separator a reader that is not in use.
    static IDLE: [Cell<Option<Box<Reader>>>; SEPARATORS.len()] = const { [const { Cell::new(None) }; SEPARATORS.len()] };
}

/// Rows of any length, read one after the other.
pub struct Rows<'a> {
    /// Which of [`SEPARATORS`] the reader is for.
    separator: usize,
    /// `None` once the text is over.
    reader: Option<Box<Reader>>,
    text: &'a str,
    /// Byte up to which the text is read.
    at: usize,
    /// Cells of the row one after the other, and where each ends; room that is used again for the next row.
    cells: Vec<u8>,
    ends: Vec<usize>,
}

impl<'a> Rows<'a> {
    /// The rows of a text with one of [`SEPARATORS`] between its cells; commas where it is another.
    pub fn of(text: &'a str, separator: u8) -> Rows<'a> {
        let separator = SEPARATORS.iter().position(|(byte, _)| *byte == separator).unwrap_or(0);
        let idle = IDLE.with(|idle| idle[separator].take());
        let mut reader = idle.unwrap_or_else(|| Box::new(ReaderBuilder::new().delimiter(SEPARATORS[separator].0).build()));
        reader.reset();
        Rows { separator, reader: Some(reader), text, at: 0, cells: vec![0; 256], ends: vec![0; 32] }
    }

    /// Reads the next row. The byte at which it starts, or a blank line before it; `None` after the last.
    pub fn next(&mut self, record: &mut StringRecord) -> Option<usize> {
        let start = self.at;
        let (mut bytes, mut count) = (0, 0);
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            let (result, read, written, ended) = self.reader.as_mut()?.read_record(rest, &mut self.cells[bytes..], &mut self.ends[count..]);
            self.at += read;
            bytes += written;
            count += ended;
            match result {
                // An empty rest is what tells the reader that the text is over.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(2 * self.cells.len(), 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::Record => break,
                ReadRecordResult::End => self.put_back(),
            }
        }
        // The text is UTF-8 and is parted at ASCII, so its parts are UTF-8.
        let cells = std::str::from_utf8(&self.cells[..bytes]).unwrap_or("");
        record.clear();
        let mut from = 0;
        for &end in &self.ends[..count] {
            record.push_field(cells.get(from..end).unwrap_or(""));
            from = end;
        }
        Some(start)
    }

    fn put_back(&mut self) {
        IDLE.with(|idle| idle[self.separator].set(self.reader.take()));
    }
}

impl Drop for Rows<'_> {
    fn drop(&mut self) {
        if self.reader.is_some() {
            self.put_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of eight of these pieces, and longer ones for the room to grow.
    fn texts() -> Vec<String> {
        let pieces = ["a", ",", "\"", "\n", "\r\n", "\r", "é", ";", " ", "\"\"", "\u{feff}"];
        let mut texts = vec![String::new(), "x,".repeat(100), format!("{}\n\n\"{}\"", "long".repeat(200), "a\nb".repeat(300))];
        let mut state = 1_usize;
        for _ in 0..20_000 {
            let next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                pieces[(state >> 33) % pieces.len()]
            };
            texts.push(std::iter::repeat_with(next).take(8).collect());
        }
        texts
    }

    #[test]
    fn rows_and_places_are_those_of_the_csv_crate() {
        for (text, (separator, _)) in texts().iter().flat_map(|text| SEPARATORS.map(|separator| (text, separator))) {
            let mut theirs = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
            let (mut ours, mut expected, mut found) = (Rows::of(text, separator), StringRecord::new(), StringRecord::new());
            while theirs.read_record(&mut expected).unwrap() {
                let start = expected.position().unwrap().byte() as usize;
                assert_eq!((ours.next(&mut found), &found), (Some(start), &expected), "{text:?}");
            }
            assert_eq!(ours.next(&mut found), None, "{text:?}");
            assert_eq!(ours.next(&mut found), None, "{text:?}");
        }
    }
}
