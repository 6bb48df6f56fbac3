//! Country codes: ISO 3166-1 alpha-2, and what somebody probably meant who wrote something else.
//!
//! The table is data/countries.csv (its source and licence: data/README.md). Codes that the standard leaves to users (AA, QM to QZ, XA to
//! XZ, ZZ) and a letter twice that is no code (YY) stand for invented places: they pass. Any other code is doubted.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::language::diagnostic::{Code, Diagnostic, Position, near_miss};

const TABLE: &str = include_str!("../../../../data/countries.csv");

/// Codes that are reserved, withdrawn or of another list, and what stands in ISO 3166-1 for them; blank: no one country.
const OTHERS: &[(&str, &str, &str)] = &[
    ("UK", "GB", "reserved for the United Kingdom, whose code is GB"),
    ("EL", "GR", "the European Union's word for Greece"),
    ("SU", "RU", "the Soviet Union, withdrawn in 1992"),
    ("DD", "DE", "the German Democratic Republic, withdrawn in 1990"),
    ("YU", "RS", "Yugoslavia, withdrawn in 2003"),
    ("CS", "RS", "Serbia and Montenegro (before 1993 Czechoslovakia), withdrawn in 2006"),
    ("ZR", "CD", "Zaire, withdrawn in 1997"),
    ("BU", "MM", "Burma, withdrawn in 1989"),
    ("TP", "TL", "East Timor, withdrawn in 2002"),
    ("YD", "YE", "Democratic Yemen, withdrawn in 1990"),
    ("VD", "VN", "withdrawn in 1977"),
    ("RH", "ZW", "Rhodesia, withdrawn in 1980"),
    ("HV", "BF", "Upper Volta, withdrawn in 1984"),
    ("DY", "BJ", "Dahomey, withdrawn in 1977"),
    ("FX", "FR", "metropolitan France, withdrawn in 1997"),
    ("AN", "CW", "the Netherlands Antilles, withdrawn in 2010: now BQ, CW and SX"),
    ("NK", "KP", "not assigned"),
    ("SKR", "KR", "not assigned"),
    ("KS", "KR", "of another list (FIPS)"),
    ("JA", "JP", "of another list (FIPS), or the language"),
    ("VM", "VN", "of another list (FIPS)"),
    ("RP", "PH", "of another list (FIPS)"),
    ("UP", "UA", "of another list (FIPS)"),
    ("EI", "IE", "of another list (FIPS)"),
    ("IZ", "IQ", "of another list (FIPS)"),
    ("SP", "ES", "of another list (FIPS)"),
    ("TU", "TR", "of another list (FIPS)"),
    ("EN", "GB", "the language"),
    ("UN", "", "reserved for the United Nations"),
    ("AC", "SH", "reserved for Ascension Island, which is part of SH"),
    ("TA", "SH", "reserved for Tristan da Cunha, which is part of SH"),
    ("IC", "ES", "reserved for the Canary Islands, which are part of ES"),
    ("EA", "ES", "reserved for Ceuta and Melilla, which are part of ES"),
];

/// Names people use that the table has otherwise.
const NAMES: &[(&str, &str)] = &[
    ("north korea", "KP"),
    ("dprk", "KP"),
    ("south korea", "KR"),
    ("korea", "KR"),
    ("rok", "KR"),
    ("united kingdom", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("usa", "US"),
    ("u.s.", "US"),
    ("united states of america", "US"),
    ("russian federation", "RU"),
    ("viet nam", "VN"),
    ("czechia", "CZ"),
    ("holland", "NL"),
    ("turkiye", "TR"),
    ("türkiye", "TR"),
    ("burma", "MM"),
    ("ivory coast", "CI"),
    ("uae", "AE"),
    ("prc", "CN"),
    ("hong kong", "HK"),
    ("kosovo", "XK"),
    ("drc", "CD"),
    ("dr congo", "CD"),
];

/// What a text of two capital letters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A country of ISO 3166-1.
    Assigned,
    /// A code left to users, or a letter twice: an invented place.
    Invented,
    /// None of both.
    Unknown,
}

