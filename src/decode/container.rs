//! Containers of the old office formats (OLE compound files): a small file system in a file. Chains of
//! sectors are followed no further than the file is long.

use super::OLE;

/// A container, with its table of sectors read.
pub(super) struct Container<'b> {
    bytes: &'b [u8],
    /// Sectors are `1 << shift` bytes long.
    shift: u32,
    /// The sector that follows each sector.
    next: Vec<u32>,
    /// Name, first sector and length of the streams.
    streams: Vec<(String, u32, usize)>,
}

const LAST: u32 = 0xffff_fffa;
/// Streams shorter than this lie elsewhere, in smaller sectors.
const SMALL: usize = 4096;

impl<'b> Container<'b> {
    /// Opens a container; none if it is none, or broken.
    pub fn open(bytes: &'b [u8]) -> Option<Container<'b>> {
        let shift = u32::from(u16::from_le_bytes(bytes.get(30..32)?.try_into().ok()?));
        if !bytes.starts_with(OLE) || !matches!(shift, 9 | 12) {
            return None;
        }
        let mut container = Container { bytes, shift, next: Vec::new(), streams: Vec::new() };
        let mut tables: Vec<u32> = (0..109).map_while(|n| number(bytes, 76 + 4 * n)).filter(|s| *s < LAST).collect();
        let mut more = number(bytes, 68)?;
        let sectors = bytes.len() >> shift;
        for _ in 0..sectors {
            let Some(sector) = container.sector(more) else { break };
            let (table, last) = sector.split_at(sector.len() - 4);
            tables.extend(table.chunks_exact(4).filter_map(|n| number(n, 0)).filter(|s| *s < LAST));
            more = number(last, 0)?;
        }
        for table in tables.iter().take(sectors) {
            let Some(sector) = container.sector(*table) else { continue };
            container.next.extend(sector.chunks_exact(4).filter_map(|n| number(n, 0)));
        }
        let directory = container.chain(number(bytes, 48)?, usize::MAX);
        for entry in directory.chunks_exact(128).filter(|e| matches!(e[66], 2 | 5)) {
            let length = usize::from(u16::from_le_bytes([entry[64], entry[65]])).clamp(2, 64) - 2;
            let letters: Vec<u16> = entry[..length].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
            let (first, size) = (number(entry, 116)?, number(entry, 120)? as usize);
            container.streams.push((String::from_utf16_lossy(&letters), first, size));
        }
        Some(container)
    }

    /// The content of a stream; none if there is no such one.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (_, first, size) = self.streams.iter().find(|(n, ..)| n == name)?;
        if *size >= SMALL {
            let mut content = self.chain(*first, *size);
            content.truncate(*size);
            return Some(content);
        }
        // Small streams lie in the stream of the root entry, which stands first.
        let root = self.chain(self.streams.first()?.1, usize::MAX);
        let table = self.chain(number(self.bytes, 60)?, usize::MAX);
        let mut content = Vec::new();
        let mut sector = *first;
        while content.len() < *size {
            let from = usize::try_from(sector).ok()? * 64;
            content.extend_from_slice(root.get(from..(from + 64).min(root.len()))?);
            sector = number(&table, 4 * usize::try_from(sector).ok()?)?;
        }
        content.truncate(*size);
        Some(content)
    }

    fn sector(&self, sector: u32) -> Option<&'b [u8]> {
        let from = (usize::try_from(sector).ok()?.checked_add(1)?).checked_shl(self.shift)?;
        self.bytes.get(from..from.checked_add(1 << self.shift)?)
    }

    /// The sectors from one on, up to `length` bytes.
    fn chain(&self, first: u32, length: usize) -> Vec<u8> {
        let mut content = Vec::new();
        let mut sector = first;
        while let Some(bytes) = self.sector(sector).filter(|_| content.len() < length.min(self.bytes.len())) {
            content.extend_from_slice(bytes);
            let Some(next) = self.next.get(sector as usize) else { break };
            sector = *next;
        }
        content
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
