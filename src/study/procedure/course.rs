//! Driving and parking in turn: what a test procedure does with a car.

use super::driver::{Driver, Road};
use crate::cycle::Cycle;
use crate::lanes::Number;
use crate::ledger::{Channel, Ledger, Paths};
use crate::results::Totals;
use crate::sim::{Initial, Recorder, SideBySide, Simulated};
use crate::study::balance::{Charged, Startable};
use crate::vehicle::{Plant, State, Vehicle};

/// One part of a course.
pub(super) enum Leg {
    /// Drives a cycle and keeps nothing.
    Drive(Road),
    /// Drives a cycle and keeps every bag of it.
    Measure(Road, Vec<BagEnd>),
    /// Parks the car, s.
    Soak(f64),
}

/// Where a bag ends.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct BagEnd {
    /// Name of the bag.
    pub(super) name: String,
    /// Time from the begin of the cycle, s.
    pub(super) end_s: f64,
    /// Share with which the bag enters the result.
    pub(super) weight: f64,
}

/// What one bag holds: the exhaust of a part of a cycle.
#[derive(Debug, Clone, PartialEq)]
pub struct Bag {
    /// Name.
    pub name: String,
    /// Share with which its pass enters the result.
    pub weight: f64,
    /// Which pass of a schedule it is a part of, from zero.
    pub pass: usize,
    /// Sums.
    pub totals: Totals,
    /// Energies.
    pub ledger: Ledger,
    /// Flows between the parts.
    pub paths: Paths,
}

/// Everything measured over a course.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// State of charge at its begin.
    pub soc_start: f64,
    /// The bags, in the order driven.
    pub bags: Vec<Bag>,
}

/// A car, a controller and what is done with them.
pub(super) struct Course<'a, C: Driver> {
    pub(super) vehicle: &'a Vehicle,
    pub(super) plant: &'a Plant,
    pub(super) controller: &'a C,
    pub(super) start: Initial,
    pub(super) legs: Vec<Leg>,
}

/// Ends of the phases of a cycle, all with one weight; the whole where it has none.
pub(super) fn bag_ends(cycle: &Cycle, prefix: &str, weight: f64) -> Vec<BagEnd> {
    let whole = [(cycle.name.clone(), cycle.duration_s())];
    let phases = cycle.phases.iter().map(|p| (p.name.clone(), p.end_s));
    let ends: Vec<(String, f64)> = if cycle.phases.is_empty() {
        whole.into()
    } else {
        phases.collect()
    };
    ends.into_iter()
        .map(|(name, end_s)| BagEnd {
            name: format!("{prefix}{name}"),
            end_s,
            weight,
        })
        .collect()
}

/// What is kept of a bag.
type Kept<F> = ((Totals<F>, Ledger<F>), Paths<F>);

/// What a run put into bags, one after the other.
#[derive(Debug, Default)]
pub struct Bagged<F: Number = f64> {
    ends_s: Vec<f64>,
    bags: Vec<Kept<F>>,
}

impl<F: Number> Bagged<F> {
    fn next_bag(&mut self, plant: &Plant<F>, state: &State<F>) {
        if self.bags.len() < self.ends_s.len() {
            let mut bag = ((Totals::default(), Ledger::default()), Paths::default());
            bag.begin(plant, state);
            self.bags.push(bag);
        }
    }
}

impl<F: Number> Recorder<F> for Bagged<F> {
    #[inline(always)]
    fn begin(&mut self, plant: &Plant<F>, state: &State<F>) {
        self.next_bag(plant, state);
    }

    #[inline(always)]
    fn record(&mut self, plant: &Plant<F>, step: &Simulated<'_, F>) {
        let Some(bag) = self.bags.last_mut() else {
            return;
        };
        bag.record(plant, step);
        let full = self.ends_s.get(self.bags.len() - 1);
        if full.is_some_and(|end_s| step.interval.end_s >= end_s - 1e-6) {
            self.next_bag(plant, step.end);
        }
    }
}

impl SideBySide for Bagged {
    type Of<F: Number> = Bagged<F>;
    type Setup = Vec<f64>;

    fn new<F: Number>(ends_s: &Vec<f64>) -> Bagged<F> {
        Bagged {
            ends_s: ends_s.clone(),
            bags: Vec::with_capacity(ends_s.len()),
        }
    }

    fn of_lane<F: Number>(all: &Bagged<F>, lane: usize) -> Self {
        let bag = |bag| SideBySide::of_lane(bag, lane);
        Self {
            ends_s: all.ends_s.clone(),
            bags: all.bags.iter().map(bag).collect(),
        }
    }
}

/// Temperature of a parked thing after a while.
fn cooled_c(from_c: f64, ambient_c: f64, time_s: f64, time_constant_s: f64) -> f64 {
    ambient_c + (from_c - ambient_c) * libm::exp(-time_s / time_constant_s)
}

/// The car after it was parked for a while.
fn soaked(vehicle: &Vehicle, from: &Initial, time_s: f64) -> Initial {
    let (thermal, battery) = (&vehicle.thermal, &vehicle.battery);
    let ambient_c = thermal.ambient_c;
    let coolant_s = thermal.heat_capacity_j_per_k / thermal.loss_w_per_k;
    let battery_s = battery.mass_kg * battery.heat_capacity_j_per_kg_k / battery.cooling_w_per_k;
    Initial {
        soc: from.soc,
        coolant_c: cooled_c(from.coolant_c, ambient_c, time_s, coolant_s),
        battery_c: cooled_c(from.battery_c, ambient_c, time_s, battery_s),
        soaked_s: from.soaked_s + time_s,
    }
}

