//! Keys of law files (rules/*.toml) and of behaviour files (behaviour/*.toml): the two never share a file.

use super::{BASIS, ColumnSpec, Kind, column, fields, number, plain, share};

/// Word a law file begins with.
pub const LAW_SCHEMA: &str = "ripstop-law/1";
/// Word a behaviour file begins with.
pub const BEHAVIOUR_SCHEMA: &str = "ripstop-behaviour/1";

/// How far a text was checked.
pub const VERIFIED: &[&str] = &["text", "secondary", "remembered", "interpretation"];
/// Editions of the Harmonized System.
pub const VINTAGES: &[&str] = &["HS1996", "HS2002", "HS2007", "HS2012", "HS2017", "HS2022"];
/// Moments of a consignment. `imported` is `cleared` under the name that laws of import use.
pub const MOMENTS: &[&str] = &["shipped", "cleared", "imported"];
/// Kinds of relation.
pub const RELATIONS: &[&str] = &["sale", "processing", "joint-venture", "cooperative-entity"];
/// What a finding may say.
pub const OUTCOMES: &[&str] =
    &["breach", "arguable", "wind-down", "exempt", "exemption-unevidenced", "not-covered", "cannot-tell", "indicator"];

const VERIFIED_KEY: Kind = Kind::Enum(VERIFIED);

/// Keys of a law file as a whole.
pub static LAW_KEYS: &[ColumnSpec] = &[
    plain("schema", Kind::Enum(&[LAW_SCHEMA]), LAW_SCHEMA, "What the file is").required(),
    plain("goods", Kind::Value, "[[goods]]", "Sets of goods that rules name"),
    plain("rule", Kind::Value, "[[rule]]", "The rules"),
];

/// Keys of `[[goods]]`.
pub static GOODS_KEYS: &[ColumnSpec] = &[
    plain("id", Kind::Id, "textiles", "Name of the set").required(),
    plain("vintage", Kind::Enum(VINTAGES), "HS2017", "Edition its codes are of").required(),
    plain("codes", Kind::Texts, "[\"50..63\", \"8452\"]", "Prefixes of codes, or runs of them").required(),
    plain("status", VERIFIED_KEY, "interpretation", "Whether the law lists these codes, or they are how somebody reads its words")
        .required(),
    plain("note", Kind::Text, "the paragraph has no list of codes", "Anything a reader should know"),
];

/// Keys of `[[rule]]`.
pub static RULE_KEYS: &[ColumnSpec] = &[
    plain("id", Kind::Id, "UN-2375-16", "Name of the rule").required(),
    plain("title", Kind::Text, "Ban on textile exports", "What it is, in a line").required(),
    plain("authority", Kind::Text, "UN Security Council", "Who made it").required(),
    plain("instrument", Kind::Text, "S/RES/2375 (2017)", "The text it stands in").required(),
    plain("paragraph", Kind::Text, "16", "Where in the text"),
    plain("sources", Kind::Texts, "[\"https://example.org\"]", "Where it can be read").required(),
    plain(
        "verified",
        VERIFIED_KEY,
        "secondary",
        "How far it was checked: official text read, secondary source read, remembered, or a reading of ours",
    )
    .required(),
    plain("adopted", Kind::Date, "2017-09-11", "Day it was made"),
    plain("in_force", Kind::Text, "2017-09-11T00:00:00-04:00", "First moment at which it holds, with its offset from UTC").required(),
    plain("until", Kind::Text, "2020-01-01T00:00:00+00:00", "First moment at which it holds no more; blank: it still holds"),
    plain("binds", Kind::Texts, "[\"CN\"]", "Countries whose law it is; blank: all"),
    plain("acts", Kind::Texts, "[\"import\"]", "What it forbids, in words"),
    plain("judges", Kind::Enum(&["goods", "contract", "labour"]), "goods", "What is judged: each consignment, the contract, or the work")
        .default("goods"),
    plain("moment", Kind::Enum(MOMENTS), "cleared", "Which moment of a consignment must lie in its time").default("cleared"),
    plain("goods", Kind::Texts, "[\"textiles\"]", "Sets of goods it is about; blank: all goods"),
    plain("does_not_cover", Kind::Texts, "[\"textile-inputs\"]", "Goods a reader may expect here although the rule does not name them"),
    plain("implements", Kind::Texts, "[\"UN-2375-16\"]", "Rules it carries out"),
    plain(
        "indicator",
        Kind::Enum(&["hidden-maker", "label-differs", "venture", "price-below-peers"]),
        "label-differs",
        "It is no law but a sign that an advisory names, and this is computed beside the tests",
    ),
    share("below_peers_share", "share of the median price", "0.5", "price-below-peers: under which share of the peers' median")
        .default("0.5"),
    plain("note", Kind::Text, "a reading", "Anything a reader should know"),
    plain("when", Kind::Value, "[[rule.when]]", "Alternatives, of which one must hold"),
    plain("exemption", Kind::Value, "[[rule.exemption]]", "Exemptions and wind-downs"),
];

