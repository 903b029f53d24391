//! A body at rest, or with a loaded engine on it.

use edgesoak_protocol::units::Nanos;

use super::prompt::Heard;
use crate::body::Body;
use crate::engine::Engine;
use crate::error::PhoneError;
use crate::load::{Candidate, Load};

/// A device.
#[derive(Debug)]
pub(super) enum Device<'c> {
    /// No model is loaded.
    Resting(Box<Body>),
    /// One is.
    Working {
        /// The engine, which waits for prompts.
        engine: Box<Engine<'c>>,
        /// The model in it.
        candidate: &'c Candidate,
    },
}

impl<'c> Device<'c> {
    pub(super) fn loaded(body: Body, candidate: &'c Candidate) -> Result<Self, PhoneError> {
        Ok(Self::Working { engine: Box::new(Engine::new(body, candidate)?), candidate })
    }

    pub(super) fn body(&self) -> &Body {
        match self {
            Self::Resting(body) => body,
            Self::Working { engine, .. } => engine.body(),
        }
    }

    pub(super) fn body_mut(&mut self) -> &mut Body {
        match self {
            Self::Resting(body) => body,
            Self::Working { engine, .. } => engine.body_mut(),
        }
    }

    pub(super) fn candidate(&self) -> Option<&'c Candidate> {
        match self {
            Self::Resting(_) => None,
            Self::Working { candidate, .. } => Some(candidate),
        }
    }

    pub(super) fn into_body(self) -> Body {
        match self {
            Self::Resting(body) => *body,
            Self::Working { engine, .. } => engine.into_body(),
        }
    }

    /// Lets time pass: with work on the prompt in flight, and at rest when that is answered.
    pub(super) fn run_until(&mut self, until: Nanos, heard: &mut Heard) {
        match self {
            Self::Resting(body) => body.advance(until.since(body.now()), &Load::Idle),
            Self::Working { engine, .. } => {
                engine.finish_prompt(until, heard);
                let body = engine.body_mut();
                body.advance(until.since(body.now()), &Load::Idle);
            }
        }
    }
}
