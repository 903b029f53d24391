//! Bare llama.cpp, for comparison with the runner: the same library, the same settings, the same choice of
//! tokens, and no protocol, no batching of events, no time stamp per token.
//!
//! ```text
//! cargo run --release -p edgesoak-gguf-runner --example bare -- MODEL PROMPT_FILE [--tokens 64] [--seconds 15] [--threads 1] [--ctx 2048]
//! ```
//! Decodes the prompt again and again, from an empty KV cache, until the seconds have passed, and prints one
//! JSON line. `active_ns` is the sum over prompts of first token .. last token; `tokens` counts the tokens
//! after the first of each prompt, so `tokens_per_s` is their quotient.

#[path = "../src/greedy.rs"]
mod greedy;

use std::error::Error;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::token::LlamaToken;

const BATCH: u32 = 512;

struct Args {
    model: PathBuf,
    prompt: PathBuf,
    tokens: u64,
    seconds: f64,
    threads: i32,
    ctx: u32,
}

fn args() -> Result<Args, lexopt::Error> {
    use lexopt::prelude::*;
    let mut files = Vec::new();
    let (mut tokens, mut seconds, mut threads, mut ctx) = (64, 15.0, 1, 2048);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("tokens") => tokens = parser.value()?.parse()?,
            Long("seconds") => seconds = parser.value()?.parse()?,
            Long("threads") => threads = parser.value()?.parse()?,
            Long("ctx") => ctx = parser.value()?.parse()?,
            Value(file) => files.push(PathBuf::from(file)),
            other => return Err(other.unexpected()),
        }
    }
    let [model, prompt] = <[PathBuf; 2]>::try_from(files).map_err(|_| "give a model and a prompt file")?;
    Ok(Args { model, prompt, tokens, seconds, threads, ctx })
}

/// Sums over all prompts.
#[derive(Default)]
struct Spent {
    prompts: u64,
    tokens: u64,
    active: Duration,
    prefill: Duration,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = args()?;
    let mut backend = LlamaBackend::init()?;
    backend.void_logs();
    let params = LlamaModelParams::default().with_n_gpu_layers(0);
    let model = LlamaModel::load_from_file(&backend, &args.model, &params)?;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(args.ctx))
        .with_n_batch(BATCH)
        .with_n_ubatch(BATCH)
        .with_n_threads(args.threads)
        .with_n_threads_batch(args.threads)
        .with_no_perf(false);
    let mut context = model.new_context(&backend, params)?;
    let prompt = model.vocab().tokenize(&std::fs::read(&args.prompt)?, true, true);

    let mut spent = Spent::default();
    let started = Instant::now();
    while started.elapsed().as_secs_f64() < args.seconds {
        once(&model, &mut context, &prompt, args.tokens, &mut spent)?;
    }
    let active_ns = u64::try_from(spent.active.as_nanos())?;
    let figures = serde_json::json!({
        "prompts": spent.prompts,
        "prompt_n": prompt.len(),
        "tokens": spent.tokens,
        "active_ns": active_ns,
        "tokens_per_s": spent.tokens as f64 / spent.active.as_secs_f64(),
        "prefill_ms": spent.prefill.as_secs_f64() * 1e3 / spent.prompts as f64,
        "threads": args.threads,
    });
    println!("{figures}");
    Ok(())
}

/// Prefill and `tokens` greedy tokens from an empty cache.
fn once(
    model: &LlamaModel,
    context: &mut LlamaContext<'_>,
    prompt: &[LlamaToken],
    tokens: u64,
    spent: &mut Spent,
) -> Result<(), Box<dyn Error>> {
    let mut batch = LlamaBatch::new(BATCH as usize, 1);
    context.clear_kv_cache_seq(None, None, None)?;
    let submitted = Instant::now();
    let mut position = 0;
    for part in prompt.chunks(BATCH as usize) {
        batch.clear();
        for token in part {
            let last = usize::try_from(position)? + 1 == prompt.len();
            batch.add(*token, position, &[0], last)?;
            position += 1;
        }
        context.decode(&mut batch)?;
    }
    let mut token = choose(model, context)?;
    let first = Instant::now();
    for _ in 1..tokens {
        batch.clear();
        batch.add(token, position, &[0], true)?;
        position += 1;
        context.decode(&mut batch)?;
        token = choose(model, context)?;
    }
    spent.active += first.elapsed();
    spent.prefill += first - submitted;
    spent.tokens += tokens.saturating_sub(1);
    spent.prompts += 1;
    Ok(())
}

fn choose(model: &LlamaModel, context: &LlamaContext<'_>) -> Result<LlamaToken, &'static str> {
    let logits = context.get_logits_ith(-1);
    let vocab = model.vocab();
    let goes_on = |token: &i32| !vocab.is_eog(LlamaToken::new(*token));
    let token = greedy::greatest(logits).filter(goes_on).or_else(|| greedy::greatest_among(logits, goes_on));
    token.map(LlamaToken::new).ok_or("no token can be chosen")
}
