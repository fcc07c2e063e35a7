//! The command `thsim`.
fn main() {}
