//! The number of threads changes nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Every file below a folder by its path in it.
fn files(folder: &Path, inside: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, inside, found);
        } else {
            let name = path
                .strip_prefix(inside)
                .expect("inside")
                .display()
                .to_string();
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let run = |jobs: &str| {
        let out = tempfile::tempdir().expect("a folder");
        let output = Command::new(env!("CARGO_BIN_EXE_thsim"))
            .args([
                "run",
                "ece15",
                "nycc",
                "japan_10_15",
                "eudc",
                "ev-creep",
                "--format",
                "json",
            ])
            .args([
                "--vehicle",
                "levin-hybrid",
                "--vehicle",
                "prius-2010",
                "--jobs",
                jobs,
                "--out",
            ])
            .arg(out.path())
            .output()
            .expect("thsim runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut written = BTreeMap::new();
        files(out.path(), out.path(), &mut written);
        (output.stdout, written)
    };
    let alone = run("1");
    assert_eq!(alone.1.len(), 3 * 10, "{:?}", alone.1.keys());
    for jobs in ["2", "7"] {
        let many = run(jobs);
        assert_eq!(alone.0, many.0, "printed with {jobs} threads");
        assert_eq!(
            alone.1.keys().collect::<Vec<_>>(),
            many.1.keys().collect::<Vec<_>>()
        );
        for (name, bytes) in &alone.1 {
            assert!(bytes == &many.1[name], "{name} with {jobs} threads");
        }
    }
}
