//! The production chat template, run the way the model's makers run it.
//!
//! Chat templates are written for Jinja2 with `trim_blocks` and `lstrip_blocks`, the loop controls, Python's
//! string and dict methods and a function `raise_exception`. `strftime_now` is left undefined on purpose: a
//! prompt that changes with the date would make two runs incomparable, and templates fall back to a fixed date.

use std::path::{Path, PathBuf};

use crate::error::PromptError;
use crate::item::Role;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Value, context};

/// Instructions one prompt may cost; templates in use need a few thousand.
const FUEL: u64 = 5_000_000;
/// Longest prompt, bytes: it must fit one line of the runner protocol with its escapes.
const MAX_PROMPT_BYTES: usize = 384 * 1024;
const NAME: &str = "chat_template";

/// A compiled template with the token texts it may print.
#[derive(Debug)]
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    source: String,
    path: PathBuf,
    bos_token: String,
    eos_token: String,
}

impl ChatTemplate {
    /// Compiles `source`; `path` says in errors where it came from.
    pub fn new(
        source: String,
        path: &Path,
        bos_token: String,
        eos_token: String,
    ) -> Result<Self, PromptError> {
        let mut environment = Environment::new();
        let compiling =
            |source| PromptError::CompilingTemplate { path: path.to_owned(), source: Box::new(source) };
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(compiling)?);
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", |message: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, message))
        });
        environment.add_template_owned(NAME, source.clone()).map_err(compiling)?;
        Ok(Self { environment, source, path: path.to_owned(), bos_token, eos_token })
    }

    /// The final text for the turns of a conversation, ending where the model's answer begins.
    pub fn render<'a>(
        &self,
        item: &str,
        turns: impl Iterator<Item = (Role, &'a str)>,
    ) -> Result<String, PromptError> {
        let messages: Vec<Value> =
            turns.map(|(role, content)| context! { role => role.word(), content }).collect();
        let values = context! {
            messages,
            add_generation_prompt => true,
            bos_token => &self.bos_token,
            eos_token => &self.eos_token,
            tools => (),
            documents => (),
        };
        let text = self
            .environment
            .get_template(NAME)
            .and_then(|template| template.render(values))
            .map_err(|error| self.refused(item, error.line(), self.fault(&error)))?;
        if text.len() > MAX_PROMPT_BYTES {
            return Err(self.refused(
                item,
                None,
                format!("the prompt is longer than {MAX_PROMPT_BYTES} bytes"),
            ));
        }
        Ok(text)
    }

    fn refused(&self, item: &str, line: Option<usize>, fault: String) -> PromptError {
        PromptError::RenderingItem {
            path: self.path.clone(),
            item: item.to_owned(),
            line: line.unwrap_or(0),
            fault,
        }
    }

    /// An engine's message may quote the prompt. It is shown only where it stands in the template itself.
    fn fault(&self, error: &Error) -> String {
        match error.detail() {
            Some(detail) if self.source.contains(detail) => detail.to_owned(),
            _ => error.kind().to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(source: &str, turns: &[(Role, &str)]) -> Result<String, PromptError> {
        ChatTemplate::new(source.to_owned(), Path::new("model.gguf"), "<s>".to_owned(), "</s>".to_owned())?
            .render("item-1", turns.iter().copied())
    }

    fn refusal(source: &str, turns: &[(Role, &str)]) -> String {
        render(source, turns).expect_err("the template refuses").to_string()
    }

    #[test]
    fn blocks_are_trimmed_as_their_writers_expect() {
        let source = "{% for m in messages %}\n    {% if m.role == 'user' %}\n[{{ m['content'] | trim }}]\n    {% endif %}\n{% endfor %}\n{% if add_generation_prompt %}{{ bos_token }}>{% endif %}";
        let text = render(source, &[(Role::System, "a"), (Role::User, " b ")]).expect("a sound template");
        assert_eq!(text, "[b]\n<s>>");
    }

    #[test]
    fn python_methods_loop_controls_and_json_work() {
        let source = "{% set ns = namespace(n=0) %}{% for m in messages %}{% if loop.index0 == 2 %}{% break %}{% endif %}{% set ns.n = ns.n + 1 %}{{ m.content.strip().split('|')[-1].upper() }}{% endfor %}{{ ns.n }}{{ messages[0].items() | list | length }}{% if tools is not none %}tools{% endif %}{{ {'a': 1} | tojson }}";
        let turns = [(Role::User, " x|y "), (Role::Assistant, "z"), (Role::User, "w")];
        assert_eq!(render(source, &turns).expect("a sound template"), "YZ22{\"a\": 1}");
    }

    #[test]
    fn a_refusal_of_the_template_is_passed_on() {
        let source = "line one\n{{ raise_exception('Roles must alternate') }}";
        let expected =
            "rendering item `item-1` with the chat template of model.gguf, line 2: Roles must alternate";
        assert_eq!(refusal(source, &[(Role::User, "a")]), expected);
    }

    #[test]
    fn a_refusal_never_quotes_the_prompt() {
        let message =
            refusal("{{ raise_exception('no: ' + messages[0].content) }}", &[(Role::User, "secret")]);
        assert!(message.ends_with("line 1: invalid operation"), "{message}");
    }

    #[test]
    fn a_template_without_end_is_stopped() {
        let source =
            "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a %}{% endfor %}{% endfor %}";
        let message = refusal(source, &[(Role::User, "a")]);
        assert!(message.ends_with("engine ran out of fuel"), "{message}");
    }

    #[test]
    fn a_prompt_without_end_is_refused() {
        let long = "x".repeat(MAX_PROMPT_BYTES + 1);
        let message = refusal("{{ messages[0].content }}", &[(Role::User, &long)]);
        assert!(message.contains("longer than 393216 bytes"), "{}", &message[..200.min(message.len())]);
    }

    #[test]
    fn a_broken_template_names_file_and_line() {
        let error = render("fine\n{% if %}", &[(Role::User, "a")]).expect_err("no template");
        assert_eq!(error.to_string(), "compiling the chat template of model.gguf");
        let source = std::error::Error::source(&error).expect("the engine says where").to_string();
        assert!(source.contains("chat_template:2"), "{source}");
    }
}
