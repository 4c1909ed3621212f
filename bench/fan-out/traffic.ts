export type Transport = "tcp" | "websocket";

/** Who publishes how much to whom: every subscriber gets everything. */
export interface Traffic {
  readonly transport: Transport;
  readonly kind: "video" | "key frames";
  readonly publishers: number;
  readonly subscribers: number;
  readonly messagesPerS: number;
  readonly payloadBytes: number;
}

const KINDS = [
  { kind: "video", messagesPerS: 80, payloadBytes: 1200 },
  { kind: "key frames", messagesPerS: 30, payloadBytes: 40_000 },
] as const;

/** More than this no broker moves on a small machine: there only the drops would be compared. */
const MAX_BYTES_PER_S = 500_000_000;

/** The whole grid, without the cells that no broker could carry. */
export const GRID: readonly Traffic[] = (["tcp", "websocket"] as const).flatMap((transport) =>
  KINDS.flatMap((kind) =>
    [1, 10, 20].flatMap((publishers) =>
      [10, 50, 200].map((subscribers) => ({ transport, ...kind, publishers, subscribers })),
    ),
  ),
);

export function isCarriable({ publishers, subscribers, messagesPerS, payloadBytes }: Traffic): boolean {
  return publishers * subscribers * messagesPerS * payloadBytes <= MAX_BYTES_PER_S;
}

/** E.g. "tcp: 10 × 80/s × 1.2 kB to 50". */
export function trafficName({ transport, publishers, subscribers, messagesPerS, payloadBytes }: Traffic): string {
  return `${transport}: ${publishers} × ${messagesPerS}/s × ${payloadBytes / 1000} kB to ${subscribers}`;
}
