//! PNG to shades of gray on white paper: all kinds but interlaced ones, which nothing for documents writes.

use crate::decode::scan::{Raster, over_paper, shade};
use crate::decode::{Limits, Reached, Unreadable};
use std::io::Read;

/// How the dots of a picture are written.
struct Header {
    width: usize,
    height: usize,
    /// Bits of a sample.
    depth: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Gray,
    Colour,
    Palette,
    GrayAlpha,
    ColourAlpha,
}

impl Kind {
    fn samples(self) -> usize {
        match self {
            Kind::Gray | Kind::Palette => 1,
            Kind::GrayAlpha => 2,
            Kind::Colour => 3,
            Kind::ColourAlpha => 4,
        }
    }
}

/// The picture in shades of gray.
pub(super) fn gray(bytes: &[u8], limits: &Limits) -> Result<Raster, Unreadable> {
    let (mut header, mut palette, mut packed) = (None, Vec::new(), Vec::new());
    let mut rest = &bytes[8..];
    while let Some((kind, content, after)) = chunk(rest) {
        match kind {
            b"IHDR" => header = Some(read_header(content)?),
            b"PLTE" => palette = content.chunks_exact(3).map(|c| shade(c[0], c[1], c[2])).collect(),
            b"IDAT" => packed.extend_from_slice(content),
            b"IEND" => break,
            _ => {}
        }
        rest = after;
    }
    let header = header.ok_or(Unreadable::Damaged)?;
    if header.width.saturating_mul(header.height) > limits.page_megadots * 1_000_000 {
        return Err(Reached::new("page_megadots", limits.page_megadots).into());
    }
    let bits = header.depth * header.kind.samples();
    let (row, step) = ((header.width * bits).div_ceil(8), bits.div_ceil(8));
    let mut lines = Vec::new();
    let wanted = (row + 1) * header.height;
    flate2::read::ZlibDecoder::new(packed.as_slice()).take(wanted as u64).read_to_end(&mut lines).map_err(|_| Unreadable::Damaged)?;
    if lines.len() < wanted {
        return Err(Unreadable::Damaged);
    }
    let mut dots = Vec::with_capacity(header.width * header.height);
    let mut above = vec![0; row];
    for line in lines.chunks_exact_mut(row + 1) {
        let (filter, line) = line.split_first_mut().ok_or(Unreadable::Damaged)?;
        unfilter(*filter, line, &above, step)?;
        dots.extend((0..header.width).map(|x| dot(&header, line, x, &palette)));
        above.copy_from_slice(line);
    }
    Ok(Raster { width: header.width, height: header.height, dots })
}

/// The first chunk: its kind, its content and what follows it.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let length = u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let kind = bytes.get(4..8)?.try_into().ok()?;
    let content = bytes.get(8..8usize.checked_add(length)?)?;
    Some((kind, content, bytes.get(12 + length..).unwrap_or_default()))
}

fn read_header(content: &[u8]) -> Result<Header, Unreadable> {
    let number = |at: usize| content.get(at..at + 4).and_then(|n| n.try_into().ok()).map(u32::from_be_bytes);
    let (Some(width @ 1..), Some(height @ 1..), Some(&[depth, kind, _, _, interlaced])) = (number(0), number(4), content.get(8..13)) else {
        return Err(Unreadable::Damaged);
    };
    let kind = match (kind, depth) {
        (0, 1 | 2 | 4 | 8 | 16) => Kind::Gray,
        (2, 8 | 16) => Kind::Colour,
        (3, 1 | 2 | 4 | 8) => Kind::Palette,
        (4, 8 | 16) => Kind::GrayAlpha,
        (6, 8 | 16) => Kind::ColourAlpha,
        _ => return Err(Unreadable::Damaged),
    };
    if interlaced != 0 {
        return Err(Unreadable::Unsupported("png, interlaced".to_string()));
    }
    Ok(Header { width: width as usize, height: height as usize, depth: usize::from(depth), kind })
}

