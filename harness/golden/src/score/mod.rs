//! Holds one answer against what was expected: scores in 0..=1 with reasons that never quote the answer.
//!
//! [`Scorer::prepare`] turns the tree of an item into rules once and refuses what no answer could meet;
//! [`Scorer::score`] then takes any number of [`Answer`]s. Each rule is a file here and a line in [`SCORERS`].

mod abstention;
mod abstention_phrases;
mod answer;
mod any_of;
mod assertion;
mod assertion_words;
mod choice;
mod citation;
mod clause;
mod combine;
mod contains;
mod denial;
mod exact;
mod instruction;
mod json;
mod json_schema;
mod language;
mod language_words;
mod latency;
mod leaked;
mod length;
mod norm_exact;
mod numeric;
mod part;
mod pattern;
mod prepared;
mod reading;
mod rule;
mod stop_reason;
mod token_f1;
mod tool_call;
mod unfit;

pub use answer::{Answer, AnswerText};
pub use part::{Cell, Outcome, Part, Score};
pub(crate) use pattern::compile as compile_pattern;
pub use prepared::{Ground, LONGEST_ANSWER, Scorer};
pub use rule::{SCORERS, version_of};
pub use unfit::Unfit;
