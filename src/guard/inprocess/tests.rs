//! The guarded ports before a small bench.

use super::{GuardHandle, guarded};
use crate::domain::adapter::AdapterKind;
use crate::domain::condition::{Condition, Origin, Slot, Stimulus};
use crate::domain::ids::{AdapterName, Attempt, BlockNo, SlotId};
use crate::domain::rig::Interlocks;
use crate::domain::units::{Celsius, Seconds, Tick, Volts};
use crate::domain::verdict::FaultKind;
use crate::guard::carried::Carried;
use crate::guard::mock::Bench;
use crate::guard::rules::{Lease, OpenVoltage, Rules, Wiring};
use crate::guard::samples::{adapter, profile, rules, warm_interlocks};
use crate::guard::words::TripReason;
use crate::ports::contract::{self, Fresh};
use crate::ports::{Batch, PressOrder, Reading, Refused, Rig, TrialKey};

const S: u64 = 1_000_000;

fn guard(bench: &Bench, interlocks: &Interlocks) -> (Rig, GuardHandle) {
    guarded(bench.rig(), rules(interlocks, Lease::SharedClock), &Carried::cold()).unwrap()
}

fn run_to(rig: &mut Rig, until: Tick) -> Vec<Reading> {
    let mut batch = Batch::default();
    let mut readings = Vec::new();
    while rig.clock.now() < until {
        rig.sensors.poll(until, &mut batch).unwrap();
        readings.append(&mut batch.readings);
    }
    readings
}

fn power_on(rig: &mut Rig) {
    rig.selector.as_mut().unwrap().connect(&AdapterName::from("oem")).unwrap();
    rig.supply.output(true).unwrap();
}

fn press(rig: &mut Rig, seconds: f64) -> Result<PressOrder, Refused> {
    let at = rig.clock.now();
    let order = PressOrder { at, release_at: at + Seconds::new(seconds) };
    rig.presser.press(order).map(|()| order)
}

fn key(coil_c: Option<Celsius>) -> TrialKey {
    let stimulus = Stimulus::Sham { wait_s: Seconds::new(1.0) };
    let condition = Condition { adapter: AdapterName::from("oem"), outlet: None, supply_v: None, press_after_s: None, stimulus };
    let slot = Slot { id: SlotId(0), block: BlockNo(0), origin: Origin::Planned, condition };
    TrialKey { slot, attempt: Attempt(1), proper: true, coil_c }
}

#[test]
fn the_bare_bench_keeps_the_contract_of_ports() {
    contract::check(|| Fresh { rig: Bench::new().rig(), adapter: AdapterName::from("oem"), late: Seconds::ZERO });
}

#[test]
fn the_guarded_bench_keeps_the_contract_of_ports() {
    contract::check(|| Fresh {
        rig: guard(&Bench::new(), &Interlocks::default()).0,
        adapter: AdapterName::from("oem"),
        late: Seconds::ZERO,
    });
}

#[test]
fn a_refused_press_never_reaches_the_device() {
    let bench = Bench::new();
    let (mut rig, _) = guard(&bench, &Interlocks::default());
    assert!(matches!(press(&mut rig, 200.0), Err(Refused::Never(_))));
    run_to(&mut rig, Tick(S));
    assert!(!bench.energised());
}

#[test]
fn a_press_is_refused_until_it_is_possible() {
    let bench = Bench::new();
    let (mut rig, _) = guard(&bench, &warm_interlocks());
    press(&mut rig, 20.0).unwrap();
    run_to(&mut rig, Tick(22 * S));
    let Err(Refused::Until { at, .. }) = press(&mut rig, 20.0) else { panic!("the coil is warm") };
    assert_eq!(at, rig.presser.possible_from(Seconds::new(20.0)));
    run_to(&mut rig, at);
    assert!(press(&mut rig, 20.0).is_ok());
}

