//! Integration tests: one binary, so that they link once.

mod it {
    mod determinism;
    mod resume;
    mod support;
    mod tidy;
}
