import { type DoorStanding, SdkError } from "@mqtt-meet/sdk";
import { fromPlainError } from "./plain-error.ts";
import type { Call, Calls, FromWorker, Mirrored, ToWorker } from "./worker-messages.ts";

/** Whom a {@link WorkerClient} tells. */
export interface WorkerEvents {
  readonly onChange: (change: Partial<Mirrored>) => void;
  readonly onEnded: (id: string) => void;
  /** The sound track `to` is played where `from` was. */
  readonly onMoved: (move: { readonly from: string; readonly to: string }) => void;
  readonly onStanding: (standing: DoorStanding) => void;
  /** The worker could not be loaded, or failed; nothing comes from it any more. */
  readonly onCrash: (error: SdkError) => void;
}

/** The window's end of the room's worker: calls with answers, and messages without. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #events: WorkerEvents;
  readonly #waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  #lastId = 0;
  #closed: SdkError | undefined;

  /** Takes `worker` over. */
  constructor(worker: Worker, events: WorkerEvents) {
    this.#worker = worker;
    this.#events = events;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    // Not prevented: the browser tells it at the console, with the place.
    worker.onerror = (event) => this.#crash(event.message);
    worker.onmessageerror = () => this.#crash("a message could not be read");
  }

  /** Resolves with the worker's answer. Rejects with its error, or when there is no worker any more. */
  call<Name extends keyof Calls>(
    name: Name,
    options: Calls[Name]["options"],
    transfer: Transferable[] = [],
  ): Promise<Calls[Name]["result"]> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.post({ type: "call", id, call: { name, options } as Call }, transfer);
    });
  }

  post(message: ToWorker, transfer: Transferable[] = []): void {
    if (this.#closed === undefined) this.#worker.postMessage(message, transfer);
  }

  /** Ends the worker at once. */
  close(reason: SdkError = new SdkError("room-closed", "The room was left.")): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "answer":
        this.#settle(message.id)?.resolve(message.result as never);
        break;
      case "refusal":
        this.#settle(message.id)?.reject(fromPlainError(message.error));
        break;
      case "changed":
        this.#events.onChange(message.change);
        break;
      case "standing":
        this.#events.onStanding(message.standing);
        break;
      case "ended":
        this.#events.onEnded(message.id);
        break;
      case "moved":
        this.#events.onMoved(message);
        break;
    }
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #crash(what: string): void {
    if (this.#closed !== undefined) return;
    const cause = new Error(what);
    const error = new SdkError("worker-failed", "The part of the page that holds the meeting failed.", { cause });
    this.close(error);
    this.#events.onCrash(error);
  }
}
