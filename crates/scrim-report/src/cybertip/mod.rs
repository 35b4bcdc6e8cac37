//! XML in the shape of the CyberTipline, and the rules that it has to keep.

mod check;
mod shape;

pub use check::{Rule, Violation, check};
pub use shape::{
    CLASSIFICATIONS, Child, DOCUMENTS, FILE_DETAILS, INCIDENT_TYPES, Is, RELEVANCE, REPORT, Shape,
};

use crate::html::escaped;

/// Where the schema is; its name stands in every document.
pub const SCHEMA: &str = "https://report.cybertip.org/ispws/xsd";

/// An element and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// `hashType` and the like.
    pub attributes: Vec<(String, String)>,
    /// What is in it.
    pub inside: Vec<Node>,
}

/// What can be in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text.
    Text(String),
    /// What is said to whoever completes the document.
    Remark(String),
}

impl Element {
    /// An empty one.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            attributes: Vec::new(),
            inside: Vec::new(),
        }
    }

    /// The same with an attribute.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: &str) -> Self {
        self.attributes
            .push((attribute.to_owned(), value.to_owned()));
        self
    }

    /// Adds an element.
    pub fn push(&mut self, element: Element) {
        self.inside.push(Node::Element(element));
    }

    /// Adds an element with a text.
    pub fn say(&mut self, name: &str, text: &str) {
        self.push(Self::new(name).holding(text));
    }

    /// Adds a remark.
    pub fn remark(&mut self, text: &str) {
        self.inside.push(Node::Remark(text.to_owned()));
    }

    /// The same with a text in it.
    #[must_use]
    pub fn holding(mut self, text: &str) -> Self {
        self.inside.push(Node::Text(text.to_owned()));
        self
    }

    /// The elements in it.
    pub fn children(&self) -> impl Iterator<Item = &Element> {
        self.inside.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Remark(_) => None,
        })
    }

    /// Its own text.
    #[must_use]
    pub fn text(&self) -> String {
        let text = self.inside.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) | Node::Remark(_) => None,
        });
        text.collect()
    }

    /// The first element of that name in it.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children().find(|child| child.name == name)
    }

    /// As a document of its own, with a remark at its head.
    #[must_use]
    pub fn document(&self, remark: &str) -> String {
        let root = self
            .clone()
            .with("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
            .with("xsi:noNamespaceSchemaLocation", SCHEMA);
        let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
        out.push_str(&format!("<!-- {remark} -->\n"));
        root.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        let (name, indent) = (&self.name, "  ".repeat(depth));
        out.push_str(&format!("{indent}<{name}"));
        for (attribute, value) in &self.attributes {
            out.push_str(&format!(" {attribute}=\"{}\"", escaped(value)));
        }
        let nested = self
            .inside
            .iter()
            .any(|node| !matches!(node, Node::Text(_)));
        if !nested {
            out.push_str(&format!(">{}</{name}>\n", escaped(&self.text())));
            return;
        }
        out.push_str(">\n");
        for node in &self.inside {
            match node {
                Node::Element(element) => element.write(out, depth + 1),
                Node::Remark(text) => out.push_str(&format!("{indent}  <!-- {text} -->\n")),
                Node::Text(text) => out.push_str(&format!("{indent}  {}\n", escaped(text))),
            }
        }
        out.push_str(&format!("{indent}</{name}>\n"));
    }
}
