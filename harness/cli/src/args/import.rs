//! Arguments of `edgesoak import`.

use clap::builder::TypedValueParser;

/// Whose an imported session is, and what holds for it.
#[derive(Debug, clap::Args)]
pub struct Whose {
    /// Device that was measured, by its id; it need not be in the matrix
    #[arg(long, value_name = "NAME")]
    pub device: String,
    /// Family whose bars hold, for a device that is not in the matrix
    #[arg(long, value_name = "NAME")]
    pub family: Option<String>,
    /// Route whose bars hold [default: the only one of the matrix, else none]
    #[arg(long, value_name = "NAME")]
    pub route: Option<String>,
    /// What was asked there, in a word: sessions of one word are compared with each other, all others only within their file
    #[arg(long, value_name = "NAME", value_parser = said())]
    pub workload: Option<String>,
    /// Profile whose tier and start conditions hold [default: quick]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// A short text in which every character can be shown.
fn said() -> impl TypedValueParser<Value = String> {
    clap::builder::NonEmptyStringValueParser::new().try_map(|text| {
        let is_short = text.chars().count() <= 120 && !text.chars().any(char::is_control);
        is_short.then_some(text).ok_or("it is longer than 120 characters, or holds some that cannot be shown")
    })
}
