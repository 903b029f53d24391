//! Writes the site of a made-up fleet and prints time and size; the reports of its runs are not made.
//!
//! `cargo run --release -p edgesoak-reports --example site DIR [RUNS]`

use std::path::PathBuf;
use std::time::Instant;

#[path = "../tests/site/made.rs"]
mod made;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().unwrap_or_else(|| "site".to_owned()));
    let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(90);
    let fleet = made::fleet(count);
    let begin = Instant::now();
    let site = edgesoak_reports::Site::of(&fleet);
    let pages: Vec<(&str, String)> =
        site.paths().map(|path| (path, site.page(path).unwrap_or_default())).collect();
    let seconds = begin.elapsed().as_secs_f64();
    let bytes: usize = pages.iter().map(|(_, page)| page.len()).sum();
    println!("runs={count} pages={} bytes={bytes} seconds={seconds:.3}", pages.len());
    for (path, page) in pages {
        let place = dir.join(path);
        std::fs::create_dir_all(place.parent().unwrap_or(&dir))?;
        std::fs::write(place, page)?;
    }
    Ok(())
}
