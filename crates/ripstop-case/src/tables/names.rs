//! Names of a case: which row an id means, known before any cell that refers to it is read.

use crate::language::diagnostic::{Code, Diagnostic, Suggestions};
use crate::language::schema::TABLES;
use crate::read::bytes::RawTable;
use crate::read::order::by_id;
use crate::read::packed::Texts;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher};

/// A character of a name that is not seen, or that turns what follows around: two names could look the same. The joiners of Arabic and
/// Indic letters belong there between letters.
pub(crate) fn unseen(text: &str) -> Option<char> {
    if text.is_ascii() {
        return None;
    }
    let joins = |at: usize, c: char| {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && !c.is_ascii());
        matches!(c, '\u{200c}' | '\u{200d}') && letter(text[..at].chars().next_back()) && letter(text[at + c.len_utf8()..].chars().next())
    };
    text.char_indices().find(|&(at, c)| is_unseen(c) && !joins(at, c)).map(|(_, c)| c)
}

fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Texts that are found by hash, without a string of its own for each.
#[derive(Debug, Default)]
pub(crate) struct TextIndex {
    texts: Texts,
    by_hash: HashMap<u64, u32>,
    /// Texts whose hash another has: hardly ever any.
    others: Vec<u32>,
}

impl TextIndex {
    /// The index of a text.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let first = *self.by_hash.get(&hash(text))?;
        if self.texts.get(first as usize) == text {
            return Some(first);
        }
        self.others.iter().copied().find(|other| self.texts.get(*other as usize) == text)
    }

    /// The index of a text, and whether it is new.
    pub(crate) fn insert(&mut self, text: &str) -> (u32, bool) {
        if let Some(found) = self.find(text) {
            return (found, false);
        }
        let index = self.texts.len() as u32;
        self.texts.push(text);
        if *self.by_hash.entry(hash(text)).or_insert(index) != index {
            self.others.push(index);
        }
        (index, true)
    }

    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The ids of one table.
#[derive(Debug, Default)]
pub struct KeyIndex {
    /// Ids in their order: the whole key, or its first part where rows form groups.
    ids: TextIndex,
    /// Whole keys and the row each first stands in, where rows form groups.
    keys: Option<(TextIndex, Vec<u32>)>,
    rows: Vec<u32>,
    starts: Vec<u32>,
    /// The file could not be read: nothing that refers to it is diagnosed.
    unreadable: bool,
}

impl KeyIndex {
    /// The row, or group of rows, an id means.
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.find(id)
    }

    /// The id at an index.
    pub fn id(&self, index: u32) -> &str {
        self.ids.texts().get(index as usize)
    }

    /// The number of different ids.
    pub fn len(&self) -> usize {
        self.ids.texts().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row with that whole key.
    pub fn row_of(&self, key: &str) -> Option<u32> {
        match &self.keys {
            Some((keys, rows)) => keys.find(key).map(|index| rows[index as usize]),
            None => self.find(key).map(|id| self.rows_of(id)[0]),
        }
    }

    /// The rows of a group.
    pub fn rows_of(&self, group: u32) -> &[u32] {
        let group = group as usize;
        &self.rows[self.starts[group] as usize..self.starts[group + 1] as usize]
    }

    fn build(raw: &RawTable, diagnostics: &mut Vec<Diagnostic>) -> KeyIndex {
        let mut index = KeyIndex { unreadable: raw.unreadable, ..KeyIndex::default() };
        let columns = raw.key_columns();
        let mut groups: Vec<u32> = Vec::with_capacity(raw.rows());
        let mut first_rows: Vec<u32> = Vec::new();
        let mut keys = TextIndex::default();
        let mut key = String::new();
        for row in 0..raw.rows() {
            raw.key_into(&columns, row, &mut key);
            let (at, new) = if raw.spec.grouped() {
                let id = raw.cell_of(columns[0], row).unwrap_or("");
                groups.push(index.ids.insert(id).0);
                keys.insert(&key)
            } else {
                let found = index.ids.insert(&key);
                groups.push(found.0);
                found
            };
            if new {
                first_rows.push(row as u32);
            } else if !key.is_empty() && !key.starts_with('/') {
                // A key without its first part is diagnosed as a blank cell.
                diagnostics.push(duplicate(raw, &key, first_rows[at as usize] as usize, row));
            }
        }
        if raw.spec.grouped() {
            index.keys = Some((keys, first_rows));
        }
        index.sort_rows(raw, &groups);
        index
    }

    /// Rows by group: legs in order, else by key.
    fn sort_rows(&mut self, raw: &RawTable, groups: &[u32]) {
        let mut counts = vec![0u32; self.len() + 1];
        for group in groups {
            counts[*group as usize + 1] += 1;
        }
        for group in 1..counts.len() {
            counts[group] += counts[group - 1];
        }
        self.starts = counts;
        let leg = raw.column("leg").filter(|_| raw.spec.name == "routes");
        let number = |row: u32| raw.cell_of(leg, row as usize).and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
        self.rows = (0..groups.len() as u32).collect();
        if raw.spec.grouped() || self.len() < groups.len() {
            self.rows.sort_by_key(|&row| (groups[row as usize], number(row)));
        }
    }
}

fn duplicate(raw: &RawTable, key: &str, first: usize, row: usize) -> Diagnostic {
    let column = raw.column(raw.spec.key[0]);
    let at = raw.position(column, first);
    let kind = if at.field.is_some() { "row" } else { "line" };
    let message = format!("`{key}` stands in {kind} {} of {} already", at.line, raw.file());
    Diagnostic::new(Code::DuplicateId, &raw.position(column, row), message)
}

