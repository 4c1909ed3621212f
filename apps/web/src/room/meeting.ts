import type { BrowserRoom, ChatMessage, Participant } from "@mqtt-meet/sdk/browser";
import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { saveFile } from "../components/save-file.ts";
import type { Dictionary } from "../language/en.ts";
import { type RaisedHand, raisedHands } from "../model/hands.ts";
import { Speaking } from "../model/speaking.ts";
import { without } from "../model/without.ts";
import type { Notices } from "../notices.ts";
import { announceLosses } from "./announce-losses.ts";
import { browserSpeech, type Speech } from "./browser-speech.ts";
import { Captions } from "./captions.ts";
import { DevicePublication } from "./device-publication.ts";
import { Door } from "./door.ts";
import { FileTransfers } from "./file-transfers.ts";
import { HostRequests } from "./host-requests.ts";
import type { LocalDevice } from "./local-device.ts";
import { watchMutedTalk } from "./muted-talk-watch.ts";
import { Posters } from "./posters.ts";
import { recorderSource } from "./recorder-source.ts";
import { Recording } from "./recording.ts";
import { ScreenShare } from "./screen-share.ts";
import { StageState } from "./stage-state.ts";
import { Volumes } from "./volumes.ts";

/** What is open beside the stage. */
export type Panel = "chat" | "people" | "invite" | "polls" | "settings";

/** What a meeting is made of. */
export interface MeetingOptions {
  readonly room: BrowserRoom;
  /** What the others see. */
  readonly ownName: string;
  readonly camera: LocalDevice;
  readonly microphone: LocalDevice;
  readonly notices: Notices;
  readonly text: ReadonlySignal<Dictionary>;
  readonly nowMs: () => number;
  /** What understands speech; the browser's own when left out. */
  readonly speech?: Speech;
  /** Somebody wrote while the chat was not open. */
  readonly onMessage?: () => void;
  /** Somebody waits to be let in, and we can do it. */
  readonly onKnock?: () => void;
}

/** The room gets to know those who were there first, one by one, within about this. */
const BEGINNING_MS = 2000;
const MINUTE_MS = 60_000;
/** Time enough to say goodbye, or to ask for another invitation. */
const END_SAID_MS = 5 * MINUTE_MS;

/** A room that was joined, with what this window shows of it. */
export class Meeting {
  readonly room: BrowserRoom;
  readonly camera: LocalDevice;
  readonly microphone: LocalDevice;
  readonly screen: ScreenShare;
  readonly recording: Recording;
  readonly host: HostRequests;
  readonly door: Door;
  readonly files: FileTransfers;
  readonly captions: Captions;
  readonly startedAtMs: number;
  readonly #panel = signal<Panel | undefined>(undefined);
  readonly panel: ReadonlySignal<Panel | undefined> = this.#panel;
  readonly showStatistics = signal(false);
  readonly stage: StageState;
  readonly volumes: Volumes;
  readonly posters = new Posters();
  readonly #ownHandAtMs = signal<number | undefined>(undefined);
  /** In the order in which they were raised. */
  readonly hands: ReadonlySignal<readonly RaisedHand[]>;
  readonly #seen = signal(0);
  /** Messages of others since the chat was last open. */
  readonly unread: ReadonlySignal<number>;
  /** The peers who speak just now. */
  readonly speaking: ReadonlySignal<ReadonlySet<string>>;
  /** The most who were here at once, ourselves included. */
  mostPeople = 1;
  readonly #options: MeetingOptions;
  readonly #publications: readonly DevicePublication[];
  readonly #disposals: (() => void)[] = [];

