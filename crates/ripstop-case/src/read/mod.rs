//! From bytes to raw cells: text in any encoding and dialect, TOML, Parquet.

pub mod bytes;
pub mod dialect;
pub mod order;
pub mod packed;
pub mod parquet_file;
#[cfg(feature = "files")]
pub mod parquet_in;
#[cfg(not(feature = "files"))]
pub mod parquet_off;
#[cfg(feature = "files")]
pub mod parquet_types;
pub mod quotes;
pub mod rows;
pub mod toml;
