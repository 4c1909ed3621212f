export * from "@mqtt-meet/sdk";
export { checkNetwork } from "./check-network.ts";
export { joinRoom, type NodeJoinOptions } from "./join-room.ts";
export { lookInside } from "./look-inside.ts";
export type { NodeRoom } from "./node-room.ts";
