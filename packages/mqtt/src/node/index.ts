export { credentialsOf, type DialUrlOptions, dialUrl, dialUrls } from "./dial-url.ts";
export { tcpStream } from "./tcp-stream.ts";
export { webSocketStream } from "./web-socket-stream.ts";
