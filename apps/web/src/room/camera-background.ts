import type { BackgroundChoice } from "../background/background-choice.ts";
import type { BackgroundTrack } from "../background/open-background.ts";
import type { Settings } from "../settings.ts";
import { type LocalDevice, type ProcessedTrack, UnusableDevice } from "./local-device.ts";

/** Puts something else behind a person. */
export type BackgroundPart = Pick<typeof import("../background/open-background.ts"), "openBackground">;

/** What a camera's background needs. */
export interface CameraBackgroundOptions {
  readonly settings: Settings;
  readonly load: () => Promise<BackgroundPart>;
}

/**
 * The background that was chosen, behind whatever the camera shows. Where it cannot be made the camera gives nothing: who
 * hid a room would rather not be seen than be seen in it.
 */
export class CameraBackground {
  readonly #options: CameraBackgroundOptions;
  #open: BackgroundTrack | undefined;

  constructor(options: CameraBackgroundOptions) {
    this.#options = options;
  }

  get choice(): BackgroundChoice {
    return this.#options.settings.values.value.background;
  }

  /** Takes `camera` over. Rejects with an UnusableDevice, and then the camera is closed. */
  async behind(camera: MediaStreamTrack): Promise<MediaStreamTrack | ProcessedTrack> {
    this.#open = undefined;
    const choice = this.#options.settings.values.peek().background;
    if (choice === "none") return camera;
    try {
      const { openBackground } = await this.#options.load();
      this.#open = await openBackground(camera, choice);
      return this.#open;
    } catch (cause) {
      camera.stop();
      throw new UnusableDevice("background-failed", { cause });
    }
  }

  /** Takes `choice` for `camera`, now and from now on. Never rejects: what goes wrong is the camera's state. */
  async choose(choice: BackgroundChoice, camera: LocalDevice): Promise<void> {
    this.#options.settings.update({ background: choice });
    const open = this.#open;
    if (choice !== "none" && open !== undefined && open.track === camera.track.peek()) {
      const changed = await open.change(choice).then(
        () => true,
        () => false,
      );
      if (changed) return;
    }
    // A camera that gave up for its background's sake is to be seen again.
    const state = camera.state.peek();
    const gaveUp = state.status === "problem" && state.problem === "background-failed";
    if (gaveUp) await camera.turnOn();
    else await camera.renew();
  }
}
