//! The loops that everything else consists of, by Criterion: `cargo bench --package vision`.

use criterion::{Criterion, criterion_group, criterion_main};
use dto::model::Settings;
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use std::hint::black_box;
use vision::{
    Limits, Nobody, SHORT_SIDE, TrainingSet, decode, decode_reduced, duplicates, folds, instant, preprocess, thumbnail,
};

/// 12 megapixels that are not all alike.
fn photo() -> RgbImage {
    let wave = |x: u32, y: u32| (127.0 + 90.0 * (x as f32 / 37.0).sin() * (y as f32 / 53.0).cos()) as u8;
    RgbImage::from_fn(4000, 3000, |x, y| Rgb([wave(x, y), wave(y, x), (x ^ y) as u8 / 4]))
}

fn pictures(criterion: &mut Criterion) {
    let photo = photo();
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&photo).expect("a picture");
    let limits = Limits::default();
    let reduced = decode_reduced(&jpeg, &limits, SHORT_SIDE).expect("a JPEG").rgb;
    criterion.bench_function("decode 12 megapixels", |bencher| bencher.iter(|| decode(black_box(&jpeg), &limits)));
    criterion.bench_function("decode 12 megapixels reduced", |bencher| {
        bencher.iter(|| decode_reduced(black_box(&jpeg), &limits, SHORT_SIDE));
    });
    criterion.bench_function("thumbnail", |bencher| bencher.iter(|| thumbnail(black_box(&reduced))));
    criterion.bench_function("preprocess", |bencher| bencher.iter(|| preprocess(black_box(&reduced))));
}

/// What instant training does: before its epochs, on 5,000 pictures of 512 numbers, and as a whole on few.
fn embeddings(criterion: &mut Criterion) {
    let (pictures, dimensions) = (5_000, 512);
    let numbers = tch::Tensor::randn([pictures, dimensions], (tch::Kind::Float, tch::Device::Cpu));
    criterion.bench_function("near-duplicates of 5,000", |bencher| {
        bencher.iter(|| duplicates::group(black_box(&numbers), duplicates::NEAR));
    });
    let targets: Vec<u32> = (0..pictures as u32).map(|picture| picture % 10).collect();
    let groups: Vec<usize> = (0..pictures as usize).collect();
    criterion.bench_function("folds of 5,000", |bencher| {
        bencher.iter(|| folds::split(black_box(&targets), &groups, 0));
    });
    let few = 400;
    let numbers = Vec::<f32>::try_from(numbers.narrow(0, 0, few).flatten(0, 1)).expect("numbers");
    let targets = (0..few as u32).map(|picture| picture % 2).collect();
    let set =
        TrainingSet { embeddings: numbers, mirrored: Vec::new(), dimensions: dimensions as usize, targets, classes: 2 };
    let settings = Settings { patience: 50, ..Settings::default() };
    criterion.bench_function("heads of 400, 50 epochs", |bencher| {
        bencher.iter(|| instant::train(black_box(&set), &settings, &mut Nobody));
    });
}

criterion_group! {
    name = loops;
    config = Criterion::default().sample_size(10);
    targets = pictures, embeddings
}
criterion_main!(loops);
