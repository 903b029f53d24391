//! What was probably meant.

/// The candidate that differs least from `wrong`, if any is near enough to be a slip of the hand.
#[must_use]
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Comparing is quadratic; nobody misspells a name of this length.
    const LONGEST: usize = 128;
    if wrong.len() > LONGEST {
        return None;
    }
    let lower = wrong.to_lowercase();
    let near = |candidate: &&str| {
        let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
        let allowed = (candidate.chars().count().max(lower.chars().count()) / 3).max(1);
        let contained = lower.len() >= 3 && (candidate.contains(&lower) || lower.contains(*candidate));
        // Of equally near names the one with the same first letter was meant: slips are rare there.
        let other_start = lower.chars().next() != candidate.to_lowercase().chars().next();
        (distance <= allowed || contained).then_some((distance, other_start))
    };
    let ranked = candidates.into_iter().filter_map(|candidate| Some((near(&candidate)?, candidate)));
    ranked.min().map(|(_, candidate)| candidate)
}

/// The help for a wrong name: what was probably meant, else everything that may stand there.
#[must_use]
pub fn suggest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    /// Enough to see what the names are like.
    const MOST: usize = 40;
    let mut known: Vec<&str> = known.into_iter().collect();
    if let Some(near) = nearest(wrong, known.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    known.dedup();
    let more = known.len().saturating_sub(MOST);
    known.truncate(MOST);
    let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    match (names.is_empty(), more) {
        (true, _) => "none is defined at all".to_owned(),
        (false, 0) => format!("known: {}", names.join(", ")),
        (false, more) => format!("known: {} and {more} more", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_recognised_and_a_wholly_other_word_is_not() {
        let known = ["duration", "prompts", "output_tokens"];
        assert_eq!(nearest("duraton", known), Some("duration"));
        assert_eq!(nearest("Prompts", known), Some("prompts"));
        assert_eq!(nearest("output", known), Some("output_tokens"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest(&"x".repeat(4000), known), None);
    }

    #[test]
    fn without_a_near_name_all_names_are_told() {
        assert_eq!(suggest("zzz", ["a", "b"]), "known: `a`, `b`");
        assert_eq!(suggest("zzz", []), "none is defined at all");
    }
}
