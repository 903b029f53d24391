//! Who vouches for what: keys of one line, detached ed25519 signatures, and the statement that a person signs below a
//! report. Pure: bytes and texts in, findings out; no file, no clock, no randomness.
//!
//! Whatever is signed is signed for one [`Purpose`], so that a signature of one thing is none of another. Which keys count
//! is said by whoever checks, in a [`Trust`] list.

#![forbid(unsafe_code)]

mod error;
mod key;
mod moment;
mod purpose;
mod sheet;
mod signature;
mod standing;
mod statement;
mod trust;
mod words;

pub use error::SigningError;
pub use key::{PublicKey, SecretKey};
pub use moment::{Day, Moment};
pub use purpose::Purpose;
pub use sheet::{Entry, MAX_SHEET_BYTES, Sheet};
pub use signature::Signature;
pub use standing::{Examined, Sign, Standing, examine};
pub use statement::{Meaning, Statement, Subject};
pub use trust::{MAX_TRUST_BYTES, Trust, Trusted};
