//! What the header of a GGUF model file says: how it is talked to, what shape its layers have, what its weights weigh.
//!
//! A file begins with magic, version, counts, metadata pairs and a list of tensors (GGUF specification, versions 2 and
//! 3, little endian). [`Metadata`] is what the pairs say, [`Header`] adds the tensors; weights are never read. The file
//! is hostile: every count is held against the bytes that are left, and nothing is allocated but what is kept.

#![forbid(unsafe_code)]

mod chat;
mod encoding;
mod error;
mod header;
#[cfg(test)]
mod made;
mod metadata;
mod shape;
mod source;
mod value;
mod weights;

pub use chat::Chat;
pub use encoding::Encoding;
pub use error::GgufError;
pub use header::Header;
pub use metadata::Metadata;
pub use shape::{Layer, MAX_LAYERS, Shape, Unclear};
pub use weights::{Tensor, Weights};
