/** What goes into the engine and what comes out. Lengths are millimetres, times seconds, angles degrees. */

import type { CutSettings, PrintSettings } from "./generated/settings.js";

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

/** Something that works but may not be meant so. */
export interface Warning {
  code: string;
  message: string;
  /** The setting that it is about, where it is about one. */
  key?: string;
}

/** What every result document has. */
export interface Document {
  command: string;
  status: "ok" | "error";
  version: string;
}

/** The result document of a slice: what the command line prints with `--json`. */
export interface SliceDocument extends Document {
  time_s: number;
  time: string;
  material: { name: string; length_mm: number; volume_mm3: number; grams: number; cost: number };
  bounds_mm: [[number, number, number], [number, number, number]];
  layers: number;
  roles: { role: string; seconds: number; length_mm: number }[];
  travel_s: number;
  objects: {
    name: string;
    file: string;
    size_mm: [number, number, number];
    triangles: number;
    copies: number;
    repairs: string[];
  }[];
  warnings: Warning[];
  settings_hash: string;
  profiles: (string | null)[];
  output: null;
}

/** The result document of a laser job: what the command line prints with `--json`. */
export interface CutDocument extends Document {
  time_s: number;
  time: string;
  bounds_mm: [[number, number], [number, number]];
  cut_mm: number;
  travel_mm: number;
  travel_s: number;
  pierces: number;
  roles: { role: string; seconds: number; length_mm: number }[];
  /** Layers whose own settings were used (LightBurn): `from_file` names the values that are the file's. */
  layers: { layer: string; role: string; speed_mm_s: number; power_percent: number; passes: number; from_file: string[] }[];
  contours: number;
  shared_mm: number;
  material: string;
  thickness_mm: number;
  sheet: { area_mm2: number; parts_mm2: number; remnants_mm2: number; scrap_mm2: number; of_layout: boolean };
  cost: number;
  warnings: Warning[];
  settings_hash: string;
  profiles: (string | null)[];
  output: null;
}

/** What a laser job gives. */
export interface CutResult {
  document: CutDocument;
  /** The G-code; empty when `onChunk` took it. */
  gcode: Uint8Array;
  preview?: Preview;
}

/** The result document of a milling job: what the command line prints with `--json`. */
export interface MillDocument extends Document {
  name: string;
  time_s: number;
  time: string;
  roles: { role: string; seconds: number; length_mm: number }[];
  rapid_s: number;
  bounds_mm: [[number, number, number], [number, number, number]] | null;
  stock_mm: [[number, number, number], [number, number, number]];
  material: string;
  tools: { number: number; name: string; diameter_mm: number; rpm: [number, number] }[];
  operations: {
    kind: string;
    name: string;
    tool: number;
    cut_mm: number;
    rapid_mm: number;
    feeds_mm_min: [number, number];
    rpm: number;
    lowest_mm: number;
  }[];
  audit_args: string[];
  warnings: Warning[];
  settings_hash: string;
  output: null;
}

/** What a milling job gives. */
export interface MillResult {
  document: MillDocument;
  /** The G-code; empty when `onChunk` took it. */
  gcode: Uint8Array;
  preview?: Preview;
  carving?: Carving;
}

/** A milling job before it is planned. */
export interface MillDraft {
  document: Document & {
    job: MillProgram;
    stock_mm: [[number, number, number], [number, number, number]];
    material: string;
    tools: { number: number; name: string; diameter_mm: number }[];
    warnings: Warning[];
  };
  /** The job as the text of a job file. */
  text: string;
  /** The model as it lies in the stock: nine coordinates a triangle, mm. */
  model?: Float32Array;
  /** The drawing's contours on top of the stock. */
  outlines?: Preview;
}

/** The stock at moments of a milling job: heights of square columns. */
export interface Carving {
  /** Columns in X and Y. */
  size: [number, number];
  /** Corner of the first column, mm. */
  min: [number, number];
  /** Side of a column, mm. */
  cell: number;
  /** Underside of the stock, mm. */
  bed: number;
  /** For every moment how many points of the preview are done. */
  points: Uint32Array;
  /** For every moment the heights of all columns, row by row, mm. */
  heights: Float32Array;
}

/** The way of the tool: points in the order of time, one entry a point in all arrays of the first group. */
export interface Preview {
  /** X, Y, Z of every point, mm; Z is the top of the bead. */
  positions: Float32Array;
  /**
   * What the move to the point is: index into {@link ROLES}, from {@link CUTS} on into {@link CUT_ROLES},
   * {@link TRAVEL}, or {@link JUMP} where nothing is drawn.
   */
  roles: Uint8Array;
  /** Width of the bead, mm. */
  widths: Float32Array;
  /** Height of the bead, mm. */
  heights: Float32Array;
  /** Speed asked for, mm/s. */
  speeds: Float32Array;
  /** Seconds from the start of the job; in those of lasers and mills ramps of speed are spread evenly. */
  times: Float32Array;
  /** For every layer, or every operation of a mill, the index of its first point. */
  layers: Uint32Array;
  /** Top of every layer, mm. */
  layerTops: Float32Array;
  /** Indices of the points where filament is pulled back. */
  retractions: Uint32Array;
  /** Indices of the points where outer walls begin. */
  seams: Uint32Array;
}

/** Names of the roles in {@link Preview.roles}. */
export const ROLES = [
  "External perimeter",
  "Perimeter",
  "Overhang perimeter",
  "Internal infill",
  "Solid infill",
  "Top solid infill",
  "Bridge infill",
  "Gap fill",
  "Skirt/Brim",
  "Support material",
  "Support material interface",
  "Custom",
] as const;

