export * from "@mqtt-meet/sdk";
export { checkNetwork } from "./check-network.ts";
export { joinRoom } from "./join-room.ts";
export { lookInside } from "./look-inside.ts";
export type { NodeRoom } from "./node-room.ts";
