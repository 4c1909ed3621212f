import { encodePacket } from "@mqtt-meet/mqtt";
import { newPeer, openRoomPassword, roomNameToLevel, TopicScheme, topicLevel, writePacket } from "@mqtt-meet/protocol";
import { clientFrame, type LightSocket, openLightSocket, serverFrameBytes } from "../fan-out/light-socket.ts";
import { MARK_BYTES, putMark, stampPlace } from "../support/sending-mark.ts";
import type { Recording } from "./recording.ts";

/** Participants are browsers. Without TLS, which is the system's work or a proxy's as well as ours. */
const TRANSPORT = "websocket";
const LEVEL = 4;
const QOS_0 = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
const MAX_FILTERS = 64;
/** What SFrame adds to a frame: a header and a tag. The broker sees nothing else of the encryption. */
const SEALED_BYTES = 25;
const CONNACK_BYTES = 4;
const TRACK = { video: topicLevel("camera"), audio: topicLevel("microphone") };

/** One message as it goes to the socket, without its time. */
export interface Message {
  readonly frame: Buffer;
  readonly place: number;
  /** What each receiver gets of it. */
  readonly deliveredBytes: number;
}

/** What somebody sends over and over. */
export interface Messages {
  readonly pictures: readonly Message[];
  readonly sounds: readonly Message[];
}

/** Somebody in a room with the three connections of a participant, as light as can be: sound and words, pictures up, pictures down. */
export class LightPerson implements Disposable {
  readonly messages: Messages | undefined;
  readonly #peer: string;
  readonly #scheme: TopicScheme;
  readonly #sockets: { readonly sound: LightSocket; readonly up: LightSocket | undefined; readonly down: LightSocket };

  private constructor(options: {
    readonly messages: Messages | undefined;
    readonly peer: string;
    readonly scheme: TopicScheme;
    readonly sockets: { readonly sound: LightSocket; readonly up: LightSocket | undefined; readonly down: LightSocket };
  }) {
    this.messages = options.messages;
    this.#peer = options.peer;
    this.#scheme = options.scheme;
    this.#sockets = options.sockets;
  }

  /** Connects to the open room `room` of a server. Without a recording it sends nothing. */
  static async join(
    port: number,
    options: {
      readonly room: string;
      readonly recording: Recording | undefined;
      readonly onSound?: ((chunk: Uint8Array) => void) | undefined;
      readonly onPictures?: ((chunk: Uint8Array) => void) | undefined;
    },
  ): Promise<LightPerson> {
    const { recording, onSound, onPictures } = options;
    const room = roomNameToLevel(options.room);
    const scheme = new TopicScheme(room);
    const { peer, peerSecret } = await newPeer();
    const password = new TextEncoder().encode(openRoomPassword(peerSecret));
    const open = async (clientId: string, onBytes?: (chunk: Uint8Array) => void) => {
      const light = await openLightSocket(port, TRANSPORT, onBytes);
      const account = { username: room, password };
      send(light, { type: "connect", level: LEVEL, clientId, cleanStart: true, keepAliveS: 60, ...account });
      await answered(light, serverFrameBytes(CONNACK_BYTES, TRANSPORT));
      return light;
    };
    const sockets = {
      sound: await open(peer, onSound),
      up: recording && (await open(`${peer}.B`)),
      down: await open(`${peer}.C`, onPictures),
    };
    const messages = recording && {
      pictures: recording.pictures.map((frame) => {
        const header = { keyFrame: frame.keyFrame, bytes: frame.data.length };
        return message(scheme.video(peer, TRACK.video, 0, 0), header);
      }),
      sounds: recording.sounds.map((data) =>
        message(scheme.audio(peer, TRACK.audio), { keyFrame: true, bytes: data.length }),
      ),
    };
    return new LightPerson({ messages, peer, scheme, sockets });
  }

  get pictures(): LightSocket | undefined {
    return this.#sockets.up;
  }

  get sound(): LightSocket {
    return this.#sockets.sound;
  }

  /** Bytes that came on both connections. */
  get receivedBytes(): number {
    return this.#sockets.sound.receivedBytes() + this.#sockets.down.receivedBytes();
  }

  /** Subscribes to the others; resolves when the server has granted it. */
  async follow(others: {
    readonly seen: readonly LightPerson[];
    readonly heard: readonly LightPerson[];
  }): Promise<void> {
    const peer = (person: LightPerson) => topicLevel(person.#peer);
    const [seen, heard] = [
      others.seen.map((person) => this.#scheme.videoFilter(peer(person), TRACK.video, 0)),
      others.heard.map((person) => this.#scheme.audioFilter(peer(person))),
    ];
    await Promise.all([subscribe(this.#sockets.down, seen), subscribe(this.#sockets.sound, heard)]);
  }

  [Symbol.dispose](): void {
    for (const light of Object.values(this.#sockets)) light?.socket.destroy();
  }
}

async function subscribe(light: LightSocket, filters: readonly string[]): Promise<void> {
  for (let from = 0, packetId = 1; from < filters.length; from += MAX_FILTERS, packetId++) {
    const some = filters.slice(from, from + MAX_FILTERS);
    const before = light.receivedBytes();
    send(light, { type: "subscribe", packetId, subscriptions: some.map((filter) => ({ filter, ...QOS_0 })) });
    await answered(light, before + serverFrameBytes(4 + some.length, TRANSPORT));
  }
}

function send(light: LightSocket, packet: Parameters<typeof encodePacket>[0]): void {
  light.socket.write(clientFrame(encodePacket(packet, LEVEL), TRANSPORT));
}

async function answered(light: LightSocket, bytes: number): Promise<void> {
  while (light.receivedBytes() < bytes) {
    if (light.socket.destroyed) throw new Error("The server ended a connection of the load.");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A frame that fits into one packet: at these sizes all do. */
function message(topic: string, { keyFrame, bytes }: { readonly keyFrame: boolean; readonly bytes: number }): Message {
  const body = new Uint8Array(Math.max(MARK_BYTES, bytes + SEALED_BYTES));
  putMark(body);
  const flags = { keyFrame, lastFragment: true, encrypted: false, discardable: false, rootKeyed: false, will: false };
  const payload = writePacket({ ...flags, fragment: 0, frame: 0, timestampUs: 0 }, body);
  const packet = encodePacket({ type: "publish", topic, payload, qos: 0, retain: false, dup: false }, LEVEL);
  const frame = clientFrame(packet, TRANSPORT);
  return { frame, place: stampPlace(frame), deliveredBytes: serverFrameBytes(packet.length, TRANSPORT) };
}
