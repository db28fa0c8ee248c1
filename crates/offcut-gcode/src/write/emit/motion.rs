//! Moves become lines. In: paths, speeds and flows. Out: G0 to G3 with the words that change.

use super::*;

impl Emitter<'_> {
    /// Moves along a path; `rate` is filament per length.
    pub(super) fn moves(&mut self, index: usize, path: Path, speed: f32, rate: f64) -> Result<(), Error> {
        let feed = self.rate(index, speed)?;
        let program = self.job.program;
        let targets = program
            .vertices
            .get(path.start as usize..path.end as usize)
            .ok_or(Error::BrokenProgram {
                step: index,
                what: "vertex",
                index: path.end,
            })?;
        let Some((&last, _)) = targets.split_last() else {
            return Ok(());
        };
        self.modes();
        let mut i = 0;
        if self.carry.at.is_none() {
            self.arrive(targets[0], feed);
            i = 1;
        }
        while program.arcs.get(self.arc).is_some_and(|a| a.vertex < path.start) {
            self.arc = program.arcs.partition_point(|a| a.vertex < path.start);
        }
        while i < targets.len() {
            let next = program
                .arcs
                .get(self.arc)
                .map_or(path.end, |a| a.vertex.min(path.end));
            let n = (next - path.start) as usize;
            self.lines(&targets[i..n], feed, rate);
            i = n;
            if n < targets.len() {
                let from = if n > 0 {
                    targets[n - 1]
                } else {
                    self.carry.at.unwrap_or(targets[0])
                };
                self.arc_to(from, targets[n], program.arcs[self.arc], feed, rate);
                self.arc += 1;
                i += 1;
            }
        }
        self.carry.at = Some(last);
        Ok(())
    }

    /// The hot loop: one line per target.
    fn lines(&mut self, targets: &[Vertex], feed: i64, rate: f64) {
        let Some(mut from) = self.carry.at else { return };
        let (z_offset, relative) = (self.job.z_offset, self.job.relative_e);
        let [mut wx, mut wy, mut wz] = self.written;
        let (mut e, mut e_written) = (self.e, self.e_written);
        for &v in targets {
            let (x, y, z) = (um(v.x), um(v.y), um(v.z.saturating_add(z_offset)));
            let (dx, dy, dz) = (
                f64::from(v.x) - f64::from(from.x),
                f64::from(v.y) - f64::from(from.y),
                f64::from(v.z) - f64::from(from.z),
            );
            from = v;
            e += (dx * dx + dy * dy + dz * dz).sqrt() * rate;
            if x == wx && y == wy && z == wz {
                continue;
            }
            let line = &mut self.line;
            line.begin(*b"G1  ", 2);
            if x != wx {
                line.milli(b'X', x);
            }
            if y != wy {
                line.milli(b'Y', y);
            }
            if z != wz {
                line.milli(b'Z', z);
            }
            (wx, wy, wz) = (x, y, z);
            if rate != 0.0 {
                let ei = nearest(e);
                if ei != e_written {
                    line.e5(b'E', if relative { ei - e_written } else { ei });
                    e_written = ei;
                }
            }
            if feed != self.feed {
                self.feed = feed;
                line.milli(b'F', feed);
            }
            line.end(&mut self.out);
        }
        self.written = [wx, wy, wz];
        (self.e, self.e_written) = (e, e_written);
        self.carry.at = Some(from);
    }

    /// Goes to a place from an unknown one: height first, so that a nozzle on the bed leaves it.
    fn arrive(&mut self, v: Vertex, feed: i64) {
        if self.carry.z != Some(v.z) {
            self.rise(v.z, feed);
        }
        let to = self.target(v);
        self.line.begin(*b"G1  ", 2);
        self.line.milli(b'X', to[0]);
        self.line.milli(b'Y', to[1]);
        if feed != self.feed {
            self.feed = feed;
            self.line.milli(b'F', feed);
        }
        self.line.end(&mut self.out);
        self.written = to;
        self.carry.at = Some(v);
    }

    /// Goes to a height, no faster than the machine can.
    fn rise(&mut self, z: Coord, feed: i64) {
        let feed = feed.min(nearest(f64::from(self.job.max_speed_z) * 60_000.0).max(1));
        let [_, _, z] = self.target(Vertex::new(Point::default(), z));
        self.line.begin(*b"G1  ", 2);
        self.line.milli(b'Z', z);
        self.line.milli(b'F', feed);
        self.line.end(&mut self.out);
        self.feed = feed;
    }

    pub(super) fn height(&mut self, index: usize, z: Coord, speed: f32) -> Result<(), Error> {
        let feed = self.rate(index, speed)?;
        if self.carry.at.is_none() {
            self.modes();
            self.rise(z, feed);
            self.carry.z = Some(z);
        }
        Ok(())
    }

    fn arc_to(&mut self, from: Vertex, to: Vertex, arc: ArcMove, feed: i64, rate: f64) {
        let length = crate::arcs::length(from, to, arc);
        let (start, end) = (self.written, self.target(to));
        let Some((i, j)) = crate::arcs::written(start, end, arc) else {
            // The rounded arc is none that a firmware takes: chords within a micrometre of it.
            for v in crate::arcs::chords(from, to, arc) {
                self.lines(&[v], feed, rate);
            }
            self.carry.at = Some(to);
            return;
        };
        self.e += length * rate;
        let line = &mut self.line;
        line.begin(if arc.ccw { *b"G3  " } else { *b"G2  " }, 2);
        line.milli(b'X', end[0]);
        line.milli(b'Y', end[1]);
        if end[2] != start[2] {
            line.milli(b'Z', end[2]);
        }
        line.milli(b'I', i);
        line.milli(b'J', j);
        let e = nearest(self.e);
        if rate != 0.0 && e != self.e_written {
            line.e5(
                b'E',
                if self.job.relative_e {
                    e - self.e_written
                } else {
                    e
                },
            );
            self.e_written = e;
        }
        if feed != self.feed {
            self.feed = feed;
            line.milli(b'F', feed);
        }
        line.end(&mut self.out);
        self.written = end;
        self.carry.at = Some(to);
    }

    pub(super) fn wipe(&mut self, index: usize, path: Path, speed: f32, length: f32) -> Result<(), Error> {
        self.accelerate(true);
        self.text(";WIPE_START");
        let rate = if self.job.firmware_retraction {
            0.0
        } else {
            let total = self.job.path_length(self.carry.at, path);
            if total > 0.0 {
                -f64::from(length) * 1e5 / total
            } else {
                0.0
            }
        };
        self.moves(index, path, speed, rate)?;
        if rate != 0.0 {
            // The last targets, or all of them, may have been too close for a line.
            let feed = self.rate(index, speed)?;
            self.push(feed);
        }
        self.text(";WIPE_END");
        Ok(())
    }

    /// Moves filament while standing still.
    pub(super) fn filament(&mut self, index: usize, length: f64, speed: f32) -> Result<(), Error> {
        let feed = self.rate(index, speed)?;
        self.positive(index, "a retraction of (mm)", length.abs())?;
        self.modes();
        let pull = length < 0.0 || (length == 0.0 && length.is_sign_negative());
        if self.job.firmware_retraction {
            if pull != self.carry.retracted {
                self.text(if pull { "G10" } else { "G11" });
            }
            self.carry.retracted = pull;
            return Ok(());
        }
        self.carry.retracted = pull;
        self.e += length * 1e5;
        self.push(feed);
        Ok(())
    }

    /// Moves the filament that no line has moved yet, while standing still.
    fn push(&mut self, feed: i64) {
        let e = nearest(self.e);
        if e == self.e_written {
            return;
        }
        let relative = e - self.e_written;
        self.e_written = e;
        self.line.begin(*b"G1  ", 2);
        self.line.e5(b'E', if self.job.relative_e { relative } else { e });
        if feed != self.feed {
            self.feed = feed;
            self.line.milli(b'F', feed);
        }
        self.line.end(&mut self.out);
    }
}
