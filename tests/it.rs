//! Integration tests: one binary, so that they link once.

mod it {
    mod benches;
    mod determinism;
    mod resume;
    mod support;
    mod tidy;
}
