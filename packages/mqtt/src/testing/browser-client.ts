export { Connection, webSocketDial } from "../index.ts";
