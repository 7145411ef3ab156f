//! Pictures of pages as files of their own (PNG, JPEG, TIFF): photos, screenshots and scans. Each is read as a scan like any
//! other. What belongs together cannot be told from pictures: each is a page by itself, but for a TIFF of several pages.

mod png;
mod sheet;
mod tiff;
mod unpack;

pub(super) use sheet::Sheet;
pub(super) use tiff::is_tiff;

use super::page::{self, Page};
use super::{Decoded, Limits, Recogniser, Unreadable, within};
use hayro_interpret::kurbo::Affine;
use sheet::Image;

/// Whether bytes are a PNG.
pub(super) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// Whether bytes are a JPEG.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
}

/// Whether bytes are one picture, and no more.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    is_png(bytes) || is_jpeg(bytes) || is_tiff(bytes) && tiff::is_single(bytes)
}

/// Reads a picture by what `recognise` sees on it. It is nothing to read as long as nobody does.
pub(super) fn read(bytes: &[u8], limits: &Limits, recognise: Option<&Recogniser<'_>>) -> Result<Decoded, Unreadable> {
    let recognise = recognise.ok_or(Unreadable::Scan)?;
    let read = |sheet: Sheet| -> Result<Option<Page>, Unreadable> {
        let photo = sheet.photo(limits)?;
        Ok(photo.map(|photo| photo.read(recognise, limits)).transpose()?.flatten())
    };
    if is_tiff(bytes) {
        // One after the other: unpacked side by side they would fill the memory.
        let mut all = Vec::new();
        for fields in tiff::pages(bytes) {
            within("recognised_pages", all.len() + 1, limits.recognised_pages)?;
            all.push(read(fields?.sheet(limits)?)?);
        }
        return pages(all, limits);
    }
    let image = image(bytes, limits)?;
    let (wide, tall) = paper(image.width as f64, image.height as f64);
    let mut sheet = Sheet::new(wide, tall);
    sheet.put(image, Affine::scale_non_uniform(wide, tall), limits)?;
    pages(vec![read(sheet)?], limits)
}

/// Puts a picture on a sheet. `place` leads from the unit square, upper left corner first, to the sheet.
///
/// # Errors
/// If it is of a kind that is not read, damaged, or larger than it may be.
pub(super) fn put(bytes: &[u8], place: Affine, sheet: &mut Sheet, limits: &Limits) -> Result<(), Unreadable> {
    if is_tiff(bytes) {
        return tiff::pages(bytes).next().ok_or(Unreadable::Damaged)??.put(place, sheet, limits);
    }
    Ok(sheet.put(image(bytes, limits)?, place, limits)?)
}

/// What pages of pictures say; none where nobody could read one.
fn pages(read: Vec<Option<Page>>, limits: &Limits) -> Result<Decoded, Unreadable> {
    if read.iter().all(Option::is_none) {
        return Err(Unreadable::Scan);
    }
    let unread = page::told("report.pages_scanned", read.iter().map(Option::is_none));
    let findings = unread.into_iter().chain(page::told("report.pages_recognised", read.iter().map(Option::is_some))).collect();
    let pages: Vec<Page> = read.into_iter().map(Option::unwrap_or_default).collect();
    Ok(Decoded { document: page::document(&pages, limits)?, encoding: None, findings })
}

fn image(bytes: &[u8], limits: &Limits) -> Result<Image, Unreadable> {
    if is_png(bytes) {
        let picture = png::gray(bytes, limits)?;
        let kind = "/ColorSpace /DeviceGray /BitsPerComponent 8".to_string();
        return Ok(Image { width: picture.width, height: picture.height, kind, content: picture.dots });
    }
    if !is_jpeg(bytes) {
        return Err(Unreadable::Unsupported("picture".to_string()));
    }
    let (width, height, parts) = frame(bytes).ok_or(Unreadable::Damaged)?;
    let colours = match parts {
        1 => "Gray",
        4 => "CMYK",
        _ => "RGB",
    };
    let kind = format!("/ColorSpace /Device{colours} /BitsPerComponent 8 /Filter /DCTDecode");
    Ok(Image { width, height, kind, content: bytes.to_vec() })
}

/// The width and height of a JPEG and of how many colours it is made; none if it is cut before it says so.
fn frame(bytes: &[u8]) -> Option<(usize, usize, u8)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1).filter(|_| bytes[at] == 0xff)?;
        let number = |from: usize| Some(usize::from(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?)));
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => return Some((number(at + 7)?, number(at + 5)?, *bytes.get(at + 9)?)),
            _ => at += 2 + number(at + 2)?,
        }
    }
}

/// The size of the paper that a picture is taken for, in points: as wide as a sheet of A4.
fn paper(width: f64, height: f64) -> (f64, f64) {
    const UPRIGHT: f64 = 595.0;
    const ACROSS: f64 = 842.0;
    let wide = if width > height { ACROSS } else { UPRIGHT };
    (wide, (wide * height / width).ceil().max(1.0))
}
