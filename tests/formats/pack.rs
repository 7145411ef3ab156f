//! What several formats share: zip files of any making, and reports as pieces to be drawn in some format.

use super::support::{Case, FilledForm, Flaws, Layout};

/// A zip with these files, by hand: so that names and sizes may be anything.
pub fn zip(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let at = out.len() as u32;
        let mut head = Vec::new();
        for number in [20u16, 0, 0, 0, 0x21] {
            head.extend(number.to_le_bytes());
        }
        for number in [crc(content), content.len() as u32, content.len() as u32] {
            head.extend(number.to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(*name);
        out.extend(*content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0u8; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(*name);
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0u8; 2]);
    out
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0xedb8_8320 } else { c >> 1 }))
}

/// The same with the files packed.
pub fn deflated(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file in a zip");
        writer.write_all(content).expect("memory takes all");
    }
    writer.finish().expect("a zip").into_inner()
}

/// A piece of a report.
pub enum Piece {
    Paragraph { text: String, heading: bool },
    Table(Vec<Vec<String>>),
}

/// The pieces of a report in Markdown.
pub fn pieces(markdown: &str) -> Vec<Piece> {
    let clean = |text: &str| text.replace("**", "").replace("<br>", "\n").trim_matches([' ', '\t']).to_string();
    let mut pieces = Vec::new();
    let mut open = false;
    for line in markdown.lines() {
        let goes_on = std::mem::replace(&mut open, line.starts_with('|'));
        if line.trim().is_empty() {
            continue;
        }
        if let Some(row) = line.strip_prefix('|') {
            if row.chars().all(|c| matches!(c, '|' | '-')) {
                continue;
            }
            let row: Vec<String> = row.trim_end().strip_suffix('|').unwrap_or(row).split('|').map(clean).collect();
            match pieces.last_mut() {
                Some(Piece::Table(rows)) if goes_on => rows.push(row),
                _ => pieces.push(Piece::Table(vec![row])),
            }
        } else {
            let heading = line.starts_with('#') || line.starts_with("**");
            pieces.push(Piece::Paragraph { text: clean(line.trim_start_matches('#')), heading });
        }
    }
    pieces
}

/// A clean report in the official layout, and its form.
pub fn official(seed: u64) -> (FilledForm, Vec<Piece>) {
    let case = Case { plain_text: false, layout: Layout { padded: false, ..Layout::official() }, ..Case::any(seed, Flaws::NONE) };
    let made = case.make();
    (made.form, pieces(&made.report.text))
}

/// How a cell of the table of applications is merged: columns it covers, and whether it is covered from above.
/// Labels take three columns; a label without one behind it covers the rest, a blank before one is covered.
pub fn merge(row: &[String], column: usize) -> (usize, bool) {
    const LABELS: usize = 3;
    let labels = &row[..LABELS.min(row.len())];
    let Some(last) = labels.iter().rposition(|l| !l.is_empty()) else { return (1, false) };
    if row.len() != LABELS + 7 || column >= LABELS || row[LABELS..].iter().any(|c| c == "自然人" || c.contains("申请人")) {
        (1, false)
    } else if column == last {
        (LABELS - last, false)
    } else {
        (1, column < last && labels[column].is_empty())
    }
}
