//! A camera's photo: what an upload does with it on one core.

use crate::{
    bench::Bench,
    line::{Line, Unit, table},
    peer::number,
    report::Section,
    statistics::median,
};
use anyhow::Result;
use image::imageops::FilterType;
use pupil_tests::{
    data,
    pictures::{Motif, jpeg},
};
use std::{fs, time::Instant};
use vision::{Limits, SHORT_SIDE, decode_reduced, preprocess, thumbnail};

const TIMES: usize = 7;
const PEER_TIMES: usize = 3;

pub fn measure(bench: &Bench) -> Result<Section> {
    let (files, about) = files(bench)?;
    all(&files)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for time in 0..TIMES {
        ours.push(all(&files)? / files.len() as f64);
        if time < PEER_TIMES
            && bench.photos.originals().is_some()
            && let Some(peer) = bench.peer("decode", 1)?
        {
            theirs.push(number(&peer, "decode/seconds")? / number(&peer, "decode/photos")?);
        }
    }
    let ours = median(&ours);
    let theirs = (!theirs.is_empty()).then(|| median(&theirs));
    let lines = vec![Line::new("decode, turn upright, thumbnail, 224×224", Unit::Milliseconds.of(ours)).beside(
        ours,
        theirs,
        Unit::Milliseconds,
        Some(2.5),
    )];
    let how = format!(
        "{about}: the mean of all on one core, the median of {TIMES} passes ({PEER_TIMES} of PyTorch's side between them). \
         Pupil's thumbnail is written as JPEG too; Pillow's is not, and its photos are not turned."
    );
    Ok(Section { title: "A camera's photo".into(), table: table(lines), how })
}

fn files(bench: &Bench) -> Result<(Vec<Vec<u8>>, String)> {
    let Some(folder) = bench.photos.originals() else {
        let drawn = image::imageops::resize(&Motif::Circles.draw(1), 4000, 3000, FilterType::Triangle);
        return Ok((vec![jpeg(&drawn)], "A drawn picture of 12 megapixels".into()));
    };
    let paths = data::files_in(folder);
    let files = paths.iter().map(fs::read).collect::<std::io::Result<Vec<_>>>()?;
    let about = format!("{} files of cameras and telephones, 4 to 16 megapixels", files.len());
    Ok((files, about))
}

/// Seconds for all files.
fn all(files: &[Vec<u8>]) -> Result<f64> {
    let begun = Instant::now();
    for file in files {
        let decoded = decode_reduced(file, &Limits::default(), SHORT_SIDE)?;
        std::hint::black_box((thumbnail(&decoded.rgb)?, preprocess(&decoded.rgb)));
    }
    Ok(begun.elapsed().as_secs_f64())
}
