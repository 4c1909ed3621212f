import type { LocalDevice } from "./local-device.ts";

/** Lends the microphone for as long as a key is held. One that is on already stays on. */
export class PushToTalk {
  readonly #microphone: Pick<LocalDevice, "state" | "turnOn" | "turnOff">;
  #held = false;

  constructor(microphone: Pick<LocalDevice, "state" | "turnOn" | "turnOff">) {
    this.#microphone = microphone;
  }

  /** Always true: the key is for this and nothing else. */
  press(): true {
    if (this.#held || this.#microphone.state.peek().status !== "off") return true;
    this.#held = true;
    void this.#microphone.turnOn();
    return true;
  }

  /** May be called at any time: also when the window loses the focus and will not hear of the key any more. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#microphone.turnOff();
  }
}
