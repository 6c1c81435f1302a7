// The bundled QR decoder, away from the screen's thread: only for browsers without one of their own.
import decodeQR from "qr/decode.js";

interface Question {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

addEventListener("message", (asked: MessageEvent<Question>) => {
  const begun = performance.now();
  let found = "";
  try {
    found = decodeQR(asked.data);
  } catch {
    // No code in this picture.
  }
  postMessage({ found, took_ms: performance.now() - begun });
});
