//! The prompt cycle, ready to render.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use edgesoak_gguf::Metadata;

use crate::context::with_documents;
use crate::corpus::{Corpus, Document};
use crate::error::PromptError;
use crate::item::{self, Item, Role};
use crate::template::ChatTemplate;

/// Largest template file, bytes.
const MAX_TEMPLATE_BYTES: u64 = 1024 * 1024;

/// Where the chat template comes from.
#[derive(Debug, Clone, Copy)]
pub enum Template<'a> {
    /// The metadata of this GGUF artifact.
    Artifact(&'a Path),
    /// A `.jinja` file; its token texts `bos_token` and `eos_token` are empty.
    File(&'a Path),
    /// This text, which stands in that file among other things; token texts are empty.
    Text {
        /// Named in errors.
        origin: &'a Path,
        /// The template.
        source: &'a str,
    },
    /// None: the text is the last message alone, whatever documents are found. For runtimes that are no language model.
    Question,
}

/// What a [`Prompter`] is opened with.
#[derive(Debug, Clone, Copy)]
pub struct PrompterConfig<'a> {
    /// JSON lines `{"id", "messages": [{"role", "content"}], "docs"}`; the last message is the user's. `docs` may
    /// name the documents in front of it, where retrieval is not to find them; `inline` holds further ones, of the item
    /// alone.
    pub prompts: &'a Path,
    /// The chat template.
    pub template: Template<'a>,
    /// JSON lines `{"id", "title", "text"}` and how many documents each prompt gets.
    pub retrieval: Option<(&'a Path, usize)>,
}

/// A rendered prompt with the time its parts took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Id of the item.
    pub item: String,
    /// Final text, ending where the answer begins.
    pub text: String,
    /// Ids of the documents in front of the question, best first.
    pub documents: Vec<String>,
    /// SHA-256 of each picture that belongs to the question.
    pub images: Vec<String>,
    /// Time spent searching the corpus, nanoseconds.
    pub retrieve_ns: u64,
    /// Time spent on context block and template, nanoseconds.
    pub render_ns: u64,
}

/// A fixed cycle of prompts with its template and corpus.
#[derive(Debug)]
pub struct Prompter {
    items: Vec<Item>,
    production: Arc<Production>,
}

/// What turns an item into final text, whichever item it is.
#[derive(Debug)]
struct Production {
    /// `None` where the question goes out bare.
    template: Option<ChatTemplate>,
    retrieval: Option<(Corpus, usize)>,
}

impl Prompter {
    /// Reads and checks every file, compiles the template, builds the index.
    pub fn open(config: PrompterConfig<'_>) -> Result<Self, PromptError> {
        let items = item::read(config.prompts)?;
        let template = compile(config.template)?;
        let retrieval = match config.retrieval {
            Some((corpus, top_k)) => Some((Corpus::read(corpus)?, top_k)),
            None => None,
        };
        Self::made(config.prompts, items, Arc::new(Production { template, retrieval }))
    }

    /// The items of another file, with the template and the corpus of this cycle.
    pub fn over(&self, items: &Path) -> Result<Self, PromptError> {
        Self::made(items, item::read(items)?, Arc::clone(&self.production))
    }

    fn made(path: &Path, items: Vec<Item>, production: Arc<Production>) -> Result<Self, PromptError> {
        let mut named = items.iter().filter(|item| item.docs.is_some());
        let lost = named.find(|item| production.documents(item).is_none());
        match lost {
            None => Ok(Self { items, production }),
            Some(item) => Err(PromptError::FindingDocument { path: path.to_owned(), item: item.id.clone() }),
        }
    }

    /// Prompts in one cycle; never zero.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Always `false`: a cycle without prompts is refused by [`Prompter::open`].
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// SHA-256 of every picture that an item names.
    pub fn images(&self) -> impl Iterator<Item = &str> {
        self.items.iter().flat_map(|item| &item.images).map(|image| image.sha256.as_str())
    }

    /// Renders prompt `index` modulo [`Prompter::len`].
    pub fn render(&self, index: usize) -> Result<Rendered, PromptError> {
        let item = &self.items[index % self.items.len()];
        let started = Instant::now();
        let documents = self.production.documents(item).unwrap_or_default();
        let retrieve_ns = nanoseconds(started);
        let started = Instant::now();
        let text = self.production.text(item, &documents)?;
        let render_ns = nanoseconds(started);
        let documents = documents.into_iter().map(|document| document.id.clone()).collect();
        let images = item.images.iter().map(|image| image.sha256.clone()).collect();
        Ok(Rendered { item: item.id.clone(), text, documents, images, retrieve_ns, render_ns })
    }
}

impl Production {
    /// The final text of an item with these documents in front of its question.
    fn text(&self, item: &Item, documents: &[&Document]) -> Result<String, PromptError> {
        let Some(template) = &self.template else { return Ok(item.question().to_owned()) };
        let question = with_documents(item.question(), documents);
        let earlier = &item.messages[..item.messages.len() - 1];
        let turns = earlier.iter().map(|message| (message.role, message.content.as_str()));
        let turns = turns.chain(std::iter::once((Role::User, question.as_str())));
        template.render(&item.id, turns)
    }

    /// The documents in front of an item's question: those that it names, else those that are found; `None` if one
    /// that it names is not there.
    fn documents<'a>(&'a self, item: &'a Item) -> Option<Vec<&'a Document>> {
        let mut documents = match (&item.docs, &self.retrieval) {
            (None, None) => Vec::new(),
            (None, Some((corpus, top_k))) => corpus.search(item.question(), *top_k),
            (Some(named), Some((corpus, _))) => {
                named.iter().map(|id| corpus.get(id)).collect::<Option<_>>()?
            }
            (Some(named), None) if named.is_empty() => Vec::new(),
            (Some(_), None) => return None,
        };
        documents.extend(&item.inline);
        Some(documents)
    }
}

fn compile(template: Template<'_>) -> Result<Option<ChatTemplate>, PromptError> {
    let without_tokens = |source, path| ChatTemplate::new(source, path, String::new(), String::new());
    match template {
        Template::Artifact(path) => {
            let found = Metadata::read(path)?.chat;
            let source =
                found.template.ok_or_else(|| PromptError::FindingTemplate { path: path.to_owned() })?;
            let (bos, eos) = (found.bos_token.unwrap_or_default(), found.eos_token.unwrap_or_default());
            ChatTemplate::new(source, path, bos, eos)
        }
        Template::File(path) => without_tokens(read_text(path)?, path),
        Template::Text { origin, source } => without_tokens(source.to_owned(), origin),
        Template::Question => return Ok(None),
    }
    .map(Some)
}

fn read_text(path: &Path) -> Result<String, PromptError> {
    let io = |source| PromptError::ReadingFile { path: path.to_owned(), source };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(io)?;
    let length = file.take(MAX_TEMPLATE_BYTES + 1).read_to_string(&mut text).map_err(io)?;
    if length as u64 > MAX_TEMPLATE_BYTES {
        let fault = format!("the template is larger than {MAX_TEMPLATE_BYTES} bytes");
        return Err(PromptError::ReadingLine { path: path.to_owned(), line: text.lines().count(), fault });
    }
    Ok(text)
}

fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
