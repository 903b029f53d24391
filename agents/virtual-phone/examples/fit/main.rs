//! Prints the public runs beside the model's, and how well each profile fits.
//!
//! `cargo run --release -p edgesoak-virtual-phone --example fit [PROFILE.toml]`

#[path = "../../tests/calibration/runs.rs"]
mod runs;
#[path = "../../tests/calibration/traces.rs"]
mod traces;

use edgesoak_virtual_phone::Profile;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(all) = runs::all() else {
        println!("skipped: ../shared/data/traces is absent");
        return Ok(());
    };
    let file = std::env::args().nth(1);
    let given = file
        .map(|file| {
            Profile::parse(&file, &std::fs::read_to_string(&file)?)
                .map_err(Box::<dyn std::error::Error>::from)
        })
        .transpose()?;
    for run in all {
        let profile = match &given {
            Some(profile) if profile.name == run.profile => profile.clone(),
            Some(_) => continue,
            None => Profile::built_in(run.profile)?,
        };
        println!("{}\n  from s    to s  measured  model  error", run.profile);
        let modelled = runs::modelled(&run, &profile);
        let lines = (run.measured.len() / 30).max(1);
        for (window, model) in run.measured.iter().zip(modelled).step_by(lines) {
            let error = (model / window.rate - 1.0) * 100.0;
            println!("{:8.0}{:8.0}{:10.2}{model:7.2}{error:6.1} %", window.from_s, window.to_s, window.rate);
        }
        let (error, joules) =
            (runs::median_error(&run, &profile) * 100.0, runs::energy_per_item(&run, &profile));
        println!("median absolute error {error:.2} %; {joules:.3} J per item\n");
    }
    Ok(())
}
