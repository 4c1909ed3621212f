import type { ServerCertificate } from "./certificates.ts";

/** What a {@link LiveCertificate} needs. */
export interface LiveCertificateOptions {
  readonly first: ServerCertificate;
  /** Reads it once more. Rejects when there is none that can be used. */
  readonly load: () => Promise<ServerCertificate>;
  /** How often to look. */
  readonly everyMs: number;
  /** Told of a certificate that cannot be used, once for each reason; the old one stays. */
  readonly onProblem: (error: unknown) => void;
}

/** A certificate that is renewed while the server runs. */
export class LiveCertificate {
  readonly #options: LiveCertificateOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #listeners: ((certificate: ServerCertificate) => void)[] = [];
  #current: ServerCertificate;
  #problem = "";
  #reading: Promise<void> = Promise.resolve();

  constructor(options: LiveCertificateOptions) {
    this.#options = options;
    this.#current = options.first;
    this.#timer = setInterval(() => void this.reload(), options.everyMs).unref();
  }

  get current(): ServerCertificate {
    return this.#current;
  }

  /** Calls `listener` with every new certificate. */
  onChange(listener: (certificate: ServerCertificate) => void): void {
    this.#listeners.push(listener);
  }

  /** Looks now. Never rejects: what cannot be used is told, and the old one stays. */
  reload(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    try {
      const next = await this.#options.load();
      this.#problem = "";
      if (next.key === this.#current.key && next.chain === this.#current.chain) return;
      for (const listener of this.#listeners) listener(next);
      this.#current = next;
    } catch (error) {
      const problem = String(error);
      if (problem !== this.#problem) this.#options.onProblem(error);
      this.#problem = problem;
    }
  }
}
