import type { Contender, Sending } from "./contender.ts";

/** Two peer connections of this page: the track goes into one and comes out of the other into a video element. */
export async function connectPeers({ track, codec, bitrateBps }: Sending): Promise<Contender> {
  const sender = new RTCPeerConnection();
  const receiver = new RTCPeerConnection();
  sender.onicecandidate = ({ candidate }) => void receiver.addIceCandidate(candidate ?? undefined);
  receiver.onicecandidate = ({ candidate }) => void sender.addIceCandidate(candidate ?? undefined);
  const element = document.createElement("video");
  Object.assign(element, { autoplay: true, muted: true, playsInline: true });
  receiver.ontrack = ({ track: received }) => {
    element.srcObject = new MediaStream([received]);
  };
  const transceiver = sender.addTransceiver(track, { direction: "sendonly" });
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${codec}`));
  await sender.setLocalDescription(await sender.createOffer());
  await receiver.setRemoteDescription({ type: "offer", sdp: sender.localDescription?.sdp ?? "" });
  await receiver.setLocalDescription(await receiver.createAnswer());
  await sender.setRemoteDescription({
    type: "answer",
    sdp: fullRateAtOnce(receiver.localDescription?.sdp ?? "", bitrateBps),
  });
  const parameters = transceiver.sender.getParameters();
  for (const encoding of parameters.encodings) Object.assign(encoding, { maxBitrate: bitrateBps, maxFramerate: 30 });
  await transceiver.sender.setParameters({ ...parameters, degradationPreference: "maintain-resolution" });
  return {
    element,
    describe: () => describePeers(sender, receiver),
    close: async () => {
      sender.close();
      receiver.close();
      element.remove();
    },
  };
}

/** Lets the sender begin with the bitrate that it may have, instead of finding out over several seconds. */
function fullRateAtOnce(sdp: string, bitrateBps: number): string {
  const kbps = Math.round(bitrateBps / 1000);
  const payload = /m=video \d+ \S+ (\d+)/.exec(sdp)?.[1];
  const line = `a=fmtp:${payload} x-google-start-bitrate=${kbps};x-google-max-bitrate=${kbps}`;
  const existing = new RegExp(`a=fmtp:${payload} (.*)`).exec(sdp);
  if (existing) return sdp.replace(existing[0], `${line};${existing[1]}`);
  return sdp.replace(new RegExp(`(a=rtpmap:${payload} .*\r\n)`), `$1${line}\r\n`);
}

async function describePeers(sender: RTCPeerConnection, receiver: RTCPeerConnection): Promise<string> {
  const out = await find(sender, "outbound-rtp");
  const into = await find(receiver, "inbound-rtp");
  const perFrame = (total: unknown) => ((Number(total) / Number(into["framesDecoded"])) * 1000).toFixed(1);
  const emitted = ((Number(into["jitterBufferDelay"]) / Number(into["jitterBufferEmittedCount"])) * 1000).toFixed(1);
  return (
    `${into["frameWidth"]}x${into["frameHeight"]}, ${into["framesDecoded"]} frames decoded, ${Math.round(Number(out["bytesSent"]) / 1000)} kB sent, ` +
    `${out["encoderImplementation"]}/${into["decoderImplementation"]}, jitter buffer ${emitted} ms, decoding ${perFrame(into["totalDecodeTime"])} ms, ` +
    `processing ${perFrame(into["totalProcessingDelay"])} ms`
  );
}

async function find(connection: RTCPeerConnection, type: string): Promise<Record<string, unknown>> {
  for (const report of (await connection.getStats()).values()) if (report.type === type) return report;
  return {};
}
