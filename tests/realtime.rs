//! Tests in real time that want a machine at rest: a whole suite over real ports beside the same in virtual time, and a bench whose hand is a
//! person. `cargo test` leaves them out, since a computer that stands still for a moment loses their trials; `scripts/played` runs them.

#[path = "realtime"]
mod it {
    mod byhand;
    mod played;
    #[allow(dead_code, reason = "these tests use a part of it")]
    #[path = "../it/support/mod.rs"]
    mod support;
}
