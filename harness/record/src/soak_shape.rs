//! What the rate of a soak looked like over its time.

use serde::{Deserialize, Serialize};

macro_rules! shapes {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal, $phrase:literal;)*) => {
        /// The course of a soak's decode rate, the effect of the context removed. Information, never a gate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum SoakShape { $($(#[doc = $doc])* $name,)* }

        impl SoakShape {
            /// Every shape.
            pub const ALL: &'static [SoakShape] = &[$(SoakShape::$name,)*];

            /// The word used in JSON.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(SoakShape::$name => $word,)* }
            }

            /// The words for people.
            #[must_use]
            pub fn phrase(self) -> &'static str {
                match self { $(SoakShape::$name => $phrase,)* }
            }

            /// What it means, one sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(SoakShape::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

shapes! {
    /// The rate never fell below 90 % of its begin.
    Flat = "flat", "flat";
    /// The rate fell, and held its new level at the end.
    ThrottledSettled = "throttled_settled", "throttled, settled";
    /// The rate fell, and had not come to rest at the end.
    ThrottledUnsettled = "throttled_unsettled", "throttled, not settled";
    /// The rate fell and rose again and again.
    Oscillating = "oscillating", "oscillating";
    /// The rate fell at once, from one level to the next.
    Stepped = "stepped", "stepped down";
    /// The rate fell, and had risen again by the end.
    Recovering = "recovering", "recovering";
    /// The soak was ended before its time: by a crash, by the system, or at a limit of the device.
    Killed = "killed", "killed";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_serialised_form() {
        for shape in SoakShape::ALL {
            let json = serde_json::to_string(shape).expect("a word");
            assert_eq!(json, format!("\"{}\"", shape.word()));
            assert!(shape.meaning().ends_with('.') && !shape.meaning().starts_with(' '));
        }
    }
}
