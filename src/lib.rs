//! thsim: simulator of Toyota's THS-II power-split hybrid.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod cycle;
pub mod issue;
pub mod units;
