//! What single characters become before compatibility normalisation, which would glue a raised 2 to the digits before
//! it.

/// What takes the place of a character.
pub(super) enum Mark {
    /// Nothing: it is not seen.
    Nothing,
    /// This text.
    Text(&'static str),
    /// A digit, sign or letter that stands raised.
    Raised(char),
    /// A digit that stands lowered.
    Lowered(char),
    /// A fraction of one with a decimal form: what stands behind the point.
    Part(&'static str),
    /// Itself, apart from what stands beside it.
    Apart,
    /// Itself.
    Same,
}

/// What takes the place of `c`.
pub(super) fn mark(c: char) -> Mark {
    match c {
        // Directions, joiners, soft hyphens, variation selectors, tags, and the stroke that stretches Arabic words.
        '\u{061C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{00AD}'
        | '\u{034F}'
        | '\u{180B}'..='\u{180E}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{E0000}'..='\u{E0FFF}'
        | '\u{0640}' => Mark::Nothing,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => Mark::Text("-"),
        '\u{2018}'..='\u{201B}' | '\u{2039}' | '\u{203A}' | '\u{2032}' | '\u{00B4}' => Mark::Text("'"),
        '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' | '\u{2033}' | '\u{300C}'..='\u{300F}' => {
            Mark::Text("\"")
        }
        '【' | '〔' => Mark::Text("["),
        '】' | '〕' => Mark::Text("]"),
        '٫' => Mark::Text("."),
        '٬' | '،' => Mark::Text(","),
        '٪' => Mark::Text("%"),
        '؟' => Mark::Text("?"),
        '؛' => Mark::Text(";"),
        '⁄' | '∕' => Mark::Text("/"),
        '\u{22C5}' | '\u{2219}' => Mark::Text("·"),
        '½' => Mark::Part("5"),
        '¼' => Mark::Part("25"),
        '¾' => Mark::Part("75"),
        '⅐'..='⅞' | '↉' | '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' => {
            Mark::Apart
        }
        _ => script(c),
    }
}

fn script(c: char) -> Mark {
    let from = |zero: u32| char::from_digit(u32::from(c).wrapping_sub(zero), 10);
    match c {
        '¹' => Mark::Raised('1'),
        '²' => Mark::Raised('2'),
        '³' => Mark::Raised('3'),
        '⁺' => Mark::Raised('+'),
        '⁻' => Mark::Raised('-'),
        '\u{2070}'..='\u{2079}' => from(0x2070).map_or(Mark::Same, Mark::Raised),
        '\u{2080}'..='\u{2089}' => from(0x2080).map_or(Mark::Same, Mark::Lowered),
        _ => Mark::Same,
    }
}
