//! What the integration tests share: the fixtures with changes, a bench in memory, the real program, seeded chance.

pub(in crate::it) mod bare;
pub(in crate::it) mod bench;
pub(in crate::it) mod dice;
pub(in crate::it) mod files;
pub(in crate::it) mod program;
pub(in crate::it) mod pty;
pub(in crate::it) mod results;
pub(in crate::it) mod stateful;
pub(in crate::it) mod watcher;
