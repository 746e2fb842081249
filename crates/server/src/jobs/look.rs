//! When a worker looks into its queue.

use apalis::prelude::{PollSnapshot, PollStrategy};
use futures::{StreamExt, channel::mpsc::UnboundedReceiver};
use std::{
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Looks when this process has queued a job, and every now and then for those of other processes.
///
/// apalis's own strategies answer "now" without asking to be woken again; if the look itself then ends at once, nobody
/// wakes the worker until its next heartbeat. This one always goes on to ask.
pub(super) struct Look {
    queued: UnboundedReceiver<()>,
    beat: Interval,
}

impl Look {
    pub fn new(queued: UnboundedReceiver<()>, every: Duration) -> Self {
        let mut beat = interval(every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { queued, beat }
    }
}

impl PollStrategy for Look {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        let mut now = false;
        while let Poll::Ready(Some(())) = self.queued.poll_next_unpin(cx) {
            now = true;
        }
        while self.beat.poll_tick(cx).is_ready() {
            now = true;
        }
        if now { Poll::Ready(Some(())) } else { Poll::Pending }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{channel::mpsc, task::ArcWake};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    };

    const EVERY: Duration = Duration::from_millis(250);

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Bell(AtomicUsize);

    impl ArcWake for Bell {
        fn wake_by_ref(bell: &Arc<Self>) {
            bell.0.fetch_add(1, SeqCst);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn having_said_now_it_is_woken_for_the_next_look() {
        let (sender, queued) = mpsc::unbounded();
        let mut look = Look::new(queued, EVERY);
        let bell = Arc::<Bell>::default();
        let waker = futures::task::waker(bell.clone());
        let mut drive = || look.poll_drive(&mut Context::from_waker(&waker), &PollSnapshot::new()).is_ready();

        assert!(drive(), "a worker looks as it starts");
        tokio::time::sleep(EVERY * 2).await;
        assert_eq!(bell.0.load(SeqCst), 1, "the clock has woken it");
        assert!(drive());
        sender.unbounded_send(()).expect("the receiver is there");
        assert_eq!(bell.0.load(SeqCst), 2, "a job has woken it");
        assert!(drive());
        assert!(!drive(), "there is nothing new");
    }
}
