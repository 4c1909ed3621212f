import {
  type ByteStream,
  type ConnackPacket,
  Connection,
  type ConnectionOptions,
  type ProtocolLevel,
} from "@mqtt-meet/mqtt";
import { credentialsOf, dialUrl } from "@mqtt-meet/mqtt/node";
import {
  deriveRoom,
  newPeer,
  type Peer,
  type RoomAccess,
  roomPassword,
  TopicScheme,
  topicLevel,
} from "@mqtt-meet/protocol";

const TRACK = topicLevel("doctor");
const FRAME_OFFSET = 4;

/** A member of the doctor's own room. */
export interface ProbeClient extends AsyncDisposable {
  readonly peer: Peer["peer"];
  readonly connection: Connection;
  readonly properties: ConnackPacket["properties"];
  /** The socket below. */
  readonly stream: ByteStream;
}

/** A room that nobody else knows, on the broker that is examined. */
export class ProbeRoom {
  readonly topics: TopicScheme;
  readonly url: string;
  readonly #access: RoomAccess;

  private constructor(url: string, access: RoomAccess) {
    this.url = url;
    this.#access = access;
    this.topics = new TopicScheme(access.room);
  }

  static async create(url: string): Promise<ProbeRoom> {
    return new ProbeRoom(url, await deriveRoom(crypto.getRandomValues(new Uint8Array(32))));
  }

  /** Connects as a new member: with the account of the URL, or with what proves the room. Rejects as a connection does. */
  async enter(
    options: { readonly level?: ProtocolLevel | undefined; readonly signal?: AbortSignal } = {},
  ): Promise<ProbeClient> {
    const { peer, peerSecret } = await newPeer();
    const { room, authToken } = this.#access;
    const account = credentialsOf(this.url);
    const credentials =
      account.username === undefined ? { username: room, password: roomPassword(authToken, peerSecret) } : account;
    let stream: ByteStream | undefined;
    let properties: ConnackPacket["properties"];
    const dial: ConnectionOptions["dial"] = async (dialOptions) => {
      stream = await dialUrl(this.url)(dialOptions);
      return stream;
    };
    const onConnected: ConnectionOptions["onConnected"] = (info) => {
      properties = info.properties;
    };
    const { level, signal } = options;
    const connection = new Connection({ dial, clientId: peer, ...credentials, level, reconnect: false, onConnected });
    try {
      await connection.connected({ signal });
    } catch (error) {
      await connection.close();
      throw error;
    }
    const close = () => connection.close();
    return { peer, connection, properties, stream: stream as unknown as ByteStream, [Symbol.asyncDispose]: close };
  }

  /** Where `peer` sends its pictures. */
  video(peer: Peer["peer"]): string {
    return this.topics.video(peer, TRACK, 0, 0);
  }

  videoFilter(peer: Peer["peer"]): string {
    return this.topics.videoFilter(peer, TRACK, 0);
  }
}

/** A packet of video that is a key frame of its own, so that no broker of ours drops those after it. */
export function probePacket(number: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(sizeBytes, 17));
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, 3);
  view.setUint32(FRAME_OFFSET, number);
  view.setBigUint64(8, BigInt(Date.now() * 1000));
  return bytes;
}

/** Which packet of {@link probePacket} this is. */
export function probeNumber(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.length).getUint32(FRAME_OFFSET);
}
