//! What a person sees of each kind of phone and of whatever befalls its link: standard output, standard error and exit code.

use std::process::Command;

use crate::attached::virtual_phone;
use crate::lab::Lab;

/// What is particular about a phone, or befalls it.
enum Fault {
    /// It is of this kind.
    Kind(&'static str),
    /// Its link is like that from the start.
    Always(&'static str),
    /// This befalls its link in the soak.
    InSoak(&'static str),
    /// This happens in the soak.
    Else(fn(&mut Lab)),
}

/// One test for each: its name, that of the snapshot, and the fault.
macro_rules! seen {
    ($($test:ident: $name:literal, $fault:expr;)*) => {
        const SEEN: &[&str] = &[$($name),*];
        $(
            #[test]
            fn $test() {
                is_seen($name, &$fault);
            }
        )*
    };
}

seen! {
    a_phone_of_today: "current", Fault::Kind("current");
    an_old_phone: "old", Fault::Kind("old");
    a_phone_that_has_not_allowed_this_host: "unauthorised", Fault::Kind("unauthorised");
    a_phone_without_room: "tiny-storage", Fault::Kind("tiny-storage");
    a_phone_that_executes_nothing_of_ours: "noexec", Fault::Kind("noexec");
    a_phone_that_shows_no_sensors: "selinux-denied", Fault::Kind("selinux-denied");
    a_link_that_is_cut: "drop", Fault::InSoak("drop");
    a_link_that_is_cut_after_some_bytes: "drop-after", Fault::InSoak("drop-after 500");
    a_link_that_is_cut_again_and_again: "drop-every", Fault::InSoak("drop-every 2");
    a_link_that_stalls: "stall", Fault::InSoak("stall 15");
    an_adbd_that_restarts: "restart", Fault::InSoak("restart 2");
    a_phone_that_is_offline_for_a_while: "offline", Fault::InSoak("offline 3");
    a_slow_link: "slow", Fault::Always("slow 20000000");
    a_phone_whose_owner_forbids_this_host: "forbid", Fault::Always("forbid");
    a_phone_that_starts_anew: "reboot", Fault::Else(|lab| lab.reboot());
    an_adb_server_that_dies: "server", Fault::Else(|lab| lab.server.kill());
}

fn is_seen(name: &str, fault: &Fault) {
    let options = match fault {
        Fault::Kind(kind) => vec!["--phone", kind],
        Fault::Always(words) => vec!["--link", words],
        Fault::InSoak(_) | Fault::Else(_) => Vec::new(),
    };
    let Some(mut lab) = Lab::with(&options) else { return };
    let run = "run --profile rack";
    let spoken = match fault {
        Fault::Kind(_) | Fault::Always(_) => lab.call(run),
        Fault::InSoak(words) => lab.disturb(run, |lab| lab.phone.plant(words)),
        Fault::Else(happens) => lab.disturb(run, happens),
    };
    insta::assert_snapshot!(name, lab.steady(&spoken));
}

#[test]
fn every_kind_of_phone_and_every_fault_of_a_link_is_seen() {
    let help = |word: &str| {
        let output = Command::new(virtual_phone()).args([word, "--help"]).output();
        String::from_utf8(output.expect("the virtual phone starts").stdout).expect("text")
    };
    let (kinds, links) = (help("adbd"), help("link"));
    let kinds = kinds.lines().filter_map(|line| line.strip_prefix("      ")?.split(' ').next());
    let (_, links) = links.split_once("is one of: ").expect("a list");
    let links = links.split('.').next().expect("its end").split(',');
    let links = links.filter_map(|words| words.split_whitespace().next());
    // These two end what the others begin.
    let links = links.filter(|word| !["allow", "heal"].contains(word));
    let known: Vec<&str> = kinds.chain(links).filter(|word| !word.is_empty()).collect();
    assert!(known.contains(&"current") && known.contains(&"drop"), "{known:?}");
    let unseen: Vec<&&str> = known.iter().filter(|word| !SEEN.contains(*word)).collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}
