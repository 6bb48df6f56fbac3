//! Keys of case.toml and claims.toml, and the measures of claims.

use super::{ColumnSpec, GRADE, Kind, MeasureSpec, amount, column, fields, number, plain};

/// Keys of `[case]` in case.toml.
pub static CASE_KEYS: &[ColumnSpec] = &[
    plain("id", Kind::Text, "sinuiju-2020", "Name of the case; default the folder's"),
    plain("title", Kind::Text, "The border shuts", "Title for readers").required(),
    plain("question", Kind::Text, "Who stops working?", "The question the case answers"),
    plain("start", Kind::Date, "2018-09-01", "First day").required(),
    plain("end", Kind::Date, "2020-12-31", "Last day, inclusive").required(),
    plain("as_of", Kind::Date, "2020-04-17", "Day the results are read; default the end"),
    plain("currency", Kind::Text, "USD", "Currency of the accounts").default("USD"),
    plain("model", Kind::Enum(&["flow"]), "flow", "Model that runs the case").default("flow"),
    plain("default_scenario", Kind::Text, "closure", "Scenario run when none is named").required(),
    plain(
        "rules",
        Kind::Texts,
        "[\"UN-2375-16\"]",
        "Shipped rules in force, beside those of the folder rules/; `all` for every one; blank: none",
    ),
];

/// Keys of `[settings]` in case.toml.
pub static SETTING_KEYS: &[ColumnSpec] = &[
    plain(
        "start_state",
        Kind::Enum(&["steady", "empty", "warm_up", "settled"]),
        "empty",
        "Stocks and goods on the way on the first day: in steady state, none, what warm_up_days before it leave, or what as many days leave as it takes until output stands still",
    )
    .default("steady"),
    number(fields::WARM_UP_DAYS, "days", "365", "Simulated before the first day, from empty, and discarded; for start_state warm_up")
        .whole(),
    number(
        fields::SETTLE_TOLERANCE,
        "share of the output",
        "0.05",
        "How far the four-week mean output of a line may move before the first day; for start_state settled",
    ),
    number(fields::SETTLE_MAX_DAYS, "days", "730", "Most days simulated before the first day; for start_state settled").whole(),
    plain(
        "class_priority",
        Kind::Texts,
        "[\"essential\", \"declared\"]",
        "Classes served first where tonnes or goods are short; those not named come last, alike",
    ),
    plain("plan", Kind::Enum(&["demand", "realised"]), "demand", "What restocking plans for: expected demand, or yesterday's output")
        .default("demand"),
    number(fields::EXPECT_DAYS, "days", "28", "Time over which expected demand follows orders").likely(1.0, 365.0),
    amount(
        "spare_capacity_share",
        "share of the output",
        "0.1",
        "With links: capacity of a firm above what it makes where nothing is disturbed",
    )
    .likely(0.0, 1.0)
    .default("0"),
    plain("rationing", Kind::Enum(super::RATIONING), "least_served", "How lines share out that do not say it themselves")
        .default("proportional"),
    plain(
        "compat",
        Kind::Enum(&["none", "inoue-todo-2019"]),
        "inoue-todo-2019",
        "A published program to follow to the last digit, its departures from the published equations included",
    )
    .default("none"),
    plain(
        "shares",
        Kind::Enum(&["bind", "published"]),
        "bind",
        "While a seller fails, whether its buyers' other sellers are asked for no more than their share, or take over as in the published models; default bind, with links, compat or plan = realised published",
    ),
    plain(
        "stock_days_drawn",
        Kind::Enum(&["no", "poisson"]),
        "poisson",
        "Whether each buyer's days of stock are drawn around those of its terms, by `seed` and buyer",
    )
    .default("no"),
    amount("stock_days_least", "days", "2", "Least days of stock where they are drawn")
        .at_least(1.0)
        .at_most(super::TERM_DAYS_MAX)
        .likely(1.0, 365.0)
        .default("2"),
    column("draws", Kind::Integer, "runs", "200", "Samples over the ranged rows").at_least(0.0).at_most(1e7).default("200"),
    column("seed", Kind::Integer, "", "1", "Seed of the draws").at_least(0.0).default("1"),
];

