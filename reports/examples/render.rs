//! Renders a made-up ten-minute session of thirty channels at 10 Hz and prints time and size.
//!
//! `cargo run --release -p edgesoak-reports --example render [FILE]`; with FILE the page is written there.

use std::time::Instant;

#[expect(dead_code, reason = "the example needs one of the made-up runs")]
#[path = "../tests/made_up/mod.rs"]
mod made_up;

fn main() -> std::io::Result<()> {
    let (run, verdict) = made_up::ten_minutes();
    let samples: usize =
        run.sessions.iter().flat_map(|session| &session.channels).map(|channel| channel.samples.len()).sum();
    let begin = Instant::now();
    let page = edgesoak_reports::html(&run, &verdict);
    let seconds = begin.elapsed().as_secs_f64();
    println!("samples={samples} bytes={} seconds={seconds:.3}", page.len());
    match std::env::args_os().nth(1) {
        Some(path) => std::fs::write(path, page),
        None => Ok(()),
    }
}
