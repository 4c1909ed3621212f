import { type BrowserRoom, MUTED_KINDS, type MutedKind, type RoomOrder, SdkError } from "@mqtt-meet/sdk/browser";
import { computed, effect, type ReadonlySignal } from "@preact/signals";
import type { Dictionary } from "../language/en.ts";
import { without } from "../model/without.ts";
import type { Notices } from "../notices.ts";
import type { LocalDevice } from "./local-device.ts";
import type { ScreenShare } from "./screen-share.ts";

/** What the door of a room needs of the meeting. */
export interface DoorOptions {
  readonly room: Pick<BrowserRoom, "door" | "enforce" | "rights">;
  readonly microphone: LocalDevice;
  readonly camera: LocalDevice;
  readonly screen: Pick<ScreenShare, "status" | "stop">;
  readonly notices: Notices;
  readonly text: ReadonlySignal<Dictionary>;
  /** Somebody waits to be let in who did not before; hosts only. */
  readonly onKnock: (() => void) | undefined;
}

/** Whom an order is about. */
export interface PersonAtDoor {
  readonly peer: string;
  readonly name: string;
}

/** Something that is taken (`on`), or given back. */
export interface Hold {
  readonly kind: MutedKind;
  readonly on: boolean;
}

const NONE: readonly MutedKind[] = [];
/** In the place of a peer, what holds for everybody. */
const EVERYBODY = "";

/** The door of a token room: who waits, what its hosts set and a server enforces, and what that means for our own devices. */
export class Door {
  readonly #options: DoorOptions;
  readonly #disposals: readonly (() => void)[];
  /** What was ordered and is not in the rules yet, so that two clicks in a row do not undo each other. */
  readonly #ordered = new Map<string, readonly MutedKind[]>();
  /** Whether we are a host of a room whose server enforces what its hosts set. */
  readonly isOurs: ReadonlySignal<boolean>;

  constructor(options: DoorOptions) {
    this.#options = options;
    const { room } = options;
    this.isOurs = computed(() => room.door.value.enforced && room.rights.host);
    this.#disposals = [this.#obey(), this.#announce(), this.#followKnocks(), this.#forgetOrders()];
  }

  /** Those at the door, in the order in which they came; of hosts only. */
  get waiting(): readonly PersonAtDoor[] {
    return this.#options.room.door.value.waiting;
  }

  get rules(): BrowserRoom["door"]["value"]["rules"] {
    return this.#options.room.door.value.rules;
  }

  /** Whether we may not send `kind` now. */
  isHeld(kind: MutedKind): boolean {
    return this.#options.room.door.value.ownMuted.includes(kind);
  }

  /** Says to our user, where it is so, that we may not send `kind` now. Returns whether. */
  refuses(kind: MutedKind): boolean {
    const { room, notices, text } = this.#options;
    const isHeld = room.door.peek().ownMuted.includes(kind);
    if (isHeld) notices.say(text.peek().rules.held[kind]);
    return isHeld;
  }

  /** What `peer` alone may not send. */
  heldOf(peer: string): readonly MutedKind[] {
    return this.rules.mutedPeers.get(peer) ?? NONE;
  }

  setLocked(on: boolean): Promise<boolean> {
    return this.#order({ order: "lock", on });
  }

  setWaitingRoom(on: boolean): Promise<boolean> {
    return this.#order({ order: "waiting-room", on });
  }

  /** Of everybody but hosts. */
  hold(hold: Hold): Promise<boolean> {
    return this.#hold(EVERYBODY, hold);
  }

  /** Of one. */
  holdOf({ peer }: PersonAtDoor, hold: Hold): Promise<boolean> {
    return this.#hold(peer, hold);
  }

  /** Switches all microphones but the hosts' off; whoever wants to can speak again. */
  async muteAll(): Promise<void> {
    const kind = "microphone";
    if (await this.hold({ kind, on: true })) await this.hold({ kind, on: false });
  }

  letIn({ peer }: PersonAtDoor): void {
    void this.#order({ order: "admit", peer });
  }

  letAllIn(): void {
    for (const person of this.waiting) this.letIn(person);
  }

  /** Asks once more: nobody comes back with what they came with. */
  turnAway({ peer, name }: PersonAtDoor): void {
    const { notices, text } = this.#options;
    const { turnAway, turnAwayQuestion } = text.peek().door;
    const onChoose = () => void this.#order({ order: "turn-away", peer });
    notices.say(turnAwayQuestion(name), { action: { label: turnAway, onChoose } });
  }

  /** Returns whether `error` only says that we may not send `kind`, which was told then. */
  explains(error: unknown, kind: MutedKind): boolean {
    return error instanceof SdkError && error.code === "muted-by-host" && this.refuses(kind);
  }

  close(): void {
    for (const dispose of this.#disposals) dispose();
  }

  #hold(whom: string, { kind, on }: Hold): Promise<boolean> {
    const { muted, mutedPeers } = this.#options.room.door.peek().rules;
    const now = this.#ordered.get(whom) ?? (whom === EVERYBODY ? muted : (mutedPeers.get(whom) ?? NONE));
    const kinds = MUTED_KINDS.filter((other) => (other === kind ? on : now.includes(other)));
    this.#ordered.set(whom, kinds);
    return this.#order(whom === EVERYBODY ? { order: "mute", kinds } : { order: "mute", kinds, peer: whom });
  }

  /** Never rejects: returns whether the broker has it. */
  async #order(order: RoomOrder): Promise<boolean> {
    const { room, notices, text } = this.#options;
    try {
      await room.enforce(order);
      return true;
    } catch {
      this.#ordered.clear();
      notices.say(text.peek().door.failed);
      return false;
    }
  }

  #forgetOrders(): () => void {
    // Each change of the state brings rules of its own; only other rules answer an order.
    const rules = computed(() => JSON.stringify([this.rules.muted, ...this.rules.mutedPeers]));
    return effect(() => {
      void rules.value;
      this.#ordered.clear();
    });
  }

  /** What may not be sent is turned off, however it came to be on; nothing is ever turned on. */
  #obey(): () => void {
    const { microphone, camera, screen } = this.#options;
    const disposals = [microphone, camera].map((device) =>
      effect(() => {
        const { status } = device.state.value;
        if (this.isHeld(device.kind) && (status === "on" || status === "opening")) device.turnOff();
      }),
    );
    const stopSharing = effect(() => {
      if (this.isHeld("screen") && screen.status.value === "on") screen.stop();
    });
    return () => {
      for (const dispose of [...disposals, stopSharing]) dispose();
    };
  }

  #announce(): () => void {
    const { room, notices, text } = this.#options;
    let before = NONE;
    const held = computed(() => room.door.value.ownMuted);
    return effect(() => {
      const now = held.value;
      const { rules } = text.peek();
      for (const kind of now) if (!before.includes(kind) && room.rights[kind]) notices.say(rules.held[kind]);
      for (const kind of before) if (!now.includes(kind) && room.rights[kind]) notices.say(rules.givenBack[kind]);
      before = now;
    });
  }

  #followKnocks(): () => void {
    let before: readonly PersonAtDoor[] = [];
    return effect(() => {
      const now = this.waiting;
      if (this.isOurs.value && without(now, before).length > 0) this.#options.onKnock?.();
      before = now;
    });
  }
}
