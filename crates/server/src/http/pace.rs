//! Bodies that must keep moving: a client may be slow, but not hold a place for nothing.

use super::error::ApiError;
use actix_web::{dev::Payload, error::PayloadError};
use bytes::Bytes;
use dto::ErrorCode;
use futures::{FutureExt, Stream, StreamExt, future::BoxFuture};
use std::{
    cell::Cell,
    io::{self, ErrorKind},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, sleep};

/// So many bytes must come…
const BYTES: usize = 16 << 10;
/// …in so much waiting for them: 800 bytes a second, a tenth of the slowest mobile line.
const PATIENCE: Duration = Duration::from_secs(20);

/// A body may take no longer than this in all, so that one that just about moves does not hold its place for days: on a
/// line of 1.2 Mbit/s there is time for the largest request.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// A body that ends in an error once it no longer moves. Only the waiting counts, not what is done with each piece.
pub struct Paced {
    body: Payload,
    bytes: usize,
    /// How much longer to wait until [`BYTES`] have come.
    left: Duration,
    /// When it has to be here.
    end: Instant,
    waiting: Option<(Instant, BoxFuture<'static, ()>)>,
    moved: LastMove,
}

/// When a piece of a body last arrived.
#[derive(Clone)]
pub struct LastMove(Rc<Cell<Instant>>);

impl LastMove {
    pub fn now() -> Self {
        Self(Rc::new(Cell::new(Instant::now())))
    }

    pub fn get(&self) -> Instant {
        self.0.get()
    }
}

impl Paced {
    pub fn new(body: Payload, moved: LastMove) -> Self {
        Self { body, bytes: 0, left: PATIENCE, end: Instant::now() + LONGEST, waiting: None, moved }
    }

    /// All of it, if it is no longer than `limit`.
    pub async fn whole(mut self, limit: usize) -> Result<Bytes, PayloadError> {
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await.transpose()? {
            if whole.len() + piece.len() > limit {
                return Err(PayloadError::Overflow);
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole.into())
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Poll::Ready(item) = this.body.poll_next_unpin(context) {
            if let Some((since, _)) = this.waiting.take() {
                this.left = this.left.saturating_sub(since.elapsed());
            }
            if let Some(Ok(piece)) = &item {
                this.bytes += piece.len();
            }
            if this.bytes >= BYTES {
                (this.bytes, this.left) = (0, PATIENCE);
            }
            this.moved.0.set(Instant::now());
            return Poll::Ready(item);
        }
        let left = this.left.min(this.end.saturating_duration_since(Instant::now()));
        let (_, timer) = this.waiting.get_or_insert_with(|| (Instant::now(), sleep(left).boxed()));
        timer.poll_unpin(context).map(|()| Some(Err(PayloadError::Io(io::Error::from(ErrorKind::TimedOut)))))
    }
}

/// Whether a body broke off because it stood still, or took too long.
pub fn is_stalled(error: &PayloadError) -> bool {
    matches!(error, PayloadError::Io(error) if error.kind() == ErrorKind::TimedOut)
}

/// The answer to a body that stands still.
pub fn stalled() -> ApiError {
    ApiError::new(
        ErrorCode::RequestTimeout,
        "The rest of the request did not arrive. Check the connection, and send it again.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    /// How long a body is read of which so many bytes come each second.
    async fn lasts(bytes_a_second: usize) -> Duration {
        let trickle = stream::unfold((), move |()| async move {
            sleep(Duration::from_secs(1)).await;
            Some((Ok(Bytes::from(vec![0; bytes_a_second])), ()))
        });
        let began = Instant::now();
        let body = Paced::new(Payload::Stream { payload: trickle.boxed_local() }, LastMove::now());
        let broke_off = body.filter_map(async |item| item.err()).boxed_local().next().await;
        assert!(is_stalled(&broke_off.expect("it has no end of its own")));
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_given_up_at_once_and_any_after_an_hour() {
        assert_eq!(lasts(500).await, PATIENCE);
        assert_eq!(lasts(BYTES).await, LONGEST);
    }
}
