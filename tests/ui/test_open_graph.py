"""What a shared link shows elsewhere."""

from django.template import Context, Template
from django.utils.translation import override


def rendered(**context):
    with override("sv"):
        return Template('{% include "ui/_open_graph.html" %}').render(Context(context))


def test_shared_link_shows_title_text_and_picture(settings):
    settings.SITE_URL = "https://samkraft.example"
    html = rendered(title='A "bike" day', description="Come\n along <b>", url="/sv/posts/1/", image="/files/a/960")
    for name, content in {
        "og:site_name": "Samkraft",
        "og:type": "website",
        "og:title": "A &quot;bike&quot; day",
        "og:description": "Come along &lt;b&gt;",
        "og:url": "https://samkraft.example/sv/posts/1/",
        "og:locale": "sv_SE",
        "og:image": "https://samkraft.example/files/a/960",
    }.items():
        assert f'<meta property="{name}" content="{content}">' in html
    assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_link_without_picture_and_with_a_whole_address(settings):
    settings.SITE_URL = "https://samkraft.example"
    html = rendered(title="A", description="x " * 400, url="https://other.example/1", type="article")
    assert "og:image" not in html
    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="og:url" content="https://other.example/1">' in html
    assert '<meta name="twitter:card" content="summary">' in html
    assert f'content="{"x " * 149}x …"' in html or f'content="{("x " * 150).strip()} …"' in html
