//! The profiles that come with the product.

use super::Profile;
use super::parse::parse;
use crate::error::PhoneError;

macro_rules! embedded {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../profiles/", $name, ".toml")))),*]
    };
}

const BUILT_IN: &[(&str, &str)] = embedded![
    "exynos-mid",
    "iphone-class",
    "jetson-handheld",
    "pi-board",
    "sdm660-scanner",
    "sm6115-scanner",
    "snapdragon8-phone",
    "tensor-phone",
];

/// The names of the profiles that come with the product, in alphabetical order.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

impl Profile {
    /// A profile that comes with the product.
    pub fn built_in(name: &str) -> Result<Self, PhoneError> {
        let Some((_, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) else {
            return Err(PhoneError::unknown_profile(name, built_in_names()));
        };
        parse(&format!("{name}.toml"), text)
    }

    /// A profile from the text of a TOML file; `file` is its name in errors.
    pub fn parse(file: &str, text: &str) -> Result<Self, PhoneError> {
        parse(file, text)
    }
}