  constructor(options: MeetingOptions) {
    const { room, camera, microphone, text, notices } = options;
    this.#options = options;
    this.room = room;
    this.camera = camera;
    this.microphone = microphone;
    this.startedAtMs = options.nowMs();
    this.screen = new ScreenShare({ room, onError: () => notices.say(text.peek().meeting.shareFailed) });
    const speaking = new Speaking();
    this.speaking = computed(() => speaking.update(room.levels.value, options.nowMs()));
    this.stage = new StageState({ room, speaking: this.speaking, nowMs: options.nowMs });
    this.volumes = new Volumes(room);
    this.recording = new Recording({
      room,
      source: recorderSource(this, options.ownName),
      save: saveFile,
      onProblem: (problem) => notices.say(text.peek().recording.problems[problem]),
      nowMs: options.nowMs,
      load: () => import("../recording/recorder.ts"),
    });
    this.files = new FileTransfers({ room, save: saveFile });
    this.captions = new Captions({
      ...{ room, microphone, nowMs: options.nowMs, speech: options.speech ?? browserSpeech() },
      language: () => document.documentElement.lang,
      onProblem: () => notices.say(text.peek().captions.failed),
    });
    const devices = { room, camera, microphone, notices, text };
    this.host = new HostRequests(devices);
    this.door = new Door({ ...devices, screen: this.screen, onKnock: options.onKnock });
    this.hands = computed(() => {
      const atMs = this.#ownHandAtMs.value;
      const own = atMs === undefined ? undefined : { peer: room.peer, name: "", atMs };
      return raisedHands(room.participants.value, own);
    });
    this.unread = computed(() => room.messages.value.slice(this.#seen.value).filter((message) => !message.own).length);
    this.#publications = [
      this.#publish(microphone, { source: "microphone", what: () => text.peek().meeting.microphone }),
      this.#publish(camera, { source: "camera", what: () => text.peek().meeting.camera }),
    ];
    this.#disposals.push(
      this.#announcePeople(),
      this.#announceMessages(),
      announceLosses([camera, microphone], options),
      watchMutedTalk(microphone, { onTalk: () => this.#saysNothing(), nowMs: options.nowMs }),
      () => this.host.close(),
      () => this.door.close(),
      () => this.files.close(),
      () => this.captions.close(),
      this.#announceReaders(),
      this.#announcePolls(),
      this.#announceRecordings(),
      this.#announceEnd(),
    );
  }

  /** Whether this browser can share a screen, and we may. */
  get canShare(): boolean {
    return this.room.rights.screen && ScreenShare.possible;
  }

  get handRaised(): boolean {
    return this.#ownHandAtMs.value !== undefined;
  }

  toggleHand(): void {
    const raised = this.#ownHandAtMs.peek() === undefined;
    this.#ownHandAtMs.value = raised ? this.#options.nowMs() : undefined;
    this.room.setHand(raised);
  }

  togglePanel(panel: Panel): void {
    this.#panel.value = this.#panel.peek() === panel ? undefined : panel;
  }

  openPanel(panel: Panel): void {
    this.#panel.value = panel;
  }

  closePanel(): void {
    this.#panel.value = undefined;
  }

  /** Ends everything of this meeting but the devices, which are the visit's. */
  async leave(): Promise<void> {
    for (const dispose of this.#disposals.splice(0)) dispose();
    const saved = this.recording.stop();
    for (const publication of this.#publications) publication.close();
    this.screen.stop();
    await this.room.leave();
    await saved;
  }

  #publish(
    device: LocalDevice,
    { source, what }: { source: "camera" | "microphone"; what: () => string },
  ): DevicePublication {
    const { room, notices, text } = this.#options;
    const onError = (error: unknown) => {
      if (!this.door.explains(error, source)) notices.say(text.peek().meeting.publishFailed(what()));
    };
    return new DevicePublication({ room, device, source, onError });
  }

  /** Our user talks, and nobody hears it. */
  #saysNothing(): void {
    const { notices, text } = this.#options;
    if (!this.door.refuses("microphone")) notices.say(text.peek().meeting.mutedTalk);
  }

  /** Those who are there at the beginning are not announced. */
  #announcePeople(): () => void {
    const { room, notices, text, nowMs } = this.#options;
    let before: readonly Participant[] = room.participants.peek();
    return effect(() => {
      const now = room.participants.value;
      this.mostPeople = Math.max(this.mostPeople, now.length + 1);
      const { joined, left, raisedHand } = text.peek().meeting;
      const isBeginning = nowMs() - this.startedAtMs < BEGINNING_MS;
      if (!isBeginning) for (const { name } of without(now, before)) notices.say(joined(name));
      for (const { name } of without(before, now)) notices.say(left(name));
      if (!isBeginning) for (const { name } of without(withHand(now), withHand(before))) notices.say(raisedHand(name));
      before = now;
    });
  }

  /** What is written while the chat is closed is shown for a moment. */
  #announceMessages(): () => void {
    const { room, notices, text } = this.#options;
    let count = room.messages.peek().length;
    return effect(() => {
      const messages = room.messages.value;
      if (this.#panel.value === "chat") {
        this.#seen.value = messages.length;
      } else {
        const fresh = messages.slice(count).filter((message) => !message.own);
        for (const message of fresh) notices.say(saidLine(message, text.peek()));
        if (fresh.length > 0) this.#options.onMessage?.();
      }
      count = messages.length;
    });
  }

  /** Somebody asks: it is a press away. */
  #announcePolls(): () => void {
    const { room, notices, text } = this.#options;
    const known = new Set(room.polls.peek().map(({ id }) => id));
    return effect(() => {
      const { asks, vote } = text.peek().polls;
      for (const { id, own, closed, name, question } of room.polls.value) {
        const isNew = !known.has(id) && !own && !closed;
        known.add(id);
        if (!isNew || this.#panel.peek() === "polls") continue;
        notices.say(asks(name, question), { action: { label: vote, onChoose: () => this.openPanel("polls") } });
      }
    });
  }

  /** Somebody reads: whoever can, and wants to, helps with one press. */
  #announceReaders(): () => void {
    const { notices, text } = this.#options;
    const { asked, canSend, sending } = this.captions;
    return effect(() => {
      if (!asked.value || !canSend || sending.peek() || !this.room.rights.microphone) return;
      const { wantedBySomebody, send } = text.peek().captions;
      notices.say(wantedBySomebody, { action: { label: send, onChoose: () => this.captions.setSending(true) } });
    });
  }

  #announceRecordings(): () => void {
    const { notices, text } = this.#options;
    let before = this.recording.others.peek();
    return effect(() => {
      const now = this.recording.others.value;
      const { begins, ends } = text.peek().recording;
      for (const { name } of without(now, before)) notices.say(begins(name));
      for (const { name } of without(before, now)) notices.say(ends(name));
      before = now;
    });
  }

  /** What an invitation gives ends with it; nobody should be cut off in the middle of a word. */
  #announceEnd(): () => void {
    const { room, notices, text, nowMs } = this.#options;
    const { expiresAtMs } = room.rights;
    if (expiresAtMs === undefined) return () => undefined;
    const timer = setTimeout(
      () => {
        const minutes = Math.max(1, Math.round((expiresAtMs - nowMs()) / MINUTE_MS));
        notices.say(text.peek().rights.endsSoon(minutes));
      },
      // A timer holds 24 days; an invitation of more is none that anybody waits for.
      Math.min(Math.max(0, expiresAtMs - END_SAID_MS - nowMs()), 2 ** 31 - 1),
    );
    return () => clearTimeout(timer);
  }
}

function saidLine({ name, text: line, file }: ChatMessage, { meeting, files }: Dictionary): string {
  return file === undefined ? meeting.wrote(name, line) : files.offers(name, file.name);
}

function withHand(participants: readonly Participant[]): readonly Participant[] {
  return participants.filter(({ handAtMs }) => handAtMs !== undefined);
}
