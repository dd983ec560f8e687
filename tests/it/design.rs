//! `pinhole design` as another program drives it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The program under way, asked line by line.
struct Design {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Design {
    fn start(protocol: u32) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_pinhole"))
            .args(["design", "--protocol", &protocol.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut design = Design { child, out };
        let hello = json!({
            "op": "hello", "protocol": protocol, "seed": 3, "hold_min_s": 0.5, "hold_max_s": 90.0, "acks": protocol == 2,
            "reaction_s": 0.05, "adapters": [{"id": "A", "nominal_v": 12.0}, {"id": "B", "nominal_v": 5.0}],
            "cost": {"boot_s": 120.0, "success_s": 180.0, "failure_s": 30.0},
            "target": {"quantile": 0.95, "of": "plateau", "rel_half_width": 0.1, "confidence": 0.95}, "max_trials_per_adapter": 240
        });
        assert_eq!(design.ask(&hello), json!({"ready": true, "name": "pinhole"}));
        design
    }

    fn ask(&mut self, question: &Value) -> Value {
        let input = self.child.stdin.as_mut().unwrap();
        writeln!(input, "{question}").unwrap();
        input.flush().unwrap();
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// One press of a camera that resets at `thresholds` seconds, the next one each time, and chimes 70 ms later.
    fn press(&mut self, threshold_s: f64) -> Value {
        let choice = self.ask(&json!({"op": "ask", "open": ["A", "B"]}));
        let (hold_s, adapter) = (choice["hold_s"].as_f64().unwrap(), choice["adapter"].clone());
        let ack_s = threshold_s + 0.07;
        let after_s = choice["after_ack_s"].as_f64().unwrap_or(0.0);
        let held_s = if choice["release"] == "on_ack" { hold_s.min(ack_s + after_s + 0.05) } else { hold_s };
        let success = held_s >= threshold_s;
        let bench_s = 120.0 + held_s + if success { 180.0 } else { 30.0 };
        let told = self.ask(&json!({
            "op": "tell", "adapter": adapter, "hold_s": hold_s, "held_s": held_s, "success": success, "bench_s": bench_s,
            "ack_s": (ack_s <= held_s).then_some(ack_s)
        }));
        assert_eq!(told, json!({"ok": true}));
        choice
    }

    fn quit(mut self) {
        assert_eq!(self.ask(&json!({"op": "quit"})), json!({"ok": true}));
        assert!(self.child.wait().unwrap().success());
    }
}

const THRESHOLDS: [f64; 14] = [12.1, 11.8, 12.4, 12.0, 11.6, 12.2, 12.7, 11.9, 12.1, 11.7, 12.3, 12.0, 12.5, 11.9];

#[test]
fn protocol_2_lets_go_on_a_chime_and_finds_the_hold_in_few_presses() {
    let mut design = Design::start(2);
    let choices: Vec<Value> = THRESHOLDS.iter().map(|threshold_s| design.press(*threshold_s)).collect();
    assert!(choices.iter().all(|choice| choice["release"] == "after_hold" || choice["release"] == "on_ack"), "{choices:?}");
    assert!(choices.iter().any(|choice| choice["release"] == "on_ack" && choice["after_ack_s"].is_number()), "{choices:?}");
    for adapter in ["A", "B"] {
        let estimate = design.ask(&json!({"op": "estimate", "adapter": adapter}));
        let of = |key: &str| estimate[key].as_f64().unwrap();
        assert!(of("lo") < of("hold95_s") && of("hold95_s") < of("hi"), "{estimate}");
        assert!(of("lo") > 11.0 && of("hi") < 15.5 && of("lo") < 12.7 && of("hi") > 12.3, "{estimate}");
        assert_eq!(design.ask(&json!({"op": "estimate", "adapter": adapter})), estimate, "asking changes nothing");
    }
    design.quit();
    let mut again = Design::start(2);
    let same: Vec<Value> = THRESHOLDS[..5].iter().map(|threshold_s| again.press(*threshold_s)).collect();
    assert_eq!(choices[..5], same);
    again.quit();
}

#[test]
fn protocol_1_says_nothing_of_letting_go() {
    let mut design = Design::start(1);
    let choice = design.press(12.0);
    assert_eq!(choice.as_object().unwrap().len(), 2, "{choice}");
    design.quit();
}
