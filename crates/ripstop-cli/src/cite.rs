//! `ripstop cite`: what to cite for a run: the software, the models it uses, the statements its numbers rest on.

use std::fmt::Write as _;

use ripstop_case::Case;
use ripstop_study::cite::{Article, Statement, models, statements};
use serde_json::{Value, json};

use crate::account::words::some;
use crate::{CiteArgs, CiteFormat, Failure, made, print, terminal};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const WIDTH: usize = 80;

/// What is cited.
struct Cited {
    version: String,
    title: String,
    models: Vec<Article>,
    statements: Vec<Statement>,
}

/// Prints the references of a run.
pub fn cite(arguments: &CiteArgs) -> Result<(), Failure> {
    let manifest = made::manifest(&arguments.out)?;
    let (_, loaded) = made::case_of(&arguments.out, &manifest, None)?;
    let Some(case) = &loaded.case else { return Err(Failure::Input) };
    let cited = of(case, &manifest);
    let changed = made::changed(&arguments.out, &manifest);
    let note = |mark: &str| changed.iter().map(|one| format!("{mark}since the run: {one}\n")).collect::<String>();
    match arguments.format {
        CiteFormat::Text => print(&(note("! ") + &text(&cited))),
        CiteFormat::Bibtex => print(&(note("% ") + &bibtex(&cited))),
        CiteFormat::Cff => print(&(note("# ") + &cff(&cited))),
        CiteFormat::Json => {
            let mut value = as_json(&cited);
            value["changed_since_run"] = json!(changed);
            terminal::print_json(&value)?;
        }
    }
    Ok(())
}

fn of(case: &Case, manifest: &Value) -> Cited {
    let version = manifest["ripstop"].as_str().unwrap_or(VERSION).to_string();
    Cited { version, title: case.meta.title.clone(), models: models(case), statements: statements(case) }
}

/// A paragraph within the width of a screen; what cannot be broken, such as an address, stands alone.
pub fn wrap(out: &mut String, first: &str, text: &str) {
    let mut line = first.to_string();
    let indent = " ".repeat(first.chars().count());
    for word in text.split_whitespace() {
        let begun = line.trim().len() > first.trim().len() || line.trim().len() > indent.len();
        if line.chars().count() + 1 + word.chars().count() > WIDTH && begun {
            let _ = writeln!(out, "{}", line.trim_end());
            line.clone_from(&indent);
        } else if !line.ends_with(' ') {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}

fn names(article: &Article) -> String {
    article.authors.iter().map(|(family, given)| format!("{family}, {given}")).collect::<Vec<_>>().join("; ")
}

fn text(cited: &Cited) -> String {
    let mut out = String::from("Software\n");
    wrap(&mut out, "  ", &format!("ripstop developers: ripstop, version {}. How a shock travels through a supply network.", cited.version));
    out.push_str("\nModels\n");
    for a in &cited.models {
        let reference =
            format!("{} ({}): {}. {} {}, {}. https://doi.org/{}", names(a), a.year, a.title, a.journal, a.volume, a.pages, a.doi);
        wrap(&mut out, "  ", &format!("{reference} For: {}.", a.used_for));
    }
    let _ = writeln!(out, "\nSources of the numbers: {}", some(cited.statements.len(), "statement"));
    for s in &cited.statements {
        let date = if s.date.is_empty() { String::new() } else { format!(", {}", s.date) };
        let grade = if s.grade.is_empty() { String::new() } else { format!(" [grade {}]", s.grade) };
        wrap(&mut out, "  ", &format!("{}{date}: {}.{grade} {}", publisher(s), s.text.trim_end_matches('.'), s.url));
    }
    out
}

fn publisher(s: &Statement) -> &str {
    if s.publisher.is_empty() { "publisher unknown" } else { &s.publisher }
}

/// Text for BibTeX: what has a meaning there is masked.
fn tex(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("{\\textbackslash}"),
            '{' | '}' | '%' | '&' | '#' | '_' | '$' => out.extend(['\\', letter]),
            '~' => out.push_str("{\\textasciitilde}"),
            '^' => out.push_str("{\\textasciicircum}"),
            _ => out.push(letter),
        }
    }
    out
}

