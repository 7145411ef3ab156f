//! What of a web page is the report: the smallest block that holds its tables, its title and its prose,
//! and in it nothing hidden, no navigation, no links to other pages. In doubt a thing stays.

use super::table::row_groups;
use super::tree::{Id, Node, Page, Step, walk};
use super::{attribute, is_block, is_heading};
use scraper::ElementRef;
use scraper::node::Element;
use std::collections::{HashMap, HashSet};

/// What a block of a page holds, hidden things left out.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Holds {
    /// Characters other than blanks, and those of them that are letters.
    characters: usize,
    letters: usize,
    /// Links to other pages, and the characters in them.
    links: usize,
    linked: usize,
    /// Full stops: running text has them, navigation has none.
    sentences: usize,
    /// Tables that hold data in rows and columns.
    tables: usize,
    /// Texts that are the title: the head of the page repeats them.
    titles: usize,
    /// Elements h1 to h3.
    headings: usize,
    /// Cells of the table that is being looked through: all, those with a number, those with a whole text.
    cells: usize,
    values: usize,
    texts: usize,
    /// Blocks within.
    blocks: usize,
}

/// What was found of a page.
pub(super) struct Content<'p> {
    /// The block that holds the report.
    pub root: Node<'p>,
    /// The title in the head of the page, where the block shows none.
    pub title: Option<(&'p str, Id)>,
    titles: Titles<'p>,
    /// Elements that are not part of the report, though they lie in its block.
    left_out: HashSet<Id>,
    /// Tables that hold data.
    data: HashSet<Id>,
    holds: HashMap<Id, Holds>,
}

impl<'p> Content<'p> {
    /// Looks for the report in a page.
    pub fn find(page: &'p Page) -> Content<'p> {
        let titles = Titles::of(page);
        let mut survey = Survey { titles: &titles, stack: Vec::new(), left_out: HashSet::new(), data: HashSet::new(), holds: HashMap::new(), links: 0 };
        walk(page.html.tree.root(), |step| match step {
            Step::Enter(node) => survey.enter(node),
            Step::Leave(node) => survey.leave(node),
        });
        let Survey { left_out, data, holds, .. } = survey;
        let root = smallest(page.html.tree.root(), &holds, &data);
        let shown = holds.get(&root.id()).is_some_and(|h| h.titles > 0 || h.headings > 0);
        let title = titles.first().filter(|_| !shown);
        Content { root, title, titles, left_out, data, holds }
    }

    /// Whether a text is the title in the head of the page, behind which the name of the site may stand there.
    pub fn is_title(&self, text: &str) -> bool {
        if self.titles.folded.is_empty() || text.len() > 4 * Titles::LONGEST {
            return false;
        }
        let text = without_blanks(text.chars());
        text.chars().filter(|c| c.is_alphabetic()).count() >= Titles::SHORTEST && self.titles.folded.iter().any(|title| title.starts_with(&text))
    }

    /// Whether an element is part of the report.
    pub fn shows(&self, element: ElementRef<'_>) -> bool {
        !self.left_out.contains(&element.id())
    }

    /// Whether a table holds data; others only place things on the page.
    pub fn is_data(&self, table: Node<'_>) -> bool {
        self.data.contains(&table.id())
    }

    /// Whether a cell holds much more than a cell does: what follows a table that was never closed.
    pub fn is_overfull(&self, cell: ElementRef<'_>) -> bool {
        self.holds.get(&cell.id()).is_some_and(|h| h.tables > 0 || h.sentences > 1 || h.headings > 0 || h.characters > 400)
    }
}

impl Holds {
    fn add(&mut self, other: &Holds) {
        self.characters += other.characters;
        self.letters += other.letters;
        self.links += other.links;
        self.linked += other.linked;
        self.sentences += other.sentences;
        self.tables += other.tables;
        self.titles += other.titles;
        self.headings += other.headings;
        self.cells += other.cells;
        self.values += other.values;
        self.texts += other.texts;
        self.blocks += other.blocks;
    }

    /// Whether a table of so many rows holds data. A table that holds tables or whole texts places them,
    /// unless it has numbers enough of its own: then it was never closed.
    fn is_data(&self, rows: usize) -> bool {
        let several = self.cells > rows && self.cells >= 4 && self.letters > 0;
        several && (self.values >= 3 || self.tables == 0 && self.texts == 0)
    }

