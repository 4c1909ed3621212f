import type { Counts, Sending, Viewing } from "./contender.ts";

/** What the two ends of a peer connection tell each other. */
export type Signal =
  | { readonly type: "offer" | "answer"; readonly sdp: string }
  | { readonly type: "candidate"; readonly candidate: RTCIceCandidateInit };

/** The codec, and the most that its pictures may take. Everything else is left as browsers have it. */
export async function limit(
  sender: RTCRtpSender,
  { bitrateBps, codec, fps }: Pick<Sending, "bitrateBps" | "codec" | "fps">,
): Promise<void> {
  const parameters = sender.getParameters();
  for (const encoding of parameters.encodings) Object.assign(encoding, { maxBitrate: bitrateBps, maxFramerate: fps });
  await sender.setParameters(parameters);
  if (parameters.codecs[0] && !isCodec(parameters.codecs[0], codec)) throw new Error(`It does not send ${codec}.`);
}

/** Takes only one codec for pictures. */
export function prefer(connection: RTCPeerConnection, codec: Sending["codec"]): void {
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  const wanted = codecs.filter((known) => isCodec(known, codec) || known.mimeType === "video/rtx");
  for (const transceiver of connection.getTransceivers()) {
    if (transceiver.receiver.track.kind === "video") transceiver.setCodecPreferences(wanted);
  }
}

function isCodec({ mimeType }: { readonly mimeType: string }, codec: Sending["codec"]): boolean {
  return mimeType.toLowerCase() === `video/${codec}`;
}

/**
 * Waits to be called by viewers and answers each over a connection of its own with the camera and the microphone. Returns what is to be
 * called with each signal of viewer `n`.
 */
export function answerCalls(
  sending: Sending,
  tell: (viewer: number, signal: Signal) => void,
): (viewer: number, signal: Signal) => Promise<void> {
  const calls = new Map<number, (signal: Signal) => Promise<void>>();
  return async (viewer, signal) => {
    const hear = calls.get(viewer) ?? answerCall(sending, (answer) => tell(viewer, answer));
    calls.set(viewer, hear);
    await hear(signal);
  };
}

function answerCall(sending: Sending, tell: (signal: Signal) => void): (signal: Signal) => Promise<void> {
  const connection = new RTCPeerConnection();
  const stream = new MediaStream([sending.picture, sending.sound]);
  connection.onicecandidate = ({ candidate }) =>
    candidate && tell({ type: "candidate", candidate: candidate.toJSON() });
  const sender = connection.addTrack(sending.picture, stream);
  connection.addTrack(sending.sound, stream);
  return async (signal) => {
    if (signal.type === "candidate") return await connection.addIceCandidate(signal.candidate);
    await connection.setRemoteDescription(signal);
    prefer(connection, sending.codec);
    await connection.setLocalDescription();
    tell({ type: "answer", sdp: connection.localDescription?.sdp ?? "" });
    await limit(sender, sending);
  };
}

/** Calls the sender. Returns what arrives, and what is to be called with each signal of the sender. */
export async function call(
  codec: Sending["codec"],
  { element, tell }: { readonly element: HTMLVideoElement; readonly tell: (signal: Signal) => void },
): Promise<{ viewing: Viewing; hear: (signal: Signal) => Promise<void> }> {
  const connection = new RTCPeerConnection();
  connection.onicecandidate = ({ candidate }) =>
    candidate && tell({ type: "candidate", candidate: candidate.toJSON() });
  connection.addTransceiver("audio", { direction: "recvonly" });
  connection.addTransceiver("video", { direction: "recvonly" });
  prefer(connection, codec);
  const viewing = view(connection, element);
  await connection.setLocalDescription();
  tell({ type: "offer", sdp: connection.localDescription?.sdp ?? "" });
  const hear = async (signal: Signal) => {
    if (signal.type === "candidate") await connection.addIceCandidate(signal.candidate);
    else await connection.setRemoteDescription(signal);
  };
  return { viewing, hear };
}

/** Shows and plays what comes out of a connection. */
export function view(connection: RTCPeerConnection, element: HTMLVideoElement): Viewing {
  const sound = new Promise<MediaStreamTrack>((resolve) => {
    connection.addEventListener("track", ({ track, streams }) => {
      if (streams[0] && element.srcObject !== streams[0]) element.srcObject = streams[0];
      if (track.kind === "audio") resolve(track.clone());
    });
  });
  return { sound, counts: () => countsOf(connection) };
}

async function countsOf(connection: RTCPeerConnection): Promise<Counts> {
  const reports: Record<string, unknown>[] = [...(await connection.getStats()).values()];
  const inbound = (kind: string) =>
    reports.find((report) => report["type"] === "inbound-rtp" && report["kind"] === kind) ?? {};
  const [picture, sound] = [inbound("video"), inbound("audio")];
  const number = (of: Record<string, unknown>, name: string) => Number(of[name] ?? 0);
  return {
    videoBytes: number(picture, "bytesReceived") - number(picture, "retransmittedBytesReceived"),
    totalSamples: number(sound, "totalSamplesReceived"),
    concealedSamples: number(sound, "concealedSamples"),
    widthPx: number(picture, "frameWidth"),
    heightPx: number(picture, "frameHeight"),
    queueMs: Number.NaN,
    about: JSON.stringify({ picture, sound }),
  };
}
