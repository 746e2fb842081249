//! `/api/projects/{id}/duplicates` and `/map`, and where a model looked.

use dto::{ErrorCode, ImageId, LabelId, ModelId};
use image::{RgbImage, imageops};
use pupil_tests::{
    File, Person, Server,
    deadline::eventually,
    pictures::{Motif, jpeg},
    refused,
};
use uuid::Uuid;

both_databases![
    nearly_the_same_pictures_are_found_and_conflicts_come_first,
    a_map_has_a_place_for_every_picture,
    heat_is_where_the_thing_is,
    heat_maps_of_what_is_not_there_are_refused,
];

/// The picture again as another file: a shade brighter, as the next shot of a burst is.
fn again(motif: Motif, seed: u64) -> File {
    File::new(format!("again-{seed}.jpg"), jpeg(&imageops::brighten(&motif.draw(seed), 3)))
}

async fn nearly_the_same_pictures_are_found_and_conflicts_come_first(server: &Server) {
    let ann = Person::new(server).await;
    let circles = ann.upload_motif(Motif::Circles, 6).await;
    let same = ann.upload(&[again(Motif::Circles, 0)], Some("circles")).await;
    let other = ann.upload(&[again(Motif::Circles, 1)], Some("stripes")).await;
    let found = eventually("all are looked at", async || {
        let found = ann.api.duplicates(ann.project).await.expect("one's own");
        (found.pending == 0).then_some(found)
    })
    .await;
    assert_eq!(found.compared, 8);
    let group_of = |id: ImageId| found.items.iter().find(|group| group.images.iter().any(|image| image.image_id == id));
    let conflict = group_of(other[0].id).expect("it is nearly the same as another");
    assert!(conflict.conflict && conflict.images.iter().any(|image| image.image_id == circles[1].id), "{found:?}");
    assert_eq!(group_of(same[0].id).map(|group| group.images[0].image_id), Some(circles[0].id));
    assert!(found.items.is_sorted_by(|a, b| a.conflict >= b.conflict));
    assert_eq!((found.groups as usize, found.conflicts), (found.items.len(), 1));
    assert!(found.items.iter().all(|group| group.images.len() > 1));
}

async fn a_map_has_a_place_for_every_picture(server: &Server) {
    let ann = Person::new(server).await;
    assert_eq!(ann.api.map(ann.project).await.expect("one's own").items, []);
    let [circles, _] = ann.upload_both(10).await;
    ann.upload(&Motif::Circles.files_from(50, 1), None).await;
    let map = eventually("all are looked at", async || {
        let map = ann.api.map(ann.project).await.expect("one's own");
        (map.pending == 0).then_some(map)
    })
    .await;
    assert_eq!(map.items.len(), 21);
    assert!(map.items.iter().all(|point| point.x.abs() <= 1.0 && point.y.abs() <= 1.0));
    assert_eq!(map.items[0].label_id, circles[0].label_id);
    assert_eq!(map.items[20].label_id, None);
    assert_eq!(ann.api.map(ann.project).await.expect("one's own"), map, "the same pictures, the same map");
}

async fn heat_is_where_the_thing_is(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(25).await;
    let model = ann.train().await;
    let label = circles[0].label_id.expect("labelled");
    let heat = ann.api.heat_map(model.id, circles[0].id, &format!("style=heat&label={label}")).await.expect("ready");
    let heat = image::load_from_memory(&heat).expect("a PNG").to_rgba8();
    assert_eq!(heat.dimensions(), (224, 224));
    assert!(heat.pixels().any(|pixel| pixel.0[3] > 100), "something speaks for the label");
    let over = ann.api.heat_map(model.id, circles[0].id, "").await.expect("ready");
    assert_eq!(image::load_from_memory(&over).expect("a PNG").to_rgb8().dimensions(), (224, 224));

    // Stripes in one half alone: that is where they are seen.
    let stripes = model.labels.iter().find(|label| label.name == "stripes").expect("learned").id;
    let half = imageops::resize(&Motif::Stripes.draw(3), 256, 256, imageops::FilterType::Triangle);
    let picture =
        RgbImage::from_fn(256, 256, |x, y| if x < 128 { *half.get_pixel(x, y) } else { *half.get_pixel(0, 0) });
    let stored = ann.upload(&[File::new("half.jpg", jpeg(&picture))], None).await;
    let heat = ann.api.heat_map(model.id, stored[0].id, &format!("style=heat&label={stripes}")).await.expect("ready");
    let heat = image::load_from_memory(&heat).expect("a PNG").to_rgba8();
    let sum = |from: u32| -> u64 {
        let halves = heat.enumerate_pixels().filter(|(x, _, _)| (from..from + 100).contains(x));
        halves.map(|(_, _, pixel)| u64::from(pixel.0[3])).sum()
    };
    assert!(sum(0) > 2 * sum(124), "{} on the side with stripes, {} on the other", sum(0), sum(124));
    let sent = ann.api.heat_map_of(model.id, File::new("half.jpg", jpeg(&picture))).await.expect("ready");
    assert!(image::load_from_memory(&sent).is_ok());
}

async fn heat_maps_of_what_is_not_there_are_refused(server: &Server) {
    let (ann, bob) = (Person::new(server).await, Person::new(server).await);
    let [circles, _] = ann.upload_both(8).await;
    bob.upload_both(8).await;
    let (hers, his) = (ann.train().await.id, bob.train().await.id);
    let image = circles[0].id;
    refused(bob.api.heat_map(hers, image, "").await, ErrorCode::NotFound);
    refused(bob.api.heat_map(his, image, "").await, ErrorCode::NotFound);
    refused(ann.api.heat_map(hers, ImageId(Uuid::now_v7()), "").await, ErrorCode::NotFound);
    refused(ann.api.heat_map(ModelId(Uuid::now_v7()), image, "").await, ErrorCode::NotFound);
    refused(ann.api.heat_map(hers, image, &format!("label={}", LabelId(Uuid::now_v7()))).await, ErrorCode::NotFound);
    refused(ann.api.heat_map(hers, image, "style=rainbow").await, ErrorCode::InvalidRequest);
    refused(ann.api.heat_map_of(hers, File::new("x.jpg", b"no picture".to_vec())).await, ErrorCode::NotAnImage);
}
