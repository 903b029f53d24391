//! The body of a phone: heat, clocks, governors and battery, as a pure function of time and load.
//!
//! A body has no clock and does no I/O. Its caller says how much time passes under which load; all times are
//! nanoseconds of its own clock, from 0. Every [`CONTROL_NS`] it reads its sensors, polls the governors that are due
//! and takes over clocks and leakage; in between clocks are constant, power is constant for a constant load, and the
//! heat equation is solved exactly. [`Body::next_change`] tells callers how long present rates hold.

pub mod battery;
mod build;
pub mod domain;
pub mod draw;
pub mod gauge;
pub mod governor;
pub mod network;
pub mod speed;
pub mod state;
pub mod status;
pub mod surroundings;
pub mod symmetric;
mod tamper;
pub mod unit;

use edgesoak_protocol::units::{Celsius, Nanos};

use crate::error::PhoneError;
use crate::load::{Accelerator, Load};
use crate::profile::Profile;
use battery::{Battery, Flow};
use domain::Domain;
use draw::Floor;
use gauge::{Gauge, Truth};
use governor::{Governor, View};
use network::Network;
use speed::Speed;
use state::{Down, State};
use status::ThermalStatus;
use surroundings::{Charger, Surroundings};
use tamper::Tamper;

/// Time between two control ticks, ns. Polls and refreshes happen on the tick at or after they are due.
pub const CONTROL_NS: u64 = 100_000_000;

/// A device at work.
#[derive(Debug, Clone)]
pub struct Body {
    profile: Profile,
    now_ns: u64,
    ambient_c: f64,
    network: Network,
    /// Temperatures of the nodes and of the sensors, °C, as of the last control tick.
    nodes_c: Vec<f64>,
    sensors_c: Vec<f64>,
    /// Weights of the nodes in each sensor.
    mixes: Vec<Vec<(usize, f64)>>,
    domains: Vec<Domain>,
    governors: Vec<Governor>,
    status: Option<ThermalStatus>,
    limits: Vec<(usize, f64)>,
    floor: Floor,
    supply: Option<Supply>,
    charger: Option<Charger>,
    placed: Option<Accelerator>,
    placement: Vec<u32>,
    heat: Vec<f64>,
    drawn_w: f64,
    energy_j: f64,
    down: Option<Down>,
    tamper: Tamper,
}

/// The battery with its place and its gauge.
#[derive(Debug, Clone)]
struct Supply {
    battery: Battery,
    gauge: Gauge,
    battery_node: usize,
    charging_node: usize,
    flow: Flow,
}

impl Body {
    /// What it is made of; names and order of sensors, nodes and clusters.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The time on its own clock.
    #[must_use]
    pub fn now(&self) -> Nanos {
        Nanos(self.now_ns)
    }

    /// When clocks may change next.
    #[must_use]
    pub fn next_change(&self) -> Nanos {
        Nanos((self.now_ns / CONTROL_NS + 1) * CONTROL_NS)
    }

