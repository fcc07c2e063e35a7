//! Folders that hold something else, broken parts, full disks.

use super::{Bench, QUICK, parts};
use std::fs;
use std::process::Command;

fn small() -> Bench {
    Bench::with(&QUICK.replace("4000", "256"))
}

#[test]
fn a_folder_of_another_sweep_is_refused_and_left_as_it_is() {
    let bench = small();
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let content = bench.content("out");
    let changed = QUICK
        .replace("4000", "256")
        .replace("to = 1700", "to = 1800");
    fs::write(bench.path("changed.toml"), &changed).expect("a file");
    let (code, errors) = bench.fails(&["run", "changed.toml", "--out", "out"]);
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("holds another sweep, `sweep` ("),
        "{errors}"
    );
    assert!(
        errors.contains("to = 1700") && errors.contains("to = 1800"),
        "{errors}"
    );
    assert_eq!(bench.content("out"), content);
    bench.prints(&["run", "changed.toml", "--out", "out", "--fresh"]);
    assert_ne!(bench.content("out"), content);
}

#[test]
fn a_folder_of_something_else_is_never_touched() {
    let bench = small();
    fs::create_dir(bench.path("mine")).expect("a folder");
    fs::write(bench.path("mine/thesis.tex"), "years of work").expect("a file");
    for fresh in [&[][..], &["--fresh"]] {
        let mut arguments = vec!["run", "sweep.toml", "--out", "mine"];
        arguments.extend(fresh);
        let (code, errors) = bench.fails(&arguments);
        assert_eq!(code, Some(2));
        assert!(errors.contains("`thesis.tex`"), "{errors}");
    }
    fs::write(bench.path("file"), "").expect("a file");
    let (code, _) = bench.fails(&["run", "sweep.toml", "--out", "file"]);
    assert_eq!(code, Some(2));
    let (code, errors) = bench.fails(&["status", "nowhere"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("holds no sweep"), "{errors}");
}

/// A file that was cut, changed or exchanged is named, set aside and run again; whatever byte
/// it is, nothing panics and nothing wrong is merged.
#[test]
fn broken_parts_are_set_aside_and_run_again() {
    let bench = small();
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let content = bench.content("out");
    let part = bench.path("out/parts/part-000005.parquet");
    let whole = fs::read(&part).expect("a part");
    let other = fs::read(bench.path("out/parts/part-000006.parquet")).expect("a part");
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        bytes
    };
    let mut broken = vec![
        Vec::new(),
        b"PAR1".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        other,
        b"not parquet at all, but long enough to look at".to_vec(),
    ];
    broken.extend((0..whole.len()).step_by(whole.len() / 40).map(flipped));
    let mut noticed = 0;
    for bytes in &broken {
        fs::write(&part, bytes).expect("a broken part");
        let output = bench.run(&["run", "sweep.toml", "--out", "out"]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        assert!(!errors.contains("panicked"), "{errors}");
        if errors.contains("part 5 is broken") {
            assert!(errors.contains("part-000005.parquet.corrupt"), "{errors}");
            noticed += 1;
        }
        assert_eq!(bench.content("out"), content);
    }
    // A flipped bit may lie where nothing is read: padding, an index, a statistic.
    assert!(
        noticed >= 6 + (broken.len() - 6) / 2,
        "{noticed} of {}",
        broken.len()
    );
    let aside = parts(&bench.path("out"));
    assert!(
        aside.contains(&"part-000005.parquet.corrupt".to_owned()),
        "{aside:?}"
    );
}

#[test]
fn a_broken_part_is_told_by_status_and_not_merged() {
    let bench = small();
    bench.prints(&["run", "sweep.toml", "--out", "out"]);
    let part = bench.path("out/parts/part-000005.parquet");
    fs::write(&part, "rubbish").expect("a broken part");
    let status = bench.prints(&["status", "out"]);
    assert!(
        status.contains("63 of 64 parts") && status.contains("part 5 is broken"),
        "{status}"
    );
    let output = bench.run(&["merge", "out"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let rows = bench.prints(&["merge", "out", "--partial"]).lines().count() - 1;
    assert_eq!(rows, 252);
}

/// A file that may not grow beyond a limit is what a full disk is to the program.
#[test]
#[cfg(unix)]
fn a_full_disk_is_told_and_nothing_is_lost() {
    let bench = Bench::with(&QUICK.replace("points = 4000", "points = 32768"));
    let run = |limit: &str| {
        let script = format!(
            "trap '' XFSZ; ulimit -f {limit}; exec \"$0\" sweep run sweep.toml --out out --quiet"
        );
        Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_thsim")])
            .current_dir(bench.path(""))
            .output()
            .expect("a shell")
    };
    // Blocks of 512 bytes: the manifest fits, a part of 512 rows does not.
    let full = run("8");
    let errors = String::from_utf8_lossy(&full.stderr);
    assert_eq!(full.status.code(), Some(1), "{errors}");
    assert!(
        errors.contains("cannot write") && errors.contains("of 64 parts are there"),
        "{errors}"
    );
    assert!(full.stdout.is_empty());
    let left = parts(&bench.path("out"));
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(run("unlimited").status.code(), Some(0));
    assert_eq!(bench.merged("out").len(), 32_768);
}
