/** What goes into the engine. Lengths are millimetres, times seconds, angles degrees. */

import type { CutSettings, PrintSettings } from "../generated/settings.js";

export type { CutSettings, PrintSettings };

/** A file: its name tells the format and stands in messages. */
export interface File {
  name: string;
  data: Uint8Array;
}

/** A place of a model. */
export interface Place {
  /** Rotation and scale, row by row; nothing is turned when missing. */
  matrix?: Matrix;
  /** Where the middle of the model's box stands on the bed, mm. Its lowest point always stands on the bed. */
  at: [number, number];
}

/** Nine numbers, row by row. */
export type Matrix = [number, number, number, number, number, number, number, number, number];

/** A model to be printed. */
export interface Model extends File {
  /** Where it stands, once for every copy. When no model has places they are arranged. */
  places?: Place[];
}

/** A profile of your own, in TOML with `kind = "machine"`, `"material"` or `"process"`. */
export interface ProfileText {
  name: string;
  text: string;
}

/** Which settings a job works with. Later ones win: machine, material, process, single settings. */
export interface Settings {
  machine?: string;
  material?: string;
  process?: string;
  /** Profiles that may be named beside the built-in ones. */
  profiles?: ProfileText[];
  settings?: PrintSettings;
}

export type Unit = "micron" | "millimeter" | "centimeter" | "inch" | "foot" | "meter";

/** Models become G-code. */
export interface SliceJob extends Settings {
  models: Model[];
  /** Unit of the numbers in files that state none. */
  unit?: Unit;
  /** One factor, or one for each axis. */
  scale?: number | [number, number, number];
  /** Degrees about Z, or about X, then Y, then Z. */
  rotate?: number | [number, number, number];
  /** Where the middle of everything stands, mm; the middle of the bed when missing. */
  center?: [number, number];
  /** How many of each model. */
  copies?: number;
  seed?: number;
  /** The lines in space are wanted too. */
  preview?: boolean;
}

/** An instance becomes a layout. The result is the same every time with `work` instead of `time`. */
export interface NestJob {
  /** The instance, as JSON. */
  instance: File;
  /** A solution to begin from, as JSON. */
  start?: File;
  /** Evaluations per worker. */
  work?: number;
  /** Seconds. */
  time?: number;
  /** Searches side by side; the result depends on their number. */
  workers?: number;
  seed?: number;
}

/** Parts of drawings become a layout on sheets. The result is the same every time with `work` instead of `time`. */
export interface DrawingNestJob {
  /** The drawings, each with how often its parts are wanted, and options as on the command line (`"grain=90,filler"`). */
  parts: (File & { quantity?: number; options?: string })[];
  /** Rectangles by their size (`"600x400"`, `"24x12in"`), or drawings of an outline; without a quantity as many as it takes. Options as `"grain=0"`. */
  sheets: ({ size: string; quantity?: number; options?: string } | (File & { quantity?: number; options?: string }))[];
  name?: string;
  /** Unit of the drawings' numbers, whatever they say. */
  unit?: string;
  /** Least distance between parts, mm. */
  spacing?: number;
  /** Least distance from parts to the edges of sheets, mm. */
  margin?: number;
  /** How far polygons for nesting may reach beyond the parts, mm. */
  tolerance?: number;
  /** Angles as `"0,90"`, a number of steps of the full turn as `"4"`, or `"free"`. */
  rotations?: string;
  mirror?: boolean;
  /** Parts may lie in holes of others; they may unless told otherwise. */
  part_in_part?: boolean;
  /** Least distance from parts to defects, mm; the margin when not said. */
  defect_margin?: number;
  /** How many kits are wanted: every quantity is that of one. */
  kits?: number;
  /** Narrower pieces of sheets are scrap, mm. */
  keep?: number;
  material?: string;
  thickness?: number;
  /** Format of the layout; `json` can be converted to the others. */
  format?: LayoutFormat;
  /** Draws the outlines of sheets and offcuts too. */
  frame?: boolean;
  work?: number;
  time?: number;
  workers?: number;
  seed?: number;
}

