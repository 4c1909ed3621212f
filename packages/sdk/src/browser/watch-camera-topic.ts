import {
  type CameraTopicFigures,
  type CameraTopicProblem,
  type CameraTopicState,
  NO_CAMERA_FIGURES,
} from "@mqtt-meet/sdk";
import { type ReadonlySignal, signal } from "@preact/signals-core";
import { type BrokerAccount, readCameraAddress } from "../camera-topics/read-camera-address.ts";
import type { FromCameraWorker, ToCameraWorker } from "./camera-messages.ts";

/** A camera topic that a page shows: JPEG pictures outside of meetings (docs/protocol.md, V1 to V5). */
export interface CameraTopic {
  /** The address without an account, to be shown and remembered. */
  readonly name: string;
  /** As it reads without the broker. */
  readonly topic: string;
  readonly state: ReadonlySignal<CameraTopicState>;
  readonly figures: ReadonlySignal<CameraTopicFigures>;
  /** Shows the pictures on `canvas`, which nothing else may have drawn on, instead of where they were shown until now. */
  attach(canvas: HTMLCanvasElement): void;
  /** The newest picture as it came; undefined before the first. */
  snapshot(): Promise<Blob | undefined>;
  close(): void;
}

/** What {@link watchCameraTopic} is told. */
export interface WatchCameraOptions {
  /** `ws://host/some/topic`, `wss://…`, or a topic of the site's own broker. */
  readonly address: string;
  /** Where the page comes from, as in `https://host/path`: its configuration says where its broker is. */
  readonly site: string;
  /** Goes into CONNECT and nowhere else, before one that stands in the address. */
  readonly account?: BrokerAccount | undefined;
}

/** What came of an address. */
export type WatchedCamera =
  | { readonly ok: true; readonly camera: CameraTopic }
  | { readonly ok: false; readonly problem: CameraTopicProblem };

/** Watches a camera topic until it is closed. An address that is none is told at once; whatever else goes wrong is in its state. */
export function watchCameraTopic({ address: text, site, account }: WatchCameraOptions): WatchedCamera {
  const read = readCameraAddress(text);
  if (!read.ok) return read;
  const { address } = read;
  const worker = new CameraWorker();
  worker.post({ type: "watch", address, site, account });
  const camera: CameraTopic = {
    name: address.name,
    topic: address.topic,
    state: worker.state,
    figures: worker.figures,
    attach: (canvas) => {
      const offscreen = canvas.transferControlToOffscreen();
      worker.post({ type: "canvas", canvas: offscreen }, [offscreen]);
    },
    snapshot: () => worker.snapshot(),
    close: () => worker.close(),
  };
  return { ok: true, camera };
}

/** The window's end of the worker. */
class CameraWorker {
  readonly #worker = new Worker(new URL("./camera-worker.js", import.meta.url), {
    type: "module",
    name: "mqtt-meet camera",
  });
  readonly #state = signal<CameraTopicState>({ status: "connecting" });
  readonly #figures = signal(NO_CAMERA_FIGURES);
  readonly state: ReadonlySignal<CameraTopicState> = this.#state;
  readonly figures: ReadonlySignal<CameraTopicFigures> = this.#figures;
  #snapshots: ((jpeg: Blob | undefined) => void)[] = [];
  #closed = false;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromCameraWorker>) => this.#receive(data);
    this.#worker.onerror = () => {
      this.#state.value = { status: "failed", problem: "worker-failed" };
      this.close();
    };
  }

  post(message: ToCameraWorker, transfer: Transferable[] = []): void {
    if (!this.#closed) this.#worker.postMessage(message, transfer);
  }

  snapshot(): Promise<Blob | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    this.post({ type: "snapshot" });
    return new Promise((resolve) => this.#snapshots.push(resolve));
  }

  close(): void {
    this.#closed = true;
    this.#worker.terminate();
    for (const resolve of this.#snapshots) resolve(undefined);
    this.#snapshots = [];
  }

  #receive(message: FromCameraWorker): void {
    switch (message.type) {
      case "state":
        this.#state.value = message.state;
        break;
      case "figures":
        this.#figures.value = message.figures;
        break;
      case "snapshot":
        this.#snapshots.shift()?.(message.jpeg);
        break;
    }
  }
}
