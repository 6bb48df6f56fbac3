//! A case: a folder read in one pass, with every problem named.

use crate::checks;
use crate::claims::{self, ClaimRow};
use crate::columns::{Context, read_table};
use crate::diagnostic::{Code, Diagnostic, Policy, Position, Severity, near_miss};
use crate::names::{KeyIndex, Names, table_index};
use crate::parameters::{ParamId, Parameters};
use crate::read::{RawTable, Source, read_file, whole_file};
use crate::schema::TABLES;
use crate::settings::{self, Manifest};
use crate::table::Table;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the case is.
#[derive(Clone, Debug)]
pub struct CaseMeta {
    /// Name.
    pub id: String,
    /// Title for readers.
    pub title: String,
    /// The question it answers.
    pub question: Option<String>,
    /// First day, in days since 1970-01-01.
    pub start: i32,
    /// Last day, inclusive.
    pub end: i32,
    /// Day the results are read.
    pub as_of: i32,
    /// Currency of the accounts.
    pub currency: String,
    /// Model that runs it.
    pub model: String,
    /// Scenario run when none is named.
    pub default_scenario: String,
}

/// Stocks and goods on the way on the first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartState {
    /// As if the network had always run.
    Steady,
    /// None.
    Empty,
    /// What a time before the first day leaves, simulated from empty and discarded.
    WarmUp,
}

/// What restocking plans for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Expected demand.
    Demand,
    /// Yesterday's output.
    Realised,
}

/// How the model runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Stocks on the first day.
    pub start_state: StartState,
    /// Days simulated before the first day ([`StartState::WarmUp`] only).
    pub warm_up_days: u32,
    /// Classes served first where tonnes or goods are short; those not named come last together.
    pub class_priority: Vec<String>,
    /// What restocking plans for.
    pub plan: Plan,
    /// Time over which expected demand follows orders, days.
    pub expect_days: f64,
    /// Samples over the ranged rows.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

/// A named set of events and parameter values.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// Title for readers; the name when none is given.
    pub title: String,
    /// What is assumed.
    pub about: String,
    /// Parameters it fixes, in itself and in its counterfactual.
    pub overrides: Vec<Override>,
    /// Where its name stands.
    pub position: Position,
}

/// A parameter fixed by a scenario.
#[derive(Clone, Debug)]
pub struct Override {
    /// The parameter.
    pub parameter: ParamId,
    /// Its value; dates in days, words by their index.
    pub value: f64,
    /// Where the value stands.
    pub position: Position,
}

/// A case without errors.
#[derive(Debug)]
pub struct Case {
    /// The folder.
    pub dir: PathBuf,
    /// What it is.
    pub meta: CaseMeta,
    /// How it runs.
    pub settings: Settings,
    /// Scenarios in file order.
    pub scenarios: Vec<Scenario>,
    /// Parameters.
    pub parameters: Parameters,
    /// Claims in file order.
    pub claims: Vec<ClaimRow>,
    /// Files read: path relative to the folder and blake3 hash of the bytes.
    pub files: Vec<(String, String)>,
    /// Sectors of firms, what [`crate::SelectorKind::Sector`] counts.
    pub sectors: Vec<String>,
    /// Markets of demand, what [`crate::SelectorKind::Market`] counts.
    pub markets: Vec<String>,
    /// Countries of places and groups, what [`crate::SelectorKind::Country`] counts.
    pub countries: Vec<String>,
    /// The case's currency, then those of exchange_rates, what [`crate::SelectorKind::Currency`] counts.
    pub currencies: Vec<String>,
    pub(crate) tables: Vec<Table>,
    /// Where the setting `start_state` stands, or would.
    pub(crate) start_state_at: Position,
    /// Where `end` stands.
    pub(crate) end_at: Position,
}

impl Case {
    /// A table of the schema; an optional one without file has no rows.
    ///
    /// # Panics
    /// When the schema has no such table: a mistake in this program.
    pub fn table(&self, name: &str) -> &Table {
        &self.tables[table_index(name)]
    }

    /// Every table, in the schema's order.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// First day that is simulated: the case's, or that of its warm-up.
    pub fn first_simulated(&self) -> i32 {
        let before = if self.settings.start_state == StartState::WarmUp { self.settings.warm_up_days as i32 } else { 0 };
        self.meta.start.saturating_sub(before)
    }

    /// The scenario of that name.
    pub fn scenario(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }
}

/// What loading a case gave.
#[derive(Debug)]
pub struct Loaded {
    /// The case, when it has no errors.
    pub case: Option<Case>,
    /// Every problem, by file, line and column.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts of the files, to show the problems in.
    pub sources: Vec<Arc<Source>>,
}

impl Loaded {
    /// Number of errors.
    pub fn errors(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }

    /// Number of warnings.
    pub fn warnings(&self) -> usize {
        self.diagnostics.len() - self.errors()
    }

    /// Adds what the engine refuses ([`crate::refusals`]), if the files are without errors.
    pub fn refuse(&mut self) {
        if let Some(case) = &self.case {
            self.diagnostics.extend(crate::refusals::refusals(case));
            sort(&mut self.diagnostics);
            self.settle();
        }
    }

    /// Makes errors of warnings, or leaves them out, as asked; a case with errors is none.
    pub fn apply(&mut self, policy: &Policy) {
        policy.apply(&mut self.diagnostics);
        self.settle();
    }

    fn settle(&mut self) {
        if self.errors() > 0 {
            self.case = None;
        }
    }

