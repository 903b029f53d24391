//! An agent's home, filled once: programs, model, a cycle of one prompt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use edgesoak_prompts::{Prompter, PrompterConfig, Template};
use edgesoak_protocol::job::{
    self, Artifact, Job, Phases, Retrieval, Runner, Sampling, StopAt, TemplateSource, Workload,
};

use crate::Options;

/// Documents per prompt.
const TOP_K: usize = 3;
/// Tokens per answer.
pub const OUTPUT_TOKENS: u32 = 128;
/// Context length, tokens.
pub const CONTEXT: u32 = 2048;

/// Where the arms find their files.
pub struct Place {
    /// The agent's home.
    pub home: PathBuf,
    /// The final text that every arm decodes.
    pub prompt: String,
    /// The same text as a file.
    pub prompt_file: PathBuf,
    /// Digest of the model.
    pub model_sha256: String,
    job: Job,
}

impl Place {
    /// Makes the home in a fresh temporary folder.
    pub fn make(options: &Options) -> Result<Self, Box<dyn std::error::Error>> {
        let home = std::env::temp_dir().join(format!("edgesoak-pairs-{}", std::process::id()));
        let session = home.join("inputs");
        fs::create_dir_all(&session)?;
        fs::create_dir_all(home.join("store"))?;
        fs::create_dir_all(home.join("bin"))?;
        let cycle = session.join("cycle.jsonl");
        let first = fs::read_to_string(&options.prompts)?.lines().next().unwrap_or_default().to_owned();
        fs::write(&cycle, first + "\n")?;
        fs::copy(options.programs.join("edgesoak-gguf-runner"), home.join("bin/edgesoak-gguf-runner"))?;
        fs::copy(&options.model, home.join("store/model"))?;
        fs::copy(&options.corpus, session.join("corpus.jsonl"))?;
        let prompter = Prompter::open(PrompterConfig {
            prompts: &cycle,
            template: Template::Artifact(&options.model),
            retrieval: Some((&options.corpus, TOP_K)),
        })?;
        let prompt = prompter.render(0)?.text;
        let prompt_file = session.join("prompt.txt");
        fs::write(&prompt_file, &prompt)?;
        let model_sha256 = digest(&home.join("store/model"))?;
        let job = job_of(options, &session, &model_sha256)?;
        Ok(Self { home, prompt, prompt_file, model_sha256, job })
    }

    /// Writes the job of one measurement; the folder of its session.
    pub fn session(&self, number: usize) -> Result<(String, PathBuf), Box<dyn std::error::Error>> {
        let name = format!("m{number}");
        let dir = self.home.join("sessions/pairs").join(&name);
        fs::create_dir_all(&dir)?;
        for file in ["cycle.jsonl", "corpus.jsonl"] {
            fs::copy(self.home.join("inputs").join(file), dir.join(file))?;
        }
        let job = Job { session: name.clone(), ..self.job.clone() };
        fs::write(dir.join("job.json"), serde_json::to_vec(&job)?)?;
        Ok((format!("pairs/{name}"), dir))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // A folder of a benchmark; leaving it behind harms nobody.
        let _ = fs::remove_dir_all(&self.home);
    }
}

fn job_of(options: &Options, session: &Path, model: &str) -> Result<Job, Box<dyn std::error::Error>> {
    let file = |name: &str| -> Result<Artifact, Box<dyn std::error::Error>> {
        Ok(Artifact { path: name.to_owned(), sha256: digest(&session.join(name))? })
    };
    Ok(Job {
        version: job::VERSION,
        run: "pairs".to_owned(),
        session: String::new(),
        runner: Runner {
            program: "bin/edgesoak-gguf-runner".to_owned(),
            args: Vec::new(),
            requested_device: "cpu".to_owned(),
            threads: options.threads,
            ctx: CONTEXT,
            silence_limit_ms: 60_000,
        },
        artifact: Artifact { path: "store/model".to_owned(), sha256: model.to_owned() },
        workload: Workload {
            prompts: file("cycle.jsonl")?,
            template: TemplateSource::Artifact,
            retrieval: Some(Retrieval { corpus: file("corpus.jsonl")?, top_k: u32::try_from(TOP_K)? }),
            output_tokens: OUTPUT_TOKENS,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 8, soak_ms: options.seconds * 1000, recovery: None },
        sampling: Sampling { fast_period_ms: 100, slow_period_ms: 1000, command_period_ms: 10_000 },
        stop_at: StopAt::default(),
        settle: None,
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
    })
}

fn digest(file: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let output = Command::new("sha256sum").arg(file).output()?;
    Ok(String::from_utf8(output.stdout)?.split_whitespace().next().unwrap_or_default().to_owned())
}
