//! The driver against scripted instruments on real sockets and a real pseudo-terminal: good ones of each make, and hostile ones.

use super::*;
use crate::drivers::wire::peer::{Plugged, lines, over_tcp};

fn settings(dialect: Dialect, tcp: &str) -> Settings {
    Settings {
        tcp: Some(tcp.to_owned()),
        port: None,
        baud: 9600,
        dialect,
        channel: 1,
        idn: None,
        max_v: Volts::new(30.0),
        limit_a: Amps::new(2.0),
        answer_s: Seconds::new(10.0),
        first_answer_s: Seconds::new(10.0),
    }
}

/// An instrument that does what it is told, in the wording of its make.
#[derive(Default)]
struct Good {
    volts: String,
    on: bool,
}

impl Good {
    fn answer(&mut self, line: &str) -> Option<String> {
        let word = line.trim_start_matches(':');
        let on = |yes: bool, on: &str, off: &str| Some(if yes { on } else { off }.to_owned());
        match word {
            "*IDN?" => Some("PINHOLE,GOOD,0001,1.0".to_owned()),
            "SOUR1:VOLT?" | "CH1:VOLT?" | "VOLT?" => Some(self.volts.clone()),
            "MEAS:ALL? CH1" => Some(format!("{},0.5000,2.500", self.volts)),
            "MEAS:VOLT? CH1" | "MEAS:VOLT?" => Some(self.volts.clone()),
            "MEAS:CURR? CH1" | "MEAS:CURR?" => Some("+5.00000E-01".to_owned()),
            "OUTP? CH1" => on(self.on, "ON", "OFF"),
            "OUTP?" => on(self.on, "1", "0"),
            "SYST:STAT?" => on(self.on, "0x0010", "0x0000"),
            "SYST:ERR?" => Some("0,\"No error\"".to_owned()),
            _ => {
                if let Some((_, value)) = word.split_once("VOLT ") {
                    self.volts = value.to_owned();
                }
                self.on = word.ends_with("ON") || self.on && !word.ends_with("OFF");
                None
            }
        }
    }
}

fn line(text: impl AsRef<str>) -> Vec<Vec<u8>> {
    vec![format!("{}\n", text.as_ref()).into_bytes()]
}

fn use_it(mut supply: ScpiSupply) {
    supply.set(Volts::new(5.25)).expect("sets");
    supply.output(true).expect("switches on");
    let reading = supply.read().expect("reads");
    assert_eq!(reading, PowerReading { volts: Volts::new(5.25), amps: Amps::new(0.5), on: Some(true) });
    supply.output(false).expect("switches off");
    assert_eq!(supply.read().expect("reads").on, Some(false));
    assert!(matches!(supply.set(Volts::new(31.0)), Err(Refused::Never(_))), "over its range nothing is sent");
}

#[test]
fn every_make_is_set_switched_and_read() {
    for dialect in [Dialect::RigolDp800, Dialect::SiglentSpd, Dialect::KeysightE36xx, Dialect::Generic] {
        let mut good = Good::default();
        let (address, thread) = over_tcp(1, move |query| good.answer(query).map(line).unwrap_or_default());
        use_it(ScpiSupply::open(settings(dialect, &address)).expect("opens"));
        assert!(thread.join().unwrap().iter().all(|line| !line.contains("31")));
    }
}

#[test]
fn a_serial_port_serves_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("supply"));
    let device = plugged.device.try_clone().unwrap();
    let mut good = Good::default();
    let thread = std::thread::spawn(move || lines(device, &mut |query| good.answer(query).map(line).unwrap_or_default()));
    let port = Some(plugged.path.to_str().unwrap().to_owned());
    let supply = ScpiSupply::open(Settings { tcp: None, port, ..settings(Dialect::Generic, "") }).expect("opens");
    use_it(supply);
    drop(plugged);
    thread.join().unwrap();
}

#[test]
fn an_answer_in_pieces_is_one_answer() {
    let mut good = Good::default();
    let (address, _thread) = over_tcp(1, move |query| {
        let answer = good.answer(query).map(|text| format!("{text}\r\n").into_bytes()).unwrap_or_default();
        answer.into_iter().map(|byte| vec![byte]).collect()
    });
    use_it(ScpiSupply::open(settings(Dialect::RigolDp800, &address)).expect("opens"));
}

/// What is said of an instrument that answers `query` with `bad` and everything else as it should, and whether it recovers.
fn hostile(query: &'static str, bad: Vec<Vec<u8>>, answer_s: f64) -> (Fault, PowerReading) {
    let mut good = Good::default();
    let mut spoilt = false;
    let (address, _thread) = over_tcp(2, move |asked| {
        if asked == query && !spoilt {
            spoilt = true;
            return bad.clone();
        }
        good.answer(asked).map(line).unwrap_or_default()
    });
    let settings = Settings { answer_s: Seconds::new(answer_s), ..settings(Dialect::Generic, &address) };
    let mut supply = ScpiSupply::open(settings).expect("opens");
    supply.set(Volts::new(5.0)).expect("sets");
    let fault = supply.read().expect_err("nothing of it is a reading");
    (fault, supply.read().expect("a fresh line answers"))
}

#[test]
fn noise_and_wrong_answers_are_faults_with_their_cause_and_never_readings() {
    let noise = vec![(0..72u8).map(|k| k.wrapping_mul(37) | 0x80).chain(*b"\n").collect()];
    for (bad, cause) in [
        (noise, "answered with"),
        (line("OK"), "answers settings"),
        (line("5.0 V"), "not with a number"),
        (line("9.91E37"), "not with a number"),
        (line("700.0"), "cannot"),
        (vec![vec![b'5'; 300]], "more than 256 bytes"),
    ] {
        let (fault, reading) = hostile("MEAS:VOLT?", bad, 10.0);
        assert!(fault.detail.contains(cause), "{fault}");
        assert_eq!(reading.volts, Volts::new(5.0));
    }
}

