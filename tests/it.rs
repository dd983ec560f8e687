//! Integration tests: one binary, so that they link once.

mod it {
    mod adaptive;
    mod benches;
    mod campaign;
    mod captures;
    mod compare;
    mod decode;
    mod design;
    mod determinism;
    mod docs;
    mod exit_codes;
    mod guardproc;
    mod holds;
    mod hostile;
    mod known_units;
    mod messages;
    mod rejudge;
    mod resume;
    mod returns;
    mod rig_pages;
    mod selftest;
    mod served;
    mod stops;
    mod support;
    mod terminal;
    mod tidy;
    mod timelines;
    mod traps;
    mod unplugged;
    mod unread;
    mod verified;
}
