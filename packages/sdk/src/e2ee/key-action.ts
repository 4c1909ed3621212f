import type { EpochId, PeerId } from "@mqtt-meet/protocol";

/** An epoch and the participants that it was made for. */
export interface EpochOf extends EpochId {
  readonly members: ReadonlySet<PeerId>;
}

/** What is to be done, in this order. */
export type KeyAction =
  /** Make `epoch`, by the ratchet from `base` where there is one, else of new randomness; tell the members. */
  | {
      readonly type: "make";
      readonly epoch: EpochOf;
      readonly base: EpochId | undefined;
      readonly wrapTo: readonly PeerId[];
    }
  | { readonly type: "wrap"; readonly epoch: EpochOf; readonly to: readonly PeerId[] }
  | { readonly type: "acknowledge"; readonly epoch: EpochId }
  /** Tell everybody that the epoch, which we made, is used from now on. */
  | { readonly type: "announce-use"; readonly epoch: EpochId }
  | { readonly type: "use"; readonly epoch: EpochId }
  | { readonly type: "forget"; readonly epoch: EpochId };
