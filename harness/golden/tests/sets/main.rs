//! A small set, made up in memory, is loaded, sealed, compared and signed.

mod loading;
mod made;
mod scoring;
mod sealing;
