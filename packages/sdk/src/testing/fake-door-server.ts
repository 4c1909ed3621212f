import { ConnectionError, type Message, ReasonCode } from "@mqtt-meet/mqtt";
import {
  DOOR_SUFFIX,
  type DoorOrder,
  type DoorRules,
  encodeRoomRules,
  encodeStanding,
  NO_RULES,
  type PeerId,
  parseOrder,
  type Standing,
} from "@mqtt-meet/protocol";
import type { FakeBroker } from "./fake-broker.ts";
import { fakeScheme as scheme } from "./fake-room.ts";

/** What the server of a token room says and hears on a {@link FakeBroker}, as a test wants it; it decides nothing. */
export class FakeDoorServer {
  /** How it stands with everybody: whoever is not "in" is refused, and told so at the door. */
  standing: Standing = "in";
  readonly knocks: { readonly peer: PeerId; readonly payload: Uint8Array }[] = [];
  readonly orders: { readonly topic: string; readonly order: DoorOrder }[] = [];
  readonly #broker: FakeBroker;

  constructor(broker: FakeBroker) {
    this.#broker = broker;
    broker.refuse = (clientId) => {
      if (this.standing === "in" || clientId === "server" || clientId.endsWith(DOOR_SUFFIX)) return undefined;
      return new ConnectionError("not-authorized", "Not now.", { reasonCode: ReasonCode.notAuthorized });
    };
    const link = broker.open({ clientId: "server" });
    const { signal } = new AbortController();
    void link.subscribe(scheme.allKnocks, (message) => this.#knocked(message), { signal });
    const onOrder = ({ topic, payload }: Message) => this.orders.push({ topic, order: parseOrder(payload) });
    void link.subscribe(`${scheme.prefix}+/order/+`, onOrder, { signal });
  }

  /** Whom a host has answered, or everybody whose standing has changed. */
  tell(peer: PeerId, standing: Standing): void {
    this.standing = standing;
    this.#broker.publish(scheme.standing(peer), encodeStanding(standing), false);
  }

  rule(rules: Partial<DoorRules>): void {
    this.#broker.publish(scheme.rules, encodeRoomRules({ ...NO_RULES, ...rules }), true);
  }

  #knocked({ topic, payload }: Message): void {
    const parsed = scheme.parse(topic);
    if (parsed?.kind !== "knock") return;
    this.knocks.push({ peer: parsed.peer, payload });
    if (payload.length > 0) this.tell(parsed.peer, this.standing);
  }
}
