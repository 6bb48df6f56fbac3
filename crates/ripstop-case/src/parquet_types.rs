//! What the columns of a Parquet file hold: how each is read, or why not.

use std::collections::HashMap;

use base64::Engine as _;
use jiff::tz::{Offset, TimeZone};
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::file::metadata::{FileMetaData, ParquetMetaData};
use parquet::schema::types::{ColumnDescriptor, Type};

use crate::dates::date_of;

/// How the values of a column are read.
pub(crate) enum Reading {
    /// `true` or `false`.
    Flag,
    /// Whole numbers; a column without any value too.
    Whole,
    /// Whole numbers of which none is negative.
    Unsigned,
    /// Floating-point numbers.
    Float,
    /// Text, also by a dictionary.
    Text,
    /// Days since 1970-01-01.
    Date,
    /// Moments.
    Stamp(Stamp),
    /// Whole numbers, shifted by so many digits.
    Decimal(usize),
}

/// Moments: what one counts, and the clock at which midnight is read.
pub(crate) struct Stamp {
    /// Nanoseconds a unit.
    nanos: i64,
    /// Zone of moments counted in UTC; none where they are what a clock shows.
    zone: Option<TimeZone>,
}

const DAY_NANOS: i128 = 86_400_000_000_000;

impl Stamp {
    /// The day, of a midnight there; else the moment as text, which no column of days takes.
    pub fn text(&self, value: i64) -> String {
        let nanos = i128::from(value) * i128::from(self.nanos);
        match &self.zone {
            None => self.on_a_clock(nanos),
            Some(zone) => in_zone(nanos, zone).unwrap_or_else(|| value.to_string()),
        }
    }

