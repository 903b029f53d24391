//! The files of a session: where they lie, whether they are what was planned, and the prompts made of them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use edgesoak_prompts::{PromptError, Prompter, PrompterConfig, Template};
use edgesoak_protocol::job::{Artifact, Job, TemplateSource};
use edgesoak_protocol::journal::{FinishReason, Frame};

use crate::alarm::End;
use crate::digest::{Fingerprint, is_sha256_hex};
use crate::error::AgentError;
use crate::layout::{Home, SessionDir};

/// Resolved paths. Every one lies below the agent's home.
#[derive(Debug)]
pub(crate) struct Inputs {
    pub(crate) program: PathBuf,
    pub(crate) artifact: PathBuf,
    prompts: PathBuf,
    template: Option<PathBuf>,
    corpus: Option<(PathBuf, usize)>,
    items: Option<PathBuf>,
    /// Pictures by their digests.
    images: BTreeMap<String, PathBuf>,
}

impl Inputs {
    /// Resolves the paths of a job.
    ///
    /// # Errors
    /// If one of them is not plain and relative.
    pub(crate) fn resolve(job: &Job, home: &Home, dir: &SessionDir) -> Result<Self, AgentError> {
        let template = match &job.workload.template {
            TemplateSource::Artifact | TemplateSource::Question => None,
            TemplateSource::File(file) => Some(dir.file(&file.path)?),
        };
        let corpus = match &job.workload.retrieval {
            None => None,
            Some(retrieval) => Some((dir.file(&retrieval.corpus.path)?, retrieval.top_k as usize)),
        };
        let items = job.answering.as_ref().map(|answering| dir.file(&answering.items.path)).transpose()?;
        let image = |image: &Artifact| Ok((image.sha256.clone(), dir.file(&image.path)?));
        let images = job.workload.images.iter().map(image).collect::<Result<_, AgentError>>()?;
        Ok(Self {
            program: home.file(&job.runner.program)?,
            artifact: home.file(&job.artifact.path)?,
            prompts: dir.file(&job.workload.prompts.path)?,
            template,
            corpus,
            items,
            images,
        })
    }

    /// Has every file looked at and compares it with the plan; each becomes a `Verified` frame.
    pub(crate) fn verify(
        &self,
        job: &Job,
        look: &mut dyn FnMut(&Path) -> io::Result<Fingerprint>,
        keep: &mut dyn FnMut(Frame),
    ) -> Result<(), End> {
        // The job names no digest for the runner: one that lies in the store is named by its digest.
        let named =
            self.program.file_name().and_then(|name| name.to_str()).filter(|name| is_sha256_hex(name));
        let planned = |artifact: &Artifact| artifact.sha256.clone();
        let mut files = vec![
            ("runner", &self.program, named.map(str::to_owned)),
            ("artifact", &self.artifact, Some(planned(&job.artifact))),
            ("prompts", &self.prompts, Some(planned(&job.workload.prompts))),
        ];
        if let (Some((path, _)), Some(retrieval)) = (&self.corpus, &job.workload.retrieval) {
            files.push(("corpus", path, Some(planned(&retrieval.corpus))));
        }
        if let (Some(path), TemplateSource::File(file)) = (&self.template, &job.workload.template) {
            files.push(("template", path, Some(planned(file))));
        }
        if let (Some(path), Some(answering)) = (&self.items, &job.answering) {
            files.push(("items", path, Some(planned(&answering.items))));
        }
        files.extend(self.images.iter().map(|(sha256, path)| ("image", path, Some(sha256.clone()))));
        for (what, path, sha256) in files {
            keep(verified(what, look(path), sha256.as_deref())?);
        }
        Ok(())
    }

    /// Opens the prompt cycle; `of_artifact` is the template of the artifact, for a job that names no file.
    pub(crate) fn prompter(&self, job: &Job, of_artifact: Template<'_>) -> Result<Prompter, End> {
        let template = match (&job.workload.template, &self.template) {
            (TemplateSource::Question, _) => Template::Question,
            (_, Some(file)) => Template::File(file),
            (_, None) => of_artifact,
        };
        let retrieval = self.corpus.as_ref().map(|(path, top_k)| (path.as_path(), *top_k));
        let config = PrompterConfig { prompts: &self.prompts, template, retrieval };
        let prompter = Prompter::open(config).map_err(unusable)?;
        self.pictures(prompter.images())?;
        Ok(prompter)
    }

    /// Where the pictures with these digests lie.
    pub(crate) fn pictures<'a>(&self, wanted: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, End> {
        let place = |sha256: &str| {
            let path = self.images.get(sha256).map(|path| path.to_string_lossy().into_owned());
            path.ok_or_else(|| {
                End::new(FinishReason::BadInput, "a prompt names an image that the job does not bring")
            })
        };
        wanted.into_iter().map(place).collect()
    }

    /// Opens the items that are asked, with template and corpus of the prompt cycle; none where the job asks nothing.
    pub(crate) fn items(&self, job: &Job, cycle: &Prompter) -> Result<Option<Prompter>, End> {
        let (Some(path), Some(asked)) = (&self.items, &job.answering) else { return Ok(None) };
        let items = cycle.over(path).map_err(unusable)?;
        self.pictures(items.images())?;
        if asked.hot as usize > items.len() {
            let detail = format!("{} of {} items are to be asked hot", asked.hot, items.len());
            return Err(End::new(FinishReason::BadInput, detail));
        }
        Ok(Some(items))
    }
}

fn unusable(error: PromptError) -> End {
    End::new(FinishReason::BadInput, AgentError::OpeningPrompts(error).sentence())
}

fn verified(what: &str, found: io::Result<Fingerprint>, planned: Option<&str>) -> Result<Frame, End> {
    let found =
        found.map_err(|error| End::new(FinishReason::BadInput, format!("reading the {what}: {error}")))?;
    if let Some(planned) = planned.filter(|planned| *planned != found.sha256) {
        let detail = format!("the {what} has the digest {}, planned was {planned}", found.sha256);
        return Err(End::new(FinishReason::DigestMismatch, detail));
    }
    Ok(Frame::Verified { what: what.to_owned(), sha256: found.sha256, bytes: found.bytes })
}