export type LayoutFormat = "svg" | "dxf" | "lbrn2" | "json";

/** Drawings, layouts and pictures become G-code for a laser. */
export interface CutJob {
  inputs?: File[];
  /** Unit of the drawings' numbers, whatever they say. */
  unit?: string;
  /** Which sheet of a layout, from 1; needed when there are several. */
  sheet?: number;
  /** A frame goes around everything with the beam off; the tests are cards without inputs. */
  mode?: "cut" | "frame" | "test_grid" | "kerf_test";
  /** The axes of the test grid, as `"power=10-100/5"`. */
  grid?: string[];
  /** A built-in laser, or one of `profiles`. */
  machine?: string;
  /** An entry of the library of laser materials, or one of `profiles`. */
  material?: string;
  process?: string;
  /** Files of settings in TOML that may be named. */
  profiles?: ProfileText[];
  /** Further libraries of materials, in TOML. */
  libraries?: ProfileText[];
  settings?: CutSettings;
  /** What is done with colours and layers, as `"#ff0000=score,speed=40"`. */
  operations?: string[];
  seed?: number;
  /** The way of the beam is wanted too. */
  preview?: boolean;
}

/** Any value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A job of a mill, with the keys of a job file; the schema says which there are. */
export interface MillProgram {
  name?: string;
  input?: { [key: string]: Json };
  stock?: { size?: [number, number, number]; margin?: [number, number, number]; thickness?: number; [key: string]: Json | undefined };
  material?: string;
  machine?: { [key: string]: Json };
  tool?: { [key: string]: Json }[];
  operation?: { kind: string; tool?: string | number; [key: string]: Json | undefined }[];
  [key: string]: unknown;
}

/** A job and the files that it names become G-code for a mill. */
export interface MillJob {
  /** As an object, or as the text of a job file (TOML). Without one a single drawing or model gets a sensible job. */
  job?: MillProgram | string;
  /** What the job is called in messages. */
  name?: string;
  files?: File[];
  /** Changes of the job, as `"stock.thickness=6"`. */
  set?: string[];
  /** The dialect of the machine. */
  machine?: string;
  material?: string;
  seed?: number;
  /** The way of the tool is wanted too. */
  preview?: boolean;
  /** At how many moments the stock is wanted. */
  moments?: number;
}

/** Models to be arranged: of their places the matrix counts. */
export interface ArrangeJob extends Settings {
  models: Model[];
}

/** What is in a file, or what is wrong with G-code on the machine of the settings. */
export interface FileJob extends Settings {
  file: File;
}

/** Any job. */
export type Job =
  | ({ command: "slice" } & SliceJob)
  | ({ command: "arrange" } & ArrangeJob)
  | ({ command: "nest" } & (NestJob | DrawingNestJob))
  | { command: "convert"; file: File; format?: LayoutFormat; frame?: boolean }
  | ({ command: "cut"; print_settings?: boolean } & CutJob)
  | ({ command: "mill"; print_job?: boolean } & MillJob)
  | ({ command: "info" | "check" } & FileJob)
  | { command: "shapes"; file: File }
  | ({ command: "settings" } & Settings)
  | { command: "profiles"; profiles?: ProfileText[] }
  | { command: "schema" | "lasers" | "mills" };

/** What to do while a job runs. */
export interface RunOptions {
  /** Stage and share of it that is done, 0 to 1. */
  onProgress?: (stage: string, done: number) => void;
  /** Takes the product piece by piece, which is then not collected. */
  onChunk?: (chunk: Uint8Array) => void;
  /** A nest got better. */
  onImprovement?: (density: number) => void;
  /** Improved layouts of drawings as JSON, several a second at most; {@link Commands.convert} draws them. */
  onLayout?: (layout: Uint8Array) => void;
  /** Cancels: the promise is rejected with the code `cancelled`; a nest gives its best so far. */
  signal?: AbortSignal;
}