    fn on_a_clock(&self, nanos: i128) -> String {
        let day =
            i32::try_from(nanos.div_euclid(DAY_NANOS)).map_or_else(|_| "beyond every calendar".to_owned(), |d| date_of(d).to_string());
        let rest = nanos.rem_euclid(DAY_NANOS);
        if rest == 0 {
            return day;
        }
        let (seconds, part) = (rest / 1_000_000_000, rest % 1_000_000_000);
        let part = if part == 0 { String::new() } else { format!(".{part:09}") };
        format!("{day}T{:02}:{:02}:{:02}{part}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

fn in_zone(nanos: i128, zone: &TimeZone) -> Option<String> {
    let there = jiff::Timestamp::from_nanosecond(nanos).ok()?.to_zoned_datetime(zone.clone());
    // Where clocks skip midnight in spring, the day begins at one.
    let midnight = there.start_of_day().is_ok_and(|start| start == there);
    Some(if midnight { there.date().to_string() } else { there.strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string() })
}

/// A decimal number as text.
pub(crate) fn decimal(value: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

/// A floating-point number of 16 bits, the low byte first.
pub(crate) fn half(bytes: &[u8]) -> f64 {
    let bits = u16::from_le_bytes([bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0)]);
    let (power, part) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match power {
        0 => part * 2f64.powi(-24),
        31 if part == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + part) * 2f64.powi(power - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

/// The number that bytes stand for, the highest first; `None` for more than a number of 128 bits has.
pub(crate) fn big_endian(bytes: &[u8]) -> Option<i128> {
    let sign = bytes.first().is_some_and(|first| *first >= 0x80);
    let mut whole = [if sign { 0xff } else { 0 }; 16];
    let start = whole.len().checked_sub(bytes.len())?;
    whole[start..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(whole))
}

/// The first column that holds more than one value a cell, with what it holds.
pub(crate) fn nested(schema: &Type) -> Option<(String, &'static str)> {
    let holds = |field: &Type| {
        let about = field.get_basic_info();
        let repeated = about.has_repetition() && about.repetition() == Repetition::REPEATED;
        match about.converted_type() {
            _ if field.is_primitive() && !repeated => None,
            ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE => Some("maps"),
            ConvertedType::LIST => Some("lists"),
            _ if repeated => Some("lists"),
            _ => Some("structs"),
        }
    };
    schema.get_fields().iter().find_map(|field| Some((field.name().trim().to_owned(), holds(field)?)))
}

/// A way of packing that this build cannot undo, with what to do.
pub(crate) fn packed(about: &ParquetMetaData) -> Option<(&'static str, &'static str)> {
    let columns = about.row_groups().iter().flat_map(|group| group.columns());
    columns.map(|column| column.compression()).find_map(|codec| match codec {
        Compression::ZSTD(_) if !cfg!(feature = "zstd") => {
            Some(("zstd", "which this build of ripstop cannot undo (it lacks the feature `zstd`)"))
        }
        Compression::LZO => Some(("lzo", "which ripstop cannot undo")),
        _ => None,
    })
}

/// Column → zone of its moments, as Arrow and pandas note it in the file.
pub(crate) fn zones(about: &FileMetaData) -> HashMap<String, String> {
    let mut zones = HashMap::new();
    for entry in about.key_value_metadata().into_iter().flatten() {
        let Some(value) = &entry.value else { continue };
        match entry.key.as_str() {
            "ARROW:schema" => zones.extend(arrow_zones(value).unwrap_or_default()),
            "pandas" => pandas_zones(value).into_iter().for_each(|(name, zone)| {
                zones.entry(name).or_insert(zone);
            }),
            _ => {}
        }
    }
    zones
}

fn arrow_zones(encoded: &str) -> Option<Vec<(String, String)>> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
    // A mark and a length before the message, in all but the oldest files.
    let message = bytes.strip_prefix(&[0xff; 4]).and_then(|rest| rest.get(4..)).unwrap_or(&bytes);
    let schema = arrow_ipc::convert::try_schema_from_flatbuffer_bytes(message).ok()?;
    let zone = |field: &arrow_schema::Field| match field.data_type() {
        arrow_schema::DataType::Timestamp(_, Some(zone)) => Some((field.name().trim().to_owned(), zone.to_string())),
        _ => None,
    };
    Some(schema.fields().iter().filter_map(|field| zone(field)).collect())
}

fn pandas_zones(text: &str) -> Vec<(String, String)> {
    let about: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let columns = about["columns"].as_array().cloned().unwrap_or_default();
    let zone = |column: &serde_json::Value| {
        let name = column["field_name"].as_str().or(column["name"].as_str())?;
        Some((name.trim().to_owned(), column["metadata"]["timezone"].as_str()?.to_owned()))
    };
    columns.iter().filter_map(zone).collect()
}

/// The zone of a name or of an offset such as `+09:00`.
fn zone_of(name: &str) -> Option<TimeZone> {
    let offset = || {
        let (sign, rest) = (name.get(..1)?, name.get(1..)?);
        let (hours, minutes) = rest.split_once(':').unwrap_or((rest.get(..2)?, rest.get(2..)?));
        let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().unwrap_or(0) * 60;
        Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
    };
    if name.starts_with(['+', '-']) { offset().map(TimeZone::fixed) } else { TimeZone::get(name).ok() }
}

/// How a column is read; the error says why it is not.
pub(crate) fn reading(column: &ColumnDescriptor, zones: &HashMap<String, String>) -> Result<Reading, String> {
    let (logical, converted) = (column.logical_type_ref(), column.converted_type());
    let foreign = || Err("is of a type that no cell is read from".to_owned());
    let decimal = matches!(logical, Some(LogicalType::Decimal(_))) || converted == ConvertedType::DECIMAL;
    if let Some(unit) = stamp_unit(column) {
        return stamp(column, unit, zones).map(Reading::Stamp);
    }
    match column.physical_type() {
        Physical::INT32 | Physical::INT64 | Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY if decimal => {
            usize::try_from(column.type_scale()).map_or_else(|_| foreign(), |scale| Ok(Reading::Decimal(scale)))
        }
        Physical::BOOLEAN => Ok(Reading::Flag),
        Physical::FLOAT | Physical::DOUBLE => Ok(Reading::Float),
        Physical::FIXED_LEN_BYTE_ARRAY if matches!(logical, Some(LogicalType::Float16)) => Ok(Reading::Float),
        Physical::INT32 if matches!(logical, Some(LogicalType::Date)) || converted == ConvertedType::DATE => Ok(Reading::Date),
        Physical::INT32 | Physical::INT64 => match (logical, converted) {
            (Some(LogicalType::Integer(about)), _) if !about.is_signed => Ok(Reading::Unsigned),
            (_, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64) => Ok(Reading::Unsigned),
            (Some(LogicalType::Integer(_) | LogicalType::Unknown) | None, _) if !is_time(converted) => Ok(Reading::Whole),
            _ => foreign(),
        },
        Physical::BYTE_ARRAY => match (logical, converted) {
            (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Unknown), _) => Ok(Reading::Text),
            (_, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON) => Ok(Reading::Text),
            _ => foreign(),
        },
        _ => foreign(),
    }
}

fn is_time(converted: ConvertedType) -> bool {
    matches!(converted, ConvertedType::TIME_MILLIS | ConvertedType::TIME_MICROS | ConvertedType::INTERVAL)
}

/// Nanoseconds a unit, of a column of moments.
fn stamp_unit(column: &ColumnDescriptor) -> Option<i64> {
    if column.physical_type() == Physical::INT96 {
        return Some(1);
    }
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Timestamp(about)), _) => Some(match about.unit {
            TimeUnit::MILLIS => 1_000_000,
            TimeUnit::MICROS => 1_000,
            TimeUnit::NANOS => 1,
        }),
        (_, ConvertedType::TIMESTAMP_MILLIS) => Some(1_000_000),
        (_, ConvertedType::TIMESTAMP_MICROS) => Some(1_000),
        _ => None,
    }
}

