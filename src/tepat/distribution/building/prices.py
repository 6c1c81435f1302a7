"""The price list: one editable file, each line with payer, account, source; the same for every strategy."""

import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from tepat.common.errors import Refused
from tepat.common.unread import why_unread
from tepat.distribution.problems import Basis, Place, Price

PRICES_MAX = 500
RUPIAH_MAX = 1_000_000_000_000


class AccountSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who pays from which account, by kind of election."""

    payer: str
    pemilu: str
    pilkada: str


class PriceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the price list.

    Args:
        id: Its stable name.
        label: As shown in bills.
        basis: What it multiplies; docs/formats.md.
        unit: The word for one of that.
        rupiah: For one; for `per` one, for one square metre or guard.
        per: ``m2`` or ``penjaga``: times the floor or the guards of the one warehouse in `applies_to`.
        applies_to: What it is limited to.
        account: Which of the accounts.
        contoh: Nobody published it.
        source: Where it comes from.
    """

    id: Annotated[str, msgspec.Meta(min_length=1)]
    label: str
    basis: Basis
    unit: str
    rupiah: Annotated[int, msgspec.Meta(ge=0, le=RUPIAH_MAX)]
    per: Literal["m2", "penjaga"] | None = None
    applies_to: tuple[str, ...] = ()
    account: str
    contoh: bool = True
    source: str


class PriceList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole price list."""

    accounts: dict[str, AccountSettings]
    prices: Annotated[tuple[PriceSettings, ...], msgspec.Meta(max_length=PRICES_MAX)]


def read_price_list(path: Path | None = None) -> PriceList:
    """Return the office's price list, or the examples that come with Tepat.

    Args:
        path: A TOML file like `prices.toml`; None = the examples.

    Raises:
        Refused: BUILD-PRICES-UNREADABLE, naming what is wrong.
    """
    file = path or resources.files(__package__) / "prices.toml"
    name = str(getattr(file, "name", file))
    try:
        prices = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), PriceList)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Refused("BUILD-PRICES-UNREADABLE", file=name, reason=why_unread(error)) from error
    trouble = next(iter(_troubles(prices)), None)
    if trouble:
        raise Refused("BUILD-PRICES-UNREADABLE", file=name, reason=trouble)
    return prices


def _troubles(prices: PriceList) -> list[str]:
    ids = [price.id for price in prices.prices]
    found = [f"harga {name} ada dua kali" for name in sorted({n for n in ids if ids.count(n) > 1})]
    for price in prices.prices:
        if price.account not in prices.accounts:
            found.append(f"harga {price.id}: akun {price.account} tidak ada")
        if price.per and (price.basis != "warehouse" or len(price.applies_to) != 1):
            found.append(f"harga {price.id}: per = {price.per} hanya untuk satu gudang")
    return found


def with_lines_for(prices: PriceList, warehouses: int) -> PriceList:
    """Return the list with lines for further warehouses, copied from those of the first as examples.

    Args:
        prices: The list.
        warehouses: How many warehouses need lines, ``GUDANG-1`` and on.
    """
    first, known = "GUDANG-1", {name for price in prices.prices for name in price.applies_to}
    pattern = [price for price in prices.prices if price.applies_to == (first,)]
    more = tuple(
        msgspec.structs.replace(
            price,
            id=price.id.replace("-1-", f"-{number}-"),
            label=price.label.replace("gudang 1", f"gudang {number}"),
            applies_to=(f"GUDANG-{number}",),
            contoh=True,
            source="contoh; seperti gudang 1",
        )
        for number in range(1, warehouses + 1)
        if f"GUDANG-{number}" not in known
        for price in pattern
    )
    return msgspec.structs.replace(prices, prices=(*prices.prices, *more))


def prices_for(
    prices: PriceList, *, office: str, kind: str, warehouses: Sequence[Place]
) -> tuple[Price, ...]:
    """Return the lines of a problem: accounts by kind of election, warehouse lines multiplied out.

    Args:
        prices: The list.
        office: The office's name.
        kind: ``pemilu`` or ``pilkada``.
        warehouses: The candidates; lines of others are left out.
    """
    known = {place.id: place for place in warehouses}
    found = []
    for price in prices.prices:
        if price.basis == "warehouse" and price.applies_to and not known.keys() & set(price.applies_to):
            continue
        account = prices.accounts[price.account]
        found.append(
            Price(
                id=price.id,
                label=price.label,
                basis=price.basis,
                unit=price.unit,
                rupiah=price.rupiah * (_size(price, known) if price.per else 1),
                applies_to=price.applies_to,
                payer=account.payer.replace("{KANTOR}", office),
                account=account.pilkada if kind == "pilkada" else account.pemilu,
                contoh=price.contoh,
                source=price.source,
            ),
        )
    return tuple(found)


def _size(price: PriceSettings, warehouses: dict[str, Place]) -> int:
    facts = warehouses[price.applies_to[0]].warehouse
    assert facts is not None, price.id
    return (facts.usable_m2 if price.per == "m2" else facts.guards) or 0
