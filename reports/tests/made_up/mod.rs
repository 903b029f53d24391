//! A made-up run: invented devices, tokens and readings with a known course. Nothing here was measured.

pub mod answers;
pub mod channels;
pub mod decode;
pub mod explanations;
pub mod gates;
pub mod plan;
pub mod session;

use edgesoak_record::host_entry::History;
use edgesoak_record::not_run::{LeftOut, NotRun};
use edgesoak_record::units::Nanos;
use edgesoak_record::{Run, RunVerdict, SessionVerdict, Verdict};

/// 21 November 2026, 14:23 UTC.
pub const OPENED: Nanos = Nanos::from_secs(1_795_270_980);

/// A run without sessions and its verdict.
pub fn empty() -> (Run, RunVerdict) {
    let run = Run {
        id: "made-up-0001".to_owned(),
        opened: OPENED,
        version: "0.1.0".to_owned(),
        plan: plan::plan(Vec::new()),
        history: History::default(),
        sessions: Vec::new(),
        closed: true,
        interrupted: None,
    };
    let verdict = RunVerdict {
        run: run.id.clone(),
        verdict: Verdict::Nothing,
        exit: 5,
        reason: "no_session".to_owned(),
        sentence: "No session was planned, so nothing was evaluated.".to_owned(),
        accepted: Vec::new(),
        reused: None,
        redacted: None,
        not_run: Vec::new(),
        next_actions: vec!["Name a device in the profile, then `edgesoak plan`.".to_owned()],
        sessions: Vec::new(),
    };
    (run, verdict)
}

/// A device that was left out for want of time.
pub fn left_out(device: &str) -> NotRun {
    NotRun {
        what: LeftOut::Device,
        cause: "budget".to_owned(),
        devices: vec![device.to_owned()],
        families: Vec::new(),
        gates: Vec::new(),
        sentence: format!("Device {device} is not run: nothing is shown of it."),
    }
}

/// A run of these sessions; the first one's verdict speaks for the run.
pub fn run_of(sessions: Vec<(edgesoak_record::SessionRecord, SessionVerdict)>) -> (Run, RunVerdict) {
    let (mut run, mut verdict) = empty();
    run.plan = plan::plan(sessions.iter().map(|(record, _)| record.planned.clone()).collect());
    if let Some((_, worst)) = sessions.first() {
        verdict.verdict = worst.verdict;
        verdict.exit = worst.verdict.exit_code();
        verdict.sentence.clone_from(&worst.sentence);
    }
    for (record, judged) in sessions {
        run.sessions.push(record);
        verdict.sessions.push(judged);
    }
    (run, verdict)
}

/// Ten minutes on one device, sampled at 10 Hz, with thirty channels.
pub fn ten_minutes() -> (Run, RunVerdict) {
    let course = decode::Course {
        seconds: 600.0,
        cold: 23.0,
        hot: 16.0,
        onset: 172.0,
        stall: Some(431.0),
        ..decode::Course::default()
    };
    let record = session::record("s01", "made-up-scanner-1", &course, 10.0);
    let verdict = gates::throttled(&record, &course);
    run_of(vec![(record, verdict)])
}

/// What the committed example shows: one device that throttles, one that holds, one without sensors.
pub fn example() -> (Run, RunVerdict) {
    let hot = decode::Course {
        seconds: 600.0,
        cold: 23.0,
        hot: 16.0,
        onset: 172.0,
        stall: Some(431.0),
        ..decode::Course::default()
    };
    let cool =
        decode::Course { seconds: 600.0, cold: 21.9, hot: 21.5, onset: 240.0, ..decode::Course::default() };
    let short = decode::Course {
        seconds: 60.0,
        cold: 31.0,
        hot: 31.0,
        onset: 900.0,
        recovery: false,
        ..decode::Course::default()
    };
    let scanner = session::record("s01", "made-up-scanner-1", &hot, 2.0);
    let phone = session::record("s02", "made-up-phone-1", &cool, 2.0);
    let mut bare = session::record("s03", "made-up-board-1", &short, 2.0);
    channels::take_sensors_away(&mut bare);
    let judged = [gates::throttled(&scanner, &hot), gates::held(&phone, &cool), gates::short(&bare, &short)];
    let (mut run, mut verdict) = run_of([scanner, phone, bare].into_iter().zip(judged).collect());
    run.plan.policy.waivers.push(plan::waiver());
    "floor_tps".clone_into(&mut verdict.reason);
    verdict.accepted = vec![
        "`quality` is not proven on three devices; tier `release-rehearsal` accepts it by name.".to_owned(),
    ];
    verdict.next_actions = vec![
        "Cap the clock of made-up-scanner-1 or choose a smaller model; its floor misses the bar by 2.5 tokens/s.".to_owned(),
        "Soak made-up-board-1 for ten minutes: `edgesoak run --profile soak` takes about 13 min.".to_owned(),
        "Attach a temperature probe to made-up-board-1; without one heat stays not proven.".to_owned(),
    ];
    (run, verdict)
}
