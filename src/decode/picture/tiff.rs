//! TIFF, as scanners and fax machines write it: pages in strips or tiles. What PDF unpacks as well (fax, JPEG) is handed
//! on as it is; all else is unpacked here, and never to more than its strip is said to hold.

use super::sheet::{Image, Sheet};
use super::{frame, paper, unpack};
use crate::decode::{Limits, Reached, Unreadable, within};
use hayro_interpret::kurbo::Affine;
use std::collections::HashMap;

/// Whether bytes are a TIFF. Those of the large kind (BigTIFF) are not written of paper.
pub fn is_tiff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")
}

/// Whether there is but one page.
pub fn is_single(bytes: &[u8]) -> bool {
    pages(bytes).nth(1).is_none()
}

/// All pages; those that show another one in small, and masks, left out.
pub fn pages(bytes: &[u8]) -> impl Iterator<Item = Result<Fields<'_>, Unreadable>> {
    const SMALL_OR_MASK: usize = 0b101;
    let little = bytes.starts_with(b"I");
    let all = Pages { bytes, little, next: long(bytes, little, 4).unwrap_or_default(), taken: 0 };
    all.filter(|page| page.as_ref().map_or(true, |page| page.first(KIND_OF_PAGE).unwrap_or_default() & SMALL_OR_MASK == 0))
}

/// The pages of a file, one after the other.
struct Pages<'b> {
    bytes: &'b [u8],
    little: bool,
    /// Where the fields of the next page stand; 0 after the last.
    next: usize,
    /// Bytes of fields so far: where pages lead in a circle, or lie over one another, there are more than the file has.
    taken: usize,
}

/// A page by its fields.
pub struct Fields<'b> {
    bytes: &'b [u8],
    little: bool,
    fields: HashMap<u16, Field>,
}

/// The values of a field: their kind, how many they are, and where they stand.
#[derive(Clone, Copy)]
struct Field {
    kind: u16,
    count: usize,
    at: usize,
}

const KIND_OF_PAGE: u16 = 254;
const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const PACKING: u16 = 259;
const COLOURS: u16 = 262;
const ORDER_OF_BITS: u16 = 266;
const STRIPS: u16 = 273;
const ORIENTATION: u16 = 274;
const SAMPLES: u16 = 277;
const ROWS_OF_STRIP: u16 = 278;
const SIZES_OF_STRIPS: u16 = 279;
const ACROSS: u16 = 282;
const DOWN: u16 = 283;
const PLANES: u16 = 284;
const FAX: u16 = 292;
const DIFFERENCES: u16 = 317;
const PALETTE: u16 = 320;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;
const TILES: u16 = 324;
const SIZES_OF_TILES: u16 = 325;
const KIND_OF_SAMPLES: u16 = 339;
const JPEG_TABLES: u16 = 347;

impl<'b> Pages<'b> {
    fn fields(&mut self) -> Option<Fields<'b>> {
        const FIELD: usize = 12;
        let (bytes, little, from) = (self.bytes, self.little, self.next);
        let count = short(bytes, little, from)?;
        self.taken += 2 + count * FIELD;
        if self.taken > bytes.len() {
            return None;
        }
        let mut fields = HashMap::new();
        for at in (0..count).map(|n| from + 2 + n * FIELD) {
            let (tag, kind, values) = (short(bytes, little, at)?, short(bytes, little, at + 2)?, long(bytes, little, at + 4)?);
            let here = width(kind as u16).saturating_mul(values) <= 4;
            let at = if here { at + 8 } else { long(bytes, little, at + 8)? };
            fields.insert(tag as u16, Field { kind: kind as u16, count: values, at });
        }
        // Some writers forget that nothing follows.
        self.next = long(bytes, little, from + 2 + count * FIELD).unwrap_or_default();
        Some(Fields { bytes, little, fields })
    }
}

impl<'b> Iterator for Pages<'b> {
    type Item = Result<Fields<'b>, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == 0 && self.taken > 0 {
            return None;
        }
        let fields = self.fields();
        if fields.is_none() {
            (self.next, self.taken) = (0, usize::MAX);
        }
        Some(fields.ok_or(Unreadable::Damaged))
    }
}

fn short(bytes: &[u8], little: bool, at: usize) -> Option<usize> {
    let two = bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(usize::from(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) }))
}

fn long(bytes: &[u8], little: bool, at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) } as usize)
}

/// The bytes of a value of this kind.
fn width(kind: u16) -> usize {
    match kind {
        3 => 2,
        4 => 4,
        5 => 8,
        _ => 1,
    }
}