#[test]
fn a_device_that_declines_a_press_leaves_the_coil_free() {
    let bench = Bench::new();
    let (mut rig, _) = guard(&bench, &Interlocks::default());
    bench.0.borrow_mut().refuses = true;
    assert!(press(&mut rig, 1.0).is_err());
    bench.0.borrow_mut().refuses = false;
    assert!(press(&mut rig, 1.0).is_ok());
}

#[test]
fn a_stuck_coil_comes_out_of_poll_as_a_fault_once() {
    let bench = Bench::new();
    let (mut rig, handle) = guard(&bench, &Interlocks::default());
    press(&mut rig, 1.0).unwrap();
    bench.0.borrow_mut().stuck = true;
    run_to(&mut rig, Tick(S + 100_000));
    let mut batch = Batch::default();
    let fault = rig.sensors.poll(Tick(2 * S), &mut batch).unwrap_err();
    assert_eq!(fault.fault, FaultKind::GuardTrip);
    assert_eq!(handle.tripped(), Some(TripReason::CoilStuck));
    assert!(bench.0.borrow().releases >= 2, "released again and again");
    run_to(&mut rig, Tick(3 * S));
    assert!(press(&mut rig, 1.0).is_err());
    assert!(handle.arm_again().is_err(), "still on");
    bench.0.borrow_mut().stuck = false;
    rig.presser.release().unwrap();
    run_to(&mut rig, Tick(4 * S));
    handle.arm_again().unwrap();
    run_to(&mut rig, Tick(5 * S));
    assert!(press(&mut rig, 1.0).is_ok());
}

#[test]
fn over_voltage_cuts_the_supply_within_a_batch_and_is_counted() {
    let bench = Bench::new();
    let (mut rig, handle) = guard(&bench, &Interlocks::default());
    power_on(&mut rig);
    run_to(&mut rig, Tick(S));
    bench.0.borrow_mut().volts = 7.0;
    let mut batch = Batch::default();
    rig.sensors.poll(Tick(2 * S), &mut batch).unwrap();
    assert!(!bench.0.borrow().on);
    assert!(!batch.readings.is_empty(), "the readings of the trip are not lost");
    let fault = rig.sensors.poll(Tick(2 * S), &mut batch).unwrap_err();
    assert!(fault.detail.contains("write window"), "{fault}");
    assert_eq!(handle.power_cuts().len(), 1);
}

#[test]
fn over_current_is_seen_when_it_lasts() {
    let bench = Bench::new();
    let (mut rig, handle) = guard(&bench, &Interlocks::default());
    power_on(&mut rig);
    bench.0.borrow_mut().amps = 4.0;
    run_to(&mut rig, Tick(100_000));
    bench.0.borrow_mut().amps = 0.5;
    run_to(&mut rig, Tick(200_000));
    bench.0.borrow_mut().amps = 4.0;
    run_to(&mut rig, Tick(400_000));
    assert_eq!(handle.tripped(), None);
    run_to(&mut rig, Tick(410_000));
    assert_eq!(handle.tripped(), Some(TripReason::OverCurrent));
    assert!(!bench.0.borrow().on);
}

#[test]
fn after_an_emergency_stop_in_a_press_everything_is_off() {
    let bench = Bench::new();
    let (mut rig, handle) = guard(&bench, &Interlocks::default());
    power_on(&mut rig);
    press(&mut rig, 10.0).unwrap();
    run_to(&mut rig, Tick(S));
    handle.emergency_stop(true).unwrap();
    assert!(!bench.energised() && !bench.0.borrow().on);
}

#[test]
fn the_supply_goes_off_at_the_end_of_the_window_after_a_trip_without_any_order() {
    let bench = Bench::new();
    let (mut rig, handle) = guard(&bench, &Interlocks::default());
    power_on(&mut rig);
    press(&mut rig, 1.0).unwrap();
    bench.0.borrow_mut().stuck = true;
    run_to(&mut rig, Tick(S + 100_000));
    assert!(rig.sensors.poll(Tick(2 * S), &mut Batch::default()).is_err());
    run_to(&mut rig, Tick(500 * S));
    assert_eq!(bench.0.borrow().outputs, [(Tick(0), true), (Tick(361 * S), false)]);
    assert_eq!(handle.power_cuts(), []);
}

