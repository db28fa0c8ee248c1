/** The short forms: one function for each command. */

import type { Outcome } from "./engine.js";
import type {
  ArrangeJob, CheckDocument, CutDocument, CutJob, CutResult, DrawingNestJob, File, FileJob, LayoutDocument, LayoutFormat, LayoutResult, InfoDocument, Job, LasersDocument, MillDocument, MillDraft, MillJob, MillResult, MillsDocument, NestDocument, NestJob, NestResult, ProfilesDocument, ProfileText, RunOptions,
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

  /** Drawings, layouts and pictures become G-code for a laser. */
  async cut(job: CutJob, options?: RunOptions): Promise<CutResult> {
    const o = await this.run({ command: "cut", ...job }, options);
    const result: CutResult = { document: o.document as CutDocument, gcode: o.product };
    if (o.preview) result.preview = o.preview;
    return result;
  }

  /** Every setting of a laser job with its value. */
  async cutSettings(job: CutJob = {}): Promise<SettingsDocument> {
    return (await this.run({ command: "cut", ...job, print_settings: true })).document as SettingsDocument;
  }

  /** A job, or a drawing or model by itself, becomes G-code for a mill. */
  async mill(job: MillJob, options?: RunOptions): Promise<MillResult> {
    const o = await this.run({ command: "mill", ...job }, options);
    const result: MillResult = { document: o.document as MillDocument, gcode: o.product };
    if (o.preview) result.preview = o.preview;
    if (o.carving) result.carving = o.carving;
    return result;
  }

  /** The job that {@link Commands.mill} would plan, with its stock. */
  async millJob(job: MillJob, options?: RunOptions): Promise<MillDraft> {
    const o = await this.run({ command: "mill", ...job, print_job: true }, options);
    const draft: MillDraft = { document: o.document as MillDraft["document"], text: new TextDecoder().decode(o.product) };
    if (o.shapes[0]) draft.model = o.shapes[0];
    if (o.preview) draft.outlines = o.preview;
    return draft;
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

  /** The lasers that there are, and their materials. */
  async lasers(): Promise<LasersDocument> {
    return (await this.run({ command: "lasers" })).document as LasersDocument;
  }

  /** The tools of mills, and the schema of their jobs. */
  async mills(): Promise<MillsDocument> {
    return (await this.run({ command: "mills" })).document as MillsDocument;
  }

  /** The schema of the settings of prints and laser jobs. */
  async schema(): Promise<SchemaDocument> {
    return (await this.run({ command: "schema" })).document as SchemaDocument;
  }
}

/** The short forms of an engine as functions of their own. */
export function shortForms(of: Commands) {
  return {
    run: of.run.bind(of),
    slice: of.slice.bind(of),
    arrange: of.arrange.bind(of),
    nest: of.nest.bind(of),
    nestDrawings: of.nestDrawings.bind(of),
    convert: of.convert.bind(of),
    cut: of.cut.bind(of),
    cutSettings: of.cutSettings.bind(of),
    mill: of.mill.bind(of),
    millJob: of.millJob.bind(of),
    info: of.info.bind(of),
    check: of.check.bind(of),
    shapes: of.shapes.bind(of),
    settings: of.settings.bind(of),
    profiles: of.profiles.bind(of),
    lasers: of.lasers.bind(of),
    mills: of.mills.bind(of),
    schema: of.schema.bind(of),
  };
}
