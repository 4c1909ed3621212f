import { every } from "@mqtt-meet/media";
import type { Connection, ConnectionError, ConnectionOptions, ConnectionState } from "@mqtt-meet/mqtt";
import type { CameraTopicFigures, CameraTopicProblem, CameraTopicState } from "./camera-topic.ts";
import type { BrokerAccount } from "./read-camera-address.ts";
import { TopicPictures } from "./topic-pictures.ts";

/** Figures are read by people. */
const FIGURES_MS = 500;
/** A picture is one message; larger ones than this are not pictures for people. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024;

/** Where a camera topic is, and what is done with it. */
export interface CameraTopicWatchOptions<P> {
  readonly open: (
    options: Pick<ConnectionOptions, "clientId" | "username" | "password" | "maxPacketBytes">,
  ) => Pick<Connection, "state" | "onStateChange" | "subscribe" | "close">;
  readonly topic: string;
  readonly account: BrokerAccount | undefined;
  readonly decode: (jpeg: Uint8Array) => Promise<P>;
  /** Takes the picture over. */
  readonly onPicture: (picture: P) => void;
  readonly onState: (state: CameraTopicState) => void;
  /** Twice a second, and when the first picture is there. */
  readonly onFigures: (figures: CameraTopicFigures) => void;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
}

/** Receives the pictures of one camera topic until it is closed. A lost connection is made again, a refused one is not. */
export class CameraTopicWatch<P> {
  readonly #options: CameraTopicWatchOptions<P>;
  readonly #lifetime = new AbortController();
  readonly #pictures: TopicPictures<P>;
  readonly #connection: ReturnType<CameraTopicWatchOptions<P>["open"]>;
  #wasConnected = false;

  constructor(options: CameraTopicWatchOptions<P>) {
    this.#options = options;
    const { open, topic, account, decode, nowMs } = options;
    const { signal } = this.#lifetime;
    this.#pictures = new TopicPictures({ decode, nowMs, onPicture: (picture) => this.#show(picture) });
    this.#connection = open({ clientId: newClientId(), ...account, maxPacketBytes: MAX_PACKET_BYTES });
    this.#connection.onStateChange = (state) => this.#changed(state);
    this.#connection
      .subscribe(topic, ({ payload }) => this.#pictures.receive(payload), { qos: 0, signal })
      .catch(() => {
        // While there is no connection, its own state says why.
        if (this.#connection.state.status === "connected") this.#fail("not-permitted");
      });
    every(FIGURES_MS, () => this.#tell(), { signal });
  }

  /** The newest picture as it came. */
  get last(): Uint8Array | undefined {
    return this.#pictures.last;
  }

  /** Shows the newest picture once more. */
  again(): void {
    this.#pictures.again().catch(() => undefined);
  }

  close(): void {
    if (this.#lifetime.signal.aborted) return;
    this.#lifetime.abort();
    void this.#connection.close();
  }

  #show(picture: P): void {
    this.#options.onPicture(picture);
    if (this.#pictures.figures(this.#options.nowMs()).shown === 1) this.#tell();
  }

  #tell(): void {
    const { onFigures, nowMs } = this.#options;
    onFigures(this.#pictures.figures(nowMs()));
  }

  #changed(state: ConnectionState): void {
    if (this.#lifetime.signal.aborted) return;
    const { onState } = this.#options;
    switch (state.status) {
      case "connected":
        this.#wasConnected = true;
        onState({ status: "watching" });
        break;
      case "waiting":
        onState({ status: "retrying", problem: this.#wasConnected ? "lost" : "unreachable" });
        break;
      case "closed":
        this.#fail(this.#problemOf(state.error));
        break;
      case "connecting":
        break;
    }
  }

  #problemOf(error: ConnectionError | undefined): CameraTopicProblem {
    switch (error?.code) {
      case "bad-credentials":
      case "not-authorized":
        if (this.#wasConnected) return "not-permitted";
        return this.#options.account === undefined ? "account-needed" : "account-wrong";
      default:
        return "refused";
    }
  }

  #fail(problem: CameraTopicProblem): void {
    if (this.#lifetime.signal.aborted) return;
    this.#options.onState({ status: "failed", problem });
    this.close();
  }
}

/** 23 letters and digits are what every broker takes. */
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(7));
  return `mqttmeet${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
