/** A slider through the time of a job, which also plays by itself. */

import { duration } from "../print/words";
import { fill, h, icon, tool } from "../ui/dom";

/** A job plays in about so many seconds. */
const LENGTH = 12;
const STEPS = 1000;

export class Player {
  readonly element: HTMLElement;
  readonly #slider = h("input", { type: "range", min: "0", max: String(STEPS), value: String(STEPS), "aria-label": "Time of the job" });
  readonly #label = h("output", { className: "quiet" });
  readonly #play: HTMLButtonElement;
  #seconds = 0;
  #frame: number | undefined;

  constructor(readonly moved: (seconds: number) => void) {
    this.#play = tool("play", "Play the job", () => this.toggle());
    this.#slider.addEventListener("input", () => this.#tell());
    this.element = h("div", { className: "player card", hidden: true }, this.#play, this.#slider, this.#label);
  }

  /** Begins with a job of so many seconds, at its end; none hides the slider. */
  set(seconds: number | undefined): void {
    this.stop();
    this.element.hidden = seconds === undefined;
    this.#seconds = seconds ?? 0;
    this.#slider.value = String(STEPS);
    if (seconds !== undefined) this.#tell();
  }

  toggle(): void {
    if (this.#frame !== undefined) return this.stop();
    if (Number(this.#slider.value) >= STEPS) this.#slider.value = "0";
    const [from, begin] = [Number(this.#slider.value), performance.now()];
    const step = () => {
      const now = from + ((performance.now() - begin) / 1000 / LENGTH) * STEPS;
      this.#slider.value = String(Math.min(STEPS, now));
      this.#tell();
      if (now < STEPS) this.#frame = requestAnimationFrame(step);
      else this.stop();
    };
    this.#frame = requestAnimationFrame(step);
    this.#show();
  }

  stop(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#show();
  }

  #show(): void {
    const on = this.#frame !== undefined;
    fill(this.#play, icon(on ? "pause" : "play"));
    this.#play.setAttribute("aria-pressed", String(on));
  }

  #tell(): void {
    const at = (Number(this.#slider.value) / STEPS) * this.#seconds;
    this.#label.textContent = `${duration(at)} of ${duration(this.#seconds)}`;
    this.#slider.setAttribute("aria-valuetext", this.#label.textContent);
    this.moved(at);
  }
}
