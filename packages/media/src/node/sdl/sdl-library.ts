/** A pointer of C. */
export type Pointer = object | bigint;

/** The functions of SDL 2 that we call, under their own names without the prefix. */
export interface SdlLibrary {
  SetHint(name: string, value: string): number;
  InitSubSystem(flags: number): number;
  QuitSubSystem(flags: number): void;
  GetError(): string;
  CreateWindow(title: string, x: number, y: number, width: number, height: number, flags: number): Pointer | null;
  DestroyWindow(window: Pointer): void;
  SetWindowTitle(window: Pointer, title: string): void;
  CreateRenderer(window: Pointer, index: number, flags: number): Pointer | null;
  DestroyRenderer(renderer: Pointer): void;
  GetRendererOutputSize(renderer: Pointer, width: Int32Array, height: Int32Array): number;
  CreateTexture(renderer: Pointer, format: number, access: number, width: number, height: number): Pointer | null;
  DestroyTexture(texture: Pointer): void;
  SetTextureBlendMode(texture: Pointer, mode: number): number;
  UpdateTexture(texture: Pointer, area: null, pixels: Uint8Array, pitch: number): number;
  UpdateYUVTexture(
    texture: Pointer,
    area: null,
    y: Uint8Array,
    strideY: number,
    u: Uint8Array,
    strideU: number,
    v: Uint8Array,
    strideV: number,
  ): number;
  SetYUVConversionMode(mode: number): void;
  SetRenderDrawColor(renderer: Pointer, red: number, green: number, blue: number, alpha: number): number;
  RenderClear(renderer: Pointer): number;
  RenderCopy(renderer: Pointer, texture: Pointer, source: null, target: Int32Array): number;
  RenderPresent(renderer: Pointer): void;
  PollEvent(event: Uint8Array): number;
  OpenAudioDevice(name: null, capture: number, wanted: Uint8Array, obtained: Uint8Array, changes: number): number;
  CloseAudioDevice(device: number): void;
  PauseAudioDevice(device: number, paused: number): void;
  QueueAudio(device: number, samples: Uint8Array, bytes: number): number;
  GetQueuedAudioSize(device: number): number;
}

/** The prototypes, as koffi reads them. */
const PROTOTYPES: Readonly<Record<keyof SdlLibrary, string>> = {
  SetHint: "int SDL_SetHint(const char *name, const char *value)",
  InitSubSystem: "int SDL_InitSubSystem(uint32_t flags)",
  QuitSubSystem: "void SDL_QuitSubSystem(uint32_t flags)",
  GetError: "const char *SDL_GetError()",
  CreateWindow: "void *SDL_CreateWindow(const char *title, int x, int y, int w, int h, uint32_t flags)",
  DestroyWindow: "void SDL_DestroyWindow(void *window)",
  SetWindowTitle: "void SDL_SetWindowTitle(void *window, const char *title)",
  CreateRenderer: "void *SDL_CreateRenderer(void *window, int index, uint32_t flags)",
  DestroyRenderer: "void SDL_DestroyRenderer(void *renderer)",
  GetRendererOutputSize: "int SDL_GetRendererOutputSize(void *renderer, _Out_ int *w, _Out_ int *h)",
  CreateTexture: "void *SDL_CreateTexture(void *renderer, uint32_t format, int access, int w, int h)",
  DestroyTexture: "void SDL_DestroyTexture(void *texture)",
  SetTextureBlendMode: "int SDL_SetTextureBlendMode(void *texture, int mode)",
  UpdateTexture: "int SDL_UpdateTexture(void *texture, void *rect, uint8_t *pixels, int pitch)",
  UpdateYUVTexture:
    "int SDL_UpdateYUVTexture(void *texture, void *rect, uint8_t *y, int ys, uint8_t *u, int us, uint8_t *v, int vs)",
  SetYUVConversionMode: "void SDL_SetYUVConversionMode(int mode)",
  SetRenderDrawColor: "int SDL_SetRenderDrawColor(void *renderer, uint8_t r, uint8_t g, uint8_t b, uint8_t a)",
  RenderClear: "int SDL_RenderClear(void *renderer)",
  RenderCopy: "int SDL_RenderCopy(void *renderer, void *texture, void *source, int *target)",
  RenderPresent: "void SDL_RenderPresent(void *renderer)",
  PollEvent: "int SDL_PollEvent(_Out_ uint8_t *event)",
  OpenAudioDevice:
    "uint32_t SDL_OpenAudioDevice(const char *name, int capture, uint8_t *wanted, _Out_ uint8_t *obtained, int changes)",
  CloseAudioDevice: "void SDL_CloseAudioDevice(uint32_t device)",
  PauseAudioDevice: "void SDL_PauseAudioDevice(uint32_t device, int paused)",
  QueueAudio: "int SDL_QueueAudio(uint32_t device, uint8_t *samples, uint32_t bytes)",
  GetQueuedAudioSize: "uint32_t SDL_GetQueuedAudioSize(uint32_t device)",
};

const FILE_NAMES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["libSDL2-2.0.so.0", "libSDL2.so"],
  darwin: ["libSDL2-2.0.0.dylib", "/opt/homebrew/lib/libSDL2.dylib", "/usr/local/lib/libSDL2.dylib"],
  win32: ["SDL2.dll"],
};

/** The system's SDL 2, or undefined where it, or the optional package koffi, is missing. */
export async function loadSdlLibrary(): Promise<SdlLibrary | undefined> {
  const koffi = await import("koffi").catch(() => undefined);
  if (!koffi) return undefined;
  for (const name of FILE_NAMES[process.platform] ?? []) {
    try {
      const library = koffi.load(name);
      const functions = Object.entries(PROTOTYPES).map(([key, prototype]) => [key, library.func(prototype)]);
      const sdl = Object.fromEntries(functions) as SdlLibrary;
      // Ctrl-C belongs to the program.
      sdl.SetHint("SDL_NO_SIGNAL_HANDLERS", "1");
      return sdl;
    } catch {
      // The next name.
    }
  }
  return undefined;
}
