import { isTopicLevel, type TrackSource } from "@mqtt-meet/protocol";
import type { ControlChannel } from "./control-channel.ts";
import { lossOfStay } from "./door/door-refusal.ts";
import { mutedKindOf } from "./door/muted-kinds.ts";
import { ALL_RIGHTS, type RoomRights } from "./rights.ts";
import { SdkError } from "./sdk-error.ts";
import { sdkErrorOf } from "./sdk-error-of.ts";

/** What a stay needs of its room. */
export interface RoomStayOptions {
  /** Undefined: everything. */
  readonly rights: RoomRights | undefined;
  readonly control: () => Pick<ControlChannel, "remove">;
  readonly nowMs: () => number;
}

const SENT = { microphone: "sound", camera: "pictures", screen: "a screen" } as const;

/** For how long and with which rights we are in a room, and what a host does to the stay of others. */
export class RoomStay {
  readonly rights: RoomRights;
  readonly #options: RoomStayOptions;

  constructor(options: RoomStayOptions) {
    this.rights = options.rights ?? ALL_RIGHTS;
    this.#options = options;
  }

  /** Throws an SdkError "not-authorized": the server would end the connection at the first frame. */
  checkMayPublish(kind: "audio" | "video", source: TrackSource): void {
    const right = mutedKindOf({ kind, source });
    if (this.rights[right]) return;
    throw new SdkError("not-authorized", `Your invitation does not let you send ${SENT[right]}.`);
  }

  /** See {@link Room.remove}. */
  async remove(peer: string): Promise<void> {
    if (!this.rights.host) throw new SdkError("not-authorized", "Only a host removes somebody from a meeting.");
    if (!isTopicLevel(peer)) throw new TypeError("This is no peer.");
    try {
      await this.#options.control().remove(peer);
    } catch (error) {
      throw sdkErrorOf(error);
    }
  }

  /** What the loss of the connection for good means: after the end of the invitation, that. */
  lossOf(error: unknown): SdkError {
    return lossOfStay(error, { expiresAtMs: this.rights.expiresAtMs, nowMs: this.#options.nowMs() });
  }
}
