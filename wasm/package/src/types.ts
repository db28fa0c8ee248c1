/** What goes into the engine and what comes out. Lengths are millimetres, times seconds, angles degrees. */

import type { PrintSettings } from "./generated/settings.js";

export type { PrintSettings };

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
  /** Rectangles by their size (`"600x400"`, `"24x12in"`), or drawings of an outline; without a quantity as many as it takes. */
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
  | ({ command: "info" | "check" } & FileJob)
  | { command: "shapes"; file: File }
  | ({ command: "settings" } & Settings)
  | { command: "profiles"; profiles?: ProfileText[] }
  | { command: "schema" };

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

/** The way of the nozzle: points in the order of time, one entry a point in all arrays of the first group. */
export interface Preview {
  /** X, Y, Z of every point, mm; Z is the top of the bead. */
  positions: Float32Array;
  /** What the move to the point is: index into {@link ROLES}, {@link TRAVEL}, or {@link JUMP} where nothing is drawn. */
  roles: Uint8Array;
  /** Width of the bead, mm. */
  widths: Float32Array;
  /** Height of the bead, mm. */
  heights: Float32Array;
  /** Speed asked for, mm/s. */
  speeds: Float32Array;
  /** Seconds from the start of the job. */
  times: Float32Array;
  /** For every layer the index of its first point. */
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

/** JSON Schema (draft 2020-12) of the settings of each process. */
export interface SchemaDocument extends Document {
  slice: {
    properties: Record<string, SettingSchema>;
    [keyword: string]: unknown;
  };
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
  /** Cancels: the promise is rejected with the code `cancelled`; a nest gives its best so far. */
  signal?: AbortSignal;
}
