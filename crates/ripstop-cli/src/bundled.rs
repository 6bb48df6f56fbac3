//! The cases in the binary: `ripstop cases`, `ripstop demo`, and copies for `ripstop new --from`.

use std::path::Path;

use ripstop_case::{Limits, load_files, near_miss};

use crate::{CasesArgs, Failure, print};

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
        let days = case.meta.end - case.meta.start + 1;
        list.push((bundled.name, case.table("firms").rows(), days, case.scenarios.len(), case.meta.title));
    }
    if arguments.json {
        let one = |(name, firms, days, scenarios, title): &(&str, usize, i32, usize, String)| serde_json::json!({ "name": name, "title": title, "firms": firms, "days": days, "scenarios": scenarios });
        let text = serde_json::to_string_pretty(&list.iter().map(one).collect::<Vec<_>>()).map_err(|e| Failure::Bug(e.to_string()))?;
        print(&format!("{text}\n"));
        return Ok(());
    }
    let width = list.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let mut text = format!("{:width$}  firms  days  what it is\n", "case");
    for (name, firms, days, _, title) in &list {
        let room = 80_usize.saturating_sub(width + 15);
        let short: String =
            if title.chars().count() > room { title.chars().take(room - 1).chain(['…']).collect() } else { title.clone() };
        text.push_str(&format!("{name:width$} {firms:>6} {days:>5}  {short}\n"));
    }
    text.push_str(
        "Copy one with `ripstop new DIR --from NAME`; `ripstop demo` runs the first question.\n"
            .replace("the first question", "sinuiju-2020")
            .as_str(),
    );
    print(&text);
    Ok(())
}

/// Writes the files of a bundled case into a folder that is there.
pub fn write(case: &Bundled, dir: &Path) -> std::io::Result<()> {
    case.files.iter().try_for_each(|(name, bytes)| {
        let path = dir.join(name);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, bytes)
    })
}
