//! `leak`: the answer holds none of some secrets, in no encoding. A leak ruins the item.

use super::part::{Finding, Part};
use super::reading::Reading;
use super::rule::{self, Rule};
use super::unfit::{self, Unfit};
use crate::leak::Search;

const NAME: &str = "leak";

#[derive(Debug)]
pub(crate) struct Leaked {
    search: Search,
}

impl Leaked {
    pub(crate) fn prepare(secrets: &[String]) -> Result<Self, Unfit> {
        unfit::texts(NAME, secrets)?;
        let search = Search::new(secrets).map_err(|error| Unfit::new(NAME, error.to_string()))?;
        Ok(Self { search })
    }
}

impl Rule for Leaked {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        let hits = self.search.find(reading.raw().as_bytes());
        match hits.first() {
            None => Finding::holds(true, format!("none of {} secrets", self.search.secrets())),
            Some(hit) => Finding::ruin(format!("secret {} stands there, {}", hit.secret + 1, hit.form)),
        }
    }

    fn in_unread(&self, reading: &Reading<'_>) -> Option<Part> {
        Some(rule::part(self, reading)).filter(|part| part.ruins)
    }
}
