//! Settings of a device that its agent makes for a session and takes back.

use crate::dimension::DURATION;
use crate::shape::{Section, Shape, optional};

const ON_OFF: &[&str] = &["on", "off"];

/// In the order in which an agent makes them: what ends a link comes last.
pub(crate) fn section() -> Section {
    let switch = |name, about| optional(name, Shape::Word(ON_OFF), about);
    Section {
        name: "`settings`",
        about: "Settings of the device during a session; its agent reads them back and undoes them.",
        keys: vec![
            switch("stay-awake", "The screen never times out while the device is plugged."),
            optional(
                "screen-off-timeout",
                Shape::WordOr(&["never"], Box::new(Shape::Quantity(&DURATION, "1 s", "24 h"))),
                "Idle time after which the screen goes off.",
            ),
            optional(
                "brightness",
                Shape::WordOr(&["auto"], Box::new(Shape::Integer(0, 255))),
                "Brightness of the screen, from 0 to 255; or `auto`.",
            ),
            switch("screen", "The screen itself."),
            optional(
                "doze",
                Shape::Word(&["on", "off", "deep", "light"]),
                "Idle modes of the system that may begin: both, none, or one of them.",
            ),
            optional(
                "zen",
                Shape::Word(&["off", "priority", "none", "alarms"]),
                "Who may disturb: everybody, the chosen ones, nobody, alarms.",
            ),
            optional(
                "thermal-override",
                Shape::Word(&["off"]),
                "A heat status that somebody has set by hand, taken off and given back.",
            ),
            optional(
                "background-apps",
                Shape::Word(&["ended"]),
                "Apps that the system keeps for later, ended once; it starts them again when they are wanted.",
            ),
            optional(
                "oom-score",
                Shape::Word(&["app", "inherited"]),
                "How soon memory that runs out kills the runtime: as an app in front, which is the rule, or as adb has it.",
            ),
            switch("fixed-performance", "The system's mode of fixed clocks, where it has one."),
            switch("charging", "Charging, through a node of a device that allows it."),
            switch("wifi", "Wireless network. Without it, an agent behind it is out of reach."),
            switch("airplane", "All radios off."),
        ],
    }
}
