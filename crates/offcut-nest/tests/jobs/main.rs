//! Random jobs end in layouts that the exact checker passes, and an auditor of other making, too.
#![allow(clippy::unwrap_used)]

mod generator;

use generator::job;
use offcut_geometry::Ctx;
use offcut_nest::json::{read_instance, write_solution};
use offcut_nest::{Budget, Instance, Keep, Layout, NestError, Options, Reason, check, nest, remnants};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Seeds of the jobs that are tried; others with `OFFCUT_JOBS`: how many, or from which to which (`1000-2000`).
fn seeds() -> std::ops::Range<u64> {
    let wanted = std::env::var("OFFCUT_JOBS").unwrap_or_default();
    let (from, to) = wanted.split_once('-').unwrap_or(("0", &wanted));
    from.parse().unwrap_or(0)..to.parse().unwrap_or(48)
}

fn run(instance: &Instance, work: u64, seed: u64, chains: u32) -> Result<Layout, NestError> {
    let options = Options {
        budget: Budget::Work(work),
        chains,
        start: None,
    };
    nest(instance, &options, &Ctx::quiet().with_seed(seed), &mut |_| {})
}

fn verify(seed: u64, i: &Instance, l: &Layout) {
    assert_eq!(check(i, l), [], "job {seed}");
    for u in &l.unplaced {
        let filler = i.items[u.item as usize].filler;
        assert_eq!(u.reason == Reason::Filler, filler && u.reason != Reason::TooLarge);
    }
    let keep = Keep {
        min_width: (5.0 * i.scale) as i32,
        min_area: 100.0 * i.scale * i.scale,
    };
    for r in remnants(i, l, &keep) {
        assert!(
            r.area >= keep.min_area && r.rectangle_area() <= r.area,
            "job {seed}"
        );
    }
}

#[test]
fn random_jobs_pass_the_checks() {
    let dir = std::env::temp_dir().join(format!("offcut-jobs-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (mut placed, mut missing, mut none) = (0, 0, 0);
    for seed in seeds() {
        let text = job(seed);
        let i = read_instance(&text).unwrap();
        match run(&i, 20_000, seed, 1) {
            Ok(l) => {
                verify(seed, &i, &l);
                placed += l.placements.len();
                missing += l.unplaced.iter().map(|u| u.count as usize).sum::<usize>();
                std::fs::write(dir.join(format!("{seed}.job")), &text).unwrap();
                std::fs::write(dir.join(format!("{seed}.solution")), write_solution(&i, &l)).unwrap();
            }
            Err(NestError::DoesNotFit { .. }) => none += 1,
            Err(e) => panic!("job {seed}: {e}"),
        }
    }
    println!(
        "{} jobs: {placed} parts placed, {missing} missing, {none} jobs without room",
        seeds().count()
    );
    // Stock is short in many jobs.
    assert!(
        placed > 3 * missing && placed > 10 * none,
        "{placed} {missing} {none}"
    );
    audit(&dir);
    std::fs::remove_dir_all(&dir).unwrap();
}

/// The auditor beside the repository, as a script that looks at all jobs of a folder.
const SCRIPT: &str = r"
import json, pathlib, sys
sys.path.insert(0, sys.argv[1])
import audit_nest
bad = n = 0
for job in sorted(pathlib.Path(sys.argv[2]).glob('*.job')):
    solution = json.loads(job.with_suffix('.solution').read_text())
    r = audit_nest.audit(json.loads(job.read_text()), solution, partial=bool(solution.get('unplaced')))
    n += 1
    if not r['ok']:
        bad += 1
        print(job.name, r['violations'][:3])
print(n, 'audited,', bad, 'refused')
sys.exit(bad > 0)
";

fn audit(dir: &Path) {
    let shared = std::env::var_os("OFFCUT_SHARED").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let auditor = shared.unwrap_or_else(|| root.join("../shared")).join("audit");
    if !auditor.join("audit_nest.py").exists() {
        println!("SKIPPED: no auditor in {}", auditor.display());
        return;
    }
    let home = std::env::var("HOME").unwrap_or_default();
    let python = Path::new(&home).join(".cache/offcut-audit/bin/python");
    let python = if python.exists() { python } else { "python3".into() };
    let able = Command::new(&python)
        .args(["-c", "import shapely, numpy"])
        .output();
    if !able.is_ok_and(|o| o.status.success()) {
        println!("SKIPPED: {} has no shapely", python.display());
        return;
    }
    let o = Command::new(&python)
        .args(["-c", SCRIPT])
        .args([&auditor, dir])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&o.stdout);
    println!("{told}");
    assert!(o.status.success(), "{told}{}", String::from_utf8_lossy(&o.stderr));
}

#[test]
fn the_same_job_gives_the_same_bytes_on_any_threads() {
    let pool = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
    };
    let pools = [pool(1), pool(2), pool(5)];
    for seed in 100..108 {
        let i = read_instance(&job(seed)).unwrap();
        for chains in [1, 3] {
            let text = |k: usize| {
                let layout = pools[k].install(|| run(&i, 6_000, seed, chains));
                layout.map(|l| write_solution(&i, &l))
            };
            let first = text(0);
            for k in 1..pools.len() {
                assert_eq!(first, text(k), "job {seed}, {chains} chains");
            }
        }
    }
}
