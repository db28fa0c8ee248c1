//! The pages that follow from the program, and the README's commands.

use std::path::Path;
use std::process::Command;

/// The pages of settings, by name.
fn pages() -> Result<[(&'static str, String); 2], String> {
    let cut = offcut::settings::cut_reference().map_err(|e| e.to_string())?;
    Ok([
        ("settings.md", offcut::settings::reference_markdown()),
        ("cut.md", cut),
    ])
}

/// Writes the pages of settings, `docs/settings.md` and `docs/cut.md`.
pub fn settings_page(root: &Path) -> Result<(), String> {
    for (name, text) in pages()? {
        let path = root.join("docs").join(name);
        std::fs::write(&path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    Ok(())
}

/// The commands of a page: what stands in fences marked `sh`, block by block.
fn blocks(markdown: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut open: Option<String> = None;
    for line in markdown.lines() {
        match &mut open {
            Some(b) if line.starts_with("```") => {
                out.push(std::mem::take(b));
                open = None;
            }
            Some(b) => {
                b.push_str(line);
                b.push('\n');
            }
            None if line.trim_end() == "```sh" => open = Some(String::new()),
            None => {}
        }
    }
    out
}

/// The command that runs all tests, this one among them.
const ALL_TESTS: &str = ".ci/run";

/// Runs every command of the README as it stands, in the repository, with the built program on the path.
pub fn run_readme(root: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(root.join("README.md")).map_err(|e| format!("README.md: {e}"))?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    let mut path = vec![target.join("release")];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let path = std::env::join_paths(path).map_err(|e| e.to_string())?;
    for block in blocks(&text) {
        if block.trim() == ALL_TESTS {
            continue;
        }
        println!("{block}");
        let status = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &block])
            .current_dir(root)
            .env("PATH", &path)
            .status()
            .map_err(|e| format!("bash: {e}"))?;
        if !status.success() {
            return Err(format!("a command of the README failed ({status}):\n{block}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    #[test]
    fn the_settings_pages_are_up_to_date() {
        for (name, text) in pages().unwrap() {
            let page = std::fs::read_to_string(root().join("docs").join(name)).unwrap();
            assert!(page == text, "docs/{name} is stale: run `cargo xtask docs`");
        }
    }

    #[test]
    fn fences() {
        let page = "a\n```sh\nls\n```\n```toml\nx = 1\n```\n```sh\necho a\necho b\n```\n";
        assert_eq!(blocks(page), ["ls\n", "echo a\necho b\n"]);
    }

    #[test]
    fn the_readme_has_the_two_commands_first() {
        let page = std::fs::read_to_string(root().join("README.md")).unwrap();
        let b = blocks(&page);
        assert!(b[0].starts_with("cargo run --release") && b[0].contains("test-models/"));
        assert_eq!(b[1].trim(), ALL_TESTS);
    }
}
