//! Problems of a case, as a person reads them.

use std::io::IsTerminal;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use ripstop_case::{Diagnostic, Loaded, Severity};

use crate::account::words::some;
use crate::terminal::{safe, safe_line, say_rendered};

/// Columns of a terminal as people have it.
const WIDTH: usize = 80;
/// Columns before a help text, with line numbers up to 9,999.
const HELP_INDENT: usize = 14;

/// Prints every problem to standard error, with the line it is in.
pub fn print(loaded: &Loaded) {
    let renderer = renderer();
    for problem in &loaded.diagnostics {
        say_rendered(&format!("{}\n", render(loaded, problem, &renderer)));
    }
    let (errors, warnings) = (loaded.errors(), loaded.warnings());
    if errors + warnings > 0 {
        say_rendered(&count(errors, warnings));
    }
}

/// Prints one more problem, found when the case was run.
pub fn print_one(loaded: &Loaded, problem: &Diagnostic) {
    say_rendered(&render(loaded, problem, &renderer()));
}

/// Prints problems of files whose lines are not at hand.
pub fn print_list(problems: &[Diagnostic]) {
    let loaded = Loaded { case: None, diagnostics: Vec::new(), sources: Vec::new() };
    for problem in problems {
        say_rendered(&format!("{}\n", render(&loaded, problem, &renderer())));
    }
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    say_rendered(&count(errors, problems.len() - errors));
}

/// Prints problems of files that are no case.
pub fn print_with(problems: &[Diagnostic], sources: &[std::sync::Arc<ripstop_case::Source>]) {
    let renderer = renderer();
    for problem in problems {
        let source = sources.iter().find(|source| source.path == problem.file).map(|source| &**source);
        say_rendered(&format!("{}\n", render_in(source, problem, &renderer)));
    }
    let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
    if !problems.is_empty() {
        say_rendered(&count(errors, problems.len() - errors));
    }
}

fn renderer() -> Renderer {
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(WIDTH)
}

fn count(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, w) => some(w, "warning"),
        (e, 0) => some(e, "error"),
        (e, w) => format!("{}, {}", some(e, "error"), some(w, "warning")),
    }
}

fn render(loaded: &Loaded, problem: &Diagnostic, renderer: &Renderer) -> String {
    render_in(loaded.source(&problem.file), problem, renderer)
}

fn render_in(source: Option<&ripstop_case::Source>, problem: &Diagnostic, renderer: &Renderer) -> String {
    let level = if problem.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
    let path = safe_line(&problem.file.display().to_string());
    let id = format!("{} {}", problem.code.id(), problem.code.name());
    let message = wrap(&safe_line(&problem.message), "warning[]: ".len() + id.len());
    let title = level.primary_title(message.as_str()).id(id.as_str());
    let text = source.and_then(|source| source.line(problem.line));
    let help = match &problem.suggestion {
        Some(word) => format!("did you mean `{word}`? {}", problem.fix),
        None => problem.fix.clone(),
    };
    let help = wrap(&safe_line(&help), HELP_INDENT);
    let Some((line, span)) = text.map(|line| shown(line, span(line, problem))) else {
        // A file without lines says its row and column in words.
        let origin = match problem.field {
            Some(_) => annotate_snippets::Origin::path(safe_line(&problem.place().to_string())),
            None => annotate_snippets::Origin::path(path).line(problem.line.max(1)),
        };
        return renderer.render(&[title.element(origin).element(Level::HELP.message(help))]);
    };
    let snippet = Snippet::source(line.as_str()).line_start(problem.line).path(path).annotation(AnnotationKind::Primary.span(span));
    renderer.render(&[title.element(snippet).element(Level::HELP.message(help))])
}

/// Breaks a text between words, so that no line is wider than the terminal; every line starts after `indent` columns.
fn wrap(text: &str, indent: usize) -> String {
    let mut wrapped = String::new();
    let mut column = indent;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > indent {
            if column + 1 + width > WIDTH {
                wrapped.push('\n');
                column = indent;
            } else {
                wrapped.push(' ');
                column += 1;
            }
        }
        wrapped.push_str(word);
        column += width;
    }
    wrapped
}

/// A line as it may reach a terminal, and where the bytes that are meant stand in it then.
fn shown(line: &str, span: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    let start = safe(&line[..span.start]).len();
    let end = start + safe(&line[span]).len();
    (safe(line).into_owned(), start..end)
}

/// The bytes of the line the problem is in, on character borders and within the line.
fn span(line: &str, problem: &Diagnostic) -> std::ops::Range<usize> {
    let border = |mut at: usize| {
        at = at.min(line.len());
        while !line.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = border(problem.column.saturating_sub(1));
    start..border(start + problem.length.max(1)).max(start)
}
