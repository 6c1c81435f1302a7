// Spare cards: the PPK's phone says whose one becomes, and the new phone hears it, with signal or without.
import type { Given, Parcel } from "./bingkai";
import { film, filmReader, type Film } from "./film";
import { become, bind } from "./ikat";
import { cardsNow, identityNow, mustBe, postName } from "./keadaan";
import type { Bound, KnownCard } from "./kawat";
import { parcelOf } from "./layar-serah";
import { KEPT, say } from "./peristiwa";
import { read } from "./simpanan";
import { button, h, heading, link, notice, p } from "./unsur";

const ACTIVATED = "identity.spare-activated";

/** On the PPK's phone. */
export async function spareScreen(main: HTMLElement): Promise<() => void> {
  const identity = await mustBe();
  const people = (await cardsNow()).filter((card) => standing(card) && card.person !== identity.person);
  const number = h("input", { id: "nomor", autocapitalize: "characters", autocomplete: "off", maxlength: 12 });
  const words = await Promise.all(people.map((card) => postName(standing(card))));
  const who = h("select", { id: "siapa" }, h("option", { value: -1 }, "Pilih orangnya"), people.map((card, place) => h("option", { value: place }, `${card.name}, ${words[place]}`)));
  const said = h("div", { "aria-live": "polite" });
  let shown: Film | undefined;
  const give = async (): Promise<void> => {
    const card = people[Number(who.value)];
    const spare = number.value.trim().toUpperCase();
    if (card === undefined || spare === "") {
      return said.replaceChildren(notice("ingat", "Isi nomor kartu cadangan dan pilih orangnya."));
    }
    const payload = { number: spare, person: card.person, post: standing(card) };
    const [event] = await say([{ kind: ACTIVATED, objects: [`kartu:${spare}`, `orang:${card.person}`], place: identity.area_code, payload }]);
    const parcel = await parcelOf("kartu", [event?.statement.id ?? ""], identity);
    shown?.stop();
    shown = await film({ ...parcel, bound: boundBy(identity, card, spare) }, "Kode aktivasi untuk dipindai HP pengganti");
    activate.hidden = true;
    said.replaceChildren(notice("baik", `Kartu ${spare} kini milik ${card.name}.`, "HP penggantinya memindai kode ini, atau menunggu sinyal."), shown.element);
  };
  const activate = button("Aktifkan", give, "utama");
  main.replaceChildren(
    heading("Kartu cadangan"),
    p("Untuk petugas yang HP-nya hilang, rusak, atau habis baterai. HP lamanya tidak berlaku lagi."),
    h("div", { class: "isian" }, h("label", { for: "nomor" }, "Nomor pada kartu cadangan"), number),
    h("div", { class: "isian" }, h("label", { for: "siapa" }, "Menjadi kartu milik"), who),
    activate,
    said,
    link("Kembali", "#/"),
  );
  return () => shown?.stop();
}

/** Where somebody stands; KPPS and drivers have no single post, only their role. */
function standing({ post, role = "" }: KnownCard): string {
  return post || (["KPPS", "PENGEMUDI"].includes(role) ? role : "");
}

/** What the new phone must know to work at once: all of it the office says again later. */
function boundBy(identity: Bound, known: KnownCard, card: string): Given {
  const { office, office_key, mode, valid_from, valid_to } = identity;
  const { person, name, post } = known;
  const [kind = "", area_code = identity.area_code] = standing(known).split(":");
  const role = kind.toUpperCase();
  return { office, office_key, mode, valid_from, valid_to, person, name, post, role, role_word: role, area_code, card };
}

/** On the phone that took a spare card: it is nobody's until it hears whose; `code` where the office has not heard of it yet. */
export async function waitingScreen(main: HTMLElement, done: () => void, code = ""): Promise<() => void> {
  const card = (await identityNow())?.card;
  const said = h("div", { "aria-live": "polite", class: "pilihan" });
  let eye: Film | undefined;
  const finish = (): void => {
    window.dispatchEvent(new Event(KEPT));
    done();
  };
  const ask = async (): Promise<void> => {
    await bind(code || ((await read("code")) ?? ""), "").catch(() => undefined);
    (await identityNow())?.person ? finish() : said.replaceChildren(notice("ingat", "Belum aktif, atau kantor belum terhubung."));
  };
  const take = (parcel: Parcel): void => {
    eye?.stop();
    const bound = parcel.bound;
    if (bound === undefined || (card ?? bound.card) !== bound.card) {
      return said.replaceChildren(notice("ingat", "Kode ini bukan untuk kartu ini."));
    }
    const yes = async (): Promise<void> => {
      await become(parcel, code);
      finish();
    };
    said.replaceChildren(notice("ingat", `Nomor pada kartu harus ${bound.card}.`, `HP ini menjadi milik ${bound.name}.`), button("Nomornya sama", yes, "utama"));
  };
  const scan = (): void => {
    eye?.stop();
    eye = filmReader(take, (trouble) => said.replaceChildren(notice("ingat", trouble)));
    said.replaceChildren(eye.element);
  };
  main.replaceChildren(
    heading(`Kartu cadangan ${card ?? ""}`),
    p("Kartu ini belum menjadi milik siapa pun. Minta PPK mengaktifkannya untuk Anda."),
    button("Pindai kode di HP PPK", scan, "utama"),
    button("Tanya kantor", ask),
    said,
  );
  return () => eye?.stop();
}
