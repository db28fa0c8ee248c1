//! `cargo xtask wasm`: the npm package `offcut` in `wasm/package`, ready to be packed.
//!
//! Cargo builds the engine, `wasm/bindgen` makes the bindings, npm's pinned tools shrink the module and
//! compile the TypeScript. Nothing global is needed but Rust, Node and npm.

use offcut::settings::{Kind, SettingOf, with_unit};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Instructions that every browser of the last years has.
const FEATURES: [&str; 8] = [
    "simd",
    "bulk-memory",
    "nontrapping-float-to-int",
    "sign-ext",
    "mutable-globals",
    "reference-types",
    "multivalue",
    "threads",
];

/// What the engines are built for.
const TARGET: &str = "wasm32-unknown-unknown";

/// The engines: a page loads the one that it needs.
const ENGINES: [&str; 3] = ["print", "sheets", "mill"];

/// What an engine is compiled with.
const SINGLE: &str = "-C target-feature=+simd128";

/// The same for the engine whose threads share a memory of at most 2 GiB, with what the bindings need to make stacks.
const SHARED: &str = "-C target-feature=+simd128,+atomics,+bulk-memory,+mutable-globals \
    -C link-arg=--shared-memory -C link-arg=--import-memory -C link-arg=--max-memory=2147483648 \
    -C link-arg=--export=__heap_base -C link-arg=--export=__wasm_init_tls -C link-arg=--export=__tls_size \
    -C link-arg=--export=__tls_align -C link-arg=--export=__tls_base";

/// Builds everything.
pub fn package(root: &Path) -> Result<(), String> {
    let wasm = root.join("wasm");
    types(&wasm)?;
    if !wasm.join("node_modules/.package-lock.json").is_file() {
        run(Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&wasm))?;
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    for name in ENGINES {
        engine(root, &wasm, &target, name)?;
    }
    threads(root, &wasm, &target)?;
    run(npx(&wasm).args(["tsc", "-p", "package"]))
}

/// Builds one engine with its bindings.
fn engine(root: &Path, wasm: &Path, target: &Path, name: &str) -> Result<(), String> {
    run(build(root, target, name, SINGLE))?;
    bindings(root, wasm, target, target, name)
}

/// The compilation of an engine.
fn build(root: &Path, target: &Path, features: &str, flags: &str) -> Command {
    let mut c = cargo(root);
    c.args([
        "build",
        "--profile",
        "wasm",
        "--target",
        TARGET,
        "-p",
        "offcut-wasm",
    ])
    .args(["--no-default-features", "--features", features])
    .env("CARGO_TARGET_DIR", target)
    .env("RUSTFLAGS", flags);
    c
}

/// The JavaScript around an engine that was compiled to `made`.
fn bindings(root: &Path, wasm: &Path, target: &Path, made: &Path, name: &str) -> Result<(), String> {
    let folder = engines(wasm)?;
    run(cargo(root)
        .args([
            "run",
            "-q",
            "--release",
            "--manifest-path",
            "wasm/bindgen/Cargo.toml",
            "--",
        ])
        .args([&made.join(TARGET).join("wasm/offcut_wasm.wasm"), &folder])
        .arg(name)
        .env("CARGO_TARGET_DIR", target.join("bindgen")))?;
    shrink(wasm, &folder, name)
}

/// Where the engines lie.
fn engines(wasm: &Path) -> Result<PathBuf, String> {
    let folder = wasm.join("package/dist/engine");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    Ok(folder)
}

/// Builds the engine with threads, or what says that there is none: its standard library has to be built too, and
/// the source of that can't be had everywhere.
fn threads(root: &Path, wasm: &Path, target: &Path) -> Result<(), String> {
    let made = target.join("threads");
    let missing = no_source(root);
    if let Some(why) = &missing {
        println!("the engine with threads is left out: {why}");
        let folder = engines(wasm)?;
        let write = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).map_err(|e| format!("{name}: {e}"))
        };
        write("threads.js", "export {};\n")?;
        write("threads.d.ts", "export {};\n")?;
        write("threads_bg.wasm", "")?;
    } else {
        // The library is the toolchain's own, built with it: nothing else of the compiler is unstable here.
        run(build(root, &made, "print,sheets,mill,threads", SHARED)
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC_BOOTSTRAP", "1"))?;
        bindings(root, wasm, target, &made, "threads")?;
    }
    let there = format!(
        "// Written by `cargo xtask wasm`.\n\n/** Whether the engine with threads was built. */\nexport const THREADS: boolean = {};\n",
        missing.is_none()
    );
    let path = wasm.join("package/src/generated/threads.ts");
    std::fs::write(&path, there).map_err(|e| format!("{}: {e}", path.display()))
}

