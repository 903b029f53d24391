//! Puts on the device what the session needs, once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use edgesoak_drivers::{RemotePath, agent_program};
use edgesoak_protocol::job::{Answering, Job};
use edgesoak_protocol::journal;
use edgesoak_protocol::probe::Probe;
use edgesoak_record::host_entry::HostEvent;
use tokio::sync::OwnedSemaphorePermit;

use super::Session;
use crate::agent::{self, PROGRAM_MODE};
use crate::canaries;
use crate::context::{how_to_build, program_for, runner_program};
use crate::exam::Exam;
use crate::hubs::LARGE;
use crate::job::{CORPUS, ITEMS, PROMPTS, TEMPLATE, image, job_for, stored};
use crate::machine::Undo;
use crate::memory;
use crate::setback::Setback;
use crate::sink_thread::sentence;

const PUSH: Duration = Duration::from_mins(30);
/// How long a large file waits for its turn at a hub.
const TURN: Duration = Duration::from_mins(10);
const QUICK: Duration = Duration::from_secs(30);
const DATA_MODE: u32 = 0o600;
/// Name of the job, on both sides.
pub(super) const JOB: &str = "job.json";
/// Kept free for the journal and for the device itself.
const ROOM: u64 = 64 << 20;

/// A file that must be on the device.
#[derive(Debug, Clone)]
struct Wanted {
    what: &'static str,
    local: PathBuf,
    remote: RemotePath,
    sha256: String,
    mode: u32,
    /// What a person can do if it is not on the host.
    hint: String,
}

impl Session {
    pub(super) async fn put_everything(&mut self) -> Result<(), Setback> {
        self.report("agent");
        let agent = self.program("agent", agent_program(&self.planned.device.driver), agent::program()?)?;
        self.put(&[agent]).await?;
        let probe = self.probed().await?;
        if let Some(prediction) = &self.memory {
            memory::within_device(prediction, &probe)?;
        }
        self.know_pack(&probe).await?;
        if self.move_in().await? {
            self.give_back_for_the_dead().await?;
        }
        self.announce_changes().await?;
        let wanted = self.wanted(&probe)?;
        let put = self.put(&wanted).await;
        self.forget_planted();
        put?;
        if let Some(exam) = &mut self.exam {
            exam.begin();
            let asked = exam.asked().cloned().map(|asked| HostEvent::Asked { asked: Box::new(asked) });
            let planted = exam.canaries().map(|canaries| HostEvent::Planted { planted: canaries.planted() });
            for event in asked.into_iter().chain(planted) {
                self.written(event).await?;
            }
        }
        self.probe = Some(probe);
        Ok(())
    }

    fn program(&self, what: &'static str, name: &str, remote: RemotePath) -> Result<Wanted, Setback> {
        let (local, hint) = (self.program_path(name), how_to_build(self.driver.abi()));
        let digest = self.digest(&local)?;
        Ok(Wanted { what, local, remote, sha256: digest, mode: PROGRAM_MODE, hint })
    }

    /// Where a program lies that runs on this device.
    fn program_path(&self, name: &str) -> PathBuf {
        let context = &self.context;
        program_for(context.world.disk.as_ref(), context.places.agents_dir(), name, self.driver.abi())
    }

    fn digest(&self, local: &Path) -> Result<String, Setback> {
        let digest = self.context.world.disk.digest(local);
        digest.map(|digest| digest.sha256).map_err(|error| {
            let hint = how_to_build(self.driver.abi());
            Setback::new("config", format!("{}: {error}; {hint}", local.display()))
        })
    }

    async fn probed(&mut self) -> Result<Probe, Setback> {
        let probe = self.agent().probe_with_pack(&self.context.sharing.pack_salt).await?;
        let document =
            serde_json::to_value(&probe).map_err(|error| Setback::new("harness", error.to_string()))?;
        self.written(HostEvent::Probed { probe: document }).await?;
        let [oldest, newest] = probe.protocol;
        if newest < journal::MIN || oldest > journal::CURRENT {
            let text = format!(
                "the agent writes journals of version {oldest} to {newest}, this program reads {} to {}",
                journal::MIN,
                journal::CURRENT
            );
            return Err(Setback::new("harness", text));
        }
        if probe.is_virtual && !self.planned.device.is_virtual {
            return Err(Setback::new("config", "the device simulates, but the matrix says that it does not"));
        }
        Ok(probe)
    }

    async fn announce_changes(&mut self) -> Result<(), Setback> {
        let at = |below: &str| format!("sessions/{}{below}", self.name);
        let changes = [
            ("session directory", Undo::RemoveSession(at(""))),
            ("job", Undo::Remove(at("/job.json"))),
            ("inputs", Undo::Remove(at("/inputs"))),
        ];
        for (what, undo) in changes {
            self.announce(what, undo).await?;
        }
        Ok(())
    }

