import { epochNowMs } from "@mqtt-meet/media";
import { BitmapPicture, openPictureSink, type PictureSink } from "@mqtt-meet/media/browser";
import { Connection, webSocketDials } from "@mqtt-meet/mqtt";
import type { CameraTopicProblem } from "@mqtt-meet/sdk";
import { cameraAccess } from "../camera-topics/camera-access.ts";
import { CameraTopicWatch } from "../camera-topics/camera-topic-watch.ts";
import type { BrokerAccount } from "../camera-topics/read-camera-address.ts";
import { type SiteBroker, siteBroker } from "../site-broker.ts";
import type { FromCameraWorker, ToCameraWorker } from "./camera-messages.ts";

/** One camera topic in the worker of a page: everything between the socket and the canvas. */
export class WorkerCamera {
  readonly #post: (message: FromCameraWorker) => void;
  #sink: PictureSink | undefined;
  #watch: CameraTopicWatch<BitmapPicture> | undefined;

  constructor(options: { readonly post: (message: FromCameraWorker) => void }) {
    this.#post = options.post;
  }

  handle(message: ToCameraWorker): void {
    switch (message.type) {
      case "watch":
        this.#open(message).catch(() => this.#fail("site-unreachable"));
        break;
      case "canvas":
        this.#sink = openPictureSink({ kind: "canvas", canvas: message.canvas });
        this.#watch?.again();
        break;
      case "snapshot":
        this.#post({ type: "snapshot", jpeg: this.#snapshot() });
        break;
    }
  }

  async #open({ address, site, account: typed }: Extract<ToCameraWorker, { type: "watch" }>): Promise<void> {
    const own = await siteBroker(site);
    const { urls, problem } = brokerOf(address.brokerUrl, { own, site });
    if (problem !== undefined) {
      this.#fail(problem);
      return;
    }
    const dial = webSocketDials(urls);
    this.#watch = new CameraTopicWatch({
      topic: address.topic,
      account: typed ?? address.account ?? (address.brokerUrl === undefined ? accountOf(own) : undefined),
      open: (options) => new Connection({ dial, now: epochNowMs, ...options }),
      decode,
      onPicture: (picture) => this.#draw(picture),
      onState: (state) => this.#post({ type: "state", state }),
      onFigures: (figures) => this.#post({ type: "figures", figures }),
      nowMs: epochNowMs,
    });
  }

  #draw(picture: BitmapPicture): void {
    if (this.#sink === undefined) picture.close();
    else this.#sink.draw(picture, { rotation: 0 });
  }

  #snapshot(): Blob | undefined {
    const jpeg = this.#watch?.last;
    return jpeg && new Blob([new Uint8Array(jpeg)], { type: "image/jpeg" });
  }

  #fail(problem: CameraTopicProblem): void {
    this.#post({ type: "state", state: { status: "failed", problem } });
  }
}

/** Cameras say in their pictures how these are turned; the browser turns them. */
async function decode(jpeg: Uint8Array): Promise<BitmapPicture> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(jpeg)], { type: "image/jpeg" }));
  return new BitmapPicture(bitmap, { timestampUs: 0 });
}

function brokerOf(
  brokerUrl: string | undefined,
  { own, site }: { readonly own: SiteBroker; readonly site: string },
): { readonly urls: SiteBroker["urls"]; readonly problem?: CameraTopicProblem | undefined } {
  if (brokerUrl === undefined) return { urls: own.urls };
  const brokers = [...own.urls, ...(own.cameraBrokers ?? [])];
  return { urls: [brokerUrl], problem: cameraAccess(brokerUrl, { site, brokers }) };
}

function accountOf({ username, password = "" }: SiteBroker): BrokerAccount | undefined {
  return username === undefined ? undefined : { username, password };
}