/// Keys of `[scenarios.NAME]` in case.toml.
pub static SCENARIO_KEYS: &[ColumnSpec] = &[
    plain("title", Kind::Text, "The border shuts", "Title for readers"),
    plain("about", Kind::Text, "What happened.", "What is assumed"),
    plain(
        "like",
        Kind::Text,
        "closure",
        "Another scenario that this one is, but for what it says itself: it has its events, rules, behaviour and `about`, and what it sets; `set` comes on top. That one may be like a third",
    ),
    plain("set", Kind::Value, "{ lead_days = 5 }", "Parameters fixed in the scenario and in its counterfactual"),
    plain(
        "rules",
        Kind::Texts,
        "[]",
        "Rules in force in this scenario; `[]` for none; blank: those of the scenario it is like, else of the case",
    ),
    plain(
        "behaviour",
        Kind::Texts,
        "[\"obeyed\"]",
        "Files of the folder behaviour/ that act in this scenario; `[]` for none; blank: those of the scenario it is like, else none",
    ),
];

/// Keys of `[[claim]]` in claims.toml.
pub static CLAIM_KEYS: &[ColumnSpec] = &[
    plain("id", Kind::Id, "C04", "Name of the claim").required(),
    plain("kind", Kind::Enum(&["premise", "outcome"]), "outcome", "Whether the case rests on it, or should show it").required(),
    plain("text", Kind::Text, "Factories have largely ceased", "What the source says").required(),
    plain("source", Kind::RefList("sources"), "[\"nk-news-2020\"]", "Statements of sources.csv that make it"),
    plain("grade", GRADE, "B", "A: official or several outlets; B: one outlet; C: one anonymous source"),
    plain("date", Kind::Date, "2020-04-17", "The date it speaks of; default as_of"),
    plain("needs", Kind::Enum(&["screen", "trace"]), "screen", "Analysis it waits for"),
    plain("holds_when", Kind::Value, "[{ measure = \"utilisation\" }]", "Conditions that must all hold"),
];

/// Keys every `[[claim.holds_when]]` may have besides its measure's own.
pub static PART_KEYS: &[ColumnSpec] = &[
    plain("measure", Kind::Text, "utilisation", "What is measured").required(),
    plain("of", Kind::Selector, "[\"group:unha\"]", "Selectors; each must satisfy the bounds"),
    plain("at_least", Kind::Number, "0.1", "Smallest value that satisfies"),
    plain("at_most", Kind::Number, "0.2", "Largest value that satisfies"),
    plain("above", Kind::Number, "0", "The value must be larger"),
    plain("below", Kind::Number, "1", "The value must be smaller"),
];

const FROM: ColumnSpec = plain("from", Kind::Date, "2019-11-01", "First day of the window");
const TO: ColumnSpec = plain("to", Kind::Date, "2019-12-31", "Last day of the window, inclusive");
const DAYS: ColumnSpec =
    column("days", Kind::Integer, "days", "28", "Days up to the claim's date").at_least(1.0).at_most(super::TERM_DAYS_MAX);
const CROSSINGS: ColumnSpec = plain("crossings", Kind::RefList("crossings"), "[\"dandong\"]", "Crossings counted; default all");
const CLASS: ColumnSpec = plain("class", Kind::Text, "consigned", "Class counted; default all");
const TOWARD: ColumnSpec = plain("toward", Kind::Country, "KP", "Direction counted; default both");

const PLACES: ColumnSpec =
    plain("places", Kind::RefList("places"), "[\"kaesong\"]", "Places counted, without what is at crossings and on the road; default all");
const OWNERS: ColumnSpec = plain("owners", Kind::RefList("firms"), "[\"client\"]", "Whose goods are counted; default everybody's");
const PRODUCTS: ColumnSpec = plain("products", Kind::RefList("products"), "[\"coat\"]", "Products counted; default all");
const STATE: ColumnSpec = plain("state", Kind::Enum(STATES), "inputs", "How they stand; default however");
const REASON: ColumnSpec = plain("reason", Kind::Enum(REASONS), "shut_in", "Why they are caught; default whatever for");

/// How caught goods stand.
const STATES: &[&str] = &["inputs", "finished_not_due", "finished_due", "on_the_way", "held"];

/// Reasons for which goods are caught.
const REASONS: &[&str] = &["frozen", "held", "stranded", "shut_in"];

/// Causes for which a line may be stopped.
const CAUSES: &[&str] = &["capacity", "attendance", "no orders", "no outlet", "no cash", "forbidden", "frozen", "input"];

