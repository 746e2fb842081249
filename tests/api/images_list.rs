//! `GET /api/projects/{id}/images`: paging and filters.

use dto::{
    ErrorCode, ImageId,
    image::{Image, ImageQuery},
    limits,
};
use pupil_tests::{
    File, Person, Server,
    client::{problem_in, send},
    pictures::{self, Motif},
    refused,
};
use reqwest::{Method, StatusCode};
use std::collections::HashSet;

both_databases![
    the_newest_image_comes_first,
    pages_follow_each_other_without_gap_or_overlap,
    an_image_deleted_between_two_pages_disturbs_neither,
    images_are_found_by_label_or_the_lack_of_one,
    images_are_found_by_a_part_of_their_file_name,
    a_filter_holds_on_every_page,
    a_page_has_a_largest_size,
    a_query_that_makes_no_sense_is_refused,
];

async fn the_newest_image_comes_first(server: &Server) {
    let ann = Person::new(server).await;
    let mut images = ann.upload(&Motif::Circles.files(3), None).await;
    images.extend(ann.upload(&Motif::Stripes.files(2), None).await);
    images.reverse();
    let page = ann.api.images(ann.project, &ImageQuery::default()).await.expect("one's own");
    assert_eq!(ids(&page.items), ids(&images));
    assert_eq!(page.next_cursor, None);
}

async fn pages_follow_each_other_without_gap_or_overlap(server: &Server) {
    let ann = Person::new(server).await;
    let mut images = ann.upload(&Motif::Circles.files(7), None).await;
    images.reverse();
    for limit in [1, 2, 7] {
        let query = ImageQuery { limit: Some(limit), ..ImageQuery::default() };
        assert_eq!(ids(&all(&ann, query).await), ids(&images), "{limit} a page");
    }
}

async fn an_image_deleted_between_two_pages_disturbs_neither(server: &Server) {
    let ann = Person::new(server).await;
    let images = ann.upload(&Motif::Circles.files(5), None).await;
    let query = ImageQuery { limit: Some(2), ..ImageQuery::default() };
    let first = ann.api.images(ann.project, &query).await.expect("one's own");
    ann.api.delete_image(first.items[1].id).await.expect("it is there");
    let rest = all(&ann, ImageQuery { cursor: first.next_cursor, ..query }).await;
    assert_eq!(ids(&rest), [images[2].id, images[1].id, images[0].id]);
}

async fn images_are_found_by_label_or_the_lack_of_one(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, stripes] = ann.upload_both(2).await;
    let unlabelled = ann.upload(&Motif::Circles.files_from(50, 3), None).await;
    for images in [&circles, &stripes] {
        let query = ImageQuery { label: images[0].label_id, ..ImageQuery::default() };
        assert_eq!(set(&all(&ann, query).await), set(images));
    }
    let query = ImageQuery { unlabelled: Some(true), ..ImageQuery::default() };
    assert_eq!(set(&all(&ann, query).await), set(&unlabelled));
    let query = ImageQuery { unlabelled: Some(false), ..ImageQuery::default() };
    assert_eq!(set(&all(&ann, query).await), set(&[circles, stripes].concat()));
}

async fn images_are_found_by_a_part_of_their_file_name(server: &Server) {
    let ann = Person::new(server).await;
    let names = ["Beach 100%.jpg", "beach_2.jpg", "Über.jpg", "mountain.jpg", "back\u{00e9}.jpg"];
    let files: Vec<File> =
        (0..).zip(names).map(|(seed, name)| File::new(name, pictures::jpeg(&Motif::Circles.draw(seed)))).collect();
    ann.upload(&files, None).await;
    for (q, found) in
        [("BEACH", 2), ("beach", 2), ("%", 1), ("_", 1), ("100%", 1), ("ount", 1), ("nothing", 0), ("'", 0)]
    {
        let query = ImageQuery { q: Some(q.into()), ..ImageQuery::default() };
        assert_eq!(all(&ann, query).await.len(), found, "{q:?}");
    }
}

async fn a_filter_holds_on_every_page(server: &Server) {
    let ann = Person::new(server).await;
    let [circles, _] = ann.upload_both(4).await;
    let query =
        ImageQuery { label: circles[0].label_id, q: Some("circles".into()), limit: Some(1), ..ImageQuery::default() };
    assert_eq!(set(&all(&ann, query).await), set(&circles));
}

async fn a_page_has_a_largest_size(server: &Server) {
    let ann = Person::new(server).await;
    ann.upload(&Motif::Circles.files(1), None).await;
    let query = ImageQuery { limit: Some(limits::PAGE_MAX), ..ImageQuery::default() };
    assert_eq!(ann.api.images(ann.project, &query).await.expect("the most there can be").items.len(), 1);
}

async fn a_query_that_makes_no_sense_is_refused(server: &Server) {
    let ann = Person::new(server).await;
    let cursor = ImageQuery { cursor: Some("not a cursor".into()), ..ImageQuery::default() };
    refused(ann.api.images(ann.project, &cursor).await, ErrorCode::InvalidRequest);
    for limit in [0, limits::PAGE_MAX + 1] {
        let query = ImageQuery { limit: Some(limit), ..ImageQuery::default() };
        let problem = refused(ann.api.images(ann.project, &query).await, ErrorCode::InvalidField);
        assert_eq!(problem.field(), Some("limit"));
    }
    for query in ["limit=-1", "limit=ten", "label=cats", "unlabelled=perhaps"] {
        let request = ann.api.request(Method::GET, &format!("/projects/{}/images?{query}", ann.project));
        let response = send(request).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(problem_in(response).await.code, ErrorCode::InvalidRequest, "{query}");
    }
}

/// The images of this and all following pages.
async fn all(person: &Person, mut query: ImageQuery) -> Vec<Image> {
    let mut images = Vec::new();
    loop {
        let page = person.api.images(person.project, &query).await.expect("one's own");
        assert!(query.limit.is_none_or(|limit| page.items.len() <= limit as usize));
        images.extend(page.items);
        match page.next_cursor {
            Some(cursor) => query.cursor = Some(cursor),
            None => return images,
        }
    }
}

fn ids(images: &[Image]) -> Vec<ImageId> {
    images.iter().map(|image| image.id).collect()
}

fn set(images: &[Image]) -> HashSet<ImageId> {
    images.iter().map(|image| image.id).collect()
}
