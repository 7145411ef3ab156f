//! The program: arguments in, exit status out.

use clap::Parser;
use huizong::cli::Cli;
use huizong::commands;
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(&Cli::parse())
}
