//! Which devices are looked at, how often, and with what.

use crate::dimension::DURATION;
use crate::shape::{Kind, Section, Shape, defaulted, required};

pub(crate) fn section() -> Section {
    Section {
        name: "`health_check`",
        about: "What `edgesoak devices --check` measures, and which devices are due.",
        keys: vec![
            required(
                "profile",
                Shape::Reference(Kind::Profile),
                "A short profile whose `candidates` are known to be good.",
            ),
            defaulted(
                "every",
                Shape::Quantity(&DURATION, "1 min", "720 h"),
                r#""24 h""#,
                "A device in quarantine is due this long after its last check.",
            ),
            defaulted(
                "after",
                Shape::Integer(1, 50),
                "3",
                "Any other device is due after so many runs in a row in which it or the lab let no session complete.",
            ),
        ],
    }
}