struct Names {
    by_code: HashMap<&'static str, &'static str>,
    /// Alpha-3 codes and names, in small letters.
    others: Vec<(String, &'static str)>,
}

fn table() -> &'static Names {
    static NAMES_OF: OnceLock<Names> = OnceLock::new();
    NAMES_OF.get_or_init(|| {
        let mut names = Names { by_code: HashMap::new(), others: Vec::new() };
        for line in TABLE.lines().skip(1) {
            let mut cells = line.splitn(3, ',');
            let (Some(code), Some(alpha3), Some(name)) = (cells.next(), cells.next(), cells.next()) else { continue };
            let name = name.trim_matches('"');
            names.by_code.insert(code, name);
            names.others.push((alpha3.to_lowercase(), code));
            names.others.push((name.to_lowercase(), code));
        }
        names.others.extend(NAMES.iter().map(|(name, code)| ((*name).to_owned(), *code)));
        names
    })
}

/// The name of a country.
pub fn name(code: &str) -> Option<&'static str> {
    table().by_code.get(code).copied()
}

/// What a text of two capital letters is.
pub fn standing(code: &str) -> Standing {
    let known = OTHERS.iter().any(|(other, ..)| *other == code);
    let bytes = code.as_bytes();
    match bytes {
        _ if name(code).is_some() => Standing::Assigned,
        // Reserved in ISO 3166 for the European Union: in input-output tables a region of its own.
        b"EU" => Standing::Invented,
        b"AA" | b"ZZ" | [b'Q', b'M'..=b'Z'] | [b'X', b'A'..=b'Z'] => Standing::Invented,
        [a, b] if a == b && !known => Standing::Invented,
        _ => Standing::Unknown,
    }
}

/// The code that was probably meant by a text that is none: small letters, three letters, a name, a code of another list.
pub fn meant(text: &str) -> Option<&'static str> {
    let upper = text.trim().to_uppercase();
    let lower = text.trim().to_lowercase();
    let own = table().by_code.get_key_value(upper.as_str()).map(|(code, _)| *code).filter(|code| *code != text);
    let other = || OTHERS.iter().find(|(other, code, _)| *other == upper && !code.is_empty()).map(|(_, code, _)| *code);
    let named = || table().others.iter().find(|(name, _)| *name == lower).map(|(_, code)| *code);
    let near = || {
        let names = table().others.iter().filter(|(name, _)| name.len() > 3).map(|(name, _)| name.as_str());
        let found = near_miss(&lower, names).filter(|_| lower.len() > 4)?;
        table().others.iter().find(|(name, _)| name == found).map(|(_, code)| *code)
    };
    own.or_else(other).or_else(named).or_else(near)
}

/// Why a code of two capital letters is doubted.
pub(crate) fn doubt(code: &str) -> String {
    match OTHERS.iter().find(|(other, ..)| *other == code) {
        Some((_, _, why)) if *why != "not assigned" => format!("`{code}` is no country of ISO 3166-1: {why}"),
        _ => format!("`{code}` is no country of ISO 3166-1"),
    }
}

/// The warning that a code is no country.
pub(crate) fn unknown_country(code: &str, at: &Position, count: usize) -> Diagnostic {
    let more = if count > 1 { format!(" (and in {} more cells of the file)", count - 1) } else { String::new() };
    Diagnostic::new(Code::CountryUnknown, at, format!("{}{more}", doubt(code))).suggest(meant(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_known_invented_or_doubted() {
        for code in ["KP", "KR", "CN", "GB", "GR", "RU", "PS", "TW"] {
            assert_eq!(standing(code), Standing::Assigned, "{code}");
        }
        for code in ["AA", "QM", "QZ", "XA", "XK", "XX", "XZ", "ZZ", "YY", "EU"] {
            assert_eq!(standing(code), Standing::Invented, "{code}");
        }
        for code in ["UK", "EL", "SU", "NK", "DD", "QL", "ZX"] {
            assert_eq!(standing(code), Standing::Unknown, "{code}");
        }
        assert_eq!(table().by_code.len(), 249);
    }

    #[test]
    fn what_was_meant() {
        for (text, code) in [
            ("UK", "GB"),
            ("EL", "GR"),
            ("SU", "RU"),
            ("NK", "KP"),
            ("cn", "CN"),
            ("Kp", "KP"),
            ("PRK", "KP"),
            ("chn", "CN"),
            ("North Korea", "KP"),
            ("China", "CN"),
            ("Germny", "DE"),
            ("USA", "US"),
        ] {
            assert_eq!(meant(text), Some(code), "{text}");
        }
        assert_eq!((meant("EU"), meant("QQ"), meant("KP")), (None, None, None));
    }
}
