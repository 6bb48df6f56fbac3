//! What a run rests on that is to be cited: the models it uses and the statements of its sources.

use std::collections::BTreeSet;

use ripstop_case::Case;
use ripstop_case::language::schema::Kind;

/// A published article.
#[derive(Clone, Copy, Debug)]
pub struct Article {
    /// Key in a bibliography.
    pub key: &'static str,
    /// Family and given names.
    pub authors: &'static [(&'static str, &'static str)],
    /// Title.
    pub title: &'static str,
    /// Journal.
    pub journal: &'static str,
    /// Volume and issue, as `28(3)`.
    pub volume: &'static str,
    /// Pages or number.
    pub pages: &'static str,
    /// Year.
    pub year: u16,
    /// DOI.
    pub doi: &'static str,
    /// What of the run comes from it.
    pub used_for: &'static str,
}

const FLOW: [Article; 3] = [
    Article {
        key: "hallegatte2008",
        authors: &[("Hallegatte", "Stéphane")],
        title: "An Adaptive Regional Input-Output Model and its Application to the Assessment of the Economic Cost of Katrina",
        journal: "Risk Analysis",
        volume: "28(3)",
        pages: "779-799",
        year: 2008,
        doi: "10.1111/j.1539-6924.2008.01046.x",
        used_for: "restocking",
    },
    Article {
        key: "henriet2012",
        authors: &[("Henriet", "Fanny"), ("Hallegatte", "Stéphane"), ("Tabourier", "Lionel")],
        title: "Firm-network characteristics and economic robustness to natural disasters",
        journal: "Journal of Economic Dynamics and Control",
        volume: "36(1)",
        pages: "150-167",
        year: 2012,
        doi: "10.1016/j.jedc.2011.10.001",
        used_for: "networks of firms with stocks of inputs",
    },
    Article {
        key: "inoue2019",
        authors: &[("Inoue", "Hiroyasu"), ("Todo", "Yasuyuki")],
        title: "Firm-level propagation of shocks through supply-chain networks",
        journal: "Nature Sustainability",
        volume: "2",
        pages: "841-847",
        year: 2019,
        doi: "10.1038/s41893-019-0351-x",
        used_for: "the firm's day, rationing",
    },
];

const IMPORTANCE: Article = Article {
    key: "pichler2022",
    authors: &[
        ("Pichler", "Anton"),
        ("Pangallo", "Marco"),
        ("del Rio-Chanona", "R. Maria"),
        ("Lafond", "François"),
        ("Farmer", "J. Doyne"),
    ],
    title: "Forecasting the propagation of pandemic shocks with a dynamic input-output model",
    journal: "Journal of Economic Dynamics and Control",
    volume: "144",
    pages: "104527",
    year: 2022,
    doi: "10.1016/j.jedc.2022.104527",
    used_for: "inputs that are important or not critical",
};

/// The articles whose models a case uses.
pub fn models(case: &Case) -> Vec<Article> {
    let mut list = Vec::new();
    if case.meta.model == "flow" {
        list.extend(FLOW);
        let recipes = case.table("recipes");
        let importance = recipes.col("importance");
        list.extend((0..recipes.rows()).any(|row| !recipes.is_blank(importance, row)).then_some(IMPORTANCE));
    }
    list
}

/// A statement of `sources.csv` that the case rests on.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// Who published it.
    pub publisher: String,
    /// When, as written; may be empty.
    pub date: String,
    /// Where; may be empty.
    pub url: String,
    /// A, B or C; may be empty.
    pub grade: String,
}

/// The statements that a row of any table or a claim names, in the order of `sources.csv`.
pub fn statements(case: &Case) -> Vec<Statement> {
    let mut named: BTreeSet<u32> = case.claims.iter().flat_map(|claim| claim.sources.iter().copied()).collect();
    let cites =
        |table: &&ripstop_case::Table| table.spec().all_columns().any(|c| c.name == "source" && matches!(c.kind, Kind::RefList("sources")));
    for table in case.tables().iter().filter(cites) {
        let col = table.col("source");
        named.extend((0..table.rows()).flat_map(|row| table.references(col, row).iter().copied()));
    }
    let sources = case.table("sources");
    let one = |id: u32| {
        let cell = |name: &str| sources.cell_text(sources.col(name), id as usize).unwrap_or_default().to_string();
        let (text, publisher, date) = (cell("statement"), cell("publisher"), cell("date"));
        Statement { id: cell("id"), text, publisher, date, url: cell("url"), grade: cell("grade") }
    };
    named.into_iter().map(one).collect()
}
