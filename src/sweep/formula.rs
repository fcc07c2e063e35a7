//! Formulas of a sweep file: derived values and constraints.
//!
//! Numbers, names of axes and keys, `+ - * / ^`, comparisons, `and`, `or`, `not`, and the
//! functions of [`FUNCTIONS`]. What compares is 1 where it holds and 0 where not. Logarithm,
//! exponential and power come from `libm`, so that every machine computes the same bits.

use crate::issue::suggestion;
use std::ops::Range;

/// Functions by name and number of arguments, for messages.
const FUNCTIONS: [(&str, usize); 9] = [
    ("abs", 1),
    ("sqrt", 1),
    ("exp", 1),
    ("ln", 1),
    ("round", 1),
    ("floor", 1),
    ("min", 2),
    ("max", 2),
    ("if", 3),
];
/// Words that are operators.
const WORDS: [&str; 3] = ["and", "or", "not"];
/// Parentheses and signs inside each other; more is no formula that a person wrote.
const DEEPEST: usize = 64;

/// A formula whose names are bound to places in a list of values.
#[derive(Debug, Clone)]
pub(super) struct Formula {
    root: Node,
}

#[derive(Debug, Clone)]
enum Node {
    Number(f64),
    Variable(usize),
    Unary(fn(f64) -> f64, Box<Node>),
    Binary(fn(f64, f64) -> f64, Box<Node>, Box<Node>),
    If(Box<[Node; 3]>),
}

/// What is wrong with a formula, and where in its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// What is wrong.
    pub(super) message: String,
    /// What would have been right.
    pub(super) help: Option<String>,
    /// Bytes of the formula's text.
    pub(super) span: Range<usize>,
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

impl Formula {
    /// Reads a formula. `bind` gives the place of a name in the list of values; `known` are
    /// the names it knows, for suggestions.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(super) fn parse<'n>(
        text: &str,
        bind: &mut dyn FnMut(&str) -> Option<usize>,
        known: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, Problem> {
        let mut parser = Parser {
            text,
            at: 0,
            depth: 0,
            bind,
            known: known.into_iter().collect(),
        };
        let root = parser.either()?;
        parser.skip_space();
        if parser.at < text.len() {
            return Err(parser.unexpected("an operator"));
        }
        Ok(Self { root })
    }

    /// Its value with these values of the names.
    pub(super) fn value(&self, values: &[f64]) -> f64 {
        self.root.value(values)
    }

    /// Whether it holds: it is neither zero nor NaN.
    pub(super) fn holds(&self, values: &[f64]) -> bool {
        let value = self.value(values);
        value != 0.0 && !value.is_nan()
    }
}

impl Node {
    fn value(&self, values: &[f64]) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Variable(place) => values[*place],
            Self::Unary(of, inner) => of(inner.value(values)),
            Self::Binary(of, left, right) => of(left.value(values), right.value(values)),
            Self::If(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                if condition.value(values) == 0.0 {
                    otherwise.value(values)
                } else {
                    then.value(values)
                }
            }
        }
    }
}

type Binary = fn(f64, f64) -> f64;

struct Parser<'a, 'n> {
    text: &'a str,
    at: usize,
    depth: usize,
    bind: &'a mut dyn FnMut(&str) -> Option<usize>,
    known: Vec<&'n str>,
}

