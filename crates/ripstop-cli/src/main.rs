//! The `ripstop` command: how a shock travels through a supply network.
//!
//! Exit codes: 0 done · 1 the input is wrong (diagnostics are printed) · 2 usage · 3 a bug, please report · 5 stopped by Ctrl-C, SIGTERM or SIGHUP,
//! with a checkpoint · 4 what `--fail-on` names was found.

mod account;
mod bundled;
mod check;
mod cite;
mod demo;
mod diff;
mod generate;
mod made;
mod named;
mod new;
mod problems;
mod read_on;
mod report;
mod reproduce;
mod rules;
mod run;
mod schema;
mod screen;
mod signals;
mod terminal;
mod what_if;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use ripstop_case::{Code, Policy, Setting, warning_named};

use terminal::{print, say};

/// How a shock travels through a supply network: who stops working, which goods are stranded where, who is not paid, and how sure we can be.
#[derive(Parser)]
#[command(name = "ripstop", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Simulate a case, day by day, with its counterfactual and draws over every uncertain number
    Run(RunArgs),
    /// Read a case and report every problem in one pass
    Check(CheckArgs),
    /// Say which contracts and shipments touch a rule, which paragraph, since when, on which facts
    Screen(ScreenArgs),
    /// Show the rules that come with ripstop, or check a file of your own
    #[command(subcommand)]
    Rules(RulesCommand),
    /// Make a small case that works, to be changed; or copy a bundled one
    New(NewArgs),
    /// List the cases that come with ripstop
    Cases(CasesArgs),
    /// Copy the flagship case, run it and say where to look
    Demo(DemoArgs),
    /// Make a network of firms from an input–output table, as a case that runs
    Generate(GenerateArgs),
    /// Print what every input means, as JSON Schema
    Schema(SchemaArgs),
    /// Make the page again from a run folder, or one page of several runs of a case
    Report(ReportArgs),
    /// Run again what a run folder was made from, and compare the results bit by bit
    Reproduce(ReproduceArgs),
    /// Say what differs between two run folders, in inputs and results
    Diff(DiffArgs),
    /// Say what to cite for a run: software, models, sources
    Cite(CiteArgs),
}

/// Arguments of `run`.
#[derive(clap::Args)]
struct RunArgs {
    /// Folder of the case
    case: PathBuf,
    /// Scenario [default: the case's own]
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Set a parameter for this run, as a what-if of the scenario: a number, a date, a word or `none`; may be given for several
    #[arg(long, value_name = "NAME=VALUE", value_parser = what_if::setting)]
    set: Vec<(String, Setting)>,
    /// Day the results are read on [default: the case's own, `as_of`]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Folder of the results [default: runs/<case>/<scenario>, with --set and --as-of one of its own]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Threads for the draws [default: all processors]; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Draws over the uncertain numbers [default: the case's own]; 0 for none
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    draws: Option<u32>,
    /// Seed of the draws [default: the case's own]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Format of the series
    #[arg(long, value_enum, default_value_t = SeriesFormat::Parquet)]
    format: SeriesFormat,
    /// What is recorded [default: full, and sectors where that would be more than ten million points]
    #[arg(long, value_enum, value_name = "LEVEL")]
    record: Option<RecordLevel>,
    /// Set what others published beside the run: shares, ratios and naive guesses, with what each comparison cannot show
    #[arg(long)]
    evidence: bool,
    /// Print the summary as JSON instead of text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    warnings: WarningArgs,
    /// Leave report.html out
    #[arg(long)]
    no_report: bool,
    /// Go on from the checkpoint that a stopped run of the same results folder has left
    #[arg(long)]
    resume: bool,
    /// Write a checkpoint after every so many simulated days too, scenario and counterfactual counted together [default: once a minute]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..))]
    checkpoint_every: Option<u64>,
}