impl<C: Driver> Course<'_, C> {
    /// Does it all from a state of charge; also says how the car is left.
    pub(super) fn drive(&self, soc: f64) -> (Measured, Initial) {
        let nothing = Measured {
            soc_start: soc,
            bags: Vec::new(),
        };
        let driven = self.drive_all(&[soc]).pop();
        driven.unwrap_or((nothing, self.start))
    }

    /// Does it all from each of these states of charge, side by side; also says how each car
    /// is left.
    fn drive_all(&self, socs: &[f64]) -> Vec<(Measured, Initial)> {
        let begin = |&soc: &f64| {
            let measured = Measured {
                soc_start: soc,
                bags: Vec::new(),
            };
            (measured, Initial { soc, ..self.start })
        };
        let mut driven: Vec<_> = socs.iter().map(begin).collect();
        for leg in &self.legs {
            match leg {
                Leg::Soak(time_s) => {
                    for (_, now) in &mut driven {
                        *now = soaked(self.vehicle, now, *time_s);
                    }
                }
                Leg::Drive(road) => self.leg(road, &[], &mut driven),
                Leg::Measure(road, ends) => self.leg(road, ends, &mut driven),
            }
        }
        driven
    }

    /// Drives one leg and fills its bags.
    fn leg(&self, road: &Road, ends: &[BagEnd], driven: &mut [(Measured, Initial)]) {
        let starts: Vec<Initial> = driven.iter().map(|(_, now)| *now).collect();
        let ends_s: Vec<f64> = ends.iter().map(|end| end.end_s).collect();
        let bagged = self
            .controller
            .drive(self.vehicle, self.plant, road, &starts, &ends_s);
        for ((measured, now), (bagged, end)) in driven.iter_mut().zip(bagged) {
            let pass = measured.bags.last().map_or(0, |bag| bag.pass + 1);
            let filled = ends.iter().zip(bagged.bags);
            measured
                .bags
                .extend(filled.map(|(end, ((totals, ledger), paths))| Bag {
                    name: end.name.clone(),
                    weight: end.weight,
                    pass,
                    totals,
                    ledger,
                    paths,
                }));
            *now = Initial {
                soc: end.soc,
                coolant_c: end.coolant_c,
                battery_c: end.battery_c,
                soaked_s: 0.0,
            };
        }
    }
}

impl<C: Driver> Startable for Course<'_, C> {
    type Run = Measured;

    fn run(&self, soc: f64) -> Measured {
        self.drive(soc).0
    }
    fn run_all(&self, socs: &[f64]) -> Vec<Measured> {
        let driven = self.drive_all(socs).into_iter();
        driven.map(|(measured, _)| measured).collect()
    }
    fn plant(&self) -> &Plant {
        self.plant
    }
    fn window(&self) -> (f64, f64) {
        (self.vehicle.battery.soc_min, self.vehicle.battery.soc_max)
    }
    fn soc_target(&self) -> f64 {
        self.start.soc
    }
}

impl Measured {
    fn weighted(&self, of: impl Fn(&Bag) -> f64) -> f64 {
        self.bags.iter().map(|bag| bag.weight * of(bag)).sum()
    }

    /// Bags of each pass.
    fn passes(&self) -> impl Iterator<Item = &[Bag]> {
        self.bags.chunk_by(|a, b| a.pass == b.pass)
    }

    /// Something a metre: each pass for itself, then weighted.
    pub(super) fn per_m(&self, of: impl Fn(&Bag) -> f64) -> f64 {
        self.passes()
            .map(|pass| {
                let distance_m: f64 = pass.iter().map(|bag| bag.totals.distance_m).sum();
                let weight = pass.first().map_or(0.0, |bag| bag.weight);
                weight * pass.iter().map(&of).sum::<f64>() / distance_m
            })
            .sum()
    }

    /// Fuel, J/m, weighted.
    pub fn fuel_j_per_m(&self) -> f64 {
        self.per_m(|bag| bag.ledger.energy_j(Channel::Fuel))
    }

    /// Net battery energy, J/m, weighted, positive when discharged.
    pub fn battery_j_per_m(&self) -> f64 {
        self.per_m(|bag| bag.ledger.energy_j(Channel::Battery))
    }

    /// Net charge at the battery's terminals, C/m, weighted, positive when discharged.
    pub fn charge_c_per_m(&self) -> f64 {
        self.per_m(|bag| bag.totals.battery_net_c)
    }

    /// Net charge at the battery's terminals, C, weighted, positive when discharged: what
    /// the clamp of a test bench sees.
    pub fn charge_c(&self) -> f64 {
        self.weighted(|bag| bag.totals.battery_net_c)
    }

    /// Net charge over the whole test, unweighted, as energy at this voltage relative to
    /// the fuel energy: what the books hold against their limits.
    pub fn charge_per_fuel(&self, nominal_v: f64) -> f64 {
        let sum = |of: fn(&Bag) -> f64| self.bags.iter().map(of).sum::<f64>();
        nominal_v * sum(|bag| bag.totals.battery_net_c)
            / sum(|bag| bag.ledger.energy_j(Channel::Fuel))
    }
}

impl Charged for Measured {
    fn soc_start(&self) -> f64 {
        self.soc_start
    }
    fn soc_end(&self) -> f64 {
        self.bags
            .last()
            .map_or(self.soc_start, |bag| bag.totals.soc_end)
    }
    fn fuel_j(&self) -> f64 {
        self.weighted(|bag| bag.ledger.energy_j(Channel::Fuel))
    }
    fn battery_j(&self) -> f64 {
        self.weighted(|bag| bag.ledger.energy_j(Channel::Battery))
    }
}

#[cfg(test)]
mod tests;
