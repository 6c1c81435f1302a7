"""Whole numbers with units, as people in Indonesia write them."""

BASIS_POINTS = 10_000


def grouped(number: int) -> str:
    """Return a whole number with dots between thousands, such as ``14.885``."""
    return f"{number:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """Return an amount as ``Rp1.250.000``; a negative one as ``-Rp1.250.000``."""
    return f"{'-' if amount < 0 else ''}Rp{grouped(abs(amount))}"


def decimal_comma(number: float, digits: int) -> str:
    """Return a number with a comma before its decimals, such as ``2.119,5``."""
    whole, _, rest = f"{number:,.{digits}f}".partition(".")
    return whole.replace(",", ".") + ("," + rest if rest else "")


def kilometres(distance_m: int) -> str:
    """Return a distance given in metres as kilometres with one decimal, such as ``12,3 km``."""
    return f"{decimal_comma(distance_m / 1000, 1)} km"


def clock(duration_s: int) -> str:
    """Return a duration given in seconds as ``2 j 05 m``."""
    minutes = duration_s // 60
    return f"{minutes // 60} j {minutes % 60:02d} m"


def ceil_div(numerator: int, denominator: int) -> int:
    """Return the quotient of two whole numbers, rounded up."""
    assert denominator > 0, denominator
    return -(-numerator // denominator)
