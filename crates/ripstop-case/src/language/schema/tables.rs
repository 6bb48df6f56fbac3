//! The tables of a case.

use super::*;

/// Tables of a case of model `flow`.
pub static TABLES: &[TableSpec] = &[
    TableSpec {
        name: "parameters",
        file: "parameters.csv",
        meaning: "A number used more than once, or uncertain; cells refer to it as `$name`",
        required: false,
        key: &["name"],
        columns: &[
            plain("name", Kind::Id, "lead_days", "Name of the parameter").required(),
            plain(
                "value",
                Kind::Value,
                "10",
                "A number, `none`, an expression over other parameters, a date (unit `date`) or a word (unit `choice`)",
            )
            .required(),
            plain("unit", Kind::Text, "days", "Unit of the value; `date` and `choice` change how it is read"),
            plain("low", Kind::Value, "5", "Smallest value thought possible; draws sample uniformly from low to high"),
            plain("high", Kind::Value, "15", "Largest value thought possible"),
        ],
    },
    TableSpec {
        name: "sources",
        file: "sources.csv",
        meaning: "A statement somebody made (not an article: one article may make several)",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "nk-news-2020", "Name of the statement").required(),
            plain("statement", Kind::Text, "The factories stopped in February", "What was said").required(),
            plain("publisher", Kind::Text, "Daily NK", "Who published it"),
            plain("date", Kind::Period, "2020-04-17", "When it was published"),
            plain("language", Kind::Text, "en", "Language of the original"),
            plain("grade", GRADE, "B", "A: official or several outlets; B: one outlet; C: one anonymous source"),
            plain("url", Kind::Text, "https://example.org", "Where it can be read"),
        ],
    },
    TableSpec {
        name: "places",
        file: "places.csv",
        meaning: "A town, port or region where firms are and routes end",
        required: true,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "sinuiju", "Name used by other tables").required(),
            plain("name", Kind::Text, "Sinuiju", "Name for readers"),
            plain("country", Kind::Country, "KP", "Country it lies in").required(),
            column("lat", Kind::Number, "degrees north", "40.1", "Latitude").at_least(-90.0).at_most(90.0),
            column("lon", Kind::Number, "degrees east", "124.4", "Longitude").at_least(-180.0).at_most(180.0),
        ],
    },
    TableSpec {
        name: "crossings",
        file: "crossings.csv",
        meaning: "A border point that goods and persons pass, and that events may shut",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "dandong", "Name used by other tables").required(),
            plain("name", Kind::Text, "Dandong-Sinuiju", "Name for readers"),
            plain("place_a", Kind::Ref("places"), "dandong", "Place on one side").required(),
            plain("place_b", Kind::Ref("places"), "sinuiju", "Place on the other side").required(),
            plain(
                "mode",
                Kind::Enum(&["flow", "capacity"]),
                "capacity",
                "What being partly open means: the open share of what arrives, or of the tonnes a day that can pass",
            )
            .default("flow"),
            amount("tonnes_per_day", "tonnes per day", "4000", "What passes in each direction when fully open; for mode capacity")
                .above(0.0),
            plain("utc_offset", Kind::Text, "+08:00", "Its time, ahead of UTC; the dates of rules are read in it").default("+00:00"),
            plain("clears_at", Kind::Text, "12:00", "Hour at which goods are cleared, in its time").default("12:00"),
        ],
    },
    TableSpec {
        name: "routes",
        file: "routes.csv",
        meaning: "One leg of a route; legs join up from place to place",
        required: false,
        key: &["route", "leg"],
        columns: &[
            plain("route", Kind::Id, "dandong-sinuiju", "Name of the route, the same on each of its legs").required(),
            column("leg", Kind::Integer, "order", "1", "Number of the leg, 1 first").required().at_least(1.0).at_most(1e6),
            plain("from", Kind::Ref("places"), "dandong", "Place where the leg starts").required(),
            plain("to", Kind::Ref("places"), "sinuiju", "Place where the leg ends").required(),
            amount("days", "days", "2", "Time the leg takes; the days of a route add up to at least 1")
                .at_most(ripstop::model::limits::DAYS_MAX)
                .required(),
            plain("crossing", Kind::Ref("crossings"), "dandong", "Crossing passed at the start of this leg"),
            amount("tonnes_per_day", "tonnes per day", "600", "Most that can set out on this leg; all contracts of the route share it")
                .above(0.0)
                .default("none")
                .or_none(),
        ],
    },
    TableSpec {
        name: "traffic",
        file: "traffic.csv",
        meaning: "Traffic outside the case that shares a crossing of mode capacity; what is not served on a day is gone",
        required: false,
        key: &["crossing", "toward", "class"],
        columns: &[
            plain("crossing", Kind::Ref("crossings"), "dandong", "The crossing").required(),
            plain("toward", Kind::Country, "KP", "Country it goes to").required(),
            plain("class", Kind::Text, "declared", "Class of goods").required(),
            amount("tonnes_per_day", "tonnes per day", "3500", "What wants to pass each day").required(),
        ],
    },
    TableSpec {
        name: "groups",
        file: "groups.csv",
        meaning: "Firms under one owner",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "unha", "Name used by other tables").required(),
            plain("name", Kind::Text, "Korea Unha General Trading", "Name for readers"),
            plain("country", Kind::Country, "KP", "Country of the owner"),
            plain("tags", Kind::Text, "listed:UN-1718", "Tags that rules look for, `;` between them"),
        ],
    },
    TableSpec {
        name: "products",
        file: "products.csv",
        meaning: "A good, or an input, in one unit",
        required: true,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "winter_coat", "Name used by other tables").required(),
            plain("name", Kind::Text, "Winter coat", "Name for readers"),
            plain("unit", Kind::Text, "piece", "Unit in which quantities are counted").required(),
            plain("class", Kind::Text, "consigned", "Class of goods that crossings tell apart").default("general"),
            amount("value_usd_per_unit", "USD per unit", "30", "Value of a unit; blank: the value of its inputs by recipe"),
            amount("retail_price_usd_per_unit", "USD per unit", "150", "Retail list price of a unit"),
            share("price_after_season_share", "share of the price", "0.4", "What remains of the price once the season is over")
                .default("1"),
            amount("kg_per_unit", "kilograms per unit", "1.2", "Weight of a unit; needed where it passes a limit in tonnes"),
            share(
                "spoilage_share_per_day",
                "share per day",
                "0.1",
                "What spoils each day while goods are held, wait finished at the maker, or lie in a store",
            )
            .default("0"),
            plain("hs", Kind::Text, "620193", "Code of the Harmonized System, 2 to 10 digits; rules on goods need it"),
            plain("hs_vintage", Kind::Enum(VINTAGES), "HS2017", "Edition of the code").default("HS2017"),
            plain("origin", Kind::Country, "KP", "Origin, where stated; blank: the country of the last maker"),
        ],
    },
    TableSpec {
        name: "recipes",
        file: "recipes.csv",
        meaning: "How much of an input a unit of a product takes",
        required: false,
        key: &["product", "input"],
        columns: &[
            plain("product", Kind::Ref("products"), "winter_coat", "What is made").required(),
            plain("input", Kind::Ref("products"), "fabric", "What it takes").required(),
            amount("quantity_per_unit", "units of input per unit of product", "2.8", "Input in a finished unit").required(),
            share("waste_share", "share of the input", "0.06", "Input lost on top of what is in the product").default("0"),
            plain(
                "supplied_by",
                Kind::Enum(&["client", "maker"]),
                "client",
                "Who brings the input under a processing contract; ignored for sales",
            )
            .default("client"),
            plain(
                "importance",
                Kind::Enum(&["critical", "important", "other"]),
                "critical",
                "Without the input: nothing can be made, half of what could be made, or all of it",
            )
            .default("critical"),
        ],
    },
    TableSpec {
        name: "firms",
        file: "firms.csv",
        meaning: "A firm, plant or trading company at one place",
        required: true,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "unha-sinuiju", "Name used by other tables").required(),
            plain("name", Kind::Text, "Unha factories in Sinuiju", "Name for readers"),
            plain("place", Kind::Ref("places"), "sinuiju", "Where it is; with links it may be left out").required(),
            plain("group", Kind::Ref("groups"), "unha", "Its owner"),
            plain("sector", Kind::Text, "garments", "Sector, for totals and selectors"),
            plain("currency", Kind::Currency, "CNY", "Currency of its cash and wages; default the case's"),
            amount("workers", "workers", "7000", "Workers on the payroll").default("0"),
            amount("wage_usd_per_month", "USD per worker and month", "110", "Full wage").default("0"),
            amount("wage_per_month", "firm's currency per worker and month", "760", "Full wage, instead of wage_usd_per_month"),
            share("idle_pay_share", "share of the wage", "0.8", "Wage due for time without work").default("1"),
            share("levy_share", "share of receipts", "0.3", "What the owner or the state takes of each receipt").default("0"),
            amount("keep_months", "months of wages", "1", "Cash the firm may keep; the rest is remitted to the owner at month end")
                .likely(0.0, 120.0)
                .default("none")
                .or_none(),
            amount("opening_cash_usd", "USD", "2310000", "Cash on the first day").default("0"),
            amount("opening_cash", "firm's currency", "16000000", "Cash on the first day, instead of opening_cash_usd"),
            plain("rest_weekdays", Kind::Weekdays, "sun", "Days of the week without work"),
            days("hire_days", "none", "60", "Time over which a gap of workers is filled, up to `workers`; none: nobody is hired")
                .at_least(1.0)
                .or_none(),
            days("fire_days", "none", "30", "Time over which a surplus of workers is dismissed; none: nobody is dismissed")
                .at_least(1.0)
                .or_none(),
            days("insolvency_days", "none", "90", "Days in a row with debts due beyond its cash after which it is insolvent; none: never")
                .at_least(1.0)
                .or_none(),
            plain(
                "when_insolvent",
                Kind::Enum(&["continue", "stop", "rescue"]),
                "stop",
                "What follows: it is marked and goes on, it stops for good, or its owner pays its debts due and rescue_months of wages",
            )
            .default("continue"),
            amount("rescue_months", "months of wages", "1", "Wages a rescue adds to the debts due").likely(0.0, 60.0).default("1"),
            plain("nationality", Kind::Country, "KP", "Nationality, for rules; blank: its owner's, else the country it is in"),
            plain("labour_nationality", Kind::Text, "KP;CN", "Nationalities of its people, `;` between them; blank: the country it is in"),
            plain("tags", Kind::Text, "listed:UN-1718", "Tags that rules look for, `;` between them"),
            amount(
                "final_demand_per_day",
                "units per day",
                "140",
                "With links: what final buyers take of its sector's good; blank: none, or what output_per_day leaves",
            ),
            amount(
                "output_per_day",
                "units per day",
                "900",
                "With links, instead of final_demand_per_day: what it makes; what its links leave is final demand",
            ),
            amount("stock_days", "days", "9", "With links: stock of each input it aims for; default that of the terms `links`, else 15")
                .at_least(1.0)
                .at_most(TERM_DAYS_MAX)
                .likely(0.0, 730.0),
        ],
    },
    TableSpec {
        name: "lines",
        file: "lines.csv",
        meaning: "A firm's production (or resale) of one product",
        required: true,
        key: &["firm", "product"],
        columns: &[
            plain("firm", Kind::Ref("firms"), "unha-sinuiju", "The firm").required(),
            plain("product", Kind::Ref("products"), "winter_coat", "What it makes or resells").required(),
            amount("capacity_per_day", "units per day", "500", "Most it can make in a day").default("none").or_none(),
            amount("labour_days_per_unit", "worker-days per unit", "0.9", "Labour in a unit").default("0"),
            plain("resale", Kind::Bool, "false", "Whether each unit sold is a unit of the same product bought").default("false"),
            plain(
                "rationing",
                Kind::Enum(RATIONING),
                "proportional",
                "How it shares out too little: alike, to who gets least first, by class_priority of [settings], what has waited longest first, \
                 or final demand last (with firms alike, or who gets least first); default that of [settings]",
            ),
        ],
    },
    TableSpec {
        name: "terms",
        file: "terms.csv",
        meaning: "How contracts order, ship and pay; shared by many contracts",
        required: false,
        key: &["id"],
        columns: super::terms::TERMS,
    },
    TableSpec {
        name: "contracts",
        file: "contracts.csv",
        meaning: "A seller's line supplies a buyer with one product",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "coats-1", "Name used by other tables").required(),
            plain("seller", Kind::Ref("firms"), "unha-sinuiju", "Who makes and delivers").required(),
            plain("buyer", Kind::Ref("firms"), "client-1", "Who orders and pays; for processing the client, owner of inputs and output")
                .required(),
            plain("product", Kind::Ref("products"), "winter_coat", "What is delivered").required(),
            plain("kind", Kind::Enum(&["sale", "processing"]), "processing", "Sale of goods, or work on the client's inputs for a fee")
                .default("sale"),
            plain("terms", Kind::Ref("terms"), "garment-terms", "How it orders, ships and pays").required(),
            plain("route", Kind::Ref("routes"), "sinuiju-dandong", "Way of the goods from seller to buyer; blank: one day, no crossing"),
            plain(
                "alternative_routes",
                Kind::RefList("routes"),
                "sinuiju-dalian;sinuiju-hunchun",
                "Ways used while those before are shut, in order of preference",
            ),
            plain("input_route", Kind::Ref("routes"), "dandong-sinuiju", "Way of the inputs from client to maker (processing)"),
            plain("alternative_input_routes", Kind::RefList("routes"), "dalian-sinuiju", "The same for the inputs (processing)"),
            plain("currency", Kind::Currency, "CNY", "Currency of its price, prepayments and claims; default the case's"),
            amount("price_usd_per_unit", "USD per unit", "6", "Price (sale) or fee (processing); blank: no money"),
            amount("price_per_unit", "contract's currency per unit", "42", "Price or fee, instead of price_usd_per_unit"),
            amount("credit_limit_usd", "USD", "50000", "Most the buyer may owe, goods on the way included; no more is ordered or shipped")
                .default("none")
                .or_none(),
            amount("quantity_per_day", "units per day", "120", "Steady rate under restock; its share of the need where there is no recipe"),
            share(
                "share",
                "share of the need",
                "0.5",
                "Share of the buyer's need of the product from this seller; default equal, or by quantity_per_day; \
                 with standby_share and no quantity_per_day none, if there is another seller",
            ),
            share(
                "standby_share",
                "share of the need or order",
                "0.3",
                "Most it takes over from sellers that cannot be reached: of the buyer's need (restock) or of the order line (schedule); blank: nothing",
            ),
            plain("calendar", Kind::Ref("calendars"), "winter", "Due dates of every year under schedule ordering"),
            amount("quantity_per_year", "units per year", "40000", "Quantity a year, with a calendar"),
            share("collection_phase_share", "share of the interval", "0.25", "Where in its collection interval the first collection falls")
                .default("0"),
            plain("signed", Kind::Text, "2017-08-20", "Day (or moment with its offset from UTC) of signing; blank: not known"),
            plain("written", Kind::Bool, "true", "Whether it is written; blank: not known"),
            plain("evidence", Kind::Text, "notification:UN-1718", "Notifications, licences and approvals the case holds, `;` between them"),
            plain("relation", Kind::Enum(RELATIONS), "joint-venture", "What it is to rules; blank: what `kind` says"),
            plain("tags", Kind::Text, "rajin-khasan", "Tags that exemptions look for, `;` between them"),
            plain("declared_origin", Kind::Country, "CN", "Origin that label or declaration name; blank: not known"),
            plain("maker_disclosed", Kind::Bool, "false", "Whether the buyer was told who makes the goods; blank: not known"),
        ],
    },
    TableSpec {
        name: "links",
        file: "links.csv",
        meaning: "Who sells to whom, and how much a day: shorthand for lines, recipes, contracts and demand of firms that each make their sector's good",
        required: false,
        key: &["seller", "buyer"],
        columns: &[
            plain("seller", Kind::Ref("firms"), "4711", "Who makes and delivers its sector's good").required(),
            plain("buyer", Kind::Ref("firms"), "815", "Who takes it as an input").required(),
            amount(
                "value_per_day",
                "units per day",
                "1250",
                "What it takes a day, in value (or another unit, the same for a whole sector)",
            )
            .required(),
        ],
    },
    TableSpec {
        name: "calendars",
        file: "calendars.csv",
        meaning: "A date of every year on which a share of a year's orders is due",
        required: false,
        key: &["calendar", "due", "first_due"],
        columns: &[
            plain("calendar", Kind::Id, "winter", "Name used by contracts, the same on each of its dates").required(),
            plain("due", Kind::MonthDay, "09-10", "Day of the year on which the order is due").required(),
            share("share", "share of quantity_per_year", "0.25", "Share of the year's quantity").required(),
            plain("season_end", Kind::MonthDay, "02-15", "End of the selling season, the first such day on or after the due date"),
            plain("first_due", Kind::Date, "2018-09-10", "No order is due before; default the start of the case"),
            plain("last_due", Kind::Date, "2020-08-31", "No order is due after; default 120 days after the end of the case"),
        ],
    },
    TableSpec {
        name: "orders",
        file: "orders.csv",
        meaning: "One order line of a contract under schedule ordering",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "order-7", "Name of the order line").required(),
            plain("contract", Kind::Ref("contracts"), "coats-1", "The contract it belongs to").required(),
            amount("quantity", "units", "12000", "How much is ordered").required(),
            plain("due_date", Kind::Date, "2019-12-10", "When it is due").required(),
            plain("season_end", Kind::Date, "2020-02-15", "End of the selling season"),
        ],
    },
    TableSpec {
        name: "demand",
        file: "demand.csv",
        meaning: "What final buyers take from a line each day",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "coats-seoul", "Name of the row").required(),
            plain("market", Kind::Text, "seoul", "Market, for totals and selectors").required(),
            plain("firm", Kind::Ref("firms"), "brand-1", "Firm that serves it").required(),
            plain("product", Kind::Ref("products"), "winter_coat", "Product sold").required(),
            amount("quantity_per_day", "units per day", "80", "Demand on a day of the season").required(),
            plain("season_from", Kind::MonthDay, "09-01", "First day of the season; blank: all year"),
            plain("season_to", Kind::MonthDay, "02-28", "Last day of the season"),
            amount("price_usd_per_unit", "USD per unit", "150", "Price paid; default the product's retail price"),
            days("patience_days", "0", "5", "How long unmet demand waits before it is lost").at_most(ripstop::model::limits::DAYS_MAX),
        ],
    },
    TableSpec {
        name: "exchange_rates",
        file: "exchange_rates.csv",
        meaning: "What a unit of a currency is worth from a date on, until its next row; before its first row the first holds",
        required: false,
        key: &["currency", "from"],
        columns: &[
            plain("currency", Kind::Id, "CNY", "A currency other than the case's").required(),
            plain("from", Kind::Date, "2020-01-01", "First day").required(),
            amount("usd_per_unit", "case's currency per unit", "0.14", "Value of one unit in the case's currency").above(0.0).required(),
        ],
    },
    TableSpec {
        name: "events",
        file: "events.csv",
        meaning: "Something that happens to firms, contracts or crossings between two dates",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "border-shut", "Name of the event").required(),
            plain(
                "kind",
                Kind::Enum(&[
                    "capacity",
                    "attendance",
                    "demand",
                    "open_share",
                    "order_cut",
                    "cancel",
                    "refusal",
                    "exchange_rate",
                    "default",
                    "damage",
                ]),
                "open_share",
                "What it changes",
            )
            .required(),
            plain("target", Kind::Selector, "crossing:dandong", "What it hits").required(),
            plain("from", Kind::Date, "2020-01-28", "First day").required(),
            plain("to", Kind::Date, "2020-12-31", "Last day, inclusive; blank: to the end"),
            amount(
                "value",
                "factor or share",
                "0",
                "capacity, attendance, demand: factor that remains; open_share: share that passes; order_cut: share withheld; \
                 refusal: share refused; exchange_rate: factor; damage: share of capacity lost; unused by cancel and default",
            ),
            days("ramp_in_days", "0", "7", "Days over which it takes hold"),
            days("ramp_out_days", "0", "30", "Days over which it lets go"),
            plain(
                "shape",
                Kind::Enum(&["linear", "step", "sudden", "geometric", "exponential", "damped"]),
                "linear",
                "damage: how it heals; default linear",
            ),
            days("recovery_days", "", "60", "damage: time c of the shape; blank: it does not heal").at_least(1.0),
            days("stop_days", "", "3", "damage: days of forced stop before it heals; default none"),
            plain("toward", Kind::Country, "KP", "Direction at a crossing; blank: both"),
            plain("class", Kind::Text, "consigned", "Class at a crossing; blank: all"),
            plain(
                "scenarios",
                Kind::ScenarioList,
                "closure",
                "`background` (holds in every scenario and its counterfactual) or the scenarios it belongs to",
            )
            .required(),
        ],
    },
    TableSpec {
        name: "observations",
        file: "observations.csv",
        meaning: "A dated number somebody published, to compare with; never an input",
        required: false,
        key: &["id"],
        columns: &[
            plain("id", Kind::Id, "cn-exports-2020-02", "Name of the observation").required(),
            plain("date", Kind::Period, "2020-02", "Year, month or day it is about").required(),
            plain("series", Kind::Text, "cn_exports_to_nk", "Series it belongs to").required(),
            column("value", Kind::Number, "by the column unit", "10.7", "The number").at_most(AMOUNT_MAX).required(),
            plain("unit", Kind::Text, "million USD", "Unit of the number").required(),
            plain("kind", Kind::Enum(OBSERVED_KINDS), "official", "How good a number it is; the last three are shown and never counted")
                .default("reported"),
            plain("compare", Kind::Enum(COMPARISONS), "below", "How a run is compared with it").default("none"),
            plain("measure", Kind::Enum(OBSERVED), "passed_value", "What of the run is set beside it"),
            plain("of", Kind::Selector, "product:watch", "Of which lines it is; of passed_value: which crossings, blank: all"),
            plain("toward", Kind::Country, "KP", "Country the goods go to; blank: any"),
            plain("class", Kind::Text, "consigned", "Class of goods at the crossings; blank: all"),
            plain("period", Kind::Period, "2019", "Time of the run set beside it; blank: `date`"),
            plain("base", Kind::Period, "2019", "ratio: the period that counts as 1; last_above: the period whose monthly mean does"),
            plain("limits", Kind::Text, "The level is an input.", "What the comparison cannot show, in a sentence"),
        ],
    },
    TableSpec {
        name: "guesses",
        file: "guesses.csv",
        meaning: "A guess without a model of an observed ratio, to hold the run against",
        required: false,
        key: &["observation", "name"],
        columns: &[
            plain("observation", Kind::Ref("observations"), "watches-2020", "The ratio it is a guess of").required(),
            plain("name", Kind::Text, "all trade", "What it is called, in a few words").required(),
            column("value", Kind::Number, "as the observation", "0.193", "The ratio that would have been guessed, a share as 0.193")
                .at_least(0.0)
                .at_most(AMOUNT_MAX)
                .likely(0.0, 10.0)
                .required(),
            plain("why", Kind::Text, "Watches fell with all trade.", "Why somebody would have guessed it").required(),
        ],
    },
];
