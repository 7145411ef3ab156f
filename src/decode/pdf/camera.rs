//! What the pictures of a page look like together: a scan is one picture, or several strips of one.

use crate::decode::scan::{Photo, Raster, over_paper, shade};
use crate::decode::{Limits, Reached};
use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::page::Page as Source;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, Paint, SoftMask};
use hayro_interpret::{InterpreterCache, InterpreterSettings, interpret_page};

/// Dots a point of what is looked at: 300 an inch. More takes time and shows nothing more.
const FINEST: f64 = 300.0 / 72.0;
/// Coarser pictures are read as if they had so many: letters are known by their size.
const COARSEST: f64 = 100.0 / 72.0;

/// The picture of a page, upright as it is shown; none if it shows none that can be unpacked.
///
/// # Errors
/// `page_megadots`.
pub(super) fn photo<'a>(source: &Source<'a>, cache: &InterpreterCache<'a>, limits: &Limits) -> Result<Option<Photo>, Reached> {
    let (width, height) = source.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let transform = Affine::new(source.initial_transform(true).as_coeffs());
    let mut camera = Camera { most: limits.page_megadots * 1_000_000, dots: 0, pictures: Vec::new() };
    let mut context = Context::new(transform, area, cache, source.xref(), InterpreterSettings::default());
    interpret_page(source, &mut context, &mut camera);
    let beyond = || Reached::new("page_megadots", limits.page_megadots);
    if camera.dots > camera.most {
        return Err(beyond());
    }
    let Some(fine) = camera.pictures.iter().map(Picture::per_point).reduce(f64::max) else { return Ok(None) };
    let per_point = fine.clamp(COARSEST, FINEST);
    let (across, down) = ((area.width() * per_point).ceil(), (area.height() * per_point).ceil());
    if across * down > camera.most as f64 {
        return Err(beyond());
    }
    // Each dot of the page may be painted a few times over, and not by every picture of thousands.
    let painted: f64 = camera.pictures.iter().map(|picture| picture.area(area) * per_point * per_point).sum();
    if painted > camera.most as f64 {
        return Err(beyond());
    }
    let mut raster = Raster::blank(across as usize, down as usize);
    for picture in &camera.pictures {
        picture.put(&mut raster, per_point);
    }
    Ok(Some(Photo { raster, per_point: per_point as f32 }))
}

/// A picture in shades of gray, and where its dots stand on the page.
struct Picture {
    width: usize,
    height: usize,
    /// Shade of each dot; none where the paper is seen.
    dots: Vec<u8>,
    transform: Affine,
}

impl Picture {
    fn per_point(&self) -> f64 {
        1.0 / self.transform.determinant().abs().sqrt()
    }

    /// How much of the page it may cover, in square points.
    fn area(&self, page: Rect) -> f64 {
        let area = self.transform.transform_rect_bbox(Rect::new(0.0, 0.0, self.width as f64, self.height as f64)).intersect(page);
        area.width().max(0.0) * area.height().max(0.0)
    }

    /// Lays it on the page. Each dot of the page is the mean of the dots that it covers.
    fn put(&self, page: &mut Raster, per_point: f64) {
        let Some(back) = inverse(self.transform) else { return };
        let shown = Affine::scale(per_point) * self.transform;
        let area = shown.transform_rect_bbox(Rect::new(0.0, 0.0, self.width as f64, self.height as f64));
        let clamped = |v: f64, most: usize| v.clamp(0.0, most as f64) as usize;
        let step = back * Affine::scale(1.0 / per_point);
        // How many dots of the picture lie under one of the page.
        let under = ((self.per_point() / per_point).round() as usize).clamp(1, 8);
        for y in clamped(area.y0.floor(), page.height)..clamped(area.y1.ceil(), page.height) {
            for x in clamped(area.x0.floor(), page.width)..clamped(area.x1.ceil(), page.width) {
                let (mut sum, mut count) = (0u32, 0u32);
                for part in 0..under * under {
                    let inside = |n: usize| (n as f64 + 0.5) / under as f64;
                    let at = step * Point::new(x as f64 + inside(part % under), y as f64 + inside(part / under));
                    if at.x >= 0.0 && at.y >= 0.0 && (at.x as usize) < self.width && (at.y as usize) < self.height {
                        sum += u32::from(self.dots[at.y as usize * self.width + at.x as usize]);
                        count += 1;
                    }
                }
                if let Some(shade) = sum.checked_div(count) {
                    let dot = &mut page.dots[y * page.width + x];
                    // Strips may lie over one another, and what is white may be the paper of an upper layer.
                    *dot = (*dot).min(shade as u8);
                }
            }
        }
    }
}

fn inverse(transform: Affine) -> Option<Affine> {
    let determinant = transform.determinant();
    (determinant.is_finite() && determinant.abs() > 1e-9).then(|| transform.inverse())
}

/// Collects the pictures of a page.
struct Camera {
    most: usize,
    dots: usize,
    pictures: Vec<Picture>,
}

fn gray(data: ImageData) -> (usize, usize, (f32, f32), Vec<u8>) {
    match data {
        ImageData::Luma(luma) => (luma.width as usize, luma.height as usize, luma.scale_factors, luma.data),
        ImageData::Rgb(rgb) => {
            (rgb.width as usize, rgb.height as usize, rgb.scale_factors, rgb.data.chunks_exact(3).map(|c| shade(c[0], c[1], c[2])).collect())
        }
    }
}

impl<'a> Device<'a> for Camera {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.dots = self.dots.saturating_add(image.width() as usize * image.height() as usize);
        if self.dots > self.most {
            return;
        }
        let mut found = None;
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    let (width, height, scale, mut dots) = gray(data);
                    // A cover of another size is that of a picture with soft edges, not of a scan.
                    if let Some(alpha) = alpha.filter(|alpha| alpha.data.len() == dots.len()) {
                        dots.iter_mut().zip(&alpha.data).for_each(|(dot, cover)| *dot = over_paper(*dot, *cover));
                    }
                    found = Some((width, height, scale, dots));
                },
                None,
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |mask, paint| {
                    let shade = match paint {
                        Paint::Color(color) => {
                            let [r, g, b, _] = color.to_rgba().to_rgba8();
                            shade(r, g, b)
                        }
                        Paint::Pattern(_) => 0,
                    };
                    let dots = mask.data.iter().map(|cover| over_paper(shade, *cover)).collect();
                    found = Some((mask.width as usize, mask.height as usize, mask.scale_factors, dots));
                },
                None,
            ),
        }
        if let Some((width, height, (across, down), dots)) = found
            && dots.len() == width * height
        {
            let transform = props.transform * Affine::scale_non_uniform(f64::from(across), f64::from(down));
            self.pictures.push(Picture { width, height, dots, transform });
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}
}
