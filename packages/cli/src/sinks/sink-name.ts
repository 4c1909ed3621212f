/** What `--to` names. */
export const SINKS = ["window", "terminal", "null", "-"] as const;
export type SinkName = (typeof SINKS)[number];
