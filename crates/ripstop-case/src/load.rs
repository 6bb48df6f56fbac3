//! Reading a case: a folder in one pass, with every problem named.

use crate::check;
use crate::language::diagnostic::{Code, Diagnostic, Policy, Severity, near_miss};
use crate::language::limits::Limits;
use crate::language::schema::{TABLES, TableSpec};
use crate::read::bytes::{Folder, RawTable, Source, read_text, whole_file};
use crate::read::dialect;
use crate::read::parquet_file;
#[cfg(feature = "files")]
use crate::read::parquet_in as parquet;
#[cfg(not(feature = "files"))]
use crate::read::parquet_off as parquet;
use crate::tables::case::{Case, Places};
use crate::tables::claims::{self, ClaimRow};
use crate::tables::columns::{Context, read_table};
use crate::tables::law::read::CaseLaw;
use crate::tables::law::read::read_case_law;
use crate::tables::links::{self, Links};
use crate::tables::names::{KeyIndex, Names, table_index};
use crate::tables::parameters::{Parameters, Scenario};
use crate::tables::settings::{self, Manifest};
use crate::tables::table::Table;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Endings of files that are read.
const READ_ENDINGS: &[&str] = &[".csv", ".toml", ".parquet"];
/// Endings of tables that other programs save and ripstop does not read.
const OTHER_ENDINGS: &[&str] = &[".xlsx", ".xls", ".xlsm", ".ods", ".numbers", ".tsv", ".feather"];

/// Endings that systems hide, so that the file looks right.
const TEXT_ENDINGS: &[&str] = &[".txt", ".csv", ".toml"];

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

    /// Adds what the engine refuses ([`crate::map::refusals`]), if the files are without errors.
    pub fn refuse(&mut self) {
        if let Some(case) = &self.case {
            self.diagnostics.extend(crate::map::refusals::refusals(case));
            sort(&mut self.diagnostics);
            self.settle();
        }
    }

    /// Adds what is doubtful of the start of the scenario that is run by default: a warm-up shorter than its longest chain, and output that
    /// drifts before the first event. It takes simulated days; a note is returned where these would be too many.
    pub fn measure_start(&mut self) -> Option<String> {
        let (found, note) = crate::map::start::doubts(self.case.as_ref()?);
        self.diagnostics.extend(found);
        sort(&mut self.diagnostics);
        self.settle();
        note
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
    load_within(dir, &Limits::DEFAULT)
}

/// [`load`] with limits of your own.
pub fn load_within(dir: &Path, limits: &Limits) -> Loaded {
    load_folder(dir, Folder::Disk(dir), limits)
}

/// [`load`] of files in memory, by name; `name` is what stands for the folder's.
pub fn load_files(name: &str, files: &[(String, Vec<u8>)], limits: &Limits) -> Loaded {
    load_folder(Path::new(name), Folder::Memory(files), limits)
}

fn load_folder(dir: &Path, folder: Folder, limits: &Limits) -> Loaded {
    let mut loader = Loader { dir, folder, limits, diagnostics: Vec::new(), sources: Vec::new(), files: Vec::new() };
    let case = loader.case();
    let Loader { mut diagnostics, sources, .. } = loader;
    sort(&mut diagnostics);
    leave_out(&mut diagnostics, limits.problems);
    let faultless = diagnostics.iter().all(|diagnostic| diagnostic.severity == Severity::Warning);
    Loaded { case: case.filter(|_| faultless), diagnostics, sources }
}

/// By file, line, column and code; each once.
fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let place = |d: &'_ Diagnostic| (d.line, d.column, d.code);
        a.file.cmp(&b.file).then_with(|| place(a).cmp(&place(b)))
    });
    diagnostics.dedup();
}

/// Keeps the first `most` problems of each file, errors before warnings, and says how many there are besides.
fn leave_out(diagnostics: &mut Vec<Diagnostic>, most: usize) {
    let mut files: Vec<(PathBuf, usize)> = Vec::new();
    for problem in diagnostics.iter() {
        match files.last_mut().filter(|(file, _)| *file == problem.file) {
            Some((_, count)) => *count += 1,
            None => files.push((problem.file.clone(), 1)),
        }
    }
    for (file, count) in files.into_iter().filter(|(_, count)| *count > most) {
        let errors = diagnostics.iter().filter(|d| d.file == file && d.severity == Severity::Error).count();
        let (mut errors_left, mut warnings_left) = (most.min(errors), most.saturating_sub(errors));
        diagnostics.retain(|problem| {
            let left = if problem.severity == Severity::Error { &mut errors_left } else { &mut warnings_left };
            let keep = problem.file != file || *left > 0;
            *left -= usize::from(keep && problem.file == file);
            keep
        });
        let message = format!("{} more problems of this file are not named", count - most);
        diagnostics.push(Diagnostic::new(Code::ProblemsLeftOut, &whole_file(&file.to_string_lossy()), message));
        sort(diagnostics);
    }
}

