import {
  type BrowserRoom,
  type JoinOptions,
  linkRights,
  openCamera,
  openMicrophone,
  type RoomRights,
  SdkError,
} from "@mqtt-meet/sdk/browser";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { App } from "../app-state.ts";
import { KNOCK_NOTES, MessageTone } from "../components/message-tone.ts";
import { type BackgroundPart, CameraBackground } from "./camera-background.ts";
import { DeviceList } from "./device-list.ts";
import { type FailureCode, failureOf } from "./failure-code.ts";
import { InsideWatch } from "./inside-watch.ts";
import { LobbyRoom } from "./lobby-room.ts";
import { LocalDevice } from "./local-device.ts";
import type { Meeting } from "./meeting.ts";
import { type DenoisePart, openQuietMicrophone } from "./microphone-noise.ts";

/** Why somebody who may come in is not inside yet. */
type Standing = Parameters<NonNullable<JoinOptions["onStanding"]>>[0];

/** From the door to the door. */
export type VisitPhase =
  | { readonly name: "lobby"; readonly failure?: FailureCode }
  /** `standing`: we are at the door, and a host has to let us in. */
  | { readonly name: "joining"; readonly standing?: Standing }
  | { readonly name: "turned-away" }
  | { readonly name: "meeting"; readonly meeting: Meeting; readonly View: MeetingPart["MeetingView"] }
  | { readonly name: "left"; readonly lastedMs: number; readonly people: number; readonly failure?: FailureCode };

/** Joins rooms, and shows them. */
export type MeetingPart = Pick<
  typeof import("../meeting/meeting-part.ts"),
  "enterMeeting" | "lookInside" | "prepareRoom" | "MeetingView"
>;

/** Where a visit goes. */
export interface VisitLink {
  readonly text: string;
  readonly name: string;
  /** Left out: everything. */
  readonly rights?: RoomRights;
}

/** What a visit has of the outside; a test brings its own. */
export interface VisitPorts {
  /** The part of the page that is needed only in a meeting. */
  readonly loadMeeting: () => Promise<MeetingPart>;
  readonly openCamera: (deviceId: string | undefined) => Promise<MediaStreamTrack>;
  /** The part that puts something else behind a person; fetched when somebody wants it. */
  readonly loadBackground: () => Promise<BackgroundPart>;
  /** The part that takes noise out of a microphone; fetched when somebody wants it. */
  readonly loadDenoise: () => Promise<DenoisePart>;
  readonly openMicrophone: (
    deviceId: string | undefined,
    options: { readonly noiseSuppression: boolean },
  ) => Promise<MediaStreamTrack>;
}

const BROWSER: VisitPorts = {
  loadMeeting: () => import("../meeting/meeting-part.ts"),
  openCamera: (deviceId) => openCamera(deviceId === undefined ? {} : { deviceId }),
  loadBackground: () => import("../background/open-background.ts"),
  loadDenoise: () => import("../noise/open-denoised.ts"),
  openMicrophone: (deviceId, options) => openMicrophone(deviceId === undefined ? options : { ...options, deviceId }),
};

/** One visit of one room: its lobby, the meeting, and what is said afterwards. Owns the devices all the while. */
export class Visit {
  readonly camera: LocalDevice;
  readonly microphone: LocalDevice;
  readonly background: CameraBackground;
  readonly deviceList = new DeviceList();
  readonly inside: InsideWatch;
  /** What the link lets us do; what it does not is neither opened nor shown. */
  readonly rights: RoomRights;
  readonly #app: App;
  readonly #link: VisitLink;
  readonly #loadMeeting: VisitPorts["loadMeeting"];
  readonly #phase = signal<VisitPhase>({ name: "lobby" });
  readonly phase: ReadonlySignal<VisitPhase> = this.#phase;
  readonly #lifetime = new AbortController();
  readonly #messageTone = new MessageTone();
  readonly #knockTone = new MessageTone(KNOCK_NOTES);
  readonly #room: LobbyRoom;
  #joining: AbortController | undefined;

