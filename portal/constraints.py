"""Check constraints that every app needs, so that the database refuses what the code should."""

from django.db.models import CheckConstraint, Choices, Q


def one_of(field: str, choices: type[Choices], *, blank: bool = False) -> CheckConstraint:
    """Hold `field` to its choices: Django checks them in forms only."""
    values = [*choices.values, ""] if blank else choices.values
    return CheckConstraint(
        name=f"%(app_label)s_%(class)s_{field}_is_known",
        condition=Q(**{f"{field}__in": values}),
        violation_error_message=f"Choose one of the values offered for {field.replace('_', ' ')}.",
    )


def together(at: str, by: str) -> CheckConstraint:
    """Tie an instant to the person behind it: both are known, or neither."""
    return CheckConstraint(
        name=f"%(app_label)s_%(class)s_{at}_with_{by}",
        condition=Q(**{f"{at}__isnull": True, f"{by}__isnull": True})
        | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        violation_error_message="Say both when it happened and who did it.",
    )
