//! `offcut completions` and `offcut man`.

use crate::args::{Args, Completions};
use crate::failure::Failure;
use crate::files::Target;
use clap::CommandFactory;

/// Prints the completions of a shell.
pub fn completions(a: &Completions) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(a.shell, &mut Args::command(), "offcut", &mut text);
    Target::Stdout.write_all(&text)?;
    Ok(0)
}

/// Prints the manual page: the program's, then one section per command.
pub fn man() -> Result<u8, Failure> {
    let mut text = Vec::new();
    let fail = |e: std::io::Error| Failure::output(e.to_string());
    let mut command = Args::command();
    command.build();
    clap_mangen::Man::new(command.clone())
        .render(&mut text)
        .map_err(fail)?;
    for c in command.get_subcommands().filter(|c| c.get_name() != "help") {
        let page = clap_mangen::Man::new(c.clone());
        text.extend(format!(".SH COMMAND {}\n", c.get_name().to_uppercase()).bytes());
        page.render_synopsis_section(&mut text).map_err(fail)?;
        page.render_description_section(&mut text).map_err(fail)?;
        page.render_options_section(&mut text).map_err(fail)?;
    }
    Target::Stdout.write_all(&text)?;
    Ok(0)
}