/// One level of precedence: its operators, longest first, and what they do.
type Level = [(&'static str, Binary)];
const EITHER: &Level = &[("or", |a, b| truth(a != 0.0 || b != 0.0))];
const BOTH: &Level = &[("and", |a, b| truth(a != 0.0 && b != 0.0))];
#[allow(clippy::float_cmp)] // the user asked for equality
const COMPARED: &Level = &[
    ("<=", |a, b| truth(a <= b)),
    (">=", |a, b| truth(a >= b)),
    ("==", |a, b| truth(a == b)),
    ("!=", |a, b| truth(a != b)),
    ("<", |a, b| truth(a < b)),
    (">", |a, b| truth(a > b)),
];
const SUM: &Level = &[("+", |a, b| a + b), ("-", |a, b| a - b)];
const PRODUCT: &Level = &[("*", |a, b| a * b), ("/", |a, b| a / b)];

impl Parser<'_, '_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Takes a sign or word if it comes next.
    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let Some(after) = self.rest().strip_prefix(token) else {
            return false;
        };
        let word = token.starts_with(|c: char| c.is_ascii_alphabetic());
        if word && after.starts_with(is_part_of_name) {
            return false;
        }
        self.at += token.len();
        true
    }

    fn problem(&self, message: String, help: Option<String>, span: Range<usize>) -> Problem {
        let end = span.end.min(self.text.len());
        Problem {
            message,
            help,
            span: span.start.min(end)..end,
        }
    }

    /// Something else stands here than what has to.
    fn unexpected(&mut self, wanted: &str) -> Problem {
        self.skip_space();
        let found = match self.rest().chars().next() {
            None => "the formula ends".to_owned(),
            Some('{' | '}') => "found a brace (names stand without)".to_owned(),
            Some(character) => format!("found `{character}`"),
        };
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.problem(
            format!("wanted {wanted}, {found}"),
            None,
            self.at..self.at + length,
        )
    }

    /// Operators of one level between operands of the next.
    fn level(
        &mut self,
        operators: &Level,
        operand: fn(&mut Self) -> Result<Node, Problem>,
    ) -> Result<Node, Problem> {
        let mut left = operand(self)?;
        'more: loop {
            for (token, of) in operators {
                if self.take(token) {
                    let right = operand(self)?;
                    left = Node::Binary(*of, Box::new(left), Box::new(right));
                    continue 'more;
                }
            }
            return Ok(left);
        }
    }

    fn either(&mut self) -> Result<Node, Problem> {
        self.level(EITHER, |p| {
            p.level(BOTH, |p| {
                p.level(COMPARED, |p| {
                    p.level(SUM, |p| p.level(PRODUCT, Self::signed))
                })
            })
        })
    }

    fn signed(&mut self) -> Result<Node, Problem> {
        self.deeper(|p| {
            if p.take("-") {
                Ok(Node::Unary(|x| -x, Box::new(p.signed()?)))
            } else if p.take("not") {
                Ok(Node::Unary(|x| truth(x == 0.0), Box::new(p.signed()?)))
            } else {
                let base = p.operand()?;
                if p.take("^") {
                    let exponent = p.signed()?;
                    return Ok(Node::Binary(libm::pow, Box::new(base), Box::new(exponent)));
                }
                Ok(base)
            }
        })
    }

    fn deeper(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<Node, Problem>,
    ) -> Result<Node, Problem> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = "the formula is nested too deeply".to_owned();
            return Err(self.problem(message, None, self.at..self.at));
        }
        let node = inner(self);
        self.depth -= 1;
        node
    }

    fn operand(&mut self) -> Result<Node, Problem> {
        self.skip_space();
        let start = self.at;
        if self.take("(") {
            let inner = self.either()?;
            return if self.take(")") {
                Ok(inner)
            } else {
                Err(self.unexpected("`)`"))
            };
        }
        let rest = self.rest();
        if rest.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return self.number();
        }
        let length = rest.find(|c| !is_part_of_name(c)).unwrap_or(rest.len());
        let name = rest[..length].to_owned();
        if name.is_empty() || WORDS.contains(&name.as_str()) {
            return Err(self.unexpected("a number, a name or `(`"));
        }
        self.at += length;
        self.skip_space();
        if self.rest().starts_with('(') {
            return self.call(&name, start);
        }
        if let Some(place) = (self.bind)(&name) {
            return Ok(Node::Variable(place));
        }
        let help = suggestion(&name, self.known.iter().copied());
        let message = format!("unknown name `{name}`");
        Err(self.problem(message, Some(help), start..start + length))
    }

    fn number(&mut self) -> Result<Node, Problem> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start;
        while let Some(&byte) = bytes.get(end) {
            let exponent_sign =
                matches!(byte, b'+' | b'-') && matches!(bytes[end - 1], b'e' | b'E');
            if !(byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || exponent_sign) {
                break;
            }
            end += 1;
        }
        let text = &self.text[start..end];
        match text.replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.at = end;
                Ok(Node::Number(number))
            }
            _ => Err(self.problem(format!("`{text}` is no number"), None, start..end)),
        }
    }

    fn call(&mut self, name: &str, start: usize) -> Result<Node, Problem> {
        let span = start..start + name.len();
        let Some((_, wanted)) = FUNCTIONS.iter().find(|(known, _)| *known == name) else {
            let help = suggestion(name, FUNCTIONS.iter().map(|(known, _)| *known));
            return Err(self.problem(format!("unknown function `{name}`"), Some(help), span));
        };
        self.take("(");
        let mut arguments = vec![self.either()?];
        while self.take(",") {
            arguments.push(self.either()?);
        }
        if !self.take(")") {
            return Err(self.unexpected("`,` or `)`"));
        }
        let found = arguments.len();
        let mut arguments = arguments.into_iter().map(Box::new);
        let node = match (name, arguments.next(), arguments.next(), arguments.next()) {
            ("abs", Some(x), None, None) => Node::Unary(f64::abs, x),
            ("sqrt", Some(x), None, None) => Node::Unary(f64::sqrt, x),
            ("exp", Some(x), None, None) => Node::Unary(libm::exp, x),
            ("ln", Some(x), None, None) => Node::Unary(libm::log, x),
            ("round", Some(x), None, None) => Node::Unary(f64::round, x),
            ("floor", Some(x), None, None) => Node::Unary(f64::floor, x),
            ("min", Some(a), Some(b), None) => Node::Binary(f64::min, a, b),
            ("max", Some(a), Some(b), None) => Node::Binary(f64::max, a, b),
            ("if", Some(a), Some(b), Some(c)) if found == 3 => Node::If(Box::new([*a, *b, *c])),
            _ => {
                let message = format!("`{name}` takes {wanted} arguments, found {found}");
                return Err(self.problem(message, None, span));
            }
        };
        Ok(node)
    }
}