/// Keys of `[[rule.when]]`: the five tests, each by itself; all that are asked must hold.
pub static WHEN_KEYS: &[ColumnSpec] = &[
    plain("origin", Kind::Texts, "[\"KP\"]", "Origin: the goods are of one of these countries"),
    plain("consignment_from", Kind::Texts, "[\"KP\"]", "Consignment: a leg leaves one of these countries"),
    plain("consignment_to", Kind::Texts, "[\"CN\"]", "Consignment: a leg enters one of these countries"),
    plain("processed_in", Kind::Texts, "[\"KP\"]", "Place of processing: the goods or part of them were worked in one of these"),
    plain("processed_outside", Kind::Texts, "[\"KP\"]", "Place of processing: they were worked outside these too"),
    plain("party", Kind::Texts, "[\"KP\"]", "Party: a firm or its owner has one of these nationalities"),
    plain("party_tags", Kind::Texts, "[\"listed:UN-1718\"]", "Party: a firm or its owner has one of these tags"),
    plain("role", Kind::Enum(&["any", "supplier", "recipient"]), "supplier", "Which side the party test asks of").default("any"),
    plain("labour", Kind::Texts, "[\"KP\"]", "Labour: people of one of these nationalities worked on the goods"),
    plain("relation", Kind::Texts, "[\"joint-venture\"]", "Relation: the contract is one of these"),
    plain("reading", Kind::Enum(&["plain", "disputed"]), "disputed", "A disputed reading gives `arguable`, never `breach`")
        .default("plain"),
    plain("note", Kind::Text, "why it is disputed", "Why this alternative"),
];

/// Keys of `[[rule.exemption]]`.
pub static EXEMPTION_KEYS: &[ColumnSpec] = &[
    plain("id", Kind::Id, "written-contract", "Name of the exemption").required(),
    plain("title", Kind::Text, "Contracts from before", "What it is, in a line").required(),
    plain("kind", Kind::Enum(&["exemption", "wind-down"]), "wind-down", "Whether it allows, or gives time to wind up").default("exemption"),
    plain("verified", VERIFIED_KEY, "secondary", "How far it was checked").required(),
    plain("goods", Kind::Texts, "[\"coal\"]", "Only these sets of goods"),
    plain("origin", Kind::Texts, "[\"RU\"]", "Only goods of these countries"),
    plain("tags", Kind::Texts, "[\"rajin-khasan\"]", "Only contracts with one of these tags"),
    plain("signed_before", Kind::Text, "2017-09-11T00:00:00+08:00", "Only contracts signed before this moment, with its offset from UTC"),
    plain("written", Kind::Bool, "true", "Only written contracts").default("false"),
    plain("moment", Kind::Enum(MOMENTS), "imported", "Which moment must lie before `before`").default("cleared"),
    plain("before", Kind::Text, "2017-12-11T00:00:00+08:00", "Only acts before this moment, with its offset from UTC"),
    plain("needs", Kind::Texts, "[\"notification:UN-1718\"]", "Papers that the contract must name in its column evidence"),
    plain("note", Kind::Text, "a reading", "Anything a reader should know"),
];

