//! Chapters of the Harmonized System, with short titles, and tables of codes that a user brings.

/// Titles of chapters 01 to 97, in order. 77 is kept free for future use. Shortened from the nomenclature of the World Customs Organization;
/// chapters are the same in every edition from HS1996 to HS2022.
pub static CHAPTERS: [&str; 97] = [
    "Live animals",
    "Meat and edible meat offal",
    "Fish, crustaceans, molluscs and other aquatic invertebrates",
    "Dairy produce; eggs; honey; other edible products of animal origin",
    "Other products of animal origin",
    "Live trees and plants; bulbs, roots, cut flowers",
    "Edible vegetables and certain roots and tubers",
    "Edible fruit and nuts; peel of citrus fruit or melons",
    "Coffee, tea, maté and spices",
    "Cereals",
    "Products of the milling industry; malt; starches; gluten",
    "Oil seeds, miscellaneous grains and seeds; industrial and medicinal plants; straw and fodder",
    "Lac; gums, resins and other vegetable saps and extracts",
    "Vegetable plaiting materials and other vegetable products",
    "Animal, vegetable and microbial fats and oils; waxes",
    "Preparations of meat, fish, crustaceans, molluscs or insects",
    "Sugars and sugar confectionery",
    "Cocoa and cocoa preparations",
    "Preparations of cereals, flour, starch or milk; pastry",
    "Preparations of vegetables, fruit, nuts",
    "Miscellaneous edible preparations",
    "Beverages, spirits and vinegar",
    "Residues of the food industries; prepared animal fodder",
    "Tobacco and substitutes",
    "Salt; sulphur; earths and stone; plastering materials, lime and cement",
    "Ores, slag and ash",
    "Mineral fuels, mineral oils; bituminous substances",
    "Inorganic chemicals; compounds of precious and rare-earth metals",
    "Organic chemicals",
    "Pharmaceutical products",
    "Fertilisers",
    "Tanning and dyeing extracts; dyes, pigments, paints, inks",
    "Essential oils; perfumery, cosmetics and toilet preparations",
    "Soap, washing preparations, waxes, candles",
    "Albuminoidal substances; modified starches; glues; enzymes",
    "Explosives; pyrotechnic products; matches",
    "Photographic and cinematographic goods",
    "Miscellaneous chemical products",
    "Plastics and articles thereof",
    "Rubber and articles thereof",
    "Raw hides and skins; leather",
    "Articles of leather; travel goods, handbags",
    "Furskins and artificial fur",
    "Wood and articles of wood; charcoal",
    "Cork and articles of cork",
    "Manufactures of straw and other plaiting materials",
    "Pulp of wood; recovered paper",
    "Paper and paperboard; articles thereof",
    "Printed books, newspapers, pictures",
    "Silk",
    "Wool, animal hair; yarn and woven fabric thereof",
    "Cotton",
    "Other vegetable textile fibres; paper yarn and woven fabric thereof",
    "Man-made filaments; strip of man-made textile materials",
    "Man-made staple fibres",
    "Wadding, felt and nonwovens; special yarns; twine, cordage, ropes",
    "Carpets and other textile floor coverings",
    "Special woven fabrics; tufted fabrics; lace; trimmings; embroidery",
    "Impregnated, coated or laminated textile fabrics; textile articles for industry",
    "Knitted or crocheted fabrics",
    "Apparel and clothing accessories, knitted or crocheted",
    "Apparel and clothing accessories, not knitted or crocheted",
    "Other made-up textile articles; worn clothing; rags",
    "Footwear, gaiters; parts thereof",
    "Headgear and parts thereof",
    "Umbrellas, walking-sticks, whips",
    "Prepared feathers and down; artificial flowers; articles of human hair",
    "Articles of stone, plaster, cement, asbestos, mica",
    "Ceramic products",
    "Glass and glassware",
    "Pearls, precious stones and metals; imitation jewellery; coin",
    "Iron and steel",
    "Articles of iron or steel",
    "Copper and articles thereof",
    "Nickel and articles thereof",
    "Aluminium and articles thereof",
    "(kept free)",
    "Lead and articles thereof",
    "Zinc and articles thereof",
    "Tin and articles thereof",
    "Other base metals; cermets",
    "Tools, cutlery, spoons and forks of base metal",
    "Miscellaneous articles of base metal",
    "Nuclear reactors, boilers, machinery and mechanical appliances",
    "Electrical machinery and equipment; sound and television apparatus",
    "Railway locomotives, rolling stock and track fixtures",
    "Vehicles other than railway rolling stock",
    "Aircraft, spacecraft",
    "Ships, boats and floating structures",
    "Optical, measuring, medical instruments",
    "Clocks and watches and parts thereof",
    "Musical instruments",
    "Arms and ammunition",
    "Furniture; bedding; lamps; prefabricated buildings",
    "Toys, games and sports requisites",
    "Miscellaneous manufactured articles",
    "Works of art, collectors' pieces and antiques",
];