/// The lists of words that are no tables of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordList {
    /// Scenarios of case.toml.
    Scenarios,
    /// Sectors of firms.
    Sectors,
    /// Markets of demand.
    Markets,
    /// Countries of places and groups.
    Countries,
    /// The case's currency and those of exchange rates.
    Currencies,
}

/// The names of all tables, and the words that selectors may use.
#[derive(Debug)]
pub struct Names {
    tables: Vec<KeyIndex>,
    suggestions: Suggestions,
    /// Word → its place, per list of words.
    places: [HashMap<String, u32>; 5],
    /// Names with `&` or `;` in them, which selectors match as a whole, and the list each is in.
    marked: Vec<(&'static str, String)>,
    /// Scenarios of case.toml.
    pub scenarios: Vec<String>,
    /// Sectors of firms, in order of their names.
    pub sectors: Vec<String>,
    /// Markets of demand, in order of their names.
    pub markets: Vec<String>,
    /// Countries of places and groups, in order of their names.
    pub countries: Vec<String>,
    /// The case's currency, then those of exchange rates, in order of their names.
    pub currencies: Vec<String>,
}

impl Names {
    /// Indexes the tables; diagnoses keys that stand twice.
    pub fn build(raws: &[RawTable], scenarios: Vec<String>, currency: &str, diagnostics: &mut Vec<Diagnostic>) -> Names {
        let tables = raws.iter().map(|raw| KeyIndex::build(raw, diagnostics)).collect();
        let distinct = |places: &[(&str, &str)]| {
            let mut words: Vec<String> = Vec::new();
            let mut known: HashSet<&str> = HashSet::new();
            for (table, column) in places {
                let raw = &raws[table_index(table)];
                let cells = (0..raw.rows()).filter_map(|row| raw.cell_of(raw.column(column), row));
                words.extend(cells.filter(|cell| known.insert(cell)).map(str::to_owned));
            }
            words.sort_unstable_by(|a, b| by_id(a, b));
            words
        };
        let mut currencies = distinct(&[("exchange_rates", "currency")]);
        currencies.retain(|other| other != currency); // diagnosed by the checks
        currencies.insert(0, currency.to_owned());
        let sectors = distinct(&[("firms", "sector")]);
        let markets = distinct(&[("demand", "market")]);
        let countries = distinct(&[("places", "country"), ("groups", "country")]);
        let place_of = |list: &[String]| list.iter().enumerate().rev().map(|(at, word)| (word.clone(), at as u32)).collect();
        let places = [&scenarios, &sectors, &markets, &countries, &currencies].map(|list| place_of(list));
        let suggestions = Suggestions::default();
        let mut names = Names { suggestions, places, marked: Vec::new(), scenarios, currencies, sectors, markets, countries, tables };
        names.marked = names.find_marked();
        names
    }

    fn find_marked(&self) -> Vec<(&'static str, String)> {
        let is_marked = |name: &str| name.contains(['&', ';']);
        let words = [("sectors", &self.sectors), ("markets", &self.markets)];
        let words = words.into_iter().flat_map(|(list, words)| words.iter().map(move |word| (list, word.as_str())));
        let tables = TABLES.iter().filter(|spec| !spec.is_links()).flat_map(|spec| self.ids(spec.name).map(|id| (spec.name, id)));
        words.chain(tables).filter(|(_, name)| is_marked(name)).map(|(list, name)| (list, name.to_owned())).collect()
    }

    /// The longest name of a list with `&` or `;` in it that the text begins with; after it the term ends.
    pub(crate) fn marked(&self, list: &str, text: &str) -> Option<&str> {
        let ends = |name: &str| text[name.len()..].trim_start().chars().next().is_none_or(|next| matches!(next, '&' | ';'));
        let named = self.marked.iter().filter(|(of, name)| *of == list && text.starts_with(name.as_str()) && ends(name));
        named.map(|(_, name)| name.as_str()).max_by_key(|name| name.len())
    }

    /// The words of a list.
    pub fn words(&self, list: WordList) -> &[String] {
        match list {
            WordList::Scenarios => &self.scenarios,
            WordList::Sectors => &self.sectors,
            WordList::Markets => &self.markets,
            WordList::Countries => &self.countries,
            WordList::Currencies => &self.currencies,
        }
    }

    /// Where a word stands in a list.
    pub fn place(&self, list: WordList, word: &str) -> Option<u32> {
        self.places[list as usize].get(word).copied()
    }

    /// The row (or group of rows) of `table` that `id` means.
    pub fn find(&self, table: &str, id: &str) -> Option<u32> {
        self.tables[table_index(table)].find(id)
    }

    /// Every id of a table, in order.
    pub(crate) fn ids(&self, table: &str) -> impl Iterator<Item = &str> {
        self.tables[table_index(table)].ids.texts().iter()
    }

    /// Whether ids of the table can be judged at all.
    pub fn readable(&self, table: &str) -> bool {
        !self.tables[table_index(table)].unreadable
    }

    /// The known id nearest to `id`; none any more once very many have been looked for in large tables.
    pub fn nearest(&self, table: &str, id: &str) -> Option<&str> {
        let ids = &self.tables[table_index(table)].ids;
        self.suggestions.nearest(id, ids.texts().iter())
    }

    /// The nearest word of a list, under the same limit.
    pub fn nearest_word(&self, list: WordList, word: &str) -> Option<&str> {
        self.suggestions.nearest(word, self.words(list).iter().map(String::as_str))
    }

    /// Hands each table its index, in the order of the schema.
    pub fn into_indexes(self) -> Vec<KeyIndex> {
        self.tables
    }
}

/// Index of a table in the schema. An unknown name is a mistake in this program.
pub fn table_index(name: &str) -> usize {
    TABLES.iter().position(|spec| spec.name == name).unwrap_or_else(|| panic!("the schema has no table `{name}`"))
}
