//! OFD (GB/T 33190), the state's own format of finished pages: a package of XML that names, page by
//! page, where each glyph and each line stands. Seals, signatures and watermarks are left out.

mod draw;
mod geometry;
mod outline;
mod package;
mod text;
mod xml;

#[cfg(test)]
mod tests;

pub use package::is_ofd;

use super::page::{self, Page};
use super::{Decoded, Limits, Unreadable, within};
use crate::document::Place;
use crate::finding::Finding;
use outline::{Leaf, Outline};
use package::Package;
use xml::{Broken, each};

impl From<Broken> for Unreadable {
    fn from(_: Broken) -> Self {
        Unreadable::Damaged
    }
}

/// Reads an OFD.
///
/// # Errors
/// If it is damaged, encrypted, without text, or asks for too much.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let leaves = leaves(bytes, limits)?;
    let told = |rule: &str, is_so: fn(&Leaf) -> bool| {
        let pages: Vec<u32> = (1..).zip(&leaves).filter(|(_, leaf)| is_so(leaf)).map(|(number, _)| number).collect();
        let first = pages.first()?;
        Some(Finding::new(rule).at(Place { page: *first, line: 0 }).with("found", page::spans(&pages)))
    };
    if leaves.iter().all(|leaf| leaf.is_scan() || leaf.printed() == 0) {
        return Err(if leaves.iter().any(Leaf::is_scan) { Unreadable::Scan } else { Unreadable::Empty });
    }
    let findings = [told("report.pages_scanned", Leaf::is_scan), told("report.pages_garbled", Leaf::is_garbled)];
    let findings = findings.into_iter().flatten().collect();
    let pages: Vec<Page> = leaves.into_iter().map(|l| l.page).collect();
    let document = page::document(&pages, limits)?;
    Ok(Decoded { document, findings, ..Decoded::default() })
}

/// Most marks of a file: those of so many full pages.
const FULL_PAGES: usize = 20;

/// All pages of all documents in the package.
fn leaves(bytes: &[u8], limits: &Limits) -> Result<Vec<Leaf>, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let root = package.resolve("", "OFD.xml").ok_or(Unreadable::Damaged)?;
    let mut documents = Vec::new();
    each(&package.text(&root)?, &["DocRoot"], |found| {
        documents.push(found.text());
        within("pages", documents.len(), limits.pages).map_err(Unreadable::from)
    })?;
    let mut leaves: Vec<Leaf> = Vec::new();
    let mut marks = 0;
    for document in documents {
        let path = package.resolve(&root, &document).ok_or(Unreadable::Damaged)?;
        let document = Outline::read(&mut package, path, limits)?;
        for number in 0..document.pages() {
            let leaf = document.leaf(number, &mut package, limits)?;
            marks += leaf.marks;
            leaves.push(leaf);
            within("pages", leaves.len(), limits.pages)?;
            within("page_marks", marks / FULL_PAGES, limits.page_marks)?;
        }
    }
    Ok(leaves)
}
