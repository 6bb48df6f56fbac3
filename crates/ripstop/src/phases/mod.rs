//! The eight phases of the day, in order: each a verb and a file.

pub mod dispatch;
pub mod events;
pub mod order;
pub mod produce;
pub mod ration;
pub mod receive;
pub mod record;
pub mod settle;
