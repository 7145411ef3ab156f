//! Writes reports as web pages: clean ones, pages of content systems around text pasted from Word, tag
//! soup, tables whose every cell is a paragraph, and pages made from Markdown.

#![allow(clippy::explicit_auto_deref, reason = "without the star the type of the list cannot be told")]

use std::fmt::Write;

use super::official::{Cell, Piece};
use super::rng::Rng;

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dress {
    /// As a careful writer does: every tag closed, nothing around the report.
    Clean,
    /// Text pasted from Word into the page of a content system.
    Pasted,
    /// Tag soup in tables that only place things.
    Soup,
    /// Each cell a paragraph.
    Lines,
    /// A sheet saved as a web page: one table with the whole report in it.
    Sheet,
}

impl Dress {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Clean, Self::Pasted, Self::Soup, Self::Lines, Self::Sheet];
}

/// A whole page in UTF-8; it declares `charset`.
pub fn page(pieces: &[Piece], dress: Dress, charset: &str, rng: &mut Rng) -> String {
    let title = pieces.iter().find_map(|p| if let Piece::Title(title) = p { Some(title.as_str()) } else { None }).unwrap_or_default();
    let mut out = String::new();
    match dress {
        Dress::Clean => clean(&mut out, pieces, title, charset),
        Dress::Pasted => pasted(&mut out, pieces, title, charset, rng),
        Dress::Soup => soup(&mut out, pieces, title, charset, rng),
        Dress::Lines => lines(&mut out, pieces, title, charset, rng),
        Dress::Sheet => sheet(&mut out, pieces, charset, rng),
    }
    out
}

fn put(out: &mut String, text: &str) {
    out.push_str(text);
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn spans(cell: &Cell) -> String {
    let mut out = String::new();
    for (name, count) in [("rowspan", cell.rows), ("colspan", cell.columns)] {
        if count > 1 {
            let _ = write!(out, " {name}=\"{count}\"");
        }
    }
    out
}

fn clean(out: &mut String, pieces: &[Piece], title: &str, charset: &str) {
    let _ = writeln!(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n  <meta charset=\"{charset}\">\n  <title>{title}</title>\n</head>\n<body>");
    for piece in pieces {
        match piece {
            Piece::Title(text) => drop(writeln!(out, "  <h1>{}</h1>", escaped(text))),
            Piece::Heading(level, text) => drop(writeln!(out, "  <h{level}>{}</h{level}>", escaped(text))),
            Piece::Text(text) => drop(writeln!(out, "  <p>{}</p>", escaped(text))),
            Piece::Table(rows) => {
                put(out, "  <table border=\"1\">\n");
                let head = rows.iter().position(|row| row.iter().any(|c| c.key.is_some())).unwrap_or(0);
                for (number, row) in rows.iter().enumerate() {
                    match number {
                        0 => put(out, "    <thead>\n"),
                        n if n == head => put(out, "    </thead>\n    <tbody>\n"),
                        _ => {}
                    }
                    put(out, "      <tr>\n");
                    for cell in row {
                        let name = if number < head { "th" } else { "td" };
                        let _ = writeln!(out, "        <{name}{}>{}</{name}>", spans(cell), escaped(&cell.text));
                    }
                    put(out, "      </tr>\n");
                }
                put(out, "    </tbody>\n  </table>\n");
            }
        }
    }
    put(out, "</body>\n</html>\n");
}

/// What a content system writes before the report: much, and some of it looks like tables and titles.
fn before(out: &mut String, title: &str) {
    put(out, "<div class=\"header\"><div class=\"logo\"><img src=\"/images/logo.png\" alt=\"云州市青岚区人民政府\"></div>\n<ul class=\"main-nav\">");
    for name in ["首页", "政务公开", "办事服务", "政民互动", "走进青岚"] {
        let _ = write!(out, "<li><a href=\"/{}/\">{name}</a></li>", name.len());
    }
    put(out, "</ul></div>\n<div class=\"wz\">当前位置：<a href=\"/\">首页</a> &gt; <a href=\"/zwgk/\">政府信息公开</a> &gt; <a href=\"/nb/\">年报</a></div>\n");
    put(out, "<table class=\"headInfo\"><tr><td>索引号：</td><td>990101001/2021-00012</td><td>分类：</td><td>政府信息公开年报</td></tr>\n");
    let _ = writeln!(
        out,
        "<tr><td>发布机构：</td><td>青岚区人民政府</td><td>生成日期：</td><td>2021-01-29</td></tr>\n<tr><td>名称：</td><td colspan=3>{title}</td></tr></table>"
    );
}

/// What it writes behind the report.
fn after(out: &mut String) {
    put(
        out,
        "<div class=\"bdsharebuttonbox\"><a href=\"#\">微信</a><a href=\"#\">微博</a></div>\n<p>【<a href=\"javascript:print()\">打印本页</a>】【<a href=\"#\">关闭窗口</a>】</p>\n",
    );
    put(out, "<p>上一篇：<a href=\"/1.html\">关于开展2021年全民阅读活动的通知</a></p><p>下一篇：<a href=\"/2.html\">2019年政府信息公开工作年度报告</a></p>\n");
    put(
        out,
        "<div class=\"list\"><h4>相关阅读</h4><ul><li><a href=\"/3.html\">2018年政府信息公开工作年度报告</a> 2019-01-20</li><li><a href=\"/4.html\">公开指南</a> 2019-03-02</li></ul></div>\n",
    );
    put(
        out,
        "<div class=\"footer\"><p>主办：青岚区人民政府　备案号：江ICP备05001234号　网站标识码：9901010001</p><p>浏览次数：<span id=\"hits\">1208</span></p></div>\n",
    );
}

/// A text as Word writes it into a page: runs of it in elements of their own, in the middle of numbers too.
fn runs(text: &str, rng: &mut Rng) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < characters.len() {
        let end = (at + 1 + rng.below(6)).min(characters.len());
        let run = escaped(&characters[at..end].iter().collect::<String>());
        match rng.below(3) {
            0 => drop(write!(out, "<span style=\"font-family:仿宋_GB2312;mso-hansi-font-family:宋体\">{run}</span>")),
            1 => drop(write!(out, "<span lang=\"EN-US\"><font face=\"Times New Roman\">{run}</font></span>")),
            _ => out.push_str(&run),
        }
        at = end;
    }
    out
}

