//! Bytes to text: encodings, and what separates the cells of a table.

use crate::language::schema::TableSpec;

/// The text of a file, as far as its bytes are text.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte order mark; what cannot be decoded is replaced by `?`.
    pub text: String,
    /// Byte of the text at which the first undecodable piece stands, and how many there are.
    pub bad: Option<(usize, usize)>,
    /// The encoding.
    pub encoding: Encoding,
}

/// How the bytes of a file stand for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// With or without byte order mark.
    Utf8,
    /// Two bytes a unit, the low one first.
    Utf16Le,
    /// Two bytes a unit, the high one first.
    Utf16Be,
}

impl Encoding {
    /// Name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
        }
    }
}

/// Decodes by the byte order mark; without one the text is UTF-8.
pub fn decode(bytes: &[u8]) -> Decoded {
    match bytes {
        // UTF-32 starts like UTF-16: its NULs are diagnosed as such.
        [0xff, 0xfe, rest @ ..] => utf16(rest, Encoding::Utf16Le, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, Encoding::Utf16Be, u16::from_be_bytes),
        _ => utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
}

/// Bad bytes become `?`, one for one, so that positions stay true.
fn utf8(bytes: &[u8]) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut bad = None;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            let (_, count) = bad.get_or_insert((text.len(), 0));
            *count += 1;
            text.push('?');
        }
    }
    Decoded { text, bad, encoding: Encoding::Utf8 }
}

fn utf16(bytes: &[u8], encoding: Encoding, unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut bad = None;
    let letters = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).map(Result::ok).chain(rest.iter().map(|_| None));
    for letter in letters {
        if letter.is_none() {
            let (_, count) = bad.get_or_insert((text.len(), 0));
            *count += 1;
        }
        text.push(letter.unwrap_or('?'));
    }
    Decoded { text, bad, encoding }
}

/// Where the header of a table starts and what separates its cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// `,`, `;` or a tab.
    pub separator: u8,
    /// Byte at which the header's line starts, or a blank line before it.
    pub start: usize,
    /// Byte that speaks against any separator, when none can be told.
    pub doubtful: Option<usize>,
}

/// Separators that are read, with their names in messages.
pub const SEPARATORS: [(u8, &str); 3] = [(b',', "commas"), (b';', "semicolons"), (b'\t', "tabs")];

impl Dialect {
    /// What TOML and plain CSV have.
    pub const PLAIN: Dialect = Dialect { separator: b',', start: 0, doubtful: None };

    /// Tells the separator from a spreadsheet's line `sep=;`, or from the header: the one that gives most names of columns.
    pub fn of(text: &str, spec: &TableSpec) -> Dialect {
        let (first, next) = line_at(text, 0);
        if let Some(separator) = declared(first) {
            let known = SEPARATORS.iter().find(|(byte, _)| *byte == separator);
            return match known {
                Some(&(separator, _)) => Dialect { separator, start: next, doubtful: None },
                None => Dialect { start: next, doubtful: Some(0), ..Dialect::PLAIN },
            };
        }
        let mut at = 0;
        let (mut header, mut after) = (first, next);
        let mut start = 0;
        while (header.trim().is_empty() || is_comment(header)) && after < text.len() {
            start = if is_comment(header) { after } else { start };
            at = after;
            (header, after) = line_at(text, at);
        }
        Dialect { start, ..of_header(header, at, spec) }
    }
}

/// A line before the header that explains it; a spreadsheet may have put quotes around it.
fn is_comment(line: &str) -> bool {
    line.trim_start().trim_start_matches('"').starts_with('#')
}

/// The line that starts at `start`, and the start of the next.
fn line_at(text: &str, start: usize) -> (&str, usize) {
    let rest = &text[start..];
    let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let breaks = rest[end..].bytes().take(2).take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let breaks = if rest[end..].starts_with("\r\n") { 2 } else { breaks.min(1) };
    (&rest[..end], start + end + breaks)
}

