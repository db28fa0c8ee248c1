import type { Fault } from "./types.js";

/** A job that failed. The message is that of the command line: what, where, what to do. */
export class OffcutError extends Error {
  override readonly name = "OffcutError";
  /** The kind: `input`, `usage`, `impossible`, `memory`, `cancelled`, `internal`. */
  readonly code: string;
  /** The file, option or setting, where the message begins with one. */
  readonly place: string | undefined;
  /** What to do, where the message ends with it. */
  readonly hint: string | undefined;
  /** The exit status of the command line for it. */
  readonly exitStatus: number;

  constructor(fault: Fault) {
    super(fault.message);
    this.code = fault.kind;
    this.place = fault.place;
    this.hint = fault.hint;
    this.exitStatus = fault.exit_status;
  }

  /** @internal */
  fault(): Fault {
    const fault: Fault = { kind: this.code, exit_status: this.exitStatus, message: this.message };
    if (this.place !== undefined) fault.place = this.place;
    if (this.hint !== undefined) fault.hint = this.hint;
    return fault;
  }
}

/** @internal */
export const cancelled = () => new OffcutError({ kind: "cancelled", exit_status: 130, message: "cancelled" });

/** @internal */
export const internal = (what: string) =>
  new OffcutError({
    kind: "internal",
    exit_status: 4,
    message: `${what}; this is a fault of offcut, please report it together with the input`,
  });