    /// Nothing that a report could need: no table, no title, hardly a sentence.
    fn is_expendable(&self) -> bool {
        self.tables == 0 && self.titles == 0 && self.sentences <= 2 && self.values == 0
    }

    /// Most of the text leads to other pages.
    fn is_links(&self, least: usize) -> bool {
        self.links >= least && self.linked * 10 >= self.characters * 8
    }
}

/// The smallest block that holds all tables, a title and nearly all sentences.
fn smallest<'p>(root: Node<'p>, holds: &HashMap<Id, Holds>, data: &HashSet<Id>) -> Node<'p> {
    let of = |node: Node<'p>| holds.get(&node.id()).copied().unwrap_or_default();
    let all = of(root);
    let whole = |h: &Holds| {
        let titled = if all.titles > 0 { h.titles > 0 } else { h.headings == all.headings };
        titled && h.tables == all.tables && h.sentences * 40 >= all.sentences * 39
    };
    // Of a page without tables and prose nothing tells what is the report.
    if all.tables + all.sentences == 0 {
        return root;
    }
    let mut at = root;
    while let Some(child) = at.children().find(|child| holds.contains_key(&child.id()) && whole(&of(*child))) {
        // Inside a table there are no blocks that a document could be.
        if child.value().as_element().is_some_and(|e| e.name() == "table") && data.contains(&child.id()) {
            break;
        }
        at = child;
    }
    at
}

/// Walks through the page once and sums up what each block holds.
struct Survey<'s, 'p> {
    titles: &'s Titles<'p>,
    stack: Vec<Holds>,
    left_out: HashSet<Id>,
    data: HashSet<Id>,
    holds: HashMap<Id, Holds>,
    /// Depth of links that are open.
    links: usize,
}

impl<'p> Survey<'_, 'p> {
    fn enter(&mut self, node: Node<'p>) -> bool {
        if let Some(text) = node.value().as_text() {
            if let Some(top) = self.stack.last_mut() {
                for c in text.chars().filter(|c| !c.is_whitespace()) {
                    top.characters += 1;
                    top.letters += usize::from(c.is_alphabetic());
                    top.linked += usize::from(self.links > 0);
                    top.sentences += usize::from(c == '。');
                }
            }
            return false;
        }
        let Some(element) = node.value().as_element() else {
            let document = node.value().is_document();
            self.stack.extend(document.then(Holds::default));
            return document;
        };
        if is_never_shown(element) {
            self.left_out.insert(node.id());
            return false;
        }
        if is_block(element.name()) {
            self.stack.push(Holds::default());
        } else if is_link(element)
            && let Some(top) = self.stack.last_mut()
        {
            top.links += 1;
            self.links += 1;
        }
        true
    }

    fn leave(&mut self, node: Node<'p>) -> bool {
        let Some(element) = node.value().as_element() else {
            return self.close(node, None);
        };
        if is_block(element.name()) {
            return self.close(node, Some(element));
        }
        if is_link(element) {
            self.links = self.links.saturating_sub(1);
        }
        true
    }

    fn close(&mut self, node: Node<'p>, element: Option<&Element>) -> bool {
        let Some(mut own) = self.stack.pop() else { return true };
        let name = element.map_or("", Element::name);
        if is_heading(name) && own.letters > 3 {
            own.headings += usize::from(matches!(name, "h1" | "h2" | "h3"));
        }
        if own.blocks == 0 && own.letters >= Titles::SHORTEST && own.characters <= Titles::LONGEST && self.titles.names(node) {
            own.titles += 1;
        }
        own.blocks += usize::from(element.is_some());
        let mut passed = own;
        match name {
            "td" | "th" => {
                passed.values += usize::from(own.characters > 0 && own.letters == 0);
                passed.cells += 1;
                passed.texts += usize::from(own.sentences >= 3 || own.headings > 0 || own.characters > 500);
            }
            "table" => {
                let rows = row_groups(node).iter().map(Vec::len).sum::<usize>();
                let data = own.is_data(rows);
                if data || own.tables == 0 && own.cells > rows && own.values > 0 {
                    self.data.insert(node.id());
                }
                // How a table is filled is no business of the table around it.
                passed = Holds { tables: own.tables + usize::from(data), cells: 0, values: 0, texts: 0, ..own };
            }
            _ => {}
        }
        if element.is_some_and(|e| is_beside(e, &own)) {
            self.left_out.insert(node.id());
            passed = Holds::default();
        }
        self.holds.insert(node.id(), passed);
        if let Some(top) = self.stack.last_mut() {
            top.add(&passed);
        }
        true
    }
}

