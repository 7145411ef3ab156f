//! What drawing a PDF would cost, found out before anything is drawn. A page may draw forms that draw
//! forms: a few hundred bytes can ask for more work than any machine does in a year, and a few packed
//! kilobytes can hold gigabytes. So streams are unpacked into the void first, and then operators are
//! counted through all forms, each form once.

use crate::decode::{Limits, Reached, within};
use flate2::{Decompress, FlushDecompress, Status};
use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::dict::keys::{ANNOTS, AP, G, N, RESOURCES, SHADING, SMASK, SUBTYPE};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use std::collections::HashMap;

/// Longest text of one operator, in bytes. Longer ones are made to fill the memory.
const LONGEST_RUN: u64 = 65_536;
/// Operators and bytes of text a page may have for each mark it may leave.
const PER_MARK: u64 = 10;
/// How deep the interpreter follows forms in forms.
const DEEPEST: usize = 50;

/// Whether any packed stream of a file is larger than `limits` allow, once unpacked.
///
/// # Errors
/// `unpacked_mib`.
pub(super) fn unpacked(bytes: &[u8], limits: &Limits) -> Result<(), Reached> {
    let most = limits.unpacked_mib << 20;
    let mut all = 0u64;
    for at in memchr::memmem::find_iter(bytes, b"stream") {
        let data = bytes.get(at + 6..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        let packed = matches!(data, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
        if bytes[..at].ends_with(b"end") || !packed {
            continue;
        }
        let size = unpacked_size(data, most);
        // Pictures are never unpacked.
        let dictionary = &bytes[at.saturating_sub(512)..at];
        let dictionary = &dictionary[memchr::memmem::rfind(dictionary, b"obj").unwrap_or(0)..];
        if memchr::memmem::find(dictionary, b"/Image").is_none() {
            all += size;
        }
        if size >= most || all > most.saturating_mul(4) {
            return Err(Reached { name: "unpacked_mib", value: limits.unpacked_mib });
        }
    }
    Ok(())
}

/// Whether dictionaries of a file lie deeper in one another than `limits` allow: the parser gives up on
/// such an object late, and tries again behind every bracket.
///
/// # Errors
/// `nesting`.
pub(super) fn nested(bytes: &[u8], limits: &Limits) -> Result<(), Reached> {
    let (mut depth, mut next) = (0usize, 0);
    for at in memchr::memchr3_iter(b'<', b'>', b'j', bytes) {
        match bytes[at] {
            // Every object begins anew; what looks like brackets in a picture does not add up.
            b'j' if bytes[..at].ends_with(b"ob") => depth = 0,
            bracket if at >= next && bytes.get(at + 1) == Some(&bracket) => {
                depth = if bracket == b'<' { depth + 1 } else { depth.saturating_sub(1) };
                next = at + 2;
            }
            _ => {}
        }
        within("nesting", depth, limits.nesting)?;
    }
    Ok(())
}

/// The size of packed data once unpacked, counted up to `most`.
fn unpacked_size(data: &[u8], most: u64) -> u64 {
    let mut unpacker = Decompress::new(true);
    let mut void = [0u8; 32 << 10];
    loop {
        let (before_in, before_out) = (unpacker.total_in(), unpacker.total_out());
        let rest = data.get(before_in as usize..).unwrap_or_default();
        let status = unpacker.decompress(rest, &mut void, FlushDecompress::None);
        let stuck = unpacker.total_in() == before_in && unpacker.total_out() == before_out;
        if stuck || !matches!(status, Ok(Status::Ok)) || unpacker.total_out() >= most {
            return unpacker.total_out();
        }
    }
}

/// What it takes to draw a stream.
#[derive(Debug, Clone, Copy, Default)]
struct Cost {
    /// Bytes read.
    bytes: u64,
    /// Operators, and bytes of text shown.
    work: u64,
}

impl Cost {
    /// More than any limit: a form that draws itself, a text made to fill the memory.
    const ENDLESS: Cost = Cost { bytes: u64::MAX, work: u64::MAX };

    fn add(&mut self, other: Cost) {
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.work = self.work.saturating_add(other.work);
    }
}

/// Counts what pages cost.
#[derive(Default)]
pub(super) struct Survey {
    /// Cost of forms, with whose resources they are drawn; none while being counted.
    forms: HashMap<(ObjectIdentifier, Option<ObjectIdentifier>), Option<Cost>>,
    /// Sizes of other streams.
    sizes: HashMap<ObjectIdentifier, u64>,
    bytes: u64,
}

impl Survey {
    /// Counts one page.
    ///
    /// # Errors
    /// The limit that drawing it would reach.
    pub fn page(&mut self, page: &Page<'_>, limits: &Limits) -> Result<(), Reached> {
        // Forms without resources of their own use those of the page, so nothing of another page holds.
        self.forms.clear();
        let mut cost = self.content(page.page_stream().unwrap_or_default(), page.resources(), None, 0);
        for note in page.raw().get::<Array<'_>>(ANNOTS).iter().flat_map(|notes| notes.iter::<Dict<'_>>()) {
            let shown = note.get::<Dict<'_>>(AP).and_then(|ap| ap.get::<Object<'_>>(N));
            match shown {
                Some(Object::Stream(form)) => cost.add(self.form(&form, page.resources(), None, 0)),
                Some(Object::Dict(states)) => {
                    for name in states.keys() {
                        if let Some(form) = states.get::<Stream<'_>>(name) {
                            cost.add(self.form(&form, page.resources(), None, 0));
                        }
                    }
                }
                _ => {}
            }
        }
        self.bytes = self.bytes.saturating_add(cost.bytes);
        if cost.work > PER_MARK * limits.page_marks as u64 {
            return Err(Reached::new("page_marks", limits.page_marks));
        }
        if self.bytes > limits.unpacked_mib << 20 {
            return Err(Reached { name: "unpacked_mib", value: limits.unpacked_mib });
        }
        Ok(())
    }

    /// The cost of a stream of operators. `owner` is the form whose resources it uses, none the page.
    fn content(&mut self, content: &[u8], resources: &Resources<'_>, owner: Option<ObjectIdentifier>, depth: usize) -> Cost {
        let mut cost = Cost { bytes: content.len() as u64, work: 0 };
        let mut operators = TypedIter::new(content);
        while let Some(operator) = operators.next() {
            let text = match operator {
                TypedInstruction::ShowText(text) => text.0.as_bytes().len() as u64,
                TypedInstruction::NextLineAndShowText(text) => text.0.as_bytes().len() as u64,
                TypedInstruction::ShowTextWithParameters(text) => text.2.as_bytes().len() as u64,
                // Each number of the array takes two bytes at least, so its length bounds its strings.
                TypedInstruction::ShowTexts(texts) => texts.0.data().len() as u64,
                TypedInstruction::XObject(name) => {
                    if let Some(form) = resources.get_x_object(name.0) {
                        cost.add(self.form(&form, resources, owner, depth));
                    }
                    0
                }
                TypedInstruction::SetGraphicsState(name) => {
                    let mask = resources.get_ext_g_state(name.0).and_then(|state| state.get::<Dict<'_>>(SMASK)?.get::<Stream<'_>>(G));
                    cost.bytes = cost.bytes.saturating_add(mask.map_or(0, |mask| self.size(&mask)));
                    0
                }
                TypedInstruction::Shading(name) => {
                    let size = resources.get_shading(name.0).map_or(0, |shading| self.size_of(shading));
                    cost.bytes = cost.bytes.saturating_add(size);
                    0
                }
                TypedInstruction::StrokeColorNamed(color) => {
                    let pattern = color.1.and_then(|name| resources.get_pattern(name));
                    cost.bytes = cost.bytes.saturating_add(pattern.map_or(0, |pattern| self.size_of(pattern)));
                    0
                }
                TypedInstruction::NonStrokeColorNamed(color) => {
                    let pattern = color.1.and_then(|name| resources.get_pattern(name));
                    cost.bytes = cost.bytes.saturating_add(pattern.map_or(0, |pattern| self.size_of(pattern)));
                    0
                }
                _ => 0,
            };
            if text > LONGEST_RUN {
                return Cost::ENDLESS;
            }
            cost.work = cost.work.saturating_add(1 + text);
        }
        cost
    }

    fn form(&mut self, form: &Stream<'_>, parent: &Resources<'_>, owner: Option<ObjectIdentifier>, depth: usize) -> Cost {
        let picture = form.dict().get::<Name<'_>>(SUBTYPE).is_some_and(|kind| &*kind == b"Image");
        if picture || depth >= DEEPEST {
            return Cost::default();
        }
        let id = form.obj_id();
        let own = form.dict().get::<Dict<'_>>(RESOURCES).map(Resources::new);
        let owner = if own.is_some() { Some(id) } else { owner };
        let key = (id, owner);
        match self.forms.get(&key) {
            Some(Some(cost)) => return *cost,
            Some(None) => return Cost::ENDLESS,
            None => {}
        }
        self.forms.insert(key, None);
        let content = form.decoded_data().unwrap_or_default();
        let cost = self.content(&content, own.as_ref().unwrap_or(parent), owner, depth + 1);
        self.forms.insert(key, Some(cost));
        cost
    }

    /// The size of the stream that a pattern or shading is, or holds.
    fn size_of(&mut self, object: Object<'_>) -> u64 {
        match object {
            Object::Stream(stream) => self.size(&stream),
            Object::Dict(dict) => dict.get::<Stream<'_>>(SHADING).map_or(0, |stream| self.size(&stream)),
            _ => 0,
        }
    }

    fn size(&mut self, stream: &Stream<'_>) -> u64 {
        *self.sizes.entry(stream.obj_id()).or_insert_with(|| stream.decoded_data().map_or(0, |data| data.len() as u64))
    }
}
