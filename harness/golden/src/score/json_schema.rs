//! `json_schema`: the answer is one JSON value that a schema of the set accepts.

use std::collections::BTreeMap;

use super::part::Finding;
use super::reading::Reading;
use super::rule::Rule;
use super::unfit::Unfit;
use crate::schema::Schema;

const NAME: &str = "json_schema";

#[derive(Debug)]
pub(crate) struct Shaped {
    schema: Schema,
}

impl Shaped {
    pub(crate) fn prepare(path: &str, schemas: &BTreeMap<String, Schema>) -> Result<Self, Unfit> {
        let schema = schemas
            .get(path)
            .ok_or_else(|| Unfit::new(NAME, format!("names `{path}`, which is no schema of the set")))?;
        Ok(Self { schema: schema.clone() })
    }
}

impl Rule for Shaped {
    fn name(&self) -> &'static str {
        NAME
    }

    fn judge(&self, reading: &Reading<'_>) -> Finding {
        match reading.json() {
            Err(why) => Finding::holds(false, why),
            Ok(value) => match self.schema.check(value) {
                Ok(()) => Finding::holds(true, "the schema accepts it"),
                Err(misfit) => Finding::holds(false, misfit.to_string()),
            },
        }
    }
}
