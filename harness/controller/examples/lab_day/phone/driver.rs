//! The way to a phone, as one process of a host has it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use edgesoak_controller::Disk;
use edgesoak_drivers::{Argv, ByteStream, Conversation, Driver, DriverError, Listed, Output, RemotePath};
use edgesoak_protocol::probe::{ClockReading, Tenancy, Tenant};

use super::agent::{self, option};
use super::follower::Follower;
use super::{Inner, Phone};
use crate::dice::Dice;
use crate::disk::ProcessDisk;
use crate::fault::Mishap;
use crate::process::Process;

pub struct PhoneDriver {
    pub phone: Arc<Phone>,
    pub disk: Arc<ProcessDisk>,
    pub dice: Mutex<Dice>,
}

pub fn lost() -> DriverError {
    DriverError::LinkLost("the cable is out".to_owned())
}

fn late(doing: &str, after: Duration) -> DriverError {
    DriverError::DeadlinePassed { doing: doing.to_owned(), after }
}

fn unusable(doing: &'static str, path: &str, kind: std::io::ErrorKind) -> DriverError {
    DriverError::DeviceFile { doing, path: path.to_owned(), source: kind.into() }
}

impl PhoneDriver {
    fn process(&self) -> &Process {
        &self.disk.process
    }

    /// Asks the phone for something; whether only half of the answer came.
    async fn call<T: Send>(
        &self,
        doing: &str,
        deadline: Duration,
        act: impl FnOnce(&Phone) -> Result<T, DriverError> + Send,
    ) -> Result<(T, bool), DriverError> {
        self.process().lives().await;
        let latency = Duration::from_millis(self.dice.lock().expect("unpoisoned").within(2..60));
        tokio::time::sleep(latency.min(deadline)).await;
        self.process().lives().await;
        let mishap = {
            let (now, mut inner) = (self.phone.dawn.now(), self.phone.inner());
            if inner.is_down(now) {
                return Err(lost());
            }
            inner.mishap(now)
        };
        match mishap {
            Some(Mishap::QuestionLost) => return Err(lost()),
            Some(Mishap::Stall) => {
                tokio::time::sleep(deadline).await;
                return Err(late(doing, deadline));
            }
            _ => {}
        }
        let done = act(&self.phone);
        self.process().lives().await;
        match mishap {
            Some(Mishap::AnswerLost) => Err(lost()),
            Some(Mishap::AnswerLate) => {
                tokio::time::sleep(deadline).await;
                Err(late(doing, deadline))
            }
            mishap => done.map(|done| (done, mishap == Some(Mishap::HalfAnswer))),
        }
    }

    /// A run puts a session on a phone and starts it there only while it holds the phone.
    fn must_hold(&self, what: &str) {
        let Phone { id, truth, dawn, .. } = &*self.phone;
        if !truth.ledger.is_held(id, &self.disk.process, dawn.now()) {
            truth.broken(format!("{id}: {what}, and its run does not hold the phone"));
        }
    }

    /// A run that leaves does not hold the phone any more, whether or not its word gets through.
    fn about_to_run(&self, args: &[String]) {
        match args[0].as_str() {
            "tenant" if args.len() > 3 && option(args, "--for-ms") == "0" => {
                self.phone.truth.ledger.let_go(&self.phone.id, &tenant_of(args));
            }
            "start" => self.must_hold(&format!("{} is started", option(args, "--session"))),
            _ => {}
        }
    }

    /// What the run knows of the phone's tenant from this answer.
    fn was_told(&self, args: &[String], answer: &[u8]) {
        if args[0] != "tenant" || !args.iter().any(|arg| arg == "--host") {
            return;
        }
        let Phone { id, truth, dawn, .. } = &*self.phone;
        let (us, now) = (tenant_of(args), dawn.now());
        let Tenancy { tenant, left_ms } = serde_json::from_slice(answer).expect("a tenancy");
        if tenant.as_ref() != Some(&us) {
            truth.ledger.let_go(id, &us);
            return;
        }
        let until = now + Duration::from_millis(left_ms);
        if let Some(other) = truth.ledger.take(id, &us, &self.disk.process, (now, until)) {
            let Tenant { run, host } = us;
            truth.broken(format!("{id}: {run} of {host} and {other} hold it at once"));
        }
    }

    /// Asks for something that comes whole or not at all.
    async fn call_whole<T: Send>(
        &self,
        doing: &str,
        deadline: Duration,
        act: impl FnOnce(&Phone) -> Result<T, DriverError> + Send,
    ) -> Result<T, DriverError> {
        let (done, is_half) = self.call(doing, deadline, act).await?;
        if is_half { Err(lost()) } else { Ok(done) }
    }
}

fn tenant_of(args: &[String]) -> Tenant {
    Tenant { host: option(args, "--host").to_owned(), run: option(args, "--run").to_owned() }
}

/// Names below a directory.
fn listed(inner: &Inner, directory: &RemotePath) -> Vec<Listed> {
    let prefix = format!("{directory}/");
    let journals: Vec<String> = inner.soaks.keys().map(|name| format!("sessions/{name}/journal")).collect();
    let below = inner.files.keys().chain(&journals).filter_map(|path| path.strip_prefix(&prefix));
    let names: BTreeSet<&str> = below.map(|path| path.split('/').next().unwrap_or(path)).collect();
    names.into_iter().map(|name| Listed { name: name.to_owned(), bytes: 0, is_dir: true }).collect()
}

