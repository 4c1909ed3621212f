import type { ReactionKind } from "@mqtt-meet/protocol";

/** One line of the chat. */
export interface ChatMessage {
  readonly id: string;
  /** The sender's peer. */
  readonly from: string;
  /** The sender's name when the message was first shown. */
  readonly name: string;
  readonly own: boolean;
  /** Milliseconds since the Unix epoch, on the sender's clock. */
  readonly sentAtMs: number;
  readonly text: string;
  /** It is ours, and the broker does not have it yet. */
  readonly pending?: true;
  /** It offers a file, and the text is its name: see {@link Room.fetchFile}. */
  readonly file?: { readonly name: string; readonly sizeBytes: number };
  /** So many messages of the same sender before this one did not arrive and can no longer be had. */
  readonly missingBefore?: number;
}

/** What somebody showed for a moment. */
export interface Reaction {
  /** Larger for every later one. */
  readonly id: number;
  /** The peer who reacted. */
  readonly from: string;
  readonly name: string;
  readonly own: boolean;
  readonly kind: ReactionKind;
  /** When it came, in milliseconds since the Unix epoch on our own clock. */
  readonly atMs: number;
}

/** A sentence that somebody says, as text. */
export interface Caption {
  readonly from: string;
  readonly name: string;
  /** Larger for every later sentence of the same sender. */
  readonly number: number;
  readonly text: string;
  /** When it came or grew, in milliseconds since the Unix epoch on our own clock. */
  readonly atMs: number;
}

/** A question to everybody, and how they answer it. */
export interface Poll {
  readonly id: string;
  /** The peer who asked. */
  readonly from: string;
  readonly name: string;
  readonly own: boolean;
  readonly question: string;
  readonly options: readonly { readonly text: string; readonly votes: number }[];
  /** The index of the answer that we chose. */
  readonly ownChoice: number | undefined;
  readonly closed: boolean;
  /** Milliseconds since the Unix epoch, on the asker's clock. */
  readonly askedAtMs: number;
}
