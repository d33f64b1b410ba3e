//! Removes comment lines, blank lines and indentation from shell scripts.
//!
//! Only a line that starts outside every quote and here-document is changed. The scanner knows just enough grammar to
//! find those; tests have bash print both forms of every script, and compare.

/// The construct that the scanner is inside.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// `$(…)`, with the number of open parentheses.
    Substitution(usize),
    /// `${…}`
    Parameter,
    /// `"…"`
    Quotes,
    /// `'…'`
    Literal,
    /// `$'…'`
    Escaped,
}

#[derive(Default)]
struct Scanner {
    inside: Vec<Inside>,
    /// End markers of here-documents that start after this line; `true` if tabs before them are ignored.
    documents: Vec<(String, bool)>,
    is_continued: bool,
}

pub(super) fn stripped(text: &str) -> String {
    let mut scanner = Scanner::default();
    let mut kept = String::with_capacity(text.len());
    let mut lines = text.split_inclusive('\n').enumerate();
    while let Some((number, line)) = lines.next() {
        let words = line.trim();
        let is_code = !scanner.is_continued && !scanner.is_quoted();
        if is_code && number > 0 && (words.is_empty() || words.starts_with('#')) {
            continue;
        }
        kept.push_str(if is_code { line.trim_start_matches([' ', '\t']) } else { line });
        scanner.read(line.strip_suffix('\n').unwrap_or(line));
        for (end, tabs) in std::mem::take(&mut scanner.documents) {
            for (_, line) in lines.by_ref() {
                kept.push_str(line);
                let line = line.trim_end_matches('\n');
                if (if tabs { line.trim_start_matches('\t') } else { line }) == end {
                    break;
                }
            }
        }
    }
    kept
}

impl Scanner {
    fn is_quoted(&self) -> bool {
        let closed = |inside: &Inside| matches!(inside, Inside::Substitution(_));
        self.inside.last().is_some_and(|inside| !closed(inside))
    }

    fn read(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let mut at = 0;
        self.is_continued = false;
        while at < bytes.len() {
            at += self.step(bytes, at);
        }
    }

    /// Reads the construct that starts at this byte, and returns its length.
    fn step(&mut self, bytes: &[u8], at: usize) -> usize {
        let rest = &bytes[at..];
        let inside = self.inside.last().copied();
        match (inside, rest[0]) {
            (Some(Inside::Literal), byte) => {
                if byte == b'\'' {
                    self.inside.pop();
                }
                1
            }
            (_, b'\\') => {
                self.is_continued = rest.len() == 1;
                2
            }
            (Some(Inside::Escaped), b'\'') | (Some(Inside::Quotes), b'"') | (Some(Inside::Parameter), b'}') => {
                self.inside.pop();
                1
            }
            (Some(Inside::Escaped), _) => 1,
            (_, b'$') => self.dollar(rest),
            (Some(Inside::Quotes), _) => 1,
            (_, b'"') => self.enter(Inside::Quotes, 1),
            (_, b'\'') if !self.is_within_quotes() => self.enter(Inside::Literal, 1),
            (Some(Inside::Parameter), _) => 1,
            (_, b'#') if at == 0 || b" \t;&|()".contains(&bytes[at - 1]) => rest.len(),
            (_, b'<') if rest.starts_with(b"<<<") => 3,
            (_, b'<') if rest.starts_with(b"<<") => self.document(rest),
            (Some(Inside::Substitution(open)), b'(') => self.reopen(open + 1),
            (Some(Inside::Substitution(0)), b')') => {
                self.inside.pop();
                1
            }
            (Some(Inside::Substitution(open)), b')') => self.reopen(open - 1),
            _ => 1,
        }
    }

    fn enter(&mut self, inside: Inside, length: usize) -> usize {
        self.inside.push(inside);
        length
    }

    fn reopen(&mut self, open: usize) -> usize {
        self.inside.pop();
        self.enter(Inside::Substitution(open), 1)
    }

    /// In `"${x#'a'}"` a single quote is an ordinary character.
    fn is_within_quotes(&self) -> bool {
        self.inside.ends_with(&[Inside::Quotes, Inside::Parameter])
    }

    fn dollar(&mut self, rest: &[u8]) -> usize {
        let is_quoted = matches!(self.inside.last(), Some(Inside::Quotes));
        match rest.get(1) {
            Some(b'(') => self.enter(Inside::Substitution(0), 2),
            Some(b'{') => self.enter(Inside::Parameter, 2),
            Some(b'\'') if !is_quoted && !self.is_within_quotes() => self.enter(Inside::Escaped, 2),
            Some(b'#') => 2,
            _ => 1,
        }
    }

    /// `<<WORD` or `<<-WORD`, quoted or not; an arithmetic shift has no such word.
    fn document(&mut self, rest: &[u8]) -> usize {
        let tabs = rest.get(2) == Some(&b'-');
        let from = if tabs { 3 } else { 2 };
        let word: Vec<u8> = rest[from..]
            .iter()
            .copied()
            .skip_while(|byte| *byte == b' ')
            .take_while(|byte| byte.is_ascii_alphanumeric() || b"_'\"\\.".contains(byte))
            .collect();
        let end: String = word
            .iter()
            .filter(|byte| !b"'\"\\".contains(byte))
            .map(|byte| char::from(*byte))
            .collect();
        if end.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
            self.documents.push((end, tabs));
        }
        let spaces = rest[from..].iter().take_while(|byte| **byte == b' ').count();
        from + spaces + word.len()
    }
}
