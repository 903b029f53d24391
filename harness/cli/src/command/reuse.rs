//! `edgesoak run --reuse AGE`: a stored verdict in the place of a run, where nothing has changed that it rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use edgesoak_controller::{Stand, stand_of};
use edgesoak_matrix::DeviceEntry;
use edgesoak_record::units::Nanos;
use edgesoak_record::verdict::Reused;
use edgesoak_record::{Plan, Run, RunVerdict, SessionRecord};
use edgesoak_store::{Store, os_build_of};

use crate::args::{Outputs, Shared};
use crate::command::{finish, host_now, host_threads, plan, probe, report};
use crate::failure::Failure;
use crate::places::Places;
use crate::sentences::span;
use crate::stored::{self, JudgedRun};
use crate::terminal::tell;

/// Shows the verdict of an earlier run of this plan, marked, and gives its exit code; `None` where there is none that still
/// holds, and a run is due.
pub fn instead(
    shared: &Shared,
    plan: &Plan,
    age: Option<Duration>,
    outputs: &Outputs,
) -> Result<Option<u8>, Failure> {
    let by_policy = || Duration::try_from_secs_f64(plan.policy.reuse_s?).ok();
    let Some(age) = age.or_else(by_policy).filter(|_| shared.database().exists()) else { return Ok(None) };
    let store = stored::open_for_reading(shared)?;
    let Some((run, verdict)) = found(shared, &store, plan, age)? else { return Ok(None) };
    let Some(now) = stands(shared, plan)? else { return Ok(None) };
    if let Some(why) = run.sessions.iter().find_map(|record| changed(record, &now)) {
        tell(&format!("run {} has a verdict on this plan, and {why}: it is run again", run.id));
        return Ok(None);
    }
    shown(shared, &store, &run, &marked(&run, verdict), outputs).map(Some)
}

/// The latest run of this plan, if it was decided, whole, by this version, without an excuse that has an end, and is judged so
/// by the programs of now.
fn found(
    shared: &Shared,
    store: &Store,
    plan: &Plan,
    age: Duration,
) -> Result<Option<(Run, RunVerdict)>, Failure> {
    let failed = |error| stored::unreadable(shared, &error);
    let age = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX);
    let since = Nanos(host_now().0.saturating_sub(age));
    let Some(id) = store.decided_run(&plan.id, since).map_err(failed)? else { return Ok(None) };
    let run = store.load_outline(&id).map_err(failed)?;
    let is_same =
        run.plan.policy == plan.policy && run.plan.sessions == plan.sessions && run.plan.cut == plan.cut;
    if !is_same || run.version != env!("CARGO_PKG_VERSION") {
        return Ok(None);
    }
    let kept = store.verdict(&id).map_err(failed)?;
    let JudgedRun { verdict, .. } = stored::judge(store, &id).map_err(failed)?;
    let is_waived =
        verdict.sessions.iter().flat_map(|session| &session.gates).any(|gate| gate.waived.is_some());
    // A gate that was mended since may judge the same data otherwise.
    Ok((kept.as_ref() == Some(&verdict) && !is_waived).then_some((run, verdict)))
}

/// What a run would meet on each device now; `None` where one cannot be asked.
fn stands(shared: &Shared, plan: &Plan) -> Result<Option<BTreeMap<String, Stand>>, Failure> {
    let (matrix, places, threads) = (plan::matrix(shared)?, Places::find()?, host_threads()?);
    let mut stands = BTreeMap::new();
    for device in plan.sessions.iter().map(|session| &session.device) {
        if stands.contains_key(&device.id) {
            continue;
        }
        let of_device = plan.sessions.iter().filter(|session| session.device.id == device.id);
        let runtimes: BTreeSet<&str> = of_device.map(|session| session.candidate.runtime.as_str()).collect();
        let runtimes: Vec<&str> = runtimes.into_iter().collect();
        let written = |entry: &&DeviceEntry| device.id.split('#').next() == Some(entry.id.as_str());
        let Some(entry) = matrix.devices().iter().find(written) else { return Ok(None) };
        let request = probe::request(
            &DeviceEntry { id: device.id.clone(), address: device.address.clone(), ..entry.clone() },
            &places,
            0,
        );
        match threads.block_on(stand_of(&request, &runtimes)) {
            Ok(stand) => drop(stands.insert(device.id.clone(), stand)),
            Err(error) => {
                tell(&format!(
                    "{} cannot be asked for its build, so that no verdict is reused: {error}",
                    device.id
                ));
                return Ok(None);
            }
        }
    }
    Ok(Some(stands))
}

/// What is not as it was in this session, if anything is, or cannot be told.
fn changed(record: &SessionRecord, now: &BTreeMap<String, Stand>) -> Option<String> {
    let planned = &record.planned;
    let device = &planned.device.id;
    let Some(stand) = now.get(device) else { return Some(format!("nothing is known of {device}")) };
    let build = serde_json::to_value(&stand.probe).ok().and_then(|probe| os_build_of(&probe));
    if build.is_none() || build != record.os_build {
        return Some(format!("the OS build of {device} is not known to be the same"));
    }
    let runner = record.verified.iter().find(|file| file.what == "runner").map(|file| &file.sha256);
    let same = runner.is_some() && runner == stand.runners.get(&planned.candidate.runtime);
    (!same).then(|| format!("the program of runtime {} is another one", planned.candidate.runtime))
}

fn marked(run: &Run, verdict: RunVerdict) -> RunVerdict {
    let age = host_now().since(run.opened);
    let sentence = format!(
        "Nothing was run: this is the verdict of run {}, opened {} ago under the same plan, runtimes and OS builds.",
        run.id,
        span(age.as_secs_f64())
    );
    RunVerdict { reused: Some(Reused { opened: run.opened, age, sentence }), ..verdict }
}

/// As after a run. The run's own report stays as it is: the marked one lies beside it.
fn shown(
    shared: &Shared,
    store: &Store,
    run: &Run,
    verdict: &RunVerdict,
    outputs: &Outputs,
) -> Result<u8, Failure> {
    let dir = shared.out.join("runs").join(&run.id);
    let page = report::write_page(shared, store, run, verdict, &dir.join("reused.html"))?;
    finish::shown(shared, outputs, (store, run, verdict), &dir, &page)?;
    Ok(verdict.exit)
}
