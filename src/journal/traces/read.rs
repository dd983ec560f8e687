//! Reading a trace back, exactly as it was fed.

use super::codec::{expect, expect_signed, get};
use crate::domain::units::{Seconds, Tick};
use flate2::bufread::ZlibDecoder;
use serde::Deserialize;
use std::io::{self, BufRead, BufReader, Read};

/// Why a trace cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// Its first line is none.
    #[error("the first line of the trace cannot be read: {0}")]
    Header(String),
    /// It is of a later format.
    #[error("the trace is of format {0}; this program reads 1")]
    Format(u32),
    /// What follows cannot be read.
    #[error("the trace cannot be read on: {0}")]
    Body(#[from] io::Error),
}

/// A trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Which channel: a name of [`Channel`](crate::ports::Channel), or `console`.
    pub channel: String,
    /// Value of one code in the channel's unit, where the rig told it.
    pub lsb: Option<f64>,
    /// What was delivered.
    pub body: Body,
}

/// What an instrument delivered.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Samples, in rows without a break.
    Samples(Vec<Run>),
    /// Console bytes and gaps.
    Console(Vec<Piece>),
}

/// Evenly spaced samples without a break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When the first was taken.
    pub start: Tick,
    /// Time between them.
    pub period: Seconds,
    /// Their codes.
    pub codes: Vec<i16>,
}

/// A piece of console traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes, all received by `at`.
    Bytes {
        /// When the last of them came.
        at: Tick,
        /// They.
        bytes: Vec<u8>,
    },
    /// The port was lost and opened again: bytes may be missing.
    Gap {
        /// When it was open again.
        at: Tick,
    },
}

#[derive(Deserialize)]
struct Header {
    format: u32,
    channel: String,
    start_us: u64,
    period_us: Option<i64>,
    lsb: Option<f64>,
}

/// Reads a whole trace.
///
/// # Errors
/// [`TraceError`].
pub fn read(from: impl Read) -> Result<Trace, TraceError> {
    let mut from = BufReader::new(from);
    let mut first = Vec::new();
    from.by_ref().take(1 << 16).read_until(b'\n', &mut first)?;
    let header: Header = serde_json::from_slice(&first).map_err(|error| TraceError::Header(error.to_string()))?;
    if header.format != 1 {
        return Err(TraceError::Format(header.format));
    }
    let mut records = BufReader::new(ZlibDecoder::new(from));
    let start = Tick(header.start_us);
    let body = match header.period_us {
        Some(period) => Body::Samples(samples(&mut records, start, Seconds::from_micro(period))?),
        None => Body::Console(console(&mut records, start)?),
    };
    Ok(Trace { channel: header.channel, lsb: header.lsb, body })
}

fn samples(records: &mut impl Read, start: Tick, period: Seconds) -> io::Result<Vec<Run>> {
    let mut runs = vec![Run { start, period, codes: Vec::new() }];
    let mut code = 0i64;
    let mut last = 0;
    while let Some(word) = get(records)? {
        if word == 1 {
            let run = &runs[last];
            let due = run.period.micro().wrapping_mul(run.codes.len() as i64);
            let start = Tick(run.start.0.wrapping_add_signed(due).wrapping_add_signed(expect_signed(records)?));
            let period = Seconds::from_micro(expect_signed(records)?);
            runs.push(Run { start, period, codes: Vec::new() });
            last += 1;
            continue;
        }
        for _ in 0..word >> 1 {
            code = code.wrapping_add(expect_signed(records)?);
            let code = i16::try_from(code).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a code is over 16 bits"))?;
            runs[last].codes.push(code);
        }
    }
    Ok(runs)
}

fn console(records: &mut impl Read, start: Tick) -> io::Result<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut at = start;
    loop {
        // The time is a signed number; its absence is the end.
        let Some(folded) = get(records)? else { return Ok(pieces) };
        at = Tick(at.0.wrapping_add_signed((folded >> 1) as i64 ^ -((folded & 1) as i64)));
        let word = expect(records)?;
        if word & 1 == 1 {
            pieces.push(Piece::Gap { at });
            continue;
        }
        let mut bytes = Vec::new();
        if records.take(word >> 1).read_to_end(&mut bytes)? as u64 != word >> 1 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        pieces.push(Piece::Bytes { at, bytes });
    }
}
