//! The shipped cycles against published figures, and the laws of the cycle files.

mod bad_files;
mod bad_rows;
mod good_files;
mod routes;
mod shipped;
