//! Integration tests: one binary, so that they link once.

mod it {
    mod benches;
    mod campaign;
    mod captures;
    mod decode;
    mod determinism;
    mod exit_codes;
    mod hostile;
    mod rejudge;
    mod resume;
    mod stops;
    mod support;
    mod tidy;
    mod timelines;
    mod unplugged;
}
