//! The camera's console. Whoever has set the port to another rate than the camera's sends and receives garbage, as on a real line.

use super::Instrument;
use super::baud::heard_at;
use super::bench::Bench;
use super::port::Speed;

pub(super) struct Console {
    baud: u32,
    speed: Speed,
}

impl Console {
    /// Of a camera that speaks at `baud`, on a port whose other side is at `speed`.
    pub fn new(baud: u32, speed: Speed) -> Self {
        Self { baud, speed }
    }
}

impl Instrument for Console {
    fn turn(&mut self, input: &[u8], bench: &mut Bench) -> Vec<u8> {
        let out = bench.take_console();
        match self.speed.get().filter(|speed| *speed > 0 && *speed != self.baud) {
            Some(speed) => {
                if !input.is_empty() {
                    bench.type_in(&heard_at(input, speed, self.baud));
                }
                heard_at(&out, self.baud, speed)
            }
            None => {
                if !input.is_empty() {
                    bench.type_in(input);
                }
                out
            }
        }
    }
}
