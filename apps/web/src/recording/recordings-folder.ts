/** In the browser's storage for this site: unfinished and unsaved recordings. */
const FOLDER = "recordings";

/** Rejects where the browser has no such storage, or, unless it is to be made, there is no such folder. */
export async function recordingsFolder({ create }: { readonly create: boolean }): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return await root.getDirectoryHandle(FOLDER, { create });
}