/// The separator of a line `sep=;`, perhaps quoted, perhaps padded with separators.
fn declared(line: &str) -> Option<u8> {
    let line = line.trim_start_matches('"');
    let (name, rest) = line.split_at_checked(4)?;
    let (&separator, rest) = rest.as_bytes().split_first()?;
    let padded = rest.iter().all(|b| *b == b'"' || *b == separator || *b == b',' || *b == b' ');
    (name.eq_ignore_ascii_case("sep=") && separator.is_ascii() && padded).then_some(separator)
}

fn of_header(header: &str, at: usize, spec: &TableSpec) -> Dialect {
    let used: Vec<u8> = SEPARATORS.iter().map(|(byte, _)| *byte).filter(|byte| header.as_bytes().contains(byte)).collect();
    match used.as_slice() {
        [] => {
            let bar = header.find('|').map(|bar| at + bar);
            Dialect { doubtful: bar, ..Dialect::PLAIN }
        }
        [separator] => Dialect { separator: *separator, ..Dialect::PLAIN },
        _ => {
            let scores = used.iter().map(|separator| (names_found(header, *separator, spec), *separator));
            let mut scores: Vec<(usize, u8)> = scores.collect();
            scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score)); // stable: commas first among equals
            let doubtful = (scores[0].0 == scores[1].0 && scores[0].0 > 0).then(|| {
                let other = scores[1].1;
                at + header.bytes().position(|byte| byte == other).unwrap_or(0)
            });
            Dialect { separator: scores[0].1, start: 0, doubtful }
        }
    }
}

/// How many columns of the table the header names when it is split at `separator`.
fn names_found(header: &str, separator: u8, spec: &TableSpec) -> usize {
    let known = |name: &str| {
        let base = name.strip_suffix("_low").or_else(|| name.strip_suffix("_high")).unwrap_or(name);
        spec.all_columns().any(|column| column.name == base || column.name == name)
    };
    header.split(char::from(separator)).filter(|cell| known(cell.trim().trim_matches('"'))).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::schema::table;

    #[test]
    fn bad_bytes_keep_their_place() {
        let of = |bytes: &[u8]| {
            let decoded = decode(bytes);
            (decoded.text, decoded.bad)
        };
        assert_eq!(of(b"\xef\xbb\xbfa\xff\xfeb"), ("a??b".into(), Some((1, 2))));
        assert_eq!(of("é".as_bytes()), ("é".into(), None));
        assert_eq!(of(b"\xff\xfea\x00\xe9\x00"), ("aé".into(), None));
        assert_eq!(of(b"\xfe\xff\x00a\x00\xe9"), ("aé".into(), None));
        assert_eq!(of(b"\xff\xfe\x3d\xd8\x00\xdex"), ("😀?".into(), Some((4, 1))), "half a unit at the end");
        assert_eq!(of(b"\xff\xfe\x00\xdca\x00"), ("?a".into(), Some((0, 1))), "half a letter");
    }

    #[test]
    fn separators() {
        let spec = table("groups").unwrap();
        let of = |text: &str| {
            let dialect = Dialect::of(text, spec);
            (dialect.separator, dialect.start, dialect.doubtful)
        };
        assert_eq!(of("id,name\nx;y;z"), (b',', 0, None));
        assert_eq!(of("\n\r\n\"id\";name"), (b';', 0, None));
        assert_eq!(of("id\tname"), (b'\t', 0, None));
        assert_eq!(of("id,name;x"), (b',', 0, None), "commas give more names");
        assert_eq!(of("id;name,country"), (b',', 0, Some(2)), "both give one");
        assert_eq!(of("id|name"), (b',', 0, Some(2)));
        assert_eq!(of("sep=;\r\nid;name"), (b';', 7, None));
        assert_eq!(of("\"SEP=,\",,\nid;name"), (b',', 10, None), "the file says so");
        assert_eq!(of("sep=|\nid|name"), (b',', 6, Some(0)));
        assert_eq!(of(""), (b',', 0, None));
    }
}
