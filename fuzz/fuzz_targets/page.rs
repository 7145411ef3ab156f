//! Any pages of glyphs and lines, through the page builder.
#![no_main]

use huizong::decode::page::{Glyph, Page, Ruling, Text, document};
use huizong::settings::Settings;
use libfuzzer_sys::fuzz_target;
use std::path::Path;
use std::sync::LazyLock;

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| Settings::load_for_parsing(Path::new("config")).expect("built-in configuration"));

fuzz_target!(|bytes: &[u8]| {
    let mut pages = vec![Page { width: 595.0, height: 842.0, ..Page::default() }];
    // Six bytes a mark: what it is, and where. Coarse places make lines meet and glyphs share lines.
    for mark in bytes.chunks_exact(6) {
        if mark[0] % 8 == 2 && pages.len() < 8 {
            pages.push(Page { width: 595.0, height: 842.0, ..Page::default() });
            continue;
        }
        let Some(page) = pages.last_mut() else { return };
        let (x, y) = (f32::from(mark[1]) * 2.4, f32::from(mark[2]) * 3.4);
        let (along, fine) = (f32::from(mark[3]) * 2.4, f32::from(mark[4]) / 32.0);
        match mark[0] % 8 {
            0 => page.rulings.push(Ruling { left: x, top: y + fine, right: x + along, bottom: y + fine }),
            1 => page.rulings.push(Ruling { left: x + fine, top: y, right: x + fine, bottom: y + along }),
            3 => page.glyphs.push(Glyph { text: Text::Several("ﬁ第".into()), x: f32::from_bits(u32::from_le_bytes([mark[2], mark[3], mark[4], mark[5]])), y, width: fine, size: along }),
            kind => {
                let text = "0123456789.,-（）一二三、第页合计规章其他处理 年".chars().cycle().nth(usize::from(mark[5])).unwrap_or('0');
                let size = if kind == 4 { 10.0 } else { along / 10.0 };
                page.glyphs.push(Glyph { text: Text::One(text), x: x + fine, y, width: size / 2.0, size });
            }
        }
    }
    let _ = document(&pages, &SETTINGS.limits);
});
