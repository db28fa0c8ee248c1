//! Memory in front of the standard library's allocator. In: requests of any thread. Out: blocks from lists that each
//! thread has for itself, by size; large ones come straight from below.
//!
//! What is below has one lock, in which threads spin: two threads spent up to a quarter of their time there. One thread
//! alone gains nothing.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::ptr::{copy_nonoverlapping, null_mut, write_bytes};

/// Blocks up to this are kept, bytes.
const LARGEST: usize = 32 << 10;
/// What all blocks are aligned to, bytes.
const ALIGN: usize = 8;
/// What a thread keeps of a size at most, bytes.
const KEPT: usize = 128 << 10;
/// Sizes up to 64 in steps of 16, then four for every doubling.
const SIZES: usize = class_of(LARGEST) + 1;

/// The class of a size, which isn't above the largest.
const fn class_of(size: usize) -> usize {
    if size <= 64 {
        return size.saturating_sub(1) >> 4;
    }
    let top = (size - 1).ilog2() as usize;
    (top - 6) * 4 + ((size - 1) >> (top - 2))
}

/// The size of the blocks of a class, bytes.
const fn size_of_class(class: usize) -> usize {
    if class < 4 {
        return (class + 1) << 4;
    }
    (class % 4 + 5) << (class / 4 + 3)
}

/// Blocks of one size that nobody uses; each begins with the address of the next.
struct List {
    first: Cell<*mut u8>,
    len: Cell<usize>,
}

thread_local! {
    static LISTS: [List; SIZES] = const { [const { List { first: Cell::new(null_mut()), len: Cell::new(0) } }; SIZES] };
}

/// An allocator with lists of each thread in front of another one.
pub struct Heap<A>(pub A);

/// The class that a request belongs to; none when it goes below.
fn class(layout: Layout) -> Option<usize> {
    (layout.size() <= LARGEST && layout.align() <= ALIGN).then(|| class_of(layout.size()))
}

/// The blocks of a class.
fn block(class: usize) -> Layout {
    // SAFETY: the alignment is a power of two, and no size comes near the largest one possible.
    unsafe { Layout::from_size_align_unchecked(size_of_class(class), ALIGN) }
}

