//! What one should know to read a model's numbers, in sentences.

use dto::{
    evaluation::{Note, NoteKind},
    label::LabelRef,
};
use store::ChangedSince;
use vision::evaluate::Scores;

/// From this ratio of the largest label to the smallest on, they are said to be uneven.
const UNEVEN: u64 = 4;
/// With fewer tested images the interval is some twenty points wide.
const FEW: u64 = 50;
/// Labels that a sentence names; of more it says how many.
const NAMED: usize = 3;

/// `counts` are the images of each label, in the order of `labels` and of the scores'.
pub fn notes(labels: &[LabelRef], counts: &[u64], scores: &Scores, changed: ChangedSince) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |kind, text| notes.push(Note { kind, text });
    let by_count = |&place: &usize| counts[place];
    let largest = (0..labels.len()).max_by_key(by_count);
    let smallest = (0..labels.len()).filter(|&place| counts[place] > 0).min_by_key(by_count);
    if let (Some(largest), Some(smallest)) = (largest, smallest)
        && counts[largest] >= UNEVEN * counts[smallest]
    {
        let text = format!(
            "“{}” has {}, “{}” only {}. Each label counted the same while learning, so that the small ones are not \
             ignored; more pictures of the small ones help most.",
            labels[largest].name,
            pictures(counts[largest]),
            labels[smallest].name,
            pictures(counts[smallest]),
        );
        say(NoteKind::Imbalanced, text);
    }
    let untested: Vec<&str> = labels
        .iter()
        .zip(counts.iter().zip(&scores.labels))
        .filter(|(_, (images, scores))| **images > 0 && scores.images == 0)
        .map(|(label, _)| label.name.as_str())
        .collect();
    if !untested.is_empty() {
        let text = format!(
            "{} could not be tested: a label needs at least two pictures that are not nearly the same.",
            named(&untested)
        );
        say(NoteKind::Untested, text);
    }
    let tested: u64 = scores.labels.iter().map(|label| label.images).sum();
    if tested < FEW {
        let text = format!("Only {} could be tested, so these numbers may be off by a lot.", pictures(tested));
        say(NoteKind::FewImages, text);
    }
    let parts: Vec<String> = [(changed.relabelled, "relabelled"), (changed.deleted, "deleted")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {} {what}", pictures(count), if count == 1 { "was" } else { "were" }))
        .collect();
    if !parts.is_empty() {
        let text = format!(
            "Since this training began, {}. The model learned from the pictures as they were then.",
            parts.join(" and ")
        );
        say(NoteKind::ChangedSince, text);
    }
    notes
}

fn pictures(count: u64) -> String {
    if count == 1 { "1 picture".into() } else { format!("{count} pictures") }
}

fn named(names: &[&str]) -> String {
    let quoted = names.iter().take(NAMED).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => quoted,
        more => format!("{quoted} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::LabelId;
    use uuid::Uuid;
    use vision::evaluate::Judged;

    const UNCHANGED: ChangedSince = ChangedSince { relabelled: 0, deleted: 0 };

    fn kinds(counts: &[u64], tested: &[usize], changed: ChangedSince) -> Vec<(NoteKind, String)> {
        let name = |place: usize| LabelRef { id: LabelId(Uuid::now_v7()), name: format!("L{place}") };
        let labels: Vec<LabelRef> = (0..counts.len()).map(name).collect();
        let judged: Vec<Judged> = tested
            .iter()
            .enumerate()
            .flat_map(|(label, &images)| {
                let one = Judged { truth: label, predicted: label, probability: 0.9, true_probability: Some(0.9) };
                vec![one; images]
            })
            .collect();
        let scores = Scores::of(&judged, counts.len());
        notes(&labels, counts, &scores, changed).into_iter().map(|note| (note.kind, note.text)).collect()
    }

    #[test]
    fn a_balanced_set_needs_no_words() {
        assert_eq!(kinds(&[100, 120], &[100, 120], UNCHANGED), []);
    }

    #[test]
    fn says_what_is_uneven_untested_few_or_changed() {
        let found = kinds(&[1000, 2, 1], &[30, 2, 0], ChangedSince { relabelled: 1, deleted: 3 });
        let expected = [NoteKind::Imbalanced, NoteKind::Untested, NoteKind::FewImages, NoteKind::ChangedSince];
        assert_eq!(found.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), expected);
        assert!(found[0].1.contains("“L0” has 1000 pictures, “L2” only 1 picture"), "{}", found[0].1);
        assert!(found[3].1.contains("1 picture was relabelled and 3 pictures were deleted"), "{}", found[3].1);
    }
}
