//! The lines of a file with their hashes, in pieces. A file of more than one piece is read and hashed by a thread of its own, while the
//! pieces before are looked at.

use super::hash::Hash;
use super::line::LONGEST;
use std::io::{self, BufRead, Read};
use std::sync::mpsc::{Receiver, sync_channel};

/// How much is read at once.
const PIECE: usize = 64 << 10;
/// Pieces that may wait to be looked at.
const WAITING: usize = 2;

/// Some lines that follow each other in a file.
#[derive(Debug, Default)]
pub struct Piece {
    /// The bytes of the lines, each with its newline, and whatever stands behind the last of them.
    pub bytes: Vec<u8>,
    /// Where each line's newline stands, and the hash of the line without it.
    pub lines: Vec<(usize, Hash)>,
    /// The file ends here. Otherwise there is at least one line more, and nothing stands behind the last one here.
    pub ends: bool,
}

/// Reads a source piece by piece. The last line read is kept back until more has been read, so that whoever gets a line knows whether
/// another one follows.
struct Cutter {
    source: Box<dyn Read + Send>,
    kept_back: Vec<u8>,
}

impl Cutter {
    fn next(&mut self) -> io::Result<Piece> {
        let mut bytes = std::mem::take(&mut self.kept_back);
        bytes.reserve_exact(PIECE);
        loop {
            let read = (&mut self.source).take(PIECE as u64).read_to_end(&mut bytes)?;
            let ends = read < PIECE;
            if ends || bytes.len() > 2 * LONGEST {
                // A line that long is refused before anybody asks what follows it.
                return Ok(piece(bytes, true));
            }
            if let Some(keep) = last_line(&bytes) {
                self.kept_back = Vec::with_capacity(bytes.len() - keep + PIECE);
                self.kept_back.extend_from_slice(&bytes[keep..]);
                bytes.truncate(keep);
                return Ok(piece(bytes, false));
            }
        }
    }
}

/// Where the last whole line begins, if a line stands before it.
fn last_line(bytes: &[u8]) -> Option<usize> {
    let newline = |bytes: &[u8]| bytes.iter().rposition(|&byte| byte == b'\n');
    newline(&bytes[..newline(bytes)?]).map(|before| before + 1)
}

fn piece(bytes: Vec<u8>, ends: bool) -> Piece {
    let mut lines = Vec::new();
    let mut begin = 0;
    while let Some(length) = line_length(&bytes[begin..]) {
        lines.push((begin + length, Hash::of(&bytes[begin..begin + length])));
        begin += length + 1;
    }
    Piece { bytes, lines, ends }
}

/// Length of the line that the bytes begin with, if it has its newline. The search of the standard library's readers is several times as
/// fast as a loop over bytes.
fn line_length(mut bytes: &[u8]) -> Option<usize> {
    let all = bytes;
    let line = bytes.skip_until(b'\n').ok()?;
    all[..line].ends_with(b"\n").then(|| line - 1)
}

/// The pieces of a file.
pub enum Pieces {
    /// The first one has not been read.
    Here(Box<dyn Read + Send>),
    /// The others come from the thread.
    Ahead(Receiver<io::Result<Piece>>),
    /// The file has ended.
    Ended,
}

impl Pieces {
    /// The next piece.
    ///
    /// # Errors
    /// The source's own.
    pub fn next(&mut self) -> io::Result<Piece> {
        let piece = match std::mem::replace(self, Pieces::Ended) {
            Pieces::Ended => return Ok(Piece { ends: true, ..Piece::default() }),
            Pieces::Here(source) => {
                let mut cutter = Cutter { source, kept_back: Vec::new() };
                let first = cutter.next()?;
                if !first.ends {
                    *self = Pieces::Ahead(read_ahead(cutter)?);
                }
                return Ok(first);
            }
            Pieces::Ahead(pieces) => {
                let gone = || io::Error::other("the thread that reads the file ahead is gone");
                let piece = pieces.recv().map_err(|_| gone())??;
                if !piece.ends {
                    *self = Pieces::Ahead(pieces);
                }
                piece
            }
        };
        Ok(piece)
    }
}

/// Starts the thread. It ends with the file, at an error, or when nobody takes its pieces any more.
fn read_ahead(mut cutter: Cutter) -> io::Result<Receiver<io::Result<Piece>>> {
    let (pieces, taken) = sync_channel(WAITING);
    std::thread::Builder::new().name("read-ahead".to_owned()).spawn(move || {
        loop {
            let piece = cutter.next();
            let last = piece.as_ref().map_or(true, |piece| piece.ends);
            if pieces.send(piece).is_err() || last {
                return;
            }
        }
    })?;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Lines of all lengths up to 600, some 700,000 bytes.
    fn text() -> Vec<u8> {
        (0..2400_usize).flat_map(|n| [vec![b'a' + (n % 26) as u8; n * 7 % 600], vec![b'\n']].concat()).collect()
    }

    fn read(source: impl Read + Send + 'static) -> Vec<io::Result<Piece>> {
        let mut pieces = Pieces::Here(Box::new(source));
        let mut all = Vec::new();
        loop {
            let piece = pieces.next();
            let last = piece.as_ref().map_or(true, |piece| piece.ends);
            all.push(piece);
            if last {
                return all;
            }
        }
    }

    #[test]
    fn the_pieces_are_the_file_and_its_lines() {
        for behind in [&b""[..], b"torn"] {
            let text = [text(), behind.to_owned()].concat();
            let pieces: Vec<Piece> = read(Cursor::new(text.clone())).into_iter().map(Result::unwrap).collect();
            assert!(pieces.len() > 5);
            let (mut bytes, mut lines) = (Vec::new(), Vec::new());
            for piece in &pieces {
                assert!(!piece.lines.is_empty());
                assert!(piece.ends || piece.lines.last().map(|line| line.0 + 1) == Some(piece.bytes.len()));
                let mut begin = 0;
                for &(newline, hash) in &piece.lines {
                    assert_eq!(hash, Hash::of(&piece.bytes[begin..newline]));
                    lines.push(piece.bytes[begin..newline].to_vec());
                    begin = newline + 1;
                }
                bytes.extend_from_slice(&piece.bytes);
            }
            assert!(bytes == text);
            let expected: Vec<&[u8]> = text[..text.len() - behind.len() - 1].split(|byte| *byte == b'\n').collect();
            assert!(lines == expected);
        }
    }

    #[test]
    fn a_line_longer_than_a_piece_stays_whole() {
        let text = [vec![b'x'; 3 * PIECE], b"\nshort\n".to_vec()].concat();
        let pieces = read(Cursor::new(text.clone()));
        let [Ok(only)] = pieces.as_slice() else { panic!("{} pieces", pieces.len()) };
        assert!(only.bytes == text && only.ends && only.lines.len() == 2);
    }

    #[test]
    fn an_empty_file_is_one_empty_piece() {
        let pieces = read(io::empty());
        assert!(matches!(pieces.as_slice(), [Ok(piece)] if piece.ends && piece.bytes.is_empty() && piece.lines.is_empty()));
    }

    #[test]
    fn an_error_comes_behind_the_pieces_before_it() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let pieces = read(Cursor::new(text()).chain(Broken));
        let (last, before) = pieces.split_last().unwrap();
        assert_eq!(last.as_ref().unwrap_err().to_string(), "the disk is gone");
        assert!(before.len() > 5 && before.iter().all(Result::is_ok));
    }
}
