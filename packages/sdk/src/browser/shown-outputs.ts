import { type BrowserPicture, openPictureSink, type PictureSink } from "@mqtt-meet/media/browser";
import { type Signal, signal } from "@preact/signals-core";
import type { PictureView } from "../picture-view.ts";
import type { RoomCore } from "../room-core.ts";
import type { ToWorker } from "./worker-messages.ts";

type Watch = RoomCore<BrowserPicture>["watchVideo"];

interface Output {
  readonly sink: PictureSink;
  readonly view: Signal<PictureView>;
  stop: (() => void) | undefined;
}

/** The worker's end of the elements on which the window shows tracks. */
export class ShownOutputs {
  readonly #watch: Watch;
  readonly #outputs = new Map<number, Output>();

  /** `watch`: as {@link RoomCore.watchVideo}. */
  constructor(options: { readonly watch: Watch }) {
    this.#watch = options.watch;
  }

  show({ output: id, key, connection, view }: Extract<ToWorker, { type: "show" }>): void {
    const known = this.#outputs.get(id);
    if (known === undefined && connection === undefined) return;
    const output = known ?? this.#open(id, connection && openPictureSink(connection));
    if (output === undefined) return;
    output.stop?.();
    output.view.value = view;
    const { sink } = output;
    output.stop = this.#watch(key, (picture, info) => sink.draw(picture, info), output.view);
  }

  /** What the output shows is seen elsewhere, or not at all. */
  see({ output, view }: Extract<ToWorker, { type: "view" }>): void {
    const known = this.#outputs.get(output);
    if (known !== undefined) known.view.value = view;
  }

  hide({ output: id, close }: Extract<ToWorker, { type: "hide" }>): void {
    const output = this.#outputs.get(id);
    output?.stop?.();
    if (output === undefined) return;
    output.stop = undefined;
    if (!close) {
      output.sink.clear();
      return;
    }
    output.sink.close();
    this.#outputs.delete(id);
  }

  close(): void {
    for (const { sink } of this.#outputs.values()) sink.close();
    this.#outputs.clear();
  }

  #open(id: number, sink: PictureSink | undefined): Output | undefined {
    if (sink === undefined) return undefined;
    const output = { sink, view: signal<PictureView>({ visible: false, size: undefined }), stop: undefined };
    this.#outputs.set(id, output);
    return output;
  }
}
