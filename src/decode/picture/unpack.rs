//! Packed dots, never unpacked to more than are wanted. None where what is packed is damaged before that.

use std::io::Read;

/// LZW as TIFF has it: codes begin with their highest bit, and grow one code early.
pub fn lzw(packed: &[u8], wanted: usize) -> Option<Vec<u8>> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    const MOST: usize = 4096;
    let mut out: Vec<u8> = Vec::with_capacity(wanted);
    // Each word is a stretch of what was written before.
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<(usize, usize)> = None;
    let (mut held, mut bits, mut packed) = (0u32, 0u32, packed.iter());
    while out.len() < wanted {
        let size = match END + 1 + words.len() {
            0..=510 => 9,
            511..=1022 => 10,
            1023..=2046 => 11,
            _ => 12,
        };
        while bits < size {
            let Some(byte) = packed.next() else { return Some(out) };
            (held, bits) = (held << 8 | u32::from(*byte), bits + 8);
        }
        bits -= size;
        let code = (held >> bits) as usize & ((1 << size) - 1);
        held &= (1 << bits) - 1;
        match code {
            CLEAR => {
                words.clear();
                last = None;
                continue;
            }
            END => break,
            _ => {}
        }
        // A new word is the last one and the letter after it.
        if let Some((from, length)) = last.filter(|_| END + 1 + words.len() < MOST) {
            words.push((from, length + 1));
        }
        let from = out.len();
        if code < CLEAR {
            out.push(code as u8);
        } else {
            let (start, length) = *words.get(code - END - 1)?;
            // The word may run into what it writes itself.
            (start..start + length).try_for_each(|at| out.get(at).copied().map(|byte| out.push(byte)))?;
        }
        last = Some((from, out.len() - from));
    }
    Some(out)
}

/// Deflate in its zlib wrapping.
pub fn deflate(packed: &[u8], wanted: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(packed).take(wanted as u64).read_to_end(&mut out).ok()?;
    Some(out)
}

/// Runs of one byte, and stretches of different ones (PackBits).
pub fn runs(packed: &[u8], wanted: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(wanted);
    let mut rest = packed;
    while out.len() < wanted {
        let Some((head, after)) = rest.split_first() else { break };
        rest = match *head {
            128 => after,
            length @ 0..=127 => {
                let (stretch, after) = after.split_at_checked(usize::from(length) + 1)?;
                out.extend_from_slice(stretch);
                after
            }
            length => {
                let (byte, after) = after.split_first()?;
                out.extend(std::iter::repeat_n(*byte, 257 - usize::from(length)));
                after
            }
        };
    }
    Some(out)
}
