import type { PersonInside } from "@mqtt-meet/sdk";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { MeetingPart, VisitPhase } from "./visit.ts";

/** Who is in a room, for as long as its lobby shows. */
export class InsideWatch {
  readonly #people = signal<readonly PersonInside[] | undefined>(undefined);
  /** Undefined while it is not known. */
  readonly people: ReadonlySignal<readonly PersonInside[] | undefined> = this.#people;
  readonly #dispose: () => void;
  #looking: AbortController | undefined;

  constructor(options: {
    readonly link: string;
    readonly phase: ReadonlySignal<VisitPhase>;
    readonly load: () => Promise<Pick<MeetingPart, "lookInside">>;
  }) {
    const { link, phase, load } = options;
    this.#dispose = effect(() => {
      if (phase.value.name === "lobby") void this.#look(link, load);
      else this.#stop();
    });
  }

  close(): void {
    this.#dispose();
    this.#stop();
  }

  async #look(link: string, load: () => Promise<Pick<MeetingPart, "lookInside">>): Promise<void> {
    this.#stop();
    const looking = new AbortController();
    this.#looking = looking;
    const { signal: ending } = looking;
    const onPeople = (people: readonly PersonInside[]) => {
      if (!ending.aborted) this.#people.value = people;
    };
    // What cannot be fetched now is told when somebody joins.
    await load()
      .then(({ lookInside }) => lookInside(link, { onPeople, signal: ending }))
      .catch(() => undefined);
  }

  #stop(): void {
    this.#looking?.abort();
    this.#people.value = undefined;
  }
}