    fn wanted(&self, probe: &Probe) -> Result<Vec<Wanted>, Setback> {
        let (places, candidate) = (&self.context.places, &self.planned.candidate);
        let name = runner_program(&candidate.runtime);
        let runner_sha256 = self.digest(&self.program_path(&name))?;
        let runner = self.program("runner", &name, RemotePath::new(stored(&runner_sha256))?)?;
        let artifact = Wanted {
            what: "artifact",
            local: places.artifact(&candidate.artifact),
            remote: RemotePath::new(stored(&candidate.sha256))?,
            sha256: candidate.sha256.clone(),
            mode: DATA_MODE,
            hint: "scripts/quickstart fetches what the matrix keeps in the cache".to_owned(),
        };
        let items = self.write_items()?;
        let answering = self.exam.as_ref().zip(items.as_ref()).map(|(exam, items)| {
            exam.answering(ITEMS, items.sha256.clone(), self.context.world.randomness.secret())
        });
        let job = self.write_job(&runner_sha256, probe, answering)?;
        let workload = &self.planned.workload;
        let inputs = [
            ("prompts", PROMPTS.to_owned(), Some(&workload.prompts)),
            ("corpus", CORPUS.to_owned(), workload.retrieval.as_ref().map(|retrieval| &retrieval.corpus)),
            ("template", TEMPLATE.to_owned(), workload.template.file()),
        ];
        let inputs = inputs
            .into_iter()
            .filter_map(|(what, below, file)| file.map(|file| (what, below, file.sha256.clone())));
        let images = self.images().into_iter().map(|sha256| ("image", image(&sha256), sha256));
        let mut wanted = vec![runner, artifact, job];
        wanted.extend(items);
        for (what, below, sha256) in inputs.chain(images) {
            wanted.push(Wanted {
                what,
                local: places.input(&sha256),
                remote: self.in_session(&below)?,
                sha256,
                mode: DATA_MODE,
                hint: "the run's own copy of its inputs is gone".to_owned(),
            });
        }
        Ok(wanted)
    }

    /// Digests of the pictures of prompts and items: one that both show lies there once.
    fn images(&self) -> BTreeSet<String> {
        let of_prompts = self.planned.workload.images.iter().map(|file| file.sha256.as_str());
        let of_items = self.exam.iter().flat_map(Exam::images);
        of_prompts.chain(of_items).map(str::to_owned).collect()
    }

    fn in_session(&self, below: &str) -> Result<RemotePath, Setback> {
        Ok(RemotePath::new(format!("sessions/{}/{below}", self.name))?)
    }

    fn write_job(
        &self,
        runner_sha256: &str,
        probe: &Probe,
        answering: Option<Answering>,
    ) -> Result<Wanted, Setback> {
        let job = job_for(&self.planned, &self.context.run, runner_sha256, probe.cores, &self.images());
        let job = Job { unplug: self.unplug_rule(), answering, ..job };
        let text =
            serde_json::to_vec_pretty(&job).map_err(|error| Setback::new("harness", error.to_string()))?;
        let local = self.context.places.session(&self.planned.session).join(JOB);
        self.written_for("job", local, &text, self.in_session(JOB)?)
    }

    /// The items of the session, without what is expected of their answers.
    fn write_items(&self) -> Result<Option<Wanted>, Setback> {
        let Some(exam) = &self.exam else { return Ok(None) };
        let (places, session) = (&self.context.places, &self.planned.session);
        let local = match exam.canaries() {
            None => places.session(session).join("items.jsonl"),
            Some(_) => canaries::items_file(&places.state_dir, &self.context.run, session),
        };
        self.written_for("items", local, &exam.pushed(), self.in_session(ITEMS)?).map(Some)
    }

    /// Deletes the file that held secrets on the host.
    fn forget_planted(&self) {
        let (places, disk) = (&self.context.places, &self.context.world.disk);
        let path = canaries::items_file(&places.state_dir, &self.context.run, &self.planned.session);
        // What stays lies beside the key that it is made with, and is found when the run is searched.
        let _ = disk.remove(&path);
    }

    /// A file that is made for this session.
    fn written_for(
        &self,
        what: &'static str,
        local: PathBuf,
        bytes: &[u8],
        remote: RemotePath,
    ) -> Result<Wanted, Setback> {
        let disk = &self.context.world.disk;
        let digest = disk
            .create_dirs(local.parent().unwrap_or(&self.context.places.dir))
            .and_then(|()| disk.write_atomically(&local, bytes))
            .and_then(|()| disk.digest(&local))
            .map_err(|error| Setback::host_disk(&error))?;
        Ok(Wanted { what, local, remote, sha256: digest.sha256, mode: DATA_MODE, hint: String::new() })
    }

