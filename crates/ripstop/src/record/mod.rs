//! What a run leaves: daily series as columns, and snapshots on the days analyses ask for.

pub mod caught;
pub mod columns;
pub mod content;
pub mod deadlock;
pub mod detail;
pub mod evenings;
pub mod groups;
pub mod keep;
pub mod movements;
pub mod people;
pub mod snapshot;
pub mod tally;
pub mod totals;

pub use caught::owner_of;
pub use columns::{Columns, FirmDay};
pub use detail::{Counts, Detail};
pub(crate) use keep::Audit;
pub use keep::Record;
pub use movements::{Movements, Shipments};
pub use snapshot::{AGES, Snapshot, in_transit, owed_by_age, owned_value, price_share, sound_credit};
pub use totals::Totals;
