//! Who vouches for a set: a signature over the canonical manifest without it.

use edgesoak_signing::{PublicKey, Purpose};

use crate::files::{Files, MANIFEST};
use crate::finding::{Finding, GoldenErrors};
use crate::problem::Problem;
use crate::seal::signed_bytes;
use crate::set::read_manifest;

/// What a signature says about a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Vouched {
    /// Nobody signed it.
    Unsigned,
    /// It was signed by a key that was not given.
    Unverified(String),
    /// A given key signed exactly this set.
    By(String),
}

/// Who signed a set, as far as the given keys can tell. A signature that does not fit is an error.
pub fn vouched(files: &Files, keys: &[PublicKey]) -> Result<Vouched, GoldenErrors> {
    let Some(signature) = read_manifest(files)?.signature else { return Ok(Vouched::Unsigned) };
    let Some(key) = keys.iter().find(|key| key.id() == signature.key_id) else {
        return Ok(Vouched::Unverified(signature.key_id));
    };
    let holds = key.signed(Purpose::GoldenSet, &signed_bytes(files)?, &signature);
    if holds.map_err(|error| wrong(error.to_string()))? {
        return Ok(Vouched::By(signature.key_id));
    }
    let complaint = format!("the signature of key {} does not fit this manifest", signature.key_id);
    Err(wrong(complaint).hint("the manifest was changed after it was signed, or signed elsewhere").into())
}

fn wrong(complaint: String) -> Finding {
    Finding::of(MANIFEST, Problem::Signature { complaint })
}
