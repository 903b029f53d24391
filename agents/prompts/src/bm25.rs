//! Okapi BM25 over a small corpus, after Robertson and Zaragoza, "The Probabilistic Relevance Framework"
//! (2009), with the idf that stays positive: `ln(1 + (N - n + 0.5) / (n + 0.5))`.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::words::terms;

/// Saturation of a term's frequency.
const K1: f64 = 1.2;
/// How much long documents are held back.
const B: f64 = 0.75;

/// An inverted index; documents are known by their position.
#[derive(Debug)]
pub(crate) struct Index {
    /// Documents that hold a term, by position, with how often.
    postings: HashMap<String, Vec<(usize, f64)>>,
    /// `1 - b + b * length / average length` of each document.
    length_factors: Vec<f64>,
}

impl Index {
    /// Indexes each document's fields as one text.
    pub fn new<'a, const N: usize>(documents: impl Iterator<Item = [&'a str; N]>) -> Self {
        let mut postings: HashMap<String, Vec<(usize, f64)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (position, fields) in documents.enumerate() {
            let mut length = 0_usize;
            for term in fields.into_iter().flat_map(terms) {
                length += 1;
                let posting = postings.entry(term).or_default();
                match posting.last_mut() {
                    Some((last, count)) if *last == position => *count += 1.0,
                    _ => posting.push((position, 1.0)),
                }
            }
            lengths.push(length as f64);
        }
        let average = lengths.iter().sum::<f64>() / lengths.len().max(1) as f64;
        let length_factors =
            lengths.iter().map(|length| if average > 0.0 { 1.0 - B + B * length / average } else { 1.0 });
        Self { length_factors: length_factors.collect(), postings }
    }

    /// Positions of the best `top_k` documents, best first; equal scores in the order of positions.
    pub fn search(&self, query: &str, top_k: usize) -> Vec<usize> {
        let scores = self.scores(query);
        let mut found: Vec<usize> = (0..scores.len()).filter(|&position| scores[position] > 0.0).collect();
        found.sort_by(|&one, &other| scores[other].total_cmp(&scores[one]).then(one.cmp(&other)));
        found.truncate(top_k);
        found
    }

    /// The best document and its share of the score that these words could reach at the most: 1 where it holds each of
    /// them often, 0 for none. Words that no document holds count, for they are what is asked for in vain.
    pub fn best(&self, query: &str) -> Option<(usize, f64)> {
        let scores = self.scores(query);
        let (position, score) = best(scores.iter().copied().enumerate())?;
        let held = |term: String| self.postings.get(&term).map_or(0, Vec::len);
        let distinct: BTreeSet<String> = terms(query).collect();
        let most: f64 = distinct.into_iter().map(|term| self.idf(held(term)) * (K1 + 1.0)).sum();
        (score > 0.0).then(|| (position, score / most))
    }

    /// The best of these documents alone; `None` where none shares a word with the query.
    pub fn best_of(&self, query: &str, positions: Range<usize>) -> Option<usize> {
        let scores = self.scores(query);
        let (position, score) = best(positions.filter_map(|at| Some((at, *scores.get(at)?))))?;
        (score > 0.0).then_some(position)
    }

    /// Each document's score; zero for those that share no word with the query.
    fn scores(&self, query: &str) -> Vec<f64> {
        let mut scores = vec![0.0_f64; self.length_factors.len()];
        // A sorted set: floating-point sums must not depend on the order of a hash table.
        for term in terms(query).collect::<BTreeSet<_>>() {
            let Some(posting) = self.postings.get(&term) else { continue };
            let idf = self.idf(posting.len());
            for &(position, frequency) in posting {
                let saturated = frequency * (K1 + 1.0) / (frequency + K1 * self.length_factors[position]);
                scores[position] += idf * saturated;
            }
        }
        scores
    }

    fn idf(&self, holding: usize) -> f64 {
        let (all, holding) = (self.length_factors.len() as f64, holding as f64);
        (1.0 + (all - holding + 0.5) / (holding + 0.5)).ln()
    }
}

/// The highest score; of equal ones the first.
fn best(scores: impl Iterator<Item = (usize, f64)>) -> Option<(usize, f64)> {
    scores.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(texts: &[&str]) -> Index {
        Index::new(texts.iter().map(|text| [*text]))
    }

    #[test]
    fn rare_words_outweigh_frequent_ones() {
        let index = index(&["the pump leaks", "the seal of the pump", "the vendor exception"]);
        assert_eq!(index.search("the vendor", 3), [2, 1, 0]);
        assert_eq!(index.search("seal", 3), [1]);
        assert!(index.search("unknown words", 3).is_empty());
    }

    #[test]
    fn equal_scores_keep_the_order_of_documents() {
        let index = index(&["valve one", "valve two", "valve six"]);
        assert_eq!(index.search("valve", 2), [0, 1]);
    }

    #[test]
    fn a_score_is_the_published_formula() {
        // N = 2, n = 1, frequency 2, length 2, average 3: idf ln(2), length factor 0.25 + 0.75 * 2 / 3.
        let index = index(&["seal seal", "pump valve hose bolt"]);
        let expected = 2.0_f64.ln() * 2.0 * 2.2 / (2.0 + 1.2 * 0.75);
        let scores = index.scores("seal");
        assert!((scores[0] - expected).abs() < 1e-12, "{scores:?}");
        assert_eq!(scores[1].to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn empty_corpora_and_documents_find_nothing() {
        assert!(index(&[]).search("x", 3).is_empty());
        assert!(index(&["", " - "]).search("x", 3).is_empty());
    }

    #[test]
    fn the_share_falls_with_words_that_nobody_holds() {
        let index = index(&["seal kit shelf", "pump motor shelf", "valve"]);
        let share = |query| index.best(query).map(|(at, share)| (at, (share * 100.0).round()));
        assert_eq!(
            share("seal kit"),
            Some((0, 41.0)),
            "both words, once each, in a document that is rather long"
        );
        assert_eq!(share("seal kit of the moon").map(|found| found.0), Some(0));
        assert!(share("seal kit of the moon") < share("seal kit"));
        assert_eq!(share("moon"), None);
        assert_eq!(index.best_of("shelf", 1..3), Some(1));
        assert_eq!(index.best_of("seal", 1..3), None);
    }

    proptest! {
        #[test]
        fn the_best_is_the_first_hit_and_its_share_a_part_of_one(texts in prop::collection::vec("[a-d ]{0,12}", 0..8), query in "[a-f ]{0,6}") {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let index = index(&texts);
            let best = index.best(&query);
            prop_assert_eq!(best.map(|(at, _)| at), index.search(&query, 1).first().copied());
            prop_assert!(best.is_none_or(|(_, share)| share > 0.0 && share <= 1.0));
        }

        #[test]
        fn every_hit_shares_a_word_and_comes_once(texts in prop::collection::vec("[a-d ]{0,12}", 0..8), query in "[a-d ]{0,6}") {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let found = index(&texts).search(&query, 100);
            let words: BTreeSet<String> = terms(&query).collect();
            let sharing: BTreeSet<usize> =
                (0..texts.len()).filter(|&at| terms(texts[at]).any(|term| words.contains(&term))).collect();
            prop_assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), sharing);
            prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len());
        }
    }
}
