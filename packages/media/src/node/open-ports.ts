/** An open encoder or decoder whose native side ends after `close`. */
export interface OpenPort {
  close(): void;
  /** Resolves when everything native is freed. */
  readonly done: Promise<void>;
}

/**
 * The open ports of a backend. A process that ends while another thread still encodes may crash, so the end of all is
 * waited for.
 */
export class OpenPorts {
  readonly #ports = new Set<OpenPort>();

  /** Remembers `port` until it has ended, and returns it. */
  add<Port extends OpenPort>(port: Port): Port {
    this.#ports.add(port);
    void port.done.then(() => this.#ports.delete(port));
    return port;
  }

  /** Closes what is open; resolves when all of it has ended. */
  async close(): Promise<void> {
    const ports = [...this.#ports];
    for (const port of ports) port.close();
    await Promise.all(ports.map(({ done }) => done));
  }
}
