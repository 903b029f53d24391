//! What can go wrong between a prompt file and final text.

use std::path::PathBuf;

/// Why a prompt could not be made. Messages name files and lines, never prompt text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PromptError {
    /// A file could not be opened or read.
    #[error("reading {}", path.display())]
    ReadingFile {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A line is not an item of its file's format.
    #[error("reading {}, line {line}: {fault}", path.display())]
    ReadingLine {
        /// The file.
        path: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong, without a word of the line.
        fault: String,
    },
    /// A file holds no item at all.
    #[error("reading {}: no line holds an item", path.display())]
    FindingItems {
        /// The file.
        path: PathBuf,
    },
    /// An item names a document that is not there.
    #[error("reading {}: item `{item}` names a document that the corpus does not have", path.display())]
    FindingDocument {
        /// The file of the items.
        path: PathBuf,
        /// Id of the item.
        item: String,
    },
    /// The header of a model file could not be read.
    #[error(transparent)]
    ReadingModel(#[from] edgesoak_gguf::GgufError),
    /// The model file is sound but has no chat template.
    #[error("{} has no `tokenizer.chat_template`: name a template file instead", path.display())]
    FindingTemplate {
        /// The model file.
        path: PathBuf,
    },
    /// The chat template is not valid.
    #[error("compiling the chat template of {}", path.display())]
    CompilingTemplate {
        /// Where the template comes from.
        path: PathBuf,
        /// Line and fault.
        source: Box<minijinja::Error>,
    },
    /// The chat template refused an item, or ran out of its bounds.
    #[error("rendering item `{item}` with the chat template of {}, line {line}: {fault}", path.display())]
    RenderingItem {
        /// Where the template comes from.
        path: PathBuf,
        /// Id of the item.
        item: String,
        /// Line of the template, counted from 1; 0 where the engine does not know.
        line: usize,
        /// What is wrong: the engine's kind of error, or a text that stands in the template itself.
        fault: String,
    },
}
