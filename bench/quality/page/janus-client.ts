import type { Sending, Viewing } from "./contender.ts";
import { limit, prefer, view } from "./peer-connection.ts";

/** The room that every server of the bench has. */
const ROOM = 1234;

/** What Janus sends; only what is read here. */
interface Reply {
  readonly janus: string;
  readonly transaction?: string;
  readonly data?: { readonly id: number };
  readonly plugindata?: {
    readonly data: { readonly publishers?: readonly { readonly id: number }[]; readonly error?: string };
  };
  readonly jsep?: RTCSessionDescriptionInit;
}

/** One handle of Janus's video room: https://janus.conf.meetecho.com/docs/videoroom.html */
class JanusHandle {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #ids: Readonly<Record<string, number>> = {};
  #transactions = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.janus === "ack") return; // what is asynchronous has an event with the same transaction
      this.#waiting.get(reply.transaction ?? "")?.(reply);
    };
  }

  static async open(address: string): Promise<JanusHandle> {
    const socket = new WebSocket(address, "janus-protocol");
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error(`No connection to Janus at ${address}.`));
    });
    const handle = new JanusHandle(socket);
    const session = await handle.#ask({ janus: "create" });
    handle.#name({ session_id: session.data?.id ?? 0 });
    const attached = await handle.#ask({ janus: "attach", plugin: "janus.plugin.videoroom" });
    handle.#name({ handle_id: attached.data?.id ?? 0 });
    setInterval(() => handle.#send({ janus: "keepalive", session_id: session.data?.id }), 25_000);
    return handle;
  }

  async request(body: object, jsep?: RTCSessionDescriptionInit): Promise<Reply> {
    const reply = await this.#ask({ janus: "message", body, ...(jsep ? { jsep } : {}) });
    const error = reply.plugindata?.data.error;
    if (error !== undefined) throw new Error(`Janus: ${error}`);
    return reply;
  }

  trickle(connection: RTCPeerConnection): void {
    connection.onicecandidate = ({ candidate }) =>
      this.#send({ janus: "trickle", ...this.#ids, candidate: candidate?.toJSON() ?? { completed: true } });
  }

  /** From now on every message carries these. */
  #name(ids: Readonly<Record<string, number>>): void {
    this.#ids = { ...this.#ids, ...ids };
  }

  #ask(message: object): Promise<Reply> {
    return new Promise((resolve) => {
      const transaction = this.#send({ ...message, ...this.#ids });
      this.#waiting.set(transaction, (reply) => {
        this.#waiting.delete(transaction);
        resolve(reply);
      });
    });
  }

  #send(message: object): string {
    const transaction = String(this.#transactions++);
    this.#socket.send(JSON.stringify({ ...message, transaction }));
    return transaction;
  }
}

/** Puts a camera and a microphone into Janus's room. */
export async function publishInJanus(address: string, sending: Sending): Promise<void> {
  const handle = await JanusHandle.open(address);
  const connection = new RTCPeerConnection();
  handle.trickle(connection);
  const stream = new MediaStream([sending.picture, sending.sound]);
  const sender = connection.addTrack(sending.picture, stream);
  connection.addTrack(sending.sound, stream);
  for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendonly";
  prefer(connection, sending.codec);
  await handle.request({ request: "join", ptype: "publisher", room: ROOM });
  await connection.setLocalDescription();
  const { type, sdp } = connection.localDescription ?? {};
  const offer = { type: type ?? "offer", sdp: sdp ?? "" };
  const { jsep } = await handle.request({ request: "publish", bitrate: sending.bitrateBps }, offer);
  if (jsep === undefined) throw new Error("Janus did not answer the offer.");
  await connection.setRemoteDescription(jsep);
  await limit(sender, sending);
}

/** Joins Janus's room and shows whoever publishes there on `element`. */
export async function watchJanus(address: string, element: HTMLVideoElement): Promise<Viewing> {
  const glance = await JanusHandle.open(address);
  const joined = await glance.request({ request: "join", ptype: "publisher", room: ROOM });
  const feed = joined.plugindata?.data.publishers?.[0]?.id;
  if (feed === undefined) throw new Error("Nobody publishes in Janus's room.");
  const handle = await JanusHandle.open(address);
  const connection = new RTCPeerConnection();
  handle.trickle(connection);
  const viewing = view(connection, element);
  const { jsep } = await handle.request({ request: "join", ptype: "subscriber", room: ROOM, streams: [{ feed }] });
  if (jsep === undefined) throw new Error("Janus made no offer.");
  await connection.setRemoteDescription(jsep);
  await connection.setLocalDescription();
  const { type, sdp } = connection.localDescription ?? {};
  await handle.request({ request: "start", room: ROOM }, { type: type ?? "answer", sdp: sdp ?? "" });
  return viewing;
}
