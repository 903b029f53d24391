//! From a file to a model that can decode.

use std::fs::File;
use std::num::NonZeroU32;
use std::path::Path;

use edgesoak_protocol::runner::{Event, Placement, VERSION, text_alone};
use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_backend::LlamaBackend;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::model::params::LlamaModelParams;
use llama_cpp_2::{LlamaBackendDeviceType, list_llama_ggml_backend_devices};

use crate::compiled::{required_cpu_features, system_info, take_log, version};
use crate::cpu::missing;
use crate::decode::BATCH;
use crate::error::RunnerError;
use crate::placement::placement;

/// More layers than any model has: put all of them there.
const ALL_LAYERS: u32 = 10_000;
/// Most threads that a request may ask for.
const MOST_THREADS: u32 = 1024;

/// What a `load` asks for.
pub struct Wanted {
    pub artifact: String,
    pub device: String,
    pub threads: i32,
    pub ctx: NonZeroU32,
}

impl Wanted {
    /// Checks the numbers of a request.
    pub fn new(artifact: String, device: String, threads: u32, ctx: u32) -> Result<Self, RunnerError> {
        let refuse = |what: &str| RunnerError::ReadRequest(what.to_owned());
        let threads = Some(threads)
            .filter(|threads| (1..=MOST_THREADS).contains(threads))
            .and_then(|threads| i32::try_from(threads).ok())
            .ok_or_else(|| refuse("threads must be from 1 to 1024"))?;
        let ctx = NonZeroU32::new(ctx)
            .filter(|ctx| i32::try_from(ctx.get()).is_ok())
            .ok_or_else(|| refuse("ctx must be above 0 and below 2^31"))?;
        Ok(Self { artifact, device, threads, ctx })
    }

    fn layers_on_gpu(&self) -> u32 {
        if self.device == "cpu" { 0 } else { ALL_LAYERS }
    }
}

/// Checks the CPU, then starts llama.cpp.
pub fn start_engine() -> Result<LlamaBackend, RunnerError> {
    let lacking = missing(&required_cpu_features());
    if !lacking.is_empty() {
        return Err(RunnerError::CheckCpu(lacking.join(", ")));
    }
    LlamaBackend::init().map_err(RunnerError::StartEngine)
}

/// The answer to `hello`.
pub fn caps() -> Event {
    let mut devices: Vec<String> = Vec::new();
    for device in list_llama_ggml_backend_devices() {
        let name = match device.device_type {
            LlamaBackendDeviceType::Cpu => "cpu".to_owned(),
            LlamaBackendDeviceType::Gpu | LlamaBackendDeviceType::IntegratedGpu => "gpu".to_owned(),
            LlamaBackendDeviceType::Accelerator | LlamaBackendDeviceType::Unknown => device.name,
        };
        if !devices.contains(&name) {
            devices.push(name);
        }
    }
    Event::Caps {
        version: VERSION,
        runtime: "llama.cpp".to_owned(),
        runtime_version: version(),
        cpu_features: required_cpu_features().into_iter().map(str::to_owned).collect(),
        devices,
        inputs: text_alone(),
        decodes: true,
    }
}

/// Opens the artifact and reads its weights; `mmap` brings most of them in only when they are first used.
pub fn load_model(backend: &LlamaBackend, wanted: &Wanted) -> Result<LlamaModel, RunnerError> {
    // llama.cpp would only say "null"; the system says why.
    let file = File::open(&wanted.artifact).map_err(RunnerError::OpenArtifact)?;
    if !file.metadata().map_err(RunnerError::OpenArtifact)?.is_file() {
        return Err(RunnerError::OpenArtifact(std::io::ErrorKind::IsADirectory.into()));
    }
    take_log();
    let params = LlamaModelParams::default().with_n_gpu_layers(wanted.layers_on_gpu());
    LlamaModel::load_from_file(backend, Path::new(&wanted.artifact), &params)
        .map_err(|cause| RunnerError::LoadArtifact { cause, said: last_line(&take_log()) })
}

/// Makes the context that all prompts of the session share.
pub fn make_context<'m>(
    backend: &LlamaBackend,
    model: &'m LlamaModel,
    wanted: &Wanted,
) -> Result<LlamaContext<'m>, RunnerError> {
    let params = LlamaContextParams::default()
        .with_n_ctx(Some(wanted.ctx))
        .with_n_batch(BATCH)
        .with_n_ubatch(BATCH)
        .with_n_threads(wanted.threads)
        .with_n_threads_batch(wanted.threads)
        .with_no_perf(false);
    model.new_context(backend, params).map_err(|cause| RunnerError::MakeContext {
        ctx: wanted.ctx.get(),
        cause,
        said: last_line(&take_log()),
    })
}

/// Where the model lies, proven by the log of [`load_model`] and [`make_context`].
pub fn prove_placement(model: &LlamaModel, wanted: &Wanted) -> Placement {
    let is_gpu = |kind| matches!(kind, LlamaBackendDeviceType::Gpu | LlamaBackendDeviceType::IntegratedGpu);
    let gpus = list_llama_ggml_backend_devices().iter().filter(|device| is_gpu(device.device_type)).count();
    placement(wanted.device.clone(), model.n_layer(), gpus, &take_log(), &system_info())
}

fn last_line(log: &str) -> String {
    log.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("no word")
        .trim()
        .chars()
        .take(300)
        .collect()
}
