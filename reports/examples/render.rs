//! Renders a made-up ten-minute session of thirty channels at 10 Hz and prints time and size.
//!
//! `cargo run --release -p edgesoak-reports --example render [FILE [DEVICES]]`; with FILE the page is written there, with
//! DEVICES that many devices did the same, of which every third kept its bar.

use std::time::Instant;

#[expect(dead_code, reason = "the example needs one of the made-up runs")]
#[path = "../tests/made_up/mod.rs"]
mod made_up;

/// So many devices that throttled as one did; every third one kept its bar.
fn fleet(devices: usize) -> (edgesoak_record::Run, edgesoak_record::RunVerdict) {
    let (run, verdict) = made_up::ten_minutes();
    let session = |place: usize| {
        let (mut record, mut judged) = (run.sessions[0].clone(), verdict.sessions[0].clone());
        record.planned.session = format!("s{:03}", place + 1);
        record.planned.device.id = format!("made-up-scanner-{}", place + 1);
        judged.session.clone_from(&record.planned.session);
        judged.device.clone_from(&record.planned.device.id);
        if place % 3 == 2 {
            judged.verdict = edgesoak_record::Verdict::Pass;
            judged.gates[0].outcome = edgesoak_record::Outcome::Pass;
            judged.gates[0].measured = Some(19.5);
        }
        (record, judged)
    };
    made_up::run_of((0..devices).map(session).collect())
}

fn main() -> std::io::Result<()> {
    let devices = std::env::args().nth(2).and_then(|number| number.parse().ok()).unwrap_or(1);
    let (run, verdict) = fleet(devices);
    let samples: usize =
        run.sessions.iter().flat_map(|session| &session.channels).map(|channel| channel.samples.len()).sum();
    let begin = Instant::now();
    let background = edgesoak_reports::Background {
        explain: Some(made_up::explanations::explain),
        ..edgesoak_reports::Background::default()
    };
    let whole = |record| Ok::<_, std::convert::Infallible>(std::borrow::Cow::Borrowed(record));
    let Ok(page) = edgesoak_reports::html_in_parts(&run, &verdict, &background, whole);
    let seconds = begin.elapsed().as_secs_f64();
    println!("samples={samples} bytes={} seconds={seconds:.3}", page.len());
    match std::env::args_os().nth(1) {
        Some(path) => std::fs::write(path, page),
        None => Ok(()),
    }
}
