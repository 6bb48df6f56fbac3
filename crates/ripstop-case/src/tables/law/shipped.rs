//! The shipped rule book.

use std::sync::OnceLock;

use super::read::read_law;
use super::rules::Law;
use crate::language::diagnostic::Diagnostic;
use crate::read::bytes::Source;

/// Files of the shipped rule book.
pub type Shipped = (&'static str, &'static str);

/// The shipped rule book, file by file.
pub static FILES: &[Shipped] = &[
    ("rules/un.toml", include_str!("../../../rules/un.toml")),
    ("rules/china.toml", include_str!("../../../rules/china.toml")),
    ("rules/korea-japan.toml", include_str!("../../../rules/korea-japan.toml")),
    ("rules/us.toml", include_str!("../../../rules/us.toml")),
    ("rules/uk-canada.toml", include_str!("../../../rules/uk-canada.toml")),
];

/// The shipped rule book.
///
/// # Panics
/// If one of its own files has a fault: a test reads them all.
pub fn shipped() -> &'static Law {
    static LAW: OnceLock<Law> = OnceLock::new();
    LAW.get_or_init(|| {
        let mut law = Law::default();
        let mut faults: Vec<Diagnostic> = Vec::new();
        for (name, text) in FILES {
            let source = Source::new(name, (*text).to_owned());
            law.rules.extend(read_law(&source, &Default::default(), &mut faults));
        }
        assert!(faults.is_empty(), "the shipped rule book has faults: {faults:#?}");
        law.rules.iter_mut().for_each(|rule| rule.shipped = true);
        law
    })
}
