import type { RoomDoorState, RoomOrder } from "@mqtt-meet/sdk/browser";

/** Of a room that is no token room. */
export const NO_DOOR: RoomDoorState = {
  enforced: false,
  rules: { locked: false, waitingRoom: false, muted: [], mutedPeers: new Map() },
  ownMuted: [],
  waiting: [],
};

/** Of a token room in which `part` is so. */
export function fakeDoor(part: {
  readonly rules?: Partial<RoomDoorState["rules"]>;
  readonly ownMuted?: RoomDoorState["ownMuted"];
  readonly waiting?: readonly string[];
}): RoomDoorState {
  const waiting = (part.waiting ?? []).map((name, index) => ({ peer: `w${index}`, name, sinceMs: index }));
  return {
    enforced: true,
    rules: { ...NO_DOOR.rules, ...part.rules },
    ownMuted: part.ownMuted ?? [],
    waiting,
  };
}

/** What a server makes of an order. */
export function afterOrder(door: RoomDoorState, order: RoomOrder): RoomDoorState {
  const { rules, waiting } = door;
  switch (order.order) {
    case "lock":
      return { ...door, rules: { ...rules, locked: order.on } };
    case "waiting-room":
      return { ...door, rules: { ...rules, waitingRoom: order.on } };
    case "admit":
    case "turn-away":
      return { ...door, waiting: waiting.filter(({ peer }) => peer !== order.peer) };
    case "mute": {
      if (order.peer === undefined) return { ...door, rules: { ...rules, muted: order.kinds } };
      const mutedPeers = new Map([...rules.mutedPeers, [order.peer, order.kinds] as const]);
      return { ...door, rules: { ...rules, mutedPeers } };
    }
  }
}

/** As it stands in the list of calls. */
export function orderText(order: RoomOrder): string {
  const { order: name } = order;
  if (name === "lock" || name === "waiting-room") return `${name} ${order.on}`;
  if (name === "mute") return `mute ${order.peer ?? "all"} ${order.kinds.join("+") || "nothing"}`;
  return `${name} ${order.peer}`;
}
