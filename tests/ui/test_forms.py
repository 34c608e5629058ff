"""The shared templates of forms: files are sent along, and each control is described for those who listen."""

from types import SimpleNamespace

from django import forms
from django.template.loader import render_to_string

from samkraft.ui.rich_text import RichTextField


class PlainForm(forms.Form):
    name = forms.CharField()


class UploadForm(PlainForm):
    picture = forms.FileField(widget=forms.FileInput, help_text="At most 20 MB.", required=False)


class WritingForm(forms.Form):
    text = RichTextField(label="Text", help_text="What has happened?")


class AskingForm(forms.Form):
    when = forms.CharField(label="When is it?")


def page(form):
    return render_to_string("people/form_page.html", {"form": form})


def test_form_with_a_file_is_sent_in_parts():
    assert '<form class="form" method="post" enctype="multipart/form-data" novalidate>' in page(UploadForm())
    assert '<form class="form" method="post" novalidate>' in page(PlainForm())


def test_file_field_names_what_is_there_now(in_english):
    html = page(UploadForm(initial={"picture": SimpleNamespace(name="summer & sea.jpg")}))
    assert '<p class="field-current">Now: summer &amp; sea.jpg</p>' in html
    assert 'type="file" name="picture"' in html and 'value="summer' not in html
    assert "Now:" not in page(UploadForm())


def test_fault_follows_a_question_without_a_colon(in_english):
    assert '<a class="ds-link" href="#id_when">When is it? This field is required.</a>' in page(AskingForm({}))


def test_editor_field_has_its_label_help_and_fault(in_english):
    html = page(WritingForm({"text": " "}))
    assert '<label class="ds-label" for="id_text">Text\n</label>' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<a class="ds-link" href="#id_text">Text: This field is required.</a>' in html
    assert (
        html.count('type="module" src="/static/ui/js/rich-text.js"')
        + html.count('src="/static/ui/js/rich-text.js" type="module"')
        == 1
    )
