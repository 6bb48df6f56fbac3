//! The files of a first case. What a column means is written from the schema, never by hand.

use jiff::Span;
use jiff::civil::Date;
use ripstop_case::schema::{self, ColumnSpec, TableSpec};

/// Days a first case needs at least, so that all of its story fits.
pub const DAYS_MIN: u32 = 150;

/// What kind of network a first case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A client sends the inputs, owns the goods and pays a fee
    Processing,
    /// Firms buy and sell
    Trade,
}

/// What the files are made from.
pub struct Answers {
    pub id: String,
    pub title: String,
    pub kind: Kind,
    pub start: Date,
    pub days: u32,
    pub currency: String,
    pub maker_country: String,
    pub client_country: String,
}

impl Answers {
    /// A first case as it is without any wish.
    pub fn usual(name: &str) -> Answers {
        Answers {
            id: id_of(name),
            title: "The border shuts".to_owned(),
            kind: Kind::Processing,
            start: jiff::civil::date(2025, 1, 1),
            days: 180,
            currency: "USD".to_owned(),
            maker_country: "XX".to_owned(),
            client_country: "YY".to_owned(),
        }
    }

    /// A day of the case.
    fn day(&self, days: i64) -> Date {
        self.start.saturating_add(Span::new().days(days))
    }
}

/// A folder's name as the id of a case.
fn id_of(name: &str) -> String {
    let kept: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c.to_ascii_lowercase() } else { '-' }).collect();
    let kept = kept.trim_matches('-').to_owned();
    if kept.is_empty() { "my-case".to_owned() } else { kept }
}

/// Names and texts of all files, the case's own first.
pub fn files(answers: &Answers) -> Vec<(&'static str, String)> {
    let tables = match answers.kind {
        Kind::Processing => processing(answers),
        Kind::Trade => trade(answers),
    };
    let mut files = vec![("case.toml", case_toml(answers))];
    for (name, rows) in tables {
        let spec = schema::table(name).unwrap_or(&schema::TABLES[0]);
        files.push((spec.file, format!("{}{rows}", comments(spec, &rows, &answers.currency))));
    }
    files
}

/// What a file holds, for a list of files.
pub fn about(file: &str) -> &'static str {
    match file {
        "case.toml" => "title, dates, settings, scenarios",
        _ => schema::TABLES.iter().find(|spec| spec.file == file).map_or("", |spec| spec.meaning),
    }
}

/// The lines before a table's header: what a row is and what its columns mean.
fn comments(spec: &TableSpec, rows: &str, currency: &str) -> String {
    let mut text = format!("# {}. All columns: docs/reference/{}.md, or `ripstop schema {}`.\n", spec.meaning, spec.name, spec.name);
    for name in rows.lines().next().unwrap_or("").split(',') {
        if let Some(column) = spec.all_columns().find(|column| column.name == name) {
            text.push_str(&format!("# {}: {}\n", column.name, meaning(column, currency)));
        } else if let Some(end) = name.strip_suffix("_low").map(|_| "Low").or_else(|| name.strip_suffix("_high").map(|_| "High")) {
            text.push_str(&format!("# {name}: {end} end of the range; draws lie in it\n"));
        }
    }
    text
}

/// What a column or key means, with its unit and default. Columns are named for dollars and hold the case's currency.
fn meaning(column: &ColumnSpec, currency: &str) -> String {
    let unit = if column.unit.is_empty() { String::new() } else { format!("[{}] ", column.unit.replace("USD", currency)) };
    let end = if column.required {
        " (required)".to_owned()
    } else if column.default.is_empty() {
        String::new()
    } else {
        format!(" (blank: {})", column.default)
    };
    format!("{unit}{}{end}", column.meaning)
}

