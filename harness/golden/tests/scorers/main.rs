//! Every scorer on answers that meet it, miss it, or try to break it.

mod abstaining;
mod asked;
mod bounds;
mod calls;
mod choosing;
mod citing;
mod combining;
mod counting;
mod hostile;
mod limits;
mod matching;
mod speaking;
mod table;
