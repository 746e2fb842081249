//! Predictions while other work goes on in the same server.

use super::{predict::predictions, project};
use crate::{
    bench::Bench,
    line::{Line, milliseconds, table},
    report::Section,
    statistics::quantile,
};
use anyhow::{Result, bail};
use dto::{
    ModelId,
    model::{Backbone, Mode, Phase, TrainRequest},
};
use pupil_tests::{File, Person, data, deadline::eventually};

/// Predictions while nothing else goes on, and while fine-tuning does.
const REQUESTS: usize = 100;
/// In the other cases predictions go on until the work is over; fewer than so many say nothing.
const FEWEST: usize = 20;
const RUNS: usize = 15;

pub async fn measure(bench: &Bench) -> Result<Section> {
    let running = bench.server().await;
    let (person, images) = project::filled(&running.server, &bench.photos).await?;
    let (_, model) = project::train(&person, &TrainRequest::default()).await?;
    let files: Vec<File> = bench.photos.test()?.iter().map(|photo| data::read(&photo.path)).collect();
    let ask = Ask { person: &person, model: model.id, files: &files };
    ask.times(REQUESTS / 2).await;
    let quiet = p95(&ask.times(REQUESTS).await);

    let every_epoch = TrainRequest { patience: Some(50), ..TrainRequest::default() };
    let instant = ask
        .until_done(async {
            for image in images.iter().take(RUNS) {
                project::relabel(&person, image.id).await?;
                project::train(&person, &every_epoch).await?;
            }
            Ok(())
        })
        .await?;
    let embedding = match other(bench) {
        // No picture has been seen by the other backbone: a run with it looks at all of them first.
        Some(backbone) => Some(ask.while_embedding(backbone).await?),
        None => None,
    };
    let tuning = ask.while_tuning().await;

    let twice = |what: &str, p95: f64| {
        Line::new(what, milliseconds(p95)).ratio(format!("{:.1} ×", p95 / quiet)).goal("≤ 2 ×", p95 <= 2.0 * quiet)
    };
    let mut lines = vec![Line::new("while nothing else goes on", milliseconds(quiet))];
    lines.push(twice("while instant runs go on, one after another", instant));
    lines.extend(embedding.map(|p95| twice("while 400 pictures are embedded", p95)));
    lines.push(
        Line::new("while fine-tuning goes on", milliseconds(tuning))
            .ratio(format!("{:.1} ×", tuning / quiet))
            .goal("≤ 150 ms", tuning <= 0.150),
    );
    let how = format!(
        "What 95 of 100 requests with one photo take at most, one after another over HTTP: of {REQUESTS}, or as many as \
         there are while the other work goes on."
    );
    Ok(Section { title: "Predicting meanwhile".into(), table: table(lines), how })
}

struct Ask<'a> {
    person: &'a Person,
    model: ModelId,
    files: &'a [File],
}

impl Ask<'_> {
    async fn times(&self, count: usize) -> Vec<f64> {
        predictions(self.person, self.model, self.files, count).await
    }

    /// What the slower predictions take until some work is done.
    async fn until_done(&self, work: impl Future<Output = Result<()>>) -> Result<f64> {
        let mut measured = Vec::new();
        let asking = async {
            loop {
                measured.extend(self.times(1).await);
            }
        };
        tokio::select! {
            done = work => done?,
            () = asking => {}
        }
        if measured.len() < FEWEST {
            bail!("the work was over after {} predictions", measured.len());
        }
        Ok(p95(&measured))
    }

    async fn while_embedding(&self, backbone: Backbone) -> Result<f64> {
        let request = TrainRequest { backbone: Some(backbone), ..TrainRequest::default() };
        let run = self.person.api.train(self.person.project, &request).await.expect("there is enough").id;
        let is_embedding = async || {
            let model = self.person.api.model(run).await.expect("one's own");
            (model.phase == Some(Phase::Embedding)).then_some(()).ok_or(model.status.is_over())
        };
        eventually("the run embeds", async || is_embedding().await.ok()).await;
        let mut measured = Vec::new();
        while is_embedding().await.is_ok() {
            measured.extend(self.times(4).await);
        }
        self.person.wait_ready(run).await;
        if measured.len() < FEWEST {
            bail!("the pictures were embedded after {} predictions", measured.len());
        }
        Ok(p95(&measured))
    }

    async fn while_tuning(&self) -> f64 {
        let request = TrainRequest {
            mode: Mode::FineTune,
            max_epochs: Some(1000),
            patience: Some(1000),
            ..TrainRequest::default()
        };
        let run = self.person.api.train(self.person.project, &request).await.expect("there is enough").id;
        eventually("an epoch is under way", async || {
            let model = self.person.api.model(run).await.expect("one's own");
            (model.phase == Some(Phase::Training) && model.progress.done > 0).then_some(())
        })
        .await;
        let measured = self.times(REQUESTS).await;
        self.person.api.cancel(run).await.expect("it is running");
        self.person.api.wait_until_over(run).await;
        p95(&measured)
    }
}

fn p95(measured: &[f64]) -> f64 {
    quantile(measured, 0.95)
}

/// A backbone that the pictures have not been seen by.
fn other(bench: &Bench) -> Option<Backbone> {
    let usable = bench.engine().backbones().iter().filter(|status| status.problem.is_none());
    usable.map(|status| status.backbone).find(|backbone| *backbone != bench.backbone)
}
