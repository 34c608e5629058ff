from django.db import models


class PageTag(models.Model):
    """How many times what a tag stands for has changed; pages made before the last change are stale."""

    tag = models.CharField(max_length=100, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.tag} {self.version}"
