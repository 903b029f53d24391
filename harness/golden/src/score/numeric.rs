//! `numeric`: the answer holds a number in its unit, or in one that converts into it.

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};
use crate::expect::Numeric;
use crate::quantity::{Quantity, Tolerance, Unit};

/// Most other numbers of the same kind: an answer that lists every number of a document has named none.
const MOST_OTHERS: usize = 3;

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
        let mut others: Vec<f64> = Vec::new();
        let (mut right, mut of_kind) = (0_usize, 0_usize);
        for number in reading.quantities().iter().filter_map(|quantity| self.counted(quantity)) {
            of_kind += 1;
            if self.tolerance.accepts(self.value, number) {
                right += 1;
            } else if !others.iter().any(|other| other.to_bits() == number.to_bits()) {
                others.push(number);
            }
        }
        let all = reading.quantities().len();
        match (right, others.len()) {
            (0, _) => {
                Finding::holds(false, format!("not the number: {of_kind} of {all} numbers count the same"))
            }
            (_, 0..=MOST_OTHERS) => {
                Finding::holds(true, format!("the number, beside {} others of its kind", others.len()))
            }
            (_, many) => Finding::holds(
                false,
                format!("the number is one of {} of its kind; {MOST_OTHERS} others are the most", many + 1),
            ),
        }
    }
}
