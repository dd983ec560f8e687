//! The same again: determinism, and slots that are done again after another past.

use super::*;

/// Everything that a trial delivers, with times counted from its beginning.
#[derive(Debug, PartialEq)]
struct Account {
    readings: Vec<String>,
    console: Vec<u8>,
    samples: Vec<i16>,
}

/// One trial proper on a camera that is set up and drained; gives what was read since `begin`.
fn trial(lab: &mut Lab, slot: u32, attempt: u32, coil_c: Option<Celsius>) -> Account {
    lab.forget();
    let begun = lab.now();
    lab.ports.sensors.begin(&key(slot, attempt, true, coil_c));
    lab.connect("long-cable");
    lab.power(true);
    lab.run(60.0);
    for line in
        ["status", "cfg set wifi.canary q", "cfg set accounts.canary q", "cfg set motion.canary q", "cfg get other.canary"]
    {
        lab.type_line(line);
    }
    lab.press(13.0);
    lab.run(90.0);
    lab.power(false);
    lab.run(12.0);
    let readings = lab
        .readings
        .iter()
        .map(|reading| match reading {
            Reading::Coil { energised, at, .. } => format!("{energised} {}", at.since(begun)),
            Reading::Temperature { at, coil_c, .. } => format!("{coil_c:?} {}", at.since(begun)),
            other => format!("{other:?}"),
        })
        .collect();
    let samples = [&lab.light[..], &lab.volts, &lab.amps].concat();
    Account { readings, console: lab.console.clone(), samples }
}

/// Sets the camera up and empties its capacitors, as the preparation of a trial does.
fn set_up(lab: &mut Lab, slot: u32, attempt: u32) {
    lab.ports.sensors.begin(&key(slot, attempt, false, None));
    lab.prepare("bench-psu");
    lab.type_line("cfg set other.canary old");
    lab.power(false);
    lab.run(10.0);
}

#[test]
fn the_same_seed_gives_the_same_bench_and_another_seed_another() {
    let run = |seed| {
        let mut lab = Lab::new(world(), seed);
        set_up(&mut lab, 0, 1);
        trial(&mut lab, 0, 1, None)
    };
    let once = run(4);
    assert_eq!(once, run(4));
    assert_ne!(once, run(5));
}

#[test]
fn a_slot_done_again_after_another_past_gives_the_same_readings() {
    for slot in [2, 3, 7] {
        // One process did other trials before, and is warm from them.
        let mut one = Lab::new(world(), 4);
        one.run(0.0123);
        for before in 0..2 {
            set_up(&mut one, before, 1);
            trial(&mut one, before, 1, None);
        }
        set_up(&mut one, slot, 1);
        one.press(3.0);
        one.power(false);
        one.run(10.0);
        let first = trial(&mut one, slot, 1, None);
        let warm: Vec<&String> = first.readings.iter().filter(|reading| reading.starts_with("Some")).collect();
        assert_eq!(warm.len(), 1);

        // The other was started after a crash, and does the slot again from the coil temperature that was written down.
        let mut other = Lab::new(world(), 4);
        other.run(1.7);
        set_up(&mut other, slot, 2);
        let mut coil = None;
        let at_first_begin = first.readings[0].clone();
        for milli in 20_000..60_000 {
            let celsius = Celsius::new(f64::from(milli) / 1000.0);
            if at_first_begin.starts_with(&format!("{:?} ", Some(celsius))) {
                coil = Some(celsius);
            }
        }
        assert!(coil.is_some_and(|celsius| celsius > Celsius::new(23.0)), "{at_first_begin}");
        let again = trial(&mut other, slot, 2, coil);
        assert_eq!(first.readings, again.readings, "slot {slot}");
        assert_eq!(String::from_utf8_lossy(&first.console), String::from_utf8_lossy(&again.console), "slot {slot}");
        assert!(first == again, "slot {slot}: samples differ");
    }
}

#[test]
fn slots_differ() {
    let mut lab = Lab::new(world(), 4);
    set_up(&mut lab, 0, 1);
    let first = trial(&mut lab, 0, 1, Some(Celsius::new(30.0)));
    set_up(&mut lab, 1, 1);
    assert_ne!(trial(&mut lab, 1, 1, Some(Celsius::new(30.0))), first);
}

#[test]
fn a_coil_temperature_is_told_to_the_thousandth_that_a_later_process_starts_from() {
    let mut lab = Lab::new(world(), 4);
    lab.press(7.3);
    lab.begin(0, 1);
    lab.run(0.01);
    let Some(Reading::Temperature { coil_c: Some(coil), .. }) = lab.readings.last() else { panic!("{:?}", lab.readings) };
    assert_eq!(coil.micro() % 1000, 0);
    assert!(coil.get() > 23.1);
}
