//! What is decoded, for how long.

use crate::dimension::{DURATION, FREQUENCY};
use crate::shape::{Section, Shape, defaulted, optional, required};

pub(crate) fn section() -> Section {
    Section {
        name: "a workload",
        about: "What is asked, for how long. Either `prompts` or `items`.",
        keys: vec![
            required("duration", Shape::Quantity(&DURATION, "1 s", "24 h"), "Length of the soak."),
            optional("prompts", Shape::Path, "The prompt cycle, JSON lines, relative to the matrix."),
            optional(
                "items",
                Shape::Path,
                "Items in a cycle, JSON lines, each answered to its own end; relative to the matrix.",
            ),
            defaulted(
                "output_tokens",
                Shape::Integer(1, 8192),
                "128",
                "Forced length of each answer; of items, the longest.",
            ),
            defaulted(
                "template",
                Shape::WordOr(&["artifact", "question"], Box::new(Shape::Path)),
                r#""artifact""#,
                "Chat template: the one in the artifact, a .jinja file, or none: the question alone.",
            ),
            optional("retrieval", Shape::Table(retrieval), "Documents to retrieve from, on the device."),
            defaulted(
                "think_time",
                Shape::Quantity(&DURATION, "0 s", "1 h"),
                r#""0 s""#,
                "Pause between prompts.",
            ),
            defaulted(
                "sample_rate",
                Shape::Quantity(&FREQUENCY, "1 Hz", "10 Hz"),
                r#""10 Hz""#,
                "Rate of the fast channels.",
            ),
            defaulted(
                "recovery_probe",
                Shape::WordOr(&["none"], Box::new(Shape::Table(recovery_probe))),
                r#""none""#,
                "Rest and burst after the soak.",
            ),
        ],
    }
}

fn retrieval() -> Section {
    Section {
        name: "`retrieval`",
        about: "Retrieval on the device.",
        keys: vec![
            required("corpus", Shape::Path, "The documents, JSON lines, relative to the matrix."),
            defaulted("top_k", Shape::Integer(1, 50), "3", "Documents per prompt."),
        ],
    }
}

fn recovery_probe() -> Section {
    Section {
        name: "`recovery_probe`",
        about: "Rest, then burst, after the soak: what recovers was heat or power.",
        keys: vec![
            required("rest", Shape::Quantity(&DURATION, "1 s", "1 h"), "Idle time."),
            required("burst", Shape::Quantity(&DURATION, "1 s", "10 min"), "Decode time after it."),
        ],
    }
}
