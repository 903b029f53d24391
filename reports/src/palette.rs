//! Colours, light and dark. One meaning, one colour; text on its ground has a contrast of at least 4.5 : 1.

use std::fmt::Write as _;

/// Name of the CSS variable, value in the light, value in the dark.
pub(crate) const COLOURS: [(&str, &str, &str); 25] = [
    ("ground", "#f7f7f5", "#121315"),
    ("card", "#ffffff", "#1a1c1f"),
    ("ink", "#1b1d21", "#e8e8e4"),
    ("soft", "#575c64", "#a3a9b2"),
    ("line", "#e0e0dc", "#2d3035"),
    ("fail", "#a8201a", "#ff8f86"),
    ("fail-ground", "#fbeae8", "#381917"),
    ("pass", "#17653a", "#7fd6a0"),
    ("pass-ground", "#e7f4ec", "#132c1e"),
    ("open", "#7d5200", "#eec062"),
    ("open-ground", "#fbf2dc", "#322710"),
    ("lab", "#5b3f9a", "#c4adfa"),
    ("lab-ground", "#f0ecfa", "#261d3d"),
    ("none", "#575c64", "#a3a9b2"),
    ("none-ground", "#efefec", "#212327"),
    ("rate", "#1d4f9f", "#8ab6f9"),
    ("heat", "#a8201a", "#ff8f86"),
    ("warm", "#a4530a", "#f0ab66"),
    ("clock", "#475060", "#b9c0cb"),
    ("power", "#6a489f", "#c4a9f6"),
    ("memory", "#0f6668", "#6bcfcf"),
    ("cpu", "#6b5d18", "#d4c46c"),
    ("grid", "#e9e9e5", "#26292d"),
    ("shade", "#eef0f4", "#22252b"),
    ("virtual", "#76528b", "#cfa6e4"),
];

/// The variables for the style sheet.
pub(crate) fn variables() -> String {
    let mut css = String::from(":root{color-scheme:light dark;");
    for (name, light, _) in COLOURS {
        let _ = write!(css, "--{name}:{light};");
    }
    css.push_str("}@media screen and (prefers-color-scheme:dark){:root{");
    for (name, _, dark) in COLOURS {
        let _ = write!(css, "--{name}:{dark};");
    }
    css.push_str("}}\n");
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of WCAG 2.
    fn luminance(colour: &str) -> f64 {
        let channel = |place: usize| {
            let value = u8::from_str_radix(&colour[place..place + 2], 16).expect("two hex digits");
            let part = f64::from(value) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_can_be_read_on_its_ground() {
        let value =
            |name: &str| COLOURS.iter().find(|colour| colour.0 == name).expect("a colour of the table");
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for text in ["ink", "soft", "fail", "pass", "open", "lab", "none", "virtual", "rate"] {
            pairs.extend([(text, "ground"), (text, "card")]);
        }
        for text in ["heat", "warm", "clock", "power", "memory", "cpu"] {
            pairs.extend([(text, "card"), (text, "shade")]);
        }
        for mood in ["fail", "pass", "open", "lab", "none"] {
            let ground = COLOURS.iter().find(|c| c.0 == format!("{mood}-ground")).expect("a ground").0;
            pairs.extend([(mood, ground), ("ink", ground), ("soft", ground), ("virtual", ground)]);
        }
        for (text, ground) in pairs {
            let (text, ground) = (value(text), value(ground));
            for (a, b) in [(text.1, ground.1), (text.2, ground.2)] {
                assert!(contrast(a, b) >= 4.5, "{} on {}: {:.2}", text.0, ground.0, contrast(a, b));
            }
        }
    }

    /// A colour mixed into another one, as `color-mix(in srgb, ..)` does.
    fn mixed(colour: &str, percent: f64, ground: &str) -> String {
        let channel = |text: &str, place: usize| {
            f64::from(u8::from_str_radix(&text[place..place + 2], 16).expect("two hex digits"))
        };
        let part = |place| {
            let mix = channel(colour, place) * percent + channel(ground, place) * (100.0 - percent);
            let far = |byte: &u8| (f64::from(*byte) * 100.0 - mix).abs();
            (0..=255_u8).min_by(|one, other| far(one).total_cmp(&far(other))).expect("a byte")
        };
        format!("#{:02x}{:02x}{:02x}", part(1), part(3), part(5))
    }

    #[test]
    fn every_shade_of_a_margin_can_be_read() {
        let value =
            |name: &str| COLOURS.iter().find(|colour| colour.0 == name).expect("a colour of the table");
        let mut shades = 0;
        for rule in include_str!("page/report.css").lines().filter(|line| line.starts_with(".heat .")) {
            let Some((_, mix)) = rule.split_once("color-mix(in srgb,var(--") else { continue };
            let (name, rest) = mix.split_once(')').expect("the end of a variable");
            let (percent, ground) = rest.trim().split_once("%,var(--").expect("a part and a ground");
            let (colour, ground) = (value(name), value(ground.split(')').next().expect("a name")));
            let percent: f64 = percent.parse().expect("a number");
            for (ink, colour, ground) in
                [(value("ink").1, colour.1, ground.1), (value("ink").2, colour.2, ground.2)]
            {
                let shade = mixed(colour, percent, ground);
                assert!(contrast(ink, &shade) >= 4.5, "{rule}: {:.2}", contrast(ink, &shade));
            }
            shades += 1;
        }
        assert_eq!(shades, 6);
    }
}
