import type { DoorStanding } from "@mqtt-meet/sdk/browser";
import { ElementFace } from "./element-face.ts";
import { type ElementStateDetail, tellState } from "./element-state.ts";
import { roomAddress } from "./room-address.ts";
import type { WatchedRoom, WatchedState } from "./watched-room.ts";
import { wordsOf } from "./words.ts";

/** What makes the element join anew; the others only change what it shows. */
const JOINS = ["link", "name", "passphrase"];

/**
 * `<mqtt-meet-view link="https://site/r/NAME#1.SECRET">`: one picture of a meeting, without any controls. It is in the meeting as a
 * viewer, whom the others see in their list. Attributes: `link`, `name` (the viewer's), `passphrase`, `participant` (a name;
 * else whoever is there longest), `source` ("camera", "screen"; else a screen while there is one), `sound`. Style:
 * `--mqtt-meet-fit` as object-fit. Event: `mqtt-meet-state`.
 */
export class MeetingViewElement extends HTMLElement {
  static readonly observedAttributes = [...JOINS, "participant", "source", "sound"];
  readonly #face = new ElementFace(this);
  readonly #video = document.createElement("video");
  #life: AbortController | undefined;
  #room: WatchedRoom | undefined;
  #planned: "join" | "show" | undefined;
  #told = "";
  #atDoor = false;

  constructor() {
    super();
    this.addEventListener("click", () => void this.#room?.resumeAudio());
  }

  /** The meeting's link; as the attribute. */
  get link(): string {
    return this.getAttribute("link") ?? "";
  }

  set link(link: string) {
    this.setAttribute("link", link);
  }

  connectedCallback(): void {
    this.#plan("join");
  }

  attributeChangedCallback(attribute: string): void {
    this.#plan(JOINS.includes(attribute) ? "join" : "show");
  }

  disconnectedCallback(): void {
    this.#plan("join");
  }

  /** Once, however many attributes change together. */
  #plan(what: "join" | "show"): void {
    const isFirst = this.#planned === undefined;
    if (isFirst || what === "join") this.#planned = what;
    if (!isFirst) return;
    queueMicrotask(() => {
      const planned = this.#planned;
      this.#planned = undefined;
      if (planned === "join") this.#begin();
      else this.#want();
    });
  }

  #begin(): void {
    this.#end();
    if (!this.isConnected) return;
    const words = wordsOf(this);
    if (this.link === "") {
      this.#face.say(words.noLink);
      return;
    }
    if (!roomAddress(this.link)) {
      this.#fail(words.badLink);
      return;
    }
    const life = new AbortController();
    this.#life = life;
    void this.#watch(life.signal);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const words = wordsOf(this);
    this.#face.show(this.#video);
    this.#tell({ state: "joining" }, words.joining);
    const onStanding = (standing: DoorStanding) => {
      if (signal.aborted) return;
      this.#atDoor = true;
      this.#tell({ state: "joining", standing }, words.atDoor[standing]);
    };
    try {
      const room = await this.#join(signal, onStanding);
      this.#atDoor = false;
      if (signal.aborted) await room.close();
      else {
        this.#room = room;
        this.#want();
      }
    } catch (error) {
      if (!signal.aborted) this.#fail(this.#sentenceOf(error));
    }
  }

  async #join(signal: AbortSignal, onStanding: (standing: DoorStanding) => void): Promise<WatchedRoom> {
    const passphrase = this.getAttribute("passphrase") ?? undefined;
    // Fetched only for a meeting: a page with an empty element loads next to nothing.
    const { watchRoom } = await import("./watched-room.ts");
    return watchRoom(this.link, {
      name: this.getAttribute("name")?.trim() || location.host || "View",
      kind: "viewer",
      ...(passphrase === undefined ? {} : { passphrase }),
      ...{ signal, onStanding, video: this.#video, onChange: (state: WatchedState) => this.#changed(state, signal) },
    });
  }

  #want(): void {
    const [participant, source] = ["participant", "source"].map((name) => this.getAttribute(name) ?? undefined);
    this.#room?.want({ participant, source }, { sound: this.hasAttribute("sound") });
  }

  #changed({ connection, showing, people, silenced }: WatchedState, signal: AbortSignal): void {
    if (signal.aborted) return;
    const words = wordsOf(this);
    if (connection.status === "closed") {
      this.#room = undefined;
      if (connection.error) this.#fail(this.#sentenceOf(connection.error));
      else this.#tell({ state: "left" }, words.over);
    } else if (connection.status !== "connected") this.#tell({ state: "reconnecting", people }, words.reconnecting);
    else if (showing) this.#tell({ state: "showing", people }, silenced ? words.hear : "");
    else this.#tell({ state: "waiting", people }, words.waiting);
  }

  #end(): void {
    this.#life?.abort();
    void this.#room?.close();
    this.#room = undefined;
    this.#told = "";
    this.#atDoor = false;
    this.#face.show(undefined);
    this.#face.say("");
  }

  #fail(sentence: string): void {
    this.#tell({ state: "failed", sentence }, sentence);
  }

  /** Says `line` and tells listeners, unless it is what they know. */
  #tell(detail: ElementStateDetail, line: string): void {
    this.#face.say(line);
    const told = JSON.stringify(detail);
    if (told === this.#told) return;
    this.#told = told;
    tellState(this, detail);
  }

  #sentenceOf(error: unknown): string {
    const words = wordsOf(this);
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const { site = "" } = roomAddress(this.link) ?? {};
    if (code === "server-unreachable") return words.refused(site, location.origin);
    if (code === "removed" && this.#atDoor) return words.turnedAway;
    if (code === "worker-failed") return words.blocked(site);
    return words.failures[code] ?? (error instanceof Error ? error.message : String(error));
  }
}
