//! `stop_reason`: why the model stopped.

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::{self, Unfit};

const NAME: &str = "stop_reason";

#[derive(Debug)]
pub(crate) struct Stopped {
    reason: String,
}

impl Stopped {
    pub(crate) fn prepare(reason: &str) -> Result<Self, Unfit> {
        unfit::text(NAME, reason)?;
        Ok(Self { reason: reason.to_owned() })
    }
}

impl Rule for Stopped {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        match reading.finish() {
            None => Finding::unknown("the runtime did not say why the model stopped"),
            Some(reason) if reason == self.reason => Finding::holds(true, format!("stopped by `{reason}`")),
            Some(_) => Finding::holds(false, format!("stopped by something else than `{}`", self.reason)),
        }
    }
}
