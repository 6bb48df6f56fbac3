//! What a reader has set on top of a case.

/// A parameter that a reader has set, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub name: String,
    /// The value it has now.
    pub value: String,
    /// The value it had in the scenario.
    pub was: String,
}

impl std::fmt::Display for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={} (was {})", self.name, self.value, self.was)
    }
}

/// What a reader has set, in one line: `lead=7 (was 3), limit=25 (was none)`.
pub fn in_words(changed: &[Changed]) -> String {
    let each: Vec<String> = changed.iter().map(Changed::to_string).collect();
    each.join(", ")
}
