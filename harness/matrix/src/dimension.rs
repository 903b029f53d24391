//! Kinds of quantities and the units they are written in.

/// A kind of quantity.
#[derive(Debug)]
pub(crate) struct Dimension {
    /// With its article, for messages.
    pub name: &'static str,
    /// A good example.
    pub example: &'static str,
    /// Accepted units; the amount is kept in the unit whose factor is 1.
    pub units: &'static [UnitOf],
    /// A bare number is fine: the quantity is a part of one or a count.
    pub bare: bool,
    /// Temperatures below zero exist; all else counts from zero.
    pub signed: bool,
}

/// A unit: amount in the base unit = number * times / by.
#[derive(Debug)]
pub(crate) struct UnitOf {
    pub symbol: &'static str,
    pub times: f64,
    /// Dividing keeps 2 % at exactly the double nearest to 0.02.
    pub by: f64,
}

const fn unit(symbol: &'static str, times: f64, by: f64) -> UnitOf {
    UnitOf { symbol, times, by }
}

const fn dimension(name: &'static str, example: &'static str, units: &'static [UnitOf]) -> Dimension {
    Dimension { name, example, units, bare: false, signed: false }
}

/// Base: milliseconds.
pub(crate) static DURATION: Dimension = dimension(
    "a duration",
    "10 min",
    &[unit("ms", 1.0, 1.0), unit("s", 1e3, 1.0), unit("min", 6e4, 1.0), unit("h", 3.6e6, 1.0)],
);
/// Base: tokens per second.
pub(crate) static TOKEN_RATE: Dimension =
    dimension("a decode rate", "15 tokens/s", &[unit("tokens/s", 1.0, 1.0)]);
/// Base: items per second.
pub(crate) static ITEM_RATE: Dimension =
    dimension("a rate of items", "5 items/s", &[unit("items/s", 1.0, 1.0)]);
/// Base: degrees Celsius.
pub(crate) static TEMPERATURE: Dimension = Dimension {
    name: "a temperature",
    example: "60 C",
    units: &[unit("C", 1.0, 1.0), unit("°C", 1.0, 1.0)],
    bare: false,
    signed: true,
};
/// Base: kelvin.
pub(crate) static TEMPERATURE_DIFFERENCE: Dimension =
    dimension("a difference of temperatures", "4 K", &[unit("K", 1.0, 1.0)]);
/// Base: hertz.
pub(crate) static FREQUENCY: Dimension = dimension("a rate of sampling", "10 Hz", &[unit("Hz", 1.0, 1.0)]);
/// Base: per cent.
pub(crate) static PERCENT: Dimension = dimension("a percentage", "15 %", &[unit("%", 1.0, 1.0)]);
/// Base: a part of one.
pub(crate) static RATIO: Dimension = Dimension {
    name: "a part of one or a percentage",
    example: "5 %",
    units: &[unit("%", 1.0, 100.0)],
    bare: true,
    signed: false,
};
/// Base: a count.
pub(crate) static COUNT: Dimension =
    Dimension { name: "a count", example: "3", units: &[], bare: true, signed: false };
/// Base: whatever unit somebody chooses.
pub(crate) static COST: Dimension =
    Dimension { name: "a cost", example: "0.5", units: &[], bare: true, signed: false };
/// Base: watts.
pub(crate) static POWER: Dimension =
    dimension("a power", "15 W", &[unit("mW", 1.0, 1000.0), unit("W", 1.0, 1.0)]);
/// Base: bytes.
pub(crate) static BYTES: Dimension = dimension(
    "an amount of memory",
    "2.5 GiB",
    &[
        unit("B", 1.0, 1.0),
        unit("KiB", 1024.0, 1.0),
        unit("MiB", 1_048_576.0, 1.0),
        unit("GiB", 1_073_741_824.0, 1.0),
    ],
);
/// Base: MiB.
pub(crate) static MEBIBYTES: Dimension = dimension(
    "an amount of memory",
    "512 MiB",
    &[unit("KiB", 1.0, 1024.0), unit("MiB", 1.0, 1.0), unit("GiB", 1024.0, 1.0)],
);
/// Base: MiB per minute.
pub(crate) static GROWTH: Dimension = dimension(
    "a growth of memory",
    "1 MiB/min",
    &[unit("KiB/min", 1.0, 1024.0), unit("MiB/min", 1.0, 1.0), unit("MiB/h", 1.0, 60.0)],
);
/// Base: tokens per joule.
pub(crate) static TOKENS_PER_JOULE: Dimension =
    dimension("a yield of energy", "4 tokens/J", &[unit("tokens/J", 1.0, 1.0)]);
/// Base: joules per token.
pub(crate) static JOULES_PER_TOKEN: Dimension =
    dimension("a cost in energy", "0.25 J/token", &[unit("J/token", 1.0, 1.0)]);
/// Base: seconds; for gates that count in seconds.
pub(crate) static SECONDS: Dimension = dimension(
    "a duration",
    "90 s",
    &[unit("ms", 1.0, 1e3), unit("s", 1.0, 1.0), unit("min", 60.0, 1.0), unit("h", 3600.0, 1.0)],
);

/// Every dimension, to say what a misplaced unit measures.
pub(crate) static ALL: &[&Dimension] = &[
    &DURATION,
    &TOKEN_RATE,
    &ITEM_RATE,
    &TEMPERATURE,
    &TEMPERATURE_DIFFERENCE,
    &FREQUENCY,
    &PERCENT,
    &BYTES,
    &GROWTH,
    &TOKENS_PER_JOULE,
    &JOULES_PER_TOKEN,
];

impl Dimension {
    /// The accepted units in words.
    pub fn accepted(&self) -> String {
        let units: Vec<_> = self.units.iter().map(|unit| format!("`{}`", unit.symbol)).collect();
        match (units.is_empty(), self.bare) {
            (true, _) => "no unit".to_owned(),
            (false, true) => format!("{} or a plain number", units.join(", ")),
            (false, false) => units.join(", "),
        }
    }

    /// The dimension whose unit this is, if it is any.
    pub fn of_unit(symbol: &str) -> Option<&'static Dimension> {
        ALL.iter().copied().find(|dimension| dimension.units.iter().any(|unit| unit.symbol == symbol))
    }
}
