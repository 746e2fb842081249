//! What changed from one model to another: settings, images, scores, and whether the difference means anything.

use super::Examined;
use crate::app::App;
use dto::{
    ImageId, ModelId, UserId,
    evaluation::{Comparison, DataChange, HeadToHead, SettingChange, SideScores},
    label::LabelRef,
    model::Model,
};
use std::collections::HashMap;
use store::{Judgement, StoreError};
use vision::evaluate::sign_test;

/// A difference that chance makes less often than this is one.
const SIGNIFICANT: f64 = 0.05;

/// Compares two models of the user's.
pub async fn compare(app: &App, owner: UserId, before: ModelId, after: ModelId) -> Result<Comparison, StoreError> {
    let (before, after) = (Examined::read(app, owner, before).await?, Examined::read(app, owner, after).await?);
    let head_to_head = head_to_head(&before.judgements, &after.judgements);
    Ok(Comparison {
        settings: settings(&before.model, &after.model),
        data: data(&before, &after),
        verdict: verdict(&head_to_head, &before.model.name, &after.model.name),
        head_to_head,
        before: side(&before),
        after: side(&after),
    })
}

fn side(examined: &Examined) -> SideScores {
    let (model, scores) = (&examined.model, examined.scores());
    SideScores {
        model_id: model.id,
        name: model.name.clone(),
        mode: model.mode,
        backbone: model.backbone,
        accuracy: model.accuracy,
        accuracy_interval: model.accuracy_interval,
        macro_f1: scores.macro_f1,
        log_loss: scores.log_loss,
        calibration_error: scores.calibration_error,
        train_seconds: model.train_seconds,
    }
}

fn settings(before: &Model, after: &Model) -> Vec<SettingChange> {
    let all = |model: &Model| {
        let settings = &model.settings;
        [
            ("mode", model.mode.as_str().to_owned()),
            ("backbone", model.backbone.as_str().to_owned()),
            ("max_epochs", settings.max_epochs.to_string()),
            ("target_accuracy", settings.target_accuracy.to_string()),
            ("patience", settings.patience.to_string()),
            ("seed", settings.seed.to_string()),
            ("mirror", settings.mirror.to_string()),
        ]
    };
    all(before)
        .into_iter()
        .zip(all(after))
        .filter(|(before, after)| before != after)
        .map(|((setting, before), (_, after))| SettingChange { setting: setting.to_owned(), before, after })
        .collect()
}

fn data(before: &Examined, after: &Examined) -> DataChange {
    let earlier: HashMap<ImageId, &Judgement> = by_image(&before.judgements);
    let common: Vec<_> = after.judgements.iter().filter_map(|new| Some((*earlier.get(&new.image_id)?, new))).collect();
    let missing_in = |here: &[LabelRef], there: &[LabelRef]| {
        here.iter().filter(|label| there.iter().all(|other| other.id != label.id)).cloned().collect()
    };
    DataChange {
        images_before: before.judgements.len() as u64,
        images_after: after.judgements.len() as u64,
        added: (after.judgements.len() - common.len()) as u64,
        removed: (before.judgements.len() - common.len()) as u64,
        relabelled: common.iter().filter(|(old, new)| old.label_id != new.label_id).count() as u64,
        labels_added: missing_in(&after.model.labels, &before.model.labels),
        labels_removed: missing_in(&before.model.labels, &after.model.labels),
    }
}

fn by_image(judgements: &[Judgement]) -> HashMap<ImageId, &Judgement> {
    judgements.iter().map(|judgement| (judgement.image_id, judgement)).collect()
}

fn head_to_head(before: &[Judgement], after: &[Judgement]) -> HeadToHead {
    let earlier = by_image(before);
    let right = |judgement: &Judgement| judgement.predicted_id == Some(judgement.label_id);
    // By whether the earlier and the later model were right.
    let mut counts = [[0u64; 2]; 2];
    for new in after.iter().filter(|new| new.out_of_fold) {
        if let Some(old) = earlier.get(&new.image_id).filter(|old| old.out_of_fold && old.label_id == new.label_id) {
            counts[usize::from(right(old))][usize::from(right(new))] += 1;
        }
    }
    let [[both_wrong, only_after_right], [only_before_right, both_right]] = counts;
    HeadToHead {
        images: both_wrong + only_after_right + only_before_right + both_right,
        both_right,
        only_before_right,
        only_after_right,
        both_wrong,
        p_value: sign_test(only_before_right, only_after_right),
    }
}

fn verdict(score: &HeadToHead, before: &str, after: &str) -> String {
    if score.images == 0 {
        return "They were not tested on any pictures in common, so they can't be compared.".into();
    }
    let (better, more, fewer) = if score.only_after_right >= score.only_before_right {
        (after, score.only_after_right, score.only_before_right)
    } else {
        (before, score.only_before_right, score.only_after_right)
    };
    let counts = format!("{more} pictures that only it got right against {fewer}, of {} in common", score.images);
    if score.p_value < SIGNIFICANT {
        format!("“{better}” is better: {counts}.")
    } else if more == fewer {
        format!("They are equally good on the {} pictures in common.", score.images)
    } else {
        format!("“{better}” did a little better, which may be chance: {counts}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dto::LabelId;
    use uuid::Uuid;

    fn judged(id: ImageId, right: bool, out_of_fold: bool, label: LabelId) -> Judgement {
        let predicted_id = Some(if right { label } else { LabelId(Uuid::now_v7()) });
        let (probability, given_probability) = (Some(0.9), Some(0.9));
        Judgement { image_id: id, label_id: label, predicted_id, probability, given_probability, out_of_fold }
    }

    #[test]
    fn only_images_tested_by_both_under_one_label_count() {
        let ids: Vec<ImageId> = (0..20).map(|_| ImageId(Uuid::now_v7())).collect();
        let [label, other] = [0; 2].map(|_| LabelId(Uuid::now_v7()));
        // The later one is right where the earlier was wrong in 8 of 20; two are not comparable.
        let before: Vec<_> = ids.iter().enumerate().map(|(i, id)| judged(*id, i >= 8, true, label)).collect();
        let mut after: Vec<_> = ids.iter().map(|id| judged(*id, true, true, label)).collect();
        after[18].out_of_fold = false;
        after[19].label_id = other;
        let score = head_to_head(&before, &after);
        assert_eq!((score.images, score.only_after_right, score.only_before_right, score.both_right), (18, 8, 0, 10));
        assert!((score.p_value - 2.0 / 256.0).abs() < 1e-9);
        assert!(verdict(&score, "a", "b").starts_with("“b” is better"));
        assert!(verdict(&head_to_head(&before, &before), "a", "b").starts_with("They are equally good"));
        assert!(verdict(&head_to_head(&[], &after), "a", "b").contains("can't be compared"));
    }
}
