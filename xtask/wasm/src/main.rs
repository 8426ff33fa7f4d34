//! `xtask-wasm INPUT.wasm FOLDER`: writes wasm-bindgen's `web` glue and the processed module into FOLDER.

use std::path::PathBuf;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(input), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        eprintln!("usage: xtask-wasm INPUT.wasm FOLDER");
        return ExitCode::from(2);
    };
    let outcome =
        Bindgen::new().input_path(&input).out_name("counterseal_wasm").web(true).and_then(|bindgen| {
            bindgen
                .typescript(true)
                .omit_default_module_path(true)
                .remove_name_section(true)
                .generate(&folder)
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("xtask-wasm: {fault:#}");
            ExitCode::FAILURE
        }
    }
}
