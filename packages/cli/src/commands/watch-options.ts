import type { SinkName } from "../sinks/sink-name.ts";

/** The options of `watch`. */
export interface WatchOptions {
  readonly from?: string;
  readonly to?: SinkName;
  readonly stats?: boolean;
  readonly duration?: number;
  readonly json?: boolean;
  /** A file. */
  readonly trace?: string;
}
