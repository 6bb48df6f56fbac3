//! Columns with names: what state and record are made of, for layout, hash and checkpoint alike.
//!
//! A struct of columns is declared once. The same list allocates it, feeds its hash, shows its columns to a writer (`save`) and takes them
//! back from a reader (`restore`). The engine writes no files: where columns go and come from is the caller's.

use blake3::Hasher;

/// The cells of a column, to be looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cells<'a> {
    /// Quantities and money.
    F64(&'a [f64]),
    /// Ids, counts.
    U32(&'a [u32]),
    /// Steps.
    I32(&'a [i32]),
    /// Causes.
    U16(&'a [u16]),
    /// Flags and stages.
    U8(&'a [u8]),
}

/// A column of its own, as a reader hands it back.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Quantities and money.
    F64(Vec<f64>),
    /// Ids, counts.
    U32(Vec<u32>),
    /// Steps.
    I32(Vec<i32>),
    /// Causes.
    U16(Vec<u16>),
    /// Flags and stages.
    U8(Vec<u8>),
}

/// Why a saved run cannot be taken up: its columns are not those of this network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// Another number of cells.
    #[error("column {column} has {found} cells, this network needs {wanted}")]
    Length {
        /// The column.
        column: String,
        /// Cells found.
        found: usize,
        /// Cells needed.
        wanted: usize,
    },
    /// Another kind of number.
    #[error("column {column} holds numbers of another kind")]
    Kind {
        /// The column.
        column: String,
    },
    /// A number that means nothing here: an id of no row, a step after the last.
    #[error("column {column} holds {found}, which means nothing in this network")]
    Value {
        /// The column.
        column: String,
        /// The number.
        found: u64,
    },
}

/// A number that columns are made of.
pub trait Cell: Copy {
    /// Feeds a column to the hash, little-endian.
    fn feed(column: &[Self], hasher: &mut Hasher);
    /// The column to look at.
    fn cells(column: &[Self]) -> Cells<'_>;
    /// The numbers of a column, if they are of this kind.
    fn of(column: &Column) -> Option<&[Self]>;
}

macro_rules! cells {
    ($($kind:ty => $variant:ident),*) => {$(
        impl Cell for $kind {
            fn feed(column: &[Self], hasher: &mut Hasher) {
                // The hash takes many bytes at once faster than few many times.
                let mut bytes = [0; 4096];
                for cells in column.chunks(bytes.len() / size_of::<Self>()) {
                    let filled = &mut bytes[..size_of_val(cells)];
                    filled.as_chunks_mut().0.iter_mut().zip(cells).for_each(|(to, cell)| *to = cell.to_le_bytes());
                    hasher.update(filled);
                }
            }

            fn cells(column: &[Self]) -> Cells<'_> {
                Cells::$variant(column)
            }

            fn of(column: &Column) -> Option<&[Self]> {
                if let Column::$variant(cells) = column { Some(cells) } else { None }
            }
        }
    )*};
}
cells!(f64 => F64, u32 => U32, i32 => I32, u16 => U16, u8 => U8);

/// The sum of a column, added up in eight parts: the processor need not wait for one addition before the next, and the order is always the
/// same.
pub fn sum(column: &[f64]) -> f64 {
    let mut parts = [0.0; 8];
    let (eights, rest) = column.as_chunks::<8>();
    for eight in eights {
        parts.iter_mut().zip(eight).for_each(|(part, cell)| *part += cell);
    }
    parts.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

/// Replaces the cells of a column by those read; the memory reserved for it stays. `wanted`: how many there must be, if that is fixed.
///
/// Errors: another kind of number, or another count.
pub fn refill<T: Cell>(name: &str, read: &Column, wanted: Option<usize>, column: &mut Vec<T>) -> Result<(), RestoreError> {
    let cells = T::of(read).ok_or_else(|| RestoreError::Kind { column: name.to_string() })?;
    if let Some(wanted) = wanted.filter(|&wanted| wanted != cells.len()) {
        return Err(RestoreError::Length { column: name.to_string(), found: cells.len(), wanted });
    }
    column.clear();
    column.extend_from_slice(cells);
    Ok(())
}

/// The length a column must have, or `None` if it grows during a run.
macro_rules! fixed_length {
    ($column:expr) => {
        Some($column.len())
    };
    ($column:expr, grows) => {
        None
    };
    ($column:expr, counted) => {
        Some($column.len())
    };
}
pub(crate) use fixed_length;

/// Feeds a column to a hash, unless it only counts for the record: the hash of a state says nothing of how much is recorded.
macro_rules! feed_column {
    ($kind:ty, $column:expr, $hasher:expr) => {
        <$kind as $crate::plan::columns::Cell>::feed($column, $hasher)
    };
    ($kind:ty, $column:expr, $hasher:expr, grows) => {
        <$kind as $crate::plan::columns::Cell>::feed($column, $hasher)
    };
    ($kind:ty, $column:expr, $hasher:expr, counted) => {};
}
pub(crate) use feed_column;

/// Declares a struct of columns; the one list serves layout, hash and checkpoint. `[grows]` marks a column that gets longer during a run,
/// `[counted]` one that only counts for the record.
macro_rules! columns {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty $([$mark:ident])?,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Vec<$kind>,)*
        }

        impl $name {
            /// Feeds every column of the state itself to a hash.
            pub fn feed(&self, hasher: &mut blake3::Hasher) {
                $($crate::plan::columns::feed_column!($kind, &self.$field, hasher $(, $mark)?);)*
            }

            /// Shows every column with its name.
            ///
            /// Errors: those of `write`.
            pub fn save<E>(&self, write: &mut impl FnMut(&str, $crate::plan::columns::Cells<'_>) -> Result<(), E>) -> Result<(), E> {
                $(write(stringify!($field), <$kind as $crate::plan::columns::Cell>::cells(&self.$field))?;)*
                Ok(())
            }

            /// Takes every column from `read`. The lengths must be those it has; only columns that grow may have others.
            ///
            /// Errors: those of `read`; columns of another shape.
            pub fn restore<E: From<$crate::plan::columns::RestoreError>>(
                &mut self,
                read: &mut impl FnMut(&str) -> Result<$crate::plan::columns::Column, E>,
            ) -> Result<(), E> {
                $(
                    let wanted = $crate::plan::columns::fixed_length!(self.$field $(, $mark)?);
                    $crate::plan::columns::refill(stringify!($field), &read(stringify!($field))?, wanted, &mut self.$field)?;
                )*
                Ok(())
            }
        }
    };
}
pub(crate) use columns;