/// Arguments of `reproduce`.
#[derive(clap::Args)]
struct ReproduceArgs {
    /// Folder of the results
    out: PathBuf,
    /// Folder of the case [default: the copy of the inputs in the results, else where the case was]
    #[arg(long, value_name = "DIR")]
    case: Option<PathBuf>,
    /// Print what was compared as JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `diff`.
#[derive(clap::Args)]
struct DiffArgs {
    /// Folder of the one run
    a: PathBuf,
    /// Folder of the other
    b: PathBuf,
    /// Print the differences as JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `cite`.
#[derive(clap::Args)]
struct CiteArgs {
    /// Folder of the results
    out: PathBuf,
    /// How it is written
    #[arg(long, value_enum, default_value_t = CiteFormat::Text)]
    format: CiteFormat,
}

/// How `cite` writes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CiteFormat {
    /// To read
    Text,
    /// BibTeX
    Bibtex,
    /// Citation File Format
    Cff,
    /// JSON
    Json,
}

/// Arguments of `check`.
#[derive(clap::Args)]
struct CheckArgs {
    /// Folder of the case
    case: PathBuf,
    /// Print the problems as JSON, one object a problem, as editors read them
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    warnings: WarningArgs,
}

/// Arguments of `screen`.
#[derive(clap::Args)]
struct ScreenArgs {
    /// Folder of the case
    case: PathBuf,
    /// Scenario [default: the case's own]
    #[arg(long, value_name = "NAME")]
    scenario: Option<String>,
    /// Ask these rules, with commas between them, or `all` [default: those in force in the scenario]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    rules: Vec<String>,
    /// Show one contract with its facts and exemptions
    #[arg(long, value_name = "ID")]
    contract: Option<String>,
    /// End with code 4 if a finding has one of these outcomes, with commas between them
    #[arg(long, value_name = "OUTCOME", value_delimiter = ',')]
    fail_on: Vec<String>,
    /// Print the findings as JSON, as findings.json of a run
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    warnings: WarningArgs,
}

/// What to do with rules.
#[derive(Subcommand)]
enum RulesCommand {
    /// List the rules that come with ripstop
    List {
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one rule in full: tests, dates, exemptions, sources, how far it was checked
    Explain {
        /// Its name
        id: String,
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a law file of your own
    Check {
        /// The file
        file: PathBuf,
        /// Print the problems as JSON
        #[arg(long)]
        json: bool,
    },
}

/// Arguments of `new`.
#[derive(clap::Args)]
struct NewArgs {
    /// Folder to make
    dir: PathBuf,
    /// Copy this bundled case or case folder instead
    #[arg(long, value_name = "CASE", conflicts_with_all = ["title", "kind", "start", "days", "currency", "maker_country", "client_country"])]
    from: Option<String>,
    /// Ask nothing, take the usual
    #[arg(long, short)]
    yes: bool,
    /// Title
    #[arg(long)]
    title: Option<String>,
    /// What kind of network
    #[arg(long, value_enum)]
    kind: Option<new::Kind>,
    /// First day
    #[arg(long, value_name = "YYYY-MM-DD")]
    start: Option<String>,
    /// Number of days
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(i64::from(new::DAYS_MIN)..=3650))]
    days: Option<u32>,
    /// Currency of the accounts
    #[arg(long, value_name = "USD")]
    currency: Option<String>,
    /// Country of the maker
    #[arg(long, value_name = "XX")]
    maker_country: Option<String>,
    /// Country on the other side of the border
    #[arg(long, value_name = "YY")]
    client_country: Option<String>,
}

/// Arguments of `cases`.
#[derive(clap::Args)]
struct CasesArgs {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `demo`.
#[derive(clap::Args)]
struct DemoArgs {
    /// Folder for the case and its results
    #[arg(default_value = "ripstop-demo")]
    dir: PathBuf,
    /// Do not open the report in a browser
    #[arg(long)]
    no_open: bool,
}

/// Arguments of `generate`.
#[derive(clap::Args)]
struct GenerateArgs {
    /// Number of firms
    #[arg(long, value_name = "N")]
    firms: usize,
    /// Number of links: who sells to whom
    #[arg(long, value_name = "L")]
    links: usize,
    /// Input–output table (CSV) [default: 8 regions and 35 sectors in 2011, from the World Input-Output Database]
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
    /// Seed: the same makes the same network
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder of the case to make
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Exponent of the tail of suppliers per firm
    #[arg(long, value_name = "X", default_value_t = 1.35)]
    suppliers_tail: f64,
    /// Exponent of the tail of customers per firm
    #[arg(long, value_name = "X", default_value_t = 1.26)]
    customers_tail: f64,
    /// Exponent of the tail of firm sizes
    #[arg(long, value_name = "X", default_value_t = 1.06)]
    size_tail: f64,
    /// Sector whose largest firms stop in the scenario `shock` [default: the most traded between regions]
    #[arg(long, value_name = "SECTOR")]
    shock_sector: Option<String>,
    /// How many firms stop in the scenario `shock`
    #[arg(long, value_name = "N", default_value_t = 10)]
    shock_firms: usize,
    /// Days of the case
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: u32,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Arguments of `schema`.
#[derive(clap::Args)]
struct SchemaArgs {
    /// One table, `case.toml` or `claims.toml` [default: all]
    name: Option<String>,
}

/// What becomes of warnings.
#[derive(clap::Args)]
struct WarningArgs {
    /// Treat every warning as an error, or those named: --strict=unused-parameter,outside-case
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "", value_parser = warning_names)]
    strict: Vec<WarningNames>,
    /// Leave these warnings out: --allow=uncited-source
    #[arg(long, value_name = "NAME", require_equals = true, value_parser = warning_names)]
    allow: Vec<WarningNames>,
}

/// Warnings named in one argument.
#[derive(Clone)]
struct WarningNames(Vec<Code>);

/// Names (or codes) of warnings with commas between them.
fn warning_names(text: &str) -> Result<WarningNames, String> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(warning_named).collect::<Result<_, _>>().map(WarningNames)
}

impl WarningArgs {
    fn policy(&self) -> Policy {
        let codes = |named: &[WarningNames]| named.iter().flat_map(|names| names.0.iter().copied()).collect();
        let strict = self.strict.iter().any(|names| names.0.is_empty());
        Policy { strict, promoted: codes(&self.strict), allowed: codes(&self.allow) }
    }
}

