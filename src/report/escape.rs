//! Text of users inside HTML and inside a script element's JSON.

/// Text as it may stand in an element or in a quoted attribute.
pub(super) fn html(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            // Direction marks of a name must not turn what stands after it.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => text.push('\u{fffd}'),
            _ => text.push(c),
        }
    }
    text
}

/// JSON as it may stand in a script element: nothing in it can end the element or begin a
/// comment, and it is the same JSON.
pub(super) fn script_json(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('&', "\\u0026")
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn html_keeps_words_and_loses_markup() {
        assert_eq!(
            html("a<b> & \"c\" 'd'"),
            "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;"
        );
        assert_eq!(html("Ωπ · 4,2 L"), "Ωπ · 4,2 L");
        assert_eq!(html("a\u{202e}b"), "a\u{fffd}b");
    }

    #[test]
    fn json_cannot_end_its_script_and_reads_back() {
        let value = json!({"</script><script>alert(1)</script>": "<!-- \u{2028} & ]]>"});
        let text = script_json(&value);
        assert!(
            !text.contains('<') && !text.contains('>') && !text.contains('&'),
            "{text}"
        );
        let back: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back, value);
    }
}
