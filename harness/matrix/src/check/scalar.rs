//! Single values: numbers, quantities, words.

use edgesoak_record::nearest::nearest;
use toml::de::DeValue;

use super::{Checker, words_of};
use crate::dimension::{Dimension, PERCENT};
use crate::node::{At, Value};
use crate::problem::{Problem, quote};
use crate::quantity::{self, Complaint};
use crate::report::Report;
use crate::shape::Shape;

impl Checker<'_> {
    pub(super) fn scalar(&mut self, shape: &Shape, key: &str, found: &DeValue<'_>, at: At) -> Option<Value> {
        match (shape, found) {
            (Shape::Bool, DeValue::Boolean(yes)) => Some(Value::Bool(*yes)),
            (Shape::Integer(min, max), DeValue::Integer(number)) => {
                let number = i128::from_str_radix(number.as_str(), number.radix()).ok();
                self.integer(number, (*min, *max), key, at).map(Value::Integer)
            }
            (Shape::Quantity(dimension, min, max), _) => self.quantity(dimension, (min, max), key, found, at),
            (Shape::PercentRange, DeValue::String(text)) => self.percent_range(text, key, at),
            (Shape::Word(words), DeValue::String(word)) => {
                if words.contains(&word.as_ref()) {
                    return Some(Value::Text(word.clone().into_owned()));
                }
                self.unknown_word(words, key, word, at);
                None
            }
            (Shape::Threads, DeValue::Integer(number)) => {
                let number = i128::from_str_radix(number.as_str(), number.radix()).ok();
                self.exact_threads(number, key, at)
            }
            (Shape::Date, DeValue::Datetime(when)) => self.date(*when, key, at),
            (shape, DeValue::String(text)) if is_textual(shape) => self.text(shape, key, text, at),
            _ => {
                self.wrong_type(&expected(shape), key, found, at);
                None
            }
        }
    }

    pub(super) fn integer(
        &mut self,
        number: Option<i128>,
        (min, max): (u64, u64),
        key: &str,
        at: At,
    ) -> Option<u64> {
        let fitting =
            number.and_then(|number| u64::try_from(number).ok()).filter(|n| (min..=max).contains(n));
        if fitting.is_none() {
            let found = number.map_or_else(|| "too large a number".to_owned(), |number| number.to_string());
            let problem = Problem::OutOfRange { key: key.to_owned(), found, bounds: bounds(&min, &max) };
            self.report(Report::at(problem, at, "out of bounds"));
        }
        fitting
    }

    fn quantity(
        &mut self,
        dimension: &Dimension,
        (min, max): (&str, &str),
        key: &str,
        found: &DeValue<'_>,
        at: At,
    ) -> Option<Value> {
        let (read, text) = match found {
            DeValue::String(text) => (quantity::parse(text, dimension), text.trim().to_owned()),
            DeValue::Integer(number) => {
                let amount = number.to_string().parse().unwrap_or(f64::INFINITY);
                (quantity::bare(amount, &number.to_string(), dimension), number.to_string())
            }
            DeValue::Float(number) => {
                let amount = number.as_str().parse().unwrap_or(f64::NAN);
                (quantity::bare(amount, number.as_str(), dimension), number.as_str().to_owned())
            }
            _ => {
                let expected = format!("{} like \"{}\"", dimension.name, dimension.example);
                self.wrong_type(&expected, key, found, at);
                return None;
            }
        };
        let amount = self.complain(read, key, at)?;
        let bound = |text| quantity::parse(text, dimension).ok();
        if bound(min).is_some_and(|min| amount < min) || bound(max).is_some_and(|max| amount > max) {
            let problem =
                Problem::OutOfRange { key: key.to_owned(), found: quote(&text), bounds: bounds(min, max) };
            self.report(Report::at(problem, at, "out of bounds"));
            return None;
        }
        Some(Value::Quantity { amount, text })
    }

    fn percent_range(&mut self, text: &str, key: &str, at: At) -> Option<Value> {
        let (low, high) = self.complain(quantity::parse_range(text, &PERCENT), key, at)?;
        if high > 100.0 {
            let bounds = bounds("0 %", "100 %");
            let problem = Problem::OutOfRange { key: key.to_owned(), found: quote(text), bounds };
            self.report(Report::at(problem, at, "out of bounds"));
            return None;
        }
        Some(Value::Text(format!("{low}-{high} %")))
    }

    fn complain<T>(&mut self, read: Result<T, Complaint>, key: &str, at: At) -> Option<T> {
        match read {
            Ok(amount) => Some(amount),
            Err(Complaint { complaint, help }) => {
                let problem = Problem::BadQuantity { key: key.to_owned(), complaint };
                self.report(Report::at(problem, at, "this value").help(help));
                None
            }
        }
    }

    pub(super) fn unknown_word(&mut self, words: &[&str], key: &str, word: &str, at: At) {
        let problem = Problem::UnknownWord { key: key.to_owned(), found: quote(word) };
        let accepted = format!("accepted: {}", words_of(words));
        let help = match nearest(word, words.iter().copied()) {
            Some(near) if words.len() > 1 => format!("did you mean `{near}`? {accepted}"),
            Some(near) => format!("did you mean `{near}`?"),
            None => accepted,
        };
        self.report(Report::at(problem, at, "not one of the accepted words").help(help));
    }
}

fn bounds<T: PartialEq + std::fmt::Display + ?Sized>(min: &T, max: &T) -> String {
    if min == max { min.to_string() } else { format!("from {min} to {max}") }
}

fn is_textual(shape: &Shape) -> bool {
    !matches!(
        shape,
        Shape::Bool
            | Shape::Integer(..)
            | Shape::List(..)
            | Shape::Table(_)
            | Shape::Part(_)
            | Shape::Definitions(..)
            | Shape::Amendments(..)
            | Shape::Elements(..)
            | Shape::Date
    )
}

/// What a shape expects, in words.
fn expected(shape: &Shape) -> String {
    match shape {
        Shape::Bool => "true or false".to_owned(),
        Shape::Integer(..) => "a whole number".to_owned(),
        Shape::Threads => "a number, \"cores\" or \"cores-1\"".to_owned(),
        Shape::Date => "a date like 2027-03-31, without quotes".to_owned(),
        Shape::Word(words) => format!("one of {}", words_of(words)),
        Shape::WordOr(words, other) => format!("{} or {}", words_of(words), expected(other)),
        Shape::List(..) => "a list".to_owned(),
        Shape::Table(_) | Shape::Part(_) | Shape::Definitions(..) | Shape::Amendments(..) => {
            "a table".to_owned()
        }
        Shape::Elements(..) => "a list of tables".to_owned(),
        Shape::PercentRange => "a range like \"50-90 %\"".to_owned(),
        _ => "text".to_owned(),
    }
}
