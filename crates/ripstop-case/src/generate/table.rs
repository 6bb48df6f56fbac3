//! Input–output tables: industries in rows and columns in one order, then final demand, then `output`; below, value added.

use std::path::Path;

use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};
use crate::language::expr::plain_number;
use crate::language::limits::Limits;
use crate::language::text::{Dialect, SEPARATORS};
use crate::read::bytes::{Source, cell_spans, read_text, whole_file};

/// The table that comes with ripstop: 8 regions and 35 sectors in 2011 (World Input–Output Database, release 2013; CC BY 4.0).
pub const SHIPPED: &[u8] = include_bytes!("../../../../data/wiod2011_8reg_35sec.csv");

/// Its file.
pub const SHIPPED_FILE: &str = "wiod2011_8reg_35sec.csv";

/// Names of its sectors, `code,name`.
pub const NAMES: &str = include_str!("../../../../data/wiod_sectors.csv");

/// What a row or column may be off, share of the industry's output: tables of whole millions are off by some.
const BALANCE: f64 = 1e-3;

/// Industries a table may have.
const INDUSTRIES_MAX: usize = 10_000;

/// Problems that are named.
const NAMED_MAX: usize = 20;

/// An input–output table, balanced by row.
#[derive(Clone, Debug)]
pub struct IoTable {
    /// File it was read from.
    pub file: String,
    /// Hash of its bytes.
    pub blake3: String,
    /// Industries, `REGION.SECTOR`.
    pub industries: Vec<String>,
    /// Regions, in order of appearance.
    pub regions: Vec<String>,
    /// Sectors, in order of appearance.
    pub sectors: Vec<String>,
    /// Industry → region and sector.
    pub of: Vec<(usize, usize)>,
    /// What the row's industry sells to the column's: `z[row * n + column]`.
    pub z: Vec<f64>,
    /// What final buyers take of each industry; at least 0.
    pub final_demand: Vec<f64>,
    /// Sum of the row: what the industry makes.
    pub output: Vec<f64>,
    /// Industries whose final demand is negative in the table (stocks run down), and how much is left out.
    pub clipped: Vec<(usize, f64)>,
}

impl IoTable {
    /// Number of industries.
    pub fn len(&self) -> usize {
        self.industries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.industries.is_empty()
    }

    /// Sector of an industry.
    pub fn sector_of(&self, industry: usize) -> usize {
        self.of[industry].1
    }

    /// What an industry buys of others: share of its output.
    pub fn bought_share(&self, industry: usize) -> f64 {
        let bought: f64 = (0..self.len()).map(|row| self.z[row * self.len() + industry]).sum();
        if self.output[industry] > 0.0 { bought / self.output[industry] } else { 0.0 }
    }

    /// The sector with the largest sales to industries of other regions.
    pub fn most_traded(&self) -> usize {
        let mut traded = vec![0.0; self.sectors.len()];
        for row in 0..self.len() {
            for column in (0..self.len()).filter(|&column| self.of[column].0 != self.of[row].0) {
                traded[self.of[row].1] += self.z[row * self.len() + column];
            }
        }
        (0..traded.len()).fold(0, |most, sector| if traded[sector] > traded[most] { sector } else { most })
    }
}

/// Reads a table; `None`: the shipped one.
pub fn read(file: Option<&Path>) -> Result<IoTable, Vec<Diagnostic>> {
    let name = file.map_or(SHIPPED_FILE.to_owned(), |file| file.display().to_string());
    let bytes = match file {
        None => SHIPPED.to_vec(),
        Some(path) => match std::fs::metadata(path)
            .and_then(|about| if about.is_file() { std::fs::read(path) } else { Err(std::io::ErrorKind::InvalidInput.into()) })
        {
            Ok(bytes) if bytes.len() as u64 <= Limits::DEFAULT.table_bytes => bytes,
            Ok(bytes) => {
                let message = format!("{name} has {} bytes; at most {} are read", bytes.len(), Limits::DEFAULT.table_bytes);
                return Err(vec![Diagnostic::new(Code::FileTooLarge, &whole_file(&name), message)]);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(vec![Diagnostic::new(Code::MissingFile, &whole_file(&name), format!("there is no file {name}"))]);
            }
            Err(error) => {
                return Err(vec![Diagnostic::new(Code::UnreadableFile, &whole_file(&name), format!("{name} cannot be read: {error}"))]);
            }
        },
    };
    from_bytes(&name, &bytes)
}

/// Reads a table from the bytes of a CSV file.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<IoTable, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    // A row of thousands of industries is long.
    let limits = Limits { line_bytes: 64 << 20, ..Limits::DEFAULT };
    let mut source = read_text(name, bytes, None, &limits, &mut faults);
    if faults.is_empty() {
        source.dialect = dialect(&source.text);
        let mut reader = Reader { source: &source, name, faults: &mut faults, more: 0 };
        let table = reader.table(blake3::hash(bytes).to_hex().to_string());
        let more = reader.more;
        if more > 0 {
            faults.push(Diagnostic::new(Code::ProblemsLeftOut, &whole_file(name), format!("{more} more problems of {name} are not named")));
        }
        if let Some(table) = table.filter(|_| faults.is_empty()) {
            return Ok(table);
        }
    }
    Err(faults)
}