/// Elements that no reader sees as text.
fn is_never_shown(element: &Element) -> bool {
    const NAMES: [&str; 21] = [
        "head", "title", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "canvas", "audio", "video", "select", "button",
        "datalist", "dialog", "del", "s", "strike",
    ];
    if NAMES.contains(&element.name()) || attribute(element, "hidden").is_some() {
        return true;
    }
    let Some(style) = attribute(element, "style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    ["display:none", "visibility:hidden", "mso-hide:all", "text-decoration:line-through"].iter().any(|hidden| style.contains(hidden))
}

fn is_link(element: &Element) -> bool {
    element.name() == "a" && attribute(element, "href").is_some()
}

/// Whether a block stands beside the report: navigation, footers, links to other pages.
fn is_beside(element: &Element, holds: &Holds) -> bool {
    const ROLES: [&str; 5] = ["navigation", "banner", "contentinfo", "search", "complementary"];
    const WORDS: [&str; 19] = [
        "nav",
        "navbar",
        "menu",
        "breadcrumb",
        "breadcrumbs",
        "crumb",
        "crumbs",
        "footer",
        "foot",
        "copyright",
        "related",
        "share",
        "sidebar",
        "bdsharebuttonbox",
        "pagination",
        "pager",
        "dqwz",
        "comment",
        "comments",
    ];
    let name = element.name();
    if matches!(name, "html" | "body" | "table" | "thead" | "tbody" | "tfoot" | "tr") || !holds.is_expendable() {
        return false;
    }
    let words = || [attribute(element, "class"), attribute(element, "id")].into_iter().flatten().flat_map(|w| w.split([' ', '-', '_']));
    matches!(name, "nav" | "footer" | "aside")
        || attribute(element, "role").is_some_and(|role| ROLES.contains(&role))
        || words().any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
        || holds.is_links(if matches!(name, "td" | "th") { 4 } else { 2 })
}

/// The titles that the head of a page states: `<meta name="ArticleTitle">`, which sites of offices must
/// have, and `<title>`, in which the name of the site may stand as well.
struct Titles<'p> {
    stated: Vec<(&'p str, Id)>,
    folded: Vec<String>,
}

impl<'p> Titles<'p> {
    /// Letters that a title has at least, and characters it has at most.
    const SHORTEST: usize = 8;
    const LONGEST: usize = 100;

    fn of(page: &'p Page) -> Titles<'p> {
        let mut stated: Vec<(&'p str, Id)> = Vec::new();
        let mut titled = false;
        for node in page.html.tree.root().descendants() {
            let Some(element) = node.value().as_element() else { continue };
            match element.name() {
                "meta" if attribute(element, "name").is_some_and(|n| n.eq_ignore_ascii_case("ArticleTitle")) => {
                    stated.splice(0..0, attribute(element, "content").map(|content| (content, node.id())));
                }
                "title" if !titled => {
                    titled = true;
                    stated.extend(node.first_child().and_then(|text| text.value().as_text()).map(|text| (&**text, node.id())));
                }
                _ => {}
            }
        }
        stated.retain(|(text, _)| text.chars().filter(|c| c.is_alphabetic()).count() >= Titles::SHORTEST);
        let folded = stated.iter().map(|(text, _)| without_blanks(text.chars())).collect();
        Titles { stated, folded }
    }

    fn first(&self) -> Option<(&'p str, Id)> {
        self.stated.first().copied()
    }

    /// Whether the text of a block is a title.
    fn names(&self, block: Node<'_>) -> bool {
        if self.folded.is_empty() {
            return false;
        }
        let texts = block.descendants().filter_map(|n| n.value().as_text());
        let text = without_blanks(texts.flat_map(|t| t.chars()));
        self.folded.iter().any(|title| title.contains(&text))
    }
}

fn without_blanks(text: impl Iterator<Item = char>) -> String {
    text.filter(|c| !c.is_whitespace()).collect()
}