fn pasted(out: &mut String, pieces: &[Piece], title: &str, charset: &str, rng: &mut Rng) {
    let _ = write!(
        out,
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\" />\n<meta name=\"ArticleTitle\" content=\"{title}\" />\n<title>{title}-青岚区人民政府</title>\n"
    );
    put(
        out,
        "<style>table.MsoTable td {border:1px solid}</style>\n<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><table><tr><td>规章</td><td>77</td></tr></table><![endif]-->\n<script>document.write('<table><tr><td>行政许可</td><td>88</td></tr></table>');</script>\n</head>\n<body>\n",
    );
    before(out, title);
    let _ = writeln!(
        out,
        "<div class=\"article\"><div class=\"title\">{}</div>\n<div class=\"info\">发布时间：2021-01-29&nbsp;&nbsp;来源：本站</div>\n<div id=\"zoom\" class=\"TRS_Editor\">",
        escaped(title)
    );
    for piece in pieces {
        match piece {
            Piece::Title(_) => {}
            Piece::Heading(_, text) => drop(writeln!(
                out,
                "<p class=\"MsoNormal\" style=\"text-indent:32pt\"><b><span style=\"font-size:16pt\">{}<o:p></o:p></span></b></p>",
                runs(text, rng)
            )),
            Piece::Text(text) => drop(writeln!(
                out,
                "<p class=\"MsoNormal\" style=\"text-indent:32pt\">&nbsp;&nbsp;&nbsp;&nbsp;{}<span lang=\"EN-US\"><o:p></o:p></span></p>",
                runs(text, rng)
            )),
            Piece::Table(rows) => {
                put(out, "<div align=\"center\">\n<table class=\"MsoTable\" border=\"1\" cellspacing=\"0\">\n<tbody>\n");
                for row in rows {
                    put(out, "<tr style=\"height:20pt\">\n");
                    for cell in row {
                        let inner = if cell.text.is_empty() { "<o:p>&nbsp;</o:p>".to_owned() } else { format!("{}<o:p></o:p>", runs(&cell.text, rng)) };
                        let _ = writeln!(
                            out,
                            "<td{} width=\"43\" valign=\"center\">\n<p class=\"MsoNormal\" align=\"center\"><span>{inner}</span></p>\n</td>",
                            spans(cell)
                        );
                    }
                    put(out, "</tr>\n");
                }
                put(out, "</tbody>\n</table>\n</div>\n<p class=\"MsoNormal\"><o:p>&nbsp;</o:p></p>\n");
            }
        }
    }
    put(out, "</div>\n");
    after(out);
    put(out, "</div>\n</body>\n</html>\n");
}

