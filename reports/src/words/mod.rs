//! Numbers, times and texts as people read them.

pub(crate) mod gate;
pub(crate) mod number;
pub(crate) mod suspect;
pub(crate) mod text;
pub(crate) mod time;
