//! Whether what comes from a console is text. What is none most often comes at another baud rate, and that is said with the rates to try:
//! which one it is cannot be told from garbage, since the receiver has lost bits for good.

/// Rates that consoles have, the most frequent first.
const RATES: [u32; 6] = [115_200, 57_600, 38_400, 921_600, 9600, 19_200];
/// So many bytes are looked at.
const WINDOW: usize = 256;
/// Fewer say nothing.
const ENOUGH: usize = 48;
/// A console whose bytes are text to a smaller share speaks at another rate. Binary dumps of real logs reach 8 % of other bytes.
const TEXT: f64 = 0.75;

/// Watches the last bytes of a console.
#[derive(Debug)]
pub(super) struct Doubt {
    baud: u32,
    window: Vec<u8>,
}

impl Doubt {
    pub fn new(baud: u32) -> Self {
        Self { baud, window: Vec::new() }
    }

    pub fn take(&mut self, bytes: &[u8]) {
        self.window.extend_from_slice(bytes);
        let surplus = self.window.len().saturating_sub(WINDOW);
        self.window.drain(..surplus);
    }

    /// What is odd, in words.
    pub fn words(&self) -> Option<String> {
        if self.window.len() < ENOUGH || share_of_text(&self.window) >= TEXT {
            return None;
        }
        let others: Vec<String> = RATES.iter().filter(|rate| **rate != self.baud).map(u32::to_string).collect();
        Some(format!(
            "what comes at {} baud is no text: the camera most likely speaks at another rate; try baud = {}",
            self.baud,
            others.join(", ")
        ))
    }
}

fn share_of_text(bytes: &[u8]) -> f64 {
    let text = bytes.iter().filter(|byte| matches!(byte, 0x07..=0x0d | 0x1b | 0x20..=0x7e)).count();
    text as f64 / bytes.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOOT: &str = "U-Boot 2016.11 (Nov 02 2026)\r\nHit any key to stop autoboot:  0\r\nStarting kernel ...\r\n";

    /// What a receiver at `to` baud makes of a line on which a receiver at `from` baud hears `bytes`.
    fn heard_at(bytes: &[u8], from: u32, to: u32) -> Vec<u8> {
        let line: Vec<bool> = bytes.iter().flat_map(|byte| frame(*byte)).collect();
        let level = |bit: f64| line.get((bit * f64::from(from) / f64::from(to)) as usize).copied();
        let width = f64::from(to) / f64::from(from);
        let mut heard = Vec::new();
        let mut at = 0;
        while at < line.len() {
            if line[at] {
                at += 1;
                continue;
            }
            // A start bit: the data bits are read in their middles.
            let start = at as f64 * width;
            let bits = (0..8).map_while(|bit| level(start + 1.5 + f64::from(bit)));
            let (count, byte) = bits.fold((0, 0u8), |(count, byte), bit| (count + 1, byte | u8::from(bit) << count));
            if count < 8 {
                break;
            }
            heard.push(byte);
            at = ((start + 9.5) / width) as usize;
        }
        heard
    }

    /// A byte on the line.
    fn frame(byte: u8) -> impl Iterator<Item = bool> {
        std::iter::once(false).chain((0..8).map(move |bit| byte >> bit & 1 == 1)).chain([true])
    }

    fn doubt(sent: u32, received: u32) -> Option<String> {
        let mut doubt = Doubt::new(received);
        doubt.take(&heard_at(BOOT.repeat(30).as_bytes(), sent, received));
        doubt.words()
    }

    #[test]
    fn text_at_another_rate_is_doubted() {
        for (sent, received) in [(57_600, 115_200), (38_400, 115_200), (115_200, 57_600), (115_200, 921_600), (115_200, 9600)] {
            let words = doubt(sent, received).unwrap_or_else(|| panic!("{sent} heard at {received} is taken for text"));
            assert!(words.contains(&format!("at {received} baud is no text")) && words.contains(&sent.to_string()), "{words}");
        }
    }

    #[test]
    fn text_is_not_doubted_and_few_bytes_say_nothing() {
        assert_eq!(doubt(115_200, 115_200), None);
        let mut few = Doubt::new(115_200);
        few.take(&[0xff; 20]);
        assert_eq!(few.words(), None);
        few.take(BOOT.repeat(4).as_bytes());
        assert_eq!(few.words(), None, "what was long ago is forgotten");
    }
}
