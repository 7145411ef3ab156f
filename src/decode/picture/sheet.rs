//! A sheet of paper with pictures on it, written as a PDF of one page: so whatever unpacks, turns and lays the pictures of
//! PDF does so with all others.

use crate::decode::scan::Photo;
use crate::decode::{Limits, Reached, Unreadable, pdf};
use hayro_interpret::kurbo::Affine;

/// A picture as PDF knows it.
#[derive(Debug)]
pub struct Image {
    pub width: usize,
    pub height: usize,
    /// The rest of its dictionary: colours, bits, filter.
    pub kind: String,
    pub content: Vec<u8>,
}

/// Pictures on a sheet. Lengths are points; y grows downward.
#[derive(Debug)]
pub struct Sheet {
    width: f64,
    height: f64,
    images: Vec<(Image, Affine)>,
    dots: usize,
    bytes: usize,
}

impl Sheet {
    /// White paper.
    pub fn new(width: f64, height: f64) -> Sheet {
        Sheet { width, height, images: Vec::new(), dots: 0, bytes: 0 }
    }

    /// Puts a picture on it; `place` leads from the unit square, upper left corner first, to the sheet.
    ///
    /// # Errors
    /// If all pictures on it together have more dots or bytes than they may.
    pub fn put(&mut self, image: Image, place: Affine, limits: &Limits) -> Result<(), Reached> {
        self.dots = self.dots.saturating_add(image.width.saturating_mul(image.height));
        self.bytes = self.bytes.saturating_add(image.content.len());
        if self.dots > limits.page_megadots * 1_000_000 {
            return Err(Reached::new("page_megadots", limits.page_megadots));
        }
        if self.bytes as u64 > limits.unpacked_mib << 20 || self.images.len() == limits.page_marks {
            return Err(Reached { name: "unpacked_mib", value: limits.unpacked_mib });
        }
        self.images.push((image, place));
        Ok(())
    }

    /// What it looks like; none if none of its pictures can be unpacked.
    ///
    /// # Errors
    /// `page_megadots`.
    pub fn photo(self, limits: &Limits) -> Result<Option<Photo>, Unreadable> {
        pdf::photo(self.pdf(), limits)
    }

    fn pdf(self) -> Vec<u8> {
        const FIRST: usize = 5;
        let (width, height) = (self.width, self.height);
        let mut names = String::new();
        let mut draw = format!("1 0 0 -1 0 {height} cm\n");
        for (number, (_, place)) in (FIRST..).zip(&self.images) {
            // The unit square of PDF stands on its feet.
            let [a, b, c, d, e, f] = (*place * Affine::new([1.0, 0.0, 0.0, -1.0, 0.0, 1.0])).as_coeffs();
            draw += &format!("q {a} {b} {c} {d} {e} {f} cm /P{number} Do Q\n");
            names += &format!("/P{number} {number} 0 R ");
        }
        let page = format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Resources << /XObject << {names}>> >> /Contents 4 0 R >>");
        let mut file = File { bytes: b"%PDF-1.4\n".to_vec(), places: Vec::new() };
        file.object("<< /Type /Catalog /Pages 2 0 R >>", None);
        file.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>", None);
        file.object(&page, None);
        file.object(&format!("<< /Length {} >>", draw.len()), Some(draw.as_bytes()));
        for (Image { width, height, kind, content }, _) in self.images {
            let head = format!("<< /Type /XObject /Subtype /Image /Width {width} /Height {height} {kind} /Length {} >>", content.len());
            file.object(&head, Some(&content));
        }
        file.ended()
    }
}

/// A PDF while it is written.
struct File {
    bytes: Vec<u8>,
    /// Where its objects begin.
    places: Vec<usize>,
}

impl File {
    fn object(&mut self, head: &str, stream: Option<&[u8]>) {
        self.places.push(self.bytes.len());
        self.bytes.extend(format!("{} 0 obj\n{head}\n", self.places.len()).into_bytes());
        if let Some(stream) = stream {
            self.bytes.extend(b"stream\n");
            self.bytes.extend(stream);
            self.bytes.extend(b"\nendstream\n");
        }
        self.bytes.extend(b"endobj\n");
    }

    fn ended(mut self) -> Vec<u8> {
        let (table, size) = (self.bytes.len(), self.places.len() + 1);
        let rows: String = self.places.iter().map(|at| format!("{at:010} 00000 n \n")).collect();
        let end = format!("xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        self.bytes.extend(end.into_bytes());
        self.bytes
    }
}
