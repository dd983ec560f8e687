//! One trace that is being written.

use super::codec::{put, put_signed};
use crate::domain::event::Attached;
use crate::domain::units::{Seconds, Tick};
use crate::journal::hash::Hash;
use crate::ports::{AppendFile, StorageError};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Samples gathered into one record at most.
const RECORD: usize = 4096;
/// Bytes gathered before they are compressed, and before they are handed to the system.
const CHUNK: usize = 1 << 16;

/// The first line of a trace.
#[derive(Serialize)]
struct Header<'a> {
    format: u32,
    channel: &'a str,
    start_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    period_us: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lsb: Option<f64>,
}

/// One trace that is being written.
pub struct TraceFile<F> {
    file: F,
    path: PathBuf,
    channel: &'static str,
    zlib: ZlibEncoder<Vec<u8>>,
    records: Vec<u8>,
    codes: Vec<i16>,
    /// When the next sample is due if it follows the last one, or when the last console bytes came.
    next: Tick,
    period: Seconds,
    /// The last code written.
    code: i16,
    hash: Sha256,
    bytes: u64,
}

impl<F: AppendFile> TraceFile<F> {
    /// A trace whose first reading is of `start`. Only samples have a `period`.
    pub fn new(file: F, path: PathBuf, channel: &'static str, start: Tick, period: Option<Seconds>, lsb: Option<f64>) -> Self {
        let header = Header { format: 1, channel, start_us: start.0, period_us: period.map(Seconds::micro), lsb };
        // Strings and numbers always have a JSON form, so that the fallback is never taken.
        let mut first = serde_json::to_vec(&header).unwrap_or_default();
        first.push(b'\n');
        Self {
            file,
            path,
            channel,
            zlib: ZlibEncoder::new(first, Compression::fast()),
            records: Vec::with_capacity(CHUNK),
            codes: Vec::with_capacity(RECORD),
            next: start,
            period: period.unwrap_or(Seconds::ZERO),
            code: 0,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    /// Adds a row of samples.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn samples(&mut self, start: Tick, period: Seconds, codes: &[i16]) -> Result<(), StorageError> {
        if codes.is_empty() {
            return Ok(());
        }
        let due = after(self.next, self.period, self.codes.len());
        if start != due || period != self.period {
            self.end_record(due);
            put(&mut self.records, 1);
            put_signed(&mut self.records, start.0.wrapping_sub(due.0) as i64);
            put_signed(&mut self.records, period.micro());
            self.next = start;
            self.period = period;
        }
        for part in codes.chunks(RECORD) {
            if self.codes.len() + part.len() > RECORD {
                self.end_record(after(self.next, self.period, self.codes.len()));
            }
            self.codes.extend_from_slice(part);
        }
        self.compress(CHUNK)
    }

    /// Adds console bytes, or with `None` a gap.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn console(&mut self, at: Tick, bytes: Option<&[u8]>) -> Result<(), StorageError> {
        put_signed(&mut self.records, at.0.wrapping_sub(self.next.0) as i64);
        let text = bytes.unwrap_or_default();
        put(&mut self.records, (text.len() as u64) << 1 | u64::from(bytes.is_none()));
        self.records.extend_from_slice(text);
        self.next = at;
        self.compress(CHUNK)
    }

    /// Writes the rest, syncs, and says what the file is to be called.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn complete(mut self) -> Result<(PathBuf, Attached), StorageError> {
        self.end_record(Tick::ZERO);
        self.compress(0)?;
        let rest = self.zlib.finish().map_err(|error| StorageError::new("compress", &self.path, error))?;
        self.hash.update(&rest);
        self.bytes += rest.len() as u64;
        self.file.append(&rest)?;
        self.file.sync()?;
        let file = format!("{}{}", Hash::finish(self.hash), super::TRACE);
        Ok((self.path, Attached { channel: self.channel.to_owned(), file, bytes: self.bytes }))
    }

    /// Where it is written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Ends the record of the samples gathered so far; the next sample is then due at `next`.
    fn end_record(&mut self, next: Tick) {
        if !self.codes.is_empty() {
            put(&mut self.records, (self.codes.len() as u64) << 1);
            for &code in &self.codes {
                put_signed(&mut self.records, i64::from(code) - i64::from(self.code));
                self.code = code;
            }
            self.codes.clear();
            self.next = next;
        }
    }

    /// Compresses what was gathered once there is enough of it, and hands the result on.
    fn compress(&mut self, enough: usize) -> Result<(), StorageError> {
        if self.records.len() < enough {
            return Ok(());
        }
        let path = &self.path;
        self.zlib.write_all(&self.records).map_err(|error| StorageError::new("compress", path, error))?;
        self.records.clear();
        let ready = self.zlib.get_mut();
        if ready.len() >= enough {
            self.hash.update(&ready);
            self.bytes += ready.len() as u64;
            self.file.append(ready)?;
            ready.clear();
        }
        Ok(())
    }
}

/// When the sample behind `count` others is due.
fn after(start: Tick, period: Seconds, count: usize) -> Tick {
    Tick(start.0.wrapping_add_signed(period.micro().wrapping_mul(count as i64)))
}
