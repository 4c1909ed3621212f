/** Somebody whose hand is up. */
export interface RaisedHand {
  readonly peer: string;
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** The hands in the order in which they were raised; our own, where it is up, among them. */
export function raisedHands(
  participants: readonly { readonly peer: string; readonly name: string; readonly handAtMs: number | undefined }[],
  own: RaisedHand | undefined,
): readonly RaisedHand[] {
  const others = participants.flatMap(({ peer, name, handAtMs }) =>
    handAtMs === undefined ? [] : [{ peer, name, atMs: handAtMs }],
  );
  return [...others, ...(own ? [own] : [])].toSorted((a, b) => a.atMs - b.atMs || (a.peer < b.peer ? -1 : 1));
}
