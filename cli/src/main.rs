//! offcut in the terminal.
fn main() {}
