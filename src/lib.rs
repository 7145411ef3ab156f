#![doc = include_str!("../ARCHITECTURE.md")]
#![warn(missing_docs)]

// In the order of the flow: a module may use those above it, and none below. `tests/tidy.rs` sees to it.
pub mod aggregate;
pub mod assemble;
pub mod catalog;
pub mod check;
pub mod cli;
pub mod commands;
pub mod console;
pub mod decode;
pub mod dictionary;
pub mod discover;
pub mod document;
pub mod fact;
pub mod failure;
pub mod finding;
pub mod form;
pub mod frames;
pub mod identify;
pub mod narrative;
pub mod numeral;
pub mod pipeline;
pub mod publish;
pub mod read;
pub mod registry;
pub mod run_report;
pub mod settings;
pub mod show;
pub mod tables;
pub mod wording;
