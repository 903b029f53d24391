//! A job and a phone, as small as a recording allows, with everything open to changes.

use edgesoak_protocol::RawReading;
use edgesoak_protocol::job::{
    Artifact, Job, Phases, Runner, Sampling, StopAt, TemplateSource, VERSION, Workload,
};
use edgesoak_protocol::journal::{Entry, Frame, Header, read_all};
use edgesoak_protocol::units::Nanos;
use edgesoak_virtual_phone::record::{
    Boot, Item, Phone, Question, Recorded, Settings, Verified, Work, record,
};
use edgesoak_virtual_phone::{Accelerator, Candidate, PhoneError, Profile, Surroundings};

use crate::student::student;

/// The monotonic clock of the phone when its journal is opened.
pub const OPENED: Nanos = Nanos::from_secs(5_000);

#[derive(Debug)]
pub struct Made {
    pub profile: &'static str,
    pub seed: u64,
    pub surroundings: Surroundings,
    pub candidate: Candidate,
    pub job: Job,
    pub faults: Vec<String>,
    pub questions: Vec<Question>,
}

/// A journal, read back, with what became of its recording.
pub struct Read {
    pub header: Header,
    pub entries: Vec<Entry>,
    pub recorded: Recorded,
}

impl Made {
    /// A soak of so many seconds on two threads of a scanner.
    pub fn soak(seconds: u64) -> Self {
        Self {
            profile: "sm6115-scanner",
            seed: 0,
            surroundings: Surroundings::ROOM,
            candidate: candidate(),
            job: job(seconds),
            faults: Vec::new(),
            questions: Vec::new(),
        }
    }

    pub fn with_faults(mut self, faults: &[&str]) -> Self {
        self.faults = faults.iter().map(|words| (*words).to_owned()).collect();
        self
    }

    pub fn bytes(&self) -> Result<(Vec<u8>, Recorded), PhoneError> {
        let profile = Profile::built_in(self.profile).expect("a profile of ours");
        let item = |(id, bytes): (&str, u32)| Item { id: id.to_owned(), sha256: id.repeat(64), bytes };
        let cycle = [("a", 400), ("b", 1_200), ("c", 402)].map(item);
        let boot = Boot {
            id: "0a1b".to_owned(),
            mono: OPENED,
            boottime: Nanos(OPENED.0 + 7_000_000_000),
            wall: Nanos::from_secs(1_800_000_000),
        };
        let phone = Phone {
            profile: &profile,
            seed: self.seed,
            surroundings: self.surroundings,
            faults: &self.faults,
            boot,
        };
        let verified = ["artifact", "prompts"].map(|what| Verified {
            what: what.to_owned(),
            sha256: "0".repeat(64),
            bytes: 9,
        });
        let candidate = self.candidate.clone();
        let work = Work {
            job: &self.job,
            candidate,
            cycle: &cycle,
            questions: &self.questions,
            verified: &verified,
            settings: Settings::default(),
        };
        let mut bytes = Vec::new();
        let recorded = record(&phone, &work, &mut bytes)?;
        Ok((bytes, recorded))
    }

    pub fn read(&self) -> Read {
        let (bytes, recorded) = self.bytes().expect("a recording");
        let (header, entries, ending) = read_all(&bytes).expect("a journal");
        let is_whole = format!("{ending:?}");
        assert!(!is_whole.contains("Torn") && !is_whole.contains("Corrupt"), "{is_whole}");
        Read { header, entries, recorded }
    }
}

impl Read {
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.entries.iter().map(|entry| &entry.frame)
    }

    pub fn last(&self) -> &Frame {
        &self.entries.last().expect("frames").frame
    }

    /// Codes of the notes beside that of the device's trip points.
    pub fn notes(&self) -> Vec<&str> {
        let code = |frame: &'_ Frame| matches!(frame, Frame::Note { .. });
        self.frames()
            .filter(|frame| code(frame))
            .map(|frame| if let Frame::Note { code, .. } = frame { code.as_str() } else { "" })
            .filter(|code| *code != "thermal-limits")
            .collect()
    }

    /// `(seconds since the journal was opened, value)` of a channel; ticks without a value are left out.
    pub fn channel(&self, name: &str) -> Vec<(f64, f64)> {
        let spec = self.header.channels.iter().find(|spec| spec.name == name).expect("a channel");
        let of_group = |spec: &&edgesoak_protocol::ChannelSpec| spec.missing.is_none();
        let mut group =
            self.header.channels.iter().filter(of_group).filter(|other| other.group == spec.group);
        let place = group.position(|other| other.name == name).expect("a present channel");
        let value = |entry: &Entry| {
            let Frame::Tick { group, values } = &entry.frame else { return None };
            let RawReading(raw) = *values.get(place).filter(|_| *group == spec.group)?;
            Some(((entry.t_mono_ns - OPENED.0) as f64 / 1e9, spec.value(raw).ok()?))
        };
        self.entries.iter().filter_map(value).collect()
    }

    /// Token times of each prompt, ns on the monotonic clock.
    pub fn tokens(&self) -> Vec<Vec<u64>> {
        let mut prompts: Vec<Vec<u64>> = Vec::new();
        for frame in self.frames() {
            match frame {
                Frame::PromptSubmitted { .. } => prompts.push(Vec::new()),
                Frame::TokenBatch { prompt, first_index, t0_ns, delta_ns, tokens_per_stamp: 1 } => {
                    let times = &mut prompts[*prompt as usize];
                    assert_eq!(*first_index as usize, times.len(), "no token twice, none left out");
                    times.push(*t0_ns);
                    for delta in delta_ns {
                        times.push(times[times.len() - 1] + delta);
                    }
                }
                _ => {}
            }
        }
        prompts
    }
}

fn candidate() -> Candidate {
    Candidate {
        accelerator: Accelerator::Cpu { threads: 2 },
        prompt_tokens: 1,
        output_tokens: 64,
        ..student()
    }
}

fn job(seconds: u64) -> Job {
    let file = || Artifact { path: "file".to_owned(), sha256: "0".repeat(64) };
    Job {
        version: VERSION,
        run: "made".to_owned(),
        session: "s01".to_owned(),
        runner: Runner {
            program: "runner".to_owned(),
            args: Vec::new(),
            requested_device: "cpu".to_owned(),
            threads: 2,
            ctx: 1_024,
            silence_limit_ms: 60_000,
        },
        artifact: file(),
        workload: Workload {
            prompts: file(),
            template: TemplateSource::Artifact,
            retrieval: None,
            output_tokens: 64,
            is_of_items: false,
            think_time_ms: 0,
            images: Vec::new(),
        },
        phases: Phases { warm_tokens: 8, soak_ms: seconds * 1_000, recovery: None },
        sampling: Sampling { fast_period_ms: 100, slow_period_ms: 1_000, command_period_ms: 10_000 },
        stop_at: StopAt::default(),
        settle: None,
        settings: Vec::new(),
        unplug: None,
        answering: None,
        local_only: false,
    }
}
