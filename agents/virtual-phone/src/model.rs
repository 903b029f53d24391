//! A described model: what stands in place of a model file on a device that computes nothing.
//!
//! The artifact of a candidate for virtual phones is a small TOML file that anybody can read:
//!
//! ```toml
//! edgesoak-described-model = 1
//! name = "dense-1b-q4"
//! weights_bytes = 826_712_064        # what every token reads once
//! kv_bytes_per_token = 32_768        # keys and values of one token of context
//! flop_per_token = 2.472e9           # about twice the number of weights
//! resident_bytes = 302_668_288       # what the runtime holds beside weights and cache
//! chat_template = "..."              # for jobs whose template is that of the artifact
//! ```
//!
//! It has a digest like any other artifact. Some stand in `agents/virtual-phone/models`, with the figures worked out.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use edgesoak_protocol::job::Job;
use edgesoak_protocol::units::Bytes;
use serde::Deserialize;

use crate::error::{PhoneError, line_of, nearest_key};
use crate::load::{Accelerator, Candidate};

/// Longest description, bytes: a chat template is most of it.
const MOST_BYTES: u64 = 64 << 10;
/// Version of the description.
const VERSION: u32 = 1;
/// First bytes of the model files that real devices load.
const GGUF: &[u8] = b"GGUF";
/// Bytes of text that one token stands for: what byte-pair encodings of a hundred thousand tokens come to in English.
pub(crate) const BYTES_PER_TOKEN: u32 = 4;

/// A model, as far as heat, speed and memory are concerned.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescribedModel {
    #[serde(rename = "edgesoak-described-model")]
    version: u32,
    /// Name for people.
    pub name: String,
    /// Weights that every token reads once, bytes.
    pub weights_bytes: u64,
    /// Keys and values of one token of context, bytes.
    pub kv_bytes_per_token: u64,
    /// Floating-point operations per token.
    pub flop_per_token: f64,
    /// What the runtime holds beside weights and cache, bytes.
    pub resident_bytes: u64,
    /// Template of conversations, as a model file brings it.
    pub chat_template: Option<String>,
}

impl DescribedModel {
    /// Reads a description.
    ///
    /// # Errors
    /// [`PhoneError::ReadingModel`], also for a model file that only real devices can load.
    pub fn read(path: &Path) -> Result<Self, PhoneError> {
        let file = path.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
        let wrong = |problem: String| wrong(&file, 1, problem);
        read.map_err(|error| wrong(error.to_string()))?;
        if bytes.starts_with(GGUF) {
            let problem = "it is a GGUF file; virtual phones compute nothing and take a described model, a TOML file \
                           such as those in agents/virtual-phone/models";
            return Err(wrong(problem.to_owned()));
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(wrong(format!("a described model has at most {MOST_BYTES} bytes")));
        }
        let text = String::from_utf8(bytes).map_err(|_| wrong("it is no text".to_owned()))?;
        Self::parse(&file, &text)
    }

    /// A description from its text; `file` is its name in errors.
    ///
    /// # Errors
    /// [`PhoneError::ReadingModel`].
    pub fn parse(file: &str, text: &str) -> Result<Self, PhoneError> {
        let model: Self = toml::from_str(text)
            .map_err(|error| wrong(file, line_of(text, &error), error.message().to_owned()))?;
        model.check().map_err(|problem| wrong(file, 1, problem))?;
        Ok(model)
    }

    fn check(&self) -> Result<(), String> {
        if self.version != VERSION {
            return Err(format!("its version is {}, known is {VERSION}", self.version));
        }
        if self.name.is_empty() || self.name.len() > 100 || self.name.chars().any(char::is_control) {
            return Err("its name has 1 to 100 plain characters".to_owned());
        }
        let sizes = [
            ("weights_bytes", self.weights_bytes, 1 << 42),
            ("kv_bytes_per_token", self.kv_bytes_per_token, 1 << 32),
            ("resident_bytes", self.resident_bytes, 1 << 42),
        ];
        if let Some((key, bytes, most)) = sizes.into_iter().find(|(_, bytes, most)| bytes > most) {
            return Err(format!("{key} is {bytes}, more than {most}"));
        }
        if !(1e3..=1e15).contains(&self.flop_per_token) {
            return Err(format!("flop_per_token is {}, not 1e3 to 1e15", self.flop_per_token));
        }
        Ok(())
    }

    /// The model in the runtime that a job asks for. The length of its prompts follows from their texts; see
    /// [`tokens`].
    ///
    /// # Errors
    /// If the job asks for a device that no phone has.
    pub fn candidate(&self, job: &Job) -> Result<Candidate, PhoneError> {
        self.candidate_on(&job.runner.requested_device, job.runner.threads, job.workload.output_tokens)
    }

    /// The model on a device of a phone, for answers of so many tokens.
    ///
    /// # Errors
    /// If no phone has such a device.
    pub fn candidate_on(
        &self,
        requested_device: &str,
        threads: u32,
        output_tokens: u32,
    ) -> Result<Candidate, PhoneError> {
        let accelerator = match requested_device {
            "cpu" => Accelerator::Cpu { threads },
            "gpu" => Accelerator::Gpu,
            "npu" => Accelerator::Npu,
            other => {
                let problem = format!("{} is asked to run on {other:?}, not on cpu, gpu or npu", self.name);
                return Err(PhoneError::PlacingCandidate(problem));
            }
        };
        Ok(Candidate {
            name: self.name.clone(),
            accelerator,
            weights: Bytes(self.weights_bytes),
            kv_per_token: Bytes(self.kv_bytes_per_token),
            resident: Bytes(self.resident_bytes),
            flop_per_token: self.flop_per_token,
            prompt_tokens: 1,
            output_tokens,
        })
    }
}

/// Tokens of a text of so many bytes: four bytes are a token, and no prompt is empty.
#[must_use]
pub fn tokens(bytes: u32) -> u32 {
    bytes.div_ceil(BYTES_PER_TOKEN).max(1)
}

fn wrong(file: &str, line: usize, problem: String) -> PhoneError {
    PhoneError::ReadingModel { file: file.to_owned(), line, hint: nearest_key(&problem), problem }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
