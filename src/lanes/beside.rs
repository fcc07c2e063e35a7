//! Figures of several cars laid side by side.

use super::Number;

/// Something that can stand side by side with others of its kind: every number in it
/// becomes a number a lane.
pub trait Beside: Sized + 'static {
    /// The same with its numbers side by side.
    type Of<F: Number>;

    /// Lays them side by side; `lane` gives the one of each lane.
    fn beside<'a, F: Number>(lane: &dyn Fn(usize) -> &'a Self) -> Self::Of<F>;
}

impl Beside for f64 {
    type Of<F: Number> = F;

    fn beside<'a, F: Number>(lane: &dyn Fn(usize) -> &'a Self) -> F {
        F::from_lanes(|index| *lane(index))
    }
}

/// Lays structs of numbers side by side, field by field.
macro_rules! beside {
    ($Type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::lanes::Beside for $Type {
            type Of<F: $crate::lanes::Number> = $Type<F>;

            fn beside<'a, F: $crate::lanes::Number>(
                lane: &dyn Fn(usize) -> &'a Self,
            ) -> $Type<F> {
                $Type {
                    $($field: $crate::lanes::Beside::beside::<F>(&|index| &lane(index).$field),)*
                }
            }
        }
    };
}
pub(crate) use beside;