/// Declares a struct of one number per name; rows of it are saved as columns.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: f64,)*
        }

        impl $name {
            /// Shows every number of the rows as a column with its name.
            ///
            /// Errors: those of `write`.
            pub fn save<E>(rows: &[Self], write: &mut impl FnMut(&str, $crate::plan::columns::Cells<'_>) -> Result<(), E>) -> Result<(), E> {
                let mut column: Vec<f64> = Vec::with_capacity(rows.len());
                $(
                    column.clear();
                    column.extend(rows.iter().map(|row| row.$field));
                    write(stringify!($field), $crate::plan::columns::Cells::F64(&column))?;
                )*
                Ok(())
            }

            /// Takes `count` rows from their columns.
            ///
            /// Errors: those of `read`; columns of another shape.
            pub fn restore<E: From<$crate::plan::columns::RestoreError>>(
                rows: &mut Vec<Self>,
                count: usize,
                read: &mut impl FnMut(&str) -> Result<$crate::plan::columns::Column, E>,
            ) -> Result<(), E> {
                rows.clear();
                rows.resize(count, Self::default());
                let mut column: Vec<f64> = Vec::new();
                $(
                    $crate::plan::columns::refill(stringify!($field), &read(stringify!($field))?, Some(count), &mut column)?;
                    rows.iter_mut().zip(&column).for_each(|(row, &cell)| row.$field = cell);
                )*
                Ok(())
            }
        }
    };
}
pub(crate) use row;
