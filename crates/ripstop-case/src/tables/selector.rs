//! Selectors: `place:sinuiju & sector:garments ; firm:x`.
//!
//! A name that itself has `&` or `;` in it is matched as a whole, or stands in quotes: `sector:"Food & drink"`.

use crate::language::diagnostic::{Code, near_miss};
use crate::tables::names::{Names, WordList};

/// What a selector picks: anything that one of its alternatives picks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Alternatives, `;` between them.
    pub any: Vec<All>,
}

/// What satisfies every term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct All {
    /// Terms, `&` between them.
    pub terms: Vec<Term>,
}

/// `kind:id`, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// What is named.
    pub kind: SelectorKind,
    /// Row of the kind's table; for country, sector, market and currency the index in the case's list; 0 for all.
    pub index: u32,
}

macro_rules! kinds {
    ($($variant:ident $word:literal $about:literal;)*) => {
        /// What a term names.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum SelectorKind { $(#[doc = $about] $variant,)* }

        impl SelectorKind {
            /// Every kind.
            pub const ALL: &'static [SelectorKind] = &[$(SelectorKind::$variant,)*];

            /// The word before the colon.
            pub fn word(self) -> &'static str { match self { $(SelectorKind::$variant => $word,)* } }
        }
    };
}

kinds! {
    Firm "firm" "A firm.";
    Line "line" "A line, `line:firm/product`.";
    Place "place" "Firms at a place.";
    Country "country" "Firms in a country.";
    Group "group" "Firms of a group.";
    Sector "sector" "Firms of a sector.";
    Product "product" "A product.";
    Contract "contract" "A contract.";
    Buyer "buyer" "Contracts of a buyer.";
    Seller "seller" "Contracts of a seller.";
    Crossing "crossing" "A crossing.";
    Market "market" "A market.";
    Currency "currency" "A currency.";
    All "all" "Everything.";
}

/// What is wrong with a selector, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectorError {
    /// First byte, from the start of the text.
    pub at: usize,
    /// Length in bytes.
    pub length: usize,
    /// [`Code::BadSelector`] or [`Code::UnknownId`].
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub suggestion: Option<String>,
}

impl Selector {
    /// Reads a selector; every faulty term is named.
    pub fn parse(text: &str, names: &Names) -> Result<Selector, Vec<SelectorError>> {
        let mut errors = Vec::new();
        let any = split(text, names)
            .into_iter()
            .map(|terms| {
                let terms = terms.into_iter().filter_map(|(at, term)| match Term::parse(term, at, names) {
                    Ok(term) => term,
                    Err(error) => {
                        errors.push(error);
                        None
                    }
                });
                All { terms: terms.collect() }
            })
            .collect();
        if errors.is_empty() { Ok(Selector { any }) } else { Err(errors) }
    }

    /// The firms it names one by one, sorted, if it names nothing else.
    pub fn only_firms(&self) -> Option<Vec<u32>> {
        let firm = |all: &All| match all.terms[..] {
            [Term { kind: SelectorKind::Firm, index }] => Some(index),
            _ => None,
        };
        let mut firms: Vec<u32> = self.any.iter().map(firm).collect::<Option<_>>()?;
        firms.sort_unstable();
        firms.dedup();
        Some(firms)
    }

    /// Every term.
    pub fn terms(&self) -> impl Iterator<Item = Term> + '_ {
        self.any.iter().flat_map(|all| all.terms.iter().copied())
    }
}

impl Term {
    /// `None` when the id belongs to a table that could not be read, which is diagnosed there.
    fn parse(text: &str, at: usize, names: &Names) -> Result<Option<Term>, SelectorError> {
        if text == "all" {
            return Ok(Some(Term { kind: SelectorKind::All, index: 0 }));
        }
        let bad = |message: &str, suggestion: Option<String>| SelectorError {
            at,
            length: text.len(),
            code: Code::BadSelector,
            message: message.to_owned(),
            suggestion,
        };
        if text.is_empty() {
            return Err(bad("a term is blank", None));
        }
        let Some((word, id)) = text.split_once(':') else {
            return Err(bad(&format!("`{text}` is not of the form kind:id"), guess(text, names)));
        };
        let (word, id_at) = (word.trim_end(), at + text.len() - id.trim_start().len());
        let id = id.trim_start();
        let id = id.strip_prefix('"').and_then(|id| id.strip_suffix('"')).filter(|id| !id.is_empty()).unwrap_or(id);
        let Some(kind) = SelectorKind::ALL.iter().copied().find(|kind| kind.word() == word) else {
            let known = SelectorKind::ALL.iter().map(|kind| kind.word());
            let error = bad(&format!("`{word}` is no kind of selector"), near_miss(word, known).map(str::to_owned));
            return Err(SelectorError { length: word.len(), ..error });
        };
        resolve(kind, id, names)
            .map_err(|suggestion| SelectorError {
                at: id_at,
                length: id.len(),
                code: Code::UnknownId,
                message: format!("there is no {word} `{id}`"),
                suggestion,
            })
            .map(|index| index.map(|index| Term { kind, index }))
    }
}

