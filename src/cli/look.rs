//! What the terminal can show, by the environment: `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, `TERM`, and the locale.

use crate::report::terminal::Look;
use std::ffi::OsString;

/// Reads a variable of the environment; one that is empty counts as unset.
type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// How text looks on a stream of this process that is a terminal or not.
pub fn look(terminal: bool) -> Look {
    decide(&|name| std::env::var_os(name).filter(|value| !value.is_empty()), terminal)
}

/// Whether the terminal understands the escape sequences of a live view.
pub fn moves() -> bool {
    std::env::var_os("TERM").is_some_and(|term| !term.is_empty() && term != "dumb")
}

/// `NO_COLOR` is stronger than `CLICOLOR_FORCE`: who cannot read colours is helped by no force.
fn decide(variable: Variable<'_>, terminal: bool) -> Look {
    let is = |name: &str, value: &str| variable(name).is_some_and(|found| found == value);
    let no_colour = variable("NO_COLOR").is_some();
    let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
    let able = terminal && variable("TERM").is_some_and(|term| term != "dumb");
    let styled = able || (forced && !no_colour);
    Look { styled, colour: styled && !no_colour && (forced || !is("CLICOLOR", "0")), unicode: unicode(variable, terminal) }
}

/// Whether characters outside ASCII come out right: files and pipes are UTF-8; a terminal is what its locale says, and the console of the
/// Linux kernel has too few glyphs.
fn unicode(variable: Variable<'_>, terminal: bool) -> bool {
    if !terminal {
        return true;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| variable(name));
    let name = locale.map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    (name.contains("utf-8") || name.contains("utf8")) && variable("TERM").is_some_and(|term| term != "linux")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)], terminal: bool) -> (bool, bool, bool) {
        let look = decide(&|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)), terminal);
        (look.styled, look.colour, look.unicode)
    }

    #[test]
    fn colours_are_for_terminals_that_want_them() {
        let term = ("TERM", "xterm-256color");
        let utf8 = ("LANG", "C.UTF-8");
        assert_eq!(with(&[term, utf8], true), (true, true, true));
        assert_eq!(with(&[term, utf8], false), (false, false, true));
        assert_eq!(with(&[term, utf8, ("NO_COLOR", "1")], true), (true, false, true));
        assert_eq!(with(&[term, utf8, ("CLICOLOR", "0")], true), (true, false, true));
        assert_eq!(with(&[("TERM", "dumb"), utf8], true), (false, false, true));
        assert_eq!(with(&[utf8], true), (false, false, false));
        assert_eq!(with(&[("CLICOLOR_FORCE", "1")], false), (true, true, true));
        assert_eq!(with(&[("CLICOLOR_FORCE", "0")], false), (false, false, true));
        assert_eq!(with(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false), (false, false, true));
    }

    #[test]
    fn signs_are_ascii_where_the_terminal_has_no_others() {
        let unicode = |pairs: &[(&str, &str)]| with(pairs, true).2;
        assert!(!unicode(&[("TERM", "xterm"), ("LANG", "C")]));
        assert!(!unicode(&[("TERM", "linux"), ("LANG", "de_DE.UTF-8")]));
        assert!(unicode(&[("TERM", "xterm"), ("LANG", "de_DE.utf8")]));
        assert!(!unicode(&[("TERM", "xterm"), ("LC_ALL", "C"), ("LANG", "de_DE.utf8")]));
    }
}
