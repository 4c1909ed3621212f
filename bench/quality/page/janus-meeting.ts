import type { Sending } from "./contender.ts";
import { lobbyOfJanus, publishInJanus, ROOM, subscribe } from "./janus-client.ts";
import type { JanusHandle } from "./janus-session.ts";
import type { MeetingStack } from "./meeting-part.ts";

const LOOK_MS = 100;
/** Nobody's connection takes so long on one machine. */
const MAX_WAIT_MS = 10_000;

/** Takes part in Janus's room with a camera and a microphone. All that is received comes over one connection. */
export async function joinInJanus(address: string, sending: Sending): Promise<MeetingStack> {
  const { member, subscriber } = await lobbyOfJanus(address);
  const self = await publishInJanus(member, sending);
  const connection = new RTCPeerConnection();
  return {
    watch: async (others, addTile) => {
      const feeds = await publishersBeside(self, { member, others });
      const owners = await subscribe(subscriber, { connection, feeds });
      for (const feed of feeds) {
        const mine = connection.getTransceivers().filter(({ mid }) => owners.get(mid ?? "") === feed);
        addTile().srcObject = new MediaStream(mine.map(({ receiver }) => receiver.track));
      }
    },
    received: () => receivedBy(connection),
  };
}

/** Who else publishes, once so many do: Janus lists a publisher when its connection stands, some time after it has answered the offer. */
async function publishersBeside(
  self: number,
  { member, others }: { readonly member: JanusHandle; readonly others: number },
): Promise<readonly number[]> {
  const endMs = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const { plugindata } = await member.request({ request: "listparticipants", room: ROOM });
    const participants = plugindata?.data.participants ?? [];
    const feeds = participants.filter(({ id, publisher }) => publisher && id !== self).map(({ id }) => id);
    if (feeds.length === others) return feeds;
    if (performance.now() > endMs) throw new Error(`Of ${others} others, ${feeds.length} publish in Janus's room.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function receivedBy(connection: RTCPeerConnection): Promise<{ videoBytes: number; totalSamples: number }> {
  const reports: Record<string, unknown>[] = [...(await connection.getStats()).values()];
  const inbound = reports.filter(({ type }) => type === "inbound-rtp");
  const sum = (of: readonly Record<string, unknown>[], name: string) =>
    of.reduce((total, report) => total + Number(report[name] ?? 0), 0);
  const pictures = inbound.filter(({ kind }) => kind === "video");
  return {
    videoBytes: sum(pictures, "bytesReceived") - sum(pictures, "retransmittedBytesReceived"),
    totalSamples: sum(inbound, "totalSamplesReceived"),
  };
}