/// Keys of a behaviour file as a whole.
pub static BEHAVIOUR_FILE_KEYS: &[ColumnSpec] = &[
    plain("schema", Kind::Enum(&[BEHAVIOUR_SCHEMA]), BEHAVIOUR_SCHEMA, "What the file is").required(),
    plain("title", Kind::Text, "Half comply", "Title for readers"),
    plain("about", Kind::Text, "What is assumed.", "What is assumed"),
    plain(
        "found",
        Kind::Enum(&["expected", "drawn"]),
        "expected",
        "Whether consignments are found in expectation, a share of each, or drawn by seed, contract and day",
    )
    .default("expected"),
    column("seed", Kind::Integer, "", "1", "Seed of what is drawn").at_least(0.0).default("1"),
    plain("behaviour", Kind::Value, "[[behaviour]]", "How actors respond"),
    plain(
        "observed",
        Kind::Value,
        "[[observed]]",
        "Relabelling and rerouting that a source reports; shown with findings, never chosen by ripstop",
    ),
];

/// Keys of `[[behaviour]]`.
pub static BEHAVIOUR_KEYS: &[ColumnSpec] = &[
    plain("id", Kind::Id, "clients-comply", "Name of the behaviour").required(),
    plain("rules", Kind::Texts, "[\"UN-2375-16\"]", "Rules it answers to; `all` for every rule").required(),
    plain("actors", Kind::Selector, "country:CN", "Whose buying it is about: a selector of buyers; blank: all"),
    plain("contracts", Kind::Selector, "sector:garments", "Which contracts: a selector of their seller lines; blank: all"),
    plain("acts_on", Kind::Texts, "[\"breach\"]", "Outcomes it answers to").default("breach"),
    column(
        "compliance_share",
        Kind::Value,
        "share",
        "0.4",
        "Share of these actors' orders that stops; a number or a formula over $parameters",
    )
    .at_least(0.0)
    .at_most(1.0),
    plain("from", Kind::Date, "2017-12-11", "First day; blank: the first day on which the outcome would be found"),
    plain("to", Kind::Date, "2018-12-31", "Last day; blank: as long as the outcome would be found"),
    number(fields::RAMP_IN_DAYS, "days", "30", "Days over which it takes hold"),
    number(fields::DETECTION_SHARE, "chance per consignment", "0.02", "Chance that a day's consignment is found").value(),
    number(fields::SEIZED_SHARE, "share", "1", "Share of what is found that is seized").value(),
    number(fields::FINE_PER_VALUE, "times the value at cost", "1", "Fine on the buyer").likely(0.0, 20.0),
    number(fields::ENDS_SHARE, "chance", "0.5", "Chance that the relation ends when something is found")
        .named("relation_ends_share")
        .value(),
    plain("basis", BASIS, "assumed", "How we know").required(),
    plain("source", Kind::RefList("sources"), "[\"nk-news-2020\"]", "Statements of sources.csv that say so"),
    plain("note", Kind::Text, "no source gives a rate", "Anything a reader should know"),
];

/// Keys of `[[observed]]`.
pub static OBSERVED_KEYS: &[ColumnSpec] = &[
    plain("what", Kind::Enum(&["relabelled", "rerouted"]), "relabelled", "What was seen").required(),
    plain("contracts", Kind::Selector, "sector:garments", "Which contracts: a selector of their seller lines").required(),
    plain("text", Kind::Text, "Labels say Made in China", "What was seen, in a sentence").required(),
    plain("basis", BASIS, "sourced", "How we know").required(),
    plain("source", Kind::RefList("sources"), "[\"scmp-2020\"]", "Statements of sources.csv that say so"),
];
