//! The store from outside: made-up journals go in, runs come out.

#[path = "../made/mod.rs"]
mod made;

mod answers;
mod charge;
mod damage;
mod disk;
mod documents;
mod ends;
mod fleet;
mod hostile;
mod imported;
mod kill;
mod live;
mod load;
mod opening;
mod purging;
mod queries;
mod rebuilding;
mod rules;
mod verdicts;
