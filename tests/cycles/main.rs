//! The shipped cycles against published figures, and the laws of the cycle files.

mod bad_files;
mod good_files;
mod shipped;
