fn main() { println!("{}", polars::prelude::DataFrame::empty().height()); }
