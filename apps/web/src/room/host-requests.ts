import type { BrowserRoom, HostAct, HostCommand } from "@mqtt-meet/sdk/browser";
import { effect, type ReadonlySignal } from "@preact/signals";
import type { Dictionary } from "../language/en.ts";
import { type HostChange, hostChange } from "../model/host-change.ts";
import type { Notices } from "../notices.ts";
import type { LocalDevice } from "./local-device.ts";

/** What the host's requests need of the meeting. */
export interface HostRequestsOptions {
  readonly room: BrowserRoom;
  readonly camera: LocalDevice;
  readonly microphone: LocalDevice;
  readonly notices: Notices;
  readonly text: ReadonlySignal<Dictionary>;
}

/** Whom a request is about. */
interface Person {
  readonly peer: string;
  readonly name: string;
}

/** What the host of a link room asks of the others, and what this page does when it is asked. */
export class HostRequests {
  readonly #options: HostRequestsOptions;
  readonly #dispose: () => void;

  constructor(options: HostRequestsOptions) {
    this.#options = options;
    this.#dispose = this.#follow();
  }

  /** Whether we are the host; others are not shown what they cannot do. */
  get isOurs(): boolean {
    return this.#options.room.host.value.own;
  }

  /** To whom we gave the role, and from whom we can take it back. */
  get heir(): string | undefined {
    return this.#options.room.host.value.heir;
  }

  isHost(peer: string): boolean {
    return this.#options.room.host.value.hosts.includes(peer);
  }

  mute({ peer }: Person): void {
    void this.#ask({ command: "mute", peer });
  }

  muteAll(): void {
    void this.#ask({ command: "mute" });
  }

  stopCamera({ peer }: Person): void {
    void this.#ask({ command: "stop-camera", peer });
  }

  /** Asks once more. */
  remove({ peer, name }: Person): void {
    const { host, rights } = this.#options.text.peek();
    const onChoose = () => void this.#ask({ command: "remove", peer });
    this.#options.notices.say(host.removeQuestion(name), { action: { label: rights.remove, onChoose } });
  }

  /** Asks once more. `keep`: we stay a host, too. */
  handOver({ peer, name }: Person, { keep }: { readonly keep: boolean }): void {
    const { host } = this.#options.text.peek();
    const onChoose = () => void this.#ask({ command: "hand-over", peer, keep });
    const [question, label] = keep
      ? [host.shareQuestion(name), host.share]
      : [host.handOverQuestion(name), host.handOver];
    this.#options.notices.say(question, { action: { label, onChoose } });
  }

  takeBack(): void {
    void this.#ask({ command: "take-back" });
  }

  /** Asks once more. `onEnded`: the others are told. */
  end(onEnded: () => void): void {
    const { host } = this.#options.text.peek();
    const onChoose = () => void this.#ask({ command: "end" }).then((told) => told && onEnded());
    this.#options.notices.say(host.endQuestion, { action: { label: host.end, onChoose } });
  }

  close(): void {
    this.#dispose();
  }

  async #ask(order: HostCommand): Promise<boolean> {
    const { room, notices, text } = this.#options;
    try {
      await room.command(order);
      return true;
    } catch {
      notices.say(text.peek().host.failed);
      return false;
    }
  }

  /** Only what was asked since we came. */
  #follow(): () => void {
    const { room, notices, text } = this.#options;
    let last = room.host.peek();
    let lastId = last.acts.at(-1)?.id ?? 0;
    return effect(() => {
      const change = hostChange(last, room.host.value);
      last = room.host.value;
      if (change !== undefined) this.#announce(change);
      const fresh = last.acts.filter(({ id }) => id > lastId);
      lastId = fresh.at(-1)?.id ?? lastId;
      for (const act of fresh) {
        const said = act.forUs ? this.#obey(act.command) : announcement(act, text.peek());
        if (said !== undefined) notices.say(said);
      }
    });
  }

  #announce(change: HostChange): void {
    const { room, notices, text } = this.#options;
    const { nowOurs, nowTheirs, noLonger, takeBack } = text.peek().host;
    if (change.kind === "ours") notices.say(nowOurs);
    if (change.kind === "lost") notices.say(noLonger);
    if (change.kind !== "theirs") return;
    const name = room.participants.peek().find(({ peer }) => peer === change.peer)?.name;
    const undo = { action: { label: takeBack, onChoose: () => this.takeBack() } };
    if (name !== undefined) notices.say(nowTheirs(name), change.given ? undo : {});
  }

  /** Returns what to tell our user: nothing where nothing changed. A device is turned off, never on. */
  #obey(command: HostAct["command"]): string | undefined {
    const { camera, microphone, text } = this.#options;
    if (command !== "mute" && command !== "stop-camera") return undefined;
    const { mutedYou, stoppedYou } = text.peek().host;
    const [device, words] = command === "mute" ? [microphone, mutedYou] : [camera, stoppedYou];
    const { status } = device.state.peek();
    device.turnOff();
    return status === "on" || status === "opening" ? words : undefined;
  }
}

/** What happened to others; undefined of what shows by itself. */
function announcement({ command, target, targetName }: HostAct, { host }: Dictionary): string | undefined {
  if (command === "end") return undefined;
  if (target === undefined) return host.mutedAll;
  // Who is not here any more needs no announcement.
  return targetName === undefined ? undefined : host.said[command](targetName);
}