/// Undoes what a line was filtered by before it was packed.
fn unfilter(filter: u8, line: &mut [u8], above: &[u8], step: usize) -> Result<(), Unreadable> {
    for at in 0..line.len() {
        let left = if at >= step { line[at - step] } else { 0 };
        let (up, corner) = (above[at], if at >= step { above[at - step] } else { 0 });
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
            4 => nearest(left, up, corner),
            _ => return Err(Unreadable::Damaged),
        };
        line[at] = line[at].wrapping_add(guess);
    }
    Ok(())
}

/// That of the three which lies next to their plane (Paeth).
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let plane = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |v: u8| (plane - i16::from(v)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

/// The shade of a dot, over white paper where it is clear.
fn dot(header: &Header, line: &[u8], x: usize, palette: &[u8]) -> u8 {
    let sample = |n: usize| match header.depth {
        8 => line[x * header.kind.samples() + n],
        16 => line[2 * (x * header.kind.samples() + n)],
        depth => line[x * depth / 8] >> (8 - depth - x * depth % 8) & ((1 << depth) - 1),
    };
    let colour = || shade(sample(0), sample(1), sample(2));
    match header.kind {
        Kind::Gray if header.depth < 8 => (u16::from(sample(0)) * 255 / ((1 << header.depth) - 1)) as u8,
        Kind::Gray => sample(0),
        Kind::Palette => palette.get(usize::from(sample(0))).copied().unwrap_or(0),
        Kind::Colour => colour(),
        Kind::GrayAlpha => over_paper(sample(0), sample(1)),
        Kind::ColourAlpha => over_paper(colour(), sample(3)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn png(kind: u8, depth: u8, width: u32, lines: &[&[u8]]) -> Vec<u8> {
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        lines.iter().for_each(|line| packed.write_all(line).expect("memory takes all"));
        let size = [width.to_be_bytes(), (lines.len() as u32).to_be_bytes()].concat();
        let header = [&size[..], &[depth, kind, 0, 0, 0]].concat();
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, content) in [(b"IHDR", header), (b"PLTE", vec![0, 0, 0, 255, 255, 255]), (b"IDAT", packed.finish().expect("packed")), (b"IEND", Vec::new())]
        {
            bytes.extend((content.len() as u32).to_be_bytes());
            bytes.extend(name);
            bytes.extend(content);
            bytes.extend([0; 4]);
        }
        bytes
    }

    #[test]
    fn every_kind_of_dot_becomes_a_shade() {
        let limits = Limits::parse(include_str!("../../../config/limits.toml")).expect("the project's limits");
        let shades = |kind, depth, width, lines: &[&[u8]]| gray(&png(kind, depth, width, lines), &limits).map(|raster| raster.dots);
        assert_eq!(
            shades(0, 8, 3, &[&[0, 1, 2, 3], &[1, 1, 1, 1], &[2, 1, 1, 1], &[3, 4, 4, 4], &[4, 1, 1, 1]]),
            Ok(vec![1, 2, 3, 1, 2, 3, 2, 3, 4, 5, 8, 10, 6, 9, 11])
        );
        assert_eq!(shades(0, 1, 10, &[&[0, 0b1010_0000, 0b0100_0000]]), Ok(vec![255, 0, 255, 0, 0, 0, 0, 0, 0, 255]));
        assert_eq!(shades(0, 4, 2, &[&[0, 0x5f]]), Ok(vec![85, 255]));
        assert_eq!(shades(3, 2, 2, &[&[0, 0b0001_0000]]), Ok(vec![0, 255]));
        assert_eq!(shades(2, 16, 1, &[&[0, 9, 1, 9, 1, 9, 1]]), Ok(vec![9]));
        assert_eq!(shades(4, 8, 2, &[&[0, 7, 0, 7, 255]]), Ok(vec![255, 7]));
        assert_eq!(shades(6, 8, 1, &[&[0, 0, 0, 0, 51]]), Ok(vec![204]));
        assert_eq!(shades(0, 8, 3, &[&[0, 1]]), Err(Unreadable::Damaged));
        assert_eq!(shades(0, 8, 3, &[&[7, 1, 2, 3]]), Err(Unreadable::Damaged));
        assert!(matches!(shades(0, 1, u32::MAX, &[&[0]]), Err(Unreadable::Limit(_))));
    }
}
