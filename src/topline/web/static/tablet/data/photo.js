/* Make a camera picture small enough to send over hotel Wi-Fi. Drawing it anew also leaves its location data behind. */

const EDGE = 1600;
const QUALITY = 0.85;
export const MAX_BYTES = 10 * 1024 * 1024;

/** A JPEG no larger than 1600 px on its long edge. Throws "unreadable" or "too_big". */
export async function shrink(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new Error("unreadable");
  }
  const scale = Math.min(1, EDGE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  if (!blob) throw new Error("unreadable");
  if (blob.size > MAX_BYTES) throw new Error("too_big");
  return blob;
}
