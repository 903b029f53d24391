//! The agent on a device, spoken to through a driver. Everything it says is checked and bounded.

use std::time::Duration;

use edgesoak_drivers::{Argv, ByteStream, Conversation, Driver, Output, RemotePath};
use edgesoak_protocol::probe::{
    Answers, ClockReading, Probe, Started, Status, Tenancy, Tenant, VerifiedFile,
};
use serde::de::DeserializeOwned;

use crate::setback::Setback;

/// File name of the agent on every device, whatever its name on the host.
const PROGRAM: &str = "edgesoak-agent";
/// Rights of programs on devices.
pub(crate) const PROGRAM_MODE: u32 = 0o700;
/// How long a device may take to be there.
pub(crate) const ATTACH: Duration = Duration::from_secs(30);
/// Exit code of `start` while another session runs on the device.
const LEASE_IS_HELD: i32 = 75;
/// Exit code of `follow` when the agent is dead and its journal has no end.
pub(crate) const AGENT_IS_DEAD: i32 = 3;

const QUICK: Duration = Duration::from_secs(30);
/// A whole model is hashed.
const VERIFY: Duration = Duration::from_mins(5);
/// `stop` waits for the prompt in flight before it kills.
const STOP: Duration = Duration::from_mins(2);
/// The agent sends a heartbeat every second.
const IDLE: Duration = Duration::from_secs(10);
/// A program that prints a device's logs may take so long before its first word.
const SWEEP: Duration = Duration::from_mins(2);

/// The agent of one device.
#[derive(Clone, Copy)]
pub(crate) struct Agent<'a> {
    driver: &'a dyn Driver,
}

/// Where the agent lies on every device.
pub(crate) fn program() -> Result<RemotePath, Setback> {
    Ok(RemotePath::new(format!("bin/{PROGRAM}"))?)
}

impl<'a> Agent<'a> {
    pub(crate) fn on(driver: &'a dyn Driver) -> Self {
        Self { driver }
    }

    fn argv(self, command: &str) -> Result<Argv, Setback> {
        Ok(Argv::of(&program()?).arg(command).arg("--home").arg(self.driver.root()))
    }

    async fn ask(self, command: &str, argv: Argv, deadline: Duration) -> Result<Output, Setback> {
        let output = self.driver.exec(&argv, deadline).await?;
        if output.code == Some(0) && !output.truncated {
            return Ok(output);
        }
        Err(Setback::refused(command, &output))
    }

    pub(crate) async fn probe(self) -> Result<Probe, Setback> {
        self.watch(0).await
    }

    /// Probes, and watches the channels for so many seconds to learn their quality.
    pub(crate) async fn watch(self, seconds: u64) -> Result<Probe, Setback> {
        let argv = self.argv("probe")?;
        let argv = if seconds == 0 { argv } else { argv.arg("--watch").arg(seconds.to_string()) };
        let deadline = QUICK + Duration::from_secs(seconds);
        document("probe", &self.ask("probe", argv, deadline).await?.stdout)
    }

    /// Probes, and asks for the battery pack by a digest with this salt.
    pub(crate) async fn probe_with_pack(self, salt: &str) -> Result<Probe, Setback> {
        let argv = self.argv("probe")?.arg("--pack-salt").arg(salt);
        document("probe", &self.ask("probe", argv, QUICK).await?.stdout)
    }

    /// Whose the device is.
    pub(crate) async fn tenancy(self) -> Result<Tenancy, Setback> {
        document("tenant", &self.ask("tenant", self.argv("tenant")?, QUICK).await?.stdout)
    }

    /// Asks for the device, instead of the run `evicts` too; whose it is then.
    pub(crate) async fn occupy(
        self,
        tenant: &Tenant,
        stays: Duration,
        evicts: Option<&str>,
    ) -> Result<Tenancy, Setback> {
        self.become_tenant(tenant, stays, evicts, QUICK).await
    }

    /// Leaves the device to others.
    pub(crate) async fn leave(self, tenant: &Tenant, deadline: Duration) -> Result<(), Setback> {
        self.become_tenant(tenant, Duration::ZERO, None, deadline).await.map(drop)
    }

    async fn become_tenant(
        self,
        Tenant { host, run }: &Tenant,
        stays: Duration,
        evicts: Option<&str>,
        deadline: Duration,
    ) -> Result<Tenancy, Setback> {
        let argv = self.argv("tenant")?.arg("--host").arg(host).arg("--run").arg(run);
        let argv = argv.arg("--for-ms").arg(stays.as_millis().to_string());
        let argv = evicts.into_iter().fold(argv, |argv, run| argv.arg("--evict").arg(run));
        document("tenant", &self.ask("tenant", argv, deadline).await?.stdout)
    }

