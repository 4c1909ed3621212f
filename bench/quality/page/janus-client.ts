import type { Sending, Viewing } from "./contender.ts";
import { type JanusHandle, JanusSession } from "./janus-session.ts";
import { limit, prefer, view } from "./peer-connection.ts";

/** The room that every server of the bench has. */
export const ROOM = 1234;

/** Puts a camera and a microphone into Janus's room. Returns the number under which they are there. */
export async function publishInJanus(handle: JanusHandle, sending: Sending): Promise<number> {
  const connection = new RTCPeerConnection();
  handle.trickle(connection);
  const stream = new MediaStream([sending.picture, sending.sound]);
  const sender = connection.addTrack(sending.picture, stream);
  connection.addTrack(sending.sound, stream);
  for (const transceiver of connection.getTransceivers()) transceiver.direction = "sendonly";
  prefer(connection, sending.codec);
  const joined = await handle.request({ request: "join", ptype: "publisher", room: ROOM });
  await connection.setLocalDescription();
  const { type, sdp } = connection.localDescription ?? {};
  const offer = { type: type ?? "offer", sdp: sdp ?? "" };
  const { jsep } = await handle.request({ request: "publish", bitrate: sending.bitrateBps }, offer);
  if (jsep === undefined) throw new Error("Janus did not answer the offer.");
  await connection.setRemoteDescription(jsep);
  await limit(sender, sending);
  return joined.plugindata?.data.id ?? 0;
}

/** What a page has of Janus before it enters a room. */
export interface JanusLobby {
  readonly member: JanusHandle;
  readonly subscriber: JanusHandle;
}

/** Nobody in the room sees that a page has a session and its handles, so it may have them before somebody enters. */
export async function lobbyOfJanus(address: string): Promise<JanusLobby> {
  const session = await JanusSession.open(address);
  const [member, subscriber] = await Promise.all([session.attach(), session.attach()]);
  return { member, subscriber };
}

/** Joins Janus's room, out of a lobby or without one, and shows whoever publishes there on `element`. */
export async function watchJanus(
  address: string,
  { element, lobby }: { readonly element: HTMLVideoElement; readonly lobby: JanusLobby | undefined },
): Promise<Viewing> {
  const { member, subscriber } = lobby ?? (await lobbyOfJanus(address));
  const joined = await member.request({ request: "join", ptype: "publisher", room: ROOM });
  const feed = joined.plugindata?.data.publishers?.[0]?.id;
  if (feed === undefined) throw new Error("Nobody publishes in Janus's room.");
  const connection = new RTCPeerConnection();
  const viewing = view(connection, element);
  await subscribe(subscriber, { connection, feeds: [feed] });
  return viewing;
}

/** Has `feeds` sent over `connection`. Returns whose each part of it is: a feed's number by the part's name. */
export async function subscribe(
  handle: JanusHandle,
  { connection, feeds }: { readonly connection: RTCPeerConnection; readonly feeds: readonly number[] },
): Promise<ReadonlyMap<string, number>> {
  handle.trickle(connection);
  const streams = feeds.map((feed) => ({ feed }));
  const { jsep, plugindata } = await handle.request({ request: "join", ptype: "subscriber", room: ROOM, streams });
  if (jsep === undefined) throw new Error("Janus made no offer.");
  await connection.setRemoteDescription(jsep);
  await connection.setLocalDescription();
  const { type, sdp } = connection.localDescription ?? {};
  await handle.request({ request: "start", room: ROOM }, { type: type ?? "answer", sdp: sdp ?? "" });
  return new Map((plugindata?.data.streams ?? []).map(({ mid, feed_id = 0 }) => [mid, feed_id]));
}
