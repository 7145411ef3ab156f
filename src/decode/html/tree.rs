//! HTML source to a tree: html5ever builds what a browser would, scraper keeps it, and beside each
//! element stands its line. Building ends at the limits, as a page of open tags costs the square of its length.

use crate::decode::Reached;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ParseOpts, QualName, parse_document};
use scraper::{ElementRef, Html, HtmlTreeSink};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// A node of the tree, and what it is known by.
pub(in crate::decode) type Node<'p> = <ElementRef<'p> as std::ops::Deref>::Target;
pub(in crate::decode) type Id = <HtmlTreeSink as TreeSink>::Handle;

/// How much a page may ask for.
#[derive(Clone, Copy)]
pub(in crate::decode) struct Bounds {
    /// How deep elements may be nested.
    pub nesting: usize,
    /// Most elements and pieces of text; one element may have a fraction as many attributes.
    pub nodes: usize,
}

/// A page as a tree.
pub(in crate::decode) struct Page {
    pub html: Html,
    places: Vec<Element>,
}

/// Where an element begins, and how deep it lies. In the order of their identifiers.
struct Element {
    id: Id,
    line: u32,
    depth: usize,
    /// How much it adds to the depth of what holds it.
    own: usize,
}

impl Page {
    /// The 1-based line of an element of the source; 0 for one that the source leaves to be understood.
    pub fn line(&self, id: Id) -> u32 {
        self.places.binary_search_by_key(&id, |e| e.id).map_or(0, |at| self.places[at].line)
    }
}

/// Bytes fed at once: so much may be done behind a limit.
const STEP: usize = 1024;
/// An unclosed `<font>` or `<span>` is hardly a level: so many of them count as one.
const INLINE_LEVELS: usize = 4;

/// All attributes of an element are compared with each other: it may have this fraction of all nodes.
const ATTRIBUTES: usize = 50;

/// Builds the tree of a page, up to the first limit reached, if any.
pub(in crate::decode) fn build(source: &str, bounds: Bounds) -> (Page, Option<Reached>) {
    let sink =
        Sink { tree: HtmlTreeSink::new(Html::new_document()), places: RefCell::default(), line: Cell::new(1), nodes: Cell::new(0), deepest: Cell::new(0) };
    let options = ParseOpts { tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() }, ..ParseOpts::default() };
    let mut parser = parse_document(sink, options);
    let mut rest = source;
    let mut reached = None;
    let mut attributes = 0;
    while !rest.is_empty() && reached.is_none() {
        let (step, behind) = rest.split_at(rest.floor_char_boundary(STEP));
        rest = behind;
        let before = parser.tokenizer.sink.sink.nodes.get();
        parser.process(StrTendril::from_slice(step));
        let sink = &parser.tokenizer.sink.sink;
        // Nothing comes of an element before its last attribute.
        let between = step.bytes().filter(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'=')).count();
        attributes = if sink.nodes.get() == before { attributes + between } else { 0 };
        reached = if sink.deepest.get() > bounds.nesting * INLINE_LEVELS {
            Some(Reached::new("nesting", bounds.nesting))
        } else if sink.nodes.get() > bounds.nodes || attributes > bounds.nodes / ATTRIBUTES {
            Some(Reached::new("html_nodes", bounds.nodes))
        } else {
            None
        };
    }
    (parser.finish(), reached)
}

/// Hands everything on to scraper's sink, and notes lines and depths.
struct Sink {
    tree: HtmlTreeSink,
    places: RefCell<Vec<Element>>,
    line: Cell<u32>,
    nodes: Cell<usize>,
    deepest: Cell<usize>,
}

impl Sink {
    fn depth(&self, id: Id) -> usize {
        let places = self.places.borrow();
        places.binary_search_by_key(&id, |e| e.id).map_or(0, |at| places[at].depth)
    }

    /// Notes that a node or text is hung below something of a depth.
    fn hang(&self, child: &NodeOrText<Id>, above: usize) {
        self.nodes.set(self.nodes.get() + 1);
        let NodeOrText::AppendNode(id) = child else { return };
        let mut places = self.places.borrow_mut();
        if let Ok(at) = places.binary_search_by_key(id, |e| e.id) {
            let depth = above + places[at].own;
            places[at].depth = depth;
            self.deepest.set(self.deepest.get().max(depth));
        }
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Page;
    type ElemName<'a> = <HtmlTreeSink as TreeSink>::ElemName<'a>;

    fn finish(self) -> Page {
        Page { html: self.tree.finish(), places: self.places.into_inner() }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(u32::try_from(line).unwrap_or(u32::MAX));
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let own = if super::is_block(&name.local) { INLINE_LEVELS } else { 1 };
        let id = self.tree.create_element(name, attributes, flags);
        self.places.borrow_mut().push(Element { id, line: self.line.get(), depth: own, own });
        id
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.hang(&child, self.depth(*parent));
        self.tree.append(parent, child);
    }

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        self.hang(&child, self.depth(*sibling).saturating_sub(1));
        self.tree.append_before_sibling(sibling, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, before: &Id, child: NodeOrText<Id>) {
        self.hang(&child, self.depth(*before));
        self.tree.append_based_on_parent_node(element, before, child);
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        self.tree.parse_error(message);
    }

    fn get_document(&self) -> Id {
        self.tree.get_document()
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Self::ElemName<'a> {
        self.tree.elem_name(target)
    }

    fn create_comment(&self, text: StrTendril) -> Id {
        self.tree.create_comment(text)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> Id {
        self.tree.create_pi(target, data)
    }

    fn append_doctype_to_document(&self, name: StrTendril, public: StrTendril, system: StrTendril) {
        self.tree.append_doctype_to_document(name, public, system);
    }

    fn get_template_contents(&self, target: &Id) -> Id {
        self.tree.get_template_contents(target)
    }

    fn same_node(&self, one: &Id, other: &Id) -> bool {
        self.tree.same_node(one, other)
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.tree.set_quirks_mode(mode);
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        self.tree.add_attrs_if_missing(target, attributes);
    }

    fn remove_from_parent(&self, target: &Id) {
        self.tree.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &Id, parent: &Id) {
        self.tree.reparent_children(node, parent);
    }
}

/// A step of a walk through a tree.
pub(in crate::decode) enum Step<'p> {
    /// Into a node; the answer says whether to look inside.
    Enter(Node<'p>),
    /// Out of a node that was looked into.
    Leave(Node<'p>),
}

/// Walks through a node and what lies in it, in the order of the page. Not recursive: pages may be deep.
pub(in crate::decode) fn walk<'p>(root: Node<'p>, mut visit: impl FnMut(Step<'p>) -> bool) {
    let mut at = root;
    loop {
        if visit(Step::Enter(at)) {
            if let Some(child) = at.first_child() {
                at = child;
                continue;
            }
            visit(Step::Leave(at));
        }
        loop {
            if at.id() == root.id() {
                return;
            }
            if let Some(next) = at.next_sibling() {
                at = next;
                break;
            }
            let Some(parent) = at.parent() else { return };
            at = parent;
            visit(Step::Leave(at));
        }
    }
}
