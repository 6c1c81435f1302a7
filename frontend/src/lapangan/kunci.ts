// The device's key, which cannot leave it, and what only the office can read.
import { base64url, hex, sha256, utf8 } from "./bita";
import { canonical } from "./kanonik";
import type { PublicKey, SealedPin } from "./kawat";

const EC = { name: "ECDSA", namedCurve: "P-256" };
const DH = { name: "ECDH", namedCurve: "P-256" };
const PIN_INFO = "tepat pin 1";

export function makeKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(EC, false, ["sign", "verify"]);
}

async function publicPart(key: CryptoKey): Promise<PublicKey> {
  const { x = "", y = "" } = await crypto.subtle.exportKey("jwk", key);
  return { kty: "EC", crv: "P-256", x, y };
}

export function publicKeyOf(keys: CryptoKeyPair): Promise<PublicKey> {
  return publicPart(keys.publicKey);
}

/** Raw r‖s over the text, base64url. */
export async function sign(keys: CryptoKeyPair, words: string): Promise<string> {
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.privateKey, utf8(words));
  return base64url(new Uint8Array(signed));
}

export async function sealPin(office: PublicKey, pin: string, card: string, about: string): Promise<SealedPin> {
  const theirs = await crypto.subtle.importKey("jwk", { ...office, ext: true }, DH, false, []);
  const once = await crypto.subtle.generateKey(DH, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: utf8(PIN_INFO) };
  const key = await crypto.subtle.deriveKey(hkdf, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: utf8(about) };
  const box = await crypto.subtle.encrypt(how, key, utf8(canonical({ card, pin })));
  return { key: await publicPart(once.publicKey), iv: base64url(iv), box: base64url(new Uint8Array(box)) };
}

export async function hashOfCode(code: string): Promise<string> {
  return hex(await sha256(utf8(code)));
}

export function newSalt(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

