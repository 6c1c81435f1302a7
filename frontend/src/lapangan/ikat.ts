// Whose phone this is: by an invitation and the office, or by a spare card and the PPK's phone, until the office hears of it.
import { base64url, sha256, utf8 } from "./bita";
import type { Given, Parcel } from "./bingkai";
import { canonical } from "./kanonik";
import { ask, post } from "./kantor";
import type { Bind, Bound, Keys } from "./kawat";
import { hashOfCode, makeKeys, publicKeyOf, sealPin } from "./kunci";
import { takeEvents } from "./salinan";
import { keep, read, write } from "./simpanan";

/** Kept before the office hears of them, and used again after a lost answer: the office knows the phone by this key. */
async function ownKeys(): Promise<CryptoKeyPair> {
  const keys = (await read("keys")) ?? (await makeKeys());
  await keep("keys", keys);
  return keys;
}

/** Takes the identity of an invitation, or hears what became of a spare card. */
export async function bind(typed: string, pin: string): Promise<void> {
  const code = typed.trim().toUpperCase();
  const keys = await ownKeys();
  const { office_key } = (await (await ask("/lapangan/kunci/")).json()) as Keys;
  const sealed = pin === "" ? null : await sealPin(office_key, pin, "", await hashOfCode(code));
  const asked: Bind = { code, public_key: await publicKeyOf(keys), pin: sealed };
  const bound = await post<Bound>("/lapangan/ikat/", asked);
  const before = await read("identity");
  // What the PPK's phone said stands until the office has heard it too; this phone carries it there.
  const same = bound.person === "" && before?.card === bound.card;
  await write(async (writing) => {
    await writing.put("record", same ? { ...before, received_at: bound.received_at } : bound, "identity");
    await writing.put("record", code, "code");
    await writing.put("record", Date.now() - Date.parse(bound.received_at), "clock_error_ms");
  });
  await navigator.storage?.persist?.();
}

/** Takes the identity that the PPK's phone gives to a spare card, without a word from the office. */
export async function become(parcel: Parcel, code: string): Promise<void> {
  const key = await publicKeyOf(await ownKeys());
  const device = base64url(await sha256(utf8(canonical({ ...key }))));
  await takeEvents(parcel.events);
  if (code !== "") {
    await keep("code", code.trim().toUpperCase());
  }
  await keep("identity", { device, received_at: "", ...(await read("identity")), ...(parcel.bound as Given) });
}