/// What the files of a case say, before it is checked.
struct Parts {
    scenarios: Vec<Scenario>,
    parameters: Parameters,
    claims: Vec<ClaimRow>,
    tables: Vec<Table>,
    links: Option<Links>,
    law: CaseLaw,
}

struct Loader<'a> {
    dir: &'a Path,
    folder: Folder<'a>,
    limits: &'a Limits,
    diagnostics: Vec<Diagnostic>,
    sources: Vec<Arc<Source>>,
    files: Vec<(String, String)>,
}

impl Loader<'_> {
    /// `None` when the folder is no case at all: then its tables are not looked for.
    fn case(&mut self) -> Option<Case> {
        let source = self.toml("case.toml", true);
        if source.is_none() && matches!(self.folder, Folder::Disk(dir) if !dir.is_dir()) {
            return None;
        }
        let mut manifest = match source {
            Some(source) => settings::read(&source, &self.name(), &mut self.diagnostics),
            None => settings::missing(&mut self.diagnostics),
        };
        let mut raws: Vec<RawTable> = TABLES.iter().map(|spec| self.raw_table(spec)).collect();
        if self.has_links() {
            self.shorthand(&mut raws, &manifest.meta.currency);
        }
        let scenario_names = manifest.scenarios.iter().map(|draft| draft.name.clone()).collect();
        let names = Names::build(&raws, scenario_names, &manifest.meta.currency, &mut self.diagnostics);
        let links = self.links(&raws, &names);
        let mut parameters = Parameters::read(&raws[table_index("parameters")], &names, &mut self.diagnostics);
        settings::resolve(&mut manifest.settings, &parameters, &mut self.diagnostics);
        let law = self.law(&manifest, &names, &parameters);
        let drafts = std::mem::take(&mut manifest.scenarios);
        let scenarios = settings::scenarios(drafts, &parameters, &law, &mut self.diagnostics);
        let links_here = self.has_links();
        let mut context = Context { names: &names, parameters: &mut parameters, links: links_here, diagnostics: &mut self.diagnostics };
        let tables = raws.iter().map(|raw| read_table(raw, &mut context)).collect();
        drop(raws);
        let claims = match self.toml("claims.toml", false) {
            Some(source) => claims::read(&source, &names, &mut self.diagnostics),
            None => Vec::new(),
        };
        self.unknown_files();
        let parts = Parts { scenarios, parameters, claims, tables, links, law };
        Some(self.assemble(manifest, parts, names))
    }

    fn assemble(&mut self, manifest: Manifest, parts: Parts, names: Names) -> Case {
        let Parts { scenarios, parameters, claims, mut tables, links, law } = parts;
        let unreadable: Vec<bool> = TABLES.iter().map(|spec| !names.readable(spec.name)).collect();
        let (sectors, markets) = (names.sectors.clone(), names.markets.clone());
        let (countries, currencies) = (names.countries.clone(), names.currencies.clone());
        let indexes: Vec<KeyIndex> = names.into_indexes();
        for (table, keys) in tables.iter_mut().zip(indexes) {
            table.keys = keys;
        }
        let places = Places {
            start_state: manifest.start_state_at,
            end: manifest.end_at,
            plan: manifest.plan_at,
            as_of: manifest.as_of_at,
            warm_up_days: manifest.warm_up_days_at,
            settle: manifest.settle_at,
            shares: manifest.shares_at,
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
            law,
            currencies,
            links,
            tables,
            start_state_at: places.start_state.clone(),
            end_at: places.end.clone(),
            places,
        };
        check::check(&case, &case.places, &unreadable, &mut self.diagnostics);
        case
    }

    /// Law of rules/*.toml and the shipped book, codes of rules/hs.csv, behaviour of behaviour/*.toml.
    fn law(&mut self, manifest: &Manifest, names: &Names, parameters: &Parameters) -> CaseLaw {
        let in_folder = |loader: &Self, folder: &str| -> Vec<String> {
            loader.folder.inside(folder).into_iter().filter(|name| name.ends_with(".toml")).collect()
        };
        let law: Vec<Arc<Source>> = in_folder(self, "rules").iter().filter_map(|file| self.toml(file, true)).collect();
        let behaviour: Vec<(String, Arc<Source>)> = in_folder(self, "behaviour")
            .iter()
            .filter_map(|file| {
                let name = file.trim_start_matches("behaviour/").trim_end_matches(".toml").to_owned();
                Some((name, self.toml(file, true)?))
            })
            .collect();
        let hs = self.hs_table();
        let asked = crate::tables::law::read::Asked { rules: &manifest.rules, law: &law, behaviour: &behaviour, hs };
        read_case_law(asked, names, parameters, &mut self.diagnostics)
    }

    /// Codes of goods that a case brings: `vintage,code,title`.
    fn hs_table(&mut self) -> crate::tables::law::hs::HsTable {
        let file = "rules/hs.csv";
        let rows = self.bytes(file, false, self.limits.table_bytes).map_or(Vec::new(), |bytes| {
            let source = Arc::new(read_text(file, &bytes, None, self.limits, &mut self.diagnostics));
            self.sources.push(source.clone());
            crate::tables::law::hs::read(&source, &mut self.diagnostics)
        });
        crate::tables::law::hs::HsTable::new(rows)
    }

    fn name(&self) -> String {
        let full = self.dir.canonicalize().unwrap_or_else(|_| self.dir.to_path_buf());
        full.file_name().map_or_else(|| "case".to_owned(), |name| name.to_string_lossy().into_owned())
    }

    /// The bytes of a file, hashed; `None` when it is not there or cannot be read (then diagnosed).
    fn bytes(&mut self, file: &str, required: bool, limit: u64) -> Option<Vec<u8>> {
        let before = self.diagnostics.len();
        let bytes = self.folder.bytes(file, limit, &mut self.diagnostics);
        if bytes.is_none() && required && self.diagnostics.len() == before {
            let message = format!("{file} is not in {}", self.dir.display());
            self.diagnostics.push(Diagnostic::new(Code::MissingFile, &whole_file(file), message));
        }
        let bytes = bytes?;
        self.files.push((file.to_owned(), blake3::hash(&bytes).to_hex().to_string()));
        Some(bytes)
    }

    fn toml(&mut self, file: &str, required: bool) -> Option<Arc<Source>> {
        if self.in_other_letters(file) {
            return None;
        }
        let bytes = self.bytes(file, required, self.limits.toml_bytes)?;
        let source = Arc::new(read_text(file, &bytes, None, self.limits, &mut self.diagnostics));
        self.sources.push(source.clone());
        self.diagnostics.extend(dialect::encoding_note(&source));
        Some(source).filter(|source| source.readable)
    }

    /// Whether the case states a network by links: then what links say otherwise need not be there.
    fn has_links(&self) -> bool {
        ["links.csv", "links.parquet"].iter().any(|file| self.folder.has(file))
    }

    /// Tables that links make unnecessary, where they are not there.
    fn shorthand(&mut self, raws: &mut [RawTable], currency: &str) {
        for (name, text) in [("products", links::products(&raws[table_index("firms")], currency)), ("places", links::places())] {
            let raw = &mut raws[table_index(name)];
            if raw.absent && !raw.unreadable {
                let source = Arc::new(Source::new("firms.csv", text));
                *raw = RawTable::parse(raw.spec, source, self.limits, &mut self.diagnostics);
                raw.order_by_id();
            }
        }
    }

    fn links(&mut self, raws: &[RawTable], names: &Names) -> Option<Links> {
        let spec = crate::language::schema::table("links")?;
        let parquet = parquet_file::file_name(spec);
        let file = if self.folder.has(&parquet) { parquet.as_str() } else { spec.file };
        if self.folder.has(&parquet) && self.folder.has(spec.file) {
            let message = format!("{} is in the folder as well as {file}", spec.file);
            self.diagnostics.push(Diagnostic::new(Code::TwoFiles, &whole_file(file), message));
            return None;
        }
        let bytes = self.bytes(file, false, self.limits.table_bytes)?;
        let firms = links::Firms::of(&raws[table_index("firms")], names);
        let mut found = Vec::new();
        let mut faults = links::Faults::new(&mut found);
        let read = if file == parquet {
            links::from_parquet(file, bytes, &firms, self.limits, &mut faults)
        } else {
            let source = Arc::new(read_text(file, &bytes, Some(spec), self.limits, faults.diagnostics));
            drop(bytes);
            let read = if source.readable { links::from_csv(&source, file, &firms, self.limits, &mut faults) } else { None };
            // The text is kept only where there is something to show in it.
            self.sources.push(source);
            read
        };
        let ordered = read.map(|read| links::in_order(read, &firms, file, &mut faults));
        faults.close(file);
        if found.is_empty() {
            self.sources.retain(|source| source.path != Path::new(file));
        }
        self.diagnostics.append(&mut found);
        ordered
    }

    fn raw_table(&mut self, spec: &'static TableSpec) -> RawTable {
        if spec.is_links() {
            return RawTable::absent(spec); // read into columns, once the firms are known
        }
        let before = self.diagnostics.len();
        let parquet = parquet_file::file_name(spec);
        let mut raw = if self.folder.has(&parquet) { self.parquet_table(spec, &parquet) } else { self.csv_table(spec) };
        raw.unreadable |= raw.absent && self.diagnostics.len() > before;
        if !raw.unreadable && !raw.absent {
            dialect::read(&mut raw, &mut self.diagnostics);
            raw.order_by_id();
        }
        raw
    }

    fn csv_table(&mut self, spec: &'static TableSpec) -> RawTable {
        if self.in_other_letters(spec.file) {
            return RawTable::unreadable(spec);
        }
        let required = spec.required && !(self.has_links() && links::STATES.contains(&spec.name));
        let Some(bytes) = self.bytes(spec.file, required, self.limits.table_bytes) else {
            return RawTable::absent(spec);
        };
        let source = Arc::new(read_text(spec.file, &bytes, Some(spec), self.limits, &mut self.diagnostics));
        drop(bytes);
        self.sources.push(source.clone());
        if !source.readable {
            return RawTable::unreadable(spec);
        }
        RawTable::parse(spec, source, self.limits, &mut self.diagnostics)
    }

    fn parquet_table(&mut self, spec: &'static TableSpec, file: &str) -> RawTable {
        let unreadable = RawTable::unreadable(spec);
        if self.folder.has(spec.file) {
            let message = format!("{} is in the folder as well as {file}", spec.file);
            self.diagnostics.push(Diagnostic::new(Code::TwoFiles, &whole_file(file), message));
            return unreadable;
        }
        let Some(bytes) = self.bytes(file, true, self.limits.table_bytes) else {
            return unreadable;
        };
        parquet::read(spec, file, bytes, self.limits, &mut self.diagnostics).unwrap_or(unreadable)
    }

    /// Whether a file is there under its name with other capital letters only; diagnosed, since some systems would read it and others not.
    fn in_other_letters(&mut self, file: &str) -> bool {
        if self.folder.has(file) {
            return false;
        }
        let Some(found) = self.folder.names().into_iter().find(|name| name.eq_ignore_ascii_case(file)) else { return false };
        let message = format!("{found} is not read: the name is {file}");
        self.diagnostics.push(Diagnostic::new(Code::FileNameCase, &whole_file(&found), message).suggest(Some(file)));
        true
    }

    /// A misspelt optional table would be silently left out.
    fn unknown_files(&mut self) {
        let parquet: Vec<String> = TABLES.iter().map(parquet_file::file_name).collect();
        let known = TABLES.iter().map(|spec| spec.file).chain(["case.toml", "claims.toml"]);
        let known: Vec<&str> = known.chain(parquet.iter().map(String::as_str)).collect();
        let ends = |name: &str, ends: &[&str]| ends.iter().any(|end| name.to_lowercase().ends_with(end));
        let names = self.folder.names();
        // What lies in a folder of the case is looked after where it is read.
        for name in names.iter().filter(|name| !known.contains(&name.as_str()) && !name.contains('/')) {
            if !names.iter().any(|other| other != name && other.eq_ignore_ascii_case(name))
                && known.iter().any(|k| k.eq_ignore_ascii_case(name))
            {
                continue; // its letters are diagnosed
            }
            let (reads, other) = (ends(name, READ_ENDINGS), ends(name, OTHER_ENDINGS));
            let longer = known.iter().find(|known| further_ending(name, known));
            // A copy that an editor keeps beside the file is no slip.
            let longer = longer.filter(|known| ends(name, TEXT_ENDINGS) || !self.folder.has(known));
            if !(reads || other || longer.is_some()) {
                continue;
            }
            let unknown = Diagnostic::new(Code::UnknownFile, &whole_file(name), format!("{name} is not read"));
            self.diagnostics.push(match longer {
                Some(known) => unknown.suggest(Some(*known)),
                None if other => unknown.with_fix("save each of its tables as CSV, named after the table, or move it into a sub-folder"),
                None => unknown.suggest(near_miss(name, known.iter().copied())),
            });
        }
    }
}

/// Whether a name is a known one with something behind it: `demand.csv.txt`, `demand.csv.bak`, `demand.csv~`.
fn further_ending(name: &str, known: &str) -> bool {
    let split = name.split_at_checked(known.len());
    split.is_some_and(|(first, rest)| first.eq_ignore_ascii_case(known) && rest.starts_with(['.', '~', ' ']))
}
