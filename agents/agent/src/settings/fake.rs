//! A made-up device for the tests of settings.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use edgesoak_protocol::{Reading, Reason};

use super::panel::Panel;

/// Answers what it was told to and remembers what was turned.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    /// By the words of the program or the path of the file.
    pub(crate) says: RefCell<BTreeMap<String, String>>,
    /// Everything that was asked or looked at, in order.
    pub(crate) asked: RefCell<Vec<String>>,
    /// Everything that was turned or written, in order.
    pub(crate) turned: RefCell<Vec<String>>,
    /// What a turned switch makes the device say from then on.
    pub(crate) effects: Vec<(&'static str, &'static str, &'static str)>,
}

impl Fake {
    pub(crate) fn saying(lines: &[(&str, &str)]) -> Self {
        let says = lines.iter().map(|(asked, said)| ((*asked).to_owned(), (*said).to_owned())).collect();
        Self { says: RefCell::new(says), ..Self::default() }
    }

    fn turn_to(&self, switch: String) {
        for (turned, asked, said) in &self.effects {
            if *turned == switch {
                self.says.borrow_mut().insert((*asked).to_owned(), (*said).to_owned());
            }
        }
        self.turned.borrow_mut().push(switch);
    }

    fn said(&self, asked: &str, none: Reason) -> Reading<String> {
        self.asked.borrow_mut().push(asked.to_owned());
        self.says.borrow().get(asked).cloned().ok_or(none)
    }
}

impl Panel for Fake {
    fn ask(&self, argv: &[&str]) -> Reading<String> {
        self.said(&argv.join(" "), Reason::CommandMissing)
    }

    fn turn(&self, argv: &[&str]) -> Result<(), String> {
        self.turn_to(argv.join(" "));
        Ok(())
    }

    fn look(&self, path: &str) -> Reading<String> {
        match self.said(path, Reason::Absent) {
            Ok(text) if text == "EACCES" => Err(Reason::Denied),
            said => said,
        }
    }

    fn store(&self, path: &str, text: &str) -> Result<(), String> {
        self.says.borrow_mut().insert(path.to_owned(), format!("{text}\n"));
        self.turn_to(format!("{path} = {text}"));
        Ok(())
    }

    fn pause(&self, _length: Duration) {}
}
