//! What is run on a device.

use crate::remote_path::RemotePath;

/// A program below the device's root and its arguments. No shell reads them: a driver whose transport has one
/// quotes every argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argv {
    program: RemotePath,
    args: Vec<String>,
}

impl Argv {
    /// The program without arguments.
    #[must_use]
    pub fn of(program: &RemotePath) -> Self {
        Self { program: program.clone(), args: Vec::new() }
    }

    /// With one more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// The program, relative to the device's root.
    #[must_use]
    pub fn program(&self) -> &RemotePath {
        &self.program
    }

    /// The arguments, in order.
    #[must_use]
    pub fn args(&self) -> &[String] {
        &self.args
    }
}