/// Title of the chapter a code lies in.
pub fn chapter_title(code: &str) -> Option<&'static str> {
    let chapter: usize = code.get(..2)?.parse().ok()?;
    CHAPTERS.get(chapter.checked_sub(1)?).copied()
}

/// A table of codes of one edition, as a user brings it: `rules/hs.csv` with the columns `vintage`, `code` and `title`.
#[derive(Clone, Debug, Default)]
pub struct HsTable {
    /// Edition, code without dots, title; sorted.
    rows: Vec<(String, String, String)>,
}

impl HsTable {
    /// A table of rows.
    pub fn new(mut rows: Vec<(String, String, String)>) -> Self {
        rows.sort();
        Self { rows }
    }

    /// Whether the table speaks of an edition.
    pub fn knows(&self, vintage: &str) -> bool {
        self.rows.iter().any(|row| row.0 == vintage)
    }

    /// Whether a code, or one that begins with it, or one it begins with, is in the table.
    pub fn has(&self, vintage: &str, code: &str) -> bool {
        self.rows
            .iter()
            .any(|(v, c, _)| v == vintage && (c.starts_with(code) || code.len() > c.len() && c.len() >= 6 && code.starts_with(c.as_str())))
    }

    /// Title of a code: the longest entry that it begins with, else its chapter's.
    pub fn title(&self, vintage: &str, code: &str) -> Option<&str> {
        let own = self.rows.iter().filter(|(v, c, _)| v == vintage && code.starts_with(c.as_str()));
        own.max_by_key(|row| row.1.len()).map(|row| row.2.as_str()).or_else(|| chapter_title(code))
    }
}

/// Reads `vintage,code,title` rows.
pub(crate) fn read(source: &crate::Source, diagnostics: &mut Vec<crate::Diagnostic>) -> Vec<(String, String, String)> {
    let mut reader = csv::ReaderBuilder::new().delimiter(source.dialect.separator).flexible(true).from_reader(source.text.as_bytes());
    let header: Vec<String> = reader.headers().map(|h| h.iter().map(|name| name.trim().to_owned()).collect()).unwrap_or_default();
    let column = |name: &str| header.iter().position(|column| column == name);
    let at = |line: u64| crate::Position { line: line as usize, ..crate::read::bytes::whole_file("rules/hs.csv") };
    let (Some(vintage), Some(code), Some(title)) = (column("vintage"), column("code"), column("title")) else {
        let message = "rules/hs.csv needs the columns vintage, code and title";
        diagnostics.push(crate::Diagnostic::new(crate::Code::MissingColumn, &at(1), message));
        return Vec::new();
    };
    let mut rows = Vec::new();
    let named = header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    for record in reader.records().flatten() {
        let cell = |column: usize| record.get(column).unwrap_or("").trim().to_owned();
        let line = record.position().map_or(1, csv::Position::line);
        let mut fault = |code, message: String, meant: Option<String>| {
            diagnostics.push(crate::Diagnostic::new(code, &at(line), message).suggest(meant));
        };
        if let Some(mark) = crate::read::quotes::remark(&cell(0)) {
            fault(crate::Code::RowCommentedOut, format!("the row begins with {mark}; is it to be left out?"), None);
        } else if !(named..=header.len()).contains(&record.len()) {
            let message = format!("the row has {} cells, the header {}", record.len(), header.len());
            fault(crate::Code::WrongCellCount, message, None);
        } else if let Err(error) = ripstop::law::code_range(&cell(code)) {
            let meant = ripstop::law::with_its_zeros(&cell(code));
            fault(crate::Code::BadGoodsCode, format!("`{}`: {error}", cell(code)), meant);
        } else if !crate::language::schema::VINTAGES.contains(&cell(vintage).as_str()) {
            fault(crate::Code::UnknownVintage, format!("`{}` is no edition", cell(vintage)), None);
        } else {
            rows.push((cell(vintage), cell(code).replace(['.', ' '], ""), cell(title)));
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_have_titles() {
        assert_eq!(chapter_title("6201"), Some("Apparel and clothing accessories, not knitted or crocheted"));
        assert_eq!(chapter_title("77"), Some("(kept free)"));
        assert_eq!(chapter_title("98"), None);
        assert_eq!(CHAPTERS[84 - 1], "Nuclear reactors, boilers, machinery and mechanical appliances");
    }

    #[test]
    fn a_users_table_comes_first() {
        let row = |v: &str, c: &str, t: &str| (v.to_owned(), c.to_owned(), t.to_owned());
        let table = HsTable::new(vec![row("HS2017", "620193", "Anoraks of man-made fibres")]);
        assert_eq!(table.title("HS2017", "620193"), Some("Anoraks of man-made fibres"));
        assert_eq!(table.title("HS2012", "620193"), chapter_title("62"));
        assert!(table.has("HS2017", "6201") && table.has("HS2017", "62019310") && !table.has("HS2017", "6202"));
        assert!(table.knows("HS2017") && !table.knows("HS2012"));
    }
}
