//! Independent jobs on the cores of this host. What comes out stands in the order of the jobs, whichever was done first.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Most threads: each holds a job's data, and a host with many cores need not hold that many.
const MOST: usize = 8;

/// Threads that are worth while for so many jobs: one for each core.
pub fn threads(jobs: usize) -> usize {
    thread::available_parallelism().map_or(1, NonZero::get).min(MOST).min(jobs)
}

/// Does the jobs, each with one of the `tools`; there is a thread for each of these. After a failure no further job is
/// begun; the error is that of the first job that failed.
pub fn in_order<Job: Send, Tool: Send, Done: Send, Error: Send>(
    jobs: Vec<Job>,
    tools: Vec<Tool>,
    work: impl Fn(&mut Tool, Job) -> Result<Done, Error> + Sync,
) -> Result<Vec<Done>, Error> {
    let open = Mutex::new(jobs.into_iter().enumerate());
    let failed = AtomicBool::new(false);
    // Jobs are taken in order: those before one that failed were taken too, and are done to their end.
    let next = || {
        let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.load(Ordering::Relaxed) { None } else { open.next() }
    };
    let on_thread = |mut tool: Tool| {
        let mut done = Vec::new();
        while let Some((place, job)) = next() {
            let result = work(&mut tool, job);
            if result.is_err() {
                failed.store(true, Ordering::Relaxed);
            }
            done.push((place, result));
        }
        done
    };
    let on_thread = &on_thread;
    let mut done: Vec<(usize, Result<Done, Error>)> = thread::scope(|scope| {
        let threads: Vec<_> = tools.into_iter().map(|tool| scope.spawn(move || on_thread(tool))).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Condvar, Mutex};

    use super::{MOST, in_order, threads};

    #[test]
    fn the_order_is_that_of_the_jobs_whichever_was_done_first() {
        for threads in 1..4_usize {
            // Only the last thread goes on at once: the others wait until it has done all that is left.
            let (done, left) = (Condvar::new(), Mutex::new(20 - threads));
            let work = |thread: &mut usize, job: usize| {
                let mut left = left.lock().expect("no other test holds it");
                if *thread + 1 == threads && *left > 0 {
                    *left -= 1;
                    done.notify_all();
                }
                let waits = *thread + 1 < threads;
                drop(done.wait_while(left, |left| waits && *left > 0).expect("nobody failed"));
                Ok::<usize, ()>(job * 10)
            };
            let expected: Vec<usize> = (0..20).map(|job| job * 10).collect();
            assert_eq!(in_order((0..20).collect(), (0..threads).collect(), work), Ok(expected), "{threads}");
        }
    }

    #[test]
    fn the_first_failure_is_told_and_nothing_is_begun_after_it() {
        let begun = AtomicUsize::new(0);
        let work = |(): &mut (), job: u32| {
            begun.fetch_add(1, Ordering::Relaxed);
            if job == 2 { Err(job) } else { Ok(job) }
        };
        assert_eq!(in_order((0..100).collect(), vec![()], work), Err(2));
        assert_eq!(begun.into_inner(), 3);
        let all_fail = |(): &mut (), job: u32| Err::<u32, u32>(job);
        assert_eq!(in_order((0..100).collect(), vec![(), (), ()], all_fail), Err(0));
    }

    #[test]
    fn nothing_to_do_is_done() {
        assert_eq!(
            in_order(Vec::new(), Vec::new(), |(): &mut (), job: u32| Ok::<u32, ()>(job)),
            Ok(Vec::new())
        );
        assert_eq!(threads(0), 0);
        assert!((1..=MOST).contains(&threads(1000)));
    }
}
