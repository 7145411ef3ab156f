//! The lines of a text with their numbers.

/// Walks over lines; `peek` looks at the next one.
#[derive(Clone)]
pub(super) struct Lines<'t> {
    /// What has not been walked over yet.
    pub rest: &'t str,
    number: u32,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        Lines { rest: text, number: 0 }
    }

    pub fn peek(&self) -> Option<&'t str> {
        let end = memchr::memchr(b'\n', self.rest.as_bytes()).unwrap_or(self.rest.len());
        (!self.rest.is_empty()).then(|| self.rest[..end].trim_end_matches('\r'))
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = (u32, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = match memchr::memchr(b'\n', self.rest.as_bytes()) {
            Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
            None => (self.rest, ""),
        };
        self.rest = rest;
        self.number += 1;
        Some((self.number, line.trim_end_matches('\r')))
    }
}