    /// What can be seen of it from outside and inside.
    #[must_use]
    pub fn state(&self) -> State<'_> {
        State(self)
    }

    /// The speed of a load at the present clocks; nothing for an idle or a dead device.
    pub fn rates(&mut self, load: &Load<'_>) -> Option<Speed> {
        let candidate = load.candidate().filter(|_| self.down.is_none())?;
        self.place(candidate.accelerator);
        let speed = speed::speed(&self.domains, &self.placement, candidate);
        Some(if matches!(candidate.accelerator, Accelerator::Cpu { .. }) {
            speed.on_share(self.our_share().0)
        } else {
            speed
        })
    }

    /// Lets time pass under a load. A device that switches itself off stays off.
    pub fn advance(&mut self, span: Nanos, load: &Load<'_>) {
        let end = self.now_ns.saturating_add(span.0);
        while self.now_ns < end {
            let step = end.min(self.next_change().0) - self.now_ns;
            self.pass(step, load);
            if self.now_ns.is_multiple_of(CONTROL_NS) {
                self.control();
            }
        }
    }

    /// Plugs a charger in, or pulls it.
    pub fn plug(&mut self, charger: Option<Charger>) -> Result<(), PhoneError> {
        Surroundings { charger, ..Surroundings::ROOM }.check()?;
        self.charger = charger;
        Ok(())
    }

    /// Changes the air around it; the device itself keeps its temperatures.
    pub fn set_ambient(&mut self, ambient: Celsius) -> Result<(), PhoneError> {
        Surroundings { ambient, ..Surroundings::ROOM }.check()?;
        let shift = self.ambient_c - ambient.0;
        let rises: Vec<f64> = self.network.rises().iter().map(|rise| rise + shift).collect();
        self.network.set_rises(&rises);
        self.ambient_c = ambient.0;
        Ok(())
    }

    /// One step under constant clocks.
    fn pass(&mut self, step_ns: u64, load: &Load<'_>) {
        let seconds = step_ns as f64 / 1e9;
        self.heat.fill(0.0);
        self.drawn_w = if self.down.is_some() { 0.0 } else { self.consume(load) };
        self.energy_j += self.drawn_w * seconds;
        if let Some(supply) = &mut self.supply {
            supply.flow = supply.battery.pass(seconds, self.drawn_w, self.charger);
            supply.gauge.pass(seconds, supply.flow.current_a);
            self.heat[supply.battery_node] += supply.flow.battery_heat_w;
            self.heat[supply.charging_node] += supply.flow.charging_heat_w;
        }
        self.network.advance(step_ns, &self.heat);
        self.now_ns += step_ns;
    }

    /// Heats the nodes by what the load needs, and returns what the supply must give, W.
    fn consume(&mut self, load: &Load<'_>) -> f64 {
        let speed = self.rates(load).unwrap_or(Speed {
            compute_s: 0.0,
            weights_s: 0.0,
            per_context_s: 0.0,
            prefill_s: 0.0,
        });
        if load.candidate().is_none() {
            self.unplace();
        }
        let ours = self.floor.draw(&self.domains, &self.placement, load, speed, &mut self.heat);
        let tampered = self.tampered_w(&self.placement);
        self.heat[self.floor.leakage_node()] += tampered;
        ours + tampered
    }

    /// Takes over temperatures, polls who is due, and sets clocks and leakage for the time to the next tick.
    fn control(&mut self) {
        self.observe();
        if self.down.is_some() {
            return;
        }
        let now_ns = self.now_ns;
        let due = |period_ns: u64| now_ns % period_ns < CONTROL_NS;
        let view = View { sensors: &self.sensors_c, domains: &self.domains, busy_cores: &self.placement };
        let awake = !self.tamper.is_ungoverned;
        for governor in self.governors.iter_mut().filter(|governor| awake && due(governor.period_ns())) {
            governor.poll(view);
        }
        self.set_clocks();
        if let Some(status) = self.status.as_mut().filter(|status| due(status.period_ns)) {
            status.poll(self.sensors_c[status.sensor]);
        }
        self.switch_off_if_needed();
        if self.supply.as_ref().is_some_and(|supply| due(supply.gauge.period_ns())) {
            self.refresh_gauge();
        }
    }

    /// The system has run for long when the time begins: what looks at temperatures alone has looked.
    fn wake(&mut self) {
        let view = View { sensors: &self.sensors_c, domains: &self.domains, busy_cores: &self.placement };
        for governor in &mut self.governors {
            governor.wake(view);
        }
        self.set_clocks();
        if let Some(status) = &mut self.status {
            status.poll(self.sensors_c[status.sensor]);
        }
    }

    /// Reads all temperatures.
    fn observe(&mut self) {
        for (celsius, rise) in self.nodes_c.iter_mut().zip(self.network.rises()) {
            *celsius = self.ambient_c + rise;
        }
        for (celsius, mix) in self.sensors_c.iter_mut().zip(&self.mixes) {
            *celsius = mix.iter().map(|(node, weight)| weight * self.nodes_c[*node]).sum();
        }
        self.floor.observe(&self.nodes_c);
    }

    fn set_clocks(&mut self) {
        for domain in &mut self.domains {
            domain.allowed = domain.top();
        }
        for governor in &self.governors {
            governor.limit(&mut self.domains);
        }
        for domain in &mut self.domains {
            domain.governed = domain.allowed;
        }
        self.limit_to_ceiling();
    }

    fn switch_off_if_needed(&mut self) {
        let too_hot = self.limits.iter().find(|(sensor, limit)| self.sensors_c[*sensor] >= *limit);
        let at = Nanos(self.now_ns);
        if let Some((sensor, _)) = too_hot {
            self.down = Some(Down::Heat { at, sensor: *sensor });
        } else if self.supply.as_ref().is_some_and(|supply| !supply.flow.holds) {
            self.down = Some(Down::Battery { at });
        }
    }

    fn refresh_gauge(&mut self) {
        if let Some(supply) = &mut self.supply {
            supply.gauge.refresh(Truth {
                volts: supply.flow.volts,
                charge_as: supply.battery.charge_as(),
                state_of_charge: supply.battery.state_of_charge(),
                celsius: self.nodes_c[supply.battery_node],
            });
        }
    }

    /// Spreads a candidate over the cores, unless it already is.
    fn place(&mut self, accelerator: Accelerator) {
        if self.placed != Some(accelerator) {
            self.placed = Some(accelerator);
            self.placement = speed::placement(&self.domains, accelerator, self.tamper.is_demoted);
        }
    }

    fn unplace(&mut self) {
        if self.placed.take().is_some() {
            self.placement.fill(0);
        }
    }
}
