//! The cases in the binary: `ripstop cases`, `ripstop demo`, and copies for `ripstop new --from`.

use std::path::Path;

use ripstop_case::{Limits, load_files, near_miss};

use crate::account::words::{hanging, paragraph};
use crate::{CasesArgs, Failure, print, terminal};

/// A case in the binary.
pub struct Bundled {
    /// Its folder under `cases/`.
    pub name: &'static str,
    /// Names and bytes of its files.
    pub files: &'static [(&'static str, &'static [u8])],
}

include!(concat!(env!("OUT_DIR"), "/bundled.rs"));

impl Bundled {
    fn owned(&self) -> Vec<(String, Vec<u8>)> {
        self.files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
    }
}

/// The bundled case of a name: its folder, the last part of it, or a path that ends so.
pub fn find(name: &str) -> Option<&'static Bundled> {
    let name = name.trim_end_matches('/').trim_start_matches("./");
    let name = name.strip_prefix("cases/").unwrap_or(name);
    CASES.iter().find(|case| case.name == name).or_else(|| CASES.iter().find(|case| case.name.rsplit('/').next() == Some(name)))
}

/// The name nearest to one that is not there.
pub fn near(name: &str) -> Option<&'static str> {
    let last = name.trim_end_matches('/').rsplit('/').next().unwrap_or(name);
    let names = || CASES.iter().map(|case| case.name);
    near_miss(last, names()).or_else(|| {
        let found = near_miss(last, names().map(|name| name.rsplit('/').next().unwrap_or(name)))?;
        names().find(|name| name.ends_with(found))
    })
}

/// Lists the bundled cases.
pub fn cases(arguments: &CasesArgs) -> Result<(), Failure> {
    let mut list = Vec::new();
    for bundled in CASES {
        let loaded = load_files(bundled.name, &bundled.owned(), &Limits::DEFAULT);
        let Some(case) = loaded.case else {
            return Err(Failure::Bug(format!("the bundled case {} cannot be read", bundled.name)));
        };
        list.push(Listed {
            name: bundled.name,
            title: case.meta.title.clone(),
            question: case.meta.question.clone().unwrap_or_default(),
            firms: case.table("firms").rows(),
            days: case.meta.end - case.meta.start + 1,
            scenarios: case.scenarios.len(),
        });
    }
    if arguments.json {
        return terminal::print_json(&list.iter().map(Listed::json).collect());
    }
    let mut text: String = list.iter().map(Listed::told).collect();
    text.push_str("Copy one with `ripstop new DIR --from NAME`; `ripstop demo` runs sinuiju-2020.\n");
    print(&text);
    Ok(())
}

/// What is said of a bundled case.
struct Listed {
    name: &'static str,
    title: String,
    question: String,
    firms: usize,
    days: i32,
    scenarios: usize,
}

impl Listed {
    fn json(&self) -> serde_json::Value {
        let Self { name, title, question, firms, days, scenarios } = self;
        serde_json::json!({ "name": name, "title": title, "question": question, "firms": firms, "days": days, "scenarios": scenarios })
    }

    /// The case in a few lines of at most 80 columns.
    fn told(&self) -> String {
        let size =
            format!("{} firms, {} days, {} scenario{}", self.firms, self.days, self.scenarios, if self.scenarios == 1 { "" } else { "s" });
        let title = hanging(&format!("{}: {}", self.name, self.title), 0, 4);
        title + &paragraph(&format!("{} ({size})", self.question), 4)
    }
}

/// Writes the files of a bundled case into a folder that is there.
pub fn write(case: &Bundled, dir: &Path) -> std::io::Result<()> {
    case.files.iter().try_for_each(|(name, bytes)| {
        let path = dir.join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, bytes)
    })
}