/// A text as a careless editor leaves it: elements around pieces of it, and blanks as entities.
fn messy(text: &str, rng: &mut Rng) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match rng.below(14) {
            0 => drop(write!(out, "<FONT color=red>{}</FONT>", escaped(&character.to_string()))),
            1 => drop(write!(out, "&#{};", character as u32)),
            2 => drop(write!(out, "<span>{}</span>", escaped(&character.to_string()))),
            3 => drop(write!(out, "<b></b>{}", escaped(&character.to_string()))),
            _ => out.push_str(&escaped(&character.to_string())),
        }
    }
    out
}

fn soup(out: &mut String, pieces: &[Piece], title: &str, charset: &str, rng: &mut Rng) {
    let _ = write!(
        out,
        "<HTML><HEAD><META content=\"text/html; charset={charset}\" http-equiv=Content-Type><TITLE>{title}_青岚区政府网</TITLE><SCRIPT>if(1<2)document.title='<td>9';</SCRIPT></HEAD><BODY bgColor=#ffffff>"
    );
    put(out, "<TABLE width=1000 border=0><TR><TD colspan=2 height=90><img src=banner.jpg width=1000 height=90><TR><TD width=200 vAlign=top>");
    put(out, "<TABLE><TR><TD><A href=/a.htm>领导信息</A><TR><TD><A href=/b.htm>机构设置</A><TR><TD><A href=/c.htm>政府公报</A></TABLE>");
    put(out, "<TD width=800 vAlign=top>\n");
    before(out, title);
    put(out, "<TABLE cellPadding=0 width='100%'><TBODY><TR><TD align=middle>");
    for piece in pieces {
        match piece {
            Piece::Title(text) => drop(writeln!(out, "<H1 align=center>{}</H1><TR><TD style=\"DISPLAY: none\">访问 33 次<TR><TD>", messy(text, rng))),
            Piece::Heading(_, text) => drop(writeln!(out, "<P><STRONG>{}</STRONG>", messy(text, rng))),
            Piece::Text(text) => drop(writeln!(out, "<P>&emsp;&emsp;{}<span style='display:none'>隐藏55条</span>", messy(text, rng))),
            Piece::Table(rows) => {
                put(out, "<CENTER><TABLE border=1 cellSpacing=0 borderColor=#000000>");
                for row in rows {
                    put(out, "<TR>");
                    if rng.chance(0.1) {
                        put(out, "<TD style=\"display:none\">99");
                    }
                    for cell in row {
                        put(out, if cell.key.is_none() && rng.chance(0.3) { "<TH" } else { "<TD" });
                        put(out, &spans(cell).replace('"', ""));
                        put(out, *rng.pick(&[">", " align=middle>", " noWrap bgcolor=#eeeeee>", "\n>"]));
                        let text = if cell.text.is_empty() {
                            (*rng.pick(&["", "&nbsp;", "&emsp;", "<P>", "<BR>", "<span> </span>"])).to_owned()
                        } else {
                            messy(&cell.text, rng)
                        };
                        match rng.below(4) {
                            0 => drop(write!(out, "<P align=center>{text}")),
                            1 => drop(write!(out, "&nbsp;{text}</TD>")),
                            2 => drop(writeln!(out, "\n  {text}")),
                            _ => put(out, &text),
                        }
                    }
                    put(out, *rng.pick(&["", "</TR>", "\n"]));
                }
                put(out, "</TABLE></CENTER>\n");
            }
        }
    }
    put(out, "</TABLE>");
    after(out);
    put(out, "</TABLE>");
}

