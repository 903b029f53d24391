//! Tokens: a row for each callback of the engine.

use std::io;

use super::{Rows, Table};
use crate::callbacks;
use crate::export::cell::Column;
use crate::export::target::Told;
use crate::export::zero;

pub(crate) const TABLE: Table = Table {
    name: "tokens",
    columns: &[
        Column::count("prompt"),
        Column::count("token_index"),
        Column::nanos("t_mono_ns"),
        Column::real("t_s", "s"),
        Column::count("tokens"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let zero = zero::of(told.record);
    for prompt in &told.record.prompts {
        let mut index = 0_u64;
        for (at, tokens) in callbacks::of(prompt) {
            row(&[
                prompt.index.into(),
                index.into(),
                at.into(),
                zero::seconds(zero, at).into(),
                tokens.into(),
            ])?;
            index = index.saturating_add(u64::from(tokens));
        }
    }
    Ok(())
}