/// Arguments of `report`.
#[derive(clap::Args)]
struct ReportArgs {
    /// Folders of runs of one case; the first is shown first
    #[arg(required = true, value_name = "OUT")]
    runs: Vec<PathBuf>,
    /// The page [default: report.html in the folder of the run, or beside those of several]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// GeoJSON with borders to draw in place of the built-in ones
    #[arg(long, value_name = "FILE")]
    boundaries: Option<PathBuf>,
}

/// Format of the series.
#[derive(Clone, Copy, ValueEnum)]
enum SeriesFormat {
    /// series.parquet
    Parquet,
    /// series.csv
    Csv,
}

/// What a run records.
#[derive(Clone, Copy, ValueEnum)]
enum RecordLevel {
    /// Totals a day
    Totals,
    /// Totals, and sums by sector, place and country
    Sectors,
    /// Every firm, line, contract and product
    Full,
}

impl RecordLevel {
    fn word(self) -> &'static str {
        match self {
            Self::Totals => "totals",
            Self::Sectors => "sectors",
            Self::Full => "full",
        }
    }
}

/// Why a command ends without success.
enum Failure {
    /// The input is wrong; what is wrong has been said.
    Input,
    /// The input is wrong; this says what.
    Message(anyhow::Error),
    /// The same, with a code and how to mend it.
    Coded(ripstop_case::Code, String),
    /// What `--fail-on` names was found.
    Met(String),
    /// It was asked to stop; this says how to go on.
    Stopped(String),
    /// The audit does not balance or another promise of ours is broken.
    Bug(String),
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Message(error)
    }
}

impl From<ripstop_study::output::OutputError> for Failure {
    fn from(error: ripstop_study::output::OutputError) -> Self {
        Self::Coded(error.code(), error.to_string())
    }
}

impl From<ripstop_study::checkpoint::CheckpointError> for Failure {
    fn from(error: ripstop_study::checkpoint::CheckpointError) -> Self {
        Self::Coded(error.code(), error.to_string())
    }
}

const REPORT: &str = "This is a bug in ripstop, not in your case. Please report it with the command line and the case folder.";

fn main() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| say(&format!("ripstop: {panic}\n{REPORT}"))));
    let done = std::panic::catch_unwind(|| match Cli::try_parse() {
        Ok(cli) => command(&cli.command).map(|()| 0),
        Err(usage) => Ok(explain(&usage)),
    });
    let code = match done {
        Ok(Ok(code)) => code,
        Ok(Err(failure)) => tell(&failure),
        Err(_) => 3,
    };
    ExitCode::from(whole(code))
}

fn command(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Run(arguments) => run::run(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Screen(arguments) => screen::screen(arguments),
        Command::Rules(command) => rules::rules(command),
        Command::New(arguments) => new::new(arguments),
        Command::Cases(arguments) => bundled::cases(arguments),
        Command::Demo(arguments) => demo::demo(arguments),
        Command::Generate(arguments) => generate::generate(arguments),
        Command::Schema(arguments) => schema::schema(arguments),
        Command::Report(arguments) => report::report(arguments),
        Command::Reproduce(arguments) => reproduce::reproduce(arguments),
        Command::Diff(arguments) => diff::diff(arguments),
        Command::Cite(arguments) => cite::cite(arguments),
    }
}

/// Prints help, the version or what is wrong with the arguments; returns the exit code.
fn explain(usage: &clap::Error) -> u8 {
    let hostile = std::env::args_os().any(|word| word.to_string_lossy().contains(terminal::is_unsafe));
    let text = || usage.render().to_string();
    match (hostile, usage.use_stderr()) {
        (true, true) => terminal::ask(&text()),
        (true, false) => print(&text()),
        // In colours where somebody watches.
        (false, true) => terminal::note("standard error", usage.print()),
        (false, false) => {
            use std::io::Write;
            terminal::note("standard output", usage.print().and_then(|()| std::io::stdout().flush()));
        }
    }
    u8::try_from(usage.exit_code()).unwrap_or(2)
}

/// Says why a command ended without success; returns the exit code.
fn tell(failure: &Failure) -> u8 {
    match failure {
        Failure::Input => return 1,
        Failure::Message(error) => say(&format!("ripstop: {error:#}")),
        Failure::Coded(code, what) => say(&format!("error[{}]: {what}\n  help: {}", code.id(), code.fix())),
        Failure::Met(what) => say(&format!("ripstop: {what}")),
        Failure::Stopped(how) => say(how),
        Failure::Bug(what) => say(&format!("ripstop: {what}\n{REPORT}")),
    }
    match failure {
        Failure::Met(_) => 4,
        Failure::Stopped(_) => signals::STOPPED,
        Failure::Bug(_) => 3,
        Failure::Input | Failure::Message(_) | Failure::Coded(..) => 1,
    }
}

/// The exit code of a command whose words may be lost: it is no success then, and any other failure goes first.
fn whole(code: u8) -> u8 {
    let Some(lost) = terminal::lost() else { return code };
    say(&format!("ripstop: cannot write {}: {}", lost.stream, lost.error));
    if code == 0 { 1 } else { code }
}
