import type { Sending } from "./contender.ts";
import { lobbyOfJanus, publishInJanus, ROOM, subscribe } from "./janus-client.ts";
import type { MeetingStack } from "./meeting-part.ts";

/** Takes part in Janus's room with a camera and a microphone. All that is received comes over one connection. */
export async function joinInJanus(address: string, sending: Sending): Promise<MeetingStack> {
  const { member, subscriber } = await lobbyOfJanus(address);
  const self = await publishInJanus(member, sending);
  const connection = new RTCPeerConnection();
  return {
    watch: async (others, addTile) => {
      const { plugindata } = await member.request({ request: "listparticipants", room: ROOM });
      const feeds = (plugindata?.data.participants ?? [])
        .filter(({ id, publisher }) => publisher && id !== self)
        .map(({ id }) => id);
      if (feeds.length !== others) throw new Error(`Of ${others} others, ${feeds.length} publish in Janus's room.`);
      const owners = await subscribe(subscriber, { connection, feeds });
      for (const feed of feeds) {
        const mine = connection.getTransceivers().filter(({ mid }) => owners.get(mid ?? "") === feed);
        addTile().srcObject = new MediaStream(mine.map(({ receiver }) => receiver.track));
      }
    },
    received: () => receivedBy(connection),
  };
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
