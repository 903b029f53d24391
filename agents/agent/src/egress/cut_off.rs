//! What came of a runtime that was cut off, as a stable word and a sentence.
//!
//! The word says how much is shown: `egress-proven-a` that nothing could leave and nothing was tried, `egress-proven-b`
//! that nothing could leave. Everything that makes either doubtful has a word of its own: a network of its own alone shows
//! neither, for sockets of files lead out of it to other programs of the device.

use edgesoak_protocol::journal::Attempt;
use edgesoak_runtimes::Account;

/// Attempts that are named in the sentence.
pub(super) const MOST_NAMED: usize = 4;

/// The note.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: &'static str,
    pub(super) text: String,
}

/// What the account of a watch over so much time says.
pub(super) fn said(account: &Account, first: &[Attempt], watched_ns: u64) -> Said {
    let (code, finding) = finding(account, first);
    let mut parts = vec![finding, method(account)];
    // Whole numbers: printing others takes more room in the agent than all of this.
    let tenths = watched_ns / 100_000_000;
    let until = if account.is_over { " until its last process had ended" } else { "" };
    parts.push(format!(
        "watched for {}.{} s, from before its first instruction{until}",
        tenths / 10,
        tenths % 10
    ));
    parts.extend(counts(account));
    Said { code, text: parts.join("; ") }
}

fn finding(account: &Account, first: &[Attempt]) -> (&'static str, String) {
    let Account { attempts, sockets, listens, neighbours, .. } = *account;
    if attempts > 0 {
        let mut named: Vec<String> = first.iter().map(ToString::to_string).collect();
        if attempts > named.len() as u64 {
            named.push(format!("and {} more", attempts - named.len() as u64));
        }
        return ("egress-attempts", format!("{attempts} tried to leave the device: {}", named.join(", ")));
    }
    let (is_cut, is_listed) = (account.network.is_ok(), account.listed.is_ok());
    if !is_cut && !is_listed {
        return ("egress-not-cut-off", "the runtime was not cut off from the network".to_owned());
    }
    if !account.is_over {
        return ("egress-unfinished", "the kernel does not say that all its processes have ended".to_owned());
    }
    if neighbours > 0 {
        let text = format!(
            "nothing tried to leave the device, but {neighbours} calls led to another program on it ({}), and what that \
             one sends is not watched",
            account.neighbour
        );
        return ("egress-possible", text);
    }
    if listens > 0 {
        return ("egress-possible", "a socket of the runtime waited for callers from anywhere".to_owned());
    }
    match (is_cut, is_listed, sockets) {
        (true, true, _) => ("egress-proven-a", "nothing tried to leave the device".to_owned()),
        (true, false, _) => {
            let text = "nothing could leave the device by itself, and which of its programs were called is not known";
            ("egress-possible", text.to_owned())
        }
        (false, _, 0) => {
            ("egress-proven-b", "nothing could leave the device: no socket for it was asked for".to_owned())
        }
        (false, _, sockets) => {
            ("egress-possible", format!("{sockets} sockets for the network were asked for, and refused"))
        }
    }
}

/// How it was cut off, and why no further.
fn method(account: &Account) -> String {
    match (&account.network, &account.listed) {
        (Ok(()), Ok(())) => "an empty network of its own, every call that could leave looked at".to_owned(),
        (Ok(()), Err(why)) => format!("an empty network of its own, its calls not looked at: {why}"),
        (Err(why), Ok(())) => {
            format!(
                "the network of the device ({why}), every call that could leave looked at, sockets for it refused"
            )
        }
        (Err(network), Err(listed)) => {
            format!("no network of its own: {network}; its calls not looked at: {listed}")
        }
    }
}

/// What else was counted.
fn counts(account: &Account) -> Option<String> {
    let counted = [
        (account.sockets, "sockets of the internet"),
        (account.loopback, "calls to its own loopback"),
        (account.rings, "rings of calls, refused"),
        (account.survivors as u64, "processes that outlived it, killed"),
    ];
    let words: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quiet() -> Account {
        Account {
            network: Ok(()),
            listed: Ok(()),
            is_over: true,
            survivors: 0,
            attempts: 0,
            sockets: 0,
            loopback: 0,
            listens: 0,
            neighbours: 0,
            neighbour: String::new(),
            rings: 0,
        }
    }

    fn code(account: &Account) -> &'static str {
        said(account, &[], 1).code
    }

    #[test]
    fn only_a_whole_watch_is_the_best_proof() {
        let why = || Err("Operation not permitted".to_owned());
        assert_eq!(code(&quiet()), "egress-proven-a");
        assert_eq!(
            code(&Account { sockets: 2, loopback: 3, rings: 1, survivors: 1, ..quiet() }),
            "egress-proven-a"
        );
        assert_eq!(code(&Account { listed: why(), ..quiet() }), "egress-possible");
        assert_eq!(code(&Account { network: why(), ..quiet() }), "egress-proven-b");
        assert_eq!(code(&Account { network: why(), sockets: 1, ..quiet() }), "egress-possible");
        assert_eq!(code(&Account { network: why(), listed: why(), ..quiet() }), "egress-not-cut-off");
        assert_eq!(code(&Account { is_over: false, ..quiet() }), "egress-unfinished");
        assert_eq!(code(&Account { listens: 1, ..quiet() }), "egress-possible");
        assert_eq!(code(&Account { neighbours: 1, ..quiet() }), "egress-possible");
    }

    #[test]
    fn an_attempt_is_one_whatever_else_is_missing() {
        let attempt = Attempt {
            pid: 12,
            parents: vec![11, 10],
            program: "sh".to_owned(),
            call: "connect".to_owned(),
            family: "inet".to_owned(),
            protocol: Some("tcp".to_owned()),
            reach: Some("public".to_owned()),
            address: Some("192.0.2.1".to_owned()),
            port: Some(443),
        };
        let account = Account { attempts: 3, is_over: false, ..quiet() };
        let Said { code, text } = said(&account, &[attempt], 1_500_000_000);
        assert_eq!(code, "egress-attempts");
        assert_eq!(
            text,
            "3 tried to leave the device: connect (inet, tcp) to 192.0.2.1 port 443 by sh 12 < 11 < 10, and 2 more; an empty \
             network of its own, every call that could leave looked at; watched for 1.5 s, from before its first instruction"
        );
    }
}
