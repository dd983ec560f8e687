//! Old text that a person has a camera print again: `dmesg` shows a kernel starting that started long ago.

use crate::domain::observation::MarkerMeaning;

/// A prompt ends within so many bytes of a line's beginning (our choice).
const LONGEST_PROMPT: usize = 60;
/// Commands that print what the kernel said.
const LOGS: [&str; 3] = ["dmesg", "logread", "journalctl"];
/// Commands that print anything, banners of bootloaders included.
const FILES: [&str; 9] = ["version", "printenv", "strings", "cat", "grep", "head", "tail", "less", "more"];

/// What is being printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Log,
    File,
}

/// Follows commands and the prompts after them.
#[derive(Clone, Debug, Default)]
pub(super) struct Printed {
    shown: Option<Shown>,
    /// Starts that were passed over.
    pub(super) hidden: u64,
}

impl Printed {
    /// Takes a line that has ended.
    pub(super) fn line(&mut self, line: &[u8]) {
        if let Some(rest) = after_prompt(line) {
            self.shown = shown(rest);
        }
    }

    /// Whether a marker of this meaning is only printed again.
    pub(super) fn hides(&self, meaning: MarkerMeaning) -> bool {
        use MarkerMeaning::{Bootloader, Fatal, Kernel};
        matches!((self.shown, meaning), (Some(_), Kernel | Fatal) | (Some(Shown::File), Bootloader))
    }

    /// Takes a marker. Whether it is only printed again; a restart, or a bootloader behind a log, ends the printing.
    pub(super) fn passes_over(&mut self, meaning: MarkerMeaning) -> bool {
        use MarkerMeaning::{Bootloader, Kernel, WarmReboot};
        let hides = self.hides(meaning);
        if !hides && matches!(meaning, Bootloader | WarmReboot) {
            self.shown = None;
        }
        self.hidden += u64::from(hides && matches!(meaning, Bootloader | Kernel));
        hides
    }
}

/// What stands after a prompt, where the line begins with one.
pub(super) fn after_prompt(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().take(LONGEST_PROMPT).position(|byte| matches!(byte, b'#' | b'$' | b'>'))?;
    let (prompt, rest) = (&line[..end], &line[end + 1..]);
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"_@.:~/[]() -".contains(byte);
    let ends = rest.first().is_none_or(|byte| *byte == b' ');
    (prompt.iter().all(plain) && ends).then(|| rest.trim_ascii())
}

fn shown(command: &[u8]) -> Option<Shown> {
    let word = command.split(|byte| !byte.is_ascii_alphanumeric()).next()?;
    let one_of = |list: &[&str]| list.iter().any(|name| name.as_bytes() == word);
    match (one_of(&LOGS), one_of(&FILES)) {
        (true, _) => Some(Shown::Log),
        (_, true) => Some(Shown::File),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MarkerMeaning::{Bootloader, Kernel, WarmReboot};

    #[test]
    fn a_log_is_old_until_the_next_prompt_or_a_boot() {
        let mut printed = Printed::default();
        assert!(!printed.passes_over(Kernel));
        printed.line(b"[root@cam:~]# dmesg | more");
        printed.line(b"[    1.238000]   #1: RLX_SPDIF_CARD");
        assert!(printed.passes_over(Kernel));
        printed.line(b"[root@cam:~]# ls");
        assert!(!printed.passes_over(Kernel));
        printed.line(b"/ # dmesg");
        assert!(!printed.passes_over(Bootloader) && !printed.passes_over(Kernel));
        printed.line(b"isvp_t31# version");
        assert!(printed.passes_over(Bootloader) && !printed.passes_over(WarmReboot) && !printed.passes_over(Bootloader));
        assert_eq!(printed.hidden, 2);
    }

    #[test]
    fn prompts_are_short_and_plain() {
        assert_eq!(after_prompt(b"/ # "), Some(&b""[..]));
        assert_eq!(after_prompt(b"$ cat x"), Some(&b"cat x"[..]));
        for line in ["## Booting", "====>PHY not found", "no prompt", "a=b # c"] {
            assert_eq!(after_prompt(line.as_bytes()), None, "{line}");
        }
    }
}