#[test]
fn an_order_to_cut_works_inside_the_window_and_an_order_to_switch_off_does_not() {
    let bench = Bench::new();
    let (mut rig, handle) = guard(&bench, &Interlocks::default());
    power_on(&mut rig);
    run_to(&mut rig, Tick(S));
    assert_eq!(rig.supply.output(false).map_err(|e| matches!(e, Refused::Until { at, .. } if at == Tick(360 * S))), Err(true));
    assert!(bench.0.borrow().on);
    rig.supply.cut().unwrap();
    assert!(!bench.0.borrow().on);
    assert_eq!(handle.power_cuts().len(), 1);
    assert_eq!(handle.tripped(), None);
}

#[test]
fn a_temperature_that_the_bench_does_not_measure_is_filled_in_from_the_model() {
    let bench = Bench::new();
    bench.0.borrow_mut().air = Some(Celsius::new(22.0));
    let (mut rig, _) = guard(&bench, &warm_interlocks());
    press(&mut rig, 20.0).unwrap();
    let readings = run_to(&mut rig, Tick(20 * S));
    let coil: Vec<f64> = readings
        .iter()
        .filter_map(|reading| match reading {
            Reading::Temperature { coil_c, .. } => coil_c.map(Celsius::get),
            _ => None,
        })
        .collect();
    assert!((coil[0] - 22.0).abs() < 0.1, "begins at the air's: {}", coil[0]);
    let last = coil[coil.len() - 1];
    assert!((last - (22.0 + 91.0 * (1.0 - (-0.5f64).exp()))).abs() < 0.01, "7 W at 13 K/W for half a time constant: {last}");
}

#[test]
fn a_redone_trial_starts_as_warm_as_its_first_attempt() {
    let temperature = |first: Option<f64>| {
        let bench = Bench::new();
        bench.0.borrow_mut().air = Some(Celsius::new(22.0));
        let (mut rig, handle) = guard(&bench, &warm_interlocks());
        if first.is_none() {
            press(&mut rig, 7.3).unwrap();
        }
        run_to(&mut rig, Tick(9 * S));
        rig.sensors.begin(&key(first.map(Celsius::new)));
        let Some(Reading::Temperature { coil_c: Some(coil), .. }) =
            run_to(&mut rig, Tick(9 * S + 1)).into_iter().find(|r| matches!(r, Reading::Temperature { .. }))
        else {
            panic!("no temperature")
        };
        (coil.get(), handle.carried().coil_rise_k)
    };
    let (first, rise) = temperature(None);
    let (again, rise_again) = temperature(Some(first));
    assert!((first - again).abs() < 2e-6 && first > 22.5, "{first} {again}");
    assert!((rise - rise_again).abs() < 2e-6);
}

#[test]
fn an_adapter_that_must_be_measured_is_seen_by_a_meter_before_the_switch() {
    let bench = Bench::new();
    let sources = [adapter("oem", AdapterKind::Fixed, 5.0)];
    let interlocks = Interlocks::default();
    let rules =
        Rules::new(&interlocks, &profile(), &sources, Wiring::Selector, OpenVoltage::Measured, Lease::SharedClock).unwrap();
    let (mut rig, _) = guarded(bench.rig(), rules, &Carried::cold()).unwrap();
    rig.selector.as_mut().unwrap().connect(&AdapterName::from("oem")).unwrap();
    assert!(rig.supply.output(true).is_err(), "not measured");
    run_to(&mut rig, Tick(S));
    assert!(rig.supply.output(true).is_ok());
    assert!(rig.supply.set(Volts::new(5.0)).is_err(), "a fixed adapter");
}
