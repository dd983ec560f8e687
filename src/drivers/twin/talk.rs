//! Talk with the camera: console text both ways, its shell, the network probe, and the person at the bench.

use super::bench::{Bench, Event};
use super::chance::Purpose;
use super::life::CameraEvent;
use super::world::Speaks;
use crate::domain::observation::NetworkStatus;
use crate::domain::units::Seconds;
use crate::domain::verdict::{Fault, FaultKind};
use crate::ports::{ProbeAnswer, ProbeQuery, Reading, Refused};

/// Time from a line to its answer (assumption).
const REPLY_S: Seconds = Seconds::from_millis(20);
/// A longer line is cut, as a terminal does.
const LINE_MAX: usize = 256;

/// What happens between bench and camera.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TalkEvent {
    /// Bytes from the bench have reached the camera.
    Received(Vec<u8>),
    /// A query has reached the camera.
    Query { number: u32, query: ProbeQuery },
    /// The probe gives up on a query.
    NobodyThere { number: u32, query: ProbeQuery },
    /// The console port goes away. Void in another attempt.
    GapBegins { attempt: u32 },
    /// The console port is open again. Void in another attempt.
    GapEnds { attempt: u32 },
}

impl Bench {
    /// Delivers the bytes that are complete by now, or loses them where nobody listens.
    pub(super) fn flush_console(&mut self) {
        let start = self.bytes.len();
        let Some(at) = self.uart.deliver(self.now, &mut self.bytes) else { return };
        if self.console_away || !self.console_wired {
            self.bytes.truncate(start);
        } else {
            self.out.push(Reading::Console { at, range: start..self.bytes.len() });
        }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        if self.console_away {
            return Err(Refused::Broken(Fault::new(FaultKind::Disconnected, "console", "the console port is gone")));
        }
        if !self.console_wired {
            return Err(Refused::Never("this bench has no console".to_owned()));
        }
        let at = self.now + self.uart.line_time(bytes.len());
        self.queue.push(at, Event::Talk(TalkEvent::Received(bytes.to_vec())));
        Ok(())
    }

    pub(super) fn query(&mut self, number: u32, query: ProbeQuery) {
        let network = &self.camera.model.network;
        let (delay, spread) = (network.delay_s, network.spread);
        let delay = self.chance.next(Purpose::Network).around(delay, spread);
        self.queue.push(self.now + delay, Event::Talk(TalkEvent::Query { number, query }));
    }

    pub(super) fn talk_event(&mut self, event: TalkEvent) {
        match event {
            TalkEvent::Received(bytes) => self.received(&bytes),
            TalkEvent::Query { number, query } => self.queried(number, query),
            TalkEvent::NobodyThere { number, query } => {
                let answer = match query {
                    ProbeQuery::Status => ProbeAnswer::Status(NetworkStatus::Unreachable),
                    _ => ProbeAnswer::Failed("the camera did not answer".to_owned()),
                };
                self.out.push(Reading::Probe { number, at: self.now, answer });
            }
            TalkEvent::GapBegins { attempt } if attempt == self.attempts => {
                self.flush_console();
                self.console_away = true;
            }
            TalkEvent::GapEnds { attempt } if attempt == self.attempts && self.console_away => {
                self.flush_console();
                self.console_away = false;
                self.out.push(Reading::ConsoleGap { at: self.now });
            }
            TalkEvent::GapBegins { .. } | TalkEvent::GapEnds { .. } => {}
        }
    }

    /// The camera's terminal: it echoes, and takes a line at its end.
    fn received(&mut self, bytes: &[u8]) {
        if !self.camera.is_up() || self.camera.model.console.speaks != Speaks::All {
            return;
        }
        for byte in self.heard(bytes) {
            if byte == b'\n' || byte == b'\r' {
                self.echo(b"\r\n");
                let line = String::from_utf8_lossy(&std::mem::take(&mut self.camera.typed)).trim().to_owned();
                if !line.is_empty() {
                    self.after(REPLY_S, CameraEvent::Reply(line));
                }
            } else if self.camera.typed.len() < LINE_MAX {
                self.echo(&[byte]);
                self.camera.typed.push(byte);
            }
        }
    }

    /// The camera's shell.
    pub(super) fn reply(&mut self, line: &str) {
        if !self.camera.is_up() {
            return;
        }
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        match words[..] {
            ["cfg", "set", key, value] => {
                let answer = if self.write_setting(key, value) { format!("cfg: {key}={value}") } else { no_such(key) };
                self.say(&answer);
            }
            ["cfg", "get", key] => {
                let value = self.camera.settings.get(key);
                let answer = value.map_or_else(|| format!("cfg: {key} unset"), |value| format!("cfg: {key}={value}"));
                self.say(&answer);
            }
            ["provision"] => {
                if !self.faults.provision_unanswered {
                    self.provision();
                    self.say("provision: done");
                    self.say(self.state_line());
                }
            }
            ["status"] => self.say(self.state_line()),
            _ => self.say(&format!("sh: {}: not found", words.first().copied().unwrap_or_default())),
        }
    }

    fn queried(&mut self, number: u32, query: ProbeQuery) {
        if self.faults.probe_silent {
            return;
        }
        if !self.camera.is_up() {
            let rest = self.camera.model.network.timeout_s;
            self.queue.push(self.now + rest, Event::Talk(TalkEvent::NobodyThere { number, query }));
            return;
        }
        let answer = match query {
            ProbeQuery::Status if self.camera.configured => ProbeAnswer::Status(NetworkStatus::Configured),
            ProbeQuery::Status => ProbeAnswer::Status(NetworkStatus::Factory),
            ProbeQuery::Provision if self.faults.provision_unanswered => return,
            ProbeQuery::Provision => {
                self.provision();
                self.say("provision: done");
                self.say(self.state_line());
                ProbeAnswer::Done
            }
            ProbeQuery::Write { setting, value } if self.write_setting(&setting, &value) => ProbeAnswer::Done,
            ProbeQuery::Write { setting, .. } => ProbeAnswer::Failed(no_such(&setting)),
            ProbeQuery::Read { setting } => ProbeAnswer::Value(self.camera.settings.get(&setting).cloned()),
        };
        self.out.push(Reading::Probe { number, at: self.now, answer });
    }
}

fn no_such(key: &str) -> String {
    format!("cfg: {key} is no setting")
}
