import type { Picture } from "@mqtt-meet/media";
import type { Catalog, PeerId, Request, RoomMessage, State } from "@mqtt-meet/protocol";
import type { ControlChannel, ControlHandlers } from "./control-channel.ts";
import type { Directory } from "./directory.ts";
import type { RoomEncryption } from "./e2ee/room-encryption.ts";
import type { Presence } from "./presence.ts";
import type { RoomChat } from "./room-chat.ts";
import type { RoomHost } from "./room-host.ts";
import type { RoomMedia } from "./room-media.ts";
import type { RoomSigns } from "./room-signs.ts";

/** Whom a {@link RoomListener} tells. */
export interface RoomListenerOptions<P extends Picture> {
  readonly own: PeerId;
  readonly control: ControlChannel;
  readonly directory: Directory;
  readonly chat: RoomChat;
  readonly signs: RoomSigns;
  readonly host: RoomHost;
  readonly media: RoomMedia<P>;
  readonly presence: Presence;
  /** Undefined in an open room. */
  readonly encryption: RoomEncryption | undefined;
  readonly connected: () => boolean;
  readonly nowMs: () => number;
}

/** What the others say, and what it changes in the room. */
export class RoomListener<P extends Picture> implements ControlHandlers {
  readonly #options: RoomListenerOptions<P>;

  constructor(options: RoomListenerOptions<P>) {
    this.#options = options;
  }

  onState(peer: PeerId, state: State): void {
    const { own, presence, encryption, directory, chat, host, control, nowMs } = this.#options;
    if (peer === own) {
      presence.heard(state);
      return;
    }
    if (encryption?.admit(peer, state) === false) return;
    directory.applyState(peer, state, nowMs());
    if (encryption !== undefined) {
      this.updateKeys();
      control.retry();
    }
    if (state.chat !== undefined && state.status === "here") chat.sent(peer, state.chat);
    if (state.host !== undefined && state.status === "here") void host.hear(peer, state.host);
  }

  onStateCleared(peer: PeerId): void {
    this.#options.directory.clearState(peer);
  }

  onCatalog(peer: PeerId, catalog: Catalog): void {
    this.#options.directory.applyCatalog(peer, catalog);
  }

  onMessage(from: PeerId, message: RoomMessage): void {
    const { directory, chat, signs, host, media, encryption, nowMs } = this.#options;
    if (message.type === "bye") {
      directory.leave(from);
      return;
    }
    directory.heard(from, nowMs());
    if (message.type === "chat") chat.receive(from, message);
    else if (message.type === "reaction") signs.receive(from, message);
    else if (message.type === "caption") signs.captions.receive(from, message);
    else if (message.type === "voice") media.hear(from, message.level);
    else if (message.type === "host") void host.receive(from, message);
    else if (message.type === "hello") this.#greeted(from, message);
    else void encryption?.exchange.receive(from, message);
  }

  onRequest(from: PeerId, request: Request): void {
    const { directory, chat, media, encryption, nowMs } = this.#options;
    directory.heard(from, nowMs());
    if (request.type === "chat-missing") chat.answer(from, request);
    else if (request.type === "chat-again") chat.receiveAgain(from, request);
    else if (request.type === "file-get" || request.type === "file-part" || request.type === "file-gone") {
      chat.files.handle(from, request);
    } else if (request.type === "epoch-ack") encryption?.exchange.acknowledged(from, request.epoch);
    else media.handle(from, request);
  }

  /** `peer` is gone. */
  departed(peer: PeerId, reason: "left" | "lost"): void {
    this.#options.chat.end(peer, reason);
    this.#options.media.drop(peer);
    this.#options.host.departed(peer);
    this.updateKeys();
  }

  /** Somebody came or went, or time has passed. Without a connection nothing is decided: who seems gone may be there. */
  updateKeys(): void {
    const { encryption, directory, connected } = this.#options;
    if (connected()) encryption?.update(directory.entries());
  }

  /** We send with another epoch. `first`: until now we could say nothing but who we are. */
  rekeyed({ first }: { readonly first: boolean }): void {
    const { media, chat, presence } = this.#options;
    media.rekeyed();
    if (!first) return;
    media.sayWants();
    chat.restart();
    presence.sayState();
  }

  #greeted(from: PeerId, { lastSeen }: Extract<RoomMessage, { type: "hello" }>): void {
    const { own, presence, chat, media, directory } = this.#options;
    media.greeted();
    presence.answer(directory.participants.peek().length);
    const seen = lastSeen[own] ?? 0;
    if (seen < chat.last) chat.answer(from, { from: seen + 1 });
  }
}