/// A part of a page: where it stands in the file, and where on the page.
struct Part {
    at: usize,
    size: usize,
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl<'b> Fields<'b> {
    fn value(&self, field: Field, n: usize) -> Option<usize> {
        let at = field.at.checked_add(n.checked_mul(width(field.kind))?)?;
        match width(field.kind) {
            2 => short(self.bytes, self.little, at),
            4 => long(self.bytes, self.little, at),
            8 => Some(long(self.bytes, self.little, at)?.checked_div(long(self.bytes, self.little, at + 4)?)?),
            _ => self.bytes.get(at).copied().map(usize::from),
        }
    }

    fn first(&self, tag: u16) -> Option<usize> {
        self.value(*self.fields.get(&tag)?, 0)
    }

    /// All values of a field; none if the file is shorter than they are.
    fn all(&self, tag: u16) -> Option<Vec<usize>> {
        let field = *self.fields.get(&tag)?;
        (field.count <= self.bytes.len()).then(|| (0..field.count).map(|n| self.value(field, n)).collect())?
    }

    fn size(&self) -> Result<(usize, usize), Unreadable> {
        let found = |tag| self.first(tag).filter(|n| *n > 0).ok_or(Unreadable::Damaged);
        Ok((found(WIDTH)?, found(HEIGHT)?))
    }

    /// A sheet of paper with this page on it.
    ///
    /// # Errors
    /// If it is damaged, larger than it may be, or packed in a way that is not read.
    pub fn sheet(&self, limits: &Limits) -> Result<Sheet, Unreadable> {
        let (width, height) = self.size()?;
        let lying = matches!(self.first(ORIENTATION), Some(5..=8));
        // The dots of a fax are taller than they are wide.
        let dots = match (self.first(ACROSS), self.first(DOWN)) {
            (Some(across @ 1..), Some(down @ 1..)) if across <= 4 * down && down <= 4 * across => down as f64 / across as f64,
            _ => 1.0,
        };
        let (across, down) = (width as f64 * dots, height as f64);
        let (wide, tall) = if lying { paper(down, across) } else { paper(across, down) };
        let mut sheet = Sheet::new(wide, tall);
        self.put(Affine::scale_non_uniform(wide, tall), &mut sheet, limits)?;
        Ok(sheet)
    }

    /// Puts the page on a sheet, as `picture::put`.
    ///
    /// # Errors
    /// As for `sheet`.
    pub fn put(&self, place: Affine, sheet: &mut Sheet, limits: &Limits) -> Result<(), Unreadable> {
        let (width, height) = self.size()?;
        if width.saturating_mul(height) > limits.page_megadots * 1_000_000 {
            return Err(Reached::new("page_megadots", limits.page_megadots).into());
        }
        let place = place * self.upright() * Affine::scale_non_uniform(1.0 / width as f64, 1.0 / height as f64);
        for part in self.parts(width, height, limits)? {
            let corner = Affine::translate((part.left as f64, part.top as f64));
            let image = self.image(&part, limits)?;
            let place = place * corner * Affine::scale_non_uniform(image.width as f64, image.height as f64);
            sheet.put(image, place, limits)?;
        }
        Ok(())
    }

    /// From the unit square as stored to that as shown.
    fn upright(&self) -> Affine {
        Affine::new(match self.first(ORIENTATION) {
            Some(2) => [-1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
            Some(3) => [-1.0, 0.0, 0.0, -1.0, 1.0, 1.0],
            Some(4) => [1.0, 0.0, 0.0, -1.0, 0.0, 1.0],
            Some(5) => [0.0, 1.0, 1.0, 0.0, 0.0, 0.0],
            Some(6) => [0.0, 1.0, -1.0, 0.0, 1.0, 0.0],
            Some(7) => [0.0, -1.0, -1.0, 0.0, 1.0, 1.0],
            Some(8) => [0.0, -1.0, 1.0, 0.0, 0.0, 1.0],
            _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        })
    }

    /// The strips or tiles of the page.
    fn parts(&self, width: usize, height: usize, limits: &Limits) -> Result<Vec<Part>, Unreadable> {
        let tiled = self.fields.contains_key(&TILES);
        let (places, sizes) = if tiled { (TILES, SIZES_OF_TILES) } else { (STRIPS, SIZES_OF_STRIPS) };
        let places = self.all(places).ok_or(Unreadable::Damaged)?;
        // Some writers leave out the size of a single strip.
        let sizes = self.all(sizes).or_else(|| Some(vec![self.bytes.len().checked_sub(*places.first()?)?])).ok_or(Unreadable::Damaged)?;
        let (wide, tall) = match tiled {
            true => (self.first(TILE_WIDTH).unwrap_or_default(), self.first(TILE_HEIGHT).unwrap_or_default()),
            false => (width, self.first(ROWS_OF_STRIP).unwrap_or(height).min(height)),
        };
        if wide == 0 || tall == 0 || places.len() != sizes.len() || places.len() != width.div_ceil(wide) * height.div_ceil(tall) {
            return Err(Unreadable::Damaged);
        }
        within("page_marks", places.len(), limits.page_marks)?;
        let across = width.div_ceil(wide);
        let part = |(n, (at, size)): (usize, (usize, usize))| {
            let (left, top) = (n % across * wide, n / across * tall);
            Part { at, size, left, top, width: wide, height: if tiled { tall } else { tall.min(height - top) } }
        };
        Ok(places.into_iter().zip(sizes).enumerate().map(part).collect())
    }

    fn image(&self, part: &Part, limits: &Limits) -> Result<Image, Unreadable> {
        let content = part.at.checked_add(part.size).and_then(|end| self.bytes.get(part.at..end)).ok_or(Unreadable::Damaged)?;
        let packing = self.first(PACKING).unwrap_or(1);
        let (colours, bits, samples) = self.colours()?;
        let turned;
        let content = match self.first(ORDER_OF_BITS) {
            Some(2) if packing != 7 => {
                turned = content.iter().map(|byte| byte.reverse_bits()).collect::<Vec<u8>>();
                &turned
            }
            _ => content,
        };
        let Part { width, height, .. } = *part;
        let kind = |rest: &str| format!("{colours} /BitsPerComponent {bits} {rest}");
        let fax = |way: i8, aligned: bool| {
            let way = format!("/K {way} /Columns {width} /Rows {height} /EncodedByteAlign {aligned}");
            Image { width, height, kind: kind(&format!("/Filter /CCITTFaxDecode /DecodeParms << {way} >>")), content: content.to_vec() }
        };
        let fax_options = self.first(FAX).unwrap_or_default();
        match packing {
            2..=4 if bits * samples != 1 => return Err(Unreadable::Damaged),
            2 => return Ok(fax(0, true)),
            3 => return Ok(fax(if fax_options & 1 == 1 { 1 } else { 0 }, false)),
            4 => return Ok(fax(-1, false)),
            7 => {
                let content = self.jpeg(content, limits)?;
                let (width, height, parts) = frame(&content).ok_or(Unreadable::Damaged)?;
                if usize::from(parts) != samples || bits != 8 {
                    return Err(Unreadable::Damaged);
                }
                return Ok(Image { width, height, kind: kind("/Filter /DCTDecode"), content });
            }
            _ => {}
        }
        let row = width.checked_mul(bits * samples).ok_or(Unreadable::Damaged)?.div_ceil(8);
        let wanted = row.saturating_mul(height);
        if wanted as u64 > limits.unpacked_mib << 20 {
            return Err(Reached { name: "unpacked_mib", value: limits.unpacked_mib }.into());
        }
        let mut unpacked = match packing {
            1 => Some(content.to_vec()),
            5 => unpack::lzw(content, wanted),
            8 | 32946 => unpack::deflate(content, wanted),
            32773 => unpack::runs(content, wanted),
            other => return Err(Unreadable::Unsupported(format!("tiff, compression {other}"))),
        }
        .filter(|unpacked| unpacked.len() >= wanted)
        .ok_or(Unreadable::Damaged)?;
        unpacked.truncate(wanted);
        match self.first(DIFFERENCES).unwrap_or(1) {
            1 => {}
            2 if bits == 8 => {
                unpacked.chunks_exact_mut(row).for_each(|row| (samples..row.len()).for_each(|at| row[at] = row[at].wrapping_add(row[at - samples])))
            }
            other => return Err(Unreadable::Unsupported(format!("tiff, predictor {other}"))),
        }
        Ok(Image { width, height, kind: kind(""), content: unpacked })
    }

    /// The colours of the page as PDF names them, with the bits of a sample and the samples of a dot.
    fn colours(&self) -> Result<(String, usize, usize), Unreadable> {
        let (bits, samples) = (self.all(BITS).unwrap_or_else(|| vec![1]), self.first(SAMPLES).unwrap_or(1));
        let (bits, even) = (bits.first().copied().unwrap_or(1), bits.windows(2).all(|two| two[0] == two[1]));
        let colours = self.first(COLOURS);
        let unsupported = |what: String| Err(Unreadable::Unsupported(format!("tiff, {what}")));
        if !even || !matches!(bits, 1 | 2 | 4 | 8) || samples > 1 && bits != 8 || self.first(KIND_OF_SAMPLES).unwrap_or(1) != 1 {
            return unsupported(format!("{bits} bits"));
        }
        if samples > 1 && self.first(PLANES) == Some(2) {
            return unsupported("planes".to_string());
        }
        let jpeg = self.first(PACKING) == Some(7);
        let fax = matches!(self.first(PACKING), Some(2..=4));
        let space = match (colours, samples) {
            // What is white in a fax is 0, and PDF makes white of it.
            (Some(0) | None, 1) if fax => "/DeviceGray".to_string(),
            (Some(1), 1) if fax => "/DeviceGray /Decode [1 0]".to_string(),
            (Some(0), 1) => "/DeviceGray /Decode [1 0]".to_string(),
            (Some(1), 1) => "/DeviceGray".to_string(),
            (Some(2), 3) => "/DeviceRGB".to_string(),
            (Some(6), 3) if jpeg => "/DeviceRGB".to_string(),
            // How much it covers is how little black there is in it: that of a page covers it whole.
            (Some(2), 4) => "/DeviceCMYK /Decode [1 0 1 0 1 0 1 0]".to_string(),
            (Some(3), 1) => self.palette(bits)?,
            (Some(5), 4) => "/DeviceCMYK".to_string(),
            (other, samples) => return unsupported(format!("photometric {}, {samples} samples", other.unwrap_or_default())),
        };
        Ok((format!("/ColorSpace {space}"), bits, samples))
    }

    fn palette(&self, bits: usize) -> Result<String, Unreadable> {
        let colours = 1 << bits;
        let shades = self.all(PALETTE).filter(|shades| shades.len() == 3 * colours).ok_or(Unreadable::Damaged)?;
        // Old ones count to 255, others to 65535.
        let old = shades.iter().all(|shade| *shade < 256);
        let shade = |at: usize| if old { shades[at] } else { shades[at] >> 8 };
        let codes: String = (0..colours).map(|n| format!("{:02x}{:02x}{:02x}", shade(n), shade(n + colours), shade(n + 2 * colours))).collect();
        Ok(format!("[/Indexed /DeviceRGB {} <{codes}>]", colours - 1))
    }

    /// A JPEG with the tables that all parts of the page share.
    fn jpeg(&self, content: &[u8], limits: &Limits) -> Result<Vec<u8>, Unreadable> {
        const LONGEST: usize = 65_536;
        let Some(field) = self.fields.get(&JPEG_TABLES) else { return Ok(content.to_vec()) };
        let tables = field.at.checked_add(field.count).and_then(|end| self.bytes.get(field.at..end));
        let tables = tables.and_then(|tables| tables.strip_suffix(b"\xff\xd9")).ok_or(Unreadable::Damaged)?;
        if tables.len() > LONGEST {
            return Err(Reached { name: "unpacked_mib", value: limits.unpacked_mib }.into());
        }
        let rest = content.strip_prefix(b"\xff\xd8").ok_or(Unreadable::Damaged)?;
        Ok([tables, rest].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::picture;

    fn limits() -> Limits {
        Limits::parse(include_str!("../../../config/limits.toml")).expect("the project's limits")
    }

    fn dots(bytes: &[u8]) -> Vec<u8> {
        let mut sheet = Sheet::new(24.0, 16.0);
        picture::put(bytes, Affine::scale_non_uniform(24.0, 16.0), &mut sheet, &limits()).expect("a picture");
        sheet.photo(&limits()).expect("within limits").expect("a picture").raster.dots
    }

    /// The picture of `dots.png`, as other programs write it.
    const SAME: [(&str, &[u8]); 8] = [
        ("fax4", include_bytes!("../../../fuzz/seeds/scan/fax4.tif")),
        ("fax3", include_bytes!("../../../fuzz/seeds/scan/fax3.tif")),
        ("fax2", include_bytes!("../../../fuzz/seeds/scan/fax2.tif")),
        ("runs", include_bytes!("../../../fuzz/seeds/scan/runs.tif")),
        ("lzw", include_bytes!("../../../fuzz/seeds/scan/lzw.tif")),
        ("deflate", include_bytes!("../../../fuzz/seeds/scan/deflate.tif")),
        ("jpeg", include_bytes!("../../../fuzz/seeds/scan/jpeg.tif")),
        ("clear", include_bytes!("../../../fuzz/seeds/scan/clear.tif")),
    ];

    #[test]
    fn however_it_is_packed_the_picture_is_the_same() {
        let plain = dots(include_bytes!("../../../fuzz/seeds/scan/dots.png"));
        assert!(plain.contains(&0) && plain.contains(&255));
        for (name, bytes) in SAME {
            assert!(is_tiff(bytes) && is_single(bytes), "{name}");
            let apart: usize = dots(bytes).iter().zip(&plain).map(|(a, b)| usize::from(a.abs_diff(*b))).sum();
            assert!(apart < 8 * plain.len(), "{name}: {} shades apart", apart / plain.len());
        }
    }

    /// A page of gray dots in one strip, with some of its fields others.
    fn gray(head: &[u8; 4], width: u32, height: u32, others: &[(u16, u32)], content: &[u8]) -> Vec<u8> {
        let little = head[0] == b'I';
        let short = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let long = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut fields = std::collections::BTreeMap::from([(WIDTH, width), (HEIGHT, height), (BITS, 8), (COLOURS, 1), (STRIPS, 8)]);
        fields.insert(SIZES_OF_STRIPS, content.len() as u32);
        fields.extend(others.iter().copied());
        let mut bytes = [&head[..], &long(8 + content.len() as u32), content, &short(fields.len() as u16)].concat();
        fields.iter().for_each(|(tag, value)| bytes.extend([&short(*tag)[..], &short(4), &long(1), &long(*value)].concat()));
        bytes.extend([0; 4]);
        bytes
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let content = [0, 100, 200, 255, 50, 150];
        let of = |bytes: &[u8]| pages(bytes).next().expect("a page").and_then(|page| page.sheet(&limits())).map(|_| ());
        let with = |others: &[(u16, u32)]| of(&gray(b"II*\0", 3, 2, others, &content));
        assert_eq!((of(&gray(b"MM\0*", 3, 2, &[], &content)), with(&[])), (Ok(()), Ok(())));
        let unsupported = |what: &str| Err(Unreadable::Unsupported(format!("tiff, {what}")));
        assert_eq!(with(&[(PACKING, 6)]), unsupported("compression 6"));
        assert_eq!(with(&[(BITS, 16)]), unsupported("16 bits"));
        assert_eq!(with(&[(COLOURS, 8)]), unsupported("photometric 8, 1 samples"));
        assert_eq!(with(&[(DIFFERENCES, 3)]), unsupported("predictor 3"));
        for damage in [(HEIGHT, 0), (HEIGHT, 3), (STRIPS, 1 << 30), (SIZES_OF_STRIPS, u32::MAX), (ROWS_OF_STRIP, 1), (PACKING, 5), (PACKING, 8), (COLOURS, 3)] {
            assert_eq!(with(&[damage]), Err(Unreadable::Damaged), "{damage:?}");
        }
        assert_eq!(of(&gray(b"II*\0", u32::MAX, u32::MAX, &[], &content)), Err(Reached::new("page_megadots", limits().page_megadots).into()));
        // A page that follows itself, and pages that others show in small.
        let mut circle = gray(b"II*\0", 3, 2, &[], &content);
        let end = circle.len();
        circle[end - 4] = 8 + content.len() as u8;
        assert_eq!(pages(&circle).map(|page| page.is_ok()).collect::<Vec<bool>>(), [true, false]);
        assert!(!is_single(&circle));
        assert_eq!(pages(&gray(b"II*\0", 3, 2, &[(KIND_OF_PAGE, 1)], &content)).count(), 0);
    }

    #[test]
    fn any_damage_ends_in_a_picture_or_a_reason() {
        let mut state = 11_u64;
        let mut below = |n: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % n.max(1)
        };
        let mut whole = 0;
        for round in 0..400 {
            let mut bytes = SAME[round % SAME.len()].1.to_vec();
            for _ in 0..=below(3) {
                let at = below(bytes.len());
                bytes[at] = [0, 1, 0x7f, 0xff, below(256) as u8][below(5)];
            }
            bytes.truncate(if below(4) == 0 { below(bytes.len()) } else { bytes.len() });
            whole +=
                pages(&bytes).filter(|page| page.as_ref().is_ok_and(|page| page.sheet(&limits()).and_then(|sheet| sheet.photo(&limits())).is_ok())).count();
        }
        assert!(whole > 50, "some damage is small: {whole}");
    }
}