/// The table a kind's ids are in.
fn table_of(kind: SelectorKind) -> Option<&'static str> {
    Some(match kind {
        SelectorKind::Firm | SelectorKind::Buyer | SelectorKind::Seller => "firms",
        SelectorKind::Line => "lines",
        SelectorKind::Place => "places",
        SelectorKind::Group => "groups",
        SelectorKind::Product => "products",
        SelectorKind::Contract => "contracts",
        SelectorKind::Crossing => "crossings",
        _ => return None,
    })
}

/// The list a kind's names are in.
fn list_of(kind: SelectorKind) -> Option<&'static str> {
    match kind {
        SelectorKind::Sector => Some("sectors"),
        SelectorKind::Market => Some("markets"),
        _ => table_of(kind),
    }
}

/// The terms of each alternative, trimmed, with the byte each starts at.
fn split<'a>(text: &'a str, names: &Names) -> Vec<Vec<(usize, &'a str)>> {
    let mut all = vec![Vec::new()];
    let mut at = 0;
    loop {
        let start = at + text[at..].len() - text[at..].trim_start().len();
        let whole = whole_name(&text[start..], names);
        let from = start + whole;
        let end = text[from..].find([';', '&']).map_or(text.len(), |length| from + length);
        if let Some(terms) = all.last_mut() {
            terms.push((start, text[start..end].trim_end()));
        }
        match text.as_bytes().get(end) {
            None => return all,
            Some(b';') => all.push(Vec::new()),
            Some(_) => {}
        }
        at = end + 1;
    }
}

/// Bytes of a term up to the end of a name in which no mark ends it: one in quotes, or one that is known as a whole.
fn whole_name(text: &str, names: &Names) -> usize {
    let Some((word, rest)) = text.split_once(':') else { return 0 };
    let kind = SelectorKind::ALL.iter().copied().find(|kind| kind.word() == word.trim_end());
    let Some(list) = kind.and_then(list_of) else { return 0 };
    let name = rest.trim_start();
    let start = text.len() - name.len();
    if let Some(length) = name.strip_prefix('"').and_then(|quoted| quoted.find('"')) {
        return start + length + 2;
    }
    names.marked(list, name).map_or(0, |name| start + name.len())
}

/// The index of an id; the error is the nearest known id.
fn resolve(kind: SelectorKind, id: &str, names: &Names) -> Result<Option<u32>, Option<String>> {
    if let Some(table) = table_of(kind) {
        return match names.find(table, id) {
            Some(index) => Ok(Some(index)),
            None if !names.readable(table) => Ok(None),
            None => Err(names.nearest(table, id).map(str::to_owned)),
        };
    }
    let list = match kind {
        SelectorKind::Country => WordList::Countries,
        SelectorKind::Sector => WordList::Sectors,
        SelectorKind::Market => WordList::Markets,
        SelectorKind::Currency if !names.readable("exchange_rates") => return Ok(None),
        SelectorKind::Currency => WordList::Currencies,
        _ => return Err(Some("all".to_owned())), // `all:something`
    };
    match names.place(list, id) {
        Some(index) => Ok(Some(index)),
        None => {
            let meant = crate::language::countries::meant(id).filter(|_| kind == SelectorKind::Country);
            let known = meant.filter(|code| names.place(list, code).is_some());
            Err(known.or_else(|| names.nearest_word(list, id)).map(str::to_owned))
        }
    }
}

/// A bare id, written with its kind.
fn guess(text: &str, names: &Names) -> Option<String> {
    let kind = SelectorKind::ALL.iter().find(|kind| table_of(**kind).is_some_and(|table| names.find(table, text).is_some()))?;
    Some(format!("{}:{text}", kind.word()))
}

/// Trimmed pieces of `text` and the byte each starts at, counted from `offset` for the text's start.
fn pieces(text: &str, offset: usize, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut at = offset;
    text.split(separator).map(move |piece| {
        let start = at + piece.len() - piece.trim_start().len();
        at += piece.len() + separator.len_utf8();
        (start, piece.trim())
    })
}

/// Trimmed, non-blank items of a `;` list and the byte each starts at.
pub(crate) fn items(text: &str) -> impl Iterator<Item = (usize, &str)> {
    pieces(text, 0, ';').filter(|(_, item)| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_keep_their_place() {
        let found: Vec<_> = pieces(" a & b&é &c", 0, '&').collect();
        assert_eq!(found, [(1, "a"), (5, "b"), (7, "é"), (11, "c")]);
        assert_eq!(items("x; ;y ").collect::<Vec<_>>(), [(0, "x"), (4, "y")]);
    }
}
