//! What a network is: plain rows that refer to each other by position, dated events, and what must hold of them.

pub mod accounts;
pub mod calendar;
pub mod compact;
pub mod components;
pub mod contracts;
pub mod damage;
pub mod draws;
pub mod enforcement;
pub mod error;
pub mod events;
pub mod factors;
pub mod fields;
pub mod ids;
pub mod limits;
pub mod network;
pub mod settings;
pub mod terms;
pub mod validate;
