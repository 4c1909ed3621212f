import { type ByteStream, Connection, type ConnectionOptions } from "@mqtt-meet/mqtt";
import { dialUrl } from "@mqtt-meet/mqtt/node";
import { deriveRoom, type MeetingLink, newPeer, type PeerId, roomPassword, TopicScheme } from "@mqtt-meet/protocol";
import type { Way } from "./way.ts";

/** A participant without the SDK: its connections can be stalled and cut. */
export class RawPeer implements AsyncDisposable {
  readonly peer: PeerId;
  readonly topics: TopicScheme;
  readonly #options: Pick<ConnectionOptions, "username" | "password">;
  readonly #url: string;
  readonly #connections: Connection[] = [];
  readonly #streams = new Map<string, ByteStream>();

  private constructor(own: {
    readonly peer: PeerId;
    readonly topics: TopicScheme;
    readonly url: string;
    readonly options: Pick<ConnectionOptions, "username" | "password">;
  }) {
    this.peer = own.peer;
    this.topics = own.topics;
    this.#url = own.url;
    this.#options = own.options;
  }

  /** A new peer of the room of `link`. */
  static async create(way: Way, link: MeetingLink): Promise<RawPeer> {
    const [access, { peer, peerSecret }] = await Promise.all([deriveRoom(link.secret ?? new Uint8Array(0)), newPeer()]);
    const proof = { username: access.room, password: roomPassword(access.authToken, peerSecret) };
    const topics = new TopicScheme(access.room);
    return new RawPeer({ peer, topics, url: way.url, options: way.account ?? proof });
  }

  /** Opens the main connection (`suffix` is empty) or another one. */
  async connect(suffix = "", options: Partial<ConnectionOptions> = {}): Promise<Connection> {
    const dial: ConnectionOptions["dial"] = async (dialOptions) => {
      const stream = await dialUrl(this.#url)(dialOptions);
      this.#streams.set(suffix, stream);
      return stream;
    };
    const clientId = this.peer + suffix;
    const connection = new Connection({ dial, clientId, reconnect: false, ...this.#options, ...options });
    this.#connections.push(connection);
    await connection.connected();
    return connection;
  }

  /** The socket below a connection. */
  stream(suffix = ""): ByteStream {
    const stream = this.#streams.get(suffix);
    if (!stream) throw new Error(`There is no connection ${suffix}.`);
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}
