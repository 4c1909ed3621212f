export * from "@mqtt-meet/sdk";
export type { BrowserLocalTrack, BrowserRoom } from "./browser-room.ts";
export { joinRoom } from "./join-room.ts";
