//! The prose reader against annotated cases, its own examples and made-up text.
#[path = "narrative/eval.rs"]
mod eval;
