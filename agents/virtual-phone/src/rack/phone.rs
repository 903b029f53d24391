//! A phone of a rack: where it is, what it is, and its process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::Sender;
use std::thread;

use super::error::RackError;
use super::tell::News;
use crate::inside::Variant;

/// The kinds of phones that have ADB, in the order in which a rack fills.
const PROFILES: [&str; 5] =
    ["tensor-phone", "sm6115-scanner", "snapdragon8-phone", "sdm660-scanner", "exynos-mid"];

/// A place in a rack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1.
    number: u16,
    pub(super) port: u16,
    pub(super) profile: &'static str,
    pub(super) seed: u16,
    pub(super) variant: Variant,
}

impl Place {
    /// Its name in a matrix, where `virtual:` says that it proves nothing about hardware.
    pub(super) fn id(&self) -> String {
        format!("virtual:{}-{}", self.profile, self.number)
    }

    pub(super) fn serial(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Starts its phone; what is heard of it goes to `news`, with its number from 0.
    pub(super) fn start(&self, dir: Option<&Path>, news: Sender<(usize, News)>) -> Result<Child, RackError> {
        let failed = |source| RackError::Starting { phone: self.serial(), source };
        let mut command = Command::new(std::env::current_exe().map_err(failed)?);
        command.args(["adbd", "--profile", self.profile, "--phone", self.variant.name()]);
        command.args(["--port", &self.port.to_string(), "--seed", &self.seed.to_string()]);
        if let Some(dir) = dir {
            command.arg("--dir").arg(dir.join(format!("phone-{}", self.number)));
        }
        // It ends when its stdin does: no phone outlives its rack.
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        if let Some(out) = child.stdout.take() {
            let index = usize::from(self.number - 1);
            thread::spawn(move || listen(out, index, &news));
        }
        Ok(child)
    }
}

/// The phones of a rack: each a unit of its own, and each second round of kinds other units.
pub(super) fn places(count: u16, first_port: u16, is_difficult: bool) -> Vec<Place> {
    let variants: Vec<Variant> = Variant::all().collect();
    let variant =
        |index: usize| if is_difficult { variants[index % variants.len()] } else { Variant::Current };
    let profiles = PROFILES.into_iter().cycle();
    let places = (1..=count).zip(profiles).enumerate();
    places
        .map(|(index, (number, profile))| {
            let port = first_port.saturating_add(number - 1);
            Place { number, port, profile, seed: number, variant: variant(index) }
        })
        .collect()
}

/// A line for each boot; the end of them is the end of the phone.
fn listen(out: ChildStdout, index: usize, news: &Sender<(usize, News)>) {
    for line in BufReader::new(out).lines() {
        if line.is_err() || news.send((index, News::Up)).is_err() {
            break;
        }
    }
    // The rack may be gone.
    let _ = news.send((index, News::Off));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::is_android;
    use crate::profile::{Profile, built_in_names};

    #[test]
    fn every_kind_with_adb_has_its_turn() {
        let with_adb = built_in_names()
            .filter(|name| is_android(&Profile::built_in(name).expect("built in")))
            .collect::<Vec<_>>();
        let mut profiles = PROFILES.to_vec();
        profiles.sort_unstable();
        assert_eq!(profiles, with_adb);
    }

    #[test]
    fn no_two_phones_are_the_same() {
        let places = places(12, 7001, true);
        for (index, place) in places.iter().enumerate() {
            assert!(places[..index].iter().all(|other| other.port != place.port && other.seed != place.seed));
        }
        assert_eq!(places.iter().filter(|place| place.variant == Variant::Old).count(), 2);
        assert_eq!(places[11].serial(), "127.0.0.1:7012");
    }
}
