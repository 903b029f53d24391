//! The session: `hello`, `load`, then prompts until stdin ends.

use std::time::Instant;

use edgesoak_protocol::runner::{Event, Request, VERSION};
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;

use crate::compiled::take_log;
use crate::decode::{Engine, Prompt};
use crate::error::RunnerError;
use crate::load::{Wanted, caps, load_model, make_context, prove_placement, start_engine};
use crate::wire::Wire;

/// Serves one session.
pub fn serve(wire: &mut Wire) {
    // An error here says that nobody is left to talk to; a runner has nobody else to tell.
    let _ = before_load(wire);
}

fn before_load(wire: &mut Wire) -> Result<(), RunnerError> {
    let engine = start_engine();
    while let Some(request) = wire.next() {
        let outcome = match &engine {
            Ok(backend) => request.and_then(|request| answer(request, backend, wire)),
            Err(unfit) => wire.refuse(None, unfit),
        };
        if let Err(error) = outcome {
            wire.refuse(None, &error)?;
        }
    }
    Ok(())
}

fn answer(request: Request, backend: &LlamaBackend, wire: &mut Wire) -> Result<(), RunnerError> {
    match request {
        Request::Hello { version: VERSION } => wire.send(&caps()),
        Request::Hello { .. } => {
            Err(RunnerError::ReadRequest(format!("this runner speaks version {VERSION}")))
        }
        Request::Load { artifact, requested_device, threads, ctx, .. } => {
            let wanted = Wanted::new(artifact, requested_device, threads, ctx)?;
            let started = Instant::now();
            let model = load_model(backend, &wanted)?;
            loaded(started, backend, &model, &wanted, wire)
        }
        Request::Generate { .. } => Err(RunnerError::ReadRequest("nothing is loaded".to_owned())),
        Request::Stop {} => Ok(()),
    }
}

/// Serves prompts with a loaded model, to the end of the session.
fn loaded(
    started: Instant,
    backend: &LlamaBackend,
    model: &LlamaModel,
    wanted: &Wanted,
    wire: &mut Wire,
) -> Result<(), RunnerError> {
    let context = make_context(backend, model, wanted)?;
    let load_ms = started.elapsed().as_secs_f64() * 1e3;
    wire.send(&Event::Loaded { load_ms, placement: prove_placement(model, wanted) })?;
    let mut engine = Engine::new(model, context);
    while let Some(request) = wire.next() {
        let (id, outcome) = match request {
            Ok(Request::Generate { id, images, .. }) if !images.is_empty() => {
                (Some(id), Err(RunnerError::LookAtImages))
            }
            Ok(Request::Generate { id, prompt, max_new, greedy, ignore_eos, want_text, images: _ }) => {
                let prompt = Prompt { id, text: prompt, max_new, ignore_eos, want_text };
                let only_greedy = || RunnerError::ReadRequest("only greedy decoding is offered".to_owned());
                let outcome = if greedy { engine.generate(&prompt, wire) } else { Err(only_greedy()) };
                (Some(id), outcome)
            }
            Ok(Request::Stop {}) => (None, Ok(())),
            Ok(Request::Hello { .. } | Request::Load { .. }) => {
                (None, Err(RunnerError::ReadRequest("a model is loaded: start another runner".to_owned())))
            }
            Err(error) => (None, Err(error)),
        };
        // llama.cpp may log while it decodes; the next load or the end of the session is far away.
        take_log();
        if let Err(error) = outcome {
            wire.refuse(id, &error)?;
        }
    }
    Ok(())
}
