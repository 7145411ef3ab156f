//! The prose reader against annotated cases, its own examples and made-up text.

#[path = "narrative/eval.rs"]
mod eval;
#[path = "narrative/examples.rs"]
mod examples;
#[path = "narrative/invented.rs"]
mod invented;
#[path = "narrative/passages.rs"]
mod passages;
#[path = "narrative/properties.rs"]
mod properties;