  constructor(options: { app: App; link: VisitLink; ports?: VisitPorts }) {
    const { app, ports = BROWSER } = options;
    this.#app = app;
    this.#link = options.link;
    this.rights = options.link.rights ?? linkRights({});
    this.#loadMeeting = ports.loadMeeting;
    this.inside = new InsideWatch({ link: options.link.text, phase: this.#phase, load: ports.loadMeeting });
    this.#room = new LobbyRoom({ link: options.link.text, phase: this.#phase, load: ports.loadMeeting });
    // While people look at themselves, the rest of the page arrives; what fails now is told when they join.
    void ports.loadMeeting().catch(() => undefined);
    const { cameraId, microphoneId, cameraOn, microphoneOn } = app.settings.values.peek();
    this.background = new CameraBackground({ settings: app.settings, load: ports.loadBackground });
    const openCamera = async (deviceId: string | undefined) => this.background.behind(await ports.openCamera(deviceId));
    this.camera = new LocalDevice({ kind: "camera", deviceId: cameraId, open: openCamera });
    const open = (deviceId: string | undefined) =>
      openQuietMicrophone({
        choice: app.settings.values.peek().noise,
        open: (options) => ports.openMicrophone(deviceId, options),
        load: ports.loadDenoise,
        onFallBack: () => app.notices.say(app.text.peek().noise.fellBack),
      });
    this.microphone = new LocalDevice({ kind: "microphone", deviceId: microphoneId, open });
    void this.#openDevices({ cameraOn, microphoneOn });
    this.#remember();
    const dispose = effect(() => {
      const { name } = this.#phase.value;
      app.isBusy.value = name === "joining" || name === "meeting";
    });
    this.#lifetime.signal.addEventListener("abort", () => {
      dispose();
      app.isBusy.value = false;
    });
    // A page that goes away says goodbye; if that does not get through, the broker does.
    addEventListener("pagehide", () => void this.leave(), { signal: this.#lifetime.signal });
  }

  get roomName(): string {
    return this.#link.name;
  }

  /** As it was opened. */
  get link(): string {
    return this.#link.text;
  }

  /** Never rejects: what went wrong is the phase. `passphrase`: of a room that has one. */
  async join(name: string, passphrase?: string): Promise<void> {
    if (this.#phase.peek().name === "joining") return;
    const attempt = new AbortController();
    this.#joining = attempt;
    this.#phase.value = { name: "joining" };
    try {
      const { enterMeeting, MeetingView } = await this.#loadPart();
      const { notices, text, nowMs } = this.#app;
      const { camera, microphone } = this;
      const { signal } = attempt;
      const options = {
        ...{ name, passphrase, signal, camera, microphone },
        ...{ notices, text, nowMs },
        prepared: this.#room.take(),
        onMessage: () => this.#ring(this.#messageTone),
        onKnock: () => this.#ring(this.#knockTone),
        onStanding: (standing: Standing) => this.#wait(attempt, standing),
      };
      const meeting = await enterMeeting(this.#link.text, options);
      if (signal.aborted) await meeting.leave();
      else this.#enter(meeting, MeetingView);
    } catch (error) {
      if (!attempt.signal.aborted) this.#fail(failureOf(error));
    }
  }

  /** Back in the lobby. */
  cancelJoining(): void {
    if (this.#phase.peek().name !== "joining") return;
    this.#joining?.abort();
    this.#phase.value = { name: "lobby" };
  }

  async leave(failure?: FailureCode): Promise<void> {
    this.cancelJoining();
    const phase = this.#phase.peek();
    if (phase.name !== "meeting") return;
    const { meeting } = phase;
    const lastedMs = this.#app.nowMs() - meeting.startedAtMs;
    const summary = { name: "left", lastedMs, people: meeting.mostPeople } as const;
    this.#phase.value = failure === undefined ? summary : { ...summary, failure };
    globalThis.mqttMeet = undefined;
    this.#closeDevices();
    await meeting.leave();
  }

  /** From "left" back to the lobby. */
  return(): void {
    this.#phase.value = { name: "lobby" };
    const { cameraOn, microphoneOn } = this.#app.settings.values.peek();
    void this.#openDevices({ cameraOn, microphoneOn });
  }

  close(): void {
    this.#joining?.abort();
    void this.leave();
    this.#lifetime.abort();
    this.#closeDevices();
    this.deviceList.close();
    this.inside.close();
    this.#room.close();
  }

  #wait(attempt: AbortController, standing: Standing): void {
    if (!attempt.signal.aborted && this.#joining === attempt) this.#phase.value = { name: "joining", standing };
  }

  /** We did not come in. Who was turned away at the door has nothing to try again. */
  #fail(failure: FailureCode): void {
    const phase = this.#phase.peek();
    const isTurnedAway = phase.name === "joining" && phase.standing !== undefined && failure === "removed";
    this.#phase.value = isTurnedAway ? { name: "turned-away" } : { name: "lobby", failure };
    if (isTurnedAway) this.#closeDevices();
  }

  #closeDevices(): void {
    this.camera.close();
    this.microphone.close();
  }

  async #loadPart(): Promise<MeetingPart> {
    try {
      return await this.#loadMeeting();
    } catch (cause) {
      throw new SdkError("worker-failed", "A part of the page could not be fetched.", { cause });
    }
  }

  #enter(meeting: Meeting, View: MeetingPart["MeetingView"]): void {
    const { room } = meeting;
    const before = this.#phase.peek();
    // Whoever waits looks at something else meanwhile.
    if (before.name === "joining" && before.standing !== undefined) this.#ring(this.#knockTone);
    this.#phase.value = { name: "meeting", meeting, View };
    globalThis.mqttMeet = { room };
    this.#app.recent.add({ name: room.name, atMs: this.#app.nowMs() });
    const { speakerId } = this.#app.settings.values.peek();
    if (speakerId !== "") room.setAudioOutput(speakerId).catch(() => this.#app.settings.update({ speakerId: "" }));
    const reception = effect(() => room.setReception(this.#app.settings.values.value.reception));
    this.#lifetime.signal.addEventListener("abort", reception);
    let wasLost = false;
    const dispose = effect(() => {
      const connection = room.connection.value;
      if (wasLost && connection.status === "connected") void this.#checkVersion();
      wasLost = connection.status !== "connected";
      if (connection.status !== "closed") return;
      if (this.#phase.peek().name === "meeting") void this.leave(failureOf(connection.error));
    });
    this.#lifetime.signal.addEventListener("abort", dispose);
  }

  /** A server that was away may have come back as a newer one; a meeting is not interrupted for it. */
  async #checkVersion(): Promise<void> {
    const { version, notices, text, isBusy } = this.#app;
    if ((await version.check({ isBusy: () => isBusy.peek() })) !== "reload" || !isBusy.peek()) return;
    const { newer, reload } = text.peek().version;
    notices.say(newer, { action: { label: reload, onChoose: () => version.reload() } });
  }

  #ring(tone: MessageTone): void {
    const { chatSound, speakerId } = this.#app.settings.values.peek();
    if (chatSound) tone.play(speakerId, this.#app.nowMs());
  }

  async #openDevices(wanted: { cameraOn: boolean; microphoneOn: boolean }): Promise<void> {
    await Promise.all([
      wanted.cameraOn && this.rights.camera ? this.camera.turnOn() : undefined,
      wanted.microphoneOn && this.rights.microphone ? this.microphone.turnOn() : undefined,
    ]);
    await this.deviceList.refresh();
  }

  /** What is on and what is chosen is the same at the next visit. */
  #remember(): void {
    const dispose = effect(() => {
      const cameraId = this.camera.deviceId.value;
      const microphoneId = this.microphone.deviceId.value;
      if (["left", "turned-away"].includes(this.#phase.value.name)) return;
      this.#app.settings.update({ cameraId, microphoneId });
    });
    this.#lifetime.signal.addEventListener("abort", dispose);
  }
}

declare global {
  /** The room of this page, for tests and for the curious at the console; everything in it is the public SDK. */
  var mqttMeet: { readonly room: BrowserRoom } | undefined;
}