fn bibtex(cited: &Cited) -> String {
    let mut out = String::new();
    let mut entry = |kind: &str, key: &str, fields: &[(&str, String)]| {
        let _ = writeln!(out, "@{kind}{{{key},");
        for (name, text) in fields.iter().filter(|(_, text)| !text.is_empty()) {
            let _ = writeln!(out, "  {name} = {{{text}}},");
        }
        out.push_str("}\n\n");
    };
    let braced = |text: &str| format!("{{{}}}", tex(text));
    entry(
        "software",
        "ripstop",
        &[("author", "{ripstop developers}".into()), ("title", "{ripstop}".into()), ("version", tex(&cited.version))],
    );
    for a in &cited.models {
        let authors = a.authors.iter().map(|(family, given)| format!("{}, {}", tex(family), tex(given))).collect::<Vec<_>>().join(" and ");
        let (volume, issue) = a.volume.split_once('(').unwrap_or((a.volume, ""));
        let fields = [
            ("author", authors),
            ("title", braced(a.title)),
            ("journal", tex(a.journal)),
            ("volume", volume.to_string()),
            ("number", issue.trim_end_matches(')').to_string()),
            ("pages", a.pages.replace('-', "--")),
            ("year", a.year.to_string()),
            ("doi", a.doi.to_string()),
        ];
        entry("article", a.key, &fields);
    }
    for s in &cited.statements {
        let key: String = s.id.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
        let note = if s.grade.is_empty() { String::new() } else { format!("grade {}", tex(&s.grade)) };
        let year = s.date.split('-').next().unwrap_or_default().to_string();
        let fields = [
            ("author", braced(publisher(s))),
            ("title", braced(&s.text)),
            ("year", year),
            ("date", s.date.clone()),
            ("url", s.url.clone()),
            ("note", note),
        ];
        entry("misc", &key, &fields);
    }
    out
}

/// A text of YAML in double quotes: JSON's are among them.
fn quoted(text: &str) -> String {
    terminal::safe_json(&Value::from(text).to_string()).into_owned()
}

fn cff(cited: &Cited) -> String {
    let mut out = format!(
        "cff-version: 1.2.0\nmessage: {}\ntype: software\ntitle: ripstop\n",
        quoted(&format!("References of a run: {}", cited.title))
    );
    let _ = write!(out, "version: {}\nauthors:\n  - name: ripstop developers\nreferences:\n", quoted(&cited.version));
    for a in &cited.models {
        let _ = write!(out, "  - type: article\n    title: {}\n    authors:\n", quoted(a.title));
        for (family, given) in a.authors {
            let _ = write!(out, "      - family-names: {}\n        given-names: {}\n", quoted(family), quoted(given));
        }
        let _ = write!(out, "    journal: {}\n    year: {}\n    doi: {}\n", quoted(a.journal), a.year, quoted(a.doi));
    }
    for s in &cited.statements {
        let _ = write!(out, "  - type: generic\n    title: {}\n    authors:\n      - name: {}\n", quoted(&s.text), quoted(publisher(s)));
        if let Some(year) = s.date.split('-').next().filter(|year| !year.is_empty()) {
            let _ = writeln!(out, "    year: {year}");
        }
        if !s.url.is_empty() {
            let _ = writeln!(out, "    url: {}", quoted(&s.url));
        }
    }
    out
}

fn as_json(cited: &Cited) -> Value {
    let model = |a: &Article| {
        json!({
            "key": a.key, "authors": names(a), "title": a.title, "journal": a.journal, "volume": a.volume, "pages": a.pages, "year": a.year,
            "doi": a.doi, "used_for": a.used_for,
        })
    };
    let source = |s: &Statement| json!({ "id": s.id, "statement": s.text, "publisher": s.publisher, "date": s.date, "url": s.url, "grade": s.grade });
    json!({
        "software": { "name": "ripstop", "version": cited.version }, "case": cited.title,
        "models": cited.models.iter().map(model).collect::<Vec<_>>(), "sources": cited.statements.iter().map(source).collect::<Vec<_>>(),
    })
}
