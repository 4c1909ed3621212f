import { createPictureOutput, type PictureOutput } from "@mqtt-meet/media/browser";
import type { PictureView } from "../picture-view.ts";
import { watchView } from "./element-view.ts";
import type { ToWorker } from "./worker-messages.ts";

type PictureElement = HTMLVideoElement | HTMLCanvasElement;

/** Which track an element shows, and where it is seen. */
interface Shown {
  readonly key: string;
  readonly view: PictureView;
}

/** An element that shows a track now. */
interface Attachment {
  readonly output: number;
  readonly detach: () => void;
}

/**
 * The elements of the page that show tracks. A video element gets a new output each time; a canvas can be handed to the
 * worker once only, so it keeps its output as long as it lives.
 */
export class PictureOutputs {
  readonly #post: (message: ToWorker, transfer: Transferable[]) => void;
  readonly #workerMakesTracks: boolean;
  readonly #attachments = new Map<PictureElement, Pick<Attachment, "detach">>();
  readonly #canvases = new WeakMap<HTMLCanvasElement, number>();
  readonly #forgotten = new FinalizationRegistry<number>((output) => this.#hide(output, true));
  #lastOutput = 0;

  constructor(options: {
    readonly post: (message: ToWorker, transfer: Transferable[]) => void;
    readonly workerMakesTracks: boolean;
  }) {
    this.#post = options.post;
    this.#workerMakesTracks = options.workerMakesTracks;
  }

  /** Shows the track on the element until the returned function is called, or another track is shown there. */
  attach(key: string, element: PictureElement): () => void {
    this.#attachments.get(element)?.detach();
    const watching = new AbortController();
    let shown: Attachment | undefined;
    const onView = (view: PictureView) => {
      if (shown !== undefined) this.#post({ type: "view", output: shown.output, view }, []);
      else if (element instanceof HTMLCanvasElement) shown = this.#attachCanvas(element, { key, view });
      else shown = this.#attachVideo(element, { key, view });
    };
    watchView(element, onView, { signal: watching.signal });
    const detach = () => {
      watching.abort();
      shown?.detach();
    };
    const attachment = { detach };
    this.#attachments.set(element, attachment);
    return () => {
      if (this.#attachments.get(element) !== attachment) return;
      this.#attachments.delete(element);
      attachment.detach();
    };
  }

  close(): void {
    for (const { detach } of this.#attachments.values()) detach();
    this.#attachments.clear();
  }

  #attachVideo(element: HTMLVideoElement, shown: Shown): Attachment {
    const picture = createPictureOutput(element, { workerMakesTracks: this.#workerMakesTracks });
    const output = this.#open(shown, picture);
    const detach = () => {
      this.#hide(output, true);
      picture.close();
    };
    return { output, detach };
  }

  #attachCanvas(canvas: HTMLCanvasElement, shown: Shown): Attachment {
    const known = this.#canvases.get(canvas);
    const output = known ?? this.#open(shown, createPictureOutput(canvas));
    if (known !== undefined) this.#post({ type: "show", output, ...shown, connection: undefined }, []);
    else {
      this.#canvases.set(canvas, output);
      this.#forgotten.register(canvas, output);
    }
    return { output, detach: () => this.#hide(output, false) };
  }

  #open(shown: Shown, { connection, transfer }: PictureOutput): number {
    this.#lastOutput++;
    this.#post({ type: "show", output: this.#lastOutput, ...shown, connection }, transfer);
    return this.#lastOutput;
  }

  #hide(output: number, close: boolean): void {
    this.#post({ type: "hide", output, close }, []);
  }
}