fn case_toml(answers: &Answers) -> String {
    let key = |list: &[ColumnSpec], name: &str, value: String| {
        let spec = list.iter().find(|spec| spec.name == name);
        format!("# {}\n{name} = {value}\n", spec.map_or(String::new(), |spec| meaning(spec, &answers.currency)))
    };
    let text = |value: &str| toml_text(value);
    let case = |name: &str, value: String| key(schema::CASE_KEYS, name, value);
    let last = answers.day(i64::from(answers.days) - 1);
    let (state, question, closure, open) = match answers.kind {
        Kind::Processing => (
            "empty",
            "The border shuts with cloth in the factory: which coats are stranded, and who is not paid?",
            "Neither goods nor persons pass the bridge, from a day in a range to the end.",
            "Nothing happens: both orders are sewn, delivered and paid.",
        ),
        Kind::Trade => (
            "steady",
            "The border shuts for a month: when does the weaver stop, and how much cloth do customers go without?",
            "Nothing passes the bridge for a month.",
            "Nothing happens.",
        ),
    };
    let mut out = format!("# {}: a first case, to be changed. Lines that begin with # are comments.\n\n[case]\n", answers.title);
    for (name, value) in [
        ("id", text(&answers.id)),
        ("title", text(&answers.title)),
        ("question", text(question)),
        ("start", text(&answers.start.to_string())),
        ("end", text(&last.to_string())),
        ("as_of", text(&answers.day(119).to_string())),
        ("currency", text(&answers.currency)),
        ("default_scenario", text("closure")),
    ] {
        out.push_str(&case(name, value));
    }
    out.push_str("\n[settings]\n");
    out.push_str(&key(schema::SETTING_KEYS, "start_state", text(state)));
    out.push_str(&key(schema::SETTING_KEYS, "draws", "200".to_owned()));
    out.push_str(&format!(
        "\n# Scenarios: named sets of events; events.csv says which event belongs to which.\n[scenarios.closure]\ntitle = \"The border shuts\"\nabout = {}\n\n[scenarios.open-border]\ntitle = \"The border stays open\"\nabout = {}\n",
        text(closure),
        text(open)
    ));
    out
}

/// A text as TOML.
fn toml_text(value: &str) -> String {
    // JSON's strings are TOML's basic strings.
    serde_json::Value::from(value).to_string()
}

