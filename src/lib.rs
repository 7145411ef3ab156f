#![doc = include_str!("../ARCHITECTURE.md")]
#![warn(missing_docs)]

// In the order of the flow: a module may use those above it, and none below. `tests/tidy.rs` sees to it.
pub mod document;
pub mod fact;
pub mod failure;
pub mod finding;
pub mod numeral;
pub mod decode;
pub mod form;
pub mod registry;
pub mod narrative;
pub mod catalog;
pub mod settings;
pub mod identify;
pub mod check;
pub mod read;
pub mod assemble;
pub mod tables;
pub mod frames;
pub mod aggregate;
pub mod publish;
pub mod discover;
pub mod console;
pub mod show;
pub mod cli;
pub mod pipeline;
pub mod run_report;
pub mod wording;
pub mod dictionary;
pub mod commands;
