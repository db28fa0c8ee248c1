/** The short forms: one function for each command. */

import type { Outcome } from "./engine.js";
import type {
  ArrangeJob, CheckDocument, DrawingNestJob, File, FileJob, LayoutDocument, LayoutFormat, LayoutResult, InfoDocument, Job, NestDocument, NestJob, NestResult, ProfilesDocument, ProfileText, RunOptions,
  SchemaDocument, Settings, SettingsDocument, ShapesResult, SliceDocument, SliceJob, SliceResult,
} from "./types.js";

/** What {@link Commands.run} gives: which of the fields there are depends on the command. */
export type RunResult = Outcome;

/** Runs jobs, here or in a worker. */
export abstract class Commands {
  /** Runs any job. */
  abstract run(job: Job, options?: RunOptions): Promise<RunResult>;

  /** Models become G-code. */
  async slice(job: SliceJob, options?: RunOptions): Promise<SliceResult> {
    const o = await this.run({ command: "slice", ...job }, options);
    const result: SliceResult = { document: o.document as SliceDocument, gcode: o.product };
    if (o.preview) result.preview = o.preview;
    return result;
  }

  /** Places for models, packed around the middle of the bed: for every model one for each of its places. */
  async arrange(job: ArrangeJob, options?: RunOptions): Promise<[number, number][][]> {
    const o = await this.run({ command: "arrange", ...job }, options);
    return (o.document as unknown as { places: [number, number][][] }).places;
  }

  /** An instance becomes a solution. */
  async nest(job: NestJob, options?: RunOptions): Promise<NestResult> {
    const o = await this.run({ command: "nest", ...job }, options);
    return { document: o.document as NestDocument, solution: o.product };
  }

  /** Parts of drawings become a layout on sheets. */
  async nestDrawings(job: DrawingNestJob, options?: RunOptions): Promise<LayoutResult> {
    const o = await this.run({ command: "nest", ...job }, options);
    return { document: o.document as LayoutDocument, layout: o.product };
  }

  /** Writes a layout (JSON) in another format. */
  async convert(file: File, format: LayoutFormat, frame = true): Promise<Uint8Array> {
    return (await this.run({ command: "convert", file, format, frame })).product;
  }

  /** What is in a model, a drawing or G-code. */
  async info(job: FileJob, options?: RunOptions): Promise<InfoDocument> {
    return (await this.run({ command: "info", ...job }, options)).document as InfoDocument;
  }

  /** What is wrong with G-code. */
  async check(job: FileJob, options?: RunOptions): Promise<CheckDocument> {
    return (await this.run({ command: "check", ...job }, options)).document as CheckDocument;
  }

  /** The triangles of a model. */
  async shapes(file: FileJob["file"], options?: RunOptions): Promise<ShapesResult> {
    const o = await this.run({ command: "shapes", file }, options);
    return { document: o.document as ShapesResult["document"], shapes: o.shapes };
  }

  /** Every setting with its value and who set it. */
  async settings(chosen: Settings = {}): Promise<SettingsDocument> {
    return (await this.run({ command: "settings", ...chosen })).document as SettingsDocument;
  }

  /** The profiles that there are. */
  async profiles(own: ProfileText[] = []): Promise<ProfilesDocument> {
    return (await this.run({ command: "profiles", profiles: own })).document as ProfilesDocument;
  }

  /** The schema of all settings. */
  async schema(): Promise<SchemaDocument> {
    return (await this.run({ command: "schema" })).document as SchemaDocument;
  }
}
