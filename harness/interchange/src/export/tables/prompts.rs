//! Prompts: when they were submitted, how long they were, how they ended. Never a word of them.

use std::io;

use super::{Rows, Table};
use crate::export::cell::Column;
use crate::export::target::Told;
use crate::export::zero;

pub(crate) const TABLE: Table = Table {
    name: "prompts",
    columns: &[
        Column::count("prompt"),
        Column::text("item"),
        Column::text("phase"),
        Column::nanos("submit_mono_ns"),
        Column::real("t_s", "s"),
        Column::nanos("retrieve_ns"),
        Column::nanos("render_ns"),
        Column::count("prompt_tokens"),
        Column::count("decoded_tokens"),
        Column::count("tokens_per_stamp"),
        Column::text("finish"),
        Column::nanos("first_token_mono_ns"),
        Column::nanos("last_token_mono_ns"),
        Column::nanos("engine_prefill_ns"),
        Column::nanos("engine_decode_ns"),
    ],
    rows,
};

fn rows(told: Told<'_>, row: Rows<'_>) -> io::Result<()> {
    let zero = zero::of(told.record);
    told.record.prompts.iter().try_for_each(|prompt| {
        row(&[
            prompt.index.into(),
            (&prompt.item).into(),
            (&prompt.phase).into(),
            prompt.submit.into(),
            zero::seconds(zero, prompt.submit).into(),
            prompt.retrieve.into(),
            prompt.render.into(),
            prompt.prompt_tokens.into(),
            prompt.decoded_tokens.into(),
            prompt.tokens_per_stamp.into(),
            prompt.finish.as_deref().into(),
            prompt.token_times.first().copied().into(),
            prompt.token_times.last().copied().into(),
            prompt.engine_prefill.into(),
            prompt.engine_decode.into(),
        ])
    })
}
