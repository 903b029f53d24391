//! `rack`: several virtual phones at once, attached as those of a lab are.
//!
//! Each is this program again, with the word `adbd`. They differ in kind and in unit, so no two throttle alike.

mod arguments;
mod error;
mod phone;
mod server;
mod tell;
mod words;

pub use arguments::Options;
pub use error::RackError;
pub use words::rack;
