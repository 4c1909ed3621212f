import type { NodePicture } from "@mqtt-meet/media/node";
import type { CommandIo } from "../command-io.ts";
import { type ColourDepth, halfBlocks } from "./half-blocks.ts";
import { hasKittyGraphics, KITTY_CLEAR, kittyPicture } from "./kitty-graphics.ts";
import type { PictureSink, SinkEvents } from "./picture-sink.ts";
import { RgbCanvas } from "./rgb-canvas.ts";

/** Terminals draw slowly: more pictures a second would only wait. */
const MIN_INTERVAL_MS = 40;
/** Pixels to a cell, for terminals that show pictures. */
const CELL_WIDTH_PX = 8;
const CELL_HEIGHT_PX = 16;
/** The terminal scales up: more pixels than these cost more than they show. */
const MAX_PICTURE_WIDTH_PX = 640;

const ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J";
const LEAVE = "\x1b[0m\x1b[?25h\x1b[?1049l";
/** The terminal shows what is between them at once. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";
const GREEN = "\x1b[0;1;32;40m";

/** Pictures of everybody in a terminal, and a line below them. F shows and hides the frame rate, Q and Escape end. */
export class TerminalSink implements PictureSink {
  readonly single = false;
  readonly audible = true;
  readonly #io: Pick<CommandIo, "stdin" | "stdout">;
  readonly #events: SinkEvents;
  readonly #kitty: boolean;
  readonly #depth: ColourDepth;
  readonly #nowMs: () => number;
  readonly #texts = new Map<string, string>();
  #keys: string[] = [];
  #canvas: RgbCanvas | undefined;
  #status = "";
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;
  readonly #onData = (data: Buffer | string) => this.#key(data.toString());

  constructor(
    io: Pick<CommandIo, "stdin" | "stdout" | "env">,
    options: { readonly events: SinkEvents; readonly nowMs?: () => number },
  ) {
    this.#io = io;
    this.#events = options.events;
    this.#kitty = hasKittyGraphics(io.env);
    const colours = io.env["COLORTERM"] ?? "";
    this.#depth = /truecolor|24bit/.test(colours) || this.#kitty ? "truecolor" : "256";
    this.#nowMs = options.nowMs ?? (() => performance.now());
    io.stdout.write(ENTER);
    if (io.stdin.isTTY) {
      io.stdin.setRawMode(true);
      io.stdin.on("data", this.#onData);
      io.stdin.resume();
    }
  }

  show(key: string, picture: NodePicture): void {
    if (!this.#keys.includes(key)) {
      this.#keys.push(key);
      this.#canvas = undefined;
    }
    const nowMs = this.#nowMs();
    if (this.#closed || this.#io.stdout.writableNeedDrain) return;
    const canvas = this.#sizedCanvas();
    const tile = canvas.tile(this.#keys.indexOf(key), this.#keys.length);
    const drawsNow = nowMs - this.#drawnAtMs >= MIN_INTERVAL_MS;
    if (!tile || (!drawsNow && this.#keys.length === 1)) return;
    canvas.draw(picture, tile);
    if (!drawsNow) return;
    this.#drawnAtMs = nowMs;
    this.#io.stdout.write(BEGIN + this.#picture(canvas) + this.#labels(canvas) + this.#statusLine() + END);
  }

  setText(key: string, text: string): void {
    this.#texts.set(key, text);
  }

  /** The line below the pictures. */
  setStatus(text: string): void {
    this.#status = text;
    if (!this.#closed && !this.#io.stdout.writableNeedDrain) this.#io.stdout.write(this.#statusLine());
  }

  remove(key: string): void {
    this.#keys = this.#keys.filter((one) => one !== key);
    this.#texts.delete(key);
    this.#canvas = undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { stdin, stdout } = this.#io;
    if (stdin.isTTY) {
      stdin.off("data", this.#onData);
      stdin.setRawMode(false);
      stdin.pause();
    }
    stdout.write((this.#kitty ? KITTY_CLEAR : "") + LEAVE);
  }

  #cells(): { readonly columns: number; readonly rows: number } {
    const { columns = 80, rows = 24 } = this.#io.stdout;
    return { columns: Math.max(2, columns), rows: Math.max(1, rows - 1) };
  }

  /** As large as the terminal is now. */
  #sizedCanvas(): RgbCanvas {
    const { columns, rows } = this.#cells();
    const scale = Math.min(1, MAX_PICTURE_WIDTH_PX / (columns * CELL_WIDTH_PX));
    const widthPx = this.#kitty ? Math.round(columns * CELL_WIDTH_PX * scale) : columns;
    const heightPx = this.#kitty ? Math.round(rows * CELL_HEIGHT_PX * scale) : rows * 2;
    if (this.#canvas?.widthPx !== widthPx || this.#canvas.heightPx !== heightPx) {
      this.#canvas = new RgbCanvas({ widthPx, heightPx });
      this.#io.stdout.write("\x1b[2J");
    }
    return this.#canvas;
  }

  #picture(canvas: RgbCanvas): string {
    return this.#kitty ? kittyPicture(canvas, this.#cells()) : halfBlocks(canvas, this.#depth);
  }

  #labels(canvas: RgbCanvas): string {
    const { columns, rows } = this.#cells();
    return this.#keys
      .map((key, index) => {
        const text = this.#texts.get(key) ?? "";
        const tile = canvas.tile(index, this.#keys.length);
        if (text === "" || !tile) return "";
        const row = Math.floor((tile.y / canvas.heightPx) * rows) + 1;
        const column = Math.floor((tile.x / canvas.widthPx) * columns) + 2;
        return `\x1b[${row};${column}H${GREEN} ${text.slice(0, columns - column)} \x1b[0m`;
      })
      .join("");
  }

  #statusLine(): string {
    const { columns, rows } = this.#cells();
    return `\x1b[${rows + 1};1H\x1b[0m\x1b[K${this.#status.slice(0, columns - 1)}`;
  }

  #key(text: string): void {
    if (text === "f" || text === "F") this.#events.onToggle();
    // Ctrl-C is a character while the keyboard is read key by key.
    else if (text === "q" || text === "Q" || text === "\x1b" || text === "\x03") this.#events.onQuit();
  }
}
