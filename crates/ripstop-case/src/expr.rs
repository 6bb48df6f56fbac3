//! Expressions in cells: `$fabric_m * $fabric_cny_per_metre / $cny_per_usd`.
//!
//! An expression is compiled once to a short postfix program over parameter indices; a draw evaluates it
//! on a fixed stack, without allocating.

use crate::parameters::ParamId;

/// Deepest stack a program may need; a cell that needs more belongs in parameters.csv.
const STACK: usize = 32;

/// One step of the program.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Number(f64),
    Parameter(ParamId),
    Add,
    Subtract,
    Multiply,
    Divide,
    Negate,
}

/// A compiled expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    steps: Box<[Step]>,
}

/// The least and the largest value of a number that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    /// At least this.
    pub low: f64,
    /// At most this.
    pub high: f64,
}

impl Bounds {
    /// Nothing is known.
    pub const ANY: Bounds = Bounds { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// Around these; nothing is known where one of them is no number.
    fn of(numbers: &[f64]) -> Bounds {
        if numbers.iter().any(|number| number.is_nan()) {
            return Bounds::ANY;
        }
        let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        Bounds { low, high: numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max) }
    }

    fn at_corners(self, other: Bounds, result: impl Fn(f64, f64) -> f64) -> Bounds {
        let corners = [(self.low, other.low), (self.low, other.high), (self.high, other.low), (self.high, other.high)];
        Bounds::of(&corners.map(|(left, right)| result(left, right)))
    }
}

/// What is wrong with the text of an expression, and where in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExprError {
    /// First byte, from the start of the text.
    pub at: usize,
    /// Length in bytes.
    pub length: usize,
    /// What is wrong.
    pub kind: ExprErrorKind,
}

/// What is wrong with the text of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprErrorKind {
    /// The text does not follow the grammar.
    Syntax(String),
    /// The parameter is not known.
    Unknown(String),
}

impl Expr {
    /// Compiles `text`; `find` resolves the name after a `$`.
    ///
    /// Grammar: `sum = product (('+' | '-') product)*`, `product = factor (('*' | '/') factor)*`,
    /// `factor = '-' factor | number | '$' name | '(' sum ')'`.
    pub fn parse(text: &str, find: &dyn Fn(&str) -> Option<ParamId>) -> Result<Expr, ExprError> {
        let mut parser = Parser { text, at: 0, steps: Vec::new(), nesting: 0, find };
        parser.sum()?;
        parser.space();
        if parser.at < text.len() {
            return Err(parser.syntax("an operator (+ - * /) or the end of the cell"));
        }
        let expr = Expr { steps: parser.steps.into() };
        if expr.depth() > STACK {
            return Err(ExprError {
                at: 0,
                length: text.len(),
                kind: ExprErrorKind::Syntax("nested too deeply; split it up in parameters.csv".into()),
            });
        }
        Ok(expr)
    }

    /// The value with the parameters at `values`.
    pub fn evaluate(&self, values: &[f64]) -> f64 {
        let mut stack = [0.0; STACK];
        let mut top = 0;
        for step in &self.steps {
            match *step {
                Step::Number(number) => {
                    stack[top] = number;
                    top += 1;
                }
                Step::Parameter(id) => {
                    stack[top] = values[id.0 as usize];
                    top += 1;
                }
                Step::Negate => stack[top - 1] = -stack[top - 1],
                _ => {
                    top -= 1;
                    let (left, right) = (stack[top - 1], stack[top]);
                    stack[top - 1] = match *step {
                        Step::Add => left + right,
                        Step::Subtract => left - right,
                        Step::Multiply => left * right,
                        _ => left / right,
                    };
                }
            }
        }
        stack[0]
    }

