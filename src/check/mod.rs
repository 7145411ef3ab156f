//! The checks of one report: each table by itself, and the prose against the tables. A check never changes a fact.

mod prose;
mod table;

pub use prose::prose;
pub use table::{TableView, table};