/// Names are those of keys: sections are parted by dots.
fn is_part_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["size", "chassis.test_mass_kg"];

    fn parse(text: &str) -> Result<Formula, Problem> {
        Formula::parse(
            text,
            &mut |name| NAMES.iter().position(|it| *it == name),
            NAMES,
        )
    }

    fn value(text: &str) -> f64 {
        parse(text).unwrap().value(&[2.0, 1500.0])
    }

    #[test]
    #[allow(clippy::float_cmp)]
    fn operators_bind_as_on_paper() {
        assert_eq!(value("1 + 2*3 - 4/2"), 5.0);
        assert_eq!(value("-2^2"), -4.0);
        assert_eq!(value("2^3^2"), 512.0);
        assert_eq!(value("2^-1"), 0.5);
        assert_eq!(value("chassis.test_mass_kg + 41*(size - 1)"), 1541.0);
        assert_eq!(value("1e3 + 1_000"), 2000.0);
        assert_eq!(value("size > 1 and not (size >= 3 or size == 5)"), 1.0);
        assert_eq!(value("if(size < 1, 10, min(size, 7))"), 2.0);
        assert_eq!(value("8 - 3 - 2"), 3.0);
        assert_eq!(value("sqrt(16) + abs(-1) + ln(exp(2))"), 7.0);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let problem = |text: &str| parse(text).unwrap_err();
        let unknown = problem("2 * sise");
        assert_eq!(unknown.span, 4..8);
        assert_eq!(unknown.help.as_deref(), Some("did you mean `size`?"));
        assert_eq!(
            problem("rond(1)").help.as_deref(),
            Some("did you mean `round`?")
        );
        assert!(
            problem("min(1)")
                .message
                .contains("takes 2 arguments, found 1")
        );
        assert!(problem("min(1,2,3,4)").message.contains("takes 2"));
        assert!(problem("if(1,2,3,4)").message.contains("takes 3"));
        assert!(problem("1 +").message.contains("the formula ends"));
        assert!(problem("").message.contains("the formula ends"));
        assert!(problem("(1").message.contains("wanted `)`"));
        assert!(problem("1 1").message.contains("wanted an operator"));
        assert!(problem("{size}").message.contains("brace"));
        assert!(problem("1.2.3").message.contains("no number"));
        assert!(problem("size and").message.contains("the formula ends"));
        assert!(problem("ä").message.contains("found `ä`"));
        assert!(problem(&"(".repeat(5000)).message.contains("too deeply"));
        assert!(problem(&"-".repeat(5000)).message.contains("too deeply"));
    }
}
