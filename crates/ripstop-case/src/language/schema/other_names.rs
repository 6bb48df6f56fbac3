//! Columns by the names other programs give them: never read as such, but named with what to do.

/// What others call it, and the columns it may be here, the likeliest first.
const OTHERS: &[(&str, &[&str])] = &[
    ("supplier", &["seller", "firm"]),
    ("supplier_id", &["seller", "firm"]),
    ("vendor", &["seller", "firm"]),
    ("producer", &["seller", "firm"]),
    ("exporter", &["seller", "firm"]),
    ("customer", &["buyer", "market"]),
    ("customer_id", &["buyer", "market"]),
    ("client", &["buyer", "market"]),
    ("consumer", &["buyer", "market"]),
    ("importer", &["buyer", "market"]),
    ("region", &["place", "id", "market"]),
    ("location", &["place", "id"]),
    ("city", &["place", "id"]),
    ("town", &["place", "id"]),
    ("company", &["firm", "id"]),
    ("industry", &["sector"]),
    ("good", &["product", "id"]),
    ("item", &["product", "id"]),
    ("commodity", &["product", "id"]),
    ("latitude", &["lat"]),
    ("longitude", &["lon"]),
    ("lng", &["lon"]),
    ("value", &["value_per_day", "value_usd_per_unit"]),
    ("amount", &["value_per_day", "quantity_per_day", "quantity", "quantity_per_unit"]),
    ("weight", &["value_per_day", "kg_per_unit"]),
    ("start", &["from"]),
    ("start_date", &["from"]),
    ("end", &["to"]),
    ("end_date", &["to"]),
    ("employees", &["workers"]),
];

/// Times a quantity may be counted in, in days.
const TIMES: &[(&str, &str)] = &[("year", "365"), ("month", "30.4"), ("week", "7"), ("day", "1"), ("annum", "365")];

/// What to do about a column of another name: the column it probably is and how to turn it into that.
pub(crate) fn other_name<'a>(written: &str, known: impl Fn(&str) -> Option<&'a str>) -> Option<(&'a str, String)> {
    let lower = written.to_lowercase().replace([' ', '-'], "_");
    if let Some((base, time)) = lower.rsplit_once("_per_")
        && let Some((_, days)) = TIMES.iter().find(|(name, _)| *name == time)
    {
        let other =
            TIMES.iter().filter(|(name, _)| *name != time).find_map(|(name, of)| Some((known(&format!("{base}_per_{name}"))?, *of)));
        if let Some((column, of)) = other {
            let turn = match (*days, of) {
                (days, "1") => format!("divide by {days}"),
                ("1", of) => format!("multiply by {of}"),
                (days, of) => format!("multiply by {of} and divide by {days}"),
            };
            return Some((column, format!("the column here is `{column}`: {turn}, and rename it")));
        }
    }
    let (_, columns) = OTHERS.iter().find(|(other, _)| *other == lower)?;
    let column = columns.iter().find_map(|column| known(column))?;
    Some((column, format!("the column here is `{column}`: rename it, if that is what it holds (`ripstop schema` says what it means)")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_say_what_to_do() {
        let links = |name: &str| ["seller", "buyer", "value_per_day"].into_iter().find(|known| *known == name);
        let of = |name: &str| {
            other_name(name, links).map(|(column, fix)| (column, fix.contains("divide by 365"), fix.contains("divide by 30.4")))
        };
        assert_eq!(of("supplier"), Some(("seller", false, false)));
        assert_eq!(of("Customer"), Some(("buyer", false, false)));
        assert_eq!(of("value_per_year"), Some(("value_per_day", true, false)));
        assert_eq!(of("value per month"), Some(("value_per_day", false, true)));
        assert_eq!(of("region"), None, "links have no place");
        let firms = |name: &str| ["place", "wage_usd_per_month"].into_iter().find(|known| *known == name);
        assert_eq!(other_name("region", firms).map(|found| found.0), Some("place"));
        assert!(other_name("wage_usd_per_day", firms).unwrap().1.contains("multiply by 30.4"));
        assert!(other_name("wage_usd_per_year", firms).unwrap().1.contains("multiply by 30.4 and divide by 365"));
    }
}
