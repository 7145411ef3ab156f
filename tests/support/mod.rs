//! Makes reports with known cells, so that tests, benches and examples can ask what a reader found.
//!
//! Nothing here knows the product: labels are typed from the statute a second time, and the arithmetic of a
//! generated form comes from how it is built, not from the product's rules. Used through `#[path]`; std only.
//!
//! ```ignore
//! let case = Case::any(7, Flaws::NONE.with(Flaw::PageBreak));
//! let made = case.make();
//! // made.report.text is the report, made.report.known is what a reader must find in it
//! let mut form = case.form();
//! let planted = plant(&mut form, &mut Rng::new(7), Fault::GrandTotal);
//! // planted, if the form is complete, says which rules case.make_with(form) must break
//! ```
#![allow(dead_code, reason = "each target that includes this module uses its own part of it")]
#![allow(unused_imports, reason = "the re-exports are a menu; no target orders everything")]

pub mod case;
pub mod faults;
pub mod filled;
pub mod generate;
pub mod html;
pub mod glued;
pub mod layout;
pub mod ofd;
pub mod official;
pub mod phrases;
pub mod prose;
pub mod render;
pub mod rng;
pub mod statute;
mod tables;
mod topics;
mod wording;

#[cfg(test)]
mod selfcheck;

pub use case::{Case, Made};
pub use faults::{Break, Fault, Planted, plant};
pub use filled::{CellKey, CellText, FilledForm};
pub use generate::{History, Temperament};
pub use layout::{Flaw, Flaws, Layout};
pub use prose::{Length, Office, Prose};
pub use render::{Known, Rendered, State};
pub use rng::Rng;
pub use statute::{Edition, Section};
