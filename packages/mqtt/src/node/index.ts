export { credentialsOf, type DialUrlOptions, dialUrl } from "./dial-url.ts";
export { tcpStream } from "./tcp-stream.ts";
export { webSocketStream } from "./web-socket-stream.ts";