    /// Bounds of the value with every parameter anywhere between its `ends`: never too narrow, as rounding keeps the order of numbers, but
    /// too wide where a parameter appears twice.
    pub(crate) fn bounds(&self, ends: &[Bounds]) -> Bounds {
        let mut stack = [Bounds::default(); STACK];
        let mut top = 0;
        for step in &self.steps {
            match *step {
                Step::Number(number) => {
                    stack[top] = Bounds { low: number, high: number };
                    top += 1;
                }
                Step::Parameter(id) => {
                    stack[top] = ends[id.0 as usize];
                    top += 1;
                }
                Step::Negate => stack[top - 1] = Bounds { low: -stack[top - 1].high, high: -stack[top - 1].low },
                _ => {
                    top -= 1;
                    let (left, right) = (stack[top - 1], stack[top]);
                    stack[top - 1] = match *step {
                        Step::Add => Bounds::of(&[left.low + right.low, left.high + right.high]),
                        Step::Subtract => Bounds::of(&[left.low - right.high, left.high - right.low]),
                        Step::Multiply => left.at_corners(right, |left, right| left * right),
                        _ if right.low <= 0.0 && right.high >= 0.0 => Bounds::ANY,
                        _ => left.at_corners(right, |left, right| left / right),
                    };
                }
            }
        }
        stack[0]
    }

    /// The parameters used, in order of appearance.
    pub fn parameters(&self) -> impl Iterator<Item = ParamId> + '_ {
        self.steps.iter().filter_map(|step| match step {
            Step::Parameter(id) => Some(*id),
            _ => None,
        })
    }

    /// The parameter, when the expression is nothing but one.
    pub fn as_parameter(&self) -> Option<ParamId> {
        match *self.steps {
            [Step::Parameter(id)] => Some(id),
            _ => None,
        }
    }

    /// Largest number of values on the stack at once.
    fn depth(&self) -> usize {
        let (mut now, mut most) = (0usize, 0usize);
        for step in &self.steps {
            match step {
                Step::Number(_) | Step::Parameter(_) => now += 1,
                Step::Negate => {}
                _ => now -= 1,
            }
            most = most.max(now);
        }
        most
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    steps: Vec<Step>,
    nesting: usize,
    find: &'a dyn Fn(&str) -> Option<ParamId>,
}

impl<'a> Parser<'a> {
    fn sum(&mut self) -> Result<(), ExprError> {
        self.product()?;
        while let Some(operator) = self.next_of(b"+-") {
            self.product()?;
            self.steps.push(if operator == b'+' { Step::Add } else { Step::Subtract });
        }
        Ok(())
    }

    fn product(&mut self) -> Result<(), ExprError> {
        self.factor()?;
        while let Some(operator) = self.next_of(b"*/") {
            self.factor()?;
            self.steps.push(if operator == b'*' { Step::Multiply } else { Step::Divide });
        }
        Ok(())
    }

    fn factor(&mut self) -> Result<(), ExprError> {
        // Bounds recursion, so that a cell of a million parentheses is an error and not a crash.
        self.nesting += 1;
        if self.nesting > 2 * STACK {
            return Err(self.syntax("fewer nested parentheses"));
        }
        if self.next_of(b"-").is_some() {
            self.factor()?;
            self.steps.push(Step::Negate);
        } else if self.next_of(b"(").is_some() {
            self.sum()?;
            if self.next_of(b")").is_none() {
                return Err(self.syntax("`)`"));
            }
        } else if self.next_of(b"$").is_some() {
            self.parameter()?;
        } else {
            self.number()?;
        }
        self.nesting -= 1;
        Ok(())
    }

    fn parameter(&mut self) -> Result<(), ExprError> {
        let name = self.while_true(|c| c.is_alphanumeric() || c == '_' || c == '.');
        if name.is_empty() {
            return Err(self.syntax("a parameter's name after `$`"));
        }
        let id = (self.find)(name).ok_or_else(|| ExprError {
            at: self.at - name.len() - 1,
            length: name.len() + 1,
            kind: ExprErrorKind::Unknown(name.to_owned()),
        })?;
        self.steps.push(Step::Parameter(id));
        Ok(())
    }

    fn number(&mut self) -> Result<(), ExprError> {
        let rest = &self.text[self.at..];
        let length = number_length(rest);
        let number = rest[..length].parse::<f64>().map_err(|_| self.syntax("a number, `$parameter` or `(`"))?;
        self.at += length;
        self.steps.push(Step::Number(number));
        Ok(())
    }

    fn space(&mut self) {
        self.while_true(char::is_whitespace);
    }

    fn next_of(&mut self, bytes: &[u8]) -> Option<u8> {
        self.space();
        let byte = *self.text.as_bytes().get(self.at)?;
        bytes.contains(&byte).then(|| {
            self.at += 1;
            byte
        })
    }