    /// The text of a file.
    pub fn source(&self, file: &Path) -> Option<&Source> {
        self.sources.iter().find(|source| source.path == file).map(Arc::as_ref)
    }
}

/// Reads the case in `dir` and checks it; every problem of every file is found in one pass.
pub fn load(dir: &Path) -> Loaded {
    let mut loader = Loader { dir, diagnostics: Vec::new(), sources: Vec::new(), files: Vec::new() };
    let case = loader.case();
    let Loader { mut diagnostics, sources, .. } = loader;
    sort(&mut diagnostics);
    diagnostics.dedup();
    let faultless = diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning);
    Loaded { case: case.filter(|_| faultless), diagnostics, sources }
}

/// By file, line and column.
fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|a, b| {
        let place = |d: &Diagnostic| (d.file.clone(), d.line, d.column, d.code);
        place(a).cmp(&place(b))
    });
}

struct Loader<'a> {
    dir: &'a Path,
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Arc<Source>>,
    files: Vec<(String, String)>,
}

impl Loader<'_> {
    /// `None` when the folder is no case at all: then its tables are not looked for.
    fn case(&mut self) -> Option<Case> {
        let source = self.read("case.toml", true);
        if source.is_none() && !self.dir.is_dir() {
            return None;
        }
        let mut manifest = match source {
            Some(source) => settings::read(&source, &self.folder(), &mut self.diagnostics),
            None => settings::missing(&mut self.diagnostics),
        };
        let raws: Vec<RawTable> = TABLES.iter().map(|spec| self.raw_table(spec)).collect();
        let scenario_names = manifest.scenarios.iter().map(|draft| draft.name.clone()).collect();
        let names = Names::build(&raws, scenario_names, &manifest.meta.currency, &mut self.diagnostics);
        let mut parameters = Parameters::read(&raws[table_index("parameters")], &names, &mut self.diagnostics);
        let drafts = std::mem::take(&mut manifest.scenarios);
        let scenarios = drafts.into_iter().map(|draft| draft.resolve(&parameters, &mut self.diagnostics)).collect();
        let mut context = Context { names: &names, parameters: &mut parameters, diagnostics: &mut self.diagnostics };
        let tables = raws.iter().map(|raw| read_table(raw, &mut context)).collect();
        let claims = match self.read("claims.toml", false) {
            Some(source) => claims::read(&source, &names, &mut self.diagnostics),
            None => Vec::new(),
        };
        self.unknown_files();
        let case = self.assemble(manifest, scenarios, parameters, claims, tables, names);
        Some(case)
    }

    fn assemble(
        &mut self,
        manifest: Manifest,
        scenarios: Vec<Scenario>,
        parameters: Parameters,
        claims: Vec<ClaimRow>,
        mut tables: Vec<Table>,
        names: Names,
    ) -> Case {
        let unreadable: Vec<bool> = TABLES.iter().map(|spec| !names.readable(spec.name)).collect();
        let (sectors, markets) = (names.sectors.clone(), names.markets.clone());
        let (countries, currencies) = (names.countries.clone(), names.currencies.clone());
        let indexes: Vec<KeyIndex> = names.into_indexes();
        for (table, keys) in tables.iter_mut().zip(indexes) {
            table.keys = keys;
        }
        let places = checks::Places {
            start_state: manifest.start_state_at,
            end: manifest.end_at,
            plan: manifest.plan_at,
            as_of: manifest.as_of_at,
            warm_up_days: manifest.warm_up_days_at,
            class_priority: manifest.class_priority_at,
        };
        let case = Case {
            dir: self.dir.to_path_buf(),
            meta: manifest.meta,
            settings: manifest.settings,
            files: std::mem::take(&mut self.files),
            scenarios,
            parameters,
            claims,
            sectors,
            markets,
            countries,
            currencies,
            tables,
            start_state_at: places.start_state.clone(),
            end_at: places.end.clone(),
        };
        checks::check(&case, &places, &unreadable, &mut self.diagnostics);
        case
    }

    fn folder(&self) -> String {
        let full = self.dir.canonicalize().unwrap_or_else(|_| self.dir.to_path_buf());
        full.file_name().map_or_else(|| "case".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    fn read(&mut self, file: &str, required: bool) -> Option<Arc<Source>> {
        let read = read_file(self.dir, file, required, &mut self.diagnostics)?;
        self.files.push((file.to_owned(), read.hash));
        self.sources.push(read.source.clone());
        Some(read.source)
    }

    fn raw_table(&mut self, spec: &'static crate::schema::TableSpec) -> RawTable {
        let before = self.diagnostics.len();
        match self.read(spec.file, spec.required) {
            Some(source) => RawTable::parse(spec, source, &mut self.diagnostics),
            None => RawTable { unreadable: self.diagnostics.len() > before, ..RawTable::absent(spec) },
        }
    }

    /// A misspelt optional table would be silently left out.
    fn unknown_files(&mut self) {
        let entries = std::fs::read_dir(self.dir).into_iter().flatten().flatten();
        let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        let known: Vec<&str> = TABLES.iter().map(|spec| spec.file).chain(["case.toml", "claims.toml"]).collect();
        for name in names.iter().filter(|name| name.ends_with(".csv") || name.ends_with(".toml")) {
            if !known.contains(&name.as_str()) {
                let message = format!("{name} is not read");
                let near = near_miss(name, known.iter().copied());
                self.diagnostics.push(Diagnostic::new(Code::UnknownFile, &whole_file(name), message).suggest(near));
            }
        }
    }
}