// SAFETY: a block is in one list or in use, never both: `alloc` takes it out of the list of this thread, `dealloc` puts
// it into one. Blocks of a class come from below with the layout of the class and go back with it, and the class is a
// function of the layout that callers give at both ends.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Heap<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class(layout) else {
            return unsafe { self.0.alloc(layout) };
        };
        let kept = LISTS.with(|lists| {
            let list = &lists[class];
            let first = list.first.get();
            if !first.is_null() {
                list.first.set(unsafe { first.cast::<*mut u8>().read() });
                list.len.set(list.len.get() - 1);
            }
            first
        });
        if kept.is_null() {
            unsafe { self.0.alloc(block(class)) }
        } else {
            kept
        }
    }

    #[inline]
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        let Some(class) = class(layout) else {
            return unsafe { self.0.dealloc(at, layout) };
        };
        let full = LISTS.with(|lists| {
            let list = &lists[class];
            let len = list.len.get();
            if len * size_of_class(class) >= KEPT {
                return true;
            }
            unsafe { at.cast::<*mut u8>().write(list.first.get()) };
            list.first.set(at);
            list.len.set(len + 1);
            false
        });
        if full {
            unsafe { self.0.dealloc(at, block(class)) }
        }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if class(layout).is_none() {
            return unsafe { self.0.alloc_zeroed(layout) };
        }
        let at = unsafe { self.alloc(layout) };
        if !at.is_null() {
            unsafe { write_bytes(at, 0, layout.size()) };
        }
        at
    }

    #[inline]
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (class(layout), class(wanted)) {
            (None, None) => unsafe { self.0.realloc(at, layout, size) },
            (Some(a), Some(b)) if a == b => at,
            _ => {
                let new = unsafe { self.alloc(wanted) };
                if !new.is_null() {
                    unsafe {
                        copy_nonoverlapping(at, new, layout.size().min(size));
                        self.dealloc(at, layout);
                    }
                }
                new
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::alloc::System;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, mpsc};

    #[test]
    fn blocks_hold_what_was_asked_for_and_waste_a_quarter_at_most() {
        assert_eq!([1, 16, 17, 64, 65, 80, 81].map(class_of), [0, 0, 1, 3, 4, 4, 5]);
        for size in 1..=LARGEST {
            let class = class_of(size);
            assert!(class < SIZES);
            let given = size_of_class(class);
            assert!(given >= size && given.is_multiple_of(16), "{size}: {given}");
            assert!(given - size < 16.max(size.div_ceil(4)), "{size}: {given}");
        }
        assert_eq!(size_of_class(SIZES - 1), LARGEST);
    }

    /// What is below, counted: bytes that were taken and not given back.
    struct Counted(AtomicUsize);

    // SAFETY: the system's allocator, and a number.
    unsafe impl GlobalAlloc for Counted {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            self.0.fetch_add(layout.size(), Ordering::Relaxed);
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
            self.0.fetch_sub(layout.size(), Ordering::Relaxed);
            unsafe { System.dealloc(at, layout) }
        }
    }

    /// A block that is full of one byte.
    struct Filled {
        at: usize,
        layout: Layout,
        with: u8,
    }

    impl Filled {
        fn check(&self) {
            let bytes = unsafe { std::slice::from_raw_parts(self.at as *const u8, self.layout.size()) };
            assert!(
                bytes.iter().all(|&b| b == self.with),
                "a block of {:?} was written by others",
                self.layout
            );
        }
    }

    /// Takes, changes and releases blocks at random; some go to another thread, and come from there.
    fn churn(
        heap: &Heap<Counted>,
        seed: u64,
        to: &mpsc::Sender<Filled>,
        from: &Mutex<mpsc::Receiver<Filled>>,
    ) {
        let mut state = seed;
        let mut random = |below: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut mine: Vec<Filled> = Vec::new();
        for round in 0..30_000 {
            let bits = 1 + random(17);
            let size = 1 + random(1 << bits);
            let with = round as u8;
            let fill = |at: *mut u8, layout: Layout| {
                assert!(!at.is_null() && (at as usize).is_multiple_of(layout.align()));
                unsafe { write_bytes(at, with, layout.size()) };
                Filled {
                    at: at as usize,
                    layout,
                    with,
                }
            };
            match random(6) {
                0 | 1 => {
                    let layout =
                        Layout::from_size_align(size, 1 << random(6)).unwrap_or(Layout::new::<u64>());
                    mine.push(fill(unsafe { heap.alloc(layout) }, layout));
                }
                2 => {
                    let layout = Layout::from_size_align(size, 8).unwrap_or(Layout::new::<u64>());
                    let at = unsafe { heap.alloc_zeroed(layout) };
                    Filled {
                        at: at as usize,
                        layout,
                        with: 0,
                    }
                    .check();
                    mine.push(fill(at, layout));
                }
                3 if !mine.is_empty() => {
                    let old = mine.swap_remove(random(mine.len()));
                    old.check();
                    let at = unsafe { heap.realloc(old.at as *mut u8, old.layout, size) };
                    let kept = Layout::from_size_align(old.layout.size().min(size), 1).unwrap_or(old.layout);
                    Filled {
                        at: at as usize,
                        layout: kept,
                        with: old.with,
                    }
                    .check();
                    let layout = Layout::from_size_align(size, old.layout.align()).unwrap_or(old.layout);
                    mine.push(fill(at, layout));
                }
                4 if !mine.is_empty() => {
                    let block = mine.swap_remove(random(mine.len()));
                    assert!(to.send(block).is_ok());
                }
                _ => {
                    let other = from.lock().ok().and_then(|f| f.try_recv().ok());
                    let own = (!mine.is_empty()).then(|| mine.swap_remove(random(mine.len())));
                    for block in other.into_iter().chain(own) {
                        block.check();
                        unsafe { heap.dealloc(block.at as *mut u8, block.layout) };
                    }
                }
            }
        }
        for block in mine {
            block.check();
            unsafe { heap.dealloc(block.at as *mut u8, block.layout) };
        }
    }

    #[test]
    fn blocks_are_nobody_elses_and_come_back_from_any_thread() {
        const THREADS: usize = 4;
        let heap = Heap(Counted(AtomicUsize::new(0)));
        let (to, from) = mpsc::channel();
        let from = Mutex::new(from);
        std::thread::scope(|scope| {
            for seed in 0..THREADS as u64 {
                let (heap, to, from) = (&heap, to.clone(), &from);
                scope.spawn(move || churn(heap, seed, &to, from));
            }
        });
        drop(to);
        for block in from.into_inner().into_iter().flatten() {
            block.check();
            unsafe { heap.dealloc(block.at as *mut u8, block.layout) };
        }
        // What a thread keeps at most: less than a block more than the limit of each size.
        let kept: usize = (0..SIZES).map(|c| KEPT + size_of_class(c)).sum();
        let left = heap.0.0.load(Ordering::Relaxed);
        assert!(left <= (THREADS + 1) * kept, "{left} bytes");
        assert!(left > 0, "nothing was kept");
    }
}
