//! Every operation in every register is that of one number.

use super::*;
use proptest::array::uniform8;
use proptest::prelude::*;

/// All operations on two numbers a lane.
struct All<'a>(&'a [f64; 8], &'a [f64; 8]);

impl Work for All<'_> {
    type Out = Vec<Vec<u64>>;

    #[inline(always)]
    fn run<F: Number>(self) -> Self::Out {
        let a = F::from_lanes(|lane| self.0[lane % 8]);
        let b = F::from_lanes(|lane| self.1[lane % 8]);
        let (above, below, equal) = (a.above(b), a.below(b), a.equals(b));
        let mut sum = a;
        sum += b;
        sum -= F::from(0.25);
        sum *= b;
        let [p0, p1] = F::pairs(|lane| [&[1.5, 2.5], &[-3.5, 4.5]][lane % 2]);
        let [q0, q1, q2, q3] =
            F::fours(|lane| [&[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0]][lane % 2]);
        let numbers = [
            a + b,
            a - b,
            a * b,
            a / b,
            a + 1.5,
            a - 1.5,
            a * 1.5,
            a / 1.5,
            -a,
            a.abs(),
            a.abs().sqrt(),
            a.at_least(b),
            a.at_most(b),
            a.at_least(0.0),
            a.at_most(0.0),
            above.pick(a, b),
            (below | equal).pick(a, 7.0),
            (!above & !below).pick(-1.0, b),
            equal.one(),
            sum,
            p0,
            p1,
            q0,
            q1,
            q2,
            q3,
        ];
        let flags = |lane| u64::from(above.lane(lane)) + 2 * u64::from(below.lane(lane));
        let whole = [
            above.any(),
            above.all(),
            equal.any(),
            F::Flags::from(true).all(),
        ];
        (0..F::LANES.min(8))
            .map(|lane| {
                let mut bits: Vec<u64> = numbers.map(|it| bits_of(it.lane(lane))).to_vec();
                let lanes = a.lanes();
                bits.extend([flags(lane), F::of_lane(&lanes, lane).to_bits()]);
                if F::LANES == 8 {
                    bits.extend(whole.map(u64::from));
                }
                bits
            })
            .collect()
    }
}

/// What is no number has bits of no meaning.
fn bits_of(number: f64) -> u64 {
    if number.is_nan() {
        u64::MAX
    } else {
        number.to_bits()
    }
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6_f64,
        1 => prop::sample::select(vec![0.0, -0.0, 1.0, -1.0, f64::INFINITY, 1e-310, 1e300]),
    ]
}

proptest! {
    #[test]
    fn every_register_calculates_as_one_number(a in uniform8(number()), b in uniform8(number())) {
        let alone: Vec<Vec<u64>> = (0..8)
            .map(|lane| {
                let bits = All(&[a[lane]; 8], &[b[lane]; 8]).run::<f64>();
                let mut bits = bits[0].clone();
                // One number always finds the row of the first lane.
                if lane % 2 == 1 {
                    for (place, number) in [(20, -3.5), (21, 4.5), (22, 5.0), (23, 6.0), (24, 7.0), (25, 8.0)] {
                        bits[place] = f64::to_bits(number);
                    }
                }
                bits
            })
            .collect();
        let any = |of: fn(f64, f64) -> bool| a.iter().zip(&b).any(|(a, b)| of(*a, *b));
        let whole = [
            any(|a, b| a > b),
            !any(|a, b| a <= b),
            any(f64::equals),
            true,
        ];
        let check = |name: &str, lanes: usize, found: Vec<Vec<u64>>| -> Result<(), TestCaseError> {
            for (lane, bits) in found.iter().enumerate() {
                let (numbers, rest) = bits.split_at(alone[lane].len());
                prop_assert_eq!(numbers, &alone[lane][..], "{} lanes, {}, lane {}", lanes, name, lane);
                if lanes == 8 {
                    prop_assert_eq!(rest, &whole.map(u64::from)[..], "{}", name);
                }
            }
            Ok(())
        };
        let all = || All(&a, &b);
        for instructions in Instructions::ALL.into_iter().filter(|it| it.are_here()) {
            let name = instructions.name();
            check(name, 8, instructions.run::<8, _>(all()))?;
            match instructions {
                Instructions::Portable => check(name, 2, instructions.run::<2, _>(all()))?,
                Instructions::Avx2 => check(name, 4, instructions.run::<4, _>(all()))?,
                Instructions::Avx512 => check(name, 16, instructions.run::<16, _>(all()))?,
            }
        }
    }
}
