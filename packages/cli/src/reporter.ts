import type { CommandIo } from "./command-io.ts";
import { describeEnd, describeTrack, Totals, type TrackLine } from "./track-line.ts";

/** How a command tells what happens. */
export interface ReporterOptions {
  readonly io: Pick<CommandIo, "stdout" | "stderr">;
  /** One line of JSON a second, and one at the end. */
  readonly json: boolean;
  /** One line a second for people; on a terminal one that stays in its place. */
  readonly live: boolean;
  /** Standard output carries pictures: everything else goes to standard error. */
  readonly stdoutTaken?: boolean;
  readonly verb: "sent" | "shown";
  readonly nowMs: () => number;
}

/** Writes what a running command has to say: events, one line a second, the end. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #output: NodeJS.WriteStream;
  readonly #totals: Totals;
  #statusShown = false;
  /** Set by whoever draws on the terminal itself: lines for people go there. */
  onStatus: ((text: string) => void) | undefined;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#output = options.stdoutTaken ? options.io.stderr : options.io.stdout;
    this.#totals = new Totals(options.nowMs());
  }

  /** Something happened: for people, never between lines of JSON. */
  event(text: string): void {
    if (this.onStatus) this.onStatus(text);
    else this.#line(this.#options.json ? this.#options.io.stderr : this.#output, text);
  }

  /** Something that programs want to know, too: a line of JSON besides, which says when. People read it on standard error. */
  notice(text: string, line: Readonly<Record<string, unknown>>): void {
    const { json, io, nowMs } = this.#options;
    if (json) this.#output.write(`${JSON.stringify({ t: Math.round(nowMs()), ...line })}\n`);
    if (this.onStatus) this.onStatus(text);
    else this.#line(io.stderr, text);
  }

  /** Once a second. */
  second(lines: readonly TrackLine[]): void {
    for (const line of lines) this.#totals.push(line);
    if (this.#options.json) {
      for (const line of lines) this.#output.write(`${JSON.stringify(line)}\n`);
    } else if (this.#options.live) this.#showStatus(lines.filter(({ width }) => width > 0).map(describeTrack));
  }

  /** The command has ended in order. `lines`: what every track has counted at last. */
  end(lines: readonly TrackLine[]): void {
    for (const line of lines) this.#totals.push(line);
    const end = this.#totals.end(Math.round(this.#options.nowMs()));
    if (this.#options.json) this.#output.write(`${JSON.stringify(end)}\n`);
    else this.#line(this.#output, describeEnd(end, this.#options.verb));
  }

  #showStatus(texts: readonly string[]): void {
    if (this.onStatus) this.onStatus(texts.join(" | "));
    else if (this.#output.isTTY) {
      const width = Math.max(20, (this.#output.columns ?? 80) - 1);
      const text = texts.join(" | ");
      this.#output.write(`\r\x1b[K${text.length > width ? `${text.slice(0, width - 1)}…` : text}`);
      this.#statusShown = true;
    } else for (const text of texts) this.#output.write(`${text}\n`);
  }

  #line(output: NodeJS.WriteStream, text: string): void {
    if (this.#statusShown && output.isTTY) output.write("\r\x1b[K");
    this.#statusShown = false;
    output.write(`${text}\n`);
  }
}
