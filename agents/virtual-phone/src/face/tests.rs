//! Everything that a phone shows, as texts to look at.

use std::fmt::Write;

use edgesoak_protocol::units::{Bytes, Nanos};

use super::{Held, Page, Readings, View, Work, fixed, live};
use crate::body::Body;
use crate::body::surroundings::Surroundings;
use crate::load::Load;
use crate::profile::{Profile, built_in_names};
use crate::telemetry::{FAST, SLOW, Telemetry};

/// What a phone of this kind shows after half a minute at rest, with a runtime that holds something.
fn pages(profile: &Profile) -> Vec<Page> {
    let mut body = Body::new(profile, 0, Surroundings::ROOM).expect("a room");
    body.advance(Nanos::from_secs(30), &Load::Idle);
    let telemetry = Telemetry::new(profile);
    let mut readings = Readings::default();
    let mut values = Vec::new();
    for group in [FAST, SLOW] {
        telemetry.sample(body.state(), group, &mut values);
        let specs = telemetry.specs().filter(|spec| spec.group == group);
        for (spec, raw) in specs.zip(&values) {
            readings.push(spec.clone(), *raw);
        }
    }
    let mut work = Work::new(profile);
    work.hold(Some(Held { pid: 77, anon: Bytes(8 << 20), file: Bytes(200 << 20), calls_out: true }));
    work.pass(Nanos::from_secs(30), 2.0);
    let view = View { readings: &readings, state: body.state(), work: &work, up: body.now() };
    let specs: Vec<_> = telemetry.specs().cloned().collect();
    let mut pages = fixed(profile, 0, "11111111-2222");
    pages.extend(live(profile, &specs, &view));
    pages
}

#[test]
fn every_phone_has_its_face() {
    for name in built_in_names() {
        let profile = Profile::built_in(name).expect("built in");
        let mut text = String::new();
        let mut pages = pages(&profile);
        pages.sort_by(|one, other| one.path.cmp(&other.path));
        for page in pages {
            write!(text, "# {}\n{}", page.path, page.text).expect("a string grows");
        }
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn no_page_is_shown_twice() {
    for name in built_in_names() {
        let profile = Profile::built_in(name).expect("built in");
        let mut paths: Vec<String> = pages(&profile).into_iter().map(|page| page.path).collect();
        let count = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), count, "{name}");
    }
}

#[test]
fn processors_never_work_more_than_the_time_that_passes() {
    let profile = Profile::built_in("tensor-phone").expect("built in");
    let mut work = Work::new(&profile);
    for busy in [0.0, 2.0, 8.0, 100.0, -1.0] {
        work.pass(Nanos::from_secs(10), busy);
    }
    let all = work.user_s + work.system_s + work.idle_s;
    assert!((all - 400.0).abs() < 1e-9, "eight cores for 50 s: {all}");
    assert!((work.runtime_s - 180.0).abs() < 1e-9, "{}", work.runtime_s);
}