/// The separator that the header has most of.
fn dialect(text: &str) -> Dialect {
    let header = text.lines().next().unwrap_or("");
    let count = |byte: u8| header.bytes().filter(|b| *b == byte).count();
    let separator = SEPARATORS.iter().map(|(byte, _)| *byte).max_by_key(|byte| count(*byte)).unwrap_or(b',');
    Dialect { separator, ..Dialect::PLAIN }
}

struct Reader<'a> {
    source: &'a Source,
    name: &'a str,
    faults: &'a mut Vec<Diagnostic>,
    more: usize,
}

/// A row as it stands: where it starts, and its cells.
struct Row {
    start: usize,
    cells: csv::StringRecord,
}

impl Reader<'_> {
    fn fault(&mut self, code: Code, at: Position, message: String) {
        if self.faults.len() < NAMED_MAX {
            self.faults.push(Diagnostic::new(code, &at, message));
        } else {
            self.more += 1;
        }
    }

    fn at(&self, start: usize, column: usize) -> Position {
        let spans = cell_spans(&self.source.text, start, self.source.dialect.separator);
        self.source.position(spans.get(column).cloned().unwrap_or(start..start))
    }

    fn rows(&self) -> Vec<Row> {
        let separator = self.source.dialect.separator;
        let text = self.source.text.as_bytes();
        let mut csv = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text);
        let (mut rows, mut cells) = (Vec::new(), csv::StringRecord::new());
        while csv.read_record(&mut cells).unwrap_or(false) {
            let at = cells.position().map_or(0, |position| position.byte() as usize);
            let start = at + text[at..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            if cells.iter().any(|cell| !cell.trim().is_empty()) {
                cells.trim();
                rows.push(Row { start, cells: cells.clone() });
            }
        }
        rows
    }

    fn table(&mut self, blake3: String) -> Option<IoTable> {
        let rows = self.rows();
        let (header, body) = rows.split_first().map_or((None, &[][..]), |(header, body)| (Some(header), body));
        let Some(header) = header else {
            self.fault(Code::TableMalformed, whole_file(self.name), format!("{} is empty", self.name));
            return None;
        };
        let names: Vec<&str> = header.cells.iter().skip(1).collect();
        let n = body.iter().take_while(|row| names.contains(&row.cells.get(0).unwrap_or(""))).count();
        self.labels(header, &names, body, n);
        if !self.faults.is_empty() || n == 0 {
            if self.faults.is_empty() {
                let at = self.at(header.start, 0);
                self.fault(Code::TableMalformed, at, "no row has the name of a column, so there is no industry".to_owned());
            }
            return None;
        }
        let output = names.iter().position(|name| *name == "output");
        let mut table = self.shape(&names[..n], blake3)?;
        let mut stated = vec![None; n];
        for (row, cells) in body[..n].iter().enumerate() {
            if cells.cells.len() > header.cells.len() {
                let at = self.at(cells.start, header.cells.len());
                self.fault(Code::WrongCellCount, at, format!("the row has {} cells, the header {}", cells.cells.len(), header.cells.len()));
            }
            let mut taken = 0.0;
            for column in 0..names.len() {
                let Some(value) = self.number(cells, column) else { continue };
                if column < n {
                    if value < 0.0 {
                        let at = self.at(cells.start, column + 1);
                        self.fault(Code::TableMalformed, at, format!("{} sells {value} to {}: below 0", names[row], names[column]));
                    }
                    table.z[row * n + column] = value.max(0.0);
                } else if Some(column) == output {
                    stated[row] = Some(value);
                } else {
                    taken += value;
                }
            }
            table.final_demand[row] = taken;
        }
        // What does not add up because a cell was refused needs not be said.
        if self.faults.is_empty() {
            self.balance(&mut table, &stated, body, output);
        }
        Some(table)
    }

    /// Rows and columns name the same industries in the same order.
    fn labels(&mut self, header: &Row, names: &[&str], body: &[Row], n: usize) {
        if n > INDUSTRIES_MAX {
            let at = self.at(header.start, 1);
            self.fault(Code::TableMalformed, at, format!("the table has {n} industries; at most {INDUSTRIES_MAX} are read"));
        }
        for (index, row) in body[..n].iter().enumerate() {
            let (found, wanted) = (row.cells.get(0).unwrap_or(""), names.get(index).copied().unwrap_or(""));
            if found != wanted {
                let at = self.at(row.start, 0);
                self.fault(
                    Code::TableMalformed,
                    at,
                    format!("row {} is {found}, but column {} is {wanted}: rows and columns are to be in one order", index + 1, index + 1),
                );
                return;
            }
        }
        if let Some(row) = body.get(n).filter(|row| row.cells.get(0).is_some_and(|name| name.contains('.'))) {
            let name = row.cells.get(0).unwrap_or("");
            let at = self.at(row.start, 0);
            let near = near_miss(name, names.iter().copied());
            self.fault(Code::TableMalformed, at, format!("the industry {name} has a row but no column"));
            if let (Some(fault), Some(near)) = (self.faults.last_mut(), near) {
                fault.suggestion = Some(near.to_owned());
            }
        }
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                let at = self.at(header.start, index + 1);
                self.fault(Code::TableMalformed, at, format!("the header names `{name}` twice"));
            }
        }
    }

    fn shape(&mut self, names: &[&str], blake3: String) -> Option<IoTable> {
        let n = names.len();
        let (mut regions, mut sectors, mut of): (Vec<String>, Vec<String>, Vec<(usize, usize)>) = Default::default();
        for (index, name) in names.iter().enumerate() {
            let (region, sector) = name.split_once('.').unwrap_or(("all", name));
            if region.is_empty() || sector.is_empty() || name.contains([',', ';', '&', '$', '"']) {
                let at = self.at(0, index + 1);
                self.fault(Code::TableMalformed, at, format!("`{name}` is not of the form REGION.SECTOR"));
                continue;
            }
            let number = |list: &mut Vec<String>, word: &str| {
                list.iter().position(|known| known == word).unwrap_or_else(|| {
                    list.push(word.to_owned());
                    list.len() - 1
                })
            };
            of.push((number(&mut regions, region), number(&mut sectors, sector)));
        }
        let industries = names.iter().map(|name| (*name).to_owned()).collect();
        let [final_demand, output] = [(); 2].map(|()| vec![0.0; n]);
        let clipped = Vec::new();
        let file = self.name.to_owned();
        (of.len() == n).then(|| IoTable {
            file,
            blake3,
            industries,
            regions,
            sectors,
            of,
            z: vec![0.0; n * n],
            final_demand,
            output,
            clipped,
        })
    }

    /// A cell of a data column; blank is 0.
    fn number(&mut self, row: &Row, column: usize) -> Option<f64> {
        let Some(text) = row.cells.get(column + 1) else {
            if column + 1 == row.cells.len() {
                let at = self.at(row.start, 0);
                self.fault(Code::WrongCellCount, at, format!("the row has {} cells, fewer than the header", row.cells.len()));
            }
            return None;
        };
        if text.is_empty() {
            return Some(0.0);
        }
        let value = plain_number(text).filter(|value| value.is_finite());
        if value.is_none() {
            let at = self.at(row.start, column + 1);
            self.faults_number(text, at);
        }
        value
    }

    fn faults_number(&mut self, text: &str, at: Position) {
        let fault = crate::language::faults::number_fault(text, &at);
        self.fault(fault.code, at, fault.message);
    }

    /// Rows add up to the stated output, and columns with value added below them; small rests go to final demand.
    fn balance(&mut self, table: &mut IoTable, stated: &[Option<f64>], body: &[Row], output: Option<usize>) {
        let n = table.len();
        let all: f64 = stated.iter().flatten().sum();
        let off = |found: f64, wanted: f64| (found - wanted).abs() > BALANCE * wanted.abs() + 1e-9 * all.abs();
        for (row, cells) in body[..n].iter().enumerate() {
            let sold: f64 = table.z[row * n..(row + 1) * n].iter().sum();
            let sum = sold + table.final_demand[row];
            if let (Some(output), Some(column)) = (stated[row], output) {
                if off(sum, output) {
                    let at = self.at(cells.start, column + 1);
                    let message = format!("{} sells {sum} in all, but its output is {output}", table.industries[row]);
                    self.fault(Code::TableUnbalanced, at, message);
                }
                table.final_demand[row] += output - sum;
            }
            if table.final_demand[row] < 0.0 {
                table.clipped.push((row, -table.final_demand[row]));
                table.final_demand[row] = 0.0;
            }
            table.output[row] = sold + table.final_demand[row];
        }
        self.columns(table, stated, &body[n..]);
    }

    fn columns(&mut self, table: &IoTable, stated: &[Option<f64>], added: &[Row]) {
        let n = table.len();
        for (column, stated) in stated.iter().enumerate().take(n) {
            let bought: f64 = (0..n).map(|row| table.z[row * n + column]).sum();
            let value_added: f64 = added.iter().filter_map(|row| self.number(row, column)).sum();
            let made = stated.unwrap_or(table.output[column]);
            let at = |reader: &Self| reader.at(added.first().map_or(0, |row| row.start), column + 1);
            if !added.is_empty() && (bought + value_added - made).abs() > BALANCE * made.abs() + 1e-6 {
                let message = format!("{} buys {bought} and adds {value_added}, but its output is {made}", table.industries[column]);
                self.fault(Code::TableUnbalanced, at(self), message);
            } else if bought >= made && bought > 0.0 {
                let message = format!("{} buys {bought}, but makes only {made}: its value added is not above 0", table.industries[column]);
                self.fault(Code::TableUnbalanced, at(self), message);
            }
        }
    }
}
