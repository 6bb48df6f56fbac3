//! The page of the shipped rule book, docs/rule-book.md: made from the rules by a test.

use std::fmt::Write;

use crate::study::tell::explain;
use ripstop_case::tables::law::rules::LawRule;
use ripstop_case::tables::law::shipped::shipped;

/// The page.
pub fn rule_book_page() -> String {
    let mut text = String::from(
        "<!-- Made from crates/ripstop-case/rules by a test; change it there: RIPSTOP_BLESS=1 cargo test -p ripstop-cli --test rules -->\n# The shipped rule book\n\nThese rules come with ripstop. They are data for analysis, not legal advice; how far each was checked stands beside it. What the words mean:\n[rules.md](rules.md). A case takes them with `rules = [\"ID\", …]` in `case.toml`, or `[\"all\"]`.\n\n| rule | holds from | checked by | what it is |\n|---|---|---|---|\n",
    );
    for rule in &shipped().rules {
        let day = ripstop_case::date_of(rule.in_force.day());
        let _ = writeln!(text, "| [`{}`](#{}) | {day} | {} | {} |", rule.id, rule.id.to_lowercase(), rule.verified, rule.title);
    }
    let mut authority = "";
    for rule in &shipped().rules {
        if rule.authority != authority {
            authority = &rule.authority;
            let _ = write!(text, "\n## {authority}\n");
        }
        one(&mut text, rule);
    }
    text
}

fn one(text: &mut String, rule: &LawRule) {
    let _ = write!(text, "\n### {}\n\n{}.\n\n", rule.id, rule.title);
    for line in explain(rule).0.iter().skip(1) {
        let _ = writeln!(text, "- {line}");
    }
}