fn stamp(column: &ColumnDescriptor, nanos: i64, zones: &HashMap<String, String>) -> Result<Stamp, String> {
    let local = matches!(column.logical_type_ref(), Some(LogicalType::Timestamp(about)) if !about.is_adjusted_to_u_t_c);
    // Moments of a zone that nobody names are read at Greenwich.
    let name = zones.get(column.name().trim()).filter(|_| !local);
    let zone = match name {
        _ if local => None,
        None => Some(TimeZone::UTC),
        Some(name) => Some(zone_of(name).ok_or_else(|| format!("has moments of the zone {name:?}, which is not known"))?),
    };
    Ok(Stamp { nanos, zone })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_read_at_its_place() {
        let stamp = |nanos, zone: Option<&str>| Stamp { nanos, zone: zone.map(|zone| zone_of(zone).unwrap()) };
        let second = 1_000_000_000;
        assert_eq!(stamp(second, None).text(86_400), "1970-01-02");
        assert_eq!(stamp(second, None).text(-86_400), "1969-12-31");
        assert_eq!(stamp(1, None).text(1), "1970-01-01T00:00:00.000000001");
        assert_eq!(stamp(second, None).text(i64::MAX), "beyond every calendarT15:30:07");
        // 2020-01-28T00:00 in Seoul.
        assert_eq!(stamp(second, Some("Asia/Seoul")).text(1_580_137_200), "2020-01-28");
        assert_eq!(stamp(second, Some("+09:00")).text(1_580_137_200), "2020-01-28");
        assert_eq!(stamp(second, Some("UTC")).text(1_580_137_200), "2020-01-27T15:00:00+00:00");
        assert_eq!(stamp(second, Some("-05:30")).text(5 * 3600 + 1800), "1970-01-01");
        // Summer: New York is four hours behind; Brazil skipped midnight of 2018-11-04.
        assert_eq!(stamp(second, Some("America/New_York")).text(1_593_576_000), "2020-07-01");
        assert_eq!(stamp(second, Some("America/Sao_Paulo")).text(1_541_300_400), "2018-11-04");
        assert!(zone_of("Asia/Nowhere").is_none() && zone_of("+").is_none());
    }

    #[test]
    fn decimals_and_bytes() {
        assert_eq!(decimal(12345, 2), "123.45");
        assert_eq!(decimal(-5, 2), "-0.05");
        assert_eq!(decimal(7, 0), "7");
        assert_eq!(big_endian(&[0xff, 0x85]), Some(-123));
        assert_eq!(big_endian(&[0x04, 0xd2]), Some(1234));
        assert_eq!(big_endian(&[1; 17]), None);
        assert_eq!([0x5500_u16, 0xb800, 0x0001].map(|bits| half(&bits.to_le_bytes())), [80.0, -0.5, 2f64.powi(-24)]);
        assert!(is_index("__index_level_0__") && !is_index("__index_level__") && !is_index("index"));
    }
}
