//! What every input means: one static table that the reader, the diagnostics, the docs and the JSON Schema all read.
//!
//! A new input begins with a line here, which says its unit, meaning and what is usual; name, default and limits of a number that the engine
//! knows too are said once for both, in the engine's table of fields ([`ripstop::model::fields`]). What it does is said elsewhere: where it
//! is mapped onto the network, in the engine's rule, and in the chapter of docs/model.md it acts in.

mod keys;
mod law;
mod other_names;
mod tables;
mod terms;
mod values;

use std::sync::OnceLock;

use ripstop::model::fields::{self, Field};
use ripstop::model::limits::{self, Limits};

pub use ripstop::model::limits::{AMOUNT_MAX, TERM_DAYS_MAX};
pub use tables::TABLES;
pub use values::event_value;
use values::{COMPARISONS, OBSERVED, OBSERVED_KINDS};

pub use keys::{CASE_KEYS, CLAIM_KEYS, MEASURES, PART_KEYS, SCENARIO_KEYS, SETTING_KEYS};
pub use law::{
    BEHAVIOUR_FILE_KEYS, BEHAVIOUR_KEYS, BEHAVIOUR_SCHEMA, EXEMPTION_KEYS, GOODS_KEYS, LAW_KEYS, LAW_SCHEMA, MOMENTS, OBSERVED_KEYS,
    OUTCOMES, RELATIONS, RULE_KEYS, VERIFIED, VINTAGES, WHEN_KEYS,
};
pub(crate) use other_names::other_name;

/// How the text of a cell (or the value of a TOML key) is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// The name of a row, unique within the key of its table.
    Id,
    /// Free text.
    Text,
    /// A list of free texts (TOML only).
    Texts,
    /// A number, or an expression over numbers and `$parameters`.
    Number,
    /// A whole number.
    Integer,
    /// A civil date `YYYY-MM-DD`, or an expression over a date parameter.
    Date,
    /// A year, a month or a day: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Period,
    /// A day of every year, `MM-DD`.
    MonthDay,
    /// `true` or `false`.
    Bool,
    /// One word of a closed list, or a `$parameter` of unit `choice`.
    Enum(&'static [&'static str]),
    /// The id of a row of another table.
    Ref(&'static str),
    /// Ids of rows of another table, `;` between them.
    RefList(&'static str),
    /// A selector such as `place:sinuiju & sector:garments`.
    Selector,
    /// Days of the week, `;` between them: `sat;sun`.
    Weekdays,
    /// `background` or the names of scenarios, `;` between them.
    ScenarioList,
    /// A country as ISO 3166-1 alpha-2, `KP`.
    Country,
    /// A currency: the case's, or one of exchange_rates.csv.
    Currency,
    /// The value of a parameter: number, `none`, expression, date or word, by its unit.
    Value,
}

impl Kind {
    /// Whether the cell holds a quantity that may carry `_low` and `_high` columns.
    pub const fn may_range(self) -> bool {
        matches!(self, Kind::Number | Kind::Integer | Kind::Date)
    }
}

/// One column of a table, or one key of a TOML table.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// Name in the header.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// Unit of the value, empty when it has none.
    pub unit: &'static str,
    /// How it is read.
    pub kind: Kind,
    /// Whether a row without it is an error.
    pub required: bool,
    /// What a blank cell stands for; empty when blank stays blank.
    pub default: &'static str,
    /// Smallest value allowed.
    pub min: Option<f64>,
    /// Largest value allowed.
    pub max: Option<f64>,
    /// The value must be larger.
    pub above: Option<f64>,
    /// What is usual: a value outside is doubted, not refused.
    pub likely: Option<(f64, f64)>,
    /// Whether `none` (no limit) is allowed.
    pub none: bool,
    /// A value as it may stand in a file.
    pub example: &'static str,
}

impl ColumnSpec {
    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn default(mut self, text: &'static str) -> Self {
        self.default = text;
        self
    }

