//! A port that nobody waits at: a pseudo-terminal under a stable name, or a listening socket of which the newest connection counts.

use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The rate that a serial port's other side has set.
pub(super) type Speed = Rc<Cell<Option<u32>>>;

pub(super) enum Port {
    Terminal(Terminal),
    Listening { listener: TcpListener, client: Option<TcpStream> },
}

pub(super) struct Terminal {
    master: OwnedFd,
    path: PathBuf,
    /// Somebody has the other side open.
    plugged: bool,
    speed: Speed,
}

impl Port {
    /// A pseudo-terminal whose other side stands at `path`. A link that is there already is replaced; nothing else is.
    pub fn pseudo_terminal(path: &str) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        rustix::fs::fcntl_setfl(&master, rustix::fs::OFlags::NONBLOCK)?;
        let name = ptsname(&master, Vec::new())?;
        let slave = name.to_str().map_err(io::Error::other)?;
        // Raw from the beginning, and once opened and closed, so that reading shows whether somebody has it open.
        let other = File::options().read(true).write(true).open(slave)?;
        let mut mode = tcgetattr(&other)?;
        mode.make_raw();
        tcsetattr(&other, OptionalActions::Now, &mode)?;
        let path = PathBuf::from(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        if path.is_symlink() {
            std::fs::remove_file(&path)?;
        }
        symlink(slave, &path)?;
        Ok(Port::Terminal(Terminal { master, path, plugged: false, speed: Speed::default() }))
    }

    /// A socket that listens; port 0 takes any that is free.
    pub fn listening(address: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Port::Listening { listener, client: None })
    }

    /// Where it is to be found.
    pub fn name(&self) -> io::Result<String> {
        match self {
            Port::Terminal(terminal) => Ok(terminal.path.display().to_string()),
            Port::Listening { listener, .. } => Ok(format!("tcp {}", listener.local_addr()?)),
        }
    }

    /// The rate that the other side has set, kept up to date by reading; a socket has none.
    pub fn speed(&self) -> Speed {
        match self {
            Port::Terminal(terminal) => Rc::clone(&terminal.speed),
            Port::Listening { .. } => Speed::default(),
        }
    }

    /// What has come in.
    pub fn read(&mut self) -> Vec<u8> {
        match self {
            Port::Terminal(terminal) => terminal.read(),
            Port::Listening { listener, client } => {
                if let Ok((stream, _)) = listener.accept() {
                    let prepared = stream.set_nonblocking(true).and_then(|()| stream.set_nodelay(true));
                    *client = prepared.is_ok().then_some(stream);
                }
                let mut buffer = [0; 4096];
                match client.as_mut().map(|stream| stream.read(&mut buffer)) {
                    Some(Ok(count @ 1..)) => buffer[..count].to_vec(),
                    Some(Ok(_)) => {
                        *client = None;
                        Vec::new()
                    }
                    _ => Vec::new(),
                }
            }
        }
    }

    /// Sends what the line takes at once. The rest is lost, as on a serial line that nobody reads.
    pub fn write(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Port::Terminal(terminal) if terminal.plugged => {
                let _ = rustix::io::write(&terminal.master, bytes);
            }
            Port::Terminal(_) => {}
            Port::Listening { client, .. } => {
                if client.as_mut().is_some_and(|stream| stream.write_all(bytes).is_err()) {
                    *client = None;
                }
            }
        }
    }
}

impl Terminal {
    /// The system tells by an error that nobody has the other side open.
    fn read(&mut self) -> Vec<u8> {
        let mut buffer = [0; 4096];
        let read = rustix::io::read(&self.master, &mut buffer);
        self.plugged = !matches!(read, Err(Errno::IO));
        let speed = self.plugged.then(|| tcgetattr(&self.master).ok().map(|mode| mode.output_speed()));
        self.speed.set(speed.flatten());
        read.map_or_else(|_| Vec::new(), |count| buffer[..count].to_vec())
    }
}

impl Drop for Terminal {
    /// The name goes, unless somebody else has taken it.
    fn drop(&mut self) {
        let ours = ptsname(&self.master, Vec::new()).ok();
        let ours = ours.as_ref().and_then(|name| name.to_str().ok()).map(Path::new);
        if ours.is_some() && std::fs::read_link(&self.path).ok().as_deref() == ours {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
