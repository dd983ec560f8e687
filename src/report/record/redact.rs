//! Takes secrets and customer data out of text: names of networks, accounts, passwords, keys, addresses.

use regex::{Captures, Regex};
use std::sync::OnceLock;

/// What stands in the place of what was taken out.
const MARK: &str = "[redacted]";

/// A word that announces a secret, what joins it to its value, and the value up to the end of the line, a comma, a semicolon or an `&`.
/// Networks and accounts may have blanks in their names.
const ANNOUNCED: &str = r#"(?i)\b(?:[a-z0-9]+[._-])*(?:e?ssid|psk|wpa[_-]?(?:key|passphrase)?|wifi[_-]?(?:name|key|pass(?:word)?)|pass(?:word|wd|phrase|code)?|pwd|pin|user(?:name|id)?|account|login|email|e-mail|token|secret|api[_-]?key|cloud[_-]?id|uid|owner)s?["']?\s*(?:[:=]+|\bis\b|\bto\b)\s*(?:"[^"\r\n]*"|'[^'\r\n]*'|[^,;&\r\n]+)"#;
/// `//user:password@host`.
const IN_ADDRESS: &str = r"//[^\s/@:]+:[^\s/@]+@";
/// An address of electronic mail.
const MAIL: &str = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+";

fn patterns() -> &'static [Regex] {
    static PATTERNS: OnceLock<Vec<Regex>> = OnceLock::new();
    // Cannot fail: a test builds each of them.
    PATTERNS.get_or_init(|| [IN_ADDRESS, ANNOUNCED, MAIL].iter().filter_map(|pattern| Regex::new(pattern).ok()).collect())
}

/// The text without them; `count` grows by the pieces that were taken out.
pub fn redact(text: &str, count: &mut u32) -> String {
    let mut clean = text.to_owned();
    for pattern in patterns() {
        let replaced = pattern.replace_all(&clean, |found: &Captures<'_>| {
            *count += 1;
            replacement(&found[0])
        });
        clean = replaced.into_owned();
    }
    clean
}

/// Keeps the word that announces, so that a reader knows what stood there.
fn replacement(found: &str) -> String {
    if found.starts_with("//") {
        return format!("//{MARK}@");
    }
    match found.find([':', '=']) {
        Some(place) => format!("{}{} {MARK}", &found[..place], &found[place..=place]),
        None => MARK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(patterns().len(), 3);
    }

    #[test]
    fn nothing_of_a_customer_is_left() {
        let secrets = [
            ("cfg: wifi.ssid=Meiers Netz", "Meiers Netz"),
            ("ssid \"\", psk: hunter2", "hunter2"),
            ("cfg set accounts.user bob; password is swordfish", "swordfish"),
            ("wpa_passphrase=correct horse", "correct horse"),
            ("rtsp://admin:s3cret@10.0.0.4/live", "s3cret"),
            ("cloud account: jane@example.org", "jane"),
            ("bound to jane.doe@mail.example.org", "jane.doe"),
            ("user='Jane Doe', state=up", "Jane Doe"),
            ("{\"password\":\"abc 123\"}", "abc 123"),
        ];
        for (text, secret) in secrets {
            let mut count = 0;
            let clean = redact(text, &mut count);
            assert!(!clean.contains(secret), "{text} -> {clean}");
            assert!(count > 0 && clean.contains(MARK), "{text} -> {clean}");
        }
    }

    #[test]
    fn what_a_technician_needs_is_left() {
        for text in
            ["The voltage at the plug was right, the press reset it.", "RMA-2026-0113", "kernel panic: not syncing", "state=up"]
        {
            let mut count = 0;
            assert_eq!((redact(text, &mut count).as_str(), count), (text, 0));
        }
    }
}
