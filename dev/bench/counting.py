"""How many statements something sends to the database."""

from collections.abc import Callable


class Queries:
    """Counts statements, but those that only open, mark or close a transaction."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(
        self,
        execute: Callable[..., object],
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001 (Django's wrappers are called so)
        context: dict[str, object],
    ) -> object:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.count += 1
        return execute(sql, params, many, context)
