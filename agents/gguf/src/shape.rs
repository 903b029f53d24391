//! The shape of a model's layers, and what a token of context costs in them.

use crate::metadata::Metadata;

/// Most layers that a model may have.
pub const MAX_LAYERS: u64 = 512;
const MAX_HEADS: u64 = 65_535;
const MAX_LENGTH: u64 = 65_535;
const MAX_WIDTH: u64 = 16_777_215;

const LAYERS: &str = "block_count";
const CONTEXT: &str = "context_length";
const EMBEDDING: &str = "embedding_length";
const FEED_FORWARD: &str = "feed_forward_length";
const VOCABULARY: &str = "vocab_size";
const EXPERTS: &str = "expert_count";
const HEADS: &str = "attention.head_count";
const KV_HEADS: &str = "attention.head_count_kv";
const KEY: &str = "attention.key_length";
const VALUE: &str = "attention.value_length";
const WINDOW: &str = "attention.sliding_window";
const COMPRESSED: &str = "attention.kv_lora_rank";

/// Keys behind the architecture's name that say something of its shape.
const KEYS: [&str; 12] = [
    LAYERS,
    CONTEXT,
    EMBEDDING,
    FEED_FORWARD,
    VOCABULARY,
    EXPERTS,
    HEADS,
    KV_HEADS,
    KEY,
    VALUE,
    WINDOW,
    COMPRESSED,
];

/// Begins of keys that only architectures have which keep a state beside keys and values, or in their place.
const STATES: [&str; 3] = ["ssm.", "wkv.", "shortconv."];

/// Whether a pair says something of a shape.
pub(crate) fn is_of_shape(key: &str) -> bool {
    let behind = |(_, behind): (&str, &str)| {
        KEYS.contains(&behind) || STATES.iter().any(|state| behind.starts_with(state))
    };
    key == ALIGNMENT || key.split_once('.').is_some_and(behind)
}

/// How the begin of each tensor is rounded up, bytes.
pub(crate) const ALIGNMENT: &str = "general.alignment";

/// The shape of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// Its layers, in order; at most [`MAX_LAYERS`].
    pub layers: Vec<Layer>,
    /// Numbers that a token is between two layers.
    pub embedding: u64,
    /// Tokens that it was trained to look back on, if it says so.
    pub context: Option<u64>,
    /// Tokens that some of its layers look back on, if it says so.
    pub window: Option<u64>,
    /// Number of its tokens.
    pub vocabulary: u64,
    /// Experts of each layer; 0 where there are none.
    pub experts: u64,
    /// It keeps a state beside keys and values, or in their place.
    pub keeps_state: bool,
    /// It keeps something smaller from which keys and values are made.
    pub compresses: bool,
}

/// One layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// Heads that ask.
    pub heads: u64,
    /// Heads that keep keys and values; as many as `heads`, or fewer that are shared, down to one.
    pub kv_heads: u64,
    /// Numbers of a key.
    pub key: u64,
    /// Numbers of a value.
    pub value: u64,
    /// Width of its feed-forward part.
    pub feed_forward: u64,
}

/// What about a shape is not clear: a key behind the architecture's name, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear {
    key: &'static str,
    why: &'static str,
}

impl std::fmt::Display for Unclear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the header's `{}` {}", self.key, self.why)
    }
}

impl Shape {
    /// Bytes of the keys and values of so many tokens, `number` bytes each number: over all layers, KV heads times
    /// key and value, times tokens. A window counts for nothing here: whether less is kept for it is up to the engine.
    #[must_use]
    pub fn kv_cache(&self, tokens: u64, number: u64) -> u64 {
        let numbers = self.layers.iter().map(|layer| layer.kv_heads * (layer.key + layer.value));
        numbers.sum::<u64>().saturating_mul(tokens).saturating_mul(number)
    }
}

impl Metadata {
    /// The shape that the header describes.
    ///
    /// # Errors
    /// A number that everything rests on is missing, or cannot be.
    pub fn shape(&self) -> Result<Shape, Unclear> {
        let count = self.one(LAYERS, MAX_LAYERS)?.ok_or(missing(LAYERS))?;
        let embedding = self.one(EMBEDDING, MAX_WIDTH)?.ok_or(missing(EMBEDDING))?;
        let heads = self.each(HEADS, count, MAX_HEADS)?.ok_or(missing(HEADS))?;
        let kv_heads = self.each(KV_HEADS, count, MAX_HEADS)?.unwrap_or_else(|| heads.clone());
        let feed_forward = self.each(FEED_FORWARD, count, MAX_WIDTH)?.ok_or(missing(FEED_FORWARD))?;
        // Every head has its part of the embedding, unless the header says otherwise.
        let part = || heads.first().and_then(|heads| embedding.checked_div(*heads));
        let length = |key| self.one(key, MAX_LENGTH)?.or_else(part).ok_or(missing(key));
        let (key, value) = (length(KEY)?, length(VALUE)?);
        let layers = heads.iter().zip(kv_heads).zip(feed_forward);
        let layers = layers.map(|((heads, kv_heads), feed_forward)| Layer {
            heads: *heads,
            kv_heads,
            key,
            value,
            feed_forward,
        });
        Ok(Shape {
            layers: layers.collect(),
            embedding,
            context: self.one(CONTEXT, u64::MAX)?,
            window: self.one(WINDOW, u64::MAX)?.filter(|window| *window > 0),
            vocabulary: self.one(VOCABULARY, MAX_WIDTH)?.max(self.vocabulary).ok_or(missing(VOCABULARY))?,
            experts: self.one(EXPERTS, MAX_WIDTH)?.unwrap_or(0),
            keeps_state: self.behind().any(|key| STATES.iter().any(|state| key.starts_with(state))),
            compresses: self.one(COMPRESSED, u64::MAX)?.is_some(),
        })
    }

    /// Kept keys without the architecture's name.
    fn behind(&self) -> impl Iterator<Item = &str> {
        let name = self.architecture.as_deref().unwrap_or_default();
        self.numbers.keys().filter_map(move |key| key.strip_prefix(name)?.strip_prefix('.'))
    }

    fn found(&self, key: &str) -> Option<&[u64]> {
        let name = self.architecture.as_deref()?;
        self.numbers.get(&format!("{name}.{key}")).map(Vec::as_slice)
    }

    /// A number that is one for all layers.
    fn one(&self, key: &'static str, most: u64) -> Result<Option<u64>, Unclear> {
        match self.found(key) {
            None => Ok(None),
            Some([number]) if *number <= most => Ok(Some(*number)),
            Some([_]) => Err(Unclear { key, why: "is larger than any model's" }),
            Some(_) => Err(Unclear { key, why: "is no single number" }),
        }
    }

    /// A number per layer, all the same where the header has one for all.
    fn each(&self, key: &'static str, layers: u64, most: u64) -> Result<Option<Vec<u64>>, Unclear> {
        let Some(numbers) = self.found(key) else { return Ok(None) };
        if numbers.iter().any(|number| *number > most) {
            return Err(Unclear { key, why: "is larger than any model's" });
        }
        match numbers {
            [one] => Ok(Some((0..layers).map(|_| *one).collect())),
            each if each.len() as u64 == layers => Ok(Some(each.to_vec())),
            _ => Err(Unclear { key, why: "has not one number per layer" }),
        }
    }
}

fn missing(key: &'static str) -> Unclear {
    Unclear { key, why: "is missing" }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
