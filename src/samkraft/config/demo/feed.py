"""What the demo network's actors, its municipality and its county tell in the feeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from samkraft.feeds.models import PostKind
from samkraft.feeds.operations import pictures, posts
from samkraft.feeds.queries.posts import Author
from samkraft.networks.models import Actor, Network
from samkraft.people.models import User
from samkraft.places.models import Area

from .cast import Cast

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Told:
    """One post: how many days ago, by whom, and what it says."""

    days_ago: float
    author: Any
    by: User
    title: str
    text: str
    place: Area | None = None
    kind: str = PostKind.NEWS
    in_county: bool = False
    link: str = ""
    in_days: int = 0


def load(*, network: Network, county: Area, actors: Mapping[str, Actor], cast: Cast, now: datetime) -> None:
    places = {name: Area.objects.get(country="SE", slug=name) for name in ("mariestad", "toreboda", "gullspang")}
    for told in _posts(network, county, actors, places, cast):
        _publish(told, network, now - timedelta(days=told.days_ago))


def _posts(
    network: Network, county: Area, actors: Mapping[str, Actor], places: Mapping[str, Area], cast: Cast
) -> list[Told]:
    workshop, bakery = actors["Demo Cykelverkstaden"], actors["Demo Bageriet"]
    school, farm = actors["Demo Skolan"], actors["Demo Gården"]
    mariestad = places["mariestad"]
    return [
        Told(
            40, network, cast.convener, "Sju aktörer bestämde: vi annonserar tillsammans",
            "<p>På paraplymötet kom vi överens om ett uppslag i tidningen i mars. Var och en bidrar med ett eget "
            "exempel på vad som har gått att ändra.</p>",
            in_county=True,
        ),
        Told(
            24, school, cast.contact, "Matsvinnet ned med en tredjedel på ett läsår",
            "<p>Årskurs fyra väger det som slängs varje dag och skriver siffran på tavlan. Det räckte för att "
            "portionerna skulle bli lagom.</p>",
            places["toreboda"],
        ),
        Told(
            17, farm, cast.editor, "Traktorerna går på egen gas",
            "<p>Sedan i våras kör vi två av tre traktorer på biogas från gödseln. Titta gärna in, så visar vi "
            "hur anläggningen fungerar.</p>",
            places["gullspang"], in_county=True,
        ),
        Told(
            11, mariestad, cast.officer, "Fråga vår energirådgivare, det kostar inget",
            "<p>Vår energirådgivare svarar på frågor om solceller, värmepumpar och tilläggsisolering. "
            "Boka tid, eller kom förbi biblioteket på torsdagar.</p>",
            mariestad,
        ),
        Told(
            8, workshop, cast.convener, "Så väljer du rätt lastcykel", "<p>En bra genomgång för den som funderar.</p>",
            mariestad, PostKind.SHARE, link="https://example.org/lastcyklar",
        ),
        Told(
            5, county, cast.coordinator, "Länets nätverk träffas i vår",
            "<p>Alla sammankallande i länet bjuds in till en gemensam dag. Mer om tid och plats kommer.</p>",
            in_county=True,
        ),
        Told(
            3, bakery, cast.editor, "Nu bakar vi på el från det egna taket",
            "<p>I måndags kopplades de sista panelerna in. En solig dag räcker elen till båda ugnarna, och "
            "resten säljer vi. Vi har räknat på det: anläggningen är betald på åtta år.</p>"
            "<p>Vill du se hur det gick till? Kom in och fråga, så följer vi med upp på taket.</p>",
            mariestad, in_county=True,
        ),
        Told(
            1, workshop, cast.convener, "Lagakväll: ta med cykeln",
            "<p>Vi hjälps åt att laga, och den som vill lära sig får. Verktyg och fika finns.</p>",
            mariestad, PostKind.EVENT, in_days=12,
        ),
    ]  # fmt: skip


def _publish(told: Told, network: Network, at: datetime) -> None:
    author = Author(told.author)
    begins = datetime.combine((at + timedelta(days=told.in_days)).astimezone(STOCKHOLM).date(), time(18, 0), STOCKHOLM)
    is_event = told.kind == PostKind.EVENT
    content = posts.Content(
        language="sv",
        title=told.title,
        text=told.text,
        municipality=told.place,
        network=network if isinstance(told.author, Actor) else None,
        in_county_feed=told.in_county,
        link_url=told.link,
        link_title=told.title if told.link else "",
        link_site="example.org" if told.link else "",
        event_starts_at=begins if is_event else None,
        event_ends_at=begins + timedelta(hours=3) if is_event else None,
        event_place="Demo Cykelverkstaden, Mariestad" if is_event else "",
    )
    post = posts.create_draft(author=author, kind=told.kind, content=content, by=told.by, now=at)
    if "taket" in told.title:
        pictures.add_picture(
            post=post, upload=SimpleUploadedFile("tak.png", _roof(), "image/png"),
            alt="Teckning av ett tegelrött tak med tolv solpaneler under en gul sol", photographer="Demo Bageriet",
            has_permission=True, by=told.by, now=at,
        )  # fmt: skip
        post.refresh_from_db()
    posts.publish_post(post=post, version=post.version, by=told.by, now=at)


def _roof() -> bytes:
    """A drawing for the demo: a roof with solar panels."""
    picture = Image.new("RGB", (1600, 900), "#cfe6f2")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1240, 90, 1420, 270), fill="#f5c542")
    draw.rectangle((0, 720, 1600, 900), fill="#7fa86b")
    draw.rectangle((330, 500, 1270, 780), fill="#f0e4d2")
    draw.polygon([(230, 520), (420, 240), (1180, 240), (1370, 520)], fill="#b5533c")
    for row in range(2):
        for column in range(6):
            left, top = 465 + column * 115 - row * 18, 275 + row * 115
            draw.rectangle((left, top, left + 96, top + 92), fill="#1f3a5f", outline="#e8eef5", width=4)
            draw.line((left, top + 46, left + 96, top + 46), fill="#5b7ba6", width=3)
    for window in range(4):
        left = 420 + window * 205
        draw.rectangle((left, 580, left + 110, 680), fill="#9cc4d9", outline="#ffffff", width=6)
    held = BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()
