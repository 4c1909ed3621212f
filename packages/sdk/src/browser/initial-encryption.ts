import type { RoomEncryptionState } from "@mqtt-meet/sdk";

/** What the window says before the worker has told. */
export const NO_KEYS_YET: RoomEncryptionState = {
  encrypted: false,
  ready: false,
  safetyNumber: undefined,
  troubles: new Map(),
};
