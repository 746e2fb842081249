//! The table as comma-separated values (RFC 4180), as spreadsheets read them.

use super::row::Row;

/// Tells spreadsheets that the text is UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A line of names, then one for each row; the last columns are the probabilities of `labels`.
pub fn write(rows: &[Row], labels: &[String]) -> String {
    let names = ["file name", "label", "probability", "unsure", "expected", "correct"];
    let mut text = String::from(BYTE_ORDER_MARK);
    push_line(&mut text, names.into_iter().map(str::to_owned).chain(labels.iter().map(|label| guarded(label))));
    for row in rows {
        let yes_or_no = |value: Option<bool>| value.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned();
        let name = |name: &Option<String>| name.as_deref().map(guarded).unwrap_or_default();
        let fields = [
            guarded(&row.file_name),
            name(&row.label),
            row.probability.map(number).unwrap_or_default(),
            yes_or_no(row.unsure),
            name(&row.expected),
            yes_or_no(row.correct),
        ];
        let of_label = |label: &String| {
            let found = row.probabilities.iter().find(|(name, _)| name == label);
            found.map(|(_, share)| number(*share)).unwrap_or_default()
        };
        push_line(&mut text, fields.into_iter().chain(labels.iter().map(of_label)));
    }
    text
}

fn number(value: f64) -> String {
    format!("{value:.6}")
}

/// A spreadsheet takes what begins like this for a formula and runs it: a quote before it makes it text.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn push_line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(',');
        }
        text.push_str(&quoted(field));
    }
    text.push_str("\r\n");
}

fn quoted(field: String) -> String {
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_a_column_for_every_label() {
        let row = Row {
            file_name: "a.jpg".into(),
            label: Some("cat".into()),
            probability: Some(0.75),
            unsure: Some(false),
            expected: Some("dog".into()),
            correct: Some(false),
            probabilities: vec![("cat".into(), 0.75), ("dog".into(), 0.25)],
            ..Row::default()
        };
        let lines = write(&[row], &["dog".into(), "cat".into(), "cow".into()]);
        let lines: Vec<_> = lines.trim_start_matches(BYTE_ORDER_MARK).split("\r\n").collect();
        assert_eq!(lines[0], "file name,label,probability,unsure,expected,correct,dog,cat,cow");
        assert_eq!(lines[1], "a.jpg,cat,0.750000,no,dog,no,0.250000,0.750000,");
        assert_eq!(lines[2], "");
    }

    #[test]
    fn what_is_no_answer_is_empty() {
        let text = write(&[Row { file_name: "notes.txt".into(), ..Row::default() }], &["cat".into()]);
        assert!(text.ends_with("notes.txt,,,,,,\r\n"), "{text}");
    }

    #[test]
    fn names_can_neither_break_lines_nor_be_formulas() {
        let row = |name: &str| Row { file_name: name.into(), ..Row::default() };
        let text = write(&[row("a,\"b\".jpg"), row("=HYPERLINK(\"x\")"), row("-1.jpg")], &["@all".into()]);
        assert!(text.contains(",'@all\r\n"));
        assert!(text.contains("\"a,\"\"b\"\".jpg\",,"));
        assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\",,"));
        assert!(text.contains("'-1.jpg,,"));
    }
}
