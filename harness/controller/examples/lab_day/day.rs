//! One lab day: forty phones, some hosts, some runs, and what goes wrong.

use std::sync::Arc;
use std::time::Duration;

use edgesoak_controller::Terms;
use edgesoak_record::Plan;
use tokio::task::JoinSet;

use crate::clock::Dawn;
use crate::defect::Defect;
use crate::dice::Dice;
use crate::errand::{Errand, Tally};
use crate::host::{Host, Phones};
use crate::phone::{Kind, Phone};
use crate::truth::Truth;
use crate::{defect, plan, weather};

/// Runs that a lab plans for a day, and the time between two of them.
const RUNS: usize = 4;
const EVERY: Duration = Duration::from_mins(30);
/// By now nothing goes wrong any more, and somebody looks after what is left.
const EVENING: Duration = Duration::from_hours(4);

pub struct Day {
    pub seed: u64,
    pub truth: Arc<Truth>,
    pub phones: Phones,
    pub hosts: [Arc<Host>; 2],
    pub errands: Vec<Errand>,
    pub planted: usize,
}

/// Lives through a day; nothing goes wrong on an undisturbed one.
pub fn live(seed: u64, is_disturbed: bool) -> Day {
    live_with(seed, is_disturbed, None)
}

/// The same with a planted defect.
pub fn live_with(seed: u64, is_disturbed: bool, defect: Option<Defect>) -> Day {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().expect("a runtime");
    runtime.block_on(async {
        let mut day = Day::begin(seed, is_disturbed, Truth::with(defect));
        day.pass(is_disturbed).await;
        day
    })
}

fn phones(seed: u64, dawn: Dawn, truth: &Arc<Truth>) -> Phones {
    let kinds = [(Kind::Plain, 20), (Kind::Charged, 12), (Kind::Instrumented, 8)];
    let kinds = kinds.into_iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, count));
    let phone = |(kind, number): (Kind, u32)| {
        let id = format!("phone-{number:02}");
        (id.clone(), Arc::new(Phone::new(&id, kind, seed, dawn, truth.clone())))
    };
    Arc::new(kinds.zip(1..).map(phone).collect())
}

impl Day {
    fn begin(seed: u64, is_disturbed: bool, truth: Arc<Truth>) -> Self {
        let dawn = Dawn::breaks();
        let phones = phones(seed, dawn, &truth);
        let hosts = ["host", "guest"].map(|name| Host::new(name, &phones, &truth, seed, dawn));
        let mut day = Self { seed, truth, phones, hosts, errands: Vec::new(), planted: 0 };
        for run in 0..RUNS {
            day.plan_run(run, is_disturbed);
        }
        day
    }

    /// A run over a part of the phones, some of them twice, and most times somebody else, here or on
    /// the guest's host, who wants a few of them too, and waits for them or not.
    fn plan_run(&mut self, run: usize, is_disturbed: bool) {
        let mut dice = Dice::of(self.seed, &format!("run {run}"));
        let all: Vec<&Phone> = self.phones.values().map(Arc::as_ref).collect();
        let mut picked: Vec<&Phone> = all.iter().copied().filter(|_| dice.percent(40)).collect();
        if picked.is_empty() {
            picked.push(all[0]);
        }
        for _ in 0..dice.within(0..3) {
            let again = *dice.pick::<&Phone>(&picked);
            picked.push(again);
        }
        let at = EVERY * u32::try_from(run).expect("few");
        let plan = plan::plan(&picked);
        let rival = dice.percent(75).then(|| {
            let wanted: Vec<&Phone> = (0..dice.within(1..6)).map(|_| *dice.pick::<&Phone>(&picked)).collect();
            let wait = if dice.percent(50) { dice.seconds(60..1200) } else { Duration::ZERO };
            (plan::plan(&wanted), at + dice.seconds(0..330), dice.percent(60), wait)
        });
        self.add(run, 0, plan, at, is_disturbed);
        if let Some((plan, at, is_guest, wait)) = rival.filter(|_| is_disturbed) {
            self.add(RUNS + run, usize::from(is_guest), plan, at, is_disturbed);
            self.errands.last_mut().expect("just added").terms.wait = wait;
        }
    }

    fn add(&mut self, number: usize, host: usize, plan: Plan, at: Duration, is_disturbed: bool) {
        let mut dice = Dice::of(self.seed, &format!("errand {number}"));
        let deaths = weather::deaths(plan.sessions.len(), &mut dice);
        self.errands.push(Errand {
            number,
            host: self.hosts[host].clone(),
            plan,
            terms: Terms::default(),
            at,
            deaths: if is_disturbed { deaths } else { Vec::new() },
            dice,
            truth: self.truth.clone(),
            tally: Tally::default(),
        });
    }

    async fn pass(&mut self, is_disturbed: bool) {
        let mut weather = JoinSet::new();
        if is_disturbed {
            self.plant(&mut weather);
        }
        if self.truth.has(Defect::Stranger) {
            let guest = self.hosts[1].clone();
            weather.spawn(async move { defect::trespass(&guest).await });
        }
        let mut work = JoinSet::new();
        for mut errand in std::mem::take(&mut self.errands) {
            work.spawn(async move {
                errand.carry_out().await;
                errand
            });
        }
        let mut errands = work.join_all().await;
        errands.sort_by_key(|errand| errand.number);
        self.hosts[0].dawn.until(EVENING).await;
        weather.shutdown().await;
        self.phones.values().for_each(|phone| phone.heal());
        self.hosts.iter().for_each(|host| host.heal());
        for errand in &mut errands {
            errand.see_to_the_end().await;
        }
        self.errands = errands;
    }

    /// Lets things go wrong at their times.
    fn plant(&mut self, weather: &mut JoinSet<()>) {
        for errand in &self.errands {
            self.planted += errand.deaths.len();
            let mut dice = Dice::of(self.seed, &format!("weather {}", errand.number));
            for (at, fault) in weather::of_host(errand.number, errand.at, &mut dice) {
                self.planted += 1;
                let (host, mut dice) = (errand.host.clone(), dice.clone());
                weather.spawn(async move {
                    host.dawn.until(at).await;
                    host.suffer(&fault, &mut dice);
                });
            }
            for planned in &errand.plan.sessions {
                let phone = &self.phones[&planned.device.id];
                for (at, fault) in weather::of_phone(phone.kind, errand.at, &mut dice) {
                    self.planted += 1;
                    let phone = phone.clone();
                    weather.spawn(async move {
                        phone.dawn.until(at).await;
                        phone.suffer(&fault);
                    });
                }
            }
        }
    }

    /// Phones that more than one run wants.
    pub fn is_contended(&self, phone: &str) -> bool {
        let wants = |errand: &&Errand| errand.plan.sessions.iter().any(|planned| planned.device.id == phone);
        self.errands.iter().filter(wants).count() > 1
    }
}
