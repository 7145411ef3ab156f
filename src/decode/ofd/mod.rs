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
use super::{Decoded, Limits, Recogniser, Unreadable, within};
use outline::{Leaf, Outline};
use package::Package;
use xml::{Broken, each};

impl From<Broken> for Unreadable {
    fn from(_: Broken) -> Self {
        Unreadable::Damaged
    }
}

/// Reads an OFD; pages that are pictures by `recognise`, if there is one.
///
/// # Errors
/// If it is damaged, encrypted, without text, or asks for too much.
pub fn read(bytes: &[u8], limits: &Limits, recognise: Option<&Recogniser<'_>>) -> Result<Decoded, Unreadable> {
    let leaves = leaves(bytes, limits, recognise)?;
    if leaves.iter().all(|leaf| leaf.is_scan() || leaf.printed() == 0 && !leaf.recognised) {
        return Err(if leaves.iter().any(Leaf::is_scan) { Unreadable::Scan } else { Unreadable::Empty });
    }
    let findings = [
        page::told("report.pages_scanned", leaves.iter().map(Leaf::is_scan)),
        page::told("report.pages_recognised", leaves.iter().map(|leaf| leaf.recognised)),
        page::told("report.pages_garbled", leaves.iter().map(Leaf::is_garbled)),
        page::pictures(leaves.iter().map(Leaf::large)),
    ];
    let findings = findings.into_iter().flatten().collect();
    let pages: Vec<Page> = leaves.into_iter().map(|l| l.page).collect();
    let document = page::document(&pages, limits)?;
    Ok(Decoded { document, findings, ..Decoded::default() })
}

/// Most marks of a file: those of so many full pages.
const FULL_PAGES: usize = 20;

/// All pages of all documents in the package.
fn leaves(bytes: &[u8], limits: &Limits, recognise: Option<&Recogniser<'_>>) -> Result<Vec<Leaf>, Unreadable> {
    let mut package = Package::open(bytes, limits)?;
    let root = package.resolve("", "OFD.xml").ok_or(Unreadable::Damaged)?;
    let mut documents = Vec::new();
    each(&package.text(&root)?, &["DocRoot"], |found| {
        documents.push(found.text());
        within("pages", documents.len(), limits.pages).map_err(Unreadable::from)
    })?;
    let mut leaves: Vec<Leaf> = Vec::new();
    let (mut marks, mut scans) = (0, 0);
    for document in documents {
        let path = package.resolve(&root, &document).ok_or(Unreadable::Damaged)?;
        let document = Outline::read(&mut package, path, limits)?;
        for number in 0..document.pages() {
            let mut leaf = document.leaf(number, &mut package, limits)?;
            marks += leaf.marks;
            if let Some(recognise) = recognise.filter(|_| leaf.is_scan()) {
                scans += 1;
                within("recognised_pages", scans, limits.recognised_pages)?;
                let photo = leaf.photo(&mut package, limits)?;
                if let Some(page) = photo.map(|photo| photo.read(recognise, limits)).transpose()?.flatten() {
                    leaf = leaf.recognised(page);
                }
            }
            leaves.push(leaf);
            within("pages", leaves.len(), limits.pages)?;
            within("page_marks", marks / FULL_PAGES, limits.page_marks)?;
        }
    }
    Ok(leaves)
}