/// Measures a claim may be held to.
pub static MEASURES: &[MeasureSpec] = &[
    measure(
        "utilisation",
        "share",
        "any",
        "Labour used / labour of those employed, on working days; 0 where nobody is left",
        &[DAYS, FROM, TO],
    ),
    measure(
        "passages",
        "currency of the case a day, or a ratio with relative_from and relative_to",
        "",
        "Value at cost of goods that pass crossings, daily mean of the window",
        &[
            CROSSINGS,
            CLASS,
            TOWARD,
            FROM.required(),
            TO.required(),
            plain("relative_from", Kind::Date, "2019-01-01", "First day of the window compared with"),
            plain("relative_to", Kind::Date, "2019-12-31", "Last day of the window compared with"),
        ],
    ),
    measure(
        "passages_min_month",
        "ratio",
        "",
        "Value at cost that passes crossings: smallest whole month of the window / its median month",
        &[CROSSINGS, CLASS, TOWARD, FROM.required(), TO.required()],
    ),
    measure(
        "unshipped_share",
        "share of pieces",
        "any",
        "Pieces made in the window and still in the factories on the date",
        &[FROM.required(), TO.required()],
    ),
    measure(
        "fee_unpaid_share",
        "share of the fee",
        "any",
        "Fee on pieces made in the window and not paid on the date",
        &[FROM.required(), TO.required()],
    ),
    measure("firms_shut", "firms", "any", "Firms shut on the date", &[]),
    measure("arrears_days_per_worker", "worker-days per worker", "any", "Wages owed", &[]),
    measure(
        "list_price_share",
        "share of products",
        "product",
        "Products whose retail list price exceeds price_usd",
        &[amount("price_usd", "USD per unit", "141", "Price to exceed").required()],
    ),
    measure("lost_units", "units", "any", "Goods lost on the way in the window", &[FROM.required(), TO.required()]),
    measure(
        "season_missed_share",
        "share of pieces",
        "product",
        "Of order lines whose season ends in the window: pieces made but undelivered on the date and marked down by half or more / pieces made",
        &[FROM.required(), TO.required()],
    ),
    measure("claimants", "firms", "any", "Firms with a compensation claim", &[]),
    measure("compensation_received_median", "share of the claim", "any", "Median over claimants of the share received", &[]),
    measure(
        "output_ratio",
        "ratio",
        "any",
        "Output of the last days / the same days earlier",
        &[
            DAYS.required(),
            column("years_before", Kind::Integer, "years", "1", "How many years earlier").at_least(1.0).at_most(1000.0).default("1"),
        ],
    ),
    measure("liquidity_months", "months of wages", "any", "Cash less arrears of all together", &[]),
    measure("stranded_units", "units", "any", "Finished goods that cannot leave on the date", &[]),
    measure("stranded_value", "currency of the case", "any", "The same, value at cost", &[]),
    measure(
        "caught_value",
        "currency of the case",
        "",
        "Value at cost of goods caught on the date",
        &[PLACES, OWNERS, PRODUCTS, STATE, REASON],
    ),
    measure(
        "caught_pieces",
        "pieces",
        "",
        "Pieces caught on the date: of products named, else of those counted in pieces",
        &[PLACES, OWNERS, PRODUCTS, STATE, REASON],
    ),
    measure(
        "held_value",
        "currency of the case",
        "",
        "Value at cost of goods held at crossings on the date",
        &[CROSSINGS, CLASS, TOWARD, OWNERS, PRODUCTS],
    ),
    measure(
        "frozen_value",
        "currency of the case",
        "",
        "Value at cost of goods at places out of reach on the date",
        &[PLACES, OWNERS, PRODUCTS, STATE],
    ),
    measure(
        "input_cover_days",
        "days",
        "",
        "Inputs in stores where they are used / value used there a day, in the four weeks to the date or to the eve of the first event",
        &[PLACES, OWNERS, PRODUCTS],
    ),
    measure(
        "workers_idle",
        "workers",
        "any",
        "Workers, the dismissed and absent among them, less labour used, mean of the working days",
        &[DAYS.required()],
    ),
    measure(
        "findings_share",
        "share of contracts",
        "any",
        "Contracts of these sellers with a finding of the outcomes under the rules, up to the date / contracts of these sellers",
        &[
            plain("rules", Kind::Texts, "[\"UN-2375-16\"]", "Rules counted; default all in force"),
            plain("outcomes", Kind::Texts, "[\"breach\", \"arguable\"]", "Outcomes counted; default breach and arguable"),
        ],
    ),
    measure(
        "stopped_days",
        "firm-days",
        "any",
        "Days stopped, by cause",
        &[
            plain("cause", Kind::Enum(CAUSES), "no orders", "Cause counted; `input` is any input; default all"),
            FROM.required(),
            TO.required(),
        ],
    ),
];

const fn measure(
    name: &'static str,
    unit: &'static str,
    of: &'static str,
    meaning: &'static str,
    keys: &'static [ColumnSpec],
) -> MeasureSpec {
    MeasureSpec { name, meaning, unit, of, keys }
}