    /// Pushes what is not there yet; everything is verified on the device, what was there as well.
    async fn put(&self, wanted: &[Wanted]) -> Result<(), Setback> {
        let found = self.found(wanted).await;
        let missing: Vec<&Wanted> = wanted
            .iter()
            .zip(&found)
            .filter(|(_, found)| found.is_none())
            .map(|(wanted, _)| wanted)
            .collect();
        self.check_room(&missing).await?;
        for file in &missing {
            self.report(file.what);
            self.push(file).await?;
        }
        let pushed: Vec<Wanted> = missing.into_iter().cloned().collect();
        let pushed_found = if pushed.is_empty() { Vec::new() } else { self.found_now(&pushed).await? };
        for (file, bytes) in pushed.iter().zip(&pushed_found) {
            if bytes.is_none() {
                // Wrong content must not stay under the name of the right one.
                self.driver.remove(&file.remote, QUICK).await?;
                let text = format!(
                    "{}: its digest is not {}, which was planned; what lies in {} is something else",
                    file.what,
                    file.sha256,
                    file.local.display()
                );
                return Err(Setback::new("config", text));
            }
        }
        let reused = wanted.iter().zip(found).map(|(file, bytes)| (file, bytes, true));
        let fresh = pushed.iter().zip(pushed_found).map(|(file, bytes)| (file, bytes, false));
        for (file, bytes, reused) in reused.chain(fresh) {
            let Some(bytes) = bytes else { continue };
            let (what, sha256) = (file.what.to_owned(), file.sha256.clone());
            self.written(HostEvent::Provisioned { what, sha256, bytes, reused }).await?;
        }
        Ok(())
    }

    /// Sizes of the files that are on the device as wanted. A device without a working agent has nothing yet.
    async fn found(&self, wanted: &[Wanted]) -> Vec<Option<u64>> {
        self.found_now(wanted).await.unwrap_or_else(|_| vec![None; wanted.len()])
    }

    async fn found_now(&self, wanted: &[Wanted]) -> Result<Vec<Option<u64>>, Setback> {
        let paths: Vec<RemotePath> = wanted.iter().map(|file| file.remote.clone()).collect();
        let verified = self.unless_stopped(self.agent().verify(&paths)).await.ok_or_else(stopped)??;
        let right = |(file, found): (&Wanted, &edgesoak_protocol::probe::VerifiedFile)| {
            let found = found.found.as_ref()?;
            (found.sha256 == file.sha256 && found.mode & 0o777 == file.mode).then_some(found.bytes)
        };
        Ok(wanted.iter().zip(&verified).map(right).collect())
    }

    async fn push(&self, file: &Wanted) -> Result<(), Setback> {
        let _turn = self.turn_to_push(&file.local).await.ok_or_else(stopped)?;
        if self.berth.is_ours() {
            // A push that succeeds shows more of the link than this does.
            let _ = self.renew(PUSH).await;
        }
        let pushing = self.driver.push(&file.local, &file.remote, file.mode, PUSH);
        match self.unless_stopped(pushing).await {
            None => Err(stopped()),
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => {
                let text = sentence(&error);
                let mut setback = Setback::from(error);
                setback.detail = format!("{}: {text}; {}", file.what, file.hint);
                Err(setback)
            }
        }
    }

    /// Waits for a large file's turn at the device's hub; `None` where the run is to end. Devices that stall hold up
    /// those that work for so long and no longer.
    async fn turn_to_push(&self, local: &Path) -> Option<Option<OwnedSemaphorePermit>> {
        let large = self.context.world.disk.length(local).ok().flatten().is_some_and(|bytes| bytes >= LARGE);
        let Some(hub) = self.driver.hub().filter(|_| large) else { return Some(None) };
        let clock = self.context.world.clock.clone();
        self.unless_stopped(async {
            tokio::select! {
                biased;
                turn = self.context.sharing.hubs.turn(&hub) => turn,
                () = clock.sleep(TURN) => None,
            }
        })
        .await
    }

    async fn check_room(&self, missing: &[&Wanted]) -> Result<(), Setback> {
        let disk = &self.context.world.disk;
        // A file that is not on the host is reported by its push, with its own words.
        let needed: u64 = missing.iter().filter_map(|file| disk.length(&file.local).ok().flatten()).sum();
        match self.driver.free_space(QUICK).await? {
            Some(free) if needed > 0 && free < needed.saturating_add(ROOM) => {
                let text = format!(
                    "the device has {} MiB free, {} MiB are needed",
                    free >> 20,
                    (needed + ROOM) >> 20
                );
                Err(Setback::new("device", text).because("disk-full"))
            }
            _ => Ok(()),
        }
    }

    /// Writes an event down, or says that the host cannot.
    pub(super) async fn written(&self, event: HostEvent) -> Result<(), Setback> {
        self.host(event).await.map_err(|error| Setback::host_disk(&error))
    }
}

pub(super) fn stopped() -> Setback {
    Setback::new("user", "the run was stopped by a person or a signal").because("stopped-by-user")
}
