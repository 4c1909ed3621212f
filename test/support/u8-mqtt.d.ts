/** What the tests use of u8-mqtt, which brings no types. */
declare module "u8-mqtt" {
  export interface U8Client {
    with_tcp(url: string): this;
    with_websock(socket: unknown): this;
    log_conn: () => void;
    connect(options?: { readonly client_id?: string }): Promise<unknown>;
    disconnect(): Promise<unknown>;
    subscribe_topic(route: string, listener: (packet: { utf8(): string; retain: boolean }) => void): Promise<unknown>;
    /** QoS 1. */
    send(topic: string, payload: string): Promise<unknown>;
    /** QoS 1, retained. */
    store(topic: string, payload: string): Promise<unknown>;
  }
  export function mqtt_v4(): U8Client;
  export function mqtt_v5(): U8Client;
}
