//! The same file gives the same bytes, whoever runs which part of it, and in which order.

use super::{Bench, QUICK, cell, parts};
use std::fs;

/// Every part of two sweeps, byte by byte.
fn assert_same_files(bench: &Bench, one: &str, other: &str) {
    let (one, other) = (bench.path(one), bench.path(other));
    let names = parts(&one);
    assert_eq!(names, parts(&other));
    for name in names {
        let bytes =
            |out: &std::path::Path| fs::read(out.join("parts").join(&name)).expect("a part");
        assert!(bytes(&one) == bytes(&other), "{name}");
    }
}

#[test]
fn threads_and_shards_leave_no_trace() {
    let bench = Bench::with(&QUICK.replace("4000", "500"));
    bench.prints(&["run", "sweep.toml", "--out", "one", "--jobs", "1"]);
    bench.prints(&["run", "sweep.toml", "--out", "three", "--jobs", "3"]);
    for shard in ["3/4", "1/4", "4/4", "2/4"] {
        bench.prints(&["run", "sweep.toml", "--out", "shards", "--shard", shard]);
    }
    assert_same_files(&bench, "one", "three");
    assert_same_files(&bench, "one", "shards");
    assert_eq!(bench.content("one"), bench.content("shards"));
}

#[test]
fn folders_of_several_machines_are_taken_together() {
    let bench = Bench::with(&QUICK.replace("4000", "300"));
    bench.prints(&["run", "sweep.toml", "--out", "whole"]);
    bench.prints(&["run", "sweep.toml", "--out", "here", "--shard", "1/2"]);
    bench.prints(&["run", "sweep.toml", "--out", "there", "--shard", "2/2"]);
    let (code, errors) = bench.fails(&["merge", "here"]);
    assert_eq!(code, Some(1));
    assert!(errors.contains("parts are missing"), "{errors}");
    assert_eq!(
        bench.prints(&["merge", "there", "here"]),
        bench.prints(&["merge", "whole"])
    );
    let status = bench.prints(&["status", "here", "there"]);
    assert!(status.contains(&bench.content("whole")), "{status}");
    let partial = bench.prints(&["merge", "here", "--partial"]);
    let half = partial.lines().count();
    assert!((100..250).contains(&half), "{half}");
}

#[test]
fn a_seed_chooses_the_points_and_nothing_else_does() {
    let bench = Bench::with(&QUICK.replace("4000", "64"));
    fs::write(
        bench.path("other.toml"),
        QUICK.replace("4000", "64").replace("seed = 3", "seed = 4"),
    )
    .expect("a file");
    fs::write(
        bench.path("renamed.toml"),
        format!(
            "name = \"other\" # another name\nquestion = \"?\"\n{}",
            QUICK.replace("4000", "64")
        ),
    )
    .expect("a file");
    bench.prints(&["run", "sweep.toml", "--out", "a"]);
    bench.prints(&["run", "other.toml", "--out", "b"]);
    bench.prints(&["run", "renamed.toml", "--out", "c"]);
    assert_same_files(&bench, "a", "c");
    let masses = |out: &str| -> Vec<String> {
        let rows = bench.merged(out);
        rows.iter()
            .map(|row| cell(row, "chassis.test_mass_kg").to_owned())
            .collect()
    };
    assert_ne!(masses("a"), masses("b"));
}

#[test]
fn what_is_there_is_not_run_again_unless_asked() {
    let bench = Bench::with(&QUICK.replace("4000", "128"));
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let part = bench.path("out/parts/part-000003.parquet");
    let made = |path: &std::path::Path| {
        fs::metadata(path)
            .and_then(|it| it.modified())
            .expect("a time")
    };
    let before = made(&part);
    fs::remove_file(bench.path("out/parts/part-000001.parquet")).expect("a part");
    let output = bench.run(&["run", "sweep.toml", "--out", "out"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        errors.contains("126 of 128 designs are there already"),
        "{errors}"
    );
    assert_eq!(made(&part), before);
    bench.prints(&["run", "sweep.toml", "--out", "out", "--fresh"]);
    assert!(made(&part) > before);
}
