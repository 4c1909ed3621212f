/** What Janus sends; only what is read here. */
export interface JanusReply {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly plugindata?: { readonly data: JanusAnswer };
  readonly jsep?: RTCSessionDescriptionInit;
}

/** What its video room says: https://janus.conf.meetecho.com/docs/videoroom.html */
interface JanusAnswer {
  readonly id?: number;
  readonly publishers?: readonly { readonly id: number }[];
  readonly participants?: readonly { readonly id: number; readonly publisher: boolean }[];
  readonly streams?: readonly { readonly mid: string; readonly feed_id?: number }[];
  readonly error?: string;
}

/** A session needs a sign of life once a minute. */
const KEEP_ALIVE_MS = 25_000;

/** A connection with Janus, which carries all that a page has to say to it. */
export class JanusSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (reply: JanusReply) => void>();
  #id = 0;
  #transactions = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const reply = JSON.parse(String(data)) as JanusReply;
      if (reply.janus === "ack") return; // what is asynchronous has an event with the same transaction
      this.#waiting.get(reply.transaction ?? "")?.(reply);
    };
  }

  static async open(address: string): Promise<JanusSession> {
    const socket = new WebSocket(address, "janus-protocol");
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`No connection to Janus at ${address}.`));
    });
    const session = new JanusSession(socket);
    await session.#create();
    return session;
  }

  /** A handle of the video room: one for what a page sends, one for what it receives. */
  async attach(): Promise<JanusHandle> {
    const attached = await this.ask({ janus: "attach", plugin: "janus.plugin.videoroom" });
    return new JanusHandle(this, attached.data?.id ?? 0);
  }

  /** Resolves with the answer. */
  ask(message: object): Promise<JanusReply> {
    return new Promise((resolve) => {
      const transaction = this.send(message);
      this.#waiting.set(transaction, (reply) => {
        this.#waiting.delete(transaction);
        resolve(reply);
      });
    });
  }

  /** Returns what the answer carries, too. */
  send(message: object): string {
    const transaction = String(this.#transactions++);
    const session = this.#id === 0 ? {} : { session_id: this.#id };
    this.#socket.send(JSON.stringify({ ...message, ...session, transaction }));
    return transaction;
  }

  async #create(): Promise<void> {
    const created = await this.ask({ janus: "create" });
    this.#id = created.data?.id ?? 0;
    setInterval(() => this.send({ janus: "keepalive" }), KEEP_ALIVE_MS);
  }
}

/** One of a session's handles of the video room. */
export class JanusHandle {
  readonly #session: JanusSession;
  readonly #id: number;

  constructor(session: JanusSession, id: number) {
    this.#session = session;
    this.#id = id;
  }

  async request(body: object, jsep?: RTCSessionDescriptionInit): Promise<JanusReply> {
    const message = { janus: "message", handle_id: this.#id, body, ...(jsep ? { jsep } : {}) };
    const reply = await this.#session.ask(message);
    const error = reply.plugindata?.data.error;
    if (error !== undefined) throw new Error(`Janus: ${error}`);
    return reply;
  }

  trickle(connection: RTCPeerConnection): void {
    connection.onicecandidate = ({ candidate }) =>
      this.#session.send({
        janus: "trickle",
        handle_id: this.#id,
        candidate: candidate?.toJSON() ?? { completed: true },
      });
  }
}
