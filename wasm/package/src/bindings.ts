/** The engines with one thread. */

import type { Bindings, EngineName } from "./engine.js";
import * as mill from "./engine/mill.js";
import * as print from "./engine/print.js";
import * as sheets from "./engine/sheets.js";

export const SINGLE = { print, sheets, mill } as unknown as Record<EngineName, Bindings>;
