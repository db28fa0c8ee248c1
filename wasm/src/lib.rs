//! The engine for JavaScript. In: a job document and files as bytes. Out: the result document, chunks of
//! the product, typed arrays. No logic of the engine, and nothing that the package in `package/` could do.

#[cfg(any(test, feature = "threads"))]
mod heap;
#[cfg(feature = "threads")]
mod threads;

use offcut::job::{Events, run};
use offcut::{Carving, Ctx, Preview};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(all(feature = "threads", not(test)))]
#[global_allocator]
static HEAP: heap::Heap<std::alloc::System> = heap::Heap(std::alloc::System);

#[wasm_bindgen]
extern "C" {
    /// What the caller wants to hear of while a job runs.
    pub type Host;

    /// Progress of a stage, 0 to 1. True cancels.
    #[wasm_bindgen(method)]
    fn progress(this: &Host, stage: &str, done: f32) -> bool;
    /// A piece of the product; the bytes are valid during the call only.
    #[wasm_bindgen(method)]
    fn chunk(this: &Host, bytes: &[u8]);
    /// A nest got better.
    #[wasm_bindgen(method)]
    fn improved(this: &Host, density: f64) -> bool;
    /// Whether its layout is wanted.
    #[wasm_bindgen(method)]
    fn wants_layout(this: &Host) -> bool;
    /// The layout of the last improvement, as JSON.
    #[wasm_bindgen(method)]
    fn layout(this: &Host, text: &[u8]);
    /// The stock at moments of a job: columns, corner and cell, underside, points done, heights.
    #[wasm_bindgen(method)]
    fn carving(this: &Host, size: Vec<u32>, place: Vec<f64>, bed: f64, points: Vec<u32>, heights: Vec<f32>);
    /// The triangles of an object.
    #[wasm_bindgen(method)]
    fn shape(this: &Host, corners: Vec<f32>);
    /// The lines in space.
    #[wasm_bindgen(method)]
    fn preview(this: &Host, preview: Lines);

    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    /// Every worker counts from its own start.
    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static ORIGIN: f64;

    /// Progress reports come without the host, which can't be shared between threads.
    #[wasm_bindgen(js_namespace = globalThis, js_name = __offcut_progress)]
    fn report(stage: &str, done: f32) -> bool;
}

/// The version of the engine.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    offcut::VERSION.into()
}

/// What went wrong when the engine stopped with a trap; empty when it ran out of memory.
#[wasm_bindgen]
#[must_use]
pub fn last_fault() -> String {
    FAULT.lock().map(|f| f.clone()).unwrap_or_default()
}

static FAULT: Mutex<String> = Mutex::new(String::new());

/// To be called once, before anything else.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        if let Ok(mut f) = FAULT.lock() {
            *f = info.to_string();
        }
    }));
}

/// A job in the making.
#[wasm_bindgen]
#[derive(Default)]
pub struct Job {
    files: Vec<Vec<u8>>,
}

#[wasm_bindgen]
impl Job {
    /// A job without files.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the content of the next file that the document names.
    pub fn file(&mut self, bytes: Vec<u8>) {
        self.files.push(bytes);
    }

    /// Runs the job and gives its result document, of success or failure.
    #[must_use]
    pub fn run(self, document: &str, host: &Host) -> String {
        let cancel = AtomicBool::new(false);
        let progress = |stage: &'static str, done: f32| {
            if report(stage, done) {
                cancel.store(true, Ordering::Relaxed);
            }
        };
        let ctx = Ctx::quiet().with_progress(&progress).with_cancel(&cancel);
        let mut events = ToHost {
            host,
            cancel: &cancel,
        };
        let clock = || (ORIGIN.with(|o| *o) + now()) / 1000.0;
        match run(document, self.files, &ctx, &clock, &mut events) {
            Ok(d) | Err(d) => d.to_string(),
        }
    }
}

struct ToHost<'a> {
    host: &'a Host,
    cancel: &'a AtomicBool,
}

impl io::Write for ToHost<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.host.chunk(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Events for ToHost<'_> {
    fn improved(&mut self, density: f64) {
        if self.host.improved(density) {
            self.cancel.store(true, Ordering::Relaxed);
        }
    }

    fn wants_layout(&mut self) -> bool {
        self.host.wants_layout()
    }

    fn layout(&mut self, text: &str) {
        self.host.layout(text.as_bytes());
    }

    fn carving(&mut self, c: Carving) {
        let place = vec![c.min[0], c.min[1], c.cell];
        self.host
            .carving(c.size.to_vec(), place, c.bed, c.points, c.heights);
    }

    fn preview(&mut self, preview: Preview) {
        self.host.preview(Lines(preview));
    }

    fn shape(&mut self, corners: Vec<f32>) {
        self.host.shape(corners);
    }
}

/// The lines in space. Every array can be taken once.
#[wasm_bindgen]
pub struct Lines(Preview);

macro_rules! arrays {
    ($($name:ident: $ty:ty,)+) => {
        #[wasm_bindgen]
        impl Lines {
            $(
                #[doc = concat!("Takes `", stringify!($name), "` of the preview.")]
                pub fn $name(&mut self) -> Vec<$ty> {
                    std::mem::take(&mut self.0.$name)
                }
            )+
        }
    };
}

arrays! {
    positions: f32,
    roles: u8,
    widths: f32,
    heights: f32,
    speeds: f32,
    times: f32,
    layers: u32,
    layer_tops: f32,
    retractions: u32,
    seams: u32,
}
