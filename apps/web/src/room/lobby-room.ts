import type { PreparedRoom } from "@mqtt-meet/sdk/browser";
import { effect, type ReadonlySignal } from "@preact/signals";
import type { MeetingPart, VisitPhase } from "./visit.ts";

/** The room behind a lobby, prepared for as long as the lobby shows, so that a click finds it ready. */
export class LobbyRoom {
  readonly #dispose: () => void;
  #ending: AbortController | undefined;
  #prepared: PreparedRoom | undefined;

  constructor(options: {
    readonly link: string;
    readonly phase: ReadonlySignal<VisitPhase>;
    readonly load: () => Promise<Pick<MeetingPart, "prepareRoom">>;
  }) {
    const { link, phase, load } = options;
    this.#dispose = effect(() => {
      const { name } = phase.value;
      if (name === "lobby") void this.#prepare(link, load);
      else if (name !== "joining") this.#end();
    });
  }

  /** What is prepared, which is the caller's from now on; undefined where nothing is yet. */
  take(): PreparedRoom | undefined {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    this.#end();
    return prepared;
  }

  close(): void {
    this.#dispose();
    this.#end();
  }

  async #prepare(link: string, load: () => Promise<Pick<MeetingPart, "prepareRoom">>): Promise<void> {
    this.#end();
    const ending = new AbortController();
    this.#ending = ending;
    try {
      const { prepareRoom } = await load();
      if (!ending.signal.aborted) this.#prepared = prepareRoom(link);
    } catch {
      // What is wrong with the link, the page or the browser is told when somebody joins.
    }
  }

  #end(): void {
    this.#ending?.abort();
    this.#prepared?.close();
    this.#prepared = undefined;
  }
}