    const fn at_least(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    const fn at_most(mut self, max: f64) -> Self {
        self.max = Some(max);
        self
    }

    const fn likely(mut self, low: f64, high: f64) -> Self {
        self.likely = Some((low, high));
        self
    }

    const fn above(mut self, bound: f64) -> Self {
        self.above = Some(bound);
        self
    }

    const fn within(mut self, limits: Limits) -> Self {
        self.min = Some(limits.low);
        self.max = Some(limits.high);
        self.above = if limits.above { Some(limits.low) } else { None };
        self.none = limits.endless;
        self
    }

    /// Under another name than the engine's, which says its unit.
    const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    const fn whole(mut self) -> Self {
        self.kind = Kind::Integer;
        self
    }

    /// A key of TOML that may be a formula.
    const fn value(mut self) -> Self {
        self.kind = Kind::Value;
        self
    }
}

const fn column(name: &'static str, kind: Kind, unit: &'static str, example: &'static str, meaning: &'static str) -> ColumnSpec {
    ColumnSpec {
        name,
        meaning,
        unit,
        kind,
        required: false,
        default: "",
        min: None,
        max: None,
        above: None,
        likely: None,
        none: false,
        example,
    }
}

/// A column without unit.
const fn plain(name: &'static str, kind: Kind, example: &'static str, meaning: &'static str) -> ColumnSpec {
    column(name, kind, "", example, meaning)
}

/// A number that the engine knows too: name, default and limits are those of its table of fields.
const fn number(field: Field, unit: &'static str, example: &'static str, meaning: &'static str) -> ColumnSpec {
    column(field.name, Kind::Number, unit, example, meaning).default(field.blank).within(field.limits)
}

/// A quantity that is never negative.
const fn amount(name: &'static str, unit: &'static str, example: &'static str, meaning: &'static str) -> ColumnSpec {
    column(name, Kind::Number, unit, example, meaning).within(limits::AMOUNT)
}

/// A share, 0 to 1.
const fn share(name: &'static str, unit: &'static str, example: &'static str, meaning: &'static str) -> ColumnSpec {
    amount(name, unit, example, meaning).at_most(1.0)
}

/// How lines share out.
pub(crate) const RATIONING: &[&str] =
    &["proportional", "least_served", "class_priority", "oldest", "market_last", "least_served_market_last"];

/// One table of a case: a CSV file.
#[derive(Debug)]
pub struct TableSpec {
    /// Name of the table.
    pub name: &'static str,
    /// File name in the case folder.
    pub file: &'static str,
    /// What a row is.
    pub meaning: &'static str,
    /// Whether a case without the file is an error.
    pub required: bool,
    /// Columns whose values together name a row; other tables refer to the first.
    pub key: &'static [&'static str],
    /// The table's own columns; [`COMMON`] ones come on top.
    pub columns: &'static [ColumnSpec],
}

impl TableSpec {
    /// The table's own columns followed by the common ones it does not define itself.
    pub fn all_columns(&self) -> impl Iterator<Item = &'static ColumnSpec> + use<> {
        let bare = self.is_links();
        self.and_common().filter(move |column| !bare || COMMON.iter().all(|common| common.name != column.name))
    }

    /// The same, with the common columns of a table whose files have none: nothing is read from them.
    pub(crate) fn and_common(&self) -> impl Iterator<Item = &'static ColumnSpec> + use<> {
        let own = self.columns;
        own.iter().chain(COMMON.iter().filter(move |common| own.iter().all(|column| column.name != common.name)))
    }

    /// Whether a column that is otherwise required may be left out of a case with links: its firms need no place.
    pub fn spared_by_links(&self, column: &ColumnSpec) -> bool {
        self.name == "firms" && column.name == "place"
    }

    /// Whether it is the table of links, of which there may be tens of millions: its rows are columns from the start,
    /// hold plain values and carry no evidence of their own ([`crate::tables::links`]).
    pub fn is_links(&self) -> bool {
        self.name == "links"
    }

    /// Whether several rows may share the first key column (legs of a route, dates of a calendar).
    pub fn grouped(&self) -> bool {
        matches!(self.name, "routes" | "calendars")
    }
}

/// The table of that name.
pub fn table(name: &str) -> Option<&'static TableSpec> {
    TABLES.iter().find(|spec| spec.name == name)
}

/// A measure a claim may be held to, with the keys it takes besides `measure`, `of` and the bounds.
#[derive(Debug)]
pub struct MeasureSpec {
    /// Name, the value of `measure`.
    pub name: &'static str,
    /// What is measured.
    pub meaning: &'static str,
    /// Unit of the value the bounds apply to.
    pub unit: &'static str,
    /// What `of` must name: `""` when the measure takes no `of`, `"product"` when product selectors only, else `"any"`.
    pub of: &'static str,
    /// Its own keys.
    pub keys: &'static [ColumnSpec],
}

/// Every word any [`Kind::Enum`] column knows, each once. A `choice` parameter's value is an index into this list.
pub fn words() -> &'static [&'static str] {
    static WORDS: OnceLock<Vec<&'static str>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = Vec::new();
        for column in TABLES.iter().flat_map(TableSpec::all_columns) {
            if let Kind::Enum(options) = column.kind {
                for &word in options {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
            }
        }
        words
    })
}

const BASIS: Kind = Kind::Enum(&["sourced", "inferred", "assumed"]);
const GRADE: Kind = Kind::Enum(&["A", "B", "C"]);

/// Columns every table may carry.
pub static COMMON: &[ColumnSpec] = &[
    plain("basis", BASIS, "sourced", "How we know: a source states it, we infer it from sources, or we assume it"),
    plain("source", Kind::RefList("sources"), "nk-news-2020", "Statements of sources.csv that say so"),
    plain("grade", GRADE, "B", "A: official or several outlets; B: one outlet; C: one anonymous source"),
    plain("note", Kind::Text, "split assumed", "Anything a reader should know"),
];
