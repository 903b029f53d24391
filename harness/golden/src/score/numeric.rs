//! `numeric`: the answer holds a number in its unit, or in one that converts into it.

use super::denial::{is_asked, is_denied};
use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::expect::Numeric;
use crate::quantity::{Quantity, Tolerance, Unit};
use crate::text::sentences;

/// Most other numbers of the same kind: an answer that lists every number of a document has named none.
const MOST_OTHERS: usize = 3;
/// Between two numbers of which only one can hold.
const ALTERNATIVES: [&str; 2] = [" or ", " oder "];

const NAME: &str = "numeric";

#[derive(Debug)]
pub(crate) struct Number {
    value: f64,
    unit: Option<Unit>,
    /// Units in which the value itself is right, without conversion.
    also: Vec<Option<Unit>>,
    tolerance: Tolerance,
}

impl Number {
    pub(crate) fn prepare(wanted: &Numeric) -> Result<Self, Unfit> {
        let unit = |written: &String| match written.trim() {
            "" => Ok(None),
            known => Unit::parse(known)
                .map(Some)
                .ok_or_else(|| Unfit::new(NAME, format!("knows no unit `{known}`"))),
        };
        if !wanted.value.is_finite() {
            return Err(Unfit::new(NAME, "wants a number"));
        }
        if !wanted.also_units.is_empty() {
            unfit::entries(NAME, wanted.also_units.len())?;
        }
        Ok(Self {
            value: wanted.value,
            unit: wanted.unit.as_ref().map(unit).transpose()?.flatten(),
            also: wanted.also_units.iter().map(unit).collect::<Result<_, _>>()?,
            tolerance: Tolerance::parse(&wanted.tolerance).ok_or_else(|| {
                Unfit::new(
                    NAME,
                    format!("knows no tolerance `{}`; `0`, `0.5` and `2 %` are some", wanted.tolerance),
                )
            })?,
        })
    }

    /// The number of a quantity as this rule counts it; `None` where it counts something else.
    fn counted(&self, quantity: &Quantity) -> Option<f64> {
        if self.also.contains(&quantity.unit) {
            return Some(quantity.value);
        }
        match (quantity.unit, self.unit) {
            (None, None) => Some(quantity.value),
            (Some(from), Some(into)) if from.is_like(into) => Some(from.convert(quantity.value, into)),
            _ => None,
        }
    }
}

impl Rule for Number {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let all = reading.quantities();
        let stated = Stated::of(reading.prose());
        let right = |quantity: &Quantity| {
            self.counted(quantity).map(|number| self.tolerance.accepts(self.value, number))
        };
        let mut others: Vec<f64> = Vec::new();
        let (mut of_kind, mut held, mut taken_back) = (0_usize, 0_usize, 0_usize);
        for (index, quantity) in all.iter().enumerate() {
            let Some(number) = self.counted(quantity) else { continue };
            of_kind += 1;
            if right(quantity) == Some(true) {
                let beside = [index.checked_sub(1), Some(index + 1)].into_iter().flatten();
                let is_one_of_two = beside
                    .filter_map(|beside| all.get(beside))
                    .any(|other| right(other) == Some(false) && stated.is_alternative(quantity, other));
                if is_one_of_two || !stated.holds(quantity) { taken_back += 1 } else { held += 1 }
            } else if !others.iter().any(|other| other.to_bits() == number.to_bits()) {
                others.push(number);
            }
        }
        let all = all.len();
        match (held, taken_back, others.len()) {
            (0, 0, _) => {
                Finding::holds(false, format!("not the number: {of_kind} of {all} numbers count the same"))
            }
            (0, taken_back, _) => {
                Finding::holds(false, format!("the number stands there {taken_back} times and is taken back"))
            }
            (_, _, others @ 0..=MOST_OTHERS) => {
                Finding::holds(true, format!("the number, beside {others} others of its kind"))
            }
            (_, _, many) => Finding::holds(
                false,
                format!("the number is one of {} of its kind; {MOST_OTHERS} others are the most", many + 1),
            ),
        }
    }
}

/// A text as far as it states numbers: one that is denied, asked or left open is not stated.
struct Stated<'a> {
    prose: &'a str,
    /// From where to where questions stand, in order.
    questions: Vec<(usize, usize)>,
}

impl<'a> Stated<'a> {
    fn of(prose: &'a str) -> Self {
        let place = |sentence: &str| {
            let begin = sentence.as_ptr() as usize - prose.as_ptr() as usize;
            (begin, begin + sentence.len())
        };
        Self { prose, questions: sentences(prose).filter(|sentence| is_asked(sentence)).map(place).collect() }
    }

    fn holds(&self, quantity: &Quantity) -> bool {
        let before = self.questions.partition_point(|(begin, _)| *begin <= quantity.begin);
        let is_asked = before.checked_sub(1).is_some_and(|last| quantity.begin < self.questions[last].1);
        !is_asked && !is_denied(self.prose, quantity.begin, quantity.end)
    }

    /// `10 or 20 drops`: whoever offers both has named neither.
    fn is_alternative(&self, one: &Quantity, other: &Quantity) -> bool {
        let (first, second) = if one.begin < other.begin { (one, other) } else { (other, one) };
        self.prose.get(first.end..second.begin).is_some_and(|between| ALTERNATIVES.contains(&between))
    }
}
