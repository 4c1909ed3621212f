export type { BrokerChoice } from "./broker-choice.ts";
export { createMeetingServer, type MeetingServer, type MeetingServerOptions } from "./create-meeting-server.ts";
export type { RoomEvent } from "./room-roster.ts";
export { ServerError } from "./server-error.ts";
