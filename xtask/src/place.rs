//! Where things are.

use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(Path::to_path_buf).unwrap_or(manifest)
}

/// A path of the repository, from its root.
pub(crate) fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        // A relative one is cargo's from the folder the user stands in.
        Some(folder) => std::env::current_dir().unwrap_or_else(|_| root()).join(folder),
        None => at("target"),
    }
}

/// The folder of what xtask itself keeps: logs, stamps, its lock, tools.
pub(crate) fn kept(path: &str) -> PathBuf {
    target().join("xtask").join(path)
}

/// A path as a reader sees it: from the root where it lies inside.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The Python of the virtual environment.
pub(crate) fn python() -> PathBuf {
    venv_program("python")
}

/// A program of the virtual environment.
pub(crate) fn venv_program(name: &str) -> PathBuf {
    if cfg!(windows) { at(".venv/Scripts").join(format!("{name}.exe")) } else { at(".venv/bin").join(name) }
}