fn remove(phone: &Phone, path: &RemotePath) {
    let (now, mut inner) = (phone.dawn.now(), phone.inner());
    let below = format!("{path}/");
    let is_gone = |found: &str| found == path.as_str() || found.starts_with(&below);
    inner.files.retain(|found, _| !is_gone(found));
    inner.cool(now);
    inner.soaks.retain(|name, soak| {
        let is_gone = is_gone(&format!("sessions/{name}/journal"));
        if is_gone && soak.is_running(now) {
            phone.truth.broken(format!("{name} was removed from {} while it ran", phone.id));
        }
        !is_gone
    });
}

#[async_trait]
impl Driver for PhoneDriver {
    fn describe(&self) -> String {
        self.phone.id.clone()
    }

    fn root(&self) -> &'static str {
        "/data/local/tmp/edgesoak"
    }

    fn shares_host_processor(&self) -> bool {
        false
    }

    async fn attach(&self, deadline: Duration) -> Result<(), DriverError> {
        self.call_whole("attaching", deadline, |_| Ok(())).await
    }

    async fn list(&self, directory: &RemotePath, deadline: Duration) -> Result<Vec<Listed>, DriverError> {
        self.call_whole("listing", deadline, |phone| Ok(listed(&phone.inner(), directory))).await
    }

    async fn free_space(&self, deadline: Duration) -> Result<Option<u64>, DriverError> {
        let free =
            |phone: &Phone| Ok(Some(if phone.inner().is_full(phone.dawn.now()) { 1 << 20 } else { 1 << 36 }));
        self.call_whole("asking for room", deadline, free).await
    }

    async fn push(
        &self,
        local: &Path,
        to: &RemotePath,
        mode: u32,
        deadline: Duration,
    ) -> Result<u64, DriverError> {
        self.process().lives().await;
        if to.as_str().starts_with("sessions/") {
            self.must_hold(&format!("{to} is put there"));
        }
        let bytes = self.disk.read(local, u64::MAX).map_err(|source| DriverError::HostFile {
            doing: "opening",
            path: local.display().to_string(),
            source,
        })?;
        let put = |phone: &Phone| {
            let mut inner = phone.inner();
            if inner.is_full(phone.dawn.now()) {
                return Err(unusable("writing", to.as_str(), std::io::ErrorKind::StorageFull));
            }
            let length = bytes.len() as u64;
            inner.files.insert(to.to_string(), (bytes, mode));
            Ok(length)
        };
        self.call_whole("pushing", deadline, put).await
    }

    async fn pull(&self, remote: &RemotePath, _: &Path, _: Duration) -> Result<u64, DriverError> {
        Err(unusable("opening", remote.as_str(), std::io::ErrorKind::NotFound))
    }

    async fn remove(&self, path: &RemotePath, deadline: Duration) -> Result<(), DriverError> {
        let gone = |phone: &Phone| {
            remove(phone, path);
            Ok(())
        };
        self.call_whole("removing", deadline, gone).await
    }

    async fn exec(&self, argv: &Argv, deadline: Duration) -> Result<Output, DriverError> {
        let program = argv.program().as_str();
        let run = |phone: &Phone| {
            if !phone.inner().files.contains_key(program) {
                return Err(unusable("starting", program, std::io::ErrorKind::NotFound));
            }
            Ok(agent::exec(phone, argv.args()))
        };
        self.about_to_run(argv.args());
        let ((code, mut stdout), is_half) = self.call("running the agent", deadline, run).await?;
        if is_half {
            stdout.truncate(stdout.len() / 2);
        } else if code == 0 {
            self.was_told(argv.args(), &stdout);
        }
        let code = (!is_half).then_some(code);
        let signal = is_half.then_some(9);
        Ok(Output { code, signal, stdout, stderr: b"made up".to_vec(), truncated: false })
    }

    async fn stream(&self, argv: &Argv, idle: Duration) -> Result<ByteStream, DriverError> {
        self.call_whole("opening a stream", idle, |_| Ok(())).await?;
        let from = option(argv.args(), "--from").parse().expect("a number");
        let name = option(argv.args(), "--session");
        let process = self.disk.process.clone();
        Ok(ByteStream::new(Follower::new(self.phone.clone(), process, name, from), idle))
    }

    async fn converse(&self, _: &Argv, deadline: Duration) -> Result<Box<dyn Conversation>, DriverError> {
        self.call_whole("comparing clocks", deadline, |_| Ok(())).await?;
        Ok(Box::new(Clocks { phone: self.phone.clone(), process: self.disk.process.clone() }))
    }
}

struct Clocks {
    phone: Arc<Phone>,
    process: Arc<Process>,
}

#[async_trait]
impl Conversation for Clocks {
    async fn ask(&mut self, _: &str) -> Result<String, DriverError> {
        self.process.lives().await;
        tokio::time::sleep(Duration::from_millis(1)).await;
        let now = self.phone.dawn.now();
        let reading = {
            let inner = self.phone.inner();
            if inner.is_down(now) {
                return Err(lost());
            }
            let mono_ns = inner.mono(now);
            ClockReading { mono_ns, boottime_ns: mono_ns, wall_ns: mono_ns }
        };
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(serde_json::to_string(&reading).expect("JSON"))
    }
}
