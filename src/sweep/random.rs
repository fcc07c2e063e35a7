//! Random numbers that are asked for by place instead of drawn in a row: the design of any
//! index is computed alone, on any machine, in any order.

/// Mixes 64 bits so that each depends on all (the finaliser of SplitMix64, Steele, Lea and
/// Flood, OOPSLA 2014).
fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Bits that depend on all of these numbers and on their order.
pub(super) fn hash(seed: u64, of: [u64; 2]) -> u64 {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    of.into_iter()
        .fold(mixed(seed.wrapping_add(GOLDEN)), |bits, next| {
            mixed(bits.wrapping_add(GOLDEN) ^ mixed(next.wrapping_add(GOLDEN)))
        })
}

/// The first 53 of these bits as a number from 0 to below 1.
pub(super) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Place of `index` in a shuffled list of `count`: a Feistel network over the next even
/// power of two, walked on until it lands inside.
pub(super) fn shuffled(index: u64, count: u64, seed: u64) -> u64 {
    const ROUNDS: u64 = 6;
    let half_bits = (64 - count.saturating_sub(1).leading_zeros())
        .div_ceil(2)
        .max(1);
    let mask = (1_u64 << half_bits) - 1;
    let mut place = index;
    loop {
        let (mut left, mut right) = (place >> half_bits, place & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (hash(seed, [round, right]) & mask));
        }
        place = (left << half_bits) | right;
        if place < count {
            return place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_uses_every_place_once() {
        for count in [1, 2, 3, 7, 64, 1000, 4097] {
            let mut places: Vec<u64> = (0..count).map(|i| shuffled(i, count, 7)).collect();
            let moved = places.iter().zip(0..).filter(|(a, b)| *a != b).count();
            assert!(
                count < 64 || moved as u64 > count * 9 / 10,
                "{count}: {moved}"
            );
            places.sort_unstable();
            assert!(places.into_iter().eq(0..count), "{count}");
        }
        assert!(shuffled(5, 1 << 40, 1) < 1 << 40);
    }

    #[test]
    fn units_are_spread_evenly_and_seeds_matter() {
        let units = |seed| (0..10_000_u64).map(move |i| unit(hash(seed, [3, i])));
        let mean: f64 = units(1).sum::<f64>() / 1e4;
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        assert!(units(1).all(|u| (0.0..1.0).contains(&u)));
        assert!(
            units(1)
                .zip(units(2))
                .all(|(a, b)| a.to_bits() != b.to_bits())
        );
    }
}