/** Names of the cuts of lasers and mills, from {@link CUTS} on in {@link Preview.roles}. */
export const CUT_ROLES = [
  "cut", "score", "engrave", "raster", "lead in", "lead out", "rough", "finish", "slot", "plunge", "ramp", "drill", "thread", "link",
] as const;

/** The first cut in {@link Preview.roles}. */
export const CUTS = 32;
/** A move without work, in {@link Preview.roles}. */
export const TRAVEL = 254;
/** A point that no move leads to, in {@link Preview.roles}. */
export const JUMP = 255;

/** What a slice gives. */
export interface SliceResult {
  document: SliceDocument;
  /** The G-code; empty when `onChunk` took it. */
  gcode: Uint8Array;
  preview?: Preview;
}

/** The result document of a nest. */
export interface NestDocument extends Document {
  name: string;
  placed: number;
  unplaced: { part: string; count: number }[];
  /** Share of the material used that becomes parts, 0 to 1. */
  density: number;
  strip_width?: number;
  sheets: string[];
  cost: number;
  reproducible: boolean;
  cancelled: boolean;
}

/** What a nest gives. */
export interface NestResult {
  document: NestDocument;
  /** The layout, as JSON. */
  solution: Uint8Array;
}

/** The result document of a nest of drawings. */
export interface LayoutDocument extends Document {
  placed: number;
  unplaced: { part: string; count: number; reason: string }[];
  /** Share of the sheets that becomes parts, 0 to 1. */
  density: number;
  /** The same with the offcuts taken off the sheets, 0 to 1. */
  density_credited: number;
  sheets_mm2: number;
  parts_mm2: number;
  remnants_mm2: number;
  scrap_mm2: number;
  cost: number;
  reproducible: boolean;
  cancelled: boolean;
  warnings: Warning[];
  layout_id: string;
  sheets: {
    id: string;
    area_mm2: number;
    parts_mm2: number;
    placements: { part: string; x_mm: number; y_mm: number; rotation: number; mirror: boolean }[];
    remnants: { id: string; area_mm2: number; rectangle_mm: [number, number, number, number] }[];
  }[];
  parts: { id: string; file: string; quantity: number; size_mm: [number, number]; area_mm2: number }[];
}

/** What a nest of drawings gives. */
export interface LayoutResult {
  document: LayoutDocument;
  /** The layout in the format that was asked for. */
  layout: Uint8Array;
}

/** What is in a file; which fields there are depends on `kind`. */
export interface InfoDocument extends Document {
  kind: "model" | "drawing" | "gcode";
  file: string;
  [field: string]: unknown;
}

/** What is wrong with G-code. `status` is `"error"` when the machine must not run it. */
export interface CheckDocument extends Document {
  safe: boolean;
  file: string;
  findings: { severity: string; [field: string]: unknown }[];
}

/** Triangles to be shown: nine coordinates each, mm, where the file puts them. */
export interface ShapesResult {
  document: Document & {
    objects: { name: string; triangles: number }[];
    /** The places are places on a printer's bed. */
    on_bed: boolean;
    warnings: Warning[];
  };
  shapes: Float32Array[];
}

/** A value of a setting. */
export type Value = boolean | number | string | [number, number] | null;

/** Every setting with its value and who set it. */
export interface SettingsDocument extends Document {
  settings: Record<string, Value>;
  /** The values without the job's own. */
  inherited: Record<string, Value>;
  /** Who set the values that are not defaults. */
  origins: Record<string, { level: string; profile: string }>;
  selection: Record<"machine" | "material" | "process", string | null>;
  warnings: Warning[];
  /** Why these settings can't be used together. */
  clash: Fault | null;
}

/** Names and descriptions of the profiles. */
export interface ProfilesDocument extends Document {
  machines: { name: string; description: string }[];
  materials: { name: string; description: string }[];
  processes: { name: string; description: string }[];
}

/** The built-in lasers and the library of their materials. */
export interface LasersDocument extends Document {
  lasers: { name: string; description: string }[];
  /** Each for a kind of laser or for any. */
  materials: { name: string; description: string; machine: string | null }[];
}

/** What milling jobs may name and say. */
export interface MillsDocument extends Document {
  tools: { name: string; shape?: string; diameter?: number; [key: string]: Json | undefined }[];
  /** JSON Schema of jobs. */
  schema: { [keyword: string]: Json };
}

/** JSON Schema (draft 2020-12) of the settings of each process. */
export interface SchemaDocument extends Document {
  slice: SettingsSchema;
  cut: SettingsSchema;
}

export interface SettingsSchema {
  properties: Record<string, SettingSchema>;
  [keyword: string]: unknown;
}

/** What is known of a setting. */
export interface SettingSchema {
  description: string;
  default: Value;
  "x-group": string;
  "x-scopes": ("machine" | "material" | "process")[];
  "x-advanced": boolean;
  "x-unit"?: string;
  type?: string;
  minimum?: number;
  maximum?: number;
  anyOf?: { type?: string; const?: string; description?: string; minimum?: number; maximum?: number }[];
}

/** What is known of a failure. */
export interface Fault {
  /** `input`, `usage`, `impossible`, `memory`, `cancelled`, `internal` … */
  kind: string;
  exit_status: number;
  message: string;
  place?: string;
  hint?: string;
}

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
