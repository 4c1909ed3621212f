import {
  type BrowserLocalTrack,
  type BrowserRoom,
  type Caption,
  type ChatMessage,
  type HostAct,
  type HostCommand,
  type LocalTrack,
  linkRights,
  type Participant,
  type Poll,
  type Reaction,
  type ReactionKind,
  type Reception,
  type RemoteTrack,
  type RoomConnection,
  type RoomDoorState,
  type RoomEncryptionState,
  type RoomHostState,
  type RoomOrder,
  type RoomRights,
  type RoomStatistics,
  type TrackStatistics,
} from "@mqtt-meet/sdk/browser";
import { signal } from "@preact/signals";
import { afterOrder, NO_DOOR, orderText } from "./fake-door.ts";

const SIZE = { widthPx: 1280, heightPx: 720, frameRate: 30, channels: 1 };
const ENCRYPTED: RoomEncryptionState = {
  encrypted: true,
  ready: true,
  safetyNumber: { digits: "20518 93746 10275 66891 43307 58214", emoji: ["🐙", "🌵", "🔔", "🚲", "🍋", "⛵"] },
  troubles: new Map(),
};
const NO_STATISTICS: RoomStatistics = {
  tracks: new Map(),
  quality: new Map(),
  roundTripMs: null,
  malformedMessages: 0,
};

/** A room in which nothing happens but what a test or the gallery lets happen. */
export class FakeRoom implements BrowserRoom {
  readonly name: string;
  readonly link: string;
  readonly peer = "ownPeer";
  rights: RoomRights = linkRights({});
  readonly connection = signal<RoomConnection>({ status: "connected" });
  readonly participants = signal<readonly Participant[]>([]);
  readonly localTracks = signal<readonly LocalTrack[]>([]);
  readonly messages = signal<readonly ChatMessage[]>([]);
  readonly statistics = signal<RoomStatistics>(NO_STATISTICS);
  readonly levels = signal<ReadonlyMap<string, number>>(new Map());
  readonly encryption = signal<RoomEncryptionState>(ENCRYPTED);
  readonly reactions = signal<readonly Reaction[]>([]);
  readonly captions = signal<readonly Caption[]>([]);
  readonly polls = signal<readonly Poll[]>([]);
  readonly downloads = signal<ReadonlyMap<string, number>>(new Map());
  readonly host = signal<RoomHostState>({ named: false, own: false, hosts: [], heir: undefined, acts: [] });
  readonly door = signal<RoomDoorState>(NO_DOOR);
  readonly audioBlocked = signal(false);
  readonly audioMissing = signal(false);
  reception: Reception = "automatic";
  /** What was asked of the room, in order. */
  readonly calls: string[] = [];
  /** Draws a track on an element; returns how to stop. */
  draw: (key: string, element: HTMLVideoElement | HTMLCanvasElement) => () => void = () => () => undefined;

  constructor(options: { name: string; link: string }) {
    this.name = options.name;
    this.link = options.link;
  }

  async publishTrack(
    track: MediaStreamTrack,
    { source, content }: { source: LocalTrack["source"]; content?: "detail" | "motion" },
  ): Promise<BrowserLocalTrack> {
    this.calls.push(content === "motion" ? `publish ${source} smooth` : `publish ${source}`);
    const muted = signal(false);
    const published: BrowserLocalTrack = {
      key: `${this.peer}/${source}`,
      id: source,
      kind: track.kind === "audio" ? "audio" : "video",
      source,
      muted,
      ended: signal(false),
      setMuted: (value) => {
        if (value !== muted.peek()) this.calls.push(`${value ? "mute" : "unmute"} ${source}`);
        muted.value = value;
      },
      replaceTrack: async () => {
        this.calls.push(`replace ${source}`);
      },
      unpublish: async () => {
        this.calls.push(`unpublish ${source}`);
        this.localTracks.value = this.localTracks.peek().filter((other) => other !== published);
      },
    };
    this.localTracks.value = [...this.localTracks.peek(), published];
    return published;
  }

  attachVideo(key: string, element: HTMLVideoElement | HTMLCanvasElement): () => void {
    this.calls.push(`attach ${key}`);
    const stop = this.draw(key, element);
    return () => {
      this.calls.push(`detach ${key}`);
      stop();
    };
  }

  async setAudioOutput(deviceId: string): Promise<void> {
    this.calls.push(`output ${deviceId}`);
  }

  async resumeAudio(): Promise<void> {
    this.audioBlocked.value = false;
  }

  setVolume(peer: string, volume: number): void {
    this.calls.push(`volume ${peer} ${volume}`);
  }

  async sendMessage(text: string): Promise<void> {
    const id = `m${this.messages.peek().length}`;
    const message = { id, from: this.peer, name: "Me", own: true, sentAtMs: Date.now(), text };
    this.messages.value = [...this.messages.peek(), message];
  }

  async sendFile(file: Blob, { name }: { readonly name: string }): Promise<void> {
    const id = `m${this.messages.peek().length}`;
    const offered = { name, sizeBytes: file.size };
    const message = { id, from: this.peer, name: "Me", own: true, sentAtMs: Date.now(), text: name, file: offered };
    this.messages.value = [...this.messages.peek(), message];
  }

