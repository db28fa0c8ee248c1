//! Threads: workers of the host that share one memory. In: the worker that runs the jobs, which begins, and others,
//! which give themselves. Out: a pool that works for the first one. Which of them does what decides nothing.

use rayon::{ThreadBuilder, ThreadPool, ThreadPoolBuilder};
use std::sync::{Condvar, Mutex, OnceLock};
use wasm_bindgen::prelude::wasm_bindgen;

/// Places in the pool for workers that have not come yet.
static FREE: Mutex<Vec<ThreadBuilder>> = Mutex::new(Vec::new());
static MORE: Condvar = Condvar::new();
static POOL: OnceLock<ThreadPool> = OnceLock::new();

/// Makes the caller the first of so many threads. Jobs may begin at once: it does all the work until others come.
#[wasm_bindgen]
#[must_use]
pub fn begin_threads(count: usize) -> bool {
    let pool = ThreadPoolBuilder::new()
        .num_threads(count)
        .use_current_thread()
        .spawn_handler(|thread| {
            if let Ok(mut free) = FREE.lock() {
                free.push(thread);
            }
            MORE.notify_one();
            Ok(())
        })
        .build();
    pool.is_ok_and(|p| POOL.set(p).is_ok())
}

/// Gives the caller to the pool, for good.
#[wasm_bindgen]
pub fn join_threads() {
    let Ok(free) = FREE.lock() else { return };
    let Ok(mut free) = MORE.wait_while(free, |f| f.is_empty()) else {
        return;
    };
    let thread = free.pop();
    drop(free);
    if let Some(t) = thread {
        t.run();
    }
}
