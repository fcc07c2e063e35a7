//! A Slurm array script that runs a sweep on many machines.

use std::fmt::Write as _;

/// Quotes a word for the shell where it needs it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The script for `shards` tasks of one array. All tasks write into the same folder; a task
/// that is started again goes on where it was.
pub fn script(sweep: &str, name: &str, out: &str, shards: u64) -> String {
    let (sweep, out) = (quoted(sweep), quoted(out));
    let job = quoted(&format!("thsim-{name}"));
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "#!/bin/bash
#SBATCH --job-name={job}
#SBATCH --array=1-{shards}
#SBATCH --cpus-per-task=8
#SBATCH --mem=1G
#SBATCH --time=24:00:00
#SBATCH --requeue
# Send it off with `sbatch`. Each task runs its shard of the sweep into one folder that all
# machines see; what is there is not run again, so tasks may be killed and requeued.
# Afterwards: thsim sweep status {out}; thsim sweep merge {out} --format csv
set -euo pipefail
exec thsim sweep run {sweep} --out {out} \\
    --shard \"${{SLURM_ARRAY_TASK_ID}}/{shards}\" \\
    --jobs \"${{SLURM_CPUS_PER_TASK}}\" --quiet
"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_spaces_are_quoted() {
        let text = script("my sweep.toml", "a", "out", 4);
        assert!(
            text.contains("thsim sweep run 'my sweep.toml' --out out"),
            "{text}"
        );
        assert!(
            text.contains("--array=1-4") && text.contains("_ID}/4\""),
            "{text}"
        );
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