    pub(crate) async fn status(self, name: &str) -> Result<Status, Setback> {
        let argv = self.argv("status")?.arg("--session").arg(name);
        document("status", &self.ask("status", argv, QUICK).await?.stdout)
    }

    /// Starts a session; `busy` while another one runs on the device.
    pub(crate) async fn start(self, name: &str) -> Result<Started, Setback> {
        let argv = self.argv("start")?.arg("--session").arg(name);
        let output = self.driver.exec(&argv, QUICK).await?;
        match output.code {
            Some(0) => document("start", &output.stdout),
            Some(LEASE_IS_HELD) => {
                let words = crate::setback::last_words(&output.stderr);
                Err(Setback::new("lab", words).because("busy"))
            }
            _ => Err(Setback::refused("start", &output)),
        }
    }

    /// Has it forget the answers of a session at the first `count` places; those that it has forgotten by now.
    pub(crate) async fn taken(self, name: &str, count: u32) -> Result<Answers, Setback> {
        let argv = self.argv("taken")?.arg("--session").arg(name).arg("--count").arg(count.to_string());
        document("taken", &self.ask("taken", argv, QUICK).await?.stdout)
    }

    pub(crate) async fn stop(self, name: &str) -> Result<(), Setback> {
        let argv = self.argv("stop")?.arg("--session").arg(name);
        self.ask("stop", argv, STOP).await.map(drop)
    }

    /// Gives back every setting that a session of this agent changed; nothing is done where nothing was.
    pub(crate) async fn restore(self) -> Result<(), Setback> {
        self.ask("restore", self.argv("restore")?, STOP).await.map(drop)
    }

    /// Everything that a session may have left on the device, as it is read there.
    pub(crate) async fn sweep(self, name: &str) -> Result<ByteStream, Setback> {
        let argv = self.argv("sweep")?.arg("--session").arg(name);
        Ok(self.driver.stream(&argv, SWEEP).await?)
    }

    pub(crate) async fn follow(self, name: &str, from: u64) -> Result<ByteStream, Setback> {
        let argv = self.argv("follow")?.arg("--session").arg(name).arg("--from").arg(from.to_string());
        Ok(self.driver.stream(&argv, IDLE).await?)
    }

    /// Digest, size and mode of files, in the order of `paths`.
    pub(crate) async fn verify(self, paths: &[RemotePath]) -> Result<Vec<VerifiedFile>, Setback> {
        let argv = paths.iter().try_fold(self.argv("verify")?, |argv, path| {
            Ok::<_, Setback>(argv.arg("--file").arg(path.as_str()))
        })?;
        let output = self.driver.exec(&argv, VERIFY).await?;
        if output.truncated {
            return Err(Setback::refused("verify", &output));
        }
        let lines: Vec<&[u8]> =
            output.stdout.split(|byte| *byte == b'\n').filter(|l| !l.is_empty()).collect();
        let agrees = lines.len() == paths.len();
        // A missing file may change the exit code; what counts is that every file has its line.
        if !agrees {
            return Err(Setback::refused("verify", &output));
        }
        let found = lines.into_iter().map(|line| document("verify", line));
        let found: Vec<VerifiedFile> = found.collect::<Result<_, _>>()?;
        if found.iter().zip(paths).all(|(file, path)| file.path == path.as_str()) {
            return Ok(found);
        }
        Err(Setback::new("device", "the agent verified other files than it was asked to"))
    }

    pub(crate) async fn clock(self) -> Result<ClockDialogue, Setback> {
        Ok(ClockDialogue(self.driver.converse(&self.argv("clock")?, QUICK).await?))
    }
}

/// Exchanges of clock readings.
pub(crate) struct ClockDialogue(Box<dyn Conversation>);

impl ClockDialogue {
    pub(crate) async fn read(&mut self) -> Result<ClockReading, Setback> {
        document("clock", self.0.ask("?").await?.as_bytes())
    }
}

fn document<T: DeserializeOwned>(command: &str, bytes: &[u8]) -> Result<T, Setback> {
    serde_json::from_slice(bytes).map_err(|error| {
        Setback::new("device", format!("the agent's answer to `{command}` makes no sense: {error}"))
    })
}
