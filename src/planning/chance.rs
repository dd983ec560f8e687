//! Chance keyed by seed, purpose and number: never one running stream, so that what is drawn for one thing never depends on what was
//! drawn before it.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use sha2::{Digest, Sha256};

/// A generator of its own for this seed, purpose and number. ChaCha8 is a stable, documented stream.
pub fn keyed(seed: u64, purpose: &str, number: u64) -> ChaCha8Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(number.to_le_bytes());
    hash.update(purpose.as_bytes());
    ChaCha8Rng::from_seed(hash.finalize().into())
}

/// Shuffles in place (Fisher and Yates, in Durstenfeld's form).
pub fn shuffle<T>(items: &mut [T], rng: &mut ChaCha8Rng) {
    for i in (1..items.len()).rev() {
        // Multiply and shift maps 64 random bits to 0..=i; the bias is below 2^-40 for any list that fits in memory.
        let j = ((u128::from(rng.next_u64()) * (i as u128 + 1)) >> 64) as usize;
        items.swap(i, j);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        let mut numbers: Vec<u32> = (0..10).collect();
        shuffle(&mut numbers, &mut keyed(7, "order", 0));
        assert_eq!(numbers, PINNED);
    }

    const PINNED: [u32; 10] = [0, 6, 4, 7, 5, 9, 1, 3, 2, 8];

    #[test]
    fn purposes_do_not_share_a_stream() {
        assert_ne!(keyed(1, "order", 0).next_u64(), keyed(1, "shams", 0).next_u64());
        assert_ne!(keyed(1, "order", 0).next_u64(), keyed(1, "order", 1).next_u64());
    }
}
