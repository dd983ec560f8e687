//! Batches and samples.

use super::*;

#[test]
fn batches_are_ten_milliseconds_on_the_grid_of_the_trial() {
    let mut lab = Lab::new(plain(), 1);
    let mut batch = Batch::default();
    lab.ports.sensors.poll(Tick(3_300), &mut batch).unwrap();
    assert_eq!(batch.end, Tick(3_300));
    lab.ports.sensors.poll(Tick::NEVER, &mut batch).unwrap();
    assert_eq!(batch.end, Tick(10_000), "back on the grid");
    lab.ports.sensors.poll(Tick(13_333), &mut batch).unwrap();
    lab.begin(0, 1);
    lab.ports.sensors.poll(Tick::NEVER, &mut batch).unwrap();
    assert_eq!((batch.end, lab.now()), (Tick(23_333), Tick(23_333)));
    let Reading::Samples(block) = &batch.readings[0] else { panic!("{:?}", batch.readings) };
    assert_eq!((block.start, block.range.len(), block.period), (Tick(13_333), 10, Seconds::from_millis(1)));
    assert!(matches!(batch.readings[3], Reading::Temperature { at: Tick(13_333), ambient_c: Some(_), coil_c: Some(_) }));
    lab.ports.sensors.poll(Tick(5), &mut batch).unwrap();
    assert_eq!(batch.end, Tick(23_333), "time does not go back");
}

#[test]
fn cutting_the_polls_changes_no_sample_and_no_byte() {
    let run = |steps: &[u64]| {
        let mut lab = Lab::new(world(), 9);
        lab.begin(0, 1);
        lab.power(true);
        let mut step = steps.iter().cycle();
        while lab.now() < Tick(8_000_000) {
            lab.run(*step.next().unwrap() as f64 / 1e6);
        }
        lab.light.truncate(8_000);
        (lab.light[..7_900].to_vec(), lab.volts[..7_900].to_vec(), lab.amps[..7_900].to_vec(), lab.text()[..400].to_owned())
    };
    assert_eq!(run(&[10_000]), run(&[777, 4_001, 9_999, 1_000, 12_345]));
}

#[test]
fn readings_are_ordered_by_time() {
    let mut lab = Lab::new(plain(), 1);
    lab.prepare("oem-5v1a");
    lab.ports.presser.press(PressOrder { at: lab.now(), release_at: lab.now() + Seconds::new(12.0) }).unwrap();
    let mut batch = Batch::default();
    let until = lab.now() + Seconds::new(60.0);
    while lab.now() < until {
        let start = lab.now();
        lab.ports.sensors.poll(until, &mut batch).unwrap();
        let times: Vec<Tick> = batch
            .readings
            .iter()
            .filter_map(|reading| match reading {
                Reading::Samples(block) => Some(block.start),
                Reading::Console { at, .. } | Reading::Coil { at, .. } => Some(*at),
                _ => None,
            })
            .collect();
        assert!(times.is_sorted() && times.iter().all(|at| *at >= start && *at < batch.end), "{times:?}");
    }
}

#[test]
fn the_noise_has_the_size_that_the_world_gives_it() {
    let mut lab = Lab::new(plain(), 1);
    lab.run(20.0);
    let n = lab.light.len() as f64;
    let mean = lab.light.iter().map(|c| f64::from(*c)).sum::<f64>() / n;
    let sd = (lab.light.iter().map(|c| (f64::from(*c) - mean).powi(2)).sum::<f64>() / n).sqrt();
    assert!((mean / 32_767.0 - 0.02).abs() < 2e-4, "{mean}");
    assert!((sd / 32_767.0 / 0.002 - 1.0).abs() < 0.05, "{sd}");
}

#[test]
fn mains_lamps_flicker_at_a_hundred_hertz() {
    let mut world = plain();
    world.light_sensor.flicker = 0.01;
    world.light_sensor.noise = 0.0;
    let mut lab = Lab::new(world, 1);
    lab.run(1.0);
    let (low, high) = (lab.light.iter().min().unwrap(), lab.light.iter().max().unwrap());
    assert!((f64::from(high - low) / 32_767.0 - 0.019).abs() < 0.001, "{low} {high}");
    assert_eq!(lab.light[..10], lab.light[10..20]);
}

#[test]
fn a_light_that_blinks_is_lit_for_its_share_of_each_period() {
    let mut lab = Lab::new(plain(), 1);
    lab.power(true);
    lab.run(60.0);
    lab.forget();
    lab.run(10.0);
    // The factory state: 1 Hz, half of the time.
    let lit: Vec<bool> = lab.light.iter().map(|c| *c > 6000).collect();
    let share = lit.iter().filter(|lit| **lit).count();
    assert!((4990..=5010).contains(&share), "{share}");
    assert_eq!(lit.windows(2).filter(|pair| pair[0] != pair[1]).count(), 20);
}
