/** What comes out of the engine. Lengths are millimetres, times seconds, angles degrees. */

import type { Json, MillProgram } from "./jobs.js";
import type { Carving, Preview } from "./preview.js";

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
