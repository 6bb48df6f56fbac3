//! Standard output and standard error: what cannot be written is never a panic, and what a file says never steers the terminal.
//!
//! A closed pipe (`ripstop … | head`) is quiet. Any other error of writing is kept until the command has ended and then makes it end with
//! code 1, so that a full disk under a redirect is noticed; what the command itself found wrong goes first.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::sync::Mutex;

use crate::Failure;

/// Why words were lost, first of all.
static LOST: Mutex<Option<Lost>> = Mutex::new(None);

/// Words that could not be written.
#[derive(Clone)]
pub struct Lost {
    /// Where to.
    pub stream: &'static str,
    /// Why not.
    pub error: String,
    quiet: bool,
}

/// Prints a text for people to standard output.
pub fn print(text: &str) {
    write(io::stdout().lock(), "standard output", &safe(text));
}

/// Prints JSON for another program.
pub fn print_json(value: &serde_json::Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Failure::Bug(e.to_string()))?;
    print_json_text(&format!("{text}\n"));
    Ok(())
}

/// Prints JSON that has been made into text.
pub fn print_json_text(text: &str) {
    write(io::stdout().lock(), "standard output", &safe_json(text));
}

/// Prints a line for people to standard error.
pub fn say(line: &str) {
    say_rendered(&safe(line));
}

/// Prints a line to standard error that is safe already and may hold colours.
pub fn say_rendered(line: &str) {
    write(io::stderr().lock(), "standard error", &format!("{line}\n"));
}

/// Prints a question, without a line's end.
pub fn ask(text: &str) {
    write(io::stderr().lock(), "standard error", &safe(text));
}

/// Takes note of what became of something written elsewhere.
pub fn note(stream: &'static str, done: io::Result<()>) {
    let Err(error) = done else { return };
    let quiet = error.kind() == ErrorKind::BrokenPipe;
    let mut lost = LOST.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    // A loss that matters is kept before one that does not.
    if lost.as_ref().is_none_or(|lost| lost.quiet && !quiet) {
        *lost = Some(Lost { stream, error: error.to_string(), quiet });
    }
}

/// What was lost otherwise than by a closed pipe.
pub fn lost() -> Option<Lost> {
    LOST.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone().filter(|lost| !lost.quiet)
}

fn write(mut to: impl Write, stream: &'static str, text: &str) {
    note(stream, to.write_all(text.as_bytes()).and_then(|()| to.flush()));
}

/// Whether a terminal would obey a character, or show other text than is there, instead of showing the character.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // directions
            | '\u{2028}' | '\u{2029}' | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// A text with such characters written out, as `\u{1b}`.
pub fn safe(text: &str) -> Cow<'_, str> {
    written_out(text, |out, c| {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    })
}

/// The same for a text that is to stay on its line.
pub fn safe_line(text: &str) -> String {
    safe(text).replace('\n', "\\n")
}

/// JSON that means the same, with such characters written out, as `\u001b`: they can only stand in its strings.
pub fn safe_json(json: &str) -> Cow<'_, str> {
    written_out(json, |out, c| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

fn written_out(text: &str, as_text: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            as_text(&mut out, c);
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_out_and_names_stay() {
        assert_eq!(safe("a\u{1b}[2Jb\u{9b}c\u{7f}\r\u{202e}d"), "a\\u{1b}[2Jb\\u{9b}c\\u{7f}\\u{d}\\u{202e}d");
        for name in ["신의주 공장", "Завод №1", "工厂", "می\u{200c}خواهم", "é\tà\n"] {
            assert_eq!(safe(name), name);
        }
        let json = serde_json::json!({ "a\u{202e}": "\u{9b}\u{e0001}" });
        let text = json.to_string();
        assert!(text.contains(is_unsafe) && !safe_json(&text).contains(is_unsafe));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe_json(&text)).unwrap(), json);
    }
}
