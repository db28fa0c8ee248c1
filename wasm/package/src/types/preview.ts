/** What the engine shows: the way of the tool and the stock that it carves, ready for a graphics card. */

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
