//! The command that a result carries: what was typed, without what cannot change it.

/// Options with a value that do not change a result.
const DROPPED: [&str; 4] = ["--jobs", "--out", "--format", "--save"];
/// Flags that do not change a result.
const DROPPED_FLAGS: [&str; 2] = ["--quiet", "--plots"];

/// Joins arguments to a command that a shell reads back, `thsim` first.
pub(super) fn command_line(arguments: impl IntoIterator<Item = String>) -> String {
    let mut words = vec!["thsim".to_owned()];
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let name = argument
            .split_once('=')
            .map_or(argument.as_str(), |(name, _)| name);
        if DROPPED.contains(&name) {
            if !argument.contains('=') {
                arguments.next();
            }
        } else if !DROPPED_FLAGS.contains(&name) {
            words.push(quoted(&argument));
        }
    }
    words.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_changes_the_result_and_drops_the_rest() {
        let typed = [
            "run", "nedc", "--jobs", "4", "--out=x", "--quiet", "--plots", "--set", "a = 1",
        ];
        assert_eq!(
            command_line(typed.map(str::to_owned)),
            "thsim run nedc --set 'a = 1'"
        );
    }
}
