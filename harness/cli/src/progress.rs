//! How a run goes, for people: a bar per device on a terminal, plain lines elsewhere. Always on stderr.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use edgesoak_controller::{Pace, Progress, RunEvent, Sink};
use edgesoak_record::Plan;
use edgesoak_record::host_entry::HostEvent;
use edgesoak_record::session::CloseState;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::sentences::span;
use crate::terminal::{printable, tell};

/// Time between two plain lines of the same phase.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows progress.
pub struct ProgressSink {
    /// `None` where stderr is no terminal.
    bars: Option<MultiProgress>,
    sessions: HashMap<String, Shown>,
    /// Sessions of virtual devices.
    simulated: HashSet<String>,
}

/// What was shown of a session last.
struct Shown {
    bar: ProgressBar,
    phase: String,
    at: Instant,
}

impl ProgressSink {
    /// Bars on a terminal, lines elsewhere.
    pub fn new() -> Self {
        let bars = std::io::stderr().is_terminal().then(MultiProgress::new);
        Self { bars, sessions: HashMap::new(), simulated: HashSet::new() }
    }

    /// The same for a run that was begun before.
    pub fn resuming(plan: &Plan) -> Self {
        let mut sink = Self::new();
        sink.know(plan);
        sink
    }

    fn know(&mut self, plan: &Plan) {
        let simulated = plan.sessions.iter().filter(|planned| planned.device.is_virtual);
        self.simulated = simulated.map(|planned| planned.session.clone()).collect();
    }

    /// A session's name with the mark of its device, if that is virtual.
    fn marked(&self, session: &str) -> String {
        let mark = if self.simulated.contains(session) { " (virtual)" } else { "" };
        format!("{session}{mark}")
    }

    fn show(&mut self, progress: &Progress) {
        let marked = self.marked(&progress.session);
        let bars = self.bars.as_ref();
        let shown = self.sessions.entry(progress.session.clone()).or_insert_with(|| Shown {
            bar: bars.map_or_else(ProgressBar::hidden, |bars| bars.add(bar())),
            phase: String::new(),
            at: Instant::now(),
        });
        let words = words(progress);
        if bars.is_some() {
            let total = progress.elapsed.0 + progress.left.map_or(0, |left| left.0);
            shown.bar.set_length(total.max(1));
            shown.bar.set_position(progress.elapsed.0);
            shown.bar.set_prefix(format!("{marked} {}", progress.device));
            shown.bar.set_message(words);
        } else if shown.phase != progress.phase || shown.at.elapsed() >= LINE_EVERY {
            tell(&format!("{marked} {}: {words}", progress.device));
            shown.at = Instant::now();
        }
        shown.phase.clone_from(&progress.phase);
    }

    fn say(&self, line: &str) {
        let line = printable(line);
        match &self.bars {
            // A bar that cannot be drawn any more must not cost the run a sink.
            Some(bars) => bars.println(line).unwrap_or_default(),
            None => tell(&line),
        }
    }

    fn host(&mut self, session: Option<&str>, event: &HostEvent) {
        let session = session.unwrap_or_default();
        let marked = self.marked(session);
        match event {
            HostEvent::RunOpened { run, plan, .. } => {
                self.know(plan);
                self.say(&format!("run {run}: {} expected", span(plan.expected_s)));
            }
            HostEvent::Provisioned { what, bytes, reused: false, .. } => {
                self.say(&format!("{marked} pushed {what} ({bytes} bytes)"));
            }
            HostEvent::Noted { code, text } if matches!(code.as_str(), "please" | "cable-out") => {
                self.say(&format!("{marked} {text}"));
            }
            HostEvent::Reattached { .. } => self.say(&format!("{marked} link is back, nothing was lost")),
            HostEvent::SessionClosed { close } => {
                if let Some(shown) = self.sessions.remove(session) {
                    shown.bar.finish_and_clear();
                }
                self.say(&match close.state {
                    CloseState::Completed => format!("{marked} completed"),
                    CloseState::Interrupted => format!("{marked} interrupted: {}", close.detail),
                    CloseState::NotRun => format!("{marked} not run: {}", close.detail),
                });
            }
            _ => {}
        }
    }
}

impl Sink for ProgressSink {
    fn name(&self) -> &'static str {
        "progress"
    }

    fn accept(&mut self, event: &RunEvent) -> Result<(), Box<dyn Error + Send + Sync>> {
        match event {
            RunEvent::Progress(progress) => self.show(progress),
            RunEvent::Host(entry) => self.host(entry.session.as_deref(), &entry.event),
            RunEvent::Frame { .. } | RunEvent::Collected { .. } => {}
        }
        Ok(())
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix} [{bar:28}] {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(1).with_style(style.progress_chars("=> "))
}

/// `soaking, 57.3 tokens/s, no temperature sensor, 4 min 10 s left`.
fn words(progress: &Progress) -> String {
    let mut words = vec![progress.phase.clone()];
    if let Some(pace) = progress.pace {
        words.push(match pace {
            Pace::Tokens(rate) => format!("{:.1} tokens/s", rate.0),
            Pace::Items(rate) => format!("{:.1} items/s", rate.0),
        });
        words.push(match progress.temperature {
            Some(temperature) => format!("{:.1} °C", temperature.0),
            None => "no temperature".to_owned(),
        });
    }
    if let Some(left) = progress.left {
        words.push(format!("{} left", span(left.as_secs_f64())));
    }
    if !progress.detail.is_empty() {
        words.push(progress.detail.clone());
    }
    printable(&words.join(", "))
}

#[cfg(test)]
mod tests {
    use edgesoak_record::units::{Hertz, Millis, TokensPerSecond};

    use super::*;

    #[test]
    fn items_are_counted_as_items() {
        let progress = |pace| Progress {
            session: "s01".to_owned(),
            device: "d".to_owned(),
            phase: "soaking".to_owned(),
            elapsed: Millis(0),
            left: None,
            pace: Some(pace),
            temperature: None,
            detail: String::new(),
        };
        let items = words(&progress(Pace::Items(Hertz(12.5))));
        assert_eq!(items, "soaking, 12.5 items/s, no temperature");
        let tokens = words(&progress(Pace::Tokens(TokensPerSecond(57.25))));
        assert_eq!(tokens, "soaking, 57.2 tokens/s, no temperature");
    }
}