#[test]
fn an_answer_too_many_is_found_before_it_is_taken_for_the_next() {
    let (fault, reading) = hostile("OUTP?", vec![b"1\n0.700\n".to_vec()], 10.0);
    assert!(fault.detail.contains("unasked"), "{fault}");
    assert_eq!(reading.amps, Amps::new(0.5));
}

#[test]
fn no_answer_is_a_timeout_and_a_torn_one_too() {
    for bad in [vec![], vec![b"5.0".to_vec()]] {
        let (fault, _) = hostile("MEAS:VOLT?", bad, 0.05);
        assert_eq!(fault.fault, FaultKind::Timeout, "{fault}");
    }
}

#[test]
fn an_instrument_that_falls_silent_is_told_to_be_off_again_over_a_fresh_line() {
    let mut good = Good::default();
    let mut silent = false;
    let (address, thread) = over_tcp(2, move |asked| {
        // It hears nothing from its first switch-off to the end of the line.
        silent = if asked == "*IDN?" { false } else { silent || asked == "OUTP OFF" && good.on };
        if silent {
            good.on = false;
            return Vec::new();
        }
        good.answer(asked).map(line).unwrap_or_default()
    });
    let settings = Settings { answer_s: Seconds::new(0.3), ..settings(Dialect::Generic, &address) };
    let mut supply = ScpiSupply::open(settings).expect("opens");
    supply.output(true).expect("switches on");
    supply.output(false).expect("switches off, at the second try");
    assert_eq!(supply.off_bound(), Seconds::new(0.3 + 10.0 + 0.3));
    drop(supply);
    let seen = thread.join().unwrap();
    let names = seen.iter().filter(|line| *line == "*IDN?").count();
    assert_eq!((names, seen.iter().filter(|line| *line == "OUTP OFF").count()), (2, 2), "{seen:?}");
}

#[test]
fn a_closed_line_is_opened_anew_for_an_order_and_who_is_gone_is_named() {
    let mut good = Good::default();
    let (address, thread) = over_tcp(1, move |asked| good.answer(asked).map(line).unwrap_or_default());
    let mut supply = ScpiSupply::open(settings(Dialect::Generic, &address)).expect("opens");
    supply.ask.close();
    // Nobody listens there from now on.
    thread.join().unwrap();
    for on in [true, false] {
        let refused = supply.output(on).expect_err("nobody is there").to_string();
        assert!(refused.contains("cannot be opened") && refused.contains(&address), "{refused}");
    }
}

#[test]
fn an_answer_that_came_too_late_is_not_taken_for_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let plugged = Plugged::new(&folder.path().join("supply"));
    let device = plugged.device.try_clone().unwrap();
    let mut good = Good::default();
    let mut held: Option<Vec<Vec<u8>>> = None;
    let mut late = true;
    let thread = std::thread::spawn(move || {
        lines(device, &mut |asked| {
            let mut answers = held.take().unwrap_or_default();
            if asked == "MEAS:VOLT?" && std::mem::take(&mut late) {
                held = Some(line("3.333"));
                return answers;
            }
            answers.extend(good.answer(asked).map(line).unwrap_or_default());
            answers
        })
    });
    let port = Some(plugged.path.to_str().unwrap().to_owned());
    let answer_s = Seconds::new(0.2);
    let mut supply = ScpiSupply::open(Settings { tcp: None, port, answer_s, ..settings(Dialect::Generic, "") }).expect("opens");
    supply.set(Volts::new(5.0)).expect("sets");
    assert_eq!(supply.read().expect_err("too late").fault, FaultKind::Timeout);
    assert_eq!(supply.read().expect("reads").volts, Volts::new(5.0));
    drop((supply, plugged));
    thread.join().unwrap();
}

#[test]
fn what_the_instrument_refuses_or_does_not_do_is_a_fault() {
    for (query, answer, cause) in [
        ("SYST:ERR?", "-222,\"Data out of range\"", "Data out of range"),
        ("VOLT?", "4.000", "says it is set to 4 V"),
        ("SYST:ERR?", "5.000", "an error's number"),
    ] {
        let mut good = Good::default();
        let (address, _thread) =
            over_tcp(
                1,
                move |asked| {
                    if asked == query { line(answer) } else { good.answer(asked).map(line).unwrap_or_default() }
                },
            );
        let mut supply = ScpiSupply::open(settings(Dialect::Generic, &address)).expect("opens");
        let refused = supply.set(Volts::new(5.0)).expect_err("it was not done").to_string();
        assert!(refused.contains(cause), "{refused}");
    }
}

#[test]
fn the_wrong_instrument_and_none_are_named() {
    let mut good = Good::default();
    let (address, _thread) = over_tcp(1, move |query| good.answer(query).map(line).unwrap_or_default());
    let wrong = Settings { idn: Some("DP832".to_owned()), ..settings(Dialect::Generic, &address) };
    let fault = ScpiSupply::open(wrong).err().expect("refused");
    assert!(fault.detail.contains("PINHOLE,GOOD") && fault.detail.contains("DP832"), "{fault}");
    let fault = ScpiSupply::open(settings(Dialect::Generic, "127.0.0.1:1")).err().expect("nobody listens");
    assert!(fault.detail.contains("127.0.0.1:1"), "{fault}");
}