type Tables = Vec<(&'static str, String)>;

fn processing(a: &Answers) -> Tables {
    let (maker, client) = (&a.maker_country, &a.client_country);
    vec![
        ("places", format!("id,name,country,lat,lon\nclient-town,Client Town,{client},,\nfactory-town,Factory Town,{maker},,\n")),
        ("crossings", "id,name,place_a,place_b\nbridge,The bridge,client-town,factory-town\n".to_owned()),
        ("routes", "route,leg,from,to,days,crossing\nout,1,client-town,factory-town,2,bridge\nback,1,factory-town,client-town,2,bridge\n".to_owned()),
        (
            "firms",
            "id,name,place,sector,workers,wage_usd_per_month,idle_pay_share,opening_cash_usd,rest_weekdays\n\
             factory,The factory,factory-town,garments,10,104,0.5,1500,sun\n\
             client,The client,client-town,trading,,,,10000,\n\
             mill,The mill,client-town,mills,,,,,\n"
                .to_owned(),
        ),
        (
            "products",
            "id,name,unit,value_usd_per_unit,price_after_season_share\nfabric,Fabric,m,2,\ncoat,Winter coat,piece,4 + $fee,0.5\n".to_owned(),
        ),
        ("recipes", "product,input,quantity_per_unit,supplied_by\ncoat,fabric,2,client\n".to_owned()),
        ("lines", "firm,product,capacity_per_day,labour_days_per_unit\nfactory,coat,none,0.5\nmill,fabric,none,\n".to_owned()),
        (
            "terms",
            "id,ordering,dispatch,lots_per_order,prepaid_share,season_settlement_share,inspection_days,net_days,means,carried_crossing,purchase_lead_days,input_window_days,input_lead_days,consignment_interval_days,slack_days,grace_days\n\
             sewing,schedule,lot,3,0.2,0.5,1,5,carried,bridge,1,12,0,4,10,10\n\
             fabric-purchase,plan,,,,,,,bank,,1,,,,,\n"
                .to_owned(),
        ),
        (
            "contracts",
            "id,seller,buyer,product,kind,terms,route,input_route,price_usd_per_unit\n\
             coats,factory,client,coat,processing,sewing,back,out,$fee\n\
             fabric-to-client,mill,client,fabric,sale,fabric-purchase,,,2\n"
                .to_owned(),
        ),
        (
            "orders",
            format!(
                "id,contract,quantity,due_date,season_end\nfirst,coats,360,{},{}\nsecond,coats,300,{},{}\n",
                a.day(70),
                a.day(99),
                a.day(105),
                a.day(130)
            ),
        ),
        (
            "events",
            "id,kind,target,from,to,value,scenarios,note\nbridge-shut,open_share,crossing:bridge,$border_shuts,,0,closure,goods and persons both ways\n".to_owned(),
        ),
        (
            "parameters",
            format!(
                "name,value,unit,low,high,basis,note\nborder_shuts,{},date,{},{},assumed,replace it by a sourced date\nfee,10,USD per unit,8,12,assumed,a fee of the trade\n",
                a.day(60),
                a.day(56),
                a.day(64)
            )
            .replace("USD per unit", &format!("{} per unit", a.currency)),
        ),
    ]
}

fn trade(a: &Answers) -> Tables {
    let (maker, client) = (&a.maker_country, &a.client_country);
    vec![
        ("places", format!("id,name,country,lat,lon\nmill-town,Mill Town,{client},,\nloom-town,Loom Town,{maker},,\n")),
        ("crossings", "id,name,place_a,place_b\nbridge,The bridge,mill-town,loom-town\n".to_owned()),
        ("routes", "route,leg,from,to,days,crossing\nmill-to-loom,1,mill-town,loom-town,2,bridge\n".to_owned()),
        (
            "firms",
            "id,name,place,sector,workers,wage_usd_per_month,idle_pay_share,opening_cash_usd\n\
             spinner,The spinner,mill-town,spinning,,,,1000\n\
             weaver,The weaver,loom-town,weaving,6,120,0.5,1500\n"
                .to_owned(),
        ),
        ("products", "id,name,unit,value_usd_per_unit\nyarn,Yarn,kg,2\ncloth,Cloth,m,6\n".to_owned()),
        ("recipes", "product,input,quantity_per_unit\ncloth,yarn,1\n".to_owned()),
        ("lines", "firm,product,capacity_per_day,labour_days_per_unit\nspinner,yarn,40,\nweaver,cloth,30,0.2\n".to_owned()),
        ("terms", "id,ordering,stock_days,restock_days,net_days\nyarn-supply,restock,$stock_days,3,10\n".to_owned()),
        ("contracts", "id,seller,buyer,product,kind,terms,route,price_usd_per_unit\nyarn-to-weaver,spinner,weaver,yarn,sale,yarn-supply,mill-to-loom,2\n".to_owned()),
        ("demand", "id,market,firm,product,quantity_per_day,price_usd_per_unit,patience_days\ncloth-market,market,weaver,cloth,20,6,7\n".to_owned()),
        (
            "events",
            format!("id,kind,target,from,to,value,scenarios,note\nbridge-shut,open_share,crossing:bridge,{},$border_opens - 1,0,closure,goods both ways\n", a.day(45)),
        ),
        (
            "parameters",
            format!(
                "name,value,unit,low,high,basis,note\nborder_opens,{},date,{},{},assumed,replace it by a sourced date\nstock_days,7,days,4,10,assumed,yarn the weaver keeps\n",
                a.day(75),
                a.day(70),
                a.day(85)
            ),
        ),
    ]
}