    fn while_true(&mut self, test: impl Fn(char) -> bool) -> &'a str {
        let text = self.text;
        let rest = &text[self.at..];
        let length = rest.find(|c| !test(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn syntax(&self, expected: &str) -> ExprError {
        let found = self.text[self.at..].chars().next();
        let message = match found {
            Some(found) => format!("expected {expected}, found `{found}`"),
            None => format!("expected {expected}, but the cell ends"),
        };
        let length = found.map_or(1, char::len_utf8);
        ExprError { at: self.at, length, kind: ExprErrorKind::Syntax(message) }
    }
}

/// Length of the unsigned decimal number at the start of `text`: digits, a point, an exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > end + 1 + sign {
            end = exponent;
        }
    }
    end
}

/// Reads a plain decimal number with an optional sign; never `inf`, `nan` or hexadecimal.
pub fn plain_number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.is_empty() || number_length(unsigned) != unsigned.len() {
        return None;
    }
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(name: &str) -> Option<ParamId> {
        ["a", "b", "x_1"].iter().position(|known| *known == name).map(|index| ParamId(index as u32))
    }

    fn value(text: &str) -> f64 {
        Expr::parse(text, &find).unwrap().evaluate(&[2.0, 5.0, 10.0])
    }

    #[test]
    fn precedence_and_association() {
        assert_eq!(value("1 + 2 * 3"), 7.0);
        assert_eq!(value("(1 + 2) * 3"), 9.0);
        assert_eq!(value("10 - 4 - 3"), 3.0);
        assert_eq!(value("100 / 5 / 2"), 10.0);
        assert_eq!(value("-$a * -3"), 6.0);
        assert_eq!(value("- - 4"), 4.0);
        assert_eq!(value("$a*$b/$x_1"), 1.0);
        assert_eq!(value("1.5e2 + .5 + 2."), 152.5);
    }

    #[test]
    fn errors_say_where() {
        let at = |text: &str| Expr::parse(text, &find).map_err(|error| (error.at, error.length));
        assert_eq!(at("1 +"), Err((3, 1)));
        assert_eq!(at("(1 + 2"), Err((6, 1)));
        assert_eq!(at("1 2"), Err((2, 1)));
        assert_eq!(at("2 * $nope + 1"), Err((4, 5)));
        assert_eq!(at("$"), Err((1, 1)));
        assert_eq!(at("é"), Err((0, 2)));
        assert!(at(&"(".repeat(100_000)).is_err());
        assert!(at(&format!("{}1{}", "1+(".repeat(40), ")".repeat(40))).is_err());
    }

    #[test]
    fn plain_numbers() {
        assert_eq!(plain_number("-1.5e-3"), Some(-0.0015));
        for text in ["inf", "nan", "0x10", "1,5", "", "-", ".", "1e", "1 000", "--1", "1_000"] {
            assert_eq!(plain_number(text), None, "{text}");
        }
    }

    #[test]
    fn bounds_hold_every_value_between() {
        let ends = [Bounds { low: -2.0, high: 3.0 }, Bounds { low: 4.0, high: 5.0 }, Bounds { low: 10.0, high: 10.0 }];
        let bounds = |text: &str| Expr::parse(text, &find).unwrap().bounds(&ends);
        assert_eq!(bounds("$a + $b"), Bounds { low: 2.0, high: 8.0 });
        assert_eq!(bounds("$x_1 - $a"), Bounds { low: 7.0, high: 12.0 });
        assert_eq!(bounds("-$a * $b"), Bounds { low: -15.0, high: 10.0 });
        assert_eq!(bounds("$a / $b"), Bounds { low: -0.5, high: 0.75 });
        assert_eq!(bounds("$b / $a"), Bounds::ANY);
        assert_eq!(bounds("$a - $a"), Bounds { low: -5.0, high: 5.0 }, "too wide, never too narrow");
    }

    #[test]
    fn parameters_used() {
        let expr = Expr::parse("$b + $a", &find).unwrap();
        assert_eq!(expr.parameters().collect::<Vec<_>>(), [ParamId(1), ParamId(0)]);
        assert_eq!(expr.as_parameter(), None);
        assert_eq!(Expr::parse(" $b ", &find).unwrap().as_parameter(), Some(ParamId(1)));
    }
}
