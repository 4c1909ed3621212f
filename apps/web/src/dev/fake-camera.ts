import { type CameraTopicFigures, type CameraTopicState, NO_CAMERA_FIGURES } from "@mqtt-meet/sdk";
import type { CameraTopic, WatchCameraOptions, WatchedCamera } from "@mqtt-meet/sdk/browser";
import { type Signal, signal } from "@preact/signals";
import { drawScene, SCENE_SIZE, type Scene } from "./draw-scene.ts";

/** A camera topic without a broker: what it does is set. */
export class FakeCamera implements CameraTopic {
  readonly name: string;
  readonly topic: string;
  readonly account: WatchCameraOptions["account"];
  readonly state: Signal<CameraTopicState> = signal({ status: "connecting" });
  readonly figures: Signal<CameraTopicFigures> = signal(NO_CAMERA_FIGURES);
  readonly #scene: Scene;
  #canvas: HTMLCanvasElement | undefined;
  closed = false;

  constructor({ address, account }: WatchCameraOptions, scene: Scene = { kind: "bench" }) {
    this.name = address;
    this.topic = address.replace(/^\w+:\/\/[^/]*\//, "");
    this.account = account;
    this.#scene = scene;
  }

  attach(canvas: HTMLCanvasElement): void {
    this.#canvas = canvas;
    this.#draw();
  }

  /** A picture has come. */
  show(figures: Partial<CameraTopicFigures>): void {
    const size = { widthPx: SCENE_SIZE.width, heightPx: SCENE_SIZE.height };
    this.state.value = { status: "watching" };
    this.figures.value = { ...this.figures.value, shown: 1, size, ...figures };
    this.#draw();
  }

  async snapshot(): Promise<Blob | undefined> {
    return this.figures.peek().shown > 0 ? new Blob(["jpeg"], { type: "image/jpeg" }) : undefined;
  }

  close(): void {
    this.closed = true;
  }

  #draw(): void {
    const canvas = this.#canvas;
    if (canvas === undefined || this.figures.peek().shown === 0) return;
    Object.assign(canvas, SCENE_SIZE);
    const context = canvas.getContext("2d");
    if (context) drawScene(context, this.#scene);
  }
}

/** Watches fake cameras, which are kept in `cameras`. An address with # or none at all is refused. */
export function fakeWatch(cameras: FakeCamera[], sceneOf: (index: number) => Scene = () => ({ kind: "bench" })) {
  return (options: WatchCameraOptions): WatchedCamera => {
    if (options.address.includes("#")) return { ok: false, problem: "topic-malformed" };
    if (options.address === "") return { ok: false, problem: "topic-missing" };
    const camera = new FakeCamera(options, sceneOf(cameras.length));
    cameras.push(camera);
    return { ok: true, camera };
  };
}
