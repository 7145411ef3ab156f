//! Prose that stands in tables: reports are laid out in them, and in spreadsheets all text stands in
//! cells. What reads like a paragraph or a numbered heading is taken out of the table as one.

/// Fewest characters of a text that is prose for its length alone: no label of a form is so long.
const LONG: usize = 60;

/// Whether a text that fills a row on its own is running text.
pub(super) fn is_prose(text: &str) -> bool {
    text.contains('。') || text.chars().count() >= LONG
}

/// Whether a text begins like the heading of a part: 一、 or 第一部分.
pub(super) fn is_numbered(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix('第').unwrap_or(text);
    let rest = text.trim_start_matches(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
    rest.len() < text.len() && ["、", "．", ".", "，", "部分", "章"].iter().any(|mark| rest.starts_with(mark))
}
