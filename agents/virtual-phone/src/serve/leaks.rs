//! Faults that need a process: a runtime that calls out.

use edgesoak_protocol::units::Nanos;

use super::error::ServeError;

const CALLS_OUT: &str = "egress-attempt";

/// When what leaks, counted from the first prompt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Leaks {
    calls_out: Option<Nanos>,
}

impl Leaks {
    /// Takes its own words out of those of all faults: `egress-attempt@30s`.
    pub(super) fn read(words: &[String]) -> Result<(Self, Vec<String>), ServeError> {
        let (mut leaks, mut others) = (Self::default(), Vec::new());
        for word in words {
            let (name, moment) = word.split_once('@').unwrap_or((word, "0s"));
            if name != CALLS_OUT {
                others.push(word.clone());
                continue;
            }
            let seconds = moment.strip_suffix('s').and_then(|seconds| seconds.parse::<u32>().ok());
            let seconds = seconds.ok_or_else(|| {
                ServeError::ReadingArguments(format!("{name} begins at {moment}, which is no time like 30s"))
            })?;
            leaks.calls_out = Some(Nanos::from_secs(u64::from(seconds)));
        }
        Ok((leaks, others))
    }

    /// Whether the runtime calls out now; once.
    pub(super) fn calls_out(&mut self, at: Nanos) -> bool {
        self.calls_out.take_if(|from| at.0 >= from.0).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaks_are_faults_with_a_moment() {
        let words = ["charger@5s:15W", "egress-attempt@3s"].map(str::to_owned);
        let (mut leaks, others) = Leaks::read(&words).expect("words of faults");
        assert_eq!(others, ["charger@5s:15W"]);
        assert!(!leaks.calls_out(Nanos::from_secs(2)));
        assert!(leaks.calls_out(Nanos::from_secs(3)));
        assert!(!leaks.calls_out(Nanos::from_secs(4)), "once is enough");
        assert!(Leaks::read(&["egress-attempt@soon".to_owned()]).is_err());
    }
}
