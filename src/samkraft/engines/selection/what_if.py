"""What the limits cost the least likely person, at once, while somebody moves them."""

from __future__ import annotations

from .limits import limits_of
from .model import NoPanel, Price, Rules, TypeTable, WhatIf

_WORTH_NAMING = 1e-9


def what_if(table: TypeTable, rules: Rules) -> WhatIf:
    """The relaxed lottery's chances and the limits' prices, the dearest first.

    A quota's price is for a minimum one lower or a maximum one higher, a cap's for one person more from each value,
    a floor's for a mean that is one point lower. Prices are right for small moves; a limit that costs nothing is left
    out. Raises NoPanel when not even parts of people keep all limits.
    """
    # The solver takes a second to import, which most of what imports this package never needs.
    from .relaxation import relaxed_leximin

    limits = limits_of(table, rules)
    relaxed = relaxed_leximin(limits)
    if relaxed is None:
        raise NoPanel("The limits exclude each other.")
    prices: dict[tuple[str, str, str], float] = {}
    for row, low, high in zip(limits.rows, relaxed.lower_prices.tolist(), relaxed.upper_prices.tolist(), strict=True):
        if row.kind == "quota":
            prices[row.feature, row.value, "minimum"] = low
            prices[row.feature, row.value, "maximum"] = high
        elif row.kind == "cap":
            where = row.feature, "", "cap"
            prices[where] = prices.get(where, 0.0) + high
        else:
            prices[row.feature, "", "floor"] = low * limits.floor_scale * limits.seats
    named = [Price(*where, price) for where, price in prices.items() if price > _WORTH_NAMING]
    people = int(table.counts.sum())
    return WhatIf(
        least=relaxed.least,
        without_limits=min(rules.seats / people, 1.0),
        chances=relaxed.chances,
        prices=tuple(sorted(named, key=lambda price: (-price.price, price.feature, price.value, price.side))),
    )
