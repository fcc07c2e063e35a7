//! Killed in the middle: no row is lost, none is there twice, no part is broken.

use super::{Bench, QUICK, cell, parts};
#[cfg(unix)]
use std::process::{Command, Stdio};
use std::time::Duration;

/// Kills in a row, at moments that differ from one to the next.
const KILLS: u64 = 20;

#[test]
fn twenty_kills_leave_no_trace() {
    // Large enough that no run between two kills comes to its end.
    let sweep = QUICK
        .replace("points = 4000", "points = 40000")
        .replace("ece15", "japan_10_15");
    let bench = Bench::with(&sweep);
    let out = bench.path("killed");
    let mut killed_at = Vec::new();
    for kill in 0..KILLS {
        let mut running = bench
            .command(&["run", "sweep.toml", "--out", "killed", "--quiet"])
            .spawn()
            .expect("the program runs");
        // Between 15 and 140 ms, in no order.
        std::thread::sleep(Duration::from_millis(15 + kill * 67 % 126));
        if running.try_wait().expect("its state").is_none() {
            running.kill().expect("SIGKILL");
            killed_at.push(kill);
        }
        running.wait().expect("its end");
        if !out.join("sweep.json").exists() {
            continue;
        }
        let status = bench.prints(&["status", "killed"]);
        assert!(!status.contains("broken"), "after kill {kill}: {status}");
    }
    assert!(killed_at.len() as u64 >= KILLS * 3 / 4, "{killed_at:?}");

    bench.prints(&["run", "sweep.toml", "--out", "killed", "--quiet"]);
    let rows = bench.merged("killed");
    assert_eq!(rows.len(), 40_000);
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(cell(row, "design"), index.to_string());
    }
    let left = parts(&out);
    assert!(
        left.iter().all(|name| name.ends_with(".parquet")),
        "{left:?}"
    );

    bench.prints(&["run", "sweep.toml", "--out", "whole", "--quiet"]);
    assert_eq!(bench.content("killed"), bench.content("whole"));
}

/// Ctrl-C ends politely: exit code 130, nothing on standard output, and the run goes on.
#[test]
#[cfg(unix)]
fn an_interrupt_says_how_to_go_on() {
    let sweep = QUICK
        .replace("points = 4000", "points = 40000")
        .replace("ece15", "japan_10_15");
    let bench = Bench::with(&sweep);
    let running = bench
        .command(&["run", "sweep.toml", "--out", "out"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    std::thread::sleep(Duration::from_millis(400));
    let process = running.id().to_string();
    let sent = Command::new("kill").args(["-INT", &process]).status();
    assert!(sent.expect("kill").success());
    let ended = running.wait_with_output().expect("its end");
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(130), "{errors}");
    assert!(errors.contains("the same command goes on"), "{errors}");
    assert!(ended.stdout.is_empty());
    let left = parts(&bench.path("out"));
    assert!(
        left.iter().all(|name| name.ends_with(".parquet")),
        "{left:?}"
    );
}
