//! What a person sees of each kind of phone: standard output, standard error and exit code.

use crate::lab::Lab;

fn is_seen(name: &str, options: &[&str]) {
    let Some(lab) = Lab::with(options) else { return };
    insta::assert_snapshot!(name, lab.steady(&lab.call("run --profile rack")));
}

#[test]
fn a_phone_of_today() {
    is_seen("current", &[]);
}

#[test]
fn an_old_phone() {
    is_seen("old", &["--phone", "old"]);
}

#[test]
fn a_phone_that_has_not_allowed_this_host() {
    is_seen("unauthorised", &["--phone", "unauthorised"]);
}

#[test]
fn a_phone_without_room() {
    is_seen("tiny-storage", &["--phone", "tiny-storage"]);
}

#[test]
fn a_phone_that_executes_nothing_of_ours() {
    is_seen("noexec", &["--phone", "noexec"]);
}

#[test]
fn a_phone_that_shows_no_sensors() {
    is_seen("selinux-denied", &["--phone", "selinux-denied"]);
}

#[test]
fn a_phone_whose_link_is_cut_again_and_again() {
    is_seen("drop-every", &["--link", "drop-every 2"]);
}

#[test]
fn a_phone_on_a_slow_link() {
    is_seen("slow", &["--link", "slow 20000000"]);
}
