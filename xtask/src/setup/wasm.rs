//! The wasm build: the module, its glue, and the TypeScript façade over both.

use std::fs;

use crate::place;
use crate::setup::node;
use crate::stamp::{Inputs, Stamp};
use crate::step::Step;
use crate::stop::{Doing, Stop};
use crate::tools;

/// Rust's name for the target.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Builds all of `wasm/`.
pub(crate) fn package() -> Result<(), Stop> {
    module()?;
    node::install("wasm")?;
    node::build("wasm", PACKAGE_INPUTS)
}

/// Adds the target to the toolchain where it is missing.
pub(crate) fn target() -> Result<(), Stop> {
    let here = tools::said(tools::program("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    if here.is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())) {
        return Ok(());
    }
    let hint = format!("the target {TARGET} is needed: rustup target add {TARGET}");
    tools::find("rustup").ok_or_else(|| Stop::missing(hint.clone()))?;
    Step::new("Rust: the wasm target")
        .run(tools::program("rustup").args(["target", "add", TARGET]))
        .map(|_| ())
        .map_err(|_| Stop::missing(hint))
}

/// One module for every runtime, one for those that know vectors, whose hash is quicker there, and a small one for a browser's client.
fn module() -> Result<(), Stop> {
    let folder = place::at("wasm/pkg");
    let outputs = MODULES.each_ref().map(|module| folder.join(module.name));
    let stamp = Stamp::new("wasm", Inputs::new().paths(MODULE_INPUTS)?, &outputs);
    if stamp.is_fresh() {
        return Ok(());
    }
    target()?;
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).doing(|| format!("making {}", place::shown(&folder)))?;
    for (Module { name, profile, flags, options }, output) in MODULES.iter().zip(&outputs) {
        let title = format!("wasm: {name}");
        Step::new(&title).run(
            tools::cargo("build")
                .args(["--package", "counterseal-wasm", "--target", TARGET, "--profile", profile])
                .args(*options)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", [COMMON, flags].concat().join(" ")),
        )?;
        let built = place::target().join(TARGET).join(profile).join("counterseal_wasm.wasm");
        let module = fs::read(&built).doing(|| format!("reading {}", place::shown(&built)))?;
        let module =
            without_custom_sections(&module).ok_or_else(|| Stop::failed(format!("{name} is no module")))?;
        fs::write(output, module).doing(|| format!("writing {}", place::shown(output)))?;
    }
    stamp.set()
}

/// The module without what compilers wrote into it for other tools: none of it is of any use where it runs.
fn without_custom_sections(module: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(MAGIC.len())?;
    let mut kept = head.to_vec();
    while let [id, behind_id @ ..] = rest {
        let (length, contents) = number(behind_id)?;
        let section = 1 + behind_id.len() - contents.len() + length;
        let (section, behind) = rest.split_at_checked(section)?;
        if *id != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = behind;
    }
    (head == MAGIC).then_some(kept)
}

/// A number in LEB128, and what stands behind it.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[place + 1..]));
        }
    }
    None
}

/// A module's name in the package, and how the compiler is told.
struct Module {
    name: &'static str,
    profile: &'static str,
    flags: &'static [&'static str],
    options: &'static [&'static str],
}

const MODULES: [Module; 3] = [
    Module {
        name: "counterseal.wasm",
        profile: "wasm",
        flags: &[COMPACT_HASH, INLINED, SHORT_COPIES],
        options: &[],
    },
    Module {
        name: "counterseal.simd.wasm",
        profile: "wasm",
        flags: &["-Ctarget-feature=+simd128", INLINED, SHORT_COPIES],
        options: &[],
    },
    Module {
        name: "counterseal.client.wasm",
        profile: "wasm-client",
        flags: &[COMPACT_HASH, STRICT, INLINED_SMALL],
        options: &["--no-default-features"],
    },
];
/// The linker writes the numbers that it fills in as short as they are.
const COMMON: &[&str] = &["-Clink-arg=--compress-relocations"];
/// Small code that is not slow for nothing: what is hardly longer than the call is inlined.
const INLINED: &str = "-Cllvm-args=-inline-threshold=15";
/// What is inlined beyond that makes a module larger that is compiled to be small.
const INLINED_SMALL: &str = "-Cllvm-args=-inline-threshold=8";
/// The core without the quick ways in front of its strict reader.
pub(crate) const STRICT: &str = "--cfg=counterseal_strict";
const COMPACT_HASH: &str = r#"--cfg=sha2_backend_soft="compact""#;
/// Copies of up to 48 bytes are made in place, 1 % larger, where a runtime has a call out of the module for each.
const SHORT_COPIES: &str = "-Cllvm-args=-max-store-memcpy=6";
/// How a module begins: its name and version.
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
/// The id of a custom section.
const CUSTOM: u8 = 0;

/// The module itself is among them: the package holds a copy of it.
const PACKAGE_INPUTS: &[&str] = &[
    "wasm/ts",
    "wasm/scripts",
    "wasm/package.json",
    "wasm/package-lock.json",
    "wasm/tsconfig.json",
    "wasm/pkg/counterseal.wasm",
    "wasm/pkg/counterseal.simd.wasm",
    "wasm/pkg/counterseal.client.wasm",
];
const MODULE_INPUTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "core/lanes",
    "bindings/shared/Cargo.toml",
    "bindings/shared/src",
    "wasm/Cargo.toml",
    "wasm/src",
    "xtask/src/setup/wasm.rs",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_sections_go_and_the_others_stay() {
        let long = vec![7; 200];
        let of = |sections: &[(u8, &[u8])]| {
            let mut module = MAGIC.to_vec();
            for (id, contents) in sections {
                module.push(*id);
                module.extend_from_slice(&[contents.len() as u8 & 0x7F | 0x80, (contents.len() >> 7) as u8]);
                module.extend_from_slice(contents);
            }
            module
        };
        let module = of(&[(0, b"name"), (1, b"types"), (0, &long), (10, &long), (0, b"")]);
        assert_eq!(without_custom_sections(&module), Some(of(&[(1, b"types"), (10, &long)])));
        for cut in [3, 9, 20, module.len() - 1] {
            assert_eq!(without_custom_sections(&module[..cut]), None, "{cut}");
        }
        assert_eq!(without_custom_sections(b"\0asm\x02\0\0\0"), None);
    }
}
