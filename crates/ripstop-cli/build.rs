//! Puts the bundled cases into the binary: every folder under `cases/` that holds a `case.toml`.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let cases = here.join("../../cases");
    println!("cargo:rerun-if-changed={}", cases.display());
    let mut found = Vec::new();
    collect(&cases, &mut found);
    found.sort();
    let mut code = String::from("/// Name and files of every bundled case.\npub static CASES: &[Bundled] = &[\n");
    for dir in found {
        let name = dir.strip_prefix(&cases).expect("it was found there").to_string_lossy().replace('\\', "/");
        code.push_str(&format!("    Bundled {{ name: {name:?}, files: &[\n"));
        let inside = ["", "rules", "behaviour"].map(|folder| files(&dir.join(folder)));
        for file in inside.into_iter().flatten() {
            println!("cargo:rerun-if-changed={}", file.display());
            let name = file.strip_prefix(&dir).expect("it was found there").to_string_lossy().replace('\\', "/");
            let path = fs::canonicalize(&file).expect("it is there");
            code.push_str(&format!("        ({name:?}, include_bytes!({:?})),\n", path.display().to_string()));
        }
        code.push_str("    ] },\n");
    }
    code.push_str("];\n");
    let out = PathBuf::from(std::env::var("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("bundled.rs"), code).expect("the build folder can be written");
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) {
    if dir.join("case.toml").exists() {
        found.push(dir.to_path_buf());
        return;
    }
    println!("cargo:rerun-if-changed={}", dir.display());
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            collect(&entry.path(), found);
        }
    }
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let wanted = |path: &PathBuf| path.extension().is_some_and(|end| ["csv", "toml", "md", "parquet"].iter().any(|known| end == *known));
    let mut files: Vec<PathBuf> = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).filter(wanted).collect();
    files.sort();
    files
}