/// Why the standard library can't be built here.
fn no_source(root: &Path) -> Option<String> {
    if std::env::var_os("OFFCUT_THREADS").is_some_and(|v| v == "0") {
        return Some("OFFCUT_THREADS=0 asks for that".into());
    }
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let root_of = Command::new(rustc)
        .args(["--print", "sysroot"])
        .current_dir(root)
        .output();
    let sysroot = root_of
        .ok()
        .and_then(|o| String::from_utf8(o.stdout).ok())
        .unwrap_or_default();
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock");
    if !library.is_file() {
        return Some("Rust's source is not there (rustup component add rust-src)".into());
    }
    let fetched = cargo(root)
        .args(["fetch", "-q", "-Zbuild-std=std,panic_abort", "--target", TARGET])
        .env("RUSTC_BOOTSTRAP", "1")
        .status();
    (!fetched.is_ok_and(|s| s.success())).then(|| "what Rust's library stands on can't be fetched".into())
}

/// A cargo without what the running one told this program.
fn cargo(root: &Path) -> Command {
    let mut c = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    c.current_dir(root).env_remove("CARGO_ENCODED_RUSTFLAGS");
    c
}

/// A tool that npm installed.
fn npx(wasm: &Path) -> Command {
    let mut c = Command::new("npx");
    c.arg("--no-install").current_dir(wasm);
    c
}

/// Optimises the module in place, unless that was done with the same one before.
fn shrink(wasm: &Path, folder: &Path, name: &str) -> Result<(), String> {
    let [module, plain, small] =
        ["_bg.wasm", ".plain.wasm.part", ".small.wasm.part"].map(|n| folder.join(format!("{name}{n}")));
    let bytes = |p: &Path| std::fs::read(p).map_err(|e| format!("{}: {e}", p.display()));
    let now = bytes(&module)?;
    if !(small.is_file() && plain.is_file() && bytes(&plain)? == now) {
        let flags = FEATURES.map(|f| format!("--enable-{f}"));
        run(npx(wasm)
            // Else whole stages become one function, which browsers take long to compile.
            .args(["wasm-opt", "-O2", "--one-caller-inline-max-function-size=20"])
            .args(flags)
            .arg(&module)
            .arg("-o")
            .arg(&small))?;
        std::fs::rename(&module, &plain).map_err(|e| e.to_string())?;
    }
    std::fs::copy(&small, &module)
        .map(drop)
        .map_err(|e| e.to_string())
}

fn run(mut command: impl std::borrow::BorrowMut<Command>) -> Result<(), String> {
    let command = command.borrow_mut();
    let what = format!("{command:?}");
    let status = command.status().map_err(|e| format!("{what}: {e}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what}: {status}"))
    }
}

/// Writes the TypeScript types of the settings.
pub fn types(wasm: &Path) -> Result<(), String> {
    let folder = wasm.join("package/src/generated");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let path = folder.join("settings.ts");
    std::fs::write(&path, settings_types()).map_err(|e| format!("{}: {e}", path.display()))
}

/// The settings of a print and of a laser job as interfaces, from the tables behind the schema.
fn settings_types() -> String {
    use offcut::settings::{CUT_SETTINGS, SETTINGS};
    let mut out = String::from("// Written by `cargo xtask wasm` from the tables of settings.\n");
    interface("PrintSettings", "Settings of a print.", SETTINGS, &mut out);
    interface("CutSettings", "Settings of a laser job.", CUT_SETTINGS, &mut out);
    out
}

fn interface<T: Default>(name: &str, about: &str, table: &[SettingOf<T>], out: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "\n/** {about} Numbers are in the unit of the default; texts may have another one (`\"0.2mm\"`). */\n\
         export interface {name} {{\n"
    );
    for s in table {
        let kind = match s.kind {
            Kind::Bool => "boolean".to_owned(),
            Kind::Integer | Kind::Number | Kind::NumberOrPercent => "number | string".into(),
            Kind::Text => "string".into(),
            Kind::Size => "[number, number] | string".into(),
            Kind::Choice(c) => c
                .iter()
                .map(|c| format!("{:?}", c.name))
                .collect::<Vec<_>>()
                .join(" | "),
        };
        let unset = if s.optional { " | null" } else { "" };
        let doc = s.doc().replace("*/", "* /").replace('\n', " ");
        let (default, allowed) = (with_unit(s, &s.default()).replace("*/", "* /"), s.allowed());
        let _ = write!(out, "  /**\n   * {doc}\n   * @default {default}\n");
        if !allowed.is_empty() && !matches!(s.kind, Kind::Bool | Kind::Choice(_)) {
            let _ = writeln!(out, "   * Allowed: {allowed}.");
        }
        let _ = write!(out, "   */\n  {}?: {kind}{unset};\n", s.key);
    }
    out.push_str("}\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_type() {
        let text = settings_types();
        let print = offcut::settings::SETTINGS.iter().map(|s| s.key);
        for key in print.chain(offcut::settings::CUT_SETTINGS.iter().map(|s| s.key)) {
            assert!(text.contains(&format!("\n  {key}?: ")), "{key}");
        }
        assert!(text.contains("  support?: \"none\" | \"grid\""), "{text}");
    }
}
