/** Why a camera topic shows nothing. */
export type CameraTopicProblem =
  /** Nothing was typed, or no topic. */
  | "topic-missing"
  /** A filter with + or #, or a name that no topic can have. */
  | "topic-malformed"
  /** Topics of meetings and of the broker itself are no cameras. */
  | "topic-reserved"
  /** Browsers open WebSockets only. */
  | "no-web-socket"
  | "address-malformed"
  /** A page that came by https opens no ws://. */
  | "mixed-content"
  /** Neither the site's own broker nor one that its owner allows. */
  | "other-broker"
  /** The site does not say where its broker is. */
  | "site-unreachable"
  /** Nothing answers there; it is tried again. */
  | "unreachable"
  /** The connection is gone; it is tried again. */
  | "lost"
  | "account-needed"
  | "account-wrong"
  /** The broker does not let us subscribe to this topic. */
  | "not-permitted"
  /** The broker ended it, and would again. */
  | "refused"
  | "worker-failed";

/** What the connection to a camera topic's broker is doing. */
export type CameraTopicState =
  | { readonly status: "connecting" }
  | { readonly status: "watching" }
  | { readonly status: "retrying"; readonly problem: "unreachable" | "lost" }
  | { readonly status: "failed"; readonly problem: CameraTopicProblem };

/** What came of a camera topic until now. */
export interface CameraTopicFigures {
  /** Pictures that were shown. */
  readonly shown: number;
  /** Of the last seconds; undefined while fewer than two came in them. */
  readonly frameRate: number | undefined;
  /** Of the messages of the last seconds, 0 when none came. */
  readonly bitrateBps: number;
  /** Of the newest picture; undefined before the first. */
  readonly size: { readonly widthPx: number; readonly heightPx: number } | undefined;
  /** When the newest picture came, in milliseconds since the Unix epoch (docs/protocol.md, V3). */
  readonly lastAtMs: number | undefined;
  /** Messages that are no JPEG (V4). */
  readonly notPictures: number;
  /** Pictures that could not be decoded, or are too large. */
  readonly damaged: number;
  /** Pictures that were left out because a newer one came while one was decoded. */
  readonly skipped: number;
}

/** Nothing came yet. */
export const NO_CAMERA_FIGURES: CameraTopicFigures = {
  ...{ shown: 0, frameRate: undefined, bitrateBps: 0, size: undefined, lastAtMs: undefined },
  ...{ notPictures: 0, damaged: 0, skipped: 0 },
};