fn lines(out: &mut String, pieces: &[Piece], title: &str, charset: &str, rng: &mut Rng) {
    let _ = writeln!(out, "<html><head><meta charset={charset}><title>{title}</title></head><body>");
    before(out, title);
    put(out, "<div class=\"entry-content\">\n");
    let spaced = rng.chance(0.5);
    let line = |out: &mut String, text: &str| {
        let _ = writeln!(out, "<p>{}</p>", if text.is_empty() { "&nbsp;".to_owned() } else { escaped(text) });
        if spaced {
            put(out, "<p>&nbsp;</p>\n");
        }
    };
    for piece in pieces {
        match piece {
            Piece::Title(text) | Piece::Heading(_, text) | Piece::Text(text) => line(out, text),
            Piece::Table(rows) => rows.iter().flatten().for_each(|cell| line(out, &cell.text)),
        }
    }
    put(out, "</div>\n");
    after(out);
    put(out, "</body></html>\n");
}

fn sheet(out: &mut String, pieces: &[Piece], charset: &str, rng: &mut Rng) {
    let _ = writeln!(out, "<html><head><meta http-equiv=Content-Type content=\"text/html; charset={charset}\"></head><body><table>");
    let wide = |row: &Vec<Cell>| row.iter().map(|cell| cell.columns).sum::<usize>();
    let width = pieces.iter().map(|p| if let Piece::Table(rows) = p { rows.iter().map(wide).max().unwrap_or(1) } else { 1 }).max().unwrap_or(1);
    let (span, behind) = if rng.chance(0.5) { (width, String::new()) } else { (1, "<td></td>".repeat(width - 1)) };
    for piece in pieces {
        if let Piece::Table(rows) = piece {
            for row in rows {
                let cells: String = row.iter().map(|cell| format!("<td{}>{}</td>", spans(cell), escaped(&cell.text))).collect();
                let _ = writeln!(out, "<tr>{cells}</tr>");
            }
        } else if let Piece::Title(text) | Piece::Heading(_, text) | Piece::Text(text) = piece {
            let _ = writeln!(out, "<tr><td colspan={span}>{}</td>{behind}</tr>", escaped(text));
        }
    }
    put(out, "</table></body></html>\n");
}

/// A page that shows what a Markdown report shows, row by row and cell by cell.
pub fn from_markdown(markdown: &str) -> String {
    let mut out = String::from("<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>\n");
    let mut open = false;
    for line in markdown.lines() {
        let row = line.strip_prefix('|').and_then(|row| row.strip_suffix('|'));
        if row.is_some() != open {
            put(&mut out, if open { "</table>\n" } else { "<table>\n" });
            open = !open;
        }
        match row {
            Some(row) if row.contains("---") && row.bytes().all(|b| b"-| ".contains(&b)) => {}
            Some(row) => {
                put(&mut out, "<tr>");
                for cell in row.split('|') {
                    put(&mut out, &format!("<td>{}</td>", escaped(cell.trim_matches(' ')).replace("&lt;br&gt;", "<br>")));
                }
                put(&mut out, "</tr>\n");
            }
            None if line.trim().is_empty() => {}
            None => {
                let marks = line.bytes().take_while(|b| *b == b'#').count();
                let (tag, text) = if marks > 0 { (format!("h{marks}"), &line[marks..]) } else { ("p".to_owned(), line) };
                let _ = writeln!(out, "<{tag}>{}</{tag}>", escaped(text.trim().trim_matches('*')));
            }
        }
    }
    out + "</body></html>\n"
}
