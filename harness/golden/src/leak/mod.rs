//! Finds planted secrets in bytes of any kind: logs, databases, reports, answers.
//!
//! A secret is an unguessable text of letters and digits, planted where it must not leave. It is found as it is, cut
//! into pieces, and in base64, hexadecimal, percent encoding and UTF-16, in any case of letters and with anything
//! between its characters.

mod canary;
mod encoded;
mod form;
mod search;
mod secret;
mod squeezed;
mod trail;

pub use canary::{Canary, CanaryKey};
pub use form::Form;
pub use search::{Hit, Search};
pub use secret::WeakSecret;
pub use trail::Trail;
