/**
 * Worklets are loaded by way of `fetch` from now on: the bench answers what a page asks for itself, whoever listens at its address, and
 * what the audio thread loads does not pass by it.
 */
export function fetchWorklets(): void {
  const { addModule } = AudioWorklet.prototype;
  AudioWorklet.prototype.addModule = async function (this: AudioWorklet, address, options) {
    const code = await (await fetch(address)).blob();
    await addModule.call(this, URL.createObjectURL(code), options);
  };
}