  /** Half of it is there, and the rest never comes. */
  async fetchFile(message: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<Blob> {
    const size = this.messages.peek().find(({ id }) => id === message)?.file?.sizeBytes ?? 0;
    this.calls.push(`fetch ${message}`);
    this.downloads.value = new Map([...this.downloads.peek(), [message, size / 2]]);
    return new Promise((_, reject) => {
      signal?.addEventListener("abort", () => {
        this.downloads.value = new Map([...this.downloads.peek()].filter(([id]) => id !== message));
        reject(signal.reason);
      });
    });
  }

  async ask(question: string, answers: readonly string[]): Promise<void> {
    const options = answers.map((text) => ({ text, votes: 0 }));
    this.showPoll({ id: `${this.peer}/${this.polls.peek().length}`, from: this.peer, own: true, question, options });
  }

  async vote(poll: string, choice: number): Promise<void> {
    this.calls.push(`vote ${poll} ${choice}`);
    this.polls.value = this.polls.peek().map((known) => (known.id === poll ? { ...known, ownChoice: choice } : known));
  }

  async closePoll(poll: string): Promise<void> {
    this.polls.value = this.polls.peek().map((known) => (known.id === poll ? { ...known, closed: true } : known));
  }

  /** Somebody asks. */
  showPoll(part: Pick<Poll, "id" | "question" | "options"> & Partial<Poll>): void {
    const usual = { from: "p1", name: "Mei Lin", own: false, ownChoice: undefined, closed: false, askedAtMs: 0 };
    this.polls.value = [...this.polls.peek(), { ...usual, ...part }];
  }

  setName(name: string): void {
    this.calls.push(`name ${name}`);
  }

  setHand(raised: boolean): void {
    this.calls.push(`hand ${raised}`);
  }

  setReception(reception: Reception): void {
    this.reception = reception;
  }

  setRecording(recording: boolean): void {
    this.calls.push(`recording ${recording}`);
  }

  setCaptionsWanted(wanted: boolean): void {
    this.calls.push(`captions ${wanted}`);
  }

  sendCaption({ number, text }: { readonly number: number; readonly text: string }): void {
    this.calls.push(`caption ${number} ${text}`);
  }

  async captureAudio(): Promise<undefined> {}

  react(kind: ReactionKind): void {
    this.calls.push(`react ${kind}`);
    this.showReaction(kind, { from: this.peer, name: "Me" });
  }

  /** Somebody reacts. */
  showReaction(kind: ReactionKind, { from, name }: { readonly from: string; readonly name: string }): void {
    const shown = this.reactions.peek();
    const id = (shown.at(-1)?.id ?? 0) + 1;
    const reaction = { id, from, name, own: from === this.peer, kind, atMs: Date.now() };
    this.reactions.value = [...shown, reaction];
  }

  async remove(peer: string): Promise<void> {
    this.calls.push(`remove ${peer}`);
    this.participants.value = this.participants.peek().filter((participant) => participant.peer !== peer);
  }

  /** The host asks for something. */
  showAct(part: Pick<HostAct, "command"> & Partial<HostAct>): void {
    const { acts } = this.host.peek();
    const usual = { id: acts.length + 1, target: undefined, targetName: undefined, own: false, forUs: false };
    this.host.value = { ...this.host.peek(), named: true, acts: [...acts, { ...usual, ...part }] };
  }

  async command(order: HostCommand): Promise<void> {
    const keep = "keep" in order && order.keep && "keep";
    this.calls.push([order.command, "peer" in order && order.peer, keep].filter(Boolean).join(" "));
  }

  /** The server does at once what a host orders. */
  async enforce(order: RoomOrder): Promise<void> {
    this.calls.push(orderText(order));
    this.door.value = afterOrder(this.door.peek(), order);
  }

  reconnectNow(): void {
    this.calls.push("reconnect");
  }

  async leave(): Promise<void> {
    this.calls.push("leave");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}

/** Somebody else in a {@link FakeRoom}. */
export function fakeParticipant(
  peer: string,
  options: Partial<Omit<Participant, "tracks">> & {
    readonly sources?: readonly (readonly [RemoteTrack["source"], boolean])[];
  },
): Participant {
  const { sources = [], ...rest } = options;
  const tracks = sources.map(([source, muted]) => fakeTrack(peer, { source, muted }));
  return {
    peer,
    name: peer,
    kind: "person",
    joinedAtMs: 0,
    status: "live",
    handAtMs: undefined,
    recording: false,
    wantsCaptions: false,
    ...rest,
    tracks,
  };
}

function fakeTrack(peer: string, { source, muted }: { source: RemoteTrack["source"]; muted: boolean }): RemoteTrack {
  const kind = source === "microphone" || source === "screen-audio" ? "audio" : "video";
  const codec = kind === "audio" ? "opus" : "vp8";
  return { key: `${peer}/${source}`, peer, id: source, kind, source, muted, codec, ...SIZE };
}

/** Plausible figures. */
export function fakeStatistics(part: Partial<TrackStatistics> = {}): TrackStatistics {
  return {
    direction: "in",
    kind: "video",
    fps: 30,
    kbps: 1432,
    widthPx: 1280,
    heightPx: 720,
    frames: 9000,
    dropped: 3,
    freezes: 0,
    latencyMs: { p50: 18.4, p95: 31.2 },
    jitterDelayMs: 9,
    codec: "vp8",
    counters: {},
    ...part,
  };
}
