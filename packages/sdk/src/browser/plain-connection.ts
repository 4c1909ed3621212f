import type { RoomConnection } from "@mqtt-meet/sdk";
import { toPlainError } from "./plain-error.ts";
import type { PlainConnection } from "./worker-messages.ts";

/** What can be posted of a connection's state. */
export function plainConnection(connection: RoomConnection): PlainConnection {
  switch (connection.status) {
    case "waiting":
      return { ...connection, error: toPlainError(connection.error) };
    case "closed":
      return { status: "closed", error: connection.error && toPlainError(connection.error) };
    default:
      return connection;
  }
}
