import type { BrokerAccount, CameraTopicProblem } from "@mqtt-meet/sdk";
import type { CameraTopic, WatchCameraOptions, WatchedCamera } from "@mqtt-meet/sdk/browser";
import { type ReadonlySignal, signal } from "@preact/signals";

/** More pictures side by side are stamps, and each has a worker of its own. */
export const MOST_CAMERAS = 9;

/** Why a camera was not added. */
export type AddProblem = CameraTopicProblem | "too-many" | "already";

/** What a {@link CameraList} works with. */
export interface CameraListOptions {
  readonly site: string;
  readonly watch: (options: WatchCameraOptions) => WatchedCamera;
  /** A camera was added; `name` has no account. */
  readonly onAdded: (name: string) => void;
}

/** The cameras that are watched, in the order in which they were added. */
export class CameraList {
  readonly #options: CameraListOptions;
  readonly #cameras = signal<readonly CameraTopic[]>([]);
  readonly cameras: ReadonlySignal<readonly CameraTopic[]> = this.#cameras;

  constructor(options: CameraListOptions) {
    this.#options = options;
  }

  /** Undefined when it is watched now. A camera of the same name that has failed gives its place to it. */
  add(address: string, account?: BrokerAccount): AddProblem | undefined {
    const { site, watch, onAdded } = this.#options;
    const watched = watch({ address, site, account });
    if (!watched.ok) return watched.problem;
    const { camera } = watched;
    const cameras = this.#cameras.peek();
    const same = cameras.find(({ name }) => name === camera.name);
    const problem = refusal(same, cameras.length);
    if (problem !== undefined) {
      camera.close();
      return problem;
    }
    same?.close();
    this.#cameras.value =
      same === undefined ? [...cameras, camera] : cameras.map((each) => (each === same ? camera : each));
    onAdded(camera.name);
    return undefined;
  }

  remove(camera: CameraTopic): void {
    camera.close();
    this.#cameras.value = this.#cameras.peek().filter((each) => each !== camera);
  }

  close(): void {
    for (const camera of this.#cameras.peek()) camera.close();
    this.#cameras.value = [];
  }
}

function refusal(same: CameraTopic | undefined, count: number): AddProblem | undefined {
  if (same !== undefined) return same.state.peek().status === "failed" ? undefined : "already";
  return count >= MOST_CAMERAS ? "too-many" : undefined;
}
