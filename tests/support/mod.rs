//! Makes reports with known cells, so that tests, benches and examples can ask what a reader found.
//!
//! Nothing here knows the product: labels are typed from the statute a second time, and the arithmetic of a
//! generated form comes from how it is built, not from the product's rules. Used through `#[path]`; std only.
//!
//! ```ignore
//! let mut rng = Rng::new(7);
//! let form = generate::form(&mut rng, 2021, Temperament::Busy, &mut History::default());
//! let office = Office::new("云州市", "青岚区", "望湖街街道");
//! let prose = prose::write(&mut rng, &office, &form, Length::Short);
//! let made = render::markdown(&form, &prose, &Layout::random(&mut rng), Flaws::random(&mut rng, 0.3), &mut rng);
//! // made.text is the report, made.known is what a reader must find in it
//! ```
#![allow(
    dead_code,
    reason = "each target that includes this module uses its own part of it"
)]
#![allow(
    unused_imports,
    reason = "the re-exports are a menu; no target orders everything"
)]

pub mod faults;
pub mod filled;
pub mod generate;
pub mod layout;
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

pub use faults::{Break, Fault, Planted, plant};
pub use filled::{CellKey, CellText, FilledForm};
pub use generate::{History, Temperament};
pub use layout::{Flaw, Flaws, Layout};
pub use prose::{Length, Office, Prose};
pub use render::{Known, Rendered, State};
pub use rng::Rng;
pub use statute::{Edition, Section};
