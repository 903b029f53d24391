//! Units of a family side by side: whether a loss is a unit's own or the product's.

use edgesoak_record::comparison::{FamilyComparison, Fault};
use edgesoak_record::verdict::Outcome;

use crate::defaults::{FEWEST_UNITS, OUTLIER_P};
use crate::regression::claim::{Claim, Found};
use crate::regression::noise::mean;
use crate::regression::words::signed;
use crate::statistics::{median, student};

/// A unit of a family on one route: its outcome over all references, and its claim against the previous release.
pub struct UnitOf<'a> {
    /// Device id.
    pub device: &'a str,
    /// Over all references.
    pub outcome: Outcome,
    /// It decides, and nobody excused it.
    pub is_open: bool,
    /// Against the previous release, where it was asked for.
    pub claim: Option<&'a Claim>,
}

impl UnitOf<'_> {
    fn found(&self) -> Option<&Found> {
        self.claim?.found.as_ref()
    }

    /// Failed by statistics against the previous release.
    fn lost(&self) -> bool {
        self.found().is_some() && self.claim.is_some_and(|claim| claim.change.outcome == Outcome::Fail)
    }
}

/// What a claim about a family needs.
pub struct Needed {
    /// Units of it.
    pub units: u32,
    /// The policy asks for it.
    pub is_required: bool,
}

/// What the units of one family say together.
#[must_use]
pub fn of(family: &str, route: &str, units: &[UnitOf], needed: &Needed) -> FamilyComparison {
    let mut changes: Vec<f64> = units.iter().filter_map(|unit| Some(unit.found()?.value)).collect();
    let figures = changes.len();
    let any = |outcome| units.iter().any(|unit| unit.outcome == outcome);
    let lost = units.iter().any(UnitOf::lost);
    let outliers: Vec<String> = units
        .iter()
        .filter(|unit| unit.lost() && is_outlier(unit, units))
        .map(|unit| unit.device.to_owned())
        .collect();
    let fault = lost.then(|| fault(units, outliers.len()));
    let few = (units.len() as u64) < u64::from(needed.units);
    let (outcome, cause) = if any(Outcome::Fail) {
        (Outcome::Fail, Some("regression"))
    } else if any(Outcome::NotProven) {
        (Outcome::NotProven, Some("unit_not_proven"))
    } else if few {
        (Outcome::NotProven, Some("too_few_units"))
    } else {
        (Outcome::Pass, None)
    };
    let change = median(&mut changes).map(f64::exp_m1);
    let sentence = sentence(family, units.len(), needed.units, change, fault, &outliers);
    let open = units.iter().any(|unit| unit.is_open && unit.outcome == outcome && outcome != Outcome::Pass);
    FamilyComparison {
        family: family.to_owned(),
        route: route.to_owned(),
        outcome,
        cause: cause.map(str::to_owned),
        sentence,
        units: u32::try_from(figures).unwrap_or(u32::MAX),
        change,
        fault,
        outliers,
        blocking: open || (few && needed.is_required),
    }
}

/// Whether a unit lost more than its siblings together, and they did not lose as much as is forbidden.
fn is_outlier(unit: &UnitOf, units: &[UnitOf]) -> bool {
    let siblings: Vec<&UnitOf> = units.iter().filter(|other| other.device != unit.device).collect();
    let found: Vec<&Found> = siblings.iter().filter_map(|other| other.found()).collect();
    let Some(own) = unit.found().filter(|_| found.len() + 1 >= FEWEST_UNITS) else {
        return false;
    };
    let theirs = mean(&found.iter().map(|found| found.value).collect::<Vec<f64>>());
    let variance = found.iter().map(|found| found.noise.error * found.noise.error).sum::<f64>();
    let error = own.noise.error.hypot(variance.sqrt() / found.len() as f64);
    let freedom = found.iter().map(|found| found.noise.freedom).fold(own.noise.freedom, f64::min);
    let p = student::cdf((own.value - theirs) / error, freedom);
    p.is_some_and(|p| p <= OUTLIER_P) && !siblings.iter().any(|other| other.lost())
}

fn fault(units: &[UnitOf], outliers: usize) -> Fault {
    let found = units.iter().filter(|unit| unit.found().is_some()).count();
    let over = |unit: &&UnitOf| {
        unit.found()
            .is_some_and(|found| unit.claim.is_some_and(|claim| found.raw < claim.change.limit.ln_1p()))
    };
    let over = units.iter().filter(over).count();
    match () {
        () if found < FEWEST_UNITS => Fault::Undecided,
        () if outliers > 0 => Fault::Unit,
        () if 2 * over > found => Fault::Family,
        () => Fault::Undecided,
    }
}

fn sentence(
    family: &str,
    units: usize,
    needed: u32,
    change: Option<f64>,
    fault: Option<Fault>,
    outliers: &[String],
) -> String {
    let Some(change) = change else {
        return format!("Family {family} has no figure.");
    };
    let on = if units == 1 { "unit" } else { "units" };
    let seen = format!("Family {family}: median change {} on {units} {on}", signed(change));
    match fault {
        Some(Fault::Unit) => {
            format!("{seen}; {} lost more than its siblings: a unit fault.", outliers.join(", "))
        }
        Some(Fault::Family) => format!("{seen}; most units lost too much: a family fault."),
        Some(Fault::Undecided) => {
            format!("{seen}; whether the loss is a unit's or the family's is not known.")
        }
        None if (units as u64) < u64::from(needed) => {
            format!("{seen}, where a claim about it needs {needed}.")
        }
        None => format!("{seen}."),
    }
}
