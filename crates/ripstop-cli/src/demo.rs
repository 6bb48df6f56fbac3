//! `ripstop demo`: the flagship case from the binary, run in a folder of its own.

use std::path::Path;
use std::process::{Command, Stdio};

use clap::Parser;

use crate::{Cli, DemoArgs, Failure, bundled, new, print, run};

/// The case that is shown.
const CASE: &str = "sinuiju-2020";

/// Copies, runs, and says where to look.
pub fn demo(arguments: &DemoArgs) -> Result<(), Failure> {
    let (case, out) = (arguments.dir.join(CASE), arguments.dir.join("results"));
    if !case.join("case.toml").exists() {
        let bundled = bundled::find(CASE).ok_or_else(|| Failure::Bug(format!("the binary holds no case {CASE}")))?;
        new::in_place(&case, |fresh| bundled::write(bundled, fresh))?;
    }
    // The arguments a reader would give, so that the run's manifest repeats them.
    let words = ["ripstop".into(), "run".into(), case.clone().into_os_string(), "--out".into(), out.clone().into_os_string()];
    match Cli::try_parse_from(words).map(|cli| cli.command) {
        Ok(crate::Command::Run(arguments)) => run::run(&arguments)?,
        _ => return Err(Failure::Bug("the demo's own arguments are not understood".to_owned())),
    }
    let page = out.join("report.html");
    let opened = page.exists() && !arguments.no_open && open(&page);
    let look = match (page.exists(), opened) {
        (true, true) => format!("The report is open in your browser: {}\n", page.display()),
        (true, false) => format!("Open {} in a browser.\n", page.display()),
        (false, _) => String::new(),
    };
    print(&format!("{look}The case is in {0}: change a number, then `ripstop run {0}`.\n", case.display()));
    Ok(())
}

/// Whether the system's own way to open a page was started; never where nobody watches.
fn open(page: &Path) -> bool {
    use std::io::IsTerminal;
    if !std::io::stdout().is_terminal() {
        return false;
    }
    let (program, first) = if cfg!(target_os = "macos") {
        ("open", None)
    } else if cfg!(target_os = "windows") {
        ("cmd", Some(["/C", "start", ""]))
    } else {
        ("xdg-open", None)
    };
    let quiet = Command::new(program)
        .args(first.into_iter().flatten())
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    quiet.is_ok()
}
