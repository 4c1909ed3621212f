import { deriveRoom, newPeer, roomPassword, TopicScheme, topicLevel } from "@mqtt-meet/protocol";
import { expect, test, vi } from "vitest";
import { type GuestOptions, newTokenKey, SERVER_WAYS, tokenRig } from "../testing/token-rig.ts";
import { signToken } from "./room-token.ts";
import { invitationPayload, tokenPayload } from "./token-payload.ts";

const R = topicLevel("standup");
const topics = new TopicScheme(R);
const NEVER = new AbortController().signal;
const { key, rights, invite, asGuest, connect, start } = tokenRig(R);

test.each(SERVER_WAYS)(
  "an invitation lets in whoever has it, as itself and as far as it says (%s, K11)",
  async (way) => {
    const server = await start(way);
    const [ada, bob] = await Promise.all([newPeer(), newPeer()]);
    const viewer = connect(server, asGuest(ada, invite({ publish: ["c"] })));
    const heard: string[] = [];
    await viewer.subscribe(topics.allMessages, ({ topic }) => heard.push(topic), { qos: 1, signal: NEVER });
    const member = connect(server, asGuest(bob, invite()));
    await member.publish(topics.all(bob.peer), new Uint8Array(2), { qos: 1 });
    await vi.waitFor(() => expect(heard).toEqual([topics.all(bob.peer)]), { timeout: 10_000 });
    viewer.send(topics.audio(ada.peer, topicLevel("mic")), new Uint8Array(20));
    await vi.waitFor(() => expect(viewer.state.status).toBe("closed"), { timeout: 10_000 });
    const wrong = [
      { ...asGuest(ada, invite()), clientId: bob.peer },
      { ...asGuest(ada, invite()), username: "other" },
      { ...asGuest(ada, invite()), password: `${invite()}.` },
      { ...asGuest(ada, invite()), password: invite() },
      asGuest(ada, invite({ expiresAtS: Math.floor(Date.now() / 1000) - 1 })),
      asGuest(ada, signToken(invitationPayload(rights()), newTokenKey())),
    ];
    for (const options of wrong) {
      await expect(connect(server, options).connected()).rejects.toMatchObject({ code: "bad-credentials" });
    }
  },
);

test.each(SERVER_WAYS)("only a host removes, and nobody is removed by another room's host (%s, A16)", async (way) => {
  const server = await start(way);
  const [host, member, victim] = await Promise.all([newPeer(), newPeer(), newPeer()]);
  const stays = connect(server, asGuest(victim, invite()));
  await stays.connected();
  const other = topicLevel("elsewhere");
  const wrong = [
    { who: connect(server, asGuest(member, invite())), topic: topics.removal(victim.peer, member.peer) },
    {
      who: connect(server, { ...asGuest(host, invite({ admin: true, room: other })), username: other }),
      topic: topics.removal(victim.peer, host.peer),
    },
  ];
  for (const { who, topic } of wrong) {
    await expect(who.publish(topic, new Uint8Array(0), { qos: 1 })).rejects.toThrow();
    expect(who.state).toMatchObject({ status: "closed", error: { reasonCode: 0x87 } });
  }
  await stays.publish(topics.all(victim.peer), new Uint8Array(2), { qos: 1 });
  expect(stays.state.status).toBe("connected");
});

test.each(SERVER_WAYS)("who was removed stays out, whatever it tries; the others stay (%s, A16)", async (way) => {
  const server = await start(way);
  const [host, victim, again, innocent] = await Promise.all([newPeer(), newPeer(), newPeer(), newPeer()]);
  const invitation = invite();
  const chair = connect(server, asGuest(host, invite({ admin: true })));
  const others = [connect(server, asGuest(innocent, invite())), chair];
  const hers = [
    connect(server, { ...asGuest(victim, invitation), sessionExpiryS: 60, reconnect: true }),
    connect(server, { ...asGuest(victim, invitation), clientId: `${victim.peer}.B`, reconnect: true }),
  ];
  await Promise.all([...others, ...hers].map((connection) => connection.connected()));
  await chair.publish(topics.removal(victim.peer, host.peer), new Uint8Array(0), { qos: 1 });
  for (const connection of hers) {
    await vi.waitFor(() => expect(connection.state.status).toBe("closed"), { timeout: 10_000 });
    expect(connection.state).toMatchObject({ error: { code: "not-authorized", reasonCode: 0x98 } });
  }
  const [{ room: linkRoom, authToken }, fresh] = await Promise.all([deriveRoom(new Uint8Array(32)), newPeer()]);
  const forged = (head: object) => {
    const [, payload = "", signature = ""] = invitation.split(".");
    return `${Buffer.from(JSON.stringify(head)).toString("base64url")}.${payload}.${signature}`;
  };
  const own = asGuest(victim, invitation);
  const ten: Record<string, GuestOptions> = {
    "as before": own,
    "over MQTT 3.1.1": { ...own, level: 4 },
    "with the session that it had": { ...own, cleanStart: false, sessionExpiryS: 60 },
    "with a further connection": { ...own, clientId: `${victim.peer}.C` },
    "as somebody new with the same invitation": asGuest(again, invitation),
    "as somebody who is there": { ...asGuest(victim, invitation), clientId: innocent.peer },
    "with an invitation that nobody signed": asGuest(victim, forged({ alg: "none" })),
    "with an invitation of its own making": asGuest(again, signToken(invitationPayload(rights()), newTokenKey())),
    "with the invitation as a token": { clientId: victim.peer, username: victim.peer, password: invitation },
    "as the server itself": { ...own, username: "mqtt-meet-server" },
    "with the proof of another room": {
      ...{ clientId: fresh.peer, username: R, password: roomPassword(authToken, fresh.peerSecret) },
    },
    ...(server.mqttPort ? { "over TCP": { ...own, url: `mqtt://127.0.0.1:${server.mqttPort}` } } : {}),
  };
  for (const [how, options] of Object.entries(ten)) {
    const code = expect.stringMatching(/^(?:bad-credentials|not-authorized)$/);
    await expect(connect(server, options).connected(), how).rejects.toMatchObject({ code });
  }
  // Into the room that a link opens, it comes, and from there into no other.
  const outside = connect(server, {
    ...{ clientId: fresh.peer, username: linkRoom, password: roomPassword(authToken, fresh.peerSecret) },
  });
  await expect(outside.subscribe(topics.allStates, () => undefined, { qos: 0, signal: NEVER })).rejects.toMatchObject({
    reasonCode: 0x87,
  });
  for (const connection of others) expect(connection.state.status).toBe("connected");
});

test("who was removed stays out with every token of the same peer, too (A16)", async () => {
  const server = await start("embedded");
  const [host, P] = [await newPeer(), topicLevel("meeemeeemeeemeeemeee22")];
  const token = (ttlS: number) =>
    signToken(tokenPayload({ ...rights({ expiresAtS: Math.floor(Date.now() / 1000) + ttlS }), peer: P }), key);
  const [chair, camera] = [
    connect(server, asGuest(host, invite({ admin: true }))),
    connect(server, { clientId: P, username: P, password: token(60) }),
  ];
  await camera.connected();
  await chair.publish(topics.removal(P, host.peer), new Uint8Array(0), { qos: 1 });
  await vi.waitFor(() => expect(camera.state.status).toBe("closed"), { timeout: 10_000 });
  const again = connect(server, { clientId: P, username: P, password: token(900) });
  await expect(again.connected()).rejects.toMatchObject({ code: "bad-credentials" });
});
