//! A line of bytes to an instrument: a serial port by its stable name, or a TCP connection (an instrument's own, or a port that ser2net
//! serves). Reading waits at most as long as it is told; a line that is gone is an error, silence is none.

mod ask;
#[cfg(test)]
pub(super) mod peer;

pub(super) use ask::{Ask, fault, plain};

use serialport::{SerialPort, TTYPort};
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// A write that takes longer is given up: an instrument that does not read has gone.
const WRITE: Duration = Duration::from_secs(1);

/// A TCP peer that died without a word is noticed after 5 s of silence and three questions of 2 s.
const KEEP_ALIVE: (Duration, Duration, u32) = (Duration::from_secs(5), Duration::from_secs(2), 3);

/// Where a line leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A serial port: 8 data bits, no parity, one stop bit, no flow control.
    Serial {
        /// Its stable name, such as `/dev/serial/by-id/...`.
        path: String,
        /// Bits per second.
        baud: u32,
    },
    /// A TCP address, `host:port`.
    Tcp {
        /// The address.
        address: String,
    },
}

impl Place {
    /// From settings, of which exactly one must be given.
    ///
    /// # Errors
    /// In words, when none or both are given.
    pub fn new(port: Option<&str>, baud: u32, tcp: Option<&str>) -> Result<Self, String> {
        match (port, tcp) {
            (Some(path), None) => Ok(Place::Serial { path: path.to_owned(), baud }),
            (None, Some(address)) => Ok(Place::Tcp { address: address.to_owned() }),
            _ => Err("name either `port`, a serial port, or `tcp`, an address as host:port".to_owned()),
        }
    }

    /// Opens the line; connecting takes at most `within`.
    ///
    /// # Errors
    /// Of the system, when there is no such port, nobody listens, or somebody else has it open.
    pub fn open(&self, within: Duration) -> io::Result<Wire> {
        match self {
            Place::Serial { path, baud } => {
                let port = serialport::new(path, *baud).timeout(WRITE);
                Ok(Wire(Line::Serial(TTYPort::open(&port)?)))
            }
            Place::Tcp { address } => {
                let mut last = io::Error::new(ErrorKind::NotFound, "the name has no address");
                for address in address.to_socket_addrs()? {
                    match TcpStream::connect_timeout(&address, within) {
                        Ok(stream) => return prepared(stream).map(|stream| Wire(Line::Tcp(stream))),
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Serial { path, baud } => write!(f, "{path} at {baud} baud"),
            Place::Tcp { address } => write!(f, "{address}"),
        }
    }
}

/// Commands leave at once: with Nagle's algorithm two commands and a query take 44 ms on loopback, without it 0.04 ms (measured).
fn prepared(stream: TcpStream) -> io::Result<TcpStream> {
    use rustix::net::sockopt;
    let (idle, interval, count) = KEEP_ALIVE;
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(WRITE))?;
    sockopt::set_socket_keepalive(&stream, true)?;
    sockopt::set_tcp_keepidle(&stream, idle)?;
    sockopt::set_tcp_keepintvl(&stream, interval)?;
    sockopt::set_tcp_keepcnt(&stream, count)?;
    Ok(stream)
}

/// An open line.
#[derive(Debug)]
pub struct Wire(Line);

#[derive(Debug)]
enum Line {
    Serial(TTYPort),
    Tcp(TcpStream),
}

impl Wire {
    /// Sends all bytes.
    ///
    /// # Errors
    /// When the line is gone, or does not take them.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            Line::Serial(port) => {
                port.set_timeout(WRITE)?;
                port.write_all(bytes)
            }
            Line::Tcp(stream) => stream.write_all(bytes),
        }
    }

    /// Waits at most `within` for bytes; 0 when none came.
    ///
    /// # Errors
    /// When the line is gone.
    pub fn read(&mut self, buffer: &mut [u8], within: Duration) -> io::Result<usize> {
        let within = within.max(Duration::from_micros(100));
        let read = match &mut self.0 {
            Line::Serial(port) => port.set_timeout(within).map_err(io::Error::from).and_then(|()| port.read(buffer)),
            Line::Tcp(stream) => stream.set_read_timeout(Some(within)).and_then(|()| stream.read(buffer)),
        };
        match read {
            Ok(0) => Err(io::Error::new(ErrorKind::ConnectionAborted, "the other side has closed it")),
            Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(0),
            result => result,
        }
    }
}
