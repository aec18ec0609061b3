//! Whether a regular expression of Python finds the empty text, which is what `get(name, "")` puts in place of a missing
//! field. The expression is only skimmed: what does not look like one is taken for one that needs a character.

/// Deepest nesting of groups that is followed.
const MAX_DEPTH: usize = 50;

pub(super) fn fits_empty(pattern: &str) -> bool {
    let mut skim = Skim { rest: pattern.chars().peekable(), depth: 0 };
    skim.alternatives()
}

struct Skim<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    depth: usize,
}

impl Skim<'_> {
    /// Alternatives up to the end of the group; whether one of them can be empty.
    fn alternatives(&mut self) -> bool {
        let mut any = false;
        let mut all = true;
        while let Some(character) = self.rest.next() {
            match character {
                ')' => break,
                '|' => {
                    any |= all;
                    all = true;
                }
                _ => {
                    let empty = self.atom(character);
                    let optional = self.quantifier();
                    all &= empty || optional;
                }
            }
        }
        any || all
    }

    /// One atom; whether it can be empty.
    fn atom(&mut self, character: char) -> bool {
        match character {
            '^' | '$' => true,
            '\\' => matches!(self.rest.next(), Some('A' | 'Z' | 'B')),
            '[' => {
                self.class();
                false
            }
            '(' => self.group(),
            _ => false,
        }
    }

    fn class(&mut self) {
        if self.rest.peek() == Some(&'^') {
            self.rest.next();
        }
        let mut first = true;
        while let Some(character) = self.rest.next() {
            match character {
                ']' if !first => break,
                '\\' => {
                    self.rest.next();
                }
                _ => {}
            }
            first = false;
        }
    }

    fn group(&mut self) -> bool {
        let mut ahead = false;
        if self.rest.peek() == Some(&'?') {
            self.rest.next();
            match self.rest.next() {
                // Look-around takes no character; whether it holds at the end of the text is left open.
                Some('!') => ahead = true,
                Some('<') if matches!(self.rest.peek(), Some('!')) => ahead = true,
                Some('P') if self.rest.peek() == Some(&'<') => {
                    while self.rest.next().is_some_and(|character| character != '>') {}
                }
                Some(':' | '=' | '<') => {}
                // Flags: `(?i)` or `(?i:...)`.
                _ => {
                    for character in self.rest.by_ref() {
                        match character {
                            ')' => return true,
                            ':' => break,
                            _ => {}
                        }
                    }
                }
            }
        }
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let empty = self.alternatives();
        self.depth -= 1;
        ahead || empty
    }

    /// Whether a quantifier follows that allows none.
    fn quantifier(&mut self) -> bool {
        let mut optional = false;
        loop {
            match self.rest.peek() {
                Some('*' | '?') => {
                    optional = true;
                    self.rest.next();
                }
                Some('+') => {
                    self.rest.next();
                }
                Some('{') => {
                    self.rest.next();
                    let least: String = std::iter::from_fn(|| self.rest.next_if(char::is_ascii_digit)).collect();
                    optional |= least.is_empty() || least.bytes().all(|digit| digit == b'0');
                    while self.rest.next().is_some_and(|character| character != '}') {}
                }
                _ => return optional,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits_empty;

    #[test]
    fn expressions_that_need_a_character_are_told_apart() {
        for pattern in ["", "^$", "a*", "(a|)", "(?i)(b?)", "x{0,3}", "(?P<n>a)?", "(?!a)", "a|b*"] {
            assert!(fits_empty(pattern), "{pattern}");
        }
        for pattern in ["a", "^a$", "(a|b)", "(?i)mimikatz", "[a-z]+", "[]*]", "\\d+", "x{1,}", "(?:ab)+c*", "a*b"] {
            assert!(!fits_empty(pattern), "{pattern}");
        }
        fits_empty(&"(".repeat(10_000));
    }
}
