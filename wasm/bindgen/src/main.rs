//! `offcut-bindgen INPUT.wasm FOLDER NAME`: writes the bindings to the folder, under a name. What is named `threads`
//! can't be reset, since others work in its memory.

use std::process::ExitCode;
use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder, name] = &args[..] else {
        eprintln!("usage: offcut-bindgen INPUT.wasm FOLDER NAME");
        return ExitCode::from(2);
    };
    let mut b = Bindgen::new();
    b.input_path(input).out_name(name).typescript(true).reset_state_function(name != "threads");
    let made = b.web(true).and_then(|b| b.generate(folder));
    match made {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("offcut-bindgen: {e:?}");
            ExitCode::FAILURE
        }
    }
}
