//! Web pages: what offices publish on their sites, and what Word and Excel save as web pages. The tree is
//! built as browsers build it, the report is looked for in it, and what surrounds it is left out.

mod content;
pub(super) mod table;
pub(super) mod tree;
pub(super) mod write;

use super::{Decoded, Limits, Unreadable, charset, loose};
use crate::document::{Block, Document};
use crate::finding::Finding;
use content::Content;
use scraper::node::Element;

/// Reads a web page.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Decoded, Unreadable> {
    let (source, encoding) = charset::to_text_as_declared(bytes)?;
    let bounds = tree::Bounds { nesting: limits.nesting, nodes: limits.html_nodes };
    let (page, reached) = tree::build(&source, bounds);
    if let Some(reached) = reached {
        return Err(reached.into());
    }
    let content = Content::find(&page);
    let written = write::write(&page, &content, limits.table_cells)?;
    let blocks = loose::grids(written.blocks.into_iter().filter(|b| !is_of_the_site(b)).collect());
    let grids = blocks.iter().filter(|b| matches!(b, Block::Grid(_))).count();
    if written.pictures == 0 && grids == 0 && blocks.iter().map(length).sum::<usize>() < SHORTEST_PAGE {
        return Err(Unreadable::NoText);
    }
    let findings = match written.pictures {
        0 => Vec::new(),
        pictures => vec![Finding::new("report.pictures").with("found", pictures.to_string())],
    };
    Ok(Decoded { document: Document { blocks }, encoding: Some(encoding), findings })
}

/// Characters that a page has at least, if it is more than a frame that scripts fill.
const SHORTEST_PAGE: usize = 20;

fn length(block: &Block<'_>) -> usize {
    block.paragraph().map_or(0, |paragraph| paragraph.text.chars().count())
}

/// What sites write above and below a document.
fn is_of_the_site(block: &Block<'_>) -> bool {
    const BEGIN: [&str; 29] = [
        "上一篇",
        "下一篇",
        "上一条",
        "下一条",
        "上一页",
        "下一页",
        "分享到",
        "分享：",
        "打印",
        "【打印",
        "[打印",
        "关闭窗口",
        "【关闭",
        "[关闭",
        "扫一扫",
        "扫码",
        "字号",
        "字体：",
        "【字体",
        "[字体",
        "【字号",
        "浏览次数",
        "点击数",
        "点击次数",
        "阅读次数",
        "访问量",
        "您的位置",
        "当前位置",
        "您当前的位置",
    ];
    let Block::Paragraph(paragraph) = block else { return false };
    let text = paragraph.text.trim_start();
    text.len() <= 300 && !text.contains('。') && BEGIN.iter().any(|words| text.starts_with(words))
}

/// The value of an attribute. Elements have few: to look through them is quicker than to make a name that can be compared.
fn attribute<'e>(element: &'e Element, name: &str) -> Option<&'e str> {
    element.attrs().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Elements that stand in lines of their own.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Bytes looked at to tell what a file is.
const HEAD: usize = 64 << 10;

/// Whether bytes are a web page, in any encoding. What begins with a table or a paragraph may be Markdown:
/// it is a page if hardly a line of it has no tag.
pub(super) fn is_html(bytes: &[u8]) -> bool {
    const PAGE: [&str; 4] = ["!doctype html", "html", "head", "body"];
    const PIECE: [&str; 22] = [
        "meta", "title", "link", "style", "script", "base", "table", "div", "p", "center", "font", "span", "section", "article", "main", "header", "h1", "h2",
        "h3", "form", "br", "ul",
    ];
    let head = charset::glance(&bytes[..bytes.len().min(HEAD)]);
    let mut rest = head.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n', '\x0c']);
    loop {
        let end = match rest {
            _ if rest.starts_with("<!--") => rest.find("-->").map(|at| at + 3),
            _ if rest.starts_with("<?xml ") => rest.find("?>").map(|at| at + 2),
            _ => None,
        };
        let Some(end) = end else { break };
        rest = rest[end..].trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return false };
    let begins = |name: &&str| {
        let start = tag.get(..name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name));
        start && tag[name.len()..].starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))
    };
    if PAGE.iter().any(&begins) {
        return true;
    }
    let lines = || rest.lines().filter(|line| !line.trim().is_empty());
    let bare = lines().filter(|line| !line.contains(['<', '>'])).count();
    // Markdown that a converter made of a page keeps the boxes around its text.
    let headed = lines().any(|line| line.trim_start_matches('#').starts_with(' ') && line.starts_with('#'));
    PIECE.iter().any(begins) && bare * 10 <= lines().count() && !headed
}
