//! The engine's side of the guard's process: ports that ask over the socket, and a beat that tells that the engine lives.

mod link;
mod ports;
mod spawn;

pub use link::{Link, Opened};
pub use ports::{RemotePresser, RemoteSelector, RemoteSupply, Rescue, Watched};
pub use spawn::{Started, connect};
